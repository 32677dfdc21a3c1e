//! What an operator may decide: embedded defaults < `tingxin.toml` < `TINGXIN_…` < flags.
//!
//! Every setting, its meaning and its default stands in `config/default.toml`, which is compiled
//! in. Names nobody knows are refused, because a mistyped setting that is ignored silently is the
//! worst kind of wrong.

mod appeals;
mod error;
mod hooks;
mod key;
mod lines;
mod mask;
mod retention;
mod review;
mod role;
mod source;
mod sources;
mod token;
mod traces;

use std::net::{IpAddr, SocketAddr};
use std::num::NonZeroU32;
use std::path::{Path, PathBuf};

use clap::builder::{PossibleValuesParser, TypedValueParser};
use figment::Figment;
use figment::providers::{Format as _, Serialized, Toml};
use serde::{Deserialize, Serialize};

use crate::http::{ProxyHeader, ServiceRole};
use crate::score::EngineKind;

pub use appeals::Appeals;
pub use error::SettingsError;
pub use hooks::Hooks;
pub use key::{KeyError, KeyFile};
pub use mask::without_password;
pub use retention::Retention;
pub use review::ReviewSettings;
pub use role::service_roles;
pub use source::DEFAULT_TOML;
use source::Environment;
pub use sources::{FolderSettings, KafkaSettings, NatsSettings, SourceSettings};
pub use token::{TokenError, read_token};
pub use traces::Traces;

/// The file that is read when it is there and no other is named.
const USUAL_FILE: &str = "tingxin.toml";

/// Most threads that analyse: more than any machine has cores for.
pub const MAX_THREADS: usize = 1024;

/// Everything that can be set. Printing it masks the database password.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// Where to serve.
    pub listen: SocketAddr,
    /// Where to serve the metrics alone, without database and key; `None` for nowhere.
    #[serde(deserialize_with = "source::address_or_none")]
    pub metrics_listen: Option<SocketAddr>,
    /// File with the token that a scraper must show there; empty for none.
    pub metrics_token_file: PathBuf,
    /// What this process does.
    pub role: ServiceRole,
    /// Which database.
    pub database_url: String,
    /// File of the pseudonym key; empty for the usual place, see [`Settings::key_path`].
    pub key_file: PathBuf,
    /// Emotion model.
    pub model: String,
    /// What computes it.
    pub engine: EngineKind,
    /// Threads that analyse; 0 for one a core.
    pub threads: usize,
    /// Batches that may wait for an analysis thread.
    pub lane_queue: usize,
    /// Filter of log lines.
    pub log: String,
    /// Length of a console session in hours.
    pub session_hours: u32,
    /// Minutes without a request after which a console session ends.
    pub session_idle_minutes: u32,
    /// Whether session cookies need HTTPS.
    pub secure_cookies: bool,
    /// Proxies whose header about the client's address is believed.
    #[serde(deserialize_with = "source::addresses")]
    pub trusted_proxies: Vec<IpAddr>,
    /// The header in which they name it.
    pub proxy_header: ProxyHeader,
    /// Limits of the HTTP service.
    pub limits: LimitSettings,
    /// How long what is kept.
    pub retention: Retention,
    /// How long appeals may take.
    pub appeals: Appeals,
    /// How the work of reviewers is shared.
    /// How the work of reviewers is shared.
    pub review: ReviewSettings,
    /// Where webhooks may lead.
    pub hooks: Hooks,
    /// Where traces go.
    pub traces: Traces,
    /// Where contacts come from by themselves.
    pub sources: SourceSettings,
}

