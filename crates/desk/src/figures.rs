//! Statistics of staff, queues, teams and the centre as of one moment.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Instant;

use tingxin_staff::{
    CarriedOver, Checks, Coupling, Indicator, Person, Power, Profile, Queue, Soothed, StaffLine, Teams,
};
use tingxin_text::domain::{StaffId, UtcMillis};
use tokio::sync::{Mutex, OnceCell};

/// Weeks that figures are about: this one and the thirteen before it, about 90 days.
pub const PERIOD_WEEKS: i64 = 13;

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
    /// Sums of past weeks that are still being brought up to date: the figures lack contacts then.
    /// The running week always moves on and is not counted.
    pub waiting: usize,
    /// Contacts of these weeks that an engine other than the one in use has read: the figures mix
    /// two readings then.
    pub by_other_engines: usize,
    /// The first week, as [`UtcMillis::week`] counts.
    pub since_week: i64,
    /// Everybody, by work number.
    pub people: Vec<Person>,
    /// Everybody compared, in the same order.
    pub lines: Vec<StaffLine>,
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
    pub(crate) profiles: Mutex<BTreeMap<StaffId, Arc<OnceCell<Arc<Profile>>>>>,
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

    /// The profile of one person, computed when somebody asks and kept as long as the figures. Two
    /// who ask at once wait for one computation, and for nobody else's.
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
pub(crate) struct KeptFigures(pub(crate) Mutex<Option<(Instant, Arc<Figures>)>>);
