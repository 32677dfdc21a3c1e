//! Searching contacts, on both databases.

use tingxin::domain::{
    BusinessProcess, Channel, ContactRef, FlagStatus, RedactedContact, Rule, Satisfaction, Severity, StaffId,
    Survey, TeamId, UtcMillis,
};
use tingxin::store::{
    BoundedCount, Claim, ContactFilter, ContactSearch, ContactSort, Cursor, NewView, SearchWords, Store,
    SurveyAsked,
};

use crate::support::store::{
    LEASE, NOW, TestDb, analysed, analysis, contact, flag, intake_of, key, on_each_backend, tamper, verdict,
};

on_each_backend! {
    words_find_a_contact_from_its_analysis_on,
    what_is_quoted_stands_there_as_it_is,
    single_characters_and_latin_words_are_found,
    filters_narrow_what_the_words_found,
    every_filter_of_a_search_leaves_the_right_ones,
    each_order_gives_every_contact_once,
    the_same_second_holds_many_contacts,
    a_newer_revision_takes_the_old_words_away,
    a_flag_that_was_judged_is_found_by_its_status_and_its_reviewer,
    contacts_of_an_earlier_release_are_filled_in,
    a_long_contact_is_found_by_what_stands_at_its_beginning,
    an_account_keeps_a_bounded_number_of_filters,
    a_total_ends_where_nobody_counts_any_further,
}

fn words(typed: &str) -> Option<SearchWords> {
    SearchWords::parse(typed)
}

async fn put(store: &Store, id: &str, change: impl FnOnce(&mut RedactedContact)) -> ContactRef {
    put_flagged(store, id, Vec::new(), change).await
}

async fn put_flagged(
    store: &Store,
    id: &str,
    flags: Vec<tingxin::domain::Flag>,
    change: impl FnOnce(&mut RedactedContact),
) -> ContactRef {
    let mut contact = contact(id, 1, "宽带又断了，我要求退费");
    change(&mut contact);
    analysed(store, intake_of(contact), flags).await
}

fn saying(text: &str) -> impl FnOnce(&mut RedactedContact) {
    let said = contact("x", 1, text).body;
    move |contact| contact.body = said
}

fn at_minute(contact: &mut RedactedContact, minute: i64) {
    contact.header.started_at = Some(NOW.plus_millis(minute * 60_000));
}

async fn found(store: &Store, search: &ContactSearch) -> Vec<ContactRef> {
    let page = store.search(search, None, 100).await.unwrap();
    let total = store.search_total(search).await.unwrap();
    assert_eq!(
        total,
        BoundedCount { counted: page.items.len().try_into().unwrap(), more: false },
        "{search:?}"
    );
    page.items.into_iter().map(|found| found.contact.id).collect()
}

async fn found_by(store: &Store, typed: &str) -> Vec<ContactRef> {
    found(store, &ContactSearch { words: words(typed), ..ContactSearch::default() }).await
}

async fn words_find_a_contact_from_its_analysis_on(db: TestDb) {
    let waiting = contact("H-1", 1, "我要求退费");
    let id = key(&db.store.ingest(&[intake_of(waiting)], NOW).await.unwrap()[0]);
    assert_eq!(found_by(&db.store, "退费").await, [], "nothing of it can be judged yet");
    assert_eq!(found(&db.store, &ContactSearch::default()).await, [id], "the list has it");

    let claims = db.store.claim(1, LEASE, NOW).await.unwrap();
    let Claim { ticket, contact, .. } = &claims[0];
    db.store.complete(&[(*ticket, analysis(contact, "m", Vec::new()).into())], NOW).await.unwrap();

    assert_eq!(found_by(&db.store, "退费").await, [id]);
    assert_eq!(found_by(&db.store, "很高兴 退费").await, [id], "both sides are searched");
    assert_eq!(found_by(&db.store, "退货").await, []);
}

async fn what_is_quoted_stands_there_as_it_is(db: TestDb) {
    let one = put(&db.store, "H-1", saying("先退费，再投诉")).await;
    let two = put(&db.store, "H-2", saying("投诉了才退费")).await;

    let sorted = |mut found: Vec<ContactRef>| {
        found.sort();
        found
    };
    assert_eq!(sorted(found_by(&db.store, "退费 投诉").await), sorted(vec![one, two]));
    assert_eq!(found_by(&db.store, "\"退费，再投诉\"").await, [one]);
    assert_eq!(found_by(&db.store, "才退费").await, [two]);
    assert_eq!(found_by(&db.store, "费投").await, [], "a comma stands between them");
}

