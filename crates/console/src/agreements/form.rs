//! The form on which coaching is agreed, filled in as far as it can be.

use askama::Template;
use serde::Deserialize;

use super::one::called;
use super::row::{day, title};
use super::words::{AgreementWords, SpokenOfAgreements as _};
use crate::frame::Frame;
use crate::label::Label as _;
use crate::pages::Notice;
use crate::query::encode;
use crate::queue::Choice;
use crate::text::{Lang, fill};
use tingxin_desk::suggested;
use tingxin_staff::{Indicator, StaffLine};
use tingxin_statistics::naming::Quadrant;
use tingxin_store::{FlagRow, Training};
use tingxin_text::domain::{DAY_MILLIS, FlagStatus, Programme, Rule, UtcMillis};

/// Days that an agreement lasts unless somebody says otherwise.
const DAYS: i64 = 14;

/// What the form is made of.
#[derive(Debug, Clone, Copy)]
pub struct AgreeInput<'a> {
    /// The person compared with colleagues.
    pub line: &'a StaffLine,
    /// What the person is called, where the operator gives it.
    pub name: Option<&'a str>,
    /// Flags of the person, newest contact first.
    pub flags: &'a [FlagRow],
    /// The catalogue.
    pub trainings: &'a [Training],
    /// What was typed before it was refused.
    pub typed: Option<&'a AgreeTyped>,
    /// The present moment.
    pub now: UtcMillis,
}

/// The form as it was typed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct AgreeTyped {
    /// Work number.
    pub staff: String,
    /// Behaviour.
    pub indicator: String,
    /// Agreed action.
    pub note: String,
    /// The kind of help.
    pub programme: String,
    /// Item of the catalogue.
    pub training: String,
    /// Until when.
    pub due: String,
    /// For the person, too.
    pub shared: String,
    /// For whoever agrees it alone.
    pub private: String,
    /// Turns to talk about, as `contact/first/last`.
    pub clip1: String,
    /// The same.
    pub clip2: String,
    /// Turns that went well.
    pub good: String,
    /// A contact that somebody listened to and found good.
    pub other: String,
    /// Its first turn, from 1.
    pub from: String,
    /// Its last turn.
    pub to: String,
}

/// The form on which coaching is agreed.
#[derive(Debug, Template)]
#[template(path = "agree.html")]
pub struct AgreePage {
    /// What surrounds it.
    pub frame: Frame,
    /// What has just happened.
    pub notice: Option<Notice>,
    w: &'static AgreementWords,
    title: String,
    href: String,
    typed: AgreeTyped,
    behaviours: Vec<Choice>,
    programmes: Vec<Choice>,
    trainings: Vec<Choice>,
    talk: Vec<(String, Vec<Choice>)>,
    good: Vec<Choice>,
    nothing: bool,
}

/// A piece of a contact to choose.
struct ClipChoice {
    value: String,
    text: String,
    good: bool,
    rule: Rule,
}

impl AgreePage {
    /// Puts the page together.
    #[must_use]
    pub fn new(frame: Frame, input: AgreeInput<'_>, notice: Option<Notice>) -> Self {
        let lang = frame.lang;
        let w = lang.agreements();
        let pieces: Vec<ClipChoice> =
            input.flags.iter().filter_map(|row| ClipChoice::of(row, lang)).collect();
        let typed = input.typed.cloned().unwrap_or_else(|| proposal(&input, &pieces));
        let staff = input.line.staff.as_str();
        let select = |chosen: &str, good: bool| {
            let none =
                Choice { value: String::new(), text: w.clip_none.to_owned(), selected: chosen.is_empty() };
            let fitting = pieces.iter().filter(|piece| piece.good == good);
            let choice = |piece: &ClipChoice| Choice {
                value: piece.value.clone(),
                text: piece.text.clone(),
                selected: piece.value == chosen,
            };
            std::iter::once(none).chain(fitting.map(choice)).collect::<Vec<_>>()
        };
        Self {
            notice,
            w,
            title: fill(w.agree_title, called(staff, input.name)),
            href: format!("/coaching/{}", encode(staff)),
            behaviours: Indicator::ALL
                .iter()
                .map(|one| choice(one.as_str(), one.label(lang), &typed.indicator))
                .collect(),
            programmes: Programme::ALL
                .iter()
                .map(|one| choice(one.as_str(), one.label(lang), &typed.programme))
                .collect(),
            trainings: std::iter::once(choice("", w.no_training, &typed.training))
                .chain(input.trainings.iter().filter(|one| one.retired_at.is_none()).map(|one| {
                    let text = title(&one.title, one.title_en.as_deref(), lang);
                    choice(&one.id.to_string(), &text, &typed.training)
                }))
                .collect(),
            talk: vec![
                (fill(w.clip_talk, 1), select(&typed.clip1, false)),
                (fill(w.clip_talk, 2), select(&typed.clip2, false)),
            ],
            good: select(&typed.good, true),
            nothing: pieces.is_empty(),
            typed,
            frame,
        }
    }
}

