//! Erasing, keeping and handing over: what is gone is gone from the files, too.

use std::path::Path;

use tingxin::desk::retention::Periods;
use tingxin::desk::{Caller, DeskError, Handover, Record, Subject, erasure, retention};
use tingxin::domain::{
    CustomerPseudonym, FORGOTTEN, Facts, FlagStatus, Lang, RawCustomerId, Rule, Severity, StaffId, TeamId,
    Threat, UtcMillis, Why,
};
use tingxin::redact::{PseudonymKey, Redactor};
use tingxin::store::{
    AuditCheck, Erasable, Horizons, IdempotencyVerdict, Store, StoreError, SumKey, SumKind,
};

use crate::support::store::{
    NOW, TestDb, analysed, contact, flag, intake_of, on_each_backend, on_sqlite, tamper, verdict,
};

on_each_backend! {
    an_erased_customer_leaves_nothing_in_any_table,
    sums_that_held_an_erased_contact_are_computed_anew_without_it,
    what_a_legal_hold_names_is_neither_erased_nor_expired,
    an_erased_member_of_staff_is_taken_off_the_contacts_which_stay,
    words_go_before_numbers_and_numbers_before_sums,
    the_audit_log_is_whole_after_its_oldest_entries_have_gone,
    a_deleted_row_leaves_the_database_written_anew,
    the_daily_turn_comes_once,
    a_customer_gets_everything_and_staff_get_their_own_words_only,
}

/// A sentence that stands nowhere else.
pub(crate) const MARKER: &str = "标记句：我家的宽带从端午节那天起就没有通过";

pub(crate) const DAY: i64 = 86_400_000;

fn redactor() -> Redactor {
    Redactor::new(PseudonymKey::new([7; 32]))
}

pub(crate) fn customer(id: &str) -> RawCustomerId {
    RawCustomerId::new(id.to_owned())
}

fn pseudonym(id: &str) -> CustomerPseudonym {
    redactor().pseudonym(&customer(id)).unwrap()
}

/// A quotation of a contact.
fn quoting(words: &str) -> tingxin::domain::Flag {
    let mut flag = flag(Rule::RegulatorRisk, Severity::High, 0.9);
    flag.why = Why::Facts(Facts::RegulatorRisk {
        turn: Some(1),
        threat: Threat::Regulator,
        words: words.to_owned(),
    });
    flag
}

/// Puts in a contact of a customer, analysed, flagged and judged.
pub(crate) async fn known(store: &Store, id: &str, of: &str, text: &str) -> tingxin::domain::ContactRef {
    let mut contact = contact(id, 1, text);
    contact.customer = Some(pseudonym(of));
    let id = analysed(store, intake_of(contact), vec![quoting(text)]).await;
    let flag = store.flags_of_contact(id).await.unwrap()[0].clone();
    let mut verdict = verdict(flag.id, flag.flag.utterances, FlagStatus::Confirmed);
    verdict.note = Some(redactor().remark(&tingxin::domain::RawText::new(text.to_owned())));
    store.judge(&verdict, None).await.unwrap();
    id
}

pub(crate) async fn erase(store: &Store, subject: Subject) -> Result<erasure::Erased, DeskError> {
    erasure::erase(store, &redactor(), &Caller::system(), &subject).await
}

/// Whether any file of a folder holds these bytes.
pub(crate) fn found_in_files(folder: &Path, words: &str) -> bool {
    std::fs::read_dir(folder).unwrap().any(|entry| {
        let bytes = std::fs::read(entry.unwrap().path()).unwrap();
        bytes.windows(words.len()).any(|window| window == words.as_bytes())
    })
}

