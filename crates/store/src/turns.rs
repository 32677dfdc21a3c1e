//! Whose turn it is at SQLite's one writer and its few readers.
//!
//! A pool hands connections out first come, first served, so whoever asks most gets most. Here
//! everybody who waits stands in a queue of their own. The kinds of work take turns, and within a
//! kind the parties do: a key with a hundred requests waits for itself, and scoring waits for one
//! transaction of each other kind at most.
//!
//! PostgreSQL needs none of it: it has a connection for each of many writers.

use std::collections::VecDeque;
use std::future::Future;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::oneshot;

use super::patience::PATIENCE;

/// Kinds of work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum WorkKind {
    /// Requests that are answered.
    Requests,
    /// Streams of contacts.
    Streams,
    /// Analyses and sums.
    Scoring,
    /// The audit log, upkeep, commands.
    House,
}

/// On whose account the database is used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Party {
    kind: WorkKind,
    name: Arc<str>,
}

impl Party {
    /// Whoever asks: an account, a key, the address of a stranger.
    #[must_use]
    pub fn caller(name: &str) -> Self {
        Self { kind: WorkKind::Requests, name: name.into() }
    }

    /// A stream of contacts of that caller.
    #[must_use]
    pub fn stream_of(name: &str) -> Self {
        Self { kind: WorkKind::Streams, name: name.into() }
    }

    /// The worker.
    #[must_use]
    pub fn scoring() -> Self {
        Self { kind: WorkKind::Scoring, name: "".into() }
    }

    /// Work that the program does for itself, and what many wait for who must not wait for one of
    /// them.
    #[must_use]
    pub fn house(name: &str) -> Self {
        Self { kind: WorkKind::House, name: name.into() }
    }

    /// For whom this task works, for what it spawns.
    #[must_use]
    pub fn present() -> Self {
        PARTY.try_with(Clone::clone).unwrap_or_else(|_| Self::house(""))
    }
}

tokio::task_local! {
    /// Rejected: a parameter of every function of the store. It would be handed through every
    /// layer, and whoever forgot it would go unnoticed.
    static PARTY: Party;
}

/// Does `work` on the account of `party`. What it spawns is on nobody's account, unless
/// [`Party::present`] is handed on.
pub async fn on_behalf_of<F: Future>(party: Party, work: F) -> F::Output {
    PARTY.scope(party, work).await
}

/// Places at the database, and who waits for one.
#[derive(Debug)]
pub(crate) struct TurnQueue {
    places: Mutex<TurnPlaces>,
    given: AtomicU64,
}

#[derive(Debug)]
struct TurnPlaces {
    free: usize,
    /// The kind that was served last stands last.
    kinds: VecDeque<(WorkKind, VecDeque<WaitingParties>)>,
}

/// One party with everything that it waits for.
#[derive(Debug)]
struct WaitingParties {
    name: Arc<str>,
    calls: VecDeque<oneshot::Sender<TakenTurn>>,
}

/// A place at the database. Whoever drops it makes room for the next.
#[derive(Debug)]
pub(crate) struct TakenTurn(Option<Arc<TurnQueue>>);

impl TurnQueue {
    pub(crate) fn new(places: usize) -> Arc<Self> {
        let kinds = [WorkKind::Requests, WorkKind::Streams, WorkKind::Scoring, WorkKind::House];
        let kinds = kinds.into_iter().map(|kind| (kind, VecDeque::new())).collect();
        Arc::new(Self { places: Mutex::new(TurnPlaces { free: places, kinds }), given: AtomicU64::new(0) })
    }

    /// Waits for a turn of whoever this task works for.
    ///
    /// # Errors
    /// [`sqlx::Error::PoolTimedOut`], as the pool itself says it.
    pub(crate) async fn wait(self: &Arc<Self>) -> Result<TakenTurn, sqlx::Error> {
        let called = {
            let mut places = self.lock();
            if places.free > 0 {
                places.free -= 1;
                self.given.fetch_add(1, Ordering::Relaxed);
                return Ok(TakenTurn(Some(Arc::clone(self))));
            }
            let (call, called) = oneshot::channel();
            places.queue(Party::present(), call);
            called
        };
        match tokio::time::timeout(PATIENCE, called).await {
            Ok(Ok(turn)) => Ok(turn),
            Ok(Err(_)) | Err(_) => Err(sqlx::Error::PoolTimedOut),
        }
    }