async fn single_characters_and_latin_words_are_found(db: TestDb) {
    let id = put(&db.store, "H-1", saying("ＷiFi 不行，套餐是５Ｇ的费")).await;

    for typed in ["费", "不", "wifi", "WIFI", "5g", "5G的费", "套餐是5G"] {
        assert_eq!(found_by(&db.store, typed).await, [id], "{typed}");
    }
    for typed in ["wif", "退", "5"] {
        assert_eq!(found_by(&db.store, typed).await, [], "{typed}");
    }
}

async fn filters_narrow_what_the_words_found(db: TestDb) {
    let one = put_flagged(&db.store, "H-1", vec![flag(Rule::Abuse, Severity::High, 0.9)], |contact| {
        contact.header.channel = Channel::Hall;
        contact.header.business_process = BusinessProcess::new("broadband_fault").ok();
        contact.header.staff.as_mut().unwrap().team = TeamId::new("上海-01").ok();
        contact.header.staff.as_mut().unwrap().id = StaffId::new("B2002").unwrap();
        at_minute(contact, 10);
    })
    .await;
    put(&db.store, "H-2", |_| {}).await;
    let base = ContactSearch { words: words("退费"), ..ContactSearch::default() };
    let of = |contact: ContactFilter| ContactSearch { contact, ..base.clone() };

    let narrowed = [
        of(ContactFilter { channel: Some(Channel::Hall), ..ContactFilter::default() }),
        of(ContactFilter { team: TeamId::new("上海-01").ok(), ..ContactFilter::default() }),
        of(ContactFilter { staff: StaffId::new("B2002").ok(), ..ContactFilter::default() }),
        of(ContactFilter { since: Some(NOW.plus_millis(1)), ..ContactFilter::default() }),
        of(ContactFilter { since: Some(NOW.plus_millis(60_000)), ..ContactFilter::default() }),
        ContactSearch { process: BusinessProcess::new("broadband_fault").ok(), ..base.clone() },
        ContactSearch { rule: Some(Rule::Abuse), ..base.clone() },
        ContactSearch { severity: Some(Severity::High), ..base.clone() },
        ContactSearch { status: Some(FlagStatus::Candidate), rule: Some(Rule::Abuse), ..base.clone() },
    ];
    for search in narrowed {
        assert_eq!(found(&db.store, &search).await, [one], "{search:?}");
    }
    let until = of(ContactFilter { until: Some(NOW.plus_millis(600_000)), ..ContactFilter::default() });
    assert_eq!(found(&db.store, &until).await.len(), 1);
    assert_eq!(found(&db.store, &ContactSearch { rule: Some(Rule::Escalation), ..base.clone() }).await, []);
    assert_eq!(found(&db.store, &base).await.len(), 2);
}

async fn every_filter_of_a_search_leaves_the_right_ones(db: TestDb) {
    put(&db.store, "H-0", |_| {}).await;
    let mut odd = contact("H-1", 1, "好的");
    odd.header.survey = Some(Survey { satisfaction: 4, scale: 10 });
    odd.header.business_process = BusinessProcess::new("billing").ok();
    db.store.ingest(&[intake_of(odd)], NOW).await.unwrap();
    let claims = db.store.claim(1, LEASE, NOW).await.unwrap();
    let Claim { ticket, contact, .. } = &claims[0];
    let mut expecting = analysis(contact, "m", Vec::new());
    expecting.satisfaction =
        Some(Satisfaction { value: 1.5, low: 1.0, high: 2.0, dissatisfied: 0.876_5, turns: Vec::new() });
    db.store.complete(&[(*ticket, expecting.into())], NOW).await.unwrap();
    let base = ContactSearch::default;

    for search in [
        ContactSearch { survey: Some(SurveyAsked::Answered), ..base() },
        ContactSearch { survey: Some(SurveyAsked::AtMost(2)), ..base() },
        ContactSearch { dissatisfied: Some(800), ..base() },
        ContactSearch { process: BusinessProcess::new("billing").ok(), ..base() },
        ContactSearch { sort: Some(ContactSort::Dissatisfied), ..base() },
    ] {
        let page = db.store.search(&search, None, 10).await.unwrap();
        let [one] = &page.items[..] else { panic!("{search:?}: {page:?}") };
        assert_eq!(one.contact.contact_id.as_str(), "H-1", "{search:?}");
        assert_eq!((one.survey, one.dissatisfied), (Some(400), Some(877)));
    }
    assert_eq!(found(&db.store, &ContactSearch { survey: Some(SurveyAsked::AtMost(1)), ..base() }).await, []);
    assert_eq!(found(&db.store, &ContactSearch { dissatisfied: Some(900), ..base() }).await, []);
}

