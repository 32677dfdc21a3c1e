//! Statistics of staff, queues, teams and the centre, computed from stored sums and kept for a while.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use actix_web::web;
use tokio::sync::Mutex;

use super::error::ApiError;
use crate::domain::{StaffId, UtcMillis};
use crate::staff::{
    Checks, Coupling, Line, Person, Reliability, Series, Sums, Teams, Weeks, checks, colleagues, coupling,
    table, team_mood,
};
use crate::store::{Store, StoreError, SumKind};
use crate::worker::roll_up;

/// Weeks that figures are about: this one and the thirteen before it, about 90 days.
pub(crate) const WEEKS: i64 = 13;

/// How long figures are kept. The sums change with every contact, and no judgement of a quarter does within a minute.
const KEPT: Duration = Duration::from_mins(1);

/// Sums brought up to date before a reader is answered; the rest waits for the worker.
const AT_ONCE: u32 = 200;

/// Contacts in the sample of the checks.
const SAMPLE: u32 = 2_000;

/// Reliability of a turn's valence: squared correlation of the shipped model's valence with that of the labels on the
/// test split of the corpus, by role: .755 [.694, .816] and .811 [.734, .889] (`models/train/reliability.py`).
const RELIABILITY: Reliability = Reliability { customer: 0.755, agent: 0.811 };

/// Everything that pages and programs may ask for, as of one moment.
pub(super) struct Figures {
    /// When it was computed.
    pub as_of: UtcMillis,
    /// The first week, as [`UtcMillis::week`] counts.
    pub since_week: i64,
    /// Everybody, by work number.
    pub people: Vec<Person>,
    /// Everybody compared, in the same order.
    pub lines: Vec<Line>,
    /// Everybody's couplings, in the same order.
    pub couplings: Vec<Coupling>,
    /// Everybody's sums over turns, in the same order.
    pub series: Vec<Series>,
    /// Queues by name.
    pub queues: Vec<(String, Coupling)>,
    /// Everybody together.
    pub centre: Coupling,
    /// What the estimates of the centre are held against.
    pub checks: Checks,
    /// Teams.
    pub teams: Teams,
}

impl Figures {
    /// Place of a person.
    #[must_use]
    pub(super) fn place(&self, staff: &StaffId) -> Option<usize> {
        self.people.binary_search_by(|person| person.id.cmp(staff)).ok()
    }
}

/// Keeps the latest figures; only one request at a time computes new ones.
#[derive(Default)]
pub(super) struct Kept(Mutex<Option<(Instant, Arc<Figures>)>>);

impl Kept {
    /// The figures, at most a minute old.
    pub(super) async fn get(&self, store: &Store) -> Result<Arc<Figures>, ApiError> {
        let mut kept = self.0.lock().await;
        if let Some((at, figures)) = &*kept
            && at.elapsed() < KEPT
        {
            return Ok(Arc::clone(figures));
        }
        let figures = Arc::new(compute(store, UtcMillis::now()).await?);
        *kept = Some((Instant::now(), Arc::clone(&figures)));
        Ok(figures)
    }

    /// Forgets them, after something was changed that they depend on.
    pub(super) async fn forget(&self) {
        *self.0.lock().await = None;
    }
}

/// Sums as they are stored.
struct Stored {
    staff: Weeks,
    series: BTreeMap<StaffId, Series>,
    queues: BTreeMap<String, Series>,
}

async fn compute(store: &Store, now: UtcMillis) -> Result<Figures, ApiError> {
    roll_up(store, AT_ONCE).await?;
    let since_week = now.week() - WEEKS;
    let since = UtcMillis::of_week(since_week);
    let stored = load(store, since_week).await?;
    let confirmed = store.confirmed(since).await?;
    let sample = store.latest_measures(since, SAMPLE).await?;
    let work = move || {
        let Stored { staff, mut series, queues } = stored;
        let people: Vec<Person> = staff
            .into_iter()
            .map(|(id, weeks)| {
                let confirmed = confirmed.get(&id).cloned().unwrap_or_default();
                Person { sums: Sums::of_all(weeks.values()), confirmed, id }
            })
            .collect();
        let series: Vec<Series> =
            people.iter().map(|person| series.remove(&person.id).unwrap_or_default()).collect();
        let mut all = Series::default();
        for one in &series {
            all.merge(one);
        }
        Figures {
            as_of: now,
            since_week,
            lines: table(&people),
            couplings: colleagues(&series.iter().collect::<Vec<_>>(), RELIABILITY),
            queues: queues.into_iter().map(|(name, own)| (name, coupling(&own, RELIABILITY))).collect(),
            centre: coupling(&all, RELIABILITY),
            checks: checks(&sample),
            teams: team_mood(&people),
            people,
            series,
        }
    };
    // Some hundred milliseconds of arithmetic do not belong on a thread that answers requests.
    web::block(work).await.map_err(|_| ApiError::internal())
}

async fn load(store: &Store, since_week: i64) -> Result<Stored, StoreError> {
    let mut stored =
        Stored { staff: weeks(store, since_week).await?, series: BTreeMap::new(), queues: BTreeMap::new() };
    store
        .series(SumKind::Staff, since_week, |name, _, body| {
            let staff = StaffId::new(name).map_err(|cause| cause.to_string())?;
            stored.series.entry(staff).or_default().merge(&Series::from_json(body)?);
            Ok(())
        })
        .await?;
    store
        .series(SumKind::Queue, since_week, |name, _, body| {
            stored.queues.entry(name.to_owned()).or_default().merge(&Series::from_json(body)?);
            Ok(())
        })
        .await?;
    Ok(stored)
}

/// Everybody's sums over contacts, week by week.
pub(super) async fn weeks(store: &Store, since_week: i64) -> Result<Weeks, StoreError> {
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