    /// Turns that anybody had so far.
    pub(crate) fn given(&self) -> u64 {
        self.given.load(Ordering::Relaxed)
    }

    fn pass_on(self: Arc<Self>) {
        loop {
            let call = {
                let mut places = self.lock();
                let Some(call) = places.next() else {
                    places.free += 1;
                    return;
                };
                call
            };
            // Whoever has stopped waiting gives the turn back at once. Its value must not be
            // dropped as one that was used.
            let Err(mut unused) = call.send(TakenTurn(Some(Arc::clone(&self)))) else {
                self.given.fetch_add(1, Ordering::Relaxed);
                return;
            };
            unused.0 = None;
        }
    }

    fn lock(&self) -> MutexGuard<'_, TurnPlaces> {
        self.places.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl TurnPlaces {
    fn queue(&mut self, party: Party, call: oneshot::Sender<TakenTurn>) {
        let Some((_, queue)) = self.kinds.iter_mut().find(|(kind, _)| *kind == party.kind) else { return };
        match queue.iter_mut().find(|waiting| waiting.name == party.name) {
            Some(waiting) => waiting.calls.push_back(call),
            None => queue.push_back(WaitingParties { name: party.name, calls: VecDeque::from([call]) }),
        }
    }

    fn next(&mut self) -> Option<oneshot::Sender<TakenTurn>> {
        let at = self.kinds.iter().position(|(_, queue)| !queue.is_empty())?;
        let (kind, mut queue) = self.kinds.remove(at)?;
        let call = queue.pop_front().and_then(|mut waiting| {
            let call = waiting.calls.pop_front();
            if !waiting.calls.is_empty() {
                queue.push_back(waiting);
            }
            call
        });
        self.kinds.push_back((kind, queue));
        call
    }
}

impl Drop for TakenTurn {
    fn drop(&mut self) {
        if let Some(turns) = self.0.take() {
            turns.pass_on();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Who was served, in order, when these wait for one place that is taken.
    async fn served(waiting: &[Party]) -> Vec<String> {
        let turns = TurnQueue::new(1);
        let held = turns.wait().await.unwrap();
        let order = Arc::new(Mutex::new(Vec::new()));
        let mut tasks = Vec::new();
        for party in waiting {
            let (turns, order, said) = (Arc::clone(&turns), Arc::clone(&order), party.clone());
            let work = async move {
                let _turn = turns.wait().await.unwrap();
                order.lock().unwrap().push(format!("{:?} {}", said.kind, said.name));
            };
            tasks.push(tokio::spawn(on_behalf_of(party.clone(), work)));
            // The test runs on one thread: now the task waits.
            tokio::task::yield_now().await;
        }
        drop(held);
        for task in tasks {
            task.await.unwrap();
        }
        Arc::into_inner(order).unwrap().into_inner().unwrap()
    }

    #[tokio::test]
    async fn a_key_that_asks_a_hundred_times_is_served_once_before_another_has_its_turn() {
        let mut waiting = vec![Party::caller("key:hot"); 100];
        waiting.push(Party::caller("key:other"));

        let order = served(&waiting).await;

        assert_eq!(order.len(), 101);
        assert_eq!(order[1], "Requests key:other");
    }

    #[tokio::test]
    async fn scoring_has_its_turn_however_many_streams_wait() {
        let mut waiting: Vec<Party> = (0..8).map(|n| Party::stream_of(&format!("key:{n}"))).collect();
        waiting.extend([Party::scoring(), Party::scoring(), Party::caller("key:a")]);

        let order = served(&waiting).await;

        let scored: Vec<usize> = (0..order.len()).filter(|at| order[*at] == "Scoring ").collect();
        assert_eq!(scored, [2, 4], "after one of each other kind: {order:?}");
    }

    #[tokio::test]
    async fn whoever_has_gone_away_keeps_nobody_waiting() {
        let turns = TurnQueue::new(1);
        let held = turns.wait().await.unwrap();
        let gone = tokio::spawn({
            let turns = Arc::clone(&turns);
            async move { turns.wait().await.map(drop) }
        });
        tokio::task::yield_now().await;
        gone.abort();
        assert!(gone.await.unwrap_err().is_cancelled());

        drop(held);

        drop(tokio::time::timeout(PATIENCE / 2, turns.wait()).await.unwrap().unwrap());
    }
}