async fn each_order_gives_every_contact_once(db: TestDb) {
    let mut expected = Vec::new();
    for (n, minute) in [3, 1, 4, 1, 5].into_iter().enumerate() {
        let mut one = contact(&format!("H-{n}"), 1, "我要求退费");
        at_minute(&mut one, minute);
        let id = key(&db.store.ingest(&[intake_of(one)], NOW).await.unwrap()[0]);
        let claims = db.store.claim(1, LEASE, NOW).await.unwrap();
        let Claim { ticket, contact, .. } = &claims[0];
        let mut expecting = analysis(contact, "m", Vec::new());
        let dissatisfied = f64::from(i32::try_from(n % 2).unwrap()) / 2.0;
        expecting.satisfaction =
            Some(Satisfaction { value: 3.0, low: 2.0, high: 4.0, dissatisfied, turns: Vec::new() });
        db.store.complete(&[(*ticket, expecting.into())], NOW).await.unwrap();
        expected.push((minute, id, n % 2));
    }
    let minute = |id: &ContactRef| expected.iter().find(|one| one.1 == *id).unwrap().0;
    for asked in [None, words("退费")] {
        for sort in ContactSort::ALL {
            let search =
                ContactSearch { words: asked.clone(), sort: Some(*sort), ..ContactSearch::default() };
            let mut seen: Vec<ContactRef> = Vec::new();
            let mut after: Option<Cursor> = None;
            loop {
                let page = db.store.search(&search, after.as_ref(), 2).await.unwrap();
                seen.extend(page.items.iter().map(|found| found.contact.id));
                after = page.next;
                if after.is_none() {
                    break;
                }
            }
            let minutes: Vec<i64> = seen.iter().map(minute).collect();
            match sort {
                ContactSort::Newest => assert_eq!(minutes, [5, 4, 3, 1, 1], "{search:?}"),
                ContactSort::Oldest => assert_eq!(minutes, [1, 1, 3, 4, 5], "{search:?}"),
                ContactSort::Dissatisfied => {
                    let first =
                        seen.iter().take(2).all(|id| expected.iter().any(|one| one.1 == *id && one.2 == 1));
                    assert!(first, "{search:?}");
                }
            }
            let mut once = seen.clone();
            once.sort();
            once.dedup();
            assert_eq!(once.len(), 5, "{search:?}");
        }
    }
}

async fn the_same_second_holds_many_contacts(db: TestDb) {
    for n in 0..30 {
        put(&db.store, &format!("H-{n}"), |contact| at_minute(contact, 0)).await;
    }

    assert_eq!(found_by(&db.store, "退费").await.len(), 30);
}

async fn a_newer_revision_takes_the_old_words_away(db: TestDb) {
    let id = put(&db.store, "H-1", saying("我要求退费")).await;
    db.store.ingest(&[intake_of(contact("H-1", 2, "我要求赔偿"))], NOW).await.unwrap();
    assert_eq!(found_by(&db.store, "退费").await, [], "from the moment at which it comes in");

    let claims = db.store.claim(1, LEASE, NOW).await.unwrap();
    let Claim { ticket, contact, .. } = &claims[0];
    db.store.complete(&[(*ticket, analysis(contact, "m", Vec::new()).into())], NOW).await.unwrap();

    assert_eq!(found_by(&db.store, "赔偿").await, [id]);
    assert_eq!(found_by(&db.store, "退费").await, []);
}

async fn a_flag_that_was_judged_is_found_by_its_status_and_its_reviewer(db: TestDb) {
    let raised = || vec![flag(Rule::Escalation, Severity::High, 0.9)];
    let one = put_flagged(&db.store, "H-1", raised(), |_| {}).await;
    put_flagged(&db.store, "H-2", raised(), |_| {}).await;
    let row = db.store.flags_of_contact(one).await.unwrap()[0].clone();
    db.store.judge(&verdict(row.id, row.flag.utterances, FlagStatus::Confirmed), None).await.unwrap();

    for words in [None, words("退费")] {
        let base = ContactSearch { words, ..ContactSearch::default() };
        let confirmed = ContactSearch { status: Some(FlagStatus::Confirmed), ..base.clone() };
        assert_eq!(found(&db.store, &confirmed).await, [one]);
        let with_rule = ContactSearch { rule: Some(Rule::Escalation), ..confirmed.clone() };
        assert_eq!(found(&db.store, &with_rule).await, [one]);
        let other = ContactSearch { severity: Some(Severity::Low), ..confirmed };
        assert_eq!(found(&db.store, &other).await, []);
        let by = ContactSearch { judged_by: Some("user:li.na".to_owned()), ..base.clone() };
        assert_eq!(found(&db.store, &by).await, [one]);
        let by_nobody = ContactSearch { judged_by: Some("user:wang".to_owned()), ..base };
        assert_eq!(found(&db.store, &by_nobody).await, []);
    }
}