fn choice(value: &str, text: &str, chosen: &str) -> Choice {
    Choice { value: value.to_owned(), text: text.to_owned(), selected: value == chosen }
}

impl ClipChoice {
    /// A confirmed flag with the turn before it. Abuse is nobody's fault and nothing to learn from.
    fn of(row: &FlagRow, lang: Lang) -> Option<Self> {
        let flag = &row.flag;
        if flag.status != FlagStatus::SHOWN_TO_OTHERS || flag.rule == Rule::Abuse {
            return None;
        }
        let (first, last) = (*flag.utterances.iter().min()?, *flag.utterances.iter().max()?);
        let first = first.saturating_sub(1);
        let at = row.started_at.map(UtcMillis::to_beijing).unwrap_or_default();
        let turns = fill(lang.agreements().turns, format_args!("{}–{}", first + 1, last + 1));
        Some(Self {
            value: format!("{}/{first}/{last}", row.contact),
            text: format!("{at} · {} · {turns}", flag.rule.label(lang)),
            good: flag.rule == Rule::Recovery,
            rule: flag.rule,
        })
    }
}

/// What the form says before anybody typed: the behaviour with most to say for, its training, and the pieces that fit.
fn proposal(input: &AgreeInput<'_>, pieces: &[ClipChoice]) -> AgreeTyped {
    let indicator = suggested(input.line).unwrap_or(Indicator::Unsoothed);
    let training = input
        .trainings
        .iter()
        .find(|one| one.retired_at.is_none() && one.indicator.as_deref() == Some(indicator.as_str()));
    let programme = input.line.quadrant().map(programme_of).or(training.map(|one| one.programme));
    let good = pieces.iter().find(|piece| piece.good);
    let mut talk: Vec<&ClipChoice> = pieces.iter().filter(|piece| !piece.good).collect();
    talk.sort_by_key(|piece| piece.rule.as_str() != indicator.as_str());
    // Without a good one there are none: nobody is shown faults alone.
    let mut talk = talk.into_iter().filter(|_| good.is_some()).map(|piece| piece.value.clone());
    AgreeTyped {
        staff: input.line.staff.to_string(),
        indicator: indicator.as_str().to_owned(),
        note: training.map(|one| one.about.clone()).unwrap_or_default(),
        programme: programme.unwrap_or(Programme::Train).as_str().to_owned(),
        training: training.map(|one| one.id.to_string()).unwrap_or_default(),
        due: day(input.now.plus_millis(DAYS * DAY_MILLIS)),
        clip1: talk.next().unwrap_or_default(),
        clip2: talk.next().unwrap_or_default(),
        good: good.map(|piece| piece.value.clone()).unwrap_or_default(),
        ..AgreeTyped::default()
    }
}

fn programme_of(quadrant: Quadrant) -> Programme {
    match quadrant {
        Quadrant::Empower => Programme::Empower,
        Quadrant::Motivate => Programme::Motivate,
        Quadrant::Train => Programme::Train,
        Quadrant::Support => Programme::Support,
    }
}
