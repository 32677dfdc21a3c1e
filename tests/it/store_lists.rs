//! Lists, filters and the review queue, on both databases.

use tingxin::domain::{Channel, ContactRef, ContactState, Rule, Severity, TeamId, UtcMillis};
use tingxin::store::{ContactFilter, Cursor, FlagFilter, Store};

use crate::support::store::{NOW, TestDb, analysed, contact, flag, intake, intake_of, key, on_each_backend};

on_each_backend! {
    contacts_come_newest_first_and_page_by_page,
    a_contact_without_a_time_counts_from_when_it_came_in,
    every_filter_of_contacts_leaves_the_right_ones,
    a_summary_says_what_the_contact_says,
    one_team_sees_nothing_of_another,
    flags_come_with_their_contact_and_can_be_filtered,
    the_review_queue_puts_the_most_urgent_first,
    the_review_queue_gives_all_flags_of_a_contact_and_its_curve,
    flags_follow_a_contact_that_moves_to_another_team,
    the_key_of_a_flag_outlives_a_new_analysis,
    teams_are_named_once_and_in_order,
}

fn team(name: &str) -> TeamId {
    TeamId::new(name).unwrap()
}

/// Stores a contact that `change` has made different from the others.
async fn put(
    store: &Store,
    id: &str,
    change: impl FnOnce(&mut tingxin::domain::RedactedContact),
) -> ContactRef {
    let mut contact = contact(id, 1, "宽带又断了");
    change(&mut contact);
    key(&store.ingest(&[intake_of(contact)], NOW).await.unwrap()[0])
}

async fn put_at(store: &Store, id: &str, minute: i64) -> ContactRef {
    put(store, id, |c| c.header.started_at = Some(NOW.plus_millis(minute * 60_000))).await
}

async fn list(store: &Store, filter: &ContactFilter) -> Vec<ContactRef> {
    store.contacts(filter, None, 100).await.unwrap().items.into_iter().map(|item| item.id).collect()
}

async fn contacts_come_newest_first_and_page_by_page(db: TestDb) {
    let mut expected = Vec::new();
    for minute in [3, 1, 4, 1, 5] {
        let id = put_at(&db.store, &format!("H-{}", expected.len()), minute).await;
        expected.push((minute, id));
    }
    expected.sort();
    expected.reverse();

    let mut seen: Vec<ContactRef> = Vec::new();
    let mut after: Option<Cursor> = None;
    loop {
        let page = db.store.contacts(&ContactFilter::default(), after.as_ref(), 2).await.unwrap();
        seen.extend(page.items.iter().map(|item| item.id));
        after = page.next;
        if after.is_none() {
            break;
        }
    }

    assert_eq!(seen, expected.into_iter().map(|(_, id)| id).collect::<Vec<_>>());
}

async fn a_contact_without_a_time_counts_from_when_it_came_in(db: TestDb) {
    let before = put_at(&db.store, "H-1", -1).await;
    let unknown = put(&db.store, "H-2", |c| c.header.started_at = None).await;
    let after = put_at(&db.store, "H-3", 1).await;

    assert_eq!(list(&db.store, &ContactFilter::default()).await, [after, unknown, before]);
    let since = ContactFilter { since: Some(NOW), ..ContactFilter::default() };
    assert_eq!(list(&db.store, &since).await, [after, unknown]);
}