async fn an_erased_customer_leaves_nothing_in_any_table(db: TestDb) {
    let id = known(&db.store, "H-1", "19900001234", MARKER).await;
    let other = known(&db.store, "H-2", "19900005678", "话费不对").await;
    let answer = format!("{{\"contact_id\":\"H-1\",\"text\":\"{MARKER}\"}}");
    db.store.idempotency_begin("key:crm", "k", "b", NOW).await.unwrap();
    db.store.idempotency_end("key:crm", "k", NOW, Some((200, &answer))).await.unwrap();

    let erased = erase(&db.store, Subject::Customer(customer("+86 199-0000-1234"))).await.unwrap();

    assert_eq!((erased.before.contacts, erased.before.held, erased.contacts), (1, 0, 1));
    assert!(db.store.contact(id, None).await.unwrap().is_none());
    assert!(db.store.analysis(id, None).await.unwrap().is_none());
    assert!(db.store.flags_of_contact(id).await.unwrap().is_empty());
    assert!(db.store.verdicts(id).await.unwrap().is_empty());
    assert!(db.store.contact(other, None).await.unwrap().is_some(), "another customer's stays");
    let again = db.store.idempotency_begin("key:crm", "k", "b", NOW).await.unwrap();
    assert_eq!(again, IdempotencyVerdict::Fresh, "an answer that repeats the text is not given again");
    let log = db.store.audit_log(None, 10).await.unwrap().items;
    let told: Vec<_> = log.iter().map(|entry| (entry.action.as_str(), entry.object.as_str())).collect();
    let whole = pseudonym("19900001234");
    let name = &whole.as_str()[..12];
    assert_eq!(told[0], ("person.erased", format!("customer {name}: 1 contacts, 0 held").as_str()));
    assert_eq!(told[1], ("person.erase", format!("customer {name}").as_str()));
    let nobody = erase(&db.store, Subject::Customer(customer("  "))).await;
    assert!(matches!(nobody, Err(DeskError::Field { .. })), "{nobody:?}");
}

async fn sums_that_held_an_erased_contact_are_computed_anew_without_it(db: TestDb) {
    known(&db.store, "H-1", "19900001234", MARKER).await;
    let key = SumKey { kind: SumKind::Staff, name: "A1001".to_owned(), week: NOW.week() };
    let put = |_| ("{}".to_owned(), "[]".to_owned());
    while let Some(stale) = db.store.stale_sums(None, 1).await.unwrap().pop() {
        db.store.roll_up(&stale, put).await.unwrap();
    }

    erase(&db.store, Subject::Customer(customer("19900001234"))).await.unwrap();

    let stale = db.store.stale_sums(None, 10).await.unwrap();
    assert!(stale.contains(&key), "{stale:?}");
    assert!(stale.iter().any(|key| key.kind == SumKind::Queue), "{stale:?}");
}

async fn what_a_legal_hold_names_is_neither_erased_nor_expired(db: TestDb) {
    let (store, caller) = (&db.store, Caller::system());
    let held = known(store, "H-1", "19900001234", MARKER).await;
    known(store, "H-2", "19900001234", "话费不对").await;
    let one = Subject::Contact {
        source: contact("H-1", 1, "").header.source,
        contact_id: contact("H-1", 1, "").header.contact_id,
    };
    let id = erasure::place_hold(store, &redactor(), &caller, (&one, "仲裁")).await.unwrap();
    let twice = erasure::place_hold(store, &redactor(), &caller, (&one, "仲裁")).await;
    assert!(matches!(twice, Err(DeskError::Field { .. })), "{twice:?}");

    let erased = erase(store, Subject::Customer(customer("19900001234"))).await.unwrap();
    let late = NOW.plus_millis(400 * DAY);
    let all = Horizons { text: Some(late), analyses: None, sums: None, audit: None };
    let gone = store.expire(&all, late).await.unwrap();

    assert_eq!((erased.before.contacts, erased.before.held, erased.contacts), (2, 1, 1));
    assert_eq!(gone.texts, 0);
    let text = serde_json::to_string(&store.contact(held, None).await.unwrap().unwrap().contact).unwrap();
    assert!(text.contains(MARKER));
    let holds = erasure::holds(store, &caller).await.unwrap();
    assert_eq!(holds[0].contact.as_ref().unwrap().1.as_str(), "H-1");

    erasure::release_hold(store, &caller, id).await.unwrap();
    let erased = erase(store, Subject::Customer(customer("19900001234"))).await.unwrap();
    assert_eq!(erased.contacts, 1);
    let of_customer = Subject::Customer(customer("19900001234"));
    erasure::place_hold(store, &redactor(), &caller, (&of_customer, "仲裁")).await.unwrap();
    known(store, "H-3", "19900001234", "又来了").await;
    let erased = erase(store, of_customer).await.unwrap();
    assert_eq!((erased.before.held, erased.contacts), (1, 0), "also what comes later");
}

