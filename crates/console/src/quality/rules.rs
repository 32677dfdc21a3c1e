//! The page of the rules.

use askama::Template;

use tingxin_desk::{RuleHealth, rules::PRECISION_BAR};
use tingxin_store::RuleChange;
use tingxin_text::domain::{Permission, RuleState};

use crate::frame::Frame;
use crate::label::{Label, actor, meaning};
use crate::lists::{Copied as _, ListTable, Listing, cell};
use crate::pages::Notice;
use crate::text::{Lang, fill};

use super::percent::{percent, with_interval};
use super::words::{QualityWords, SpokenOfQuality as _};

/// How every rule does.
#[derive(Debug, Template)]
#[template(path = "rules.html")]
pub struct RulesPage {
    /// What surrounds it.
    pub frame: Frame,
    /// What has just happened.
    pub notice: Option<Notice>,
    w: &'static QualityWords,
    bar: String,
    rules: Vec<RuleLine>,
    states: Vec<(&'static str, &'static str)>,
    may_switch: bool,
}

#[derive(Debug)]
struct RuleLine {
    slug: &'static str,
    name: &'static str,
    meaning: &'static str,
    state: &'static str,
    since: Option<String>,
    coming: Option<String>,
    reason: String,
    precision: String,
    from: &'static str,
    recall: String,
    judged: usize,
    has_threshold: bool,
}

impl RulesPage {
    /// Puts the page together.
    #[must_use]
    pub fn new(frame: Frame, health: &[RuleHealth], notice: Option<Notice>) -> Self {
        let lang = frame.lang;
        let w = lang.quality();
        Self {
            notice,
            w,
            bar: fill(w.rules_bar, percent(PRECISION_BAR)),
            rules: health.iter().map(|one| RuleLine::new(one, lang)).collect(),
            states: RuleState::ALL.iter().map(|state| (state.as_str(), state.label(lang))).collect(),
            may_switch: frame.allows(Permission::QualityManage),
            frame,
        }
    }

    /// The sentence after a rule was switched.
    #[must_use]
    pub fn switched(lang: Lang) -> Notice {
        Notice { good: true, text: lang.quality().done_rule.to_owned() }
    }

    /// The sentence about a change that is not accepted.
    #[must_use]
    pub fn not_switched(lang: Lang, other_team: bool) -> Notice {
        let words = lang.quality();
        Notice { good: false, text: if other_team { words.bad_team } else { words.bad_rule }.to_owned() }
    }
}

impl RuleLine {
    fn new(one: &RuleHealth, lang: Lang) -> Self {
        let w = lang.quality();
        let few = || fill(w.few, one.judged);
        let coming = one.coming.as_ref().map(|change| {
            format!("{} {}", fill(w.rules_coming, change.since.to_beijing()), change.state.label(lang))
        });
        Self {
            slug: one.rule.as_str(),
            name: one.rule.label(lang),
            meaning: meaning(one.rule, lang),
            state: one.state.label(lang),
            since: one.change.as_ref().map(|change| fill(w.rules_since, change.since.to_beijing())),
            coming,
            reason: one.change.as_ref().map(|change| why(change, lang)).unwrap_or_default(),
            precision: one
                .precision
                .map_or_else(few, |share| with_interval(share.value, share.interval, lang)),
            from: one.from.map_or("–", |from| from.label(lang)),
            recall: one
                .recall
                .map_or_else(|| "–".to_owned(), |share| with_interval(share.value, share.interval, lang)),
            judged: one.judged,
            has_threshold: one.rule.signal().is_some(),
        }
    }
}

/// `自动降级：准确率区间上限 41%（40，随机抽检）`, or who decided and why.
fn why(change: &RuleChange, lang: Lang) -> String {
    match (&change.measured, &change.note) {
        (Some(found), _) => {
            let said = fill(lang.quality().rules_machine, percent(found.high));
            format!("{said} · {} {}", found.from.label(lang), found.judged)
        }
        (None, note) => {
            format!("{} · {}", actor(&change.made_by, lang), note.as_deref().unwrap_or_default())
        }
    }
}

impl Listing for RulesPage {
    fn surrounding(&self) -> &Frame {
        &self.frame
    }

    fn tables(&self) -> Vec<ListTable> {
        let w = self.w;
        let rows = self.rules.iter().map(|one| {
            let since = [Some(one.state), one.since.as_deref(), one.coming.as_deref()];
            [
                cell(one.name),
                cell(since.into_iter().flatten().collect::<Vec<_>>().join(" · ")),
                cell(&one.reason),
                cell(&one.precision),
                cell(one.from),
                cell(one.judged),
                cell(&one.recall),
            ]
        });
        let heads = [
            w.col_rule,
            w.col_state,
            w.col_reason,
            w.col_precision,
            w.col_from,
            w.col_judged_flags,
            w.col_recall,
        ];
        vec![ListTable::new(w.rules_title, heads, rows)]
    }
}