/// Limits that keep one caller from harming the others.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LimitSettings {
    /// Bytes of a request body.
    pub body_bytes: usize,
    /// Seconds to wait for a request body.
    pub body_seconds: u32,
    /// Requests answered at the same time.
    pub in_flight: usize,
    /// Bulk streams open at the same time.
    pub bulk_streams: usize,
    /// Requests a second for each API key or account, on average.
    pub requests_per_second: NonZeroU32,
    /// Requests at once after a pause.
    pub request_burst: NonZeroU32,
    /// Age in seconds of the oldest unscored contact at which further ones are turned away.
    pub oldest_unscored_seconds: u32,
    /// Entries of the audit log that may wait in memory while the disk is full.
    pub held_audit_entries: usize,
}

/// Settings given on the command line; what is `None` was not.
#[derive(Debug, Clone, Default, Serialize, clap::Args)]
pub struct Flags {
    /// Where to serve the API, the console and /metrics; port 0 takes a free one
    #[arg(long, value_name = "ADDRESS")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub listen: Option<SocketAddr>,
    /// Where to serve /metrics alone, without database and key: a loopback address, or any with
    /// `metrics_token_file`
    #[arg(long, value_name = "ADDRESS")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub metrics_listen: Option<SocketAddr>,
    /// What this process does: `all`, or one part beside others on the same PostgreSQL: `intake`,
    /// `score` or `console`
    #[arg(long, value_name = "ROLE", value_parser = service_roles())]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub role: Option<ServiceRole>,
    /// Database: `sqlite://FILE` or `postgres://USER@HOST/NAME`
    #[arg(long, value_name = "URL")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub database_url: Option<String>,
    /// File with the pseudonym key; created when missing
    #[arg(long, value_name = "FILE")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key_file: Option<PathBuf>,
    /// Emotion model: `lexicon`, a name from models/manifest.toml, or the folder of a model
    #[arg(long, value_name = "NAME")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub model: Option<String>,
    /// What computes a trained model: `embedded`, or `rust-bert` if built with that feature
    #[arg(long, value_name = "ENGINE", value_parser = engines())]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub engine: Option<EngineKind>,
    /// Threads that analyse; 0 for one a core
    #[arg(long, value_name = "N", value_parser = thread_count)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub threads: Option<usize>,
    /// Log filter in the syntax of `RUST_LOG`, for example `info` or `tingxin=debug`
    #[arg(long, value_name = "FILTER")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub log: Option<String>,
}

/// Settings with the place where each was given.
pub struct Loaded {
    /// The settings.
    pub settings: Settings,
    figment: Figment,
}

/// Reads the settings. `file` must exist when it is named; `environment` are all variables of the
/// process.
///
/// # Errors
/// [`SettingsError`] with a sentence that names the setting.
pub fn load(
    file: Option<&Path>,
    environment: impl IntoIterator<Item = (String, String)>,
    flags: &Flags,
) -> Result<Loaded, SettingsError> {
    if let Some(missing) = file.filter(|path| !path.is_file()) {
        return Err(SettingsError::NoFile(missing.to_owned()));
    }
    let file = file.unwrap_or(Path::new(USUAL_FILE));
    let mut figment = Figment::from(source::Embedded);
    // `Toml::file` searches parent directories, where somebody else's file may lie.
    if file.is_file() {
        figment = figment.merge(Toml::file_exact(file));
    }
    let figment = figment
        .merge(Environment::of(environment))
        .merge(source::NamedProvider("command line", Serialized::defaults(flags)));
    let settings: Settings = figment.extract().map_err(|error| source::sentence(&error))?;
    settings.check()?;
    Ok(Loaded { settings, figment })
}

/// The defaults with `flags` on top; neither file nor environment is looked at.
///
/// # Errors
/// [`SettingsError`] when a flag is out of range.
pub fn defaults(flags: &Flags) -> Result<Settings, SettingsError> {
    let figment = Figment::from(source::Embedded)
        .merge(source::NamedProvider("command line", Serialized::defaults(flags)));
    let settings: Settings = figment.extract().map_err(|error| source::sentence(&error))?;
    settings.check()?;
    Ok(settings)
}

