//! Accounts, sessions, API keys, idempotency keys and the audit log, on both databases.

use tingxin::domain::{Purpose, Role, UtcMillis};
use tingxin::store::{
    Actor, ApiKey, AuditCheck, AuditMark, IdempotencyVerdict, NewApiKey, NewAudit, Session, StoreError, User,
};

use crate::support::store::{NOW, TestDb, on_each_backend, tamper};

on_each_backend! {
    a_user_name_is_given_once,
    a_session_ends_with_its_time_its_account_and_its_password,
    a_changed_role_counts_at_the_next_request,
    the_setup_token_makes_one_first_account,
    an_api_key_ends_by_revocation_and_by_time,
    the_same_request_again_gets_the_first_answer,
    a_failed_request_frees_its_key,
    a_key_whose_process_died_is_free_again,
    a_key_is_held_as_long_as_its_request_is_worked_on_and_then_by_nobody_else,
    the_audit_log_comes_newest_first,
    a_changed_audit_entry_is_found,
    a_removed_audit_entry_is_found,
    a_cut_off_audit_log_is_found,
    a_log_of_the_release_before_still_fits,
    an_address_or_a_purpose_that_is_taken_away_is_found,
    what_was_checked_is_not_read_again,
    auditors_at_the_same_time_make_one_chain,
    what_has_ended_is_purged,
}

const HOUR: i64 = 3_600_000;

fn user(name: &str, role: Role) -> User {
    User { name: name.to_owned(), role, team: None, disabled: false, created_at: NOW }
}

fn session(token: &str, user: &str) -> Session {
    Session {
        token_sha256: token.to_owned(),
        csrf: "csrf".to_owned(),
        user: user.to_owned(),
        created_at: NOW,
        expires_at: NOW.plus_millis(HOUR),
        seen_at: NOW,
    }
}

fn entry(object: &str) -> NewAudit {
    NewAudit {
        at: NOW,
        actor: Actor::here("user:zhang", Some(Role::Reviewer)),
        action: "contact.read",
        object: object.to_owned(),
        result: "ok",
        purpose: None,
    }
}

async fn a_user_name_is_given_once(db: TestDb) {
    let zhang = user("zhang", Role::Reviewer);
    db.store.create_user(&zhang, "hash").await.unwrap();

    let again = db.store.create_user(&user("zhang", Role::Admin), "other").await;

    assert!(matches!(&again, Err(StoreError::NameTaken(name)) if name == "zhang"), "{again:?}");
    let stored = db.store.user_for_login("zhang").await.unwrap();
    assert_eq!(stored, Some((zhang.clone(), "hash".to_owned())));
    assert_eq!(db.store.users().await.unwrap(), [zhang]);
    assert_eq!(db.store.user_for_login("li").await.unwrap(), None);
}

async fn a_session_ends_with_its_time_its_account_and_its_password(db: TestDb) {
    let zhang = user("zhang", Role::Reviewer);
    db.store.create_user(&zhang, "hash").await.unwrap();
    for token in ["a", "b", "c"] {
        db.store.open_session(&session(token, "zhang")).await.unwrap();
    }
    assert_eq!(db.store.session("a", NOW).await.unwrap(), Some((session("a", "zhang"), zhang)));
    assert_eq!(db.store.session("a", NOW.plus_millis(HOUR)).await.unwrap(), None);

    db.store.close_session("a").await.unwrap();
    assert_eq!(db.store.session("a", NOW).await.unwrap(), None);
    assert!(db.store.session("b", NOW).await.unwrap().is_some());

    assert!(db.store.set_password("zhang", "new").await.unwrap());
    assert_eq!(db.store.session("b", NOW).await.unwrap(), None);

    db.store.open_session(&session("d", "zhang")).await.unwrap();
    assert!(db.store.set_user_state("zhang", Role::Reviewer, true).await.unwrap());
    assert!(db.store.set_user_state("zhang", Role::Reviewer, false).await.unwrap());
    assert_eq!(db.store.session("d", NOW).await.unwrap(), None, "enabling again revives no session");
    assert!(!db.store.set_password("li", "hash").await.unwrap());
    assert!(!db.store.set_user_state("li", Role::Admin, false).await.unwrap());
}

