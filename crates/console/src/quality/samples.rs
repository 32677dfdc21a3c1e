//! The page of the random sample.

use askama::Template;

use tingxin_desk::{RuleAgreement, SampleStanding};
use tingxin_store::{DrawnWeek, SamplePlan, SampleUnit};
use tingxin_text::domain::{Permission, UtcMillis};

use crate::frame::Frame;
use crate::label::{Label, actor};
use crate::lists::{Copied as _, ListTable, Listing, cell, cell_named, cell_of};
use crate::pages::Notice;
use crate::text::{Lang, fill};

use super::alpha::alpha;
use super::words::{QualityWords, SpokenOfQuality as _};

/// How the random sample stands.
#[derive(Debug, Template)]
#[template(path = "samples.html")]
pub struct SamplesPage {
    /// What surrounds it.
    pub frame: Frame,
    /// What has just happened.
    pub notice: Option<Notice>,
    w: &'static QualityWords,
    /// `待您抽检 3 通。`
    due: Option<String>,
    may_begin: bool,
    weeks: Vec<WeekLine>,
    plans: Vec<PlanLine>,
    agreement: Vec<AlphaLine>,
    units: Vec<(&'static str, &'static str)>,
    may_plan: bool,
}

#[derive(Debug)]
struct WeekLine {
    week: String,
    of: DrawnWeek,
}

#[derive(Debug)]
struct PlanLine {
    unit: &'static str,
    since: String,
    by: String,
    of: SamplePlan,
}

#[derive(Debug)]
pub(super) struct AlphaLine {
    pub(super) rule: &'static str,
    pub(super) alpha: String,
    pub(super) n: Option<usize>,
}

impl SamplesPage {
    /// Puts the page together.
    #[must_use]
    pub fn new(frame: Frame, standing: SampleStanding, notice: Option<Notice>) -> Self {
        let lang = frame.lang;
        let SampleStanding { plans, weeks, due, agreement } = standing;
        Self {
            notice,
            w: lang.quality(),
            may_begin: due.is_some_and(|due| due > 0),
            due: due.map(|due| match due {
                0 => lang.quality().samples_none_due.to_owned(),
                due => fill(lang.quality().samples_due, due),
            }),
            weeks: weeks.into_iter().map(|of| WeekLine { week: monday(of.week), of }).collect(),
            plans: plans.into_iter().rev().map(|of| PlanLine::new(of, lang)).collect(),
            agreement: agreement.iter().map(|one| AlphaLine::new(one, lang)).collect(),
            units: SampleUnit::ALL.iter().map(|unit| (unit.as_str(), unit.label(lang))).collect(),
            may_plan: frame.allows(Permission::QualityManage),
            frame,
        }
    }

    /// The sentence after a plan was saved.
    #[must_use]
    pub fn planned(lang: Lang) -> Notice {
        Notice { good: true, text: lang.quality().done_planned.to_owned() }
    }

    /// The sentence after everything was read.
    #[must_use]
    pub fn read_over(lang: Lang) -> Notice {
        Notice { good: true, text: lang.quality().read_over.to_owned() }
    }

    /// The sentence about a plan that is not accepted.
    #[must_use]
    pub fn not_planned(lang: Lang, other_team: bool) -> Notice {
        let words = lang.quality();
        Notice { good: false, text: if other_team { words.bad_team } else { words.bad_plan }.to_owned() }
    }
}

/// The date on which a week begins.
fn monday(week: i64) -> String {
    UtcMillis::of_week(week).to_beijing().chars().take(10).collect()
}

impl PlanLine {
    fn new(of: SamplePlan, lang: Lang) -> Self {
        Self {
            unit: of.plan.unit.label(lang),
            since: monday(of.plan.since_week),
            by: actor(&of.made_by, lang),
            of,
        }
    }
}

impl AlphaLine {
    pub(super) fn new(one: &RuleAgreement, lang: Lang) -> Self {
        let n = match one.agreement {
            Err(few) => Some(few.have),
            Ok(found) => found.map(|found| found.units),
        };
        Self { rule: one.rule.label(lang), alpha: alpha(one.agreement, lang), n }
    }
}

impl Listing for SamplesPage {
    fn surrounding(&self) -> &Frame {
        &self.frame
    }

    fn tables(&self) -> Vec<ListTable> {
        let w = self.w;
        let weeks = self.weeks.iter().map(|WeekLine { week, of }| {
            [
                cell(week),
                cell(of.version),
                cell(of.contacts),
                cell(of.drawn),
                cell(of.judged),
                cell(of.drawn - of.judged),
                cell(of.twice),
            ]
        });
        let agreement = self.agreement.iter().map(|one| [cell(one.rule), cell(&one.alpha), cell_of(one.n)]);
        let plans = self.plans.iter().map(|one| {
            [
                cell(one.of.version),
                cell(one.unit),
                cell(one.of.plan.per_week),
                cell(&one.since),
                cell_named(one.of.plan.seed),
                cell_named(&one.by),
            ]
        });
        let of_weeks =
            [w.col_week, w.col_version, w.col_frame, w.col_drawn, w.col_judged, w.col_due, w.col_twice];
        let of_plans = [w.col_version, w.plan_unit, w.col_drawn, w.col_week, w.col_seed, w.col_by];
        vec![
            ListTable::new(w.samples_weeks, of_weeks, weeks),
            ListTable::new(w.alpha_title, [w.col_rule, w.col_alpha, w.col_n], agreement),
            ListTable::new(w.plan_title, of_plans, plans),
        ]
    }
}
