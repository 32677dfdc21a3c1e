//! Commands that work on a database.

use std::io::{Read as _, Write as _};
use std::net::TcpListener;

use serde_json::Value;

use crate::support::shell::{Ended, Shell, sample};

fn ok(ended: Ended) -> String {
    assert_eq!(ended.status, 0, "{}", ended.err);
    ended.out
}

#[test]
fn importing_twice_changes_nothing_the_second_time() {
    let shell = Shell::new();
    let samples = sample("hotline");

    let first = ok(shell.run(&["import", &samples]));
    let second = ok(shell.run(&["import", &samples]));

    assert_eq!(first, "queued 16, updated 0, unchanged 0, conflict 0, stale 0, refused 0\n");
    assert_eq!(second, "queued 0, updated 0, unchanged 16, conflict 0, stale 0, refused 0\n");
}

#[test]
fn a_newer_revision_updates_and_the_same_one_with_other_content_is_a_conflict() {
    let shell = Shell::new();
    let contact = |revision: u32, text: &str| {
        format!(
            r#"{{"source":"s","contact_id":"c","revision":{revision},"channel":"chat","utterances":[{{"speaker":"customer","text":"{text}"}}]}}"#
        )
    };
    ok(shell.run_with(&["import", "-"], contact(1, "你好").as_bytes()));

    let updated = ok(shell.run_with(&["import", "-"], contact(2, "您好").as_bytes()));
    let stale = shell.run_with(&["import", "-"], format!("\n{}", contact(1, "你好")).as_bytes());
    let conflict = shell.run_with(&["import", "-"], contact(2, "再见").as_bytes());

    assert!(updated.contains("updated 1"), "{updated}");
    for (ended, code, line) in [(&stale, "stale", 2), (&conflict, "conflict", 1)] {
        assert_eq!(ended.status, 2, "{ended:?}");
        assert!(ended.out.contains(&format!("{code} 1")), "{ended:?}");
        let told: Value = serde_json::from_str(ended.err.trim_end()).unwrap();
        assert_eq!((&told["code"], &told["file"], &told["line"]), (&code.into(), &"-".into(), &line.into()));
        assert!(told["message"].as_str().unwrap().contains("contact c of s is there in revision 2"));
    }
}

#[test]
fn a_file_that_is_not_there_costs_no_other_of_an_import() {
    let shell = Shell::new();

    let ended = shell.run(&["import", "nowhere.json", &sample("chat")]);

    assert_eq!(ended.status, 1);
    assert!(ended.out.starts_with("queued ") && !ended.out.starts_with("queued 0"), "{ended:?}");
    let told: Value = serde_json::from_str(ended.err.trim_end()).unwrap();
    assert_eq!((&told["code"], &told["file"]), (&"unreadable_file".into(), &"nowhere.json".into()));
}

#[test]
fn import_with_analyze_leaves_nothing_waiting_and_a_backup_brings_it_back() {
    let shell = Shell::new();
    let restored = ["--database-url", "sqlite://restored.db"];
    ok(shell.run(&["import", "--analyze", &sample("chat"), &sample("formats")]));

    ok(shell.run(&["backup", "copy.db"]));
    ok(shell.run(&["restore", "copy.db", restored[0], restored[1]]));

    std::fs::copy(shell.path("tingxin.db.key"), shell.path("restored.db.key")).unwrap();
    let again = ok(shell.run(&["import", &sample("chat"), restored[0], restored[1]]));
    assert!(again.contains("queued 0") && again.contains("unchanged 9"), "{again}");
    let twice = shell.run(&["restore", "copy.db", restored[0], restored[1]]);
    assert_eq!(twice.status, 1, "a database that holds something is not overwritten");
}