async fn a_changed_role_counts_at_the_next_request(db: TestDb) {
    db.store.create_user(&user("zhang", Role::Reviewer), "hash").await.unwrap();
    db.store.open_session(&session("a", "zhang")).await.unwrap();

    db.store.set_user_state("zhang", Role::Auditor, false).await.unwrap();

    let (_, seen) = db.store.session("a", NOW).await.unwrap().unwrap();
    assert_eq!(seen.role, Role::Auditor);
}

async fn the_setup_token_makes_one_first_account(db: TestDb) {
    db.store.set_setup_token(Some("old")).await.unwrap();
    db.store.set_setup_token(Some("token")).await.unwrap();
    let admin = user("admin", Role::Admin);

    assert!(!db.store.redeem_setup_token("old", &admin, "hash").await.unwrap());
    let (one, two) = tokio::join!(
        db.store.redeem_setup_token("token", &admin, "hash"),
        db.store.redeem_setup_token("token", &admin, "hash"),
    );

    assert_eq!(u8::from(one.unwrap()) + u8::from(two.unwrap()), 1);
    db.store.set_setup_token(Some("late")).await.unwrap();
    let late = db.store.redeem_setup_token("late", &user("mallory", Role::Admin), "hash").await.unwrap();
    assert!(!late, "there is an account already");
    assert_eq!(db.store.users().await.unwrap(), [admin]);
}

async fn an_api_key_ends_by_revocation_and_by_time(db: TestDb) {
    let key = |name: &str, expires_at: Option<UtcMillis>| NewApiKey {
        key: ApiKey {
            name: name.to_owned(),
            prefix: "txk_abc".to_owned(),
            role: Role::Integrator,
            team: None,
            created_at: NOW,
            expires_at,
            revoked_at: None,
        },
        secret_sha256: format!("sha-{name}"),
    };
    let (crm, old) = (key("crm", None), key("old", Some(NOW.plus_millis(HOUR))));
    db.store.create_api_key(&crm).await.unwrap();
    db.store.create_api_key(&old).await.unwrap();
    assert!(matches!(db.store.create_api_key(&crm).await, Err(StoreError::NameTaken(_))));

    assert_eq!(db.store.api_key("sha-crm", NOW).await.unwrap().as_ref(), Some(&crm.key));
    assert_eq!(db.store.api_key("sha-old", NOW.plus_millis(HOUR)).await.unwrap(), None);
    assert!(db.store.revoke_api_key("crm", NOW).await.unwrap());
    assert_eq!(db.store.api_key("sha-crm", NOW).await.unwrap(), None);
    assert!(!db.store.revoke_api_key("none", NOW).await.unwrap());

    let revoked: Vec<_> =
        db.store.api_keys().await.unwrap().into_iter().map(|key| (key.name, key.revoked_at)).collect();
    assert_eq!(revoked, [("crm".to_owned(), Some(NOW)), ("old".to_owned(), None)]);
}

async fn the_same_request_again_gets_the_first_answer(db: TestDb) {
    let begin = |body: &'static str| db.store.idempotency_begin("key:crm", "k-1", body, NOW);
    assert_eq!(begin("body").await.unwrap(), IdempotencyVerdict::Fresh);
    assert_eq!(begin("body").await.unwrap(), IdempotencyVerdict::InFlight);
    assert_eq!(begin("other").await.unwrap(), IdempotencyVerdict::Mismatch);

    db.store.idempotency_end("key:crm", "k-1", NOW, Some((201, "{}"))).await.unwrap();

    let replay = IdempotencyVerdict::Replay { status: 201, body: "{}".to_owned() };
    assert_eq!(begin("body").await.unwrap(), replay);
    assert_eq!(begin("other").await.unwrap(), IdempotencyVerdict::Mismatch);
    let stranger = db.store.idempotency_begin("key:erp", "k-1", "other", NOW).await.unwrap();
    assert_eq!(stranger, IdempotencyVerdict::Fresh, "keys of two callers have nothing to do with each other");
    let a_week_later = NOW.plus_millis(7 * 24 * HOUR);
    let verdict = db.store.idempotency_begin("key:crm", "k-1", "other", a_week_later).await.unwrap();
    assert_eq!(verdict, IdempotencyVerdict::Fresh);
}

