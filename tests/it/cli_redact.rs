//! `tingxin redact` and `tingxin evaluate --redaction` in a shell.

use serde_json::{Value, json};

use crate::support::shell::Shell;

#[test]
fn lines_come_out_line_by_line_and_only_what_is_personal_is_gone() {
    let ended = Shell::new().run_with(
        &["redact", "-"],
        "我叫王小明，电话19900001234\n工单号2026113000123催了三次，气死我了\n".as_bytes(),
    );

    assert_eq!(ended.status, 0, "{}", ended.err);
    assert_eq!(ended.out, "我叫[姓名]，电话[电话]\n工单号2026113000123催了三次，气死我了\n");
}

#[test]
fn a_program_gets_the_places_of_what_was_taken_out() {
    let ended = Shell::new().run_with(&["redact", "--output", "json"], "电话19900001234\n".as_bytes());

    let line: Value = serde_json::from_str(ended.out.trim()).unwrap();
    assert_eq!(line, json!({"text": "电话[电话]", "spans": [{"start": 2, "end": 6, "kind": "phone"}]}));
}

#[test]
fn the_turns_of_a_contact_are_read_together() {
    let shell = Shell::new();
    let contact = json!({
        "source": "s", "contact_id": "c1", "channel": "hotline",
        "utterances": [
            {"speaker": "customer", "text": "我的号码是一九九"}, {"speaker": "agent", "text": "嗯"},
            {"speaker": "customer", "text": "零零零零"}, {"speaker": "agent", "text": "好"},
            {"speaker": "customer", "text": "幺二三四"},
        ],
    });
    let file = shell.write("calls.ndjson", format!("{contact}\n{{\"text\": \"19900001234\"}}\n"));

    let people = shell.run(&["redact", file.to_str().unwrap()]);
    let machines = shell.run(&["redact", "--output", "json", file.to_str().unwrap()]);

    assert_eq!(people.status, 2, "one line is no contact");
    assert!(
        people.out.starts_with("customer\t我的号码是[电话]\nagent\t嗯\ncustomer\t[电话]\n"),
        "{}",
        people.out
    );
    assert!(!people.err.contains("19900001234"), "{}", people.err);
    let answer: Value = serde_json::from_str(machines.out.trim()).unwrap();
    assert_eq!((&answer["contact_id"], &answer["texts"][4]["text"]), (&json!("c1"), &json!("[电话]")));
}

#[test]
fn marked_lines_become_recall_and_precision_by_kind() {
    let shell = Shell::new();
    let lines = [
        json!({"text": "电话19900001234", "spans": [{"start": 2, "end": 13, "kind": "phone"}], "group": "plain"}),
        json!({"text": "我喜欢小白", "spans": [{"start": 3, "end": 5, "kind": "name"}], "group": "nickname"}),
        json!({"text": "号码是19900005678", "spans": []}),
        json!({"text": "短", "spans": [{"start": 0, "end": 9, "kind": "name"}]}),
    ];
    let file = shell.write("marked.jsonl", lines.map(|line| line.to_string()).join("\n"));
    let path = file.to_str().unwrap();

    let ended = shell.run(&["evaluate", "--output", "json", "--misses", "--redaction", path]);
    let table = shell.run(&["evaluate", "--redaction", path]);

    assert_eq!(ended.status, 2, "{}", ended.err);
    let answer: Value = serde_json::from_str(&ended.out).unwrap();
    assert_eq!((&answer["texts"], &answer["refused"]), (&json!(3), &json!(1)));
    assert_eq!((&answer["recall"]["hits"], &answer["recall"]["total"]), (&json!(1), &json!(2)));
    assert_eq!((&answer["precision"]["hits"], &answer["precision"]["total"]), (&json!(1), &json!(2)));
    let faults: Vec<_> = answer["misses"].as_array().unwrap().iter().map(|miss| &miss["fault"]).collect();
    assert_eq!(faults, ["missed", "false"]);
    assert!(!ended.out.contains("小白"), "places are named, words are not");
    assert!(table.out.contains("3 texts, 1 of them without personal data"), "{}", table.out);
}