async fn an_erased_member_of_staff_is_taken_off_the_contacts_which_stay(db: TestDb) {
    let (store, number) = (&db.store, StaffId::new("A1001").unwrap());
    let id = known(store, "H-1", "19900001234", "工号A1001的态度不好").await;
    while let Some(stale) = store.stale_sums(None, 1).await.unwrap().pop() {
        store.roll_up(&stale, |_| ("{}".to_owned(), "[]".to_owned())).await.unwrap();
    }

    let erased = erase(store, Subject::Staff(number.clone())).await.unwrap();

    assert_eq!(erased.contacts, 1);
    let record = store.contact(id, None).await.unwrap().unwrap();
    assert_eq!(record.contact.header.staff, None);
    let analysis = store.analysis(id, None).await.unwrap().unwrap();
    let flag = store.flags_of_contact(id).await.unwrap()[0].flag.clone();
    for text in [
        serde_json::to_string(&record.contact).unwrap(),
        serde_json::to_string(&analysis).unwrap(),
        flag.reason(),
    ] {
        assert!(!text.contains("A1001"), "{text}");
        assert!(text.contains("工号*****的态度不好"), "{text}");
    }
    assert!(store.sums_of(&number).await.unwrap().is_empty());
    assert_eq!(store.extent(&Erasable::Staff(number)).await.unwrap().contacts, 0);
    let own = TeamId::new("beijing-01").unwrap();
    assert!(store.contact(id, Some(&own)).await.unwrap().is_some(), "the team still sees its contact");
}

async fn words_go_before_numbers_and_numbers_before_sums(db: TestDb) {
    let store = &db.store;
    let id = known(store, "H-1", "19900001234", MARKER).await;
    while let Some(stale) = store.stale_sums(None, 1).await.unwrap().pop() {
        store.roll_up(&stale, |_| ("{}".to_owned(), "[]".to_owned())).await.unwrap();
    }
    let sum =
        |store: Store| async move { store.sums_of(&StaffId::new("A1001").unwrap()).await.unwrap().len() };
    let later = NOW.plus_millis(30 * DAY);
    let text = Horizons { text: Some(later), ..Horizons::default() };

    assert_eq!(store.expired(&text).await.unwrap().texts, 1);
    assert_eq!(store.expire(&text, later).await.unwrap().texts, 1);
    assert_eq!(store.expire(&text, later).await.unwrap().texts, 0, "once is enough");

    let record = store.contact(id, None).await.unwrap().unwrap();
    let analysis = store.analysis(id, None).await.unwrap().unwrap();
    assert_eq!(analysis.utterances[1].text.as_str(), FORGOTTEN);
    assert!(analysis.utterances[1].valence.is_some(), "the numbers stay");
    let flag = store.flags_of_contact(id).await.unwrap()[0].flag.clone();
    assert!(flag.sentence(Lang::Zh).contains(FORGOTTEN), "{}", flag.sentence(Lang::Zh));
    assert_eq!(flag.status, FlagStatus::Confirmed, "the verdict stays");
    assert_eq!(store.verdicts(id).await.unwrap()[0].note, None);
    for text in [serde_json::to_string(&record.contact).unwrap(), serde_json::to_string(&analysis).unwrap()] {
        assert!(!text.contains(MARKER), "{text}");
    }
    assert_eq!(
        store.queue_rescoring("another engine", None, later).await.unwrap(),
        0,
        "nothing to read again"
    );

    let of_analyses = Horizons { analyses: Some(later), ..Horizons::default() };
    assert_eq!(store.expire(&of_analyses, later).await.unwrap().contacts, 1);
    assert!(store.contact(id, None).await.unwrap().is_none());
    assert!(store.stale_sums(None, 1).await.unwrap().is_empty(), "a sum is not computed from nothing");
    let sums = Horizons { sums: Some(later), ..Horizons::default() };
    let before = sum(store.clone()).await;
    let gone = store.expire(&sums, later).await.unwrap();
    assert!(gone.sums >= u64::try_from(before).unwrap(), "{gone:?}");
    assert_eq!(sum(store.clone()).await, 0);
}