async fn a_failed_request_frees_its_key(db: TestDb) {
    db.store.idempotency_begin("key:crm", "k-1", "body", NOW).await.unwrap();

    db.store.idempotency_end("key:crm", "k-1", NOW, None).await.unwrap();

    let verdict = db.store.idempotency_begin("key:crm", "k-1", "other", NOW).await.unwrap();
    assert_eq!(verdict, IdempotencyVerdict::Fresh);
}

async fn a_key_is_held_as_long_as_its_request_is_worked_on_and_then_by_nobody_else(db: TestDb) {
    let begin = |now| db.store.idempotency_begin("key:crm", "k-1", "body", now);
    let (later, latest) = (NOW.plus_millis(3_000), NOW.plus_millis(6_000));
    begin(NOW).await.unwrap();

    assert!(db.store.idempotency_hold("key:crm", "k-1", NOW, later).await.unwrap());

    assert_eq!(begin(latest).await.unwrap(), IdempotencyVerdict::InFlight);
    let again = later.plus_millis(4_000);
    assert_eq!(begin(again).await.unwrap(), IdempotencyVerdict::Fresh);
    assert!(!db.store.idempotency_hold("key:crm", "k-1", NOW, again).await.unwrap(), "another one has it");
    db.store.idempotency_end("key:crm", "k-1", NOW, Some((201, "{}"))).await.unwrap();
    assert_eq!(begin(again).await.unwrap(), IdempotencyVerdict::InFlight, "whoever lost it answers nothing");
}

async fn a_key_whose_process_died_is_free_again(db: TestDb) {
    db.store.idempotency_begin("key:crm", "k-1", "body", NOW).await.unwrap();

    let verdict = db.store.idempotency_begin("key:crm", "k-1", "body", NOW.plus_millis(4_000)).await.unwrap();

    assert_eq!(verdict, IdempotencyVerdict::Fresh);
}

async fn the_audit_log_comes_newest_first(db: TestDb) {
    for object in ["a", "b", "c"] {
        db.store.audit(&entry(object)).await.unwrap();
    }

    let first = db.store.audit_log(None, 2).await.unwrap();
    let rest = db.store.audit_log(first.next.as_ref(), 2).await.unwrap();

    let seen: Vec<_> =
        first.items.iter().chain(&rest.items).map(|entry| (entry.seq, entry.object.as_str())).collect();
    assert_eq!(seen, [(3, "c"), (2, "b"), (1, "a")]);
    assert_eq!(rest.next, None);
    assert_eq!(db.store.verify_audit().await.unwrap(), AuditCheck::Intact { entries: 3 });
}

async fn audited(db: &TestDb) {
    for object in ["a", "b", "c"] {
        db.store.audit(&entry(object)).await.unwrap();
    }
}

async fn a_changed_audit_entry_is_found(db: TestDb) {
    audited(&db).await;

    tamper(&db, "UPDATE audit_log SET object = 'x' WHERE seq = 2").await;

    assert_eq!(db.store.verify_audit().await.unwrap(), AuditCheck::Broken { seq: 2 });
}

async fn a_removed_audit_entry_is_found(db: TestDb) {
    audited(&db).await;

    tamper(&db, "DELETE FROM audit_log WHERE seq = 1").await;

    assert_eq!(db.store.verify_audit().await.unwrap(), AuditCheck::Broken { seq: 1 });
}

async fn a_cut_off_audit_log_is_found(db: TestDb) {
    audited(&db).await;

    tamper(&db, "DELETE FROM audit_log WHERE seq = 3").await;

    assert_eq!(db.store.verify_audit().await.unwrap(), AuditCheck::Broken { seq: 3 });
}

