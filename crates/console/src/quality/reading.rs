//! A contact of the random sample as its reader sees it: first its words alone, then flags that were not named.

use askama::Template;

use tingxin_store::{ContactRecord, FlagRow};
use tingxin_text::domain::{Emotion, Kind, Rule};

use crate::contact::{ContactView, FlagView, Review};
use crate::frame::Frame;
use crate::label::{Label, meaning};
use crate::pages::Notice;
use crate::text::{Lang, fill};

use super::words::{QualityWords, SpokenOfQuality as _};

/// What a contact is read for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReadTask {
    /// It was drawn for the random sample.
    Sample,
    /// It belongs to a calibration session: no flag is ever shown.
    Calibration,
}

/// What the page is made of.
#[derive(Debug, Clone, Copy)]
pub struct SampleInput<'a> {
    /// What it is read for.
    pub task: ReadTask,
    /// Key of the draw, or of the item of a session.
    pub key: &'a str,
    /// When the page was asked for, in milliseconds.
    pub opened: i64,
    /// The flag that is asked for; `None` before the first word: nothing that the machine found may be shown then.
    pub flag: Option<&'a FlagRow>,
    /// The rule that is asked for, also where its flag is gone.
    pub rule: Option<Rule>,
}

/// A contact of the random sample.
#[derive(Debug, Template)]
#[template(path = "sample.html")]
pub struct SamplePage {
    /// What surrounds it.
    pub frame: Frame,
    notice: Option<Notice>,
    w: &'static QualityWords,
    contact: ContactView,
    title: &'static str,
    blind: &'static str,
    path: String,
    revision: u32,
    opened: i64,
    rules: Vec<RuleChoice>,
    emotions: Vec<(&'static str, &'static str)>,
    asked: Option<AskedFlag>,
}

/// A rule to be chosen.
#[derive(Debug)]
struct RuleChoice {
    key: usize,
    slug: &'static str,
    name: &'static str,
    meaning: &'static str,
}

/// A flag that was raised and not named.
#[derive(Debug)]
struct AskedFlag {
    slug: &'static str,
    question: String,
    reason: String,
    reason_tag: &'static str,
    turns: Vec<usize>,
}

impl SamplePage {
    /// Puts the page together.
    #[must_use]
    pub fn new(frame: Frame, record: &ContactRecord, input: SampleInput<'_>, taken: bool) -> Self {
        let lang = frame.lang;
        let w = lang.quality();
        let (folder, title, blind) = match input.task {
            ReadTask::Sample => ("/samples", w.read_title, w.read_blind),
            ReadTask::Calibration => ("/calibrations/contacts", w.calibrate_title, w.calibrate_blind),
        };
        let header = &record.contact.header;
        let kind = record.contact.body.kind();
        Self {
            notice: taken.then(|| Notice { good: true, text: w.read_taken.to_owned() }),
            w,
            // Without its analysis: what the model reads would say what the rules found.
            contact: ContactView::new(record, None, Review::default(), lang),
            title,
            blind,
            path: format!("{folder}/{}", input.key),
            revision: header.revision,
            opened: input.opened,
            rules: choices(kind, lang),
            emotions: Emotion::ALL.iter().map(|one| (one.as_str(), one.label(lang))).collect(),
            asked: input.rule.map(|rule| AskedFlag::new(rule, input.flag, kind, lang)),
            frame,
        }
    }
}

/// Rules that may apply to such a contact, with their keys.
fn choices(kind: Kind, lang: Lang) -> Vec<RuleChoice> {
    let fits = |rule: &&Rule| (**rule == Rule::ReportedDistress) == (kind == Kind::Note);
    let rules = Rule::ALL.iter().filter(fits).enumerate();
    rules
        .map(|(at, rule)| RuleChoice {
            // 1 to 9, then 0.
            key: (at + 1) % 10,
            slug: rule.as_str(),
            name: rule.label(lang),
            meaning: meaning(*rule, lang),
        })
        .collect()
}

impl AskedFlag {
    fn new(rule: Rule, row: Option<&FlagRow>, kind: Kind, lang: Lang) -> Self {
        let view = row.map(|row| FlagView::new(&row.flag, kind, lang));
        Self {
            slug: rule.as_str(),
            question: fill(lang.quality().read_flag, rule.label(lang)),
            reason: view.as_ref().map(|view| view.reason.clone()).unwrap_or_default(),
            reason_tag: view.as_ref().map_or("zh-CN", |view| view.reason_tag),
            turns: row
                .map(|row| row.flag.utterances.iter().map(|turn| turn + 1).collect())
                .unwrap_or_default(),
        }
    }
}
