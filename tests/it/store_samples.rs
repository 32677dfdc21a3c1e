//! The random sample and the states of rules, on both databases.

use tingxin::desk::{rules, samples};
use tingxin::domain::{ContactRef, Emotion, FlagStatus, Role, Rule, RuleState, Severity, TeamId, UtcMillis};
use tingxin::store::{
    Actor, DueDraw, FlagFilter, FoundRule, NewAudit, NewDraw, NewReading, NewRuleChange, NewSamplePlan,
    NewSampleWeek, Reply, SampleAnswer, SampleUnit, Store,
};

use crate::support::store::{NOW, TestDb, analysed, flag, intake, on_each_backend, verdict};

on_each_backend! {
    a_week_is_drawn_once_and_a_later_version_changes_nothing_that_an_earlier_one_drew,
    a_contact_is_read_by_as_many_as_it_is_to_and_never_twice_by_one,
    two_who_send_at_once_do_not_both_become_the_first_reader,
    whoever_was_called_away_goes_on_where_they_were,
    a_contact_that_came_anew_is_not_what_was_read,
    an_erased_contact_leaves_the_sample,
    a_hint_is_shown_on_the_contact_and_waits_for_nobody,
    a_rule_that_people_disagree_with_makes_itself_a_hint_until_somebody_switches_it_on,
}

fn entry(who: &str, action: &'static str, at: UtcMillis) -> NewAudit {
    let actor = Actor::here(who, Some(Role::Reviewer));
    NewAudit { at, actor, action, object: "o".to_owned(), result: "ok", purpose: None }
}

async fn plan(store: &Store, per_week: u32) {
    let plan = NewSamplePlan { unit: SampleUnit::Staff, per_week, seed: 7, since_week: NOW.week() };
    store.add_sample_plan(&plan, &entry("user:lead", "sample.plan", NOW)).await.unwrap();
}

/// A moment in the week after [`NOW`]'s.
fn next_week() -> UtcMillis {
    UtcMillis::of_week(NOW.week() + 1)
}

/// Contacts `H-0` to `H-n` of one person, each with a lapse.
async fn archive(db: &TestDb, n: usize) -> Vec<ContactRef> {
    let mut all = Vec::new();
    for at in 0..n {
        let lapse = flag(Rule::AgentLapse, Severity::High, 0.95);
        all.push(analysed(&db.store, intake(&format!("H-{at}"), 1, "宽带又断了"), vec![lapse]).await);
    }
    all
}

/// One contact that so many people are to read; its draw.
async fn drawn(db: &TestDb, readers: u32) -> DueDraw {
    let all = archive(db, 1).await;
    plan(&db.store, 1).await;
    let week = NewSampleWeek { week: NOW.week(), version: 1, contacts: 1, at: NOW };
    let draw = NewDraw { contact: all[0], probability: 1.0, place: 0, readers };
    assert!(db.store.keep_draws(week, &[draw]).await.unwrap());
    db.store.due_draws("user:li.na", None, 10).await.unwrap()[0]
}

fn reading(draw: &DueDraw, who: &str, revision: u32, raised: Vec<Rule>) -> NewReading {
    let found = vec![FoundRule { rule: Rule::Escalation, turn: Some(1), emotion: Some(Emotion::Anger) }];
    let answer = SampleAnswer { found, unclear: vec![Rule::Abuse] };
    let entry = entry(who, "sample.read", NOW);
    NewReading { draw: draw.id, revision, answer, raised, took_ms: Some(900), entry }
}

async fn due(db: &TestDb, who: &str) -> usize {
    let due = db.store.due_draws(who, None, 100).await.unwrap().len();
    assert_eq!(db.store.count_due_draws(who, None).await.unwrap(), due);
    due
}

async fn a_week_is_drawn_once_and_a_later_version_changes_nothing_that_an_earlier_one_drew(db: TestDb) {
    archive(&db, 6).await;
    plan(&db.store, 2).await;
    assert_eq!(samples::draw_due(&db.store, NOW).await.unwrap(), 0, "a week is drawn after it has ended");

    assert_eq!(samples::draw_due(&db.store, next_week()).await.unwrap(), 2);
    let first = db.store.sampled(0).await.unwrap();
    plan(&db.store, 6).await;

    assert_eq!(samples::draw_due(&db.store, next_week()).await.unwrap(), 0);
    assert_eq!(db.store.sampled(0).await.unwrap(), first);
    assert!(first.iter().all(|one| (one.probability - 2.0 / 6.0).abs() < 1e-12), "{first:?}");
    let week = db.store.drawn_weeks(10).await.unwrap()[0].clone();
    assert_eq!((week.version, week.contacts, week.drawn, week.judged, week.twice), (1, 6, 2, 0, 1));
    assert_eq!(db.store.sample_plans().await.unwrap().len(), 2);
    let frame = db.store.frame_counts(0).await.unwrap();
    let contacts = |rule| frame.iter().find(|one| one.rule == rule).map(|one| one.contacts);
    assert_eq!((contacts(None), contacts(Some(Rule::AgentLapse))), (Some(6), Some(6)));
}

