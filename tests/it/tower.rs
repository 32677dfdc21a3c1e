//! What is watched over the whole house, on both databases: sources that fall silent, readings that move.

use tingxin::deliver;
use tingxin::desk::{Desk, DriftReference, SourceHour, hooks};
use tingxin::domain::{Analysed, Body, Channel, Intake, SourceId, UtcMillis, Valence};
use tingxin::redact::{PseudonymKey, Redactor};
use tingxin::statistics::drift::ReadingSpread;
use tingxin::store::{Claim, News, Store};

use crate::support::store::{LEASE, NOW, TestDb, analysis, contact, engine, intake_of, on_each_backend};

on_each_backend! {
    a_source_that_falls_silent_in_its_usual_hour_is_told_once_and_a_quiet_one_never,
    the_same_hour_of_past_weeks_is_told_beside_the_last_one,
    readings_that_have_moved_are_told_once_a_day_and_those_that_have_not_never,
    what_another_model_has_read_and_what_is_older_than_a_day_is_no_drift,
}

const HOUR: i64 = 3_600_000;
const WEEK: i64 = 168 * HOUR;

fn desk(store: &Store, reference: Option<DriftReference>) -> Desk {
    let redactor = Redactor::new(PseudonymKey::new([7; 32]));
    Desk::new(store.clone(), redactor, engine("lexicon-1"), None).with_reference(reference)
}

/// So many contacts of a source, as they come in.
async fn receive(store: &Store, (source, channel): (&str, Channel), at: UtcMillis, number: usize) {
    let one = |n| {
        let mut one = contact(&format!("{}-{n}", at.as_millis()), 1, "宽带断了");
        one.header.source = SourceId::new(source).unwrap();
        one.header.channel = channel;
        intake_of(one)
    };
    let all: Vec<Intake> = (0..number).map(one).collect();
    store.ingest(&all, at).await.unwrap();
}

/// What the robots say of everything in the feed.
async fn told(store: &Store) -> String {
    let news: Vec<News> = store.news(0, None, 1_000).await.unwrap();
    deliver::message(&news, "\n")
}

async fn a_source_that_falls_silent_in_its_usual_hour_is_told_once_and_a_quiet_one_never(db: TestDb) {
    let store = &db.store;
    for week in 1..=3 {
        let at = NOW.plus_millis(-week * WEEK - HOUR / 2);
        receive(store, ("crm", Channel::Hotline), at, 12).await;
        receive(store, ("crm", Channel::Hall), at, 3).await;
        receive(store, ("bot", Channel::Chat), at, 12).await;
    }
    receive(store, ("new", Channel::Chat), NOW.plus_millis(-2 * HOUR), 40).await;
    receive(store, ("bot", Channel::Chat), NOW.plus_millis(-HOUR / 2), 1).await;
    let desk = desk(store, None);

    assert_eq!(hooks::watch(&desk, NOW).await.unwrap(), 1);
    assert_eq!(hooks::watch(&desk, NOW.plus_millis(60_000)).await.unwrap(), 0, "one silence, one message");

    let said = told(store).await;
    assert!(said.contains("来源中断：「crm」（热线）近一小时没有送来记录，往常同时段至少 12 条"), "{said}");
    receive(store, ("crm", Channel::Hotline), NOW.plus_millis(120_000), 1).await;
    assert_eq!(hooks::watch(&desk, NOW.plus_millis(180_000)).await.unwrap(), 0, "it sends again");
}

async fn the_same_hour_of_past_weeks_is_told_beside_the_last_one(db: TestDb) {
    let store = &db.store;
    for (week, number) in [(0, 5), (1, 4), (2, 7), (3, 9), (5, 1)] {
        receive(store, ("crm", Channel::Hotline), NOW.plus_millis(-week * WEEK - 1), number).await;
    }
    receive(store, ("crm", Channel::Hotline), NOW.plus_millis(-HOUR - 1), 30).await;
    receive(store, ("archive", Channel::Visit), NOW.plus_millis(-6 * WEEK), 2).await;
    receive(store, ("bot", Channel::Chat), NOW.plus_millis(-WEEK - 1), 6).await;

    let senders = store.senders(NOW, 10).await.unwrap();
    let hours = desk(store, None).sources(NOW).await.unwrap();

    let names: Vec<(&str, Channel)> = senders.iter().map(|one| (one.source.as_str(), one.channel)).collect();
    assert_eq!(names, [("archive", Channel::Visit), ("bot", Channel::Chat), ("crm", Channel::Hotline)]);
    assert_eq!((senders[2].hour, senders[2].before), (5, [4, 7, 9, 0]));
    assert_eq!(store.senders(NOW, 2).await.unwrap().len(), 2);
    let hour = |source: &str, channel, hour, usual, ago: i64| SourceHour {
        source: SourceId::new(source).unwrap(),
        channel,
        last_at: NOW.plus_millis(-ago),
        hour,
        usual,
    };
    assert_eq!(
        hours,
        [hour("crm", Channel::Hotline, 5, Some(0), 1), hour("bot", Channel::Chat, 0, None, WEEK + 1)],
        "one that sent nothing for five weeks is one of the past, and one week is no habit"
    );
}