impl Settings {
    fn check(&self) -> Result<(), SettingsError> {
        let rules = [
            (
                "database_url",
                ["sqlite:", "postgres://", "postgresql://"].iter().any(|s| self.database_url.starts_with(s)),
                "must start with sqlite:// or postgres://",
            ),
            (
                "metrics_listen",
                self.metrics_listen.is_none_or(|address| address.ip().is_loopback())
                    || !self.metrics_token_file.as_os_str().is_empty(),
                "must be a loopback address, or metrics_token_file must name a file with a token",
            ),
            (
                "role",
                self.role == ServiceRole::All || !self.database_url.starts_with("sqlite:"),
                "must be all on SQLite, which one process serves; intake, score and console share a PostgreSQL",
            ),
            ("model", !self.model.trim().is_empty(), "must name a model, for example lexicon"),
            ("threads", self.threads <= MAX_THREADS, "must be at most 1024"),
            ("lane_queue", (1..=1024).contains(&self.lane_queue), "must be between 1 and 1024"),
            (
                "session_idle_minutes",
                (5..=1440).contains(&self.session_idle_minutes),
                "must be between 5 and 1440",
            ),
            ("session_hours", (1..=720).contains(&self.session_hours), "must be between 1 and 720"),
            (
                "limits.body_bytes",
                (1024..=64 * 1024 * 1024).contains(&self.limits.body_bytes),
                "must be between 1024 (1 KiB) and 67108864 (64 MiB)",
            ),
            (
                "limits.in_flight",
                (1..=100_000).contains(&self.limits.in_flight),
                "must be between 1 and 100000",
            ),
            (
                "limits.held_audit_entries",
                self.limits.held_audit_entries <= 1_000_000,
                "must be at most 1000000",
            ),
        ];
        match rules
            .into_iter()
            .chain([self.retention.rule()])
            .chain(self.appeals.rules())
            .chain(self.review.rules())
            .chain(self.traces.rules())
            .chain(self.sources.rules())
            .find(|(_, holds, _)| !holds)
        {
            Some((name, _, reason)) => Err(SettingsError::Invalid { name, reason }),
            None => Ok(()),
        }
    }

    /// Where the pseudonym key lies; `None` when the database is in memory and the key may be too.
    #[must_use]
    pub fn key_path(&self) -> Option<PathBuf> {
        if !self.key_file.as_os_str().is_empty() {
            return Some(self.key_file.clone());
        }
        let Some(rest) = self.database_url.strip_prefix("sqlite:") else {
            return Some(PathBuf::from("tingxin.key"));
        };
        let path = rest.strip_prefix("//").unwrap_or(rest).split('?').next().unwrap_or_default();
        (path != ":memory:" && !path.is_empty()).then(|| PathBuf::from(format!("{path}.key")))
    }

    /// Number of analysis threads after 0 has been replaced.
    #[must_use]
    pub fn analysis_threads(&self) -> usize {
        threads_or_cores(self.threads)
    }
}

/// An engine on the command line.
#[must_use]
pub fn engines() -> impl TypedValueParser<Value = EngineKind> {
    PossibleValuesParser::new(EngineKind::ALL.iter().map(|engine| engine.as_str()))
        .try_map(|name| EngineKind::from_name(&name).ok_or("no such engine"))
}

/// A number of threads on the command line.
///
/// # Errors
/// A sentence when it is no number or above [`MAX_THREADS`].
pub fn thread_count(text: &str) -> Result<usize, String> {
    let count = text.parse().ok().filter(|count| *count <= MAX_THREADS);
    count.ok_or_else(|| format!("must be a whole number from 0 to {MAX_THREADS}"))
}

/// `threads`, or the number of cores this process may use when it is 0.
#[must_use]
pub fn threads_or_cores(threads: usize) -> usize {
    if threads > 0 {
        return threads;
    }
    std::thread::available_parallelism().map_or(1, std::num::NonZeroUsize::get)
}

#[cfg(test)]
mod tests;
