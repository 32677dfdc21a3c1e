//! Computing the figures from stored sums, once for all who ask within a minute.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use tingxin_staff::{
    Indicator, Person, Queue, Series, StaffLine, Sums, Together, Weeks, carried_over, checks, colleagues,
    power, soothing, table, team_mood,
};
use tingxin_store::{Store, StoreError, SumKind};
use tingxin_text::domain::{RuleStates, StaffId, UtcMillis};
use tokio::sync::Mutex;

use crate::error::off_the_event_loop;
use crate::figures::PERIOD_WEEKS;
use crate::rates::corrected_staff;
use crate::{Desk, DeskError, Figures};

/// How long figures are kept. The sums change with every contact, and no judgement of a quarter
/// does within a minute.
const KEPT: Duration = Duration::from_mins(1);

/// Contacts in the sample of the checks.
const SAMPLE: u32 = 2_000;

impl Desk {
    /// Statistics of staff, queues and teams, at most a minute old.
    ///
    /// # Errors
    /// [`DeskError::Store`], [`DeskError::Broken`].
    pub async fn figures(&self) -> Result<Arc<Figures>, DeskError> {
        let mut kept = self.figures.0.lock().await;
        if let Some((at, figures)) = &*kept
            && at.elapsed() < KEPT
        {
            return Ok(Arc::clone(figures));
        }
        let figures = Arc::new(self.compute(UtcMillis::now()).await?);
        *kept = Some((Instant::now(), Arc::clone(&figures)));
        Ok(figures)
    }

    /// Has them computed anew at the next question, after something was stored that they depend on.
    pub async fn forget_figures(&self) {
        *self.figures.0.lock().await = None;
    }

    /// Only the worker writes sums: whoever asks reads those there are, and hears how many wait.
    async fn compute(&self, now: UtcMillis) -> Result<Figures, DeskError> {
        let (store, reliability) = (&self.store, self.reliability);
        let since_week = now.week() - PERIOD_WEEKS;
        let since = UtcMillis::of_week(since_week);
        let stored = load(store, since_week).await?;
        // After reading them: one that cannot be read waits since then.
        let waiting = store.count_stale_sums(since_week..now.week()).await?;
        let by_other_engines = store.count_by_other_engines(&self.engine.fingerprint(), since).await?;
        let states = store.rule_states(now).await?;
        let mut confirmed = store.confirmed(since).await?;
        for rules in confirmed.values_mut() {
            rules.retain(|rule, _| states.counts(*rule));
        }
        let mut corrected = corrected_staff(store, &states).await?;
        let sample = store.latest_measures(since, SAMPLE).await?;
        let work = move || {
            let StoredSums { staff, mut series, queues } = stored;
            let people: Vec<Person> = staff
                .iter()
                .map(|(id, weeks)| {
                    let confirmed = confirmed.get(id).cloned().unwrap_or_default();
                    let corrected = corrected.remove(id).unwrap_or_default();
                    Person { sums: Sums::of_all(weeks.values()), confirmed, corrected, id: id.clone() }
                })
                .collect();
            let series: Vec<Series> =
                people.iter().map(|person| series.remove(&person.id).unwrap_or_default()).collect();
            let all: Vec<&Series> = series.iter().collect();
            let mut centre = Pairs::default();
            for pairs in queues.values() {
                centre.merge(pairs);
            }
            centre.series.served_by(Sums::people(people.iter().map(|person| &person.sums)));
            for (week, together) in &mut centre.weekly {
                together.served_by(Sums::people(staff.values().filter_map(|own| own.get(week))));
            }
            let power = |indicator: &Indicator| (*indicator, power(*indicator, 1, now.week(), &staff).ok());
            let queue = |pairs: &Pairs| Queue::of(&pairs.series, &pairs.weekly, now.week(), reliability);
            Figures {
                as_of: now,
                waiting,
                by_other_engines,
                since_week,
                lines: counted(table(&people), &states),
                couplings: colleagues(&all, reliability),
                soothing: soothing(&people, &staff, &centre.series, reliability),
                carried: carried_over(&all),
                queues: queues.into_iter().map(|(name, own)| (name, queue(&own))).collect(),
                centre: queue(&centre),
                checks: checks(&sample),
                teams: team_mood(&people, &all),
                powers: Indicator::ALL.iter().map(power).collect(),
                profiles: Mutex::default(),
                people,
            }
        };
        off_the_event_loop(work).await
    }
}

/// Lines without what rests on a rule whose flags count for nothing at present.
pub(crate) fn counted(mut lines: Vec<StaffLine>, states: &RuleStates) -> Vec<StaffLine> {
    for line in &mut lines {
        line.figures.retain(|figure| counts(figure.indicator, states));
    }
    lines
}

/// Whether a behaviour is counted: its rule must be on.
pub(crate) fn counts(indicator: Indicator, states: &RuleStates) -> bool {
    states.counts(indicator.evidence().0)
}

/// Sums as they are stored.
#[derive(Default)]
struct StoredSums {
    staff: Weeks,
    series: BTreeMap<StaffId, Series>,
    queues: BTreeMap<String, Pairs>,
}

/// Sums over turns of a queue, and what each week says of S12.
#[derive(Default)]
struct Pairs {
    series: Series,
    weekly: BTreeMap<i64, Together>,
}

impl Pairs {
    fn merge(&mut self, other: &Self) {
        self.series.merge(&other.series);
        for (week, together) in &other.weekly {
            self.weekly.entry(*week).or_default().merge(together);
        }
    }
}

async fn load(store: &Store, since_week: i64) -> Result<StoredSums, StoreError> {
    let mut stored = StoredSums { staff: weeks(store, since_week).await?, ..StoredSums::default() };
    store
        .series(SumKind::Staff, since_week, |name, _, body| {
            let staff = StaffId::new(name).map_err(|cause| cause.to_string())?;
            stored.series.entry(staff).or_default().merge(&Series::from_json(body)?);
            Ok(())
        })
        .await?;
    store
        .series(SumKind::Queue, since_week, |name, week, body| {
            let series = Series::from_json(body)?;
            let weekly = BTreeMap::from([(week, *series.together())]);
            stored.queues.entry(name.to_owned()).or_default().merge(&Pairs { series, weekly });
            Ok(())
        })
        .await?;
    Ok(stored)
}

/// Everybody's sums over contacts, week by week.
pub(crate) async fn weeks(store: &Store, since_week: i64) -> Result<Weeks, StoreError> {
    let mut weeks = Weeks::new();
    store
        .sums(SumKind::Staff, since_week, |name, week, body| {
            let staff = StaffId::new(name).map_err(|cause| cause.to_string())?;
            weeks.entry(staff).or_default().insert(week, Sums::from_json(body)?);
            Ok(())
        })
        .await?;
    Ok(weeks)
}
