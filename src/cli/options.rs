//! Arguments that several commands share.

use clap::Args;
use clap::builder::{PossibleValuesParser, TypedValueParser};

use crate::domain::{Channel, InvalidName, Lang, Role, StaffId, TeamId};
use crate::ingest::{ColumnMap, Format, ReadOptions, SpeakerMap};
use crate::score::{self, EmotionModel, EngineKind, ModelError};
use crate::settings::{Flags, engines};

/// How files are read.
#[derive(Debug, Clone, Args)]
pub(super) struct Reading {
    /// How the files are written
    #[arg(long, value_enum, default_value_t = Format::Auto, hide_possible_values = false)]
    format: Format,
    /// Source of contacts that name none, as in plain text
    #[arg(long, value_name = "NAME", default_value = "file")]
    source: String,
    /// Channel of contacts that name none [default: hotline; chat in formats of chats]
    #[arg(long, value_name = "CHANNEL", value_parser = channels())]
    channel: Option<Channel>,
    /// Who is meant by which label, where a file does not say it: agent, customer or system; `*` is
    /// every turn without a label
    #[arg(long, value_name = "LABEL=WHO", value_parser = speakers)]
    speakers: Vec<SpeakerMap>,
    /// Which column of a table, or which path in JSON, holds which field; without a field the column is
    /// left out
    #[arg(long, value_name = "COLUMN=FIELD", value_parser = column)]
    map: Vec<ColumnMap>,
    /// Drop unknown fields of `tingxin.contact.v1` instead of refusing the contact
    #[arg(long)]
    ignore_unknown: bool,
    /// Say on standard error how each file was understood
    #[arg(long)]
    explain: bool,
}

impl Reading {
    pub(super) fn options(&self) -> ReadOptions {
        ReadOptions {
            format: self.format,
            source: self.source.clone(),
            channel: self.channel,
            speakers: self.speakers.iter().cloned().collect(),
            columns: self.map.iter().cloned().collect(),
            ignore_unknown: self.ignore_unknown,
            explain: self.explain,
        }
    }
}

fn speakers(answers: &str) -> Result<SpeakerMap, String> {
    let mut map = SpeakerMap::default();
    map.add(answers).map(|()| map)
}

fn column(answer: &str) -> Result<ColumnMap, String> {
    let mut map = ColumnMap::default();
    map.add(answer).map(|()| map)
}

pub(super) fn channels() -> impl TypedValueParser<Value = Channel> {
    PossibleValuesParser::new(Channel::ALL.iter().map(|channel| channel.as_str()))
        .try_map(|name| Channel::from_name(&name).ok_or("no such channel"))
}

/// Which model reads, for commands that need no settings.
#[derive(Debug, Clone, Args)]
pub(super) struct ModelArguments {
    /// Emotion model: `lexicon`, a name from models/manifest.toml, or the folder of a model
    #[arg(long, value_name = "NAME", default_value = score::DEFAULT_MODEL, env = "TINGXIN_MODEL")]
    model: String,
    /// What computes a trained model: `embedded`, or `rust-bert` if built with that feature
    #[arg(long, value_name = "ENGINE", default_value = EngineKind::default().as_str(), value_parser = engines())]
    engine: EngineKind,
}

impl ModelArguments {
    /// Loads it; once for each thread.
    pub(super) fn load(&self) -> Result<Box<dyn EmotionModel>, ModelError> {
        score::load_on(&self.model, self.engine)
    }
}

/// How results are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum OutputShape {
    /// One JSON object a line, for machines
    Ndjson,
    /// A table, for people
    Table,
}

/// Which database a command works on.
#[derive(Debug, Clone, Args)]
pub(super) struct DatabaseArguments {
    /// Database: `sqlite://FILE` or `postgres://USER@HOST/NAME` [default: the setting
    /// `database_url`]
    #[arg(long, global = true, value_name = "URL")]
    database_url: Option<String>,
}

impl DatabaseArguments {
    pub(super) fn flags(&self) -> Flags {
        Flags { database_url: self.database_url.clone(), ..Flags::default() }
    }
}

/// A language by its code, for `--language`.
pub(super) fn languages() -> impl TypedValueParser<Value = Lang> {
    PossibleValuesParser::new(["zh", "en"]).try_map(|code| Lang::from_code(&code).ok_or("no such language"))
}

/// A role by name, for `--role`.
pub(super) fn roles(roles: &'static [Role]) -> impl TypedValueParser<Value = Role> {
    PossibleValuesParser::new(roles.iter().map(|role| role.as_str()))
        .try_map(|name| Role::from_name(&name).ok_or("no such role"))
}

/// A team's name.
pub(super) fn team(name: &str) -> Result<TeamId, InvalidName> {
    TeamId::new(name)
}

/// A work number.
pub(super) fn staff(number: &str) -> Result<StaffId, InvalidName> {
    StaffId::new(number)
}
