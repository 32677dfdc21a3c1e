//! Turning requests away before they cost anything.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use governor::clock::{Clock, DefaultClock};
use governor::middleware::StateInformationMiddleware;
use governor::state::keyed::HashMapStateStore;
use governor::{Quota, RateLimiter};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, SemaphorePermit};

use super::error::{ApiError, Problem};
use super::limits::Limits;
use super::places::{NoPlace, Place, Places};
use super::visitors::Visitors;
use crate::desk::intake;
use crate::store::Store;

/// Names that the token buckets remember before the idle ones are forgotten.
const REMEMBERED_CALLERS: usize = 1024;

/// How long the age of the oldest unscored contact is believed. It grows by a second a second.
const BACKLOG_FRESH: Duration = Duration::from_secs(1);

/// Age of the oldest unscored contact, in seconds, from which on streams make room for scoring.
const BEHIND_SECONDS: f64 = 2.0;

/// How many times as long as its last batch took a stream rests while scoring is behind.
const REST: u32 = 2;

/// Longest such rest: a client waits for its answers as long.
const LONGEST_REST: Duration = Duration::from_secs(2);

/// Live pages that are open at the same time; one account may have half of them. Each looks every five seconds at figures
/// that all of them share. Set by the project: a screen for each of fifty teams, and some more.
const LIVE_STREAMS: usize = 64;

/// Forms of people who are not known that are worked on at the same time. Passwords are hashed two
/// at a time; more than these would only wait until their time is over.
const AT_THE_DOOR: usize = 16;

/// KiB of bodies that may be held in all: the bodies of 256 requests are not all large.
const HELD_KIB: usize = 64 * 1024;

/// KiB of bodies that are worked on at once: one of the largest size and some two hundred ordinary
/// ones.
const IN_HAND_KIB: usize = 3 * 1024;

/// At least one, and no more than there is.
fn kib(bytes: usize, all: usize) -> u32 {
    u32::try_from(bytes.div_ceil(1024).clamp(1, all)).unwrap_or(u32::MAX)
}

/// The permits and buckets of one process.
pub(super) struct Gates {
    arrivals: Arc<Places>,
    requests: Arc<Places>,
    streams: Arc<Places>,
    live: Arc<Places>,
    door: Arc<Semaphore>,
    /// Batches of streams that are worked on at the same time.
    batches: Semaphore,
    /// How long the next batch rests while scoring is behind.
    rest: Mutex<Duration>,
    /// Forms of people who are not known yet.
    pub(super) visitors: Arc<Visitors>,
    /// KiB of bodies that are held until they are worked on.
    held: Arc<Semaphore>,
    /// KiB of bodies that are worked on.
    in_hand: Arc<Semaphore>,
    callers: RateLimiter<String, HashMapStateStore<String>, DefaultClock, StateInformationMiddleware>,
    clock: DefaultClock,
    oldest_unscored: tokio::sync::Mutex<Option<(Instant, f64)>>,
    turned_away: AtomicU64,
}

/// What is left of a caller's requests, in the words of `RateLimit` and `RateLimit-Policy`
/// (draft-ietf-httpapi-ratelimit-headers).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct QuotaLeft {
    most: u32,
    left: u32,
    /// Milliseconds in which one request comes back.
    each: u128,
}

impl QuotaLeft {
    fn of(quota: Quota, left: u32) -> Self {
        let each = quota.replenish_interval().as_millis().max(1);
        Self { most: quota.burst_size().get(), left, each }
    }

    /// Seconds until so many requests have come back, at least one.
    fn seconds(self, requests: u32) -> u128 {
        (self.each * u128::from(requests)).div_ceil(1000).max(1)
    }

    /// `"caller";r=399;t=1`.
    pub(super) fn now(self) -> String {
        format!("\"caller\";r={};t={}", self.left, self.seconds(self.most.saturating_sub(self.left)))
    }

    /// `"caller";q=400;w=2`.
    pub(super) fn policy(self) -> String {
        format!("\"caller\";q={};w={}", self.most, self.seconds(self.most))
    }
}

/// A batch of a stream in work. Its end sets the rest of the next one.
pub(super) struct StreamBatch<'a> {
    gates: &'a Gates,
    begun: Instant,
    _core: Option<SemaphorePermit<'a>>,
}

impl Drop for StreamBatch<'_> {
    fn drop(&mut self) {
        let rest = (self.begun.elapsed() * REST).min(LONGEST_REST);
        *self.gates.rest.lock().unwrap_or_else(PoisonError::into_inner) += rest;
    }
}

fn half_of_the_cores() -> usize {
    std::thread::available_parallelism().map_or(1, |cores| cores.get().div_ceil(2))
}

impl std::fmt::Debug for Gates {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Gates")
            .field("requests", &self.requests.free())
            .field("streams", &self.streams.free())
            .finish_non_exhaustive()
    }
}

impl Gates {
    pub(super) fn new(limits: &Limits) -> Self {
        let quota = Quota::per_second(limits.requests_per_second).allow_burst(limits.request_burst);
        Self {
            arrivals: Places::new(limits.in_flight),
            requests: Places::new(limits.in_flight),
            streams: Places::new(limits.bulk_streams),
            live: Places::new(LIVE_STREAMS),
            door: Arc::new(Semaphore::new(AT_THE_DOOR)),
            batches: Semaphore::new(half_of_the_cores()),
            rest: Mutex::default(),
            visitors: Arc::default(),
            held: Arc::new(Semaphore::new(HELD_KIB)),
            in_hand: Arc::new(Semaphore::new(IN_HAND_KIB)),
            callers: RateLimiter::hashmap(quota).with_middleware(),
            clock: DefaultClock::default(),
            oldest_unscored: tokio::sync::Mutex::default(),
            turned_away: AtomicU64::new(0),
        }
    }