async fn contacts_of_an_earlier_release_are_filled_in(db: TestDb) {
    for n in 0..70 {
        put(&db.store, &format!("H-{n}"), |contact| {
            contact.header.survey = Some(Survey { satisfaction: 1, scale: 5 });
        })
        .await;
    }
    tamper(&db, "UPDATE contacts SET survey = NULL").await;
    tamper(&db, "DELETE FROM contact_search WHERE place <> (SELECT MIN(place) FROM contact_search)").await;
    tamper(&db, "UPDATE contact_bodies SET body = '{}' WHERE body LIKE '%\"H-69\"%'").await;
    db.store.ingest(&[intake_of(contact("H-new", 1, "我要求退费"))], NOW).await.unwrap();

    assert_eq!(db.store.fill_index().await.unwrap(), 69);
    assert_eq!(db.store.fill_index().await.unwrap(), 0, "once is enough");

    assert_eq!(found_by(&db.store, "退费").await.len(), 69, "one cannot be read, one waits for its analysis");
    let low = ContactSearch { survey: Some(SurveyAsked::AtMost(1)), ..ContactSearch::default() };
    assert_eq!(found(&db.store, &low).await.len(), 68);
}

async fn a_long_contact_is_found_by_what_stands_at_its_beginning(db: TestDb) {
    let text = format!("开头的话{}末尾的话", "我要求退费，".repeat(9_000));
    let id = put(&db.store, "H-1", saying(&text)).await;

    assert_eq!(found_by(&db.store, "开头的话").await, [id]);
    assert_eq!(found_by(&db.store, "要求退费").await, [id]);
}

async fn an_account_keeps_a_bounded_number_of_filters(db: TestDb) {
    let user = tingxin::store::User {
        name: "li.na".to_owned(),
        role: tingxin::domain::Role::Reviewer,
        team: None,
        disabled: false,
        created_at: NOW,
    };
    db.store.create_user(&user, "hash").await.unwrap();
    let view = |name, query| NewView { account: "li.na", name, query, most: 2 };
    let store = &db.store;

    assert!(store.save_view(view("退费", "?q=1"), NOW).await.unwrap());
    assert!(store.save_view(view("投诉", "?staff=A1001"), NOW.plus_millis(1)).await.unwrap());
    assert!(!store.save_view(view("第三个", "?q=3"), NOW).await.unwrap(), "two are all");
    assert!(store.save_view(view("退费", "?q=2"), NOW.plus_millis(2)).await.unwrap(), "a name stays one");

    let kept = store.views("li.na").await.unwrap();
    let told: Vec<_> = kept.iter().map(|view| (view.name.as_str(), view.query.as_str())).collect();
    assert_eq!(told, [("投诉", "?staff=A1001"), ("退费", "?q=2")]);
    assert!(!store.drop_view("wang", kept[0].id).await.unwrap(), "it is somebody else's");
    assert!(store.drop_view("li.na", kept[0].id).await.unwrap());
    assert_eq!(store.views("li.na").await.unwrap().len(), 1);
    assert_eq!(store.views("wang").await.unwrap(), []);
    assert!(!store.save_view(NewView { account: "nobody", ..view("x", "?q=1") }, NOW).await.unwrap());
}

async fn a_total_ends_where_nobody_counts_any_further(db: TestDb) {
    let insert = if db.url.starts_with("sqlite") {
        "WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 10005) \
         INSERT INTO contacts (id, source, contact_id, revision, digest, kind, channel, happened_at, received_at, utterances, state, flags) \
         SELECT CAST(printf('%016d', n) AS BLOB), 's', 'H-' || n, 1, 'd', 'note', 'hall', n, n, 1, 'queued', 0 FROM n"
    } else {
        "INSERT INTO contacts (id, source, contact_id, revision, digest, kind, channel, happened_at, received_at, utterances, state, flags) \
         SELECT gen_random_uuid(), 's', 'H-' || n, 1, 'd', 'note', 'hall', n, n, 1, 'queued', 0 FROM generate_series(1, 10005) n"
    };
    tamper(&db, insert).await;

    let total = db.store.search_total(&ContactSearch::default()).await.unwrap();

    assert_eq!(total, BoundedCount { counted: 10_000, more: true });
    let few = ContactFilter { until: Some(UtcMillis::from_millis(11)), ..ContactFilter::default() };
    let few = ContactSearch { contact: few, ..ContactSearch::default() };
    assert_eq!(db.store.search_total(&few).await.unwrap(), BoundedCount { counted: 10, more: false });
}
