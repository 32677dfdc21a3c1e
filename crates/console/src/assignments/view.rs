//! The page on which leads distribute work.

use askama::Template;

use tingxin_desk::WorkStanding;
use tingxin_store::{DistributionMethod, DistributionRule};
use tingxin_text::domain::{Channel, Lang, Rule, TeamId};

use super::words::{SpokenOfWork as _, WorkWords};
use crate::frame::Frame;
use crate::label::{Label, actor};
use crate::lists::{Copied as _, ListTable, Listing, cell, cell_named};
use crate::pages::Notice;
use crate::text::fill;

/// Reviewers with their work, and the rules by which they get it.
#[derive(Debug, Template)]
#[template(path = "assignments.html")]
pub struct AssignmentsPage {
    frame: Frame,
    w: &'static WorkWords,
    notice: Option<Notice>,
    reviewers: Vec<ReviewerLine>,
    rules: Vec<DistributionLine>,
    teams: Vec<TeamId>,
    flags: Vec<(&'static str, &'static str)>,
    channels: Vec<(&'static str, &'static str)>,
    methods: Vec<(&'static str, &'static str)>,
}

/// A reviewer.
#[derive(Debug)]
struct ReviewerLine {
    account: String,
    team: String,
    open: usize,
    paused: bool,
}

/// A rule in words.
#[derive(Debug)]
struct DistributionLine {
    id: String,
    which: String,
    to: String,
    method: &'static str,
    by: String,
}

/// What has just been done on the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WorkNotice {
    /// Contacts were given.
    Distributed(u64),
    /// Contacts were taken back from somebody.
    Recalled(u64),
    /// Somebody gets work again.
    Resumed,
    /// A rule was added.
    Added,
    /// A rule was removed.
    Removed,
    /// A field was not accepted.
    Refused,
    /// Another team was asked for.
    OtherTeam,
}

impl AssignmentsPage {
    /// Puts the work into words.
    #[must_use]
    pub fn new(frame: Frame, standing: WorkStanding, teams: Vec<TeamId>, notice: Option<WorkNotice>) -> Self {
        let lang = frame.lang;
        let WorkStanding { reviewers, rules } = standing;
        let reviewers = reviewers.into_iter().map(|one| ReviewerLine {
            team: one.team.map_or_else(|| lang.work().any_team.to_owned(), |team| team.to_string()),
            account: one.account,
            open: one.open,
            paused: one.paused,
        });
        Self {
            w: lang.work(),
            notice: notice.map(|notice| notice.told(lang)),
            reviewers: reviewers.collect(),
            rules: rules.into_iter().map(|rule| DistributionLine::new(rule, lang)).collect(),
            teams,
            flags: Rule::ALL.iter().map(|one| (one.as_str(), one.label(lang))).collect(),
            channels: Channel::ALL.iter().map(|one| (one.as_str(), one.label(lang))).collect(),
            methods: DistributionMethod::ALL.iter().map(|one| (one.as_str(), one.label(lang))).collect(),
            frame,
        }
    }
}

impl DistributionLine {
    fn new(rule: DistributionRule, lang: Lang) -> Self {
        let (w, what) = (lang.work(), rule.what);
        let which = [
            what.team.map_or_else(|| w.any_team.to_owned(), |team| team.to_string()),
            what.rule.map_or(w.any_rule, |rule| rule.label(lang)).to_owned(),
            what.channel.map_or(w.any_channel, |channel| channel.label(lang)).to_owned(),
        ];
        let to =
            if what.reviewers.is_empty() { w.any_reviewer.to_owned() } else { what.reviewers.join("、") };
        Self {
            id: rule.id.to_string(),
            which: which.join(" · "),
            to,
            method: what.method.label(lang),
            by: actor(&rule.made_by, lang),
        }
    }
}

impl WorkNotice {
    fn told(self, lang: Lang) -> Notice {
        let w = lang.work();
        let text = match self {
            Self::Distributed(contacts) => fill(w.done_distributed, contacts),
            Self::Recalled(contacts) => fill(w.done_recalled, contacts),
            Self::Resumed => w.done_resumed.to_owned(),
            Self::Added => w.done_added.to_owned(),
            Self::Removed => w.done_removed.to_owned(),
            Self::Refused => w.bad.to_owned(),
            Self::OtherTeam => w.bad_team.to_owned(),
        };
        Notice { good: !matches!(self, Self::Refused | Self::OtherTeam), text }
    }
}

impl Listing for AssignmentsPage {
    fn surrounding(&self) -> &Frame {
        &self.frame
    }

    fn tables(&self) -> Vec<ListTable> {
        let w = self.w;
        let reviewers = self.reviewers.iter().map(|one| {
            let state = if one.paused { w.paused } else { w.active };
            [cell_named(&one.account), cell_named(&one.team), cell(one.open), cell(state)]
        });
        let rules = self
            .rules
            .iter()
            .map(|one| [cell_named(&one.which), cell_named(&one.to), cell(one.method), cell_named(&one.by)]);
        let heads = [w.col_account, w.col_team, w.col_open, w.col_state];
        vec![
            ListTable::new(w.reviewers, heads, reviewers),
            ListTable::new(w.rules, [w.col_which, w.col_to, w.col_method, w.col_by], rules),
        ]
    }
}
