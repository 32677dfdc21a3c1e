//! The page of a rule's threshold: what the random sample proposes, what a threshold would make of the archive, who changed it.

use askama::Template;

use tingxin_desk::ThresholdStanding;
use tingxin_statistics::distribution::Interval;
use tingxin_statistics::threshold::AtThreshold;
use tingxin_store::{RuleChange, ThresholdReplay};
use tingxin_text::domain::Permission;

use crate::frame::Frame;
use crate::label::{Label, actor};
use crate::pages::Notice;
use crate::text::{Lang, fill};

use super::percent::with_interval;
use super::words::{QualityWords, SpokenOfQuality as _};

/// The threshold of one rule.
#[derive(Debug, Template)]
#[template(path = "threshold.html")]
pub struct ThresholdPage {
    /// What surrounds it.
    pub frame: Frame,
    notice: Option<Notice>,
    w: &'static QualityWords,
    slug: &'static str,
    name: &'static str,
    now: String,
    shipped: String,
    said: String,
    rows: Vec<AtLine>,
    tried: String,
    replay: Option<ReplayLine>,
    history: Vec<ChangeLine>,
    may_switch: bool,
}

#[derive(Debug)]
struct AtLine {
    of: &'static str,
    threshold: String,
    precision: String,
    recall: String,
}

#[derive(Debug)]
struct ReplayLine {
    threshold: String,
    contacts: usize,
    stay: usize,
    appear: usize,
    go: usize,
}

#[derive(Debug)]
struct ChangeLine {
    since: String,
    change: String,
    replay: String,
    by: String,
    note: String,
}

/// What has just happened to a threshold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ThresholdNotice {
    /// It was changed.
    Changed,
    /// A field is not accepted.
    Refused,
    /// The account is limited to a team.
    OtherTeam,
}

impl ThresholdPage {
    /// Puts the page together. `replay` is what a threshold would make of the archive, where one was tried.
    #[must_use]
    pub fn new(
        frame: Frame,
        standing: &ThresholdStanding,
        replay: Option<(f64, ThresholdReplay)>,
        notice: Option<ThresholdNotice>,
    ) -> Self {
        let lang = frame.lang;
        let w = lang.quality();
        let proposal = standing.proposal.as_ref().ok().copied().flatten();
        let said = match (&standing.proposal, proposal) {
            (Err(few), _) => fill(w.few, format_args!("{} / {}", few.have, few.needed)),
            (Ok(_), None) => w.threshold_none.to_owned(),
            (Ok(_), Some(found)) => gain(found.gain, lang),
        };
        let rows = proposal.map_or_else(Vec::new, |found| {
            vec![
                AtLine::new(w.threshold_now, &found.now, lang),
                AtLine::new(w.threshold_proposed, &found.then, lang),
            ]
        });
        let proposed = proposal.map_or(standing.now, |found| found.then.threshold);
        Self {
            notice: notice.map(|notice| notice.sentence(lang)),
            w,
            slug: standing.rule.as_str(),
            name: standing.rule.label(lang),
            now: shown(standing.now),
            shipped: shown(standing.shipped),
            said,
            rows,
            tried: shown(replay.map_or(proposed, |(threshold, _)| threshold)),
            replay: replay.map(|(threshold, replay)| ReplayLine::new(threshold, replay)),
            history: standing
                .history
                .iter()
                .rev()
                .filter_map(|change| ChangeLine::new(change, lang))
                .collect(),
            may_switch: frame.allows(Permission::QualityManage),
            frame,
        }
    }
}

fn shown(threshold: f64) -> String {
    format!("{threshold:.2}")
}

fn gain(gain: Interval, lang: Lang) -> String {
    fill(lang.quality().threshold_gain, format_args!("{:.2}–{:.2}", gain.low, gain.high))
}

impl ThresholdNotice {
    fn sentence(self, lang: Lang) -> Notice {
        let w = lang.quality();
        let text = match self {
            Self::Changed => w.threshold_changed,
            Self::Refused => w.threshold_refused,
            Self::OtherTeam => w.bad_team,
        };
        Notice { good: self == Self::Changed, text: text.to_owned() }
    }
}

impl AtLine {
    fn new(of: &'static str, at: &AtThreshold, lang: Lang) -> Self {
        Self {
            of,
            threshold: shown(at.threshold),
            precision: with_interval(at.precision.value, at.precision.interval, lang),
            recall: with_interval(at.recall.value, at.recall.interval, lang),
        }
    }
}

impl ReplayLine {
    fn new(threshold: f64, replay: ThresholdReplay) -> Self {
        let ThresholdReplay { contacts, stay, appear, go, .. } = replay;
        Self { threshold: shown(threshold), contacts, stay, appear, go }
    }
}

impl ChangeLine {
    fn new(change: &RuleChange, lang: Lang) -> Option<Self> {
        let w = lang.quality();
        let to = change.threshold?;
        let ThresholdReplay { before, appear, go, contacts, .. } = to.replay;
        Some(Self {
            since: change.since.to_beijing(),
            change: format!("{} → {}", shown(before), shown(to.threshold)),
            replay: format!("+{appear} / −{go}{}", fill(w.threshold_of, contacts)),
            by: actor(&change.made_by, lang),
            note: change.note.clone().unwrap_or_default(),
        })
    }
}