async fn the_audit_log_is_whole_after_its_oldest_entries_have_gone(db: TestDb) {
    let store = &db.store;
    for day in 0..5 {
        let at = NOW.plus_millis(day * DAY);
        let entry = tingxin::store::NewAudit {
            at,
            actor: Caller::system().actor,
            action: "contact.read",
            object: day.to_string(),
            result: "ok",
            purpose: None,
        };
        store.audit(&entry).await.unwrap();
    }
    let horizons = Horizons { audit: Some(NOW.plus_millis(2 * DAY)), ..Horizons::default() };

    assert_eq!(store.expired(&horizons).await.unwrap().audit_entries, 2);
    assert_eq!(store.expire(&horizons, NOW.plus_millis(5 * DAY)).await.unwrap().audit_entries, 2);

    assert_eq!(store.verify_audit().await.unwrap(), AuditCheck::Intact { entries: 4 });
    let last = store.audit_log(None, 1).await.unwrap().items.remove(0);
    assert_eq!((last.action.as_str(), last.object.as_str()), ("audit.trim", "2"));
    assert_eq!(store.expire(&horizons, NOW).await.unwrap().audit_entries, 0);
    tamper(&db, "DELETE FROM audit_log WHERE seq = 3").await;
    assert_eq!(store.verify_audit().await.unwrap(), AuditCheck::Broken { seq: 3 });
    tamper(
        &db,
        "UPDATE audit_head SET start_seq = 3, start_chain = (SELECT chain FROM audit_log WHERE seq = 4)",
    )
    .await;
    assert!(matches!(store.verify_audit().await.unwrap(), AuditCheck::Broken { .. }));
}

async fn a_deleted_row_leaves_the_database_written_anew(db: TestDb) {
    known(&db.store, "H-1", "19900001234", MARKER).await;
    assert!(!db.store.needs_scrubbing().await.unwrap());

    erase(&db.store, Subject::Customer(customer("19900001234"))).await.unwrap();

    assert!(db.store.needs_scrubbing().await.unwrap());
    db.store.scrub().await.unwrap();
    assert!(!db.store.needs_scrubbing().await.unwrap());
}

