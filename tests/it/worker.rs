//! What the worker makes of the queue, with an analyst whose answers a test decides.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tingxin::domain::{
    Analysed, ContactState, Flag, RedactedContact, Rule, RuleState, RuleThresholds, Severity, UtcMillis,
};
use tingxin::events::{Deaf, Ending, Event, Observer};
use tingxin::pipeline::LaneError;
use tingxin::store::{Actor, NewAudit, NewRuleChange, Store, ThresholdChange, ThresholdReplay};
use tingxin::worker::{Analyst, Worker, WorkerOptions};
use tokio::sync::{Notify, watch};

use crate::support::store::{NOW, TestDb, analysis, flag, intake, key, tamper};

fn says(contact: &RedactedContact, word: char) -> bool {
    contact.body.texts().any(|(_, line)| line.text.as_str().contains(word))
}

/// For a text that says «坏», a flag that SQLite refuses: it has no NaN and takes it for null. For «骂» one that it takes.
fn flags_of(contact: &RedactedContact) -> Vec<Flag> {
    let words = [('坏', f64::NAN), ('骂', 0.95)].into_iter();
    let heard = words.filter(|(word, _)| says(contact, *word));
    heard.map(|(_, probability)| flag(Rule::Abuse, Severity::High, probability)).collect()
}

/// Fails on every batch in which a text says «毒».
#[derive(Clone, Default)]
struct Fake {
    /// Batches after which it says that it is busy, once each.
    busy: Arc<AtomicUsize>,
    /// Sizes of the batches it was given.
    batches: Arc<Mutex<Vec<usize>>>,
    /// Rings instead of ever answering.
    hangs: Option<Arc<Notify>>,
    /// The threshold for abuse that it was told last.
    bar: Arc<Mutex<Option<f64>>>,
}

impl Analyst for Fake {
    async fn analyse(&self, contacts: Vec<RedactedContact>) -> Result<Vec<Analysed>, LaneError> {
        if let Some(asked) = &self.hangs {
            asked.notify_one();
            std::future::pending::<()>().await;
        }
        if self.busy.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1)).is_ok() {
            return Err(LaneError::Busy);
        }
        self.batches.lock().unwrap().push(contacts.len());
        if contacts.iter().any(|contact| says(contact, '毒')) {
            return Err(LaneError::Failed("a stage panicked".to_owned()));
        }
        Ok(contacts.iter().map(|contact| analysis(contact, "lexicon-1", flags_of(contact)).into()).collect())
    }

    fn judge_by(&self, bars: RuleThresholds) {
        *self.bar.lock().unwrap() = bars.of(Rule::Abuse);
    }
}

#[derive(Default)]
struct Ears(Mutex<Vec<Event>>);

impl Observer for Ears {
    fn note(&self, event: Event) {
        self.0.lock().unwrap().push(event);
    }
}

fn quick() -> WorkerOptions {
    WorkerOptions {
        idle: Duration::from_millis(20),
        grace: Duration::from_millis(50),
        ..WorkerOptions::default()
    }
}

fn worker(store: &Store, fake: &Fake) -> Worker<Fake> {
    Worker::new(store.clone(), fake.clone(), Arc::new(Deaf), quick())
}

async fn fill(store: &Store, texts: &[&str]) -> Vec<tingxin::domain::ContactRef> {
    let batch: Vec<_> =
        texts.iter().enumerate().map(|(n, text)| intake(&format!("H-{n}"), 1, text)).collect();
    store.ingest(&batch, NOW).await.unwrap().iter().map(key).collect()
}

async fn state(store: &Store, id: tingxin::domain::ContactRef) -> ContactState {
    store.contact(id, None).await.unwrap().unwrap().state
}

#[tokio::test]
async fn a_batch_is_analysed_stored_and_reported() {
    let db = TestDb::sqlite().await;
    let ids = fill(&db.store, &["宽带断了", "话费不对"]).await;
    let ears = Arc::new(Ears::default());
    let worker = Worker::new(db.store.clone(), Fake::default(), ears.clone(), quick());

    let done = worker.run_one().await.unwrap();

    assert_eq!(done, 2);
    for id in ids {
        assert_eq!(state(&db.store, id).await, ContactState::Analysed);
    }
    let heard = ears.0.lock().unwrap();
    let analysed = heard.iter().filter(|event| matches!(event, Event::Analysed { .. })).count();
    let stored = heard.iter().filter(|event| matches!(event, Event::StageDone { .. })).count();
    assert_eq!((analysed, stored), (2, 1), "{heard:?}");
}