async fn every_filter_of_contacts_leaves_the_right_ones(db: TestDb) {
    put_at(&db.store, "H-0", 10).await;
    let odd = put(&db.store, "H-1", |c| {
        c.header.source = tingxin::domain::SourceId::new("hall").unwrap();
        c.header.channel = Channel::Hall;
        c.header.started_at = Some(NOW.plus_millis(-60_000));
        let staff = c.header.staff.as_mut().unwrap();
        staff.id = tingxin::domain::StaffId::new("B2").unwrap();
        staff.team = Some(team("上海-02"));
    })
    .await;
    let header = db.store.contact(odd, None).await.unwrap().unwrap().contact.header;
    let none = ContactFilter::default();

    let filters = [
        ContactFilter { channel: Some(Channel::Hall), ..none.clone() },
        ContactFilter { source: Some(header.source), ..none.clone() },
        ContactFilter { contact_id: Some(header.contact_id), ..none.clone() },
        ContactFilter { team: Some(team("上海-02")), ..none.clone() },
        ContactFilter { staff: header.staff.map(|staff| staff.id), ..none.clone() },
        ContactFilter { until: Some(NOW), ..none.clone() },
    ];
    for filter in filters {
        assert_eq!(list(&db.store, &filter).await, [odd], "{filter:?}");
    }

    let analysed = ContactFilter { state: Some(ContactState::Analysed), ..none };
    assert_eq!(list(&db.store, &analysed).await, []);
}

async fn a_summary_says_what_the_contact_says(db: TestDb) {
    let flags = vec![flag(Rule::Escalation, Severity::High, 0.9)];
    let sent = intake("H-1", 4, "宽带又断了");

    analysed(&db.store, sent.clone(), flags).await;

    let page = db.store.contacts(&ContactFilter::default(), None, 10).await.unwrap();
    let [summary] = &page.items[..] else { panic!("one contact was expected, not {page:?}") };
    let header = sent.contact.header;
    assert_eq!((&summary.source, &summary.contact_id), (&header.source, &header.contact_id));
    assert_eq!((summary.revision, summary.channel), (4, Channel::Hotline));
    assert_eq!((&summary.staff, summary.started_at), (&header.staff, header.started_at));
    assert_eq!((summary.utterances, summary.flags), (2, 1));
    assert_eq!(summary.state, ContactState::Analysed);
}

async fn one_team_sees_nothing_of_another(db: TestDb) {
    let id = analysed(&db.store, intake("H-1", 1, "宽带又断了"), Vec::new()).await;
    let (own, other) = (team("beijing-01"), team("beijing-02"));

    assert!(db.store.contact(id, Some(&own)).await.unwrap().is_some());
    assert!(db.store.analysis(id, Some(&own)).await.unwrap().is_some());

    assert_eq!(db.store.contact(id, Some(&other)).await.unwrap(), None);
    assert_eq!(db.store.analysis(id, Some(&other)).await.unwrap(), None);
}

async fn flags_come_with_their_contact_and_can_be_filtered(db: TestDb) {
    let (upset, rude) =
        (flag(Rule::Escalation, Severity::Medium, 0.8), flag(Rule::AgentLapse, Severity::High, 0.6));
    let id = analysed(&db.store, intake("H-1", 1, "宽带又断了"), vec![upset.clone(), rude.clone()]).await;

    let none = FlagFilter::default();
    let all = db.store.flags(&none, None, 10).await.unwrap().items;
    assert_eq!(all.len(), 2);
    assert!(all.iter().all(|row| row.contact == id && row.team == Some(team("beijing-01"))));
    let filters = [
        (FlagFilter { rule: Some(Rule::AgentLapse), ..none.clone() }, vec![&rude]),
        (FlagFilter { severity: Some(Severity::Medium), ..none.clone() }, vec![&upset]),
        (FlagFilter { team: Some(team("beijing-02")), ..none.clone() }, vec![]),
        (FlagFilter { channel: Some(Channel::Hall), ..none.clone() }, vec![]),
        (FlagFilter { until: Some(NOW), ..none.clone() }, vec![]),
        (FlagFilter { since: Some(UtcMillis::from_millis(0)), rule: Some(rude.rule), ..none }, vec![&rude]),
    ];
    for (filter, expected) in filters {
        let found = db.store.flags(&filter, None, 10).await.unwrap().items;
        assert_eq!(found.iter().map(|row| &row.flag).collect::<Vec<_>>(), expected, "{filter:?}");
    }
}