#[test]
fn restoring_leaves_nothing_but_its_lock_beside_the_database_whether_it_succeeds_or_not() {
    let shell = Shell::new();
    ok(shell.run(&["import", &sample("chat")]));
    ok(shell.run(&["backup", "copy.db"]));
    let mut torn = std::fs::read(shell.path("copy.db")).unwrap();
    torn.truncate(torn.len() / 2);
    shell.write("torn.db", torn);
    for folder in ["good", "bad"] {
        std::fs::create_dir(shell.path(folder)).unwrap();
    }

    ok(shell.run(&["restore", "copy.db", "--database-url", "sqlite://good/x.db"]));
    let refused = shell.run(&["restore", "torn.db", "--database-url", "sqlite://bad/x.db"]);

    assert_eq!(refused.status, 1, "{}", refused.err);
    assert_eq!(shell.names("good"), ["x.db", "x.db-lock"]);
    // An empty file: who removes a lock lets two hold it.
    assert_eq!(shell.names("bad"), ["x.db-lock"]);
}

#[test]
fn nothing_is_restored_to_where_a_service_is_about_to_make_its_database() {
    let shell = Shell::new();
    ok(shell.run(&["import", &sample("chat")]));
    ok(shell.run(&["backup", "copy.db"]));
    let lock = std::fs::File::create(shell.path("new.db-lock")).unwrap();
    lock.lock().unwrap();

    let refused = shell.run(&["restore", "copy.db", "--database-url", "sqlite://new.db"]);

    assert_eq!(refused.status, 1);
    assert!(refused.err.contains("new.db"), "{}", refused.err);
    assert!(!shell.path("new.db").exists());
    drop(lock);
    ok(shell.run(&["restore", "copy.db", "--database-url", "sqlite://new.db"]));
}

#[test]
fn a_database_server_that_does_not_answer_is_named_with_the_cause_and_without_the_password() {
    let shell = Shell::new();
    let url = "postgres://tingxin:geheim@127.0.0.1:1/db";

    let ended = shell.command(&["migrate"]).env("TINGXIN_DATABASE_URL", url).output().unwrap();

    let said = String::from_utf8(ended.stderr).unwrap();
    assert_eq!(ended.status.code(), Some(1));
    assert!(said.contains("host 127.0.0.1, port 1: Connection refused"), "{said}");
    assert!(!said.contains("geheim"), "{said}");
}

#[test]
fn a_database_server_that_refuses_the_password_says_so() {
    let server = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = server.local_addr().unwrap().port();
    std::thread::spawn(move || {
        for client in server.incoming() {
            let mut client = client.unwrap();
            let mut request = [0; 1024];
            // First the question for TLS, then the start-up message.
            drop(client.read(&mut request));
            drop(client.write_all(b"N"));
            drop(client.read(&mut request));
            let fields = b"SFATAL\0VFATAL\0C28P01\0Mpassword authentication failed for user \"tingxin\"\0\0";
            let length = u32::try_from(fields.len() + 4).unwrap().to_be_bytes();
            drop(client.write_all(&[b"E", &length[..], fields].concat()));
        }
    });
    let shell = Shell::new();
    let url = format!("postgres://tingxin:geheim@127.0.0.1:{port}/db");

    let refused = shell.run(&["migrate", "--database-url", &url]);

    assert_eq!(refused.status, 1);
    let expected = format!("host 127.0.0.1, port {port}: authentication failed");
    assert!(refused.err.contains(&expected) && !refused.err.contains("geheim"), "{}", refused.err);
}

#[test]
fn a_database_of_another_key_is_refused_and_no_useless_key_is_left() {
    let shell = Shell::new();
    ok(shell.run(&["import", &sample("chat")]));
    std::fs::remove_file(shell.path("tingxin.db.key")).unwrap();

    let refused = shell.run(&["import", &sample("chat")]);

    assert_eq!(refused.status, 1);
    assert!(refused.err.contains("another pseudonym key"), "{}", refused.err);
    assert!(!shell.path("tingxin.db.key").exists());
}

#[test]
fn migrating_twice_says_so() {
    let shell = Shell::new();

    assert!(ok(shell.run(&["migrate"])).starts_with("applied migrations 1"));
    assert_eq!(ok(shell.run(&["migrate"])), "the schema is up to date\n");
}