async fn set_threshold(store: &Store, threshold: f64, since: UtcMillis) {
    let replay = ThresholdReplay { before: 0.8, contacts: 0, stay: 0, appear: 0, go: 0 };
    let actor = Actor::here("user:lead", None);
    let (action, object, result) = ("rule.threshold", "abuse".to_owned(), "ok");
    let change = NewRuleChange {
        rule: Rule::Abuse,
        state: RuleState::On,
        since,
        note: None,
        measured: None,
        threshold: Some(ThresholdChange { threshold, replay }),
        entry: NewAudit { at: NOW, actor, action, object, result, purpose: None },
    };
    store.change_rule(&change).await.unwrap();
}

#[tokio::test]
async fn flags_are_raised_by_the_threshold_that_is_in_force_and_not_by_one_that_is_to_come() {
    let db = TestDb::sqlite().await;
    let fake = Fake::default();
    let now = UtcMillis::now();
    for (threshold, since) in [(0.6, now.plus_millis(-1_000)), (0.4, now.plus_millis(86_400_000))] {
        set_threshold(&db.store, threshold, since).await;
    }
    fill(&db.store, &["宽带断了"]).await;

    worker(&db.store, &fake).run_one().await.unwrap();

    assert_eq!(*fake.bar.lock().unwrap(), Some(0.6));
}

#[tokio::test]
async fn one_poisonous_contact_does_not_hold_up_its_neighbours() {
    let db = TestDb::sqlite().await;
    let ids = fill(&db.store, &["宽带断了", "有毒", "话费不对"]).await;
    let fake = Fake::default();
    let ears = Arc::new(Ears::default());
    let worker = Worker::new(db.store.clone(), fake.clone(), ears.clone(), quick());

    worker.run_one().await.unwrap();

    assert_eq!(state(&db.store, ids[0]).await, ContactState::Analysed);
    assert_eq!(state(&db.store, ids[1]).await, ContactState::Queued);
    assert_eq!(state(&db.store, ids[2]).await, ContactState::Analysed);
    assert_eq!(*fake.batches.lock().unwrap(), [3, 1, 1, 1]);
    let heard = ears.0.lock().unwrap();
    assert_eq!(heard.iter().filter(|event| **event == Event::AttemptFailed).count(), 1, "{heard:?}");
}

#[tokio::test]
async fn one_result_that_cannot_be_stored_does_not_hold_up_its_neighbours() {
    let db = TestDb::sqlite().await;
    let ids = fill(&db.store, &["宽带断了", "坏", "话费不对"]).await;

    worker(&db.store, &Fake::default()).run_one().await.unwrap();

    assert_eq!(state(&db.store, ids[0]).await, ContactState::Analysed);
    assert_eq!(state(&db.store, ids[1]).await, ContactState::Queued);
    assert_eq!(state(&db.store, ids[2]).await, ContactState::Analysed);
}

#[tokio::test]
async fn what_is_read_and_not_stored_does_not_count_and_what_is_read_twice_counts_once() {
    let db = TestDb::sqlite().await;
    fill(&db.store, &["宽带断了", "坏", "被骂了"]).await;
    let ears = Arc::new(Ears::default());

    // All three are read; one result is refused, so each is read once more by itself.
    Worker::new(db.store.clone(), Fake::default(), ears.clone(), quick()).run_one().await.unwrap();

    let heard = ears.0.lock().unwrap();
    let count = |wanted: fn(&Event) -> bool| heard.iter().filter(|event| wanted(event)).count();
    assert_eq!(count(|event| matches!(event, Event::Flagged { .. })), 1, "{heard:?}");
    assert_eq!(count(|event| matches!(event, Event::Ended { ending: Ending::Unknown, .. })), 2, "{heard:?}");
    assert_eq!(count(|event| matches!(event, Event::Analysed { .. })), 2, "{heard:?}");
}

#[tokio::test]
async fn a_busy_analyst_is_asked_again_and_costs_no_attempt() {
    let db = TestDb::sqlite().await;
    let ids = fill(&db.store, &["宽带断了"]).await;
    let fake = Fake { busy: Arc::new(AtomicUsize::new(20)), ..Fake::default() };

    let done = worker(&db.store, &fake).run_one().await.unwrap();

    assert_eq!(done, 1);
    assert_eq!(state(&db.store, ids[0]).await, ContactState::Analysed);
}

