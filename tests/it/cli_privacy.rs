//! Erasing, keeping, handing over and encrypted backups, as an operator does it.

use age::secrecy::ExposeSecret as _;
use serde_json::Value;

use crate::support::shell::{Ended, Shell};

const MARKER: &str = "我家的宽带从上周起就没有通过一次";

fn ok(ended: Ended) -> String {
    assert_eq!(ended.status, 0, "{}", ended.err);
    ended.out
}

fn line(id: &str, customer: &str, text: &str) -> String {
    format!(
        r#"{{"source":"hotline-10086","contact_id":"{id}","channel":"hotline","started_at":"2020-01-06T08:00:00+08:00","staff":{{"id":"A1001","team":"beijing-01"}},"customer":{{"id":"{customer}"}},"utterances":[{{"speaker":"agent","text":"您好"}},{{"speaker":"customer","text":"{text}"}}]}}"#
    ) + "\n"
}

/// A shell beside a database with two customers.
fn filled() -> Shell {
    let shell = Shell::new();
    let contacts = line("H-1", "19900001234", MARKER) + &line("H-2", "19900005678", "话费又扣错了");
    shell.write("contacts.ndjson", contacts);
    ok(shell.run(&["import", "--analyze", "contacts.ndjson"]));
    std::fs::remove_file(shell.path("contacts.ndjson")).unwrap();
    shell
}

/// The files of a shell's folder that hold these bytes.
fn holding(shell: &Shell, words: &str) -> Vec<String> {
    let holds = |name: &String| {
        let bytes = std::fs::read(shell.path(name)).unwrap_or_default();
        bytes.windows(words.len()).any(|window| window == words.as_bytes())
    };
    shell.names(".").into_iter().filter(holds).collect()
}

#[test]
fn an_operator_erases_a_customer_and_no_byte_is_left() {
    let shell = filled();
    assert!(!holding(&shell, MARKER).is_empty(), "the scan must be able to find it");

    let look = ok(shell.run(&["erase", "--customer", "19900001234", "--dry-run"]));
    let erased = ok(shell.run_with(&["erase", "--customer", "-"], b"199-0000-1234\n"));
    ok(shell.run(&["backup", "after.backup"]));

    assert_eq!(look, "1 contacts, 0 of them held\n");
    assert!(erased.starts_with("1 contacts erased, 0 held\n"), "{erased}");
    assert_eq!(holding(&shell, MARKER), Vec::<String>::new());
    assert!(holding(&shell, "话费又扣错了").contains(&"after.backup".to_owned()));
    assert!(ok(shell.run(&["audit", "verify"])).contains("each as it was written"));
    let unknown = shell.run(&["erase", "--contact", "hotline-10086/H-1"]);
    assert_eq!((unknown.status, unknown.err.as_str()), (1, "tingxin: there is nothing of that name\n"));
    assert_eq!(shell.run(&["erase"]).status, 64);
}

#[test]
fn what_is_held_is_handed_over_as_lines() {
    let shell = filled();

    let written = ok(shell.run(&["export-person", "--customer", "19900001234", "--output", "who.ndjson"]));
    let staff = ok(shell.run(&["export-person", "--staff", "A1001"]));

    assert_eq!(written, "wrote who.ndjson\n");
    let text = std::fs::read_to_string(shell.path("who.ndjson")).unwrap();
    let records: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let kinds: Vec<_> = records.iter().map(|record| record["record"].as_str().unwrap()).collect();
    assert_eq!(kinds, ["person", "contact", "end"]);
    assert_eq!(records[1]["texts"][1]["text"], MARKER);
    assert!(records[1]["analyses"][0]["analysis"]["engine"]["model"].is_string());
    assert!(staff.contains("您好") && !staff.contains(MARKER));
    let again = shell.run(&["export-person", "--customer", "19900001234", "--output", "who.ndjson"]);
    assert_eq!(again.status, 1, "a file is never overwritten");
}

#[test]
fn words_go_after_their_period_unless_they_are_held() {
    let shell = filled();
    shell.write("tingxin.toml", "[retention]\ntext_days = 30\n");
    let hold = ["retention", "hold", "--contact", "hotline-10086/H-2", "--note", "仲裁"];
    ok(shell.run(&hold));

    let look = ok(shell.run(&["retention", "run", "--dry-run"]));
    assert!(!holding(&shell, MARKER).is_empty(), "a dry run changes nothing");
    let went = ok(shell.run(&["retention", "run"]));

    let row = "│ contacts that lose their words";
    let told = |text: &str| text.lines().find(|line| line.starts_with(row)).unwrap_or_default().to_owned();
    assert!(told(&look).contains(" 1 "), "{look}");
    assert!(told(&went).contains(" 1 "), "{went}");
    assert_eq!(holding(&shell, MARKER), Vec::<String>::new());
    assert!(!holding(&shell, "话费又扣错了").is_empty(), "what is held stays");
    assert!(ok(shell.run(&["retention", "holds"])).contains("hotline-10086/H-2"));
    shell.write("tingxin.toml", "[retention]\naudit_days = 30\n");
    let refused = shell.run(&["retention", "run"]);
    assert!(refused.err.contains("retention.audit_days: must be 0 or at least 183"), "{}", refused.err);
}

#[test]
fn an_encrypted_backup_is_read_by_the_holder_of_its_key_only() {
    let shell = filled();
    let (key, other) = (age::x25519::Identity::generate(), age::x25519::Identity::generate());
    shell.write("key.txt", format!("# created by age-keygen\n{}\n", key.to_string().expose_secret()));
    shell.write("other.txt", other.to_string().expose_secret());
    let recipient = key.to_public().to_string();

    ok(shell.run(&["backup", "--recipient", &recipient, "sealed.age"]));

    let sealed = std::fs::read(shell.path("sealed.age")).unwrap();
    assert!(sealed.starts_with(b"age-encryption.org/v1"));
    assert!(!holding(&shell, MARKER).contains(&"sealed.age".to_owned()));
    assert!(shell.names(".").iter().all(|name| !name.starts_with(".tmp")), "{:?}", shell.names("."));
    let restore = |identity: &str, database: &str| {
        shell.run(&["restore", "sealed.age", "--identity", identity, "--database-url", database])
    };
    let refused = restore("other.txt", "sqlite://other.db");
    assert_eq!(refused.status, 1);
    assert!(refused.err.contains("cannot decrypt the backup sealed.age"), "{}", refused.err);
    assert!(!shell.path("other.db").exists());
    ok(restore("key.txt", "sqlite://restored.db"));
    assert!(holding(&shell, MARKER).contains(&"restored.db".to_owned()));
    let plain = shell.run(&["restore", "sealed.age", "--database-url", "sqlite://third.db"]);
    assert!(plain.err.contains("is no backup"), "{}", plain.err);
    let bad = shell.run(&["backup", "--recipient", "age1nonsense", "x.age"]);
    assert_eq!(bad.status, 64, "{}", bad.err);
}