async fn the_daily_turn_comes_once(db: TestDb) {
    let store = &db.store;
    known(store, "H-1", "19900001234", MARKER).await;
    let none = retention::expire_daily(store, &Periods::default()).await.unwrap();
    assert!(none.is_none(), "nothing was asked for");
    let periods = Periods { text_days: 30, ..Periods::default() };

    // The contact is of 2026-11-01; whenever the test runs, it is looked at as of now.
    let first = retention::expire_daily(store, &periods).await.unwrap();
    let second = retention::expire_daily(store, &periods).await.unwrap();

    assert!(first.is_some());
    assert!(second.is_none());
    assert!(store.take_turn("another", UtcMillis::now(), 1_000).await.unwrap());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_erased_sentence_is_in_no_byte_of_database_log_and_new_backup() {
    on_sqlite(|db| async move {
        let (store, folder) = (&db.store, db.folder.path());
        // Enough neighbours that pages are split and packed anew around the contact.
        for number in 0..40 {
            let text = if number == 17 {
                MARKER.repeat(3)
            } else {
                "话费又扣错了，请尽快处理。".repeat(20)
            };
            let of = if number == 17 { "19900001234" } else { "19900005678" };
            known(store, &format!("H-{number}"), of, &text).await;
        }
        let before = folder.join("before.backup");
        store.backup(&before).await.unwrap();
        assert!(found_in_files(folder, MARKER), "the scan must be able to find it");
        std::fs::remove_file(&before).unwrap();
        assert!(found_in_files(folder, MARKER), "in the database or its log");

        erase(store, Subject::Customer(customer("19900001234"))).await.unwrap();
        assert!(found_in_files(folder, MARKER), "deleting alone leaves it in the log");
        store.scrub().await.unwrap();
        store.backup(&folder.join("after.backup")).await.unwrap();

        assert!(!found_in_files(folder, MARKER));
        assert!(!found_in_files(folder, pseudonym("19900001234").as_str()), "nor the pseudonym");
        assert!(found_in_files(folder, "话费又扣错了"), "the others are there");
        assert_eq!(store.inventory().await.unwrap().contacts, 39);
    })
    .await;
}

async fn a_customer_gets_everything_and_staff_get_their_own_words_only(db: TestDb) {
    let store = &db.store;
    for number in 0..60 {
        known(store, &format!("H-{number}"), "19900001234", MARKER).await;
    }
    known(store, "H-99", "19900005678", "话费不对").await;
    let export = async |subject: Subject| {
        let mut handover = Handover::begin(store, &redactor(), &Caller::system(), &subject).await.unwrap();
        let mut records = Vec::new();
        while let Some(more) = handover.portion().await.unwrap() {
            records.extend(more);
        }
        records
    };
    let contacts =
        |records: &[Record]| records.iter().filter(|record| matches!(record, Record::Contact(_))).count();

    let of_customer = export(Subject::Customer(customer("19900001234"))).await;
    let of_staff = export(Subject::Staff(StaffId::new("A1001").unwrap())).await;

    let (customer, staff) =
        (serde_json::to_string(&of_customer).unwrap(), serde_json::to_string(&of_staff).unwrap());
    assert_eq!(contacts(&of_customer), 60);
    assert_eq!(contacts(&of_staff), 61);
    assert!(customer.contains(MARKER) && customer.contains("很高兴为您服务"));
    assert!(!customer.contains("A1001") && !customer.contains("li.na"), "no names of staff");
    assert!(!customer.contains("话费不对"), "nothing of another customer");
    assert!(
        staff.contains("很高兴为您服务") && !staff.contains(MARKER),
        "the customer's words are the customer's"
    );
    assert!(matches!(of_customer.last(), Some(Record::End {})));
    let limited = Caller { team: TeamId::new("beijing-01").ok(), ..Caller::system() };
    let subject = Subject::Staff(StaffId::new("A1001").unwrap());
    let refused = Handover::begin(store, &redactor(), &limited, &subject).await.map(drop);
    assert!(matches!(refused, Err(DeskError::OtherTeam)), "{refused:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn files_that_somebody_reads_are_written_anew_later() {
    on_sqlite(|db| async move {
        known(&db.store, "H-1", "19900001234", MARKER).await;
        let mut reader = <sqlx::SqliteConnection as sqlx::Connection>::connect(&db.url).await.unwrap();
        for statement in ["BEGIN", "SELECT COUNT(*) FROM contacts"] {
            sqlx::Executor::execute(&mut reader, sqlx::AssertSqlSafe(statement)).await.unwrap();
        }
        erase(&db.store, Subject::Customer(customer("19900001234"))).await.unwrap();

        let refused = db.store.scrub().await;

        assert!(matches!(refused, Err(StoreError::Unavailable(_))), "{refused:?}");
        assert!(db.store.needs_scrubbing().await.unwrap(), "it stays due");
        sqlx::Executor::execute(&mut reader, "ROLLBACK").await.unwrap();
        db.store.scrub().await.unwrap();
        assert!(!found_in_files(db.folder.path(), MARKER));
    })
    .await;
}