#[tokio::test]
async fn a_worker_that_is_told_to_stop_gives_its_leases_back_uncounted() {
    let db = TestDb::sqlite().await;
    fill(&db.store, &["宽带断了", "话费不对"]).await;
    let asked = Arc::new(Notify::new());
    let hanging = Fake { hangs: Some(asked.clone()), ..Fake::default() };
    let (stop, stopped) = watch::channel(false);
    let running = tokio::spawn(worker(&db.store, &hanging).run(stopped));
    asked.notified().await;

    stop.send(true).unwrap();
    running.await.unwrap();

    let fake = Fake::default();
    worker(&db.store, &fake).run_one().await.unwrap();
    assert_eq!(*fake.batches.lock().unwrap(), [2], "both at once: neither has a strike against it");
}

/// Takes the queue away during its first batch, so that the claims can be neither completed nor
/// given back.
struct Breaking {
    db: Arc<TestDb>,
    batches: Arc<Mutex<Vec<usize>>>,
}

impl Analyst for Breaking {
    async fn analyse(&self, contacts: Vec<RedactedContact>) -> Result<Vec<Analysed>, LaneError> {
        let batch = {
            let mut batches = self.batches.lock().unwrap();
            batches.push(contacts.len());
            batches.len()
        };
        if batch == 1 {
            tamper(&self.db, "ALTER TABLE jobs RENAME TO jobs_gone").await;
        }
        Ok(contacts.iter().map(|contact| analysis(contact, "lexicon-1", Vec::new()).into()).collect())
    }
}

#[tokio::test]
async fn claims_that_could_not_be_given_back_do_not_wait_for_the_end_of_their_lease() {
    let db = Arc::new(TestDb::sqlite().await);
    fill(&db.store, &["宽带断了", "话费不对"]).await;
    let batches = Arc::<Mutex<Vec<usize>>>::default();
    let analyst = Breaking { db: Arc::clone(&db), batches: Arc::clone(&batches) };
    let worker = Worker::new(db.store.clone(), analyst, Arc::new(Deaf), quick());
    worker.run_one().await.unwrap_err();
    worker.run_one().await.unwrap_err();

    tamper(&db, "ALTER TABLE jobs_gone RENAME TO jobs").await;

    assert_eq!(worker.run_one().await.unwrap(), 2);
    assert_eq!(*batches.lock().unwrap(), [2, 2], "both at once: neither has a strike against it");
}

#[tokio::test]
async fn a_running_worker_drains_the_queue_and_then_stops() {
    let db = TestDb::sqlite().await;
    let texts: Vec<&str> = std::iter::repeat_n("宽带断了", 100).collect();
    fill(&db.store, &texts).await;
    let (stop, stopped) = watch::channel(false);
    let running = tokio::spawn(worker(&db.store, &Fake::default()).run(stopped));

    while db.store.queue_state(NOW).await.unwrap().waiting > 0 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    stop.send(true).unwrap();
    running.await.unwrap();

    assert_eq!(db.store.inventory().await.unwrap().analyses, 100);
}

#[tokio::test]
async fn a_sleeping_worker_wakes_up_when_it_is_told_of_a_contact() {
    let db = TestDb::sqlite().await;
    // Without the wake-up the second look at the queue would be an hour away.
    let options = WorkerOptions { idle: Duration::from_hours(1), ..WorkerOptions::default() };
    let wake = options.wake.clone();
    let (stop, stopped) = watch::channel(false);
    let sleeper = Worker::new(db.store.clone(), Fake::default(), Arc::new(Deaf), options);
    let running = tokio::spawn(sleeper.run(stopped));
    tokio::time::sleep(Duration::from_millis(100)).await;

    let ids = fill(&db.store, &["宽带断了"]).await;
    wake.notify_one();

    while state(&db.store, ids[0]).await != ContactState::Analysed {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    stop.send(true).unwrap();
    running.await.unwrap();
}

#[tokio::test]
async fn the_sums_of_an_import_are_worked_off_without_a_pause_once_the_queue_is_empty() {
    let db = TestDb::sqlite().await;
    tamper(
        &db,
        "INSERT INTO stale_sums (kind, name, week) \
         WITH RECURSIVE n (at) AS (SELECT 1 UNION ALL SELECT at + 1 FROM n WHERE at < 450) \
         SELECT 'staff', 'A' || at, 2900 FROM n",
    )
    .await;
    let (stop, stopping) = watch::channel(false);

    let running = tokio::spawn(worker(&db.store, &Fake::default()).run(stopping));

    let done = async {
        while !db.store.stale_sums(None, 1).await.unwrap().is_empty() {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    // Rounds of a hundred every half minute would take two minutes.
    tokio::time::timeout(Duration::from_secs(20), done).await.unwrap();
    stop.send(true).unwrap();
    running.await.unwrap();
}
