//! Statistics of staff, queues, teams and the centre, computed from stored sums and kept for a while.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use tingxin_staff::{
    CarriedOver, Checks, Coupling, Indicator, Line, Person, Power, Profile, Queue, Series, Soothed, Sums,
    Teams, Together, Weeks, carried_over, checks, colleagues, power, soothing, table, team_mood,
};
use tingxin_store::{Store, StoreError, SumKind};
use tingxin_text::domain::{StaffId, UtcMillis};
use tokio::sync::{Mutex, OnceCell};

use crate::error::off_the_event_loop;
use crate::{Desk, DeskError};

/// Weeks that figures are about: this one and the thirteen before it, about 90 days.
pub const PERIOD_WEEKS: i64 = 13;

/// How long figures are kept. The sums change with every contact, and no judgement of a quarter does within a minute.
const KEPT: Duration = Duration::from_mins(1);

/// Contacts in the sample of the checks.
const SAMPLE: u32 = 2_000;

/// When figures were computed, and what they are about.
#[derive(Debug, Clone, Copy)]
pub struct AsOf {
    /// When.
    pub at: UtcMillis,
    /// Weeks before this one that they are about.
    pub weeks: i64,
    /// Sums of past weeks that are still being brought up to date.
    pub waiting: usize,
    /// Contacts behind them that another engine has read than the one in use.
    pub by_other_engines: usize,
}

/// Everything that pages and programs may ask for, as of one moment.
pub struct Figures {
    /// When it was computed.
    pub as_of: UtcMillis,
    /// Sums of past weeks that are still being brought up to date: the figures lack contacts then. The running week always
    /// moves on and is not counted.
    pub waiting: usize,
    /// Contacts of these weeks that another engine has read than the one in use: figures mix two readings then.
    pub by_other_engines: usize,
    /// The first week, as [`UtcMillis::week`] counts.
    pub since_week: i64,
    /// Everybody, by work number.
    pub people: Vec<Person>,
    /// Everybody compared, in the same order.
    pub lines: Vec<Line>,
    /// Everybody's couplings, in the same order.
    pub couplings: Vec<Coupling>,
    /// Everybody's soothing power (S9), in the same order.
    pub soothing: Vec<Soothed>,
    /// Everybody's carry-over from contact to contact (S11), in the same order.
    pub carried: Vec<CarriedOver>,
    /// Queues by name.
    pub queues: Vec<(String, Queue)>,
    /// All queues together.
    pub centre: Queue,
    /// What the estimates of the centre are held against.
    pub checks: Checks,
    /// Teams.
    pub teams: Teams,
    /// What coaching one person on each behaviour could show, if it were agreed now.
    pub powers: Vec<(Indicator, Option<Power>)>,
    profiles: Mutex<BTreeMap<StaffId, Arc<OnceCell<Arc<Profile>>>>>,
}

impl Figures {
    /// When they were computed, and what they are about.
    #[must_use]
    pub const fn as_of(&self) -> AsOf {
        AsOf {
            at: self.as_of,
            weeks: PERIOD_WEEKS,
            waiting: self.waiting,
            by_other_engines: self.by_other_engines,
        }
    }

    /// The profile of one person, computed when somebody asks and kept as long as the figures. Two who ask at once wait for
    /// one computation, and for nobody else's.
    pub(crate) async fn profile(&self, staff: &StaffId) -> Arc<OnceCell<Arc<Profile>>> {
        Arc::clone(self.profiles.lock().await.entry(staff.clone()).or_default())
    }

    /// Place of a person.
    #[must_use]
    pub(crate) fn place(&self, staff: &StaffId) -> Option<usize> {
        self.people.binary_search_by(|person| person.id.cmp(staff)).ok()
    }
}

/// Keeps the latest figures; only one request at a time computes new ones.
#[derive(Default)]
pub(crate) struct Kept(Mutex<Option<(Instant, Arc<Figures>)>>);

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
        let confirmed = store.confirmed(since).await?;
        let sample = store.latest_measures(since, SAMPLE).await?;
        let work = move || {
            let Stored { staff, mut series, queues } = stored;
            let people: Vec<Person> = staff
                .iter()
                .map(|(id, weeks)| {
                    let confirmed = confirmed.get(id).cloned().unwrap_or_default();
                    Person { sums: Sums::of_all(weeks.values()), confirmed, id: id.clone() }
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
                lines: table(&people),
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

/// Sums as they are stored.
#[derive(Default)]
struct Stored {
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

async fn load(store: &Store, since_week: i64) -> Result<Stored, StoreError> {
    let mut stored = Stored { staff: weeks(store, since_week).await?, ..Stored::default() };
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