    /// A place for as long as it takes to find out who asks from `address`.
    pub(super) fn arrival(&self, address: &str) -> Result<Place, ApiError> {
        self.place(&self.arrivals, address, "requests")
    }

    /// A place among the requests in progress, for a caller who is known.
    pub(super) fn request(&self, caller: &str) -> Result<Place, ApiError> {
        self.place(&self.requests, caller, "requests")
    }

    /// A place among the bulk streams in progress.
    pub(super) fn stream(&self, caller: &str) -> Result<Place, ApiError> {
        self.place(&self.streams, caller, "bulk streams")
    }

    /// A place among the live pages that are open.
    pub(super) fn live(&self, caller: &str) -> Result<Place, ApiError> {
        self.place(&self.live, caller, "live pages")
    }

    /// Room for so many bytes more of a body. Asked part by part: who only announces a large body
    /// takes none.
    pub(super) fn room(&self, bytes: usize) -> Result<OwnedSemaphorePermit, ApiError> {
        let room = Arc::clone(&self.held).try_acquire_many_owned(kib(bytes, HELD_KIB));
        let why = "too many large bodies are in progress";
        room.map_err(|_| ApiError::new(Problem::Overloaded, why).retry_after(self.spread(1)))
    }

    /// The turn to read and redact so many bytes, which takes up to a hundred times their memory.
    /// Who comes first is first.
    pub(super) async fn turn(&self, bytes: usize) -> Result<OwnedSemaphorePermit, ApiError> {
        let turn = Arc::clone(&self.in_hand).acquire_many_owned(kib(bytes, IN_HAND_KIB)).await;
        turn.map_err(|_| ApiError::internal())
    }

    fn place(&self, places: &Arc<Places>, name: &str, what: &str) -> Result<Place, ApiError> {
        places.take(name).map_err(|none| match none {
            NoPlace::Left => self.overloaded(&format!("too many {what} are in progress")),
            NoPlace::ForOneMore => {
                let detail = format!("this caller has half of all {what} in progress: wait for one to end");
                ApiError::new(Problem::TooManyRequests, detail).retry_after(self.spread(1))
            }
        })
    }

    /// A place for a form of somebody who is not known.
    pub(super) fn door(&self) -> Result<OwnedSemaphorePermit, ApiError> {
        let place = Arc::clone(&self.door).try_acquire_owned();
        place.map_err(|_| self.overloaded("too many people log in at once"))
    }

    /// Waits until a batch of a stream may be read, redacted and stored. An import leaves half of
    /// the cores to scoring, and while scoring is behind two thirds of the time as well: else it
    /// would bring contacts faster than they are analysed, and slow that down.
    pub(super) async fn batch(&self, store: &Store) -> StreamBatch<'_> {
        // It is never closed.
        let core = self.batches.acquire().await.ok();
        let behind = self.oldest_unscored(store).await > BEHIND_SECONDS;
        let rest = std::mem::take(&mut *self.rest.lock().unwrap_or_else(PoisonError::into_inner));
        if behind {
            tokio::time::sleep(rest).await;
        }
        StreamBatch { gates: self, begun: Instant::now(), _core: core }
    }

    /// The refusal of whoever may come again when others have ended.
    pub(super) fn overloaded(&self, why: &str) -> ApiError {
        ApiError::new(Problem::Overloaded, why).retry_after(self.spread(1))
    }

    /// Seconds between `least` and three times as many, in turn: clients that were turned away
    /// together must not come back together.
    pub(super) fn spread(&self, least: u64) -> u64 {
        least + self.turned_away.fetch_add(1, Ordering::Relaxed) % (2 * least + 1)
    }

    /// Age of the oldest unscored contact in seconds, at most a second old. When the database does
    /// not answer it is 0: the write that follows will say so better.
    pub(super) async fn oldest_unscored(&self, store: &Store) -> f64 {
        // One request asks, the others wait for its answer instead of asking as well.
        let mut known = self.oldest_unscored.lock().await;
        if let Some((_, age)) = known.filter(|(read, _)| read.elapsed() < BACKLOG_FRESH) {
            return age;
        }
        let age = intake::oldest_unscored(store).await.unwrap_or_default();
        *known = Some((Instant::now(), age));
        age
    }

    /// Takes one token of the caller's bucket, and says what is left in it either way.
    pub(super) fn caller(&self, name: &str) -> (QuotaLeft, Result<(), ApiError>) {
        if self.callers.len() > REMEMBERED_CALLERS {
            self.callers.retain_recent();
        }
        match self.callers.check_key(&name.to_owned()) {
            Ok(state) => (QuotaLeft::of(state.quota(), state.remaining_burst_capacity()), Ok(())),
            Err(refused) => {
                let wait = refused.wait_time_from(self.clock.now());
                let why = "this account or key asks more often than it may";
                let refusal = ApiError::new(Problem::TooManyRequests, why);
                let refusal = refusal.retry_after(wait.as_secs().saturating_add(1));
                (QuotaLeft::of(refused.quota(), 0), Err(refusal))
            }
        }
    }
}