async fn a_contact_is_read_by_as_many_as_it_is_to_and_never_twice_by_one(db: TestDb) {
    let draw = drawn(&db, 2).await;
    assert_eq!((due(&db, "user:li.na").await, due(&db, "user:wang").await), (1, 1));

    assert!(db.store.keep_reading(&reading(&draw, "user:li.na", 1, Vec::new())).await.unwrap());
    assert!(!db.store.keep_reading(&reading(&draw, "user:li.na", 1, Vec::new())).await.unwrap());
    assert_eq!((due(&db, "user:li.na").await, due(&db, "user:wang").await), (0, 1));
    assert!(
        db.store.own_reading(draw.id, "user:wang").await.unwrap().is_none(),
        "the second reader is blind"
    );

    assert!(db.store.keep_reading(&reading(&draw, "user:wang", 1, Vec::new())).await.unwrap());
    assert!(!db.store.keep_reading(&reading(&draw, "user:zhao", 1, Vec::new())).await.unwrap(), "enough");
    assert_eq!(due(&db, "user:zhao").await, 0);

    let read = &db.store.sampled(0).await.unwrap()[0];
    assert_eq!(read.flagged, [Rule::AgentLapse]);
    let said: Vec<_> = read.readings.iter().map(|one| one.says(Rule::Escalation)).collect();
    assert_eq!(said, [Some(true), Some(true)]);
    assert_eq!(read.readings[0].says(Rule::Abuse), None, "nobody can tell");
    assert_eq!(read.readings[0].says(Rule::AgentLapse), Some(false), "what is not named is not there");
    let other = TeamId::new("shanghai-02").unwrap();
    assert_eq!(db.store.sample_draw(draw.id, Some(&other)).await.unwrap(), None);
}

async fn two_who_send_at_once_do_not_both_become_the_first_reader(db: TestDb) {
    let draw = drawn(&db, 1).await;
    let (one, other) =
        (reading(&draw, "user:li.na", 1, Vec::new()), reading(&draw, "user:wang", 1, Vec::new()));

    let (first, second) = tokio::join!(db.store.keep_reading(&one), db.store.keep_reading(&other));

    assert_ne!(first.unwrap(), second.unwrap(), "one of them is kept");
    assert_eq!(db.store.sampled(0).await.unwrap()[0].readings.len(), 1);
}

async fn whoever_was_called_away_goes_on_where_they_were(db: TestDb) {
    let draw = drawn(&db, 1).await;
    let raised = vec![Rule::AgentLapse, Rule::Recovery];
    db.store.keep_reading(&reading(&draw, "user:li.na", 1, raised)).await.unwrap();

    let own = db.store.own_reading(draw.id, "user:li.na").await.unwrap().unwrap();
    assert_eq!((own.open(), own.done, due(&db, "user:li.na").await), (Some(Rule::AgentLapse), false, 1));
    assert_eq!(due(&db, "user:wang").await, 0, "the place is taken");
    let first = Reply { rule: Rule::AgentLapse, status: FlagStatus::Confirmed };
    let both = [first, Reply { rule: Rule::Recovery, status: FlagStatus::Rejected }];
    let said = |before: &'static str| entry("user:li.na", before, NOW);
    assert!(db.store.keep_replies(draw.id, (&[], &[first]), false, &said("sample.reply")).await.unwrap());
    assert!(!db.store.keep_replies(draw.id, (&[], &[first]), false, &said("sample.reply")).await.unwrap());
    assert!(db.store.keep_replies(draw.id, (&[first], &both), true, &said("sample.reply")).await.unwrap());

    assert_eq!(due(&db, "user:li.na").await, 0);
    let read = &db.store.sampled(0).await.unwrap()[0].readings[0];
    assert!(read.done);
    assert_eq!((read.says(Rule::AgentLapse), read.answer.says(Rule::AgentLapse)), (Some(true), Some(false)));
}

async fn a_contact_that_came_anew_is_not_what_was_read(db: TestDb) {
    let draw = drawn(&db, 2).await;
    db.store.keep_reading(&reading(&draw, "user:li.na", 1, Vec::new())).await.unwrap();
    db.store.ingest(&[intake("H-0", 2, "另一段话")], NOW).await.unwrap();

    assert!(!db.store.keep_reading(&reading(&draw, "user:wang", 1, Vec::new())).await.unwrap());
    assert!(db.store.sampled(0).await.unwrap()[0].readings.is_empty(), "its words are about another text");
}