/// Ten customers' turns of one valence each, as `model` reads a contact of that time.
async fn read(store: &Store, (id, model): (&str, &str), started_at: UtcMillis, valence: f32) {
    let mut one = contact(id, 1, "宽带断了");
    one.header.started_at = Some(started_at);
    if let Body::Transcript(turns) = &mut one.body {
        let said = turns[1].clone();
        turns.resize(11, said);
    }
    store.ingest(&[intake_of(one)], NOW).await.unwrap();
    let claims = store.claim(1, LEASE, NOW).await.unwrap();
    let [Claim { ticket, contact, .. }] = &claims[..] else { panic!("{claims:?}") };
    let mut analysis = analysis(contact, model, Vec::new());
    for turn in &mut analysis.utterances {
        turn.valence = Some(Valence::new(valence).unwrap());
    }
    let analysed: Analysed = analysis.into();
    store.complete(&[(*ticket, analysed)], NOW).await.unwrap();
}

/// Half of the readings below 0, half above.
fn halves() -> DriftReference {
    let spread = ReadingSpread { edges: vec![0.0], counts: vec![5_000.0, 5_000.0], worth: 1_000.0 };
    DriftReference { spoken: spread.clone(), written: spread }
}

async fn readings_that_have_moved_are_told_once_a_day_and_those_that_have_not_never(db: TestDb) {
    let store = &db.store;
    for n in 0..100 {
        let valence = if n % 2 == 0 { -0.5 } else { 0.5 };
        read(store, (&format!("H-{n}"), "lexicon-1"), NOW.plus_millis(-2 * HOUR), valence).await;
    }
    let desk = desk(store, Some(halves()));
    let drifts = desk.drifts(NOW).await.unwrap();
    assert_eq!(drifts.len(), 1);
    assert!(drifts[0].drift.psi < 0.05 && drifts[0].drift.contacts == 100, "{drifts:?}");
    assert_eq!(hooks::watch(&desk, NOW).await.unwrap(), 0);

    for n in 0..400 {
        read(store, (&format!("L-{n}"), "lexicon-1"), NOW.plus_millis(-HOUR), -0.5).await;
    }
    let drifts = desk.drifts(NOW).await.unwrap();
    assert!(
        drifts[0].is_far() && drifts[0].drift.contacts == 400,
        "the latest alone are compared: {drifts:?}"
    );
    assert_eq!(hooks::watch(&desk, NOW).await.unwrap(), 1);
    assert_eq!(hooks::watch(&desk, NOW.plus_millis(HOUR)).await.unwrap(), 0, "once a day");

    let said = told(store).await;
    assert!(said.contains("情绪读数偏移：「热线」最近 400 条对话的读数与模型定标时相差较大（PSI "), "{said}");
}

async fn what_another_model_has_read_and_what_is_older_than_a_day_is_no_drift(db: TestDb) {
    let store = &db.store;
    for n in 0..100 {
        read(store, (&format!("O-{n}"), "lexicon-0"), NOW.plus_millis(-HOUR), -0.5).await;
        read(store, (&format!("E-{n}"), "lexicon-1"), NOW.plus_millis(-25 * HOUR), -0.5).await;
    }

    assert_eq!(desk(store, Some(halves())).drifts(NOW).await.unwrap(), []);
    for n in 0..100 {
        read(store, (&format!("N-{n}"), "lexicon-1+rust-bert"), NOW.plus_millis(-HOUR), -0.5).await;
    }
    assert_eq!(
        desk(store, Some(halves())).drifts(NOW).await.unwrap().len(),
        1,
        "another engine, the same model"
    );
    assert_eq!(desk(store, None).drifts(NOW).await.unwrap(), [], "a model without a reference");
}
