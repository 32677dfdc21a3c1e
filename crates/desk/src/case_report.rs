//! The report on callbacks (《回访报告》): how many, about what, what became of them, what is to be done.

use std::collections::BTreeMap;

use tingxin_statistics::minimum::TooFew;
use tingxin_statistics::sampled::{Share, plain_share};
use tingxin_store::ServiceCase;
use tingxin_text::domain::{BusinessProcess, CaseCause, CaseOutcome, CaseState, DAY_MILLIS, UtcMillis};

use crate::{Caller, Desk, DeskError};

/// Most cases of one report; more would be another way of reading them.
const MOST: u32 = 20_000;

/// Most matters that are named.
const TOP: usize = 5;

/// Most days of a report.
pub const MOST_REPORT_DAYS: u32 = 92;

/// What is said about the cases of a time.
#[derive(Debug, Clone)]
pub struct CaseReport {
    /// First moment.
    pub from: UtcMillis,
    /// First moment after it.
    pub until: UtcMillis,
    /// Cases that were opened.
    pub opened: usize,
    /// Those of them that are closed by now.
    pub closed: usize,
    /// Those that were closed in time, of those that are closed.
    pub in_time: usize,
    /// Those that are not closed and overdue.
    pub overdue: usize,
    /// Those that are not closed and wait for a department.
    pub with_department: usize,
    /// Those that went on to another department.
    pub bounced: usize,
    /// Those whose customer came back after they were closed.
    pub came_back: usize,
    /// Those that left a customer who is not content.
    pub to_win_back: usize,
    /// What the customers said afterwards: how many, and their mean.
    pub satisfaction: Option<(usize, f64)>,
    /// The most frequent matters.
    pub matters: Vec<MatterShare>,
    /// Why customers were not helped at once, most frequent first.
    pub causes: Vec<(CaseCause, usize)>,
    /// What became of closed cases, most frequent first.
    pub outcomes: Vec<(CaseOutcome, usize)>,
    /// There were more cases than one report holds.
    pub cut: bool,
}

/// How many of the cases are about a matter.
#[derive(Debug, Clone)]
pub struct MatterShare {
    /// The business process; none where the source told none.
    pub process: Option<BusinessProcess>,
    /// Cases.
    pub cases: usize,
    /// Their share with its interval, or how many cases that would take.
    pub share: Result<Share, TooFew>,
}

impl Desk {
    /// The report on the cases that were opened in the last days.
    ///
    /// # Errors
    /// [`DeskError::Field`], [`DeskError::Store`].
    pub async fn case_report(&self, caller: &Caller, days: u32) -> Result<CaseReport, DeskError> {
        if !(1..=MOST_REPORT_DAYS).contains(&days) {
            return Err(DeskError::field("/days", "the days must be from 1 to 92"));
        }
        let until = UtcMillis::now();
        let from = until.plus_millis(-i64::from(days) * DAY_MILLIS);
        let cases = self.store.cases_between((from, until), caller.team.as_ref(), MOST).await?;
        Ok(report((from, until), &cases))
    }
}

fn report((from, until): (UtcMillis, UtcMillis), cases: &[ServiceCase]) -> CaseReport {
    let number = |holds: fn(&ServiceCase) -> bool| cases.iter().filter(|case| holds(case)).count();
    let grades: Vec<f64> = cases.iter().filter_map(|case| case.satisfaction).map(f64::from).collect();
    let of = tingxin_statistics::count(grades.len());
    CaseReport {
        from,
        until,
        opened: cases.len(),
        closed: number(|case| case.state == CaseState::Closed),
        in_time: number(|case| case.closed_at.is_some_and(|closed| closed <= case.due_at)),
        overdue: cases.iter().filter(|case| case.state.is_open() && case.due_at < until).count(),
        with_department: number(|case| case.state == CaseState::Forwarded),
        bounced: number(|case| case.bounces > 0),
        came_back: number(|case| case.came_back_at.is_some()),
        to_win_back: number(discontent),
        satisfaction: (!grades.is_empty()).then(|| (grades.len(), grades.iter().sum::<f64>() / of)),
        matters: matters(cases),
        causes: tally(cases.iter().filter_map(|case| case.cause)),
        outcomes: tally(cases.iter().filter_map(|case| case.outcome)),
        cut: cases.len() >= usize::try_from(MOST).unwrap_or(usize::MAX),
    }
}

/// Whether a closed case left a customer who is not content.
fn discontent(case: &ServiceCase) -> bool {
    let low = case.satisfaction.is_some_and(|grade| grade <= 2);
    let unsettled = case.outcome == Some(CaseOutcome::NotSettled) || case.came_back_at.is_some();
    case.state == CaseState::Closed && (low || unsettled)
}

fn matters(cases: &[ServiceCase]) -> Vec<MatterShare> {
    let counted = tally(cases.iter().map(|case| case.business_process.clone()));
    let share = |(process, count): (Option<BusinessProcess>, usize)| MatterShare {
        process,
        cases: count,
        share: plain_share(count, cases.len()),
    };
    counted.into_iter().take(TOP).map(share).collect()
}

/// How often each stands there, most frequent first.
fn tally<T: Ord>(items: impl Iterator<Item = T>) -> Vec<(T, usize)> {
    let mut counts = BTreeMap::<T, usize>::new();
    for item in items {
        *counts.entry(item).or_default() += 1;
    }
    let mut counts: Vec<(T, usize)> = counts.into_iter().collect();
    counts.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    counts
}