/// What the release before wrote: its seals knew neither address nor purpose.
async fn a_log_of_the_release_before_still_fits(db: TestDb) {
    tamper(
        &db,
        "INSERT INTO audit_log (seq, at, actor, role, action, object, result, chain) VALUES \
         (1, 1793491200000, 'user:zhang', 'reviewer', 'contact.read', 'a', 'ok', \
         'b25858f46b985c962c8bd441cd76b8365468d71607a6753ba7dd55daf5c21dbd')",
    )
    .await;
    tamper(
        &db,
        "UPDATE audit_head SET seq = 1, chain = \
         'b25858f46b985c962c8bd441cd76b8365468d71607a6753ba7dd55daf5c21dbd'",
    )
    .await;

    let mut new = entry("b");
    new.actor.address = Some("192.0.2.7".parse().unwrap());
    new.purpose = Some(Purpose::Review);
    db.store.audit(&new).await.unwrap();

    assert_eq!(db.store.verify_audit().await.unwrap(), AuditCheck::Intact { entries: 2 });
    let log = db.store.audit_log(None, 10).await.unwrap().items;
    assert_eq!((log[0].address.as_deref(), log[0].purpose), (Some("192.0.2.7"), Some(Purpose::Review)));
    assert_eq!((log[1].address.as_deref(), log[1].purpose), (None, None));
}

async fn an_address_or_a_purpose_that_is_taken_away_is_found(db: TestDb) {
    audited(&db).await;
    let mut new = entry("d");
    new.actor.address = Some("192.0.2.7".parse().unwrap());
    new.purpose = Some(Purpose::Review);
    db.store.audit(&new).await.unwrap();

    tamper(&db, "UPDATE audit_log SET address = NULL, purpose = NULL WHERE seq = 4").await;
    assert_eq!(db.store.verify_audit().await.unwrap(), AuditCheck::Broken { seq: 4 });

    tamper(&db, "UPDATE audit_log SET address = '192.0.2.8', purpose = 'review' WHERE seq = 4").await;
    assert_eq!(db.store.verify_audit().await.unwrap(), AuditCheck::Broken { seq: 4 });
}

async fn what_was_checked_is_not_read_again(db: TestDb) {
    audited(&db).await;
    let mut mark = AuditMark::default();
    let check = async |mark: &mut AuditMark| db.store.verify_audit_after(mark).await.unwrap();
    assert_eq!(check(&mut mark).await, AuditCheck::Intact { entries: 3 });

    tamper(&db, "UPDATE audit_log SET object = 'x' WHERE seq = 2").await;
    db.store.audit(&entry("new")).await.unwrap();
    assert_eq!(check(&mut mark).await, AuditCheck::Intact { entries: 4 }, "only the new one is read");
    assert_eq!(check(&mut AuditMark::default()).await, AuditCheck::Broken { seq: 2 }, "all are read");

    tamper(&db, "UPDATE audit_log SET object = 'x' WHERE seq = 4").await;
    db.store.audit(&entry("newer")).await.unwrap();
    assert_eq!(check(&mut mark).await, AuditCheck::Intact { entries: 5 });
    tamper(&db, "UPDATE audit_head SET seq = 2").await;
    assert_eq!(check(&mut mark).await, AuditCheck::Broken { seq: 3 }, "a log that became shorter");
}

async fn auditors_at_the_same_time_make_one_chain(db: TestDb) {
    let writers = (0..8).map(|n| {
        let store = db.store.clone();
        tokio::spawn(async move {
            for round in 0..5 {
                store.audit(&entry(&format!("{n}-{round}"))).await.unwrap();
            }
        })
    });

    for writer in writers.collect::<Vec<_>>() {
        writer.await.unwrap();
    }

    assert_eq!(db.store.verify_audit().await.unwrap(), AuditCheck::Intact { entries: 40 });
}

async fn what_has_ended_is_purged(db: TestDb) {
    db.store.create_user(&user("zhang", Role::Reviewer), "hash").await.unwrap();
    db.store.open_session(&session("a", "zhang")).await.unwrap();
    db.store.idempotency_begin("key:crm", "k-1", "body", NOW).await.unwrap();

    assert_eq!(db.store.purge_expired(NOW).await.unwrap(), 0);
    assert_eq!(db.store.purge_expired(NOW.plus_millis(HOUR)).await.unwrap(), 2);
}