#[test]
fn accounts_are_created_listed_locked_and_unlocked() {
    let shell = Shell::new();
    let create =
        ["user", "create", "li.na", "--role", "reviewer", "--team", "beijing-01", "--password-stdin"];

    ok(shell.run_with(&create, "五月的风一直很大\n".as_bytes()));

    assert_eq!(shell.run_with(&create, "五月的风一直很大".as_bytes()).status, 1, "the name is taken");
    let listed = ok(shell.run(&["user", "list"]));
    assert!(
        listed.contains("li.na") && listed.contains("beijing-01") && listed.contains("enabled"),
        "{listed}"
    );
    ok(shell.run(&["user", "disable", "li.na"]));
    assert!(ok(shell.run(&["user", "list"])).contains("disabled"));
    ok(shell.run(&["user", "enable", "li.na"]));
    ok(shell.run_with(&["user", "passwd", "li.na", "--password-stdin"], "六月的雨也不小呢".as_bytes()));
    assert_eq!(shell.run(&["user", "disable", "nobody"]).status, 1);
}

#[test]
fn a_weak_password_is_refused_and_without_a_terminal_none_is_asked_for() {
    let shell = Shell::new();
    let create = ["user", "create", "li.na", "--role", "admin"];

    let weak = shell.run_with(&[&create[..], &["--password-stdin"]].concat(), b"12345678");
    let unasked = shell.run(&create);

    assert_eq!(weak.status, 1);
    assert!(!weak.err.contains("12345678"), "{}", weak.err);
    assert_eq!(unasked.status, 64);
    assert!(unasked.err.contains("--password-stdin"), "{}", unasked.err);
}

#[test]
fn a_key_is_shown_once_and_can_be_revoked() {
    let shell = Shell::new();

    let secret = ok(shell.run(&["key", "create", "crm", "--role", "integrator", "--days", "30"]));
    let listed = ok(shell.run(&["key", "list"]));

    assert!(secret.trim_end().len() > 40 && secret.lines().count() == 1);
    assert!(listed.contains("crm") && !listed.contains(secret.trim_end()), "{listed}");
    ok(shell.run(&["key", "revoke", "crm"]));
    assert_eq!(shell.run(&["key", "revoke", "other"]).status, 1);
    assert_eq!(
        shell.run(&["key", "create", "x", "--role", "admin"]).status,
        64,
        "people's roles are not for keys"
    );
}

/// Changes stored rows behind the program's back.
fn tampered(shell: &Shell, sql: &'static str) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(shell.tamper(sql));
}

#[test]
fn an_operator_finds_out_that_somebody_has_changed_the_audit_log() {
    let shell = Shell::new();
    ok(shell.run(&["key", "create", "crm"]));
    ok(shell.run(&["key", "create", "dwh"]));

    let whole = ok(shell.run(&["audit", "verify"]));
    tampered(&shell, "UPDATE audit_log SET object = 'another' WHERE seq = 1");
    let changed = shell.run(&["audit", "verify"]);

    assert_eq!(whole, "2 entries, each as it was written\n");
    assert_eq!(changed.status, 2, "{changed:?}");
    assert!(changed.out.contains("entry 1 of the audit log was changed"), "{}", changed.out);
}

#[test]
fn an_operator_sees_the_queue_and_gives_what_was_set_aside_new_attempts() {
    let shell = Shell::new();
    ok(shell.run(&["import", &sample("hotline")]));

    assert_eq!(ok(shell.run(&["queue", "show"])), "16 wait, 0 were set aside\n");
    tampered(&shell, "UPDATE jobs SET quarantined_at = 1 WHERE id = (SELECT MIN(id) FROM jobs)");
    let listed = ok(shell.run(&["queue", "list"]));
    assert!(
        listed.starts_with("15 wait, 1 were set aside\n") && listed.contains("hotline-10086/"),
        "{listed}"
    );
    assert_eq!(ok(shell.run(&["queue", "retry"])), "1 contacts get new attempts; `serve` reads them\n");
    assert_eq!(ok(shell.run(&["queue", "show"])), "16 wait, 0 were set aside\n");
}