async fn an_erased_contact_leaves_the_sample(db: TestDb) {
    let draw = drawn(&db, 1).await;
    db.store.keep_reading(&reading(&draw, "user:li.na", 1, Vec::new())).await.unwrap();
    let erased = tingxin::store::Erasable::Contact(draw.contact);

    db.store.erase(&erased, NOW).await.unwrap();

    assert!(db.store.sampled(0).await.unwrap().is_empty());
    assert!(db.store.own_reading(draw.id, "user:li.na").await.unwrap().is_none());
}

async fn switch(db: &TestDb, rule: Rule, state: RuleState, since: UtcMillis) {
    let entry = entry("user:lead", "rule.on", since);
    let change = NewRuleChange { rule, state, since, note: None, measured: None, threshold: None, entry };
    db.store.change_rule(&change).await.unwrap();
}

async fn a_hint_is_shown_on_the_contact_and_waits_for_nobody(db: TestDb) {
    let flags = vec![flag(Rule::AgentLapse, Severity::High, 0.95), flag(Rule::Abuse, Severity::Info, 0.9)];
    let id = analysed(&db.store, intake("H-1", 1, "宽带又断了"), flags).await;
    analysed(&db.store, intake("H-2", 1, "好"), vec![flag(Rule::AgentLapse, Severity::High, 0.9)]).await;
    let states = async |now| db.store.rule_states(now).await.unwrap();
    let queue = async || {
        let filter = FlagFilter { without: states(NOW).await.not_counted(), ..FlagFilter::default() };
        let page = db.store.review_queue(&filter, None, 10).await.unwrap();
        let total = db.store.review_total(&filter).await.unwrap();
        assert_eq!(usize::try_from(total.counted).unwrap(), page.items.len());
        page.items.iter().map(|item| (item.contact.id, item.flags.len())).collect::<Vec<_>>()
    };
    assert_eq!(queue().await.len(), 2);

    switch(&db, Rule::AgentLapse, RuleState::Hint, NOW).await;
    assert_eq!(queue().await, [(id, 1)]);
    assert_eq!(states(NOW).await.not_shown(), [], "a hint is shown");

    switch(&db, Rule::AgentLapse, RuleState::Off, NOW).await;
    let filter = FlagFilter { without: states(NOW).await.not_shown(), ..FlagFilter::default() };
    assert_eq!(db.store.flags(&filter, None, 10).await.unwrap().items.len(), 1);

    let tomorrow = NOW.plus_millis(86_400_000);
    switch(&db, Rule::AgentLapse, RuleState::On, tomorrow).await;
    assert_eq!(states(NOW).await.of(Rule::AgentLapse), RuleState::Off, "not before its day");
    assert_eq!(states(tomorrow).await.of(Rule::AgentLapse), RuleState::On);
    switch(&db, Rule::AgentLapse, RuleState::On, NOW).await;
    assert_eq!(queue().await.len(), 2, "of two that begin at once the later counts");
}

/// Has reviewers reject the flags of so many contacts at a moment.
async fn rejected(db: &TestDb, contacts: &[ContactRef], at: UtcMillis) {
    for id in contacts {
        let flag = db.store.flags_of_contact(*id).await.unwrap()[0].id;
        let mut says = verdict(flag, vec![1], FlagStatus::Rejected);
        says.at = at;
        db.store.judge(&says, None).await.unwrap();
    }
}

async fn a_rule_that_people_disagree_with_makes_itself_a_hint_until_somebody_switches_it_on(db: TestDb) {
    let all = archive(&db, 60).await;
    let at = |days: i64| NOW.plus_millis(days * 86_400_000);
    rejected(&db, &all[..29], at(0)).await;
    assert!(rules::demote(&db.store, at(1)).await.unwrap().is_empty(), "29 are too few to tell");

    rejected(&db, &all[29..30], at(0)).await;
    assert_eq!(rules::demote(&db.store, at(1)).await.unwrap(), [Rule::AgentLapse]);
    assert!(rules::demote(&db.store, at(1)).await.unwrap().is_empty(), "once");
    let change = db.store.rule_changes().await.unwrap()[0].clone();
    let found = change.measured.unwrap();
    assert_eq!((change.state, change.made_by.as_str(), found.judged), (RuleState::Hint, "system", 30));
    assert!(found.high < found.bar && found.precision.abs() < 1e-12, "{found:?}");
    let log = db.store.audit_log(None, 1).await.unwrap().items;
    assert_eq!((log[0].action.as_str(), log[0].object.as_str()), ("rule.hint", "agent_lapse"));

    switch(&db, Rule::AgentLapse, RuleState::On, at(2)).await;
    assert!(rules::demote(&db.store, at(3)).await.unwrap().is_empty(), "the old words speak no more");
    rejected(&db, &all[30..], at(4)).await;
    assert_eq!(rules::demote(&db.store, at(5)).await.unwrap(), [Rule::AgentLapse]);
}