async fn the_review_queue_puts_the_most_urgent_first(db: TestDb) {
    use Severity::{High, Info, Medium};
    let mut ids = Vec::new();
    for (n, (severity, probability)) in
        [(Medium, 0.99), (High, 0.6), (Info, 1.0), (High, 0.9)].into_iter().enumerate()
    {
        let flags = vec![flag(Rule::Escalation, severity, probability)];
        ids.push(analysed(&db.store, intake(&format!("H-{n}"), 1, "宽带又断了"), flags).await);
    }

    let first = db.store.review_queue(&FlagFilter::default(), None, 3).await.unwrap();
    let rest = db.store.review_queue(&FlagFilter::default(), first.next.as_ref(), 3).await.unwrap();

    let order: Vec<_> = first.items.iter().chain(&rest.items).map(|item| item.contact.id).collect();
    assert_eq!(order, [ids[3], ids[1], ids[0], ids[2]]);
    assert_eq!(rest.next, None);
}

async fn the_review_queue_gives_all_flags_of_a_contact_and_its_curve(db: TestDb) {
    let flags = vec![
        flag(Rule::Escalation, Severity::Medium, 0.8),
        flag(Rule::AgentLapse, Severity::High, 0.6),
        flag(Rule::Escalation, Severity::Medium, 0.7),
    ];
    analysed(&db.store, intake("H-1", 1, "宽带又断了"), flags.clone()).await;

    let filter = FlagFilter { rule: Some(Rule::Escalation), ..FlagFilter::default() };
    let page = db.store.review_queue(&filter, None, 10).await.unwrap();

    let [item] = &page.items[..] else { panic!("the contact stands once in the queue, not {page:?}") };
    assert_eq!(item.flags, [flags[1].clone(), flags[0].clone(), flags[2].clone()]);
    assert_eq!(item.customer_valence, [-0.5]);
}

async fn flags_follow_a_contact_that_moves_to_another_team(db: TestDb) {
    let flags = vec![flag(Rule::Escalation, Severity::High, 0.9)];
    analysed(&db.store, intake("H-1", 1, "宽带又断了"), flags).await;
    let mut moved = contact("H-1", 2, "宽带又断了");
    moved.header.staff.as_mut().unwrap().team = Some(team("beijing-02"));

    db.store.ingest(&[intake_of(moved)], NOW).await.unwrap();

    for (name, expected) in [("beijing-01", 0), ("beijing-02", 1)] {
        let filter = FlagFilter { team: Some(team(name)), ..FlagFilter::default() };
        assert_eq!(db.store.flags(&filter, None, 10).await.unwrap().items.len(), expected, "{name}");
        assert_eq!(db.store.review_queue(&filter, None, 10).await.unwrap().items.len(), expected, "{name}");
    }
}

async fn the_key_of_a_flag_outlives_a_new_analysis(db: TestDb) {
    let stays = flag(Rule::Escalation, Severity::High, 0.9);
    let goes = flag(Rule::AgentLapse, Severity::High, 0.6);
    analysed(&db.store, intake("H-1", 1, "宽带又断了"), vec![stays.clone(), goes]).await;
    let by_rule = FlagFilter { rule: Some(Rule::Escalation), ..FlagFilter::default() };
    let before = db.store.flags(&by_rule, None, 10).await.unwrap().items;

    analysed(&db.store, intake("H-1", 2, "宽带又断了！"), vec![stays]).await;

    let after = db.store.flags(&FlagFilter::default(), None, 10).await.unwrap().items;
    assert_eq!(after.len(), 1, "the other rule no longer holds");
    assert_eq!(after[0].id, before[0].id);
}

async fn teams_are_named_once_and_in_order(db: TestDb) {
    for (n, name) in ["上海-02", "beijing-01", "beijing-02", "beijing-01"].into_iter().enumerate() {
        put(&db.store, &format!("H-{n}"), |c| c.header.staff.as_mut().unwrap().team = Some(team(name))).await;
    }
    put(&db.store, "H-9", |c| c.header.staff = None).await;

    let teams = db.store.teams(100).await.unwrap();

    assert_eq!(teams, [team("beijing-01"), team("beijing-02"), team("上海-02")]);
    assert_eq!(db.store.teams(2).await.unwrap().len(), 2);
}
