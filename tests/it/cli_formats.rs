//! `tingxin formats`, and what the command line answers about files of other systems.

use serde_json::Value;

use crate::support::shell::Shell;

const WHISPER: &str = r#"{"segments":[{"start":0,"end":2.3,"text":"您好，请问什么事？","speaker":"SPEAKER_00"},{"start":2.6,"end":5.1,"text":"我家宽带又断了，这都第三次了！","speaker":"SPEAKER_01"}]}"#;

#[test]
fn every_format_is_listed_with_an_example_and_one_can_be_asked_for() {
    let shell = Shell::new();

    let all = shell.run(&["formats"]);
    let one = shell.run(&["formats", "webvtt"]);
    let none = shell.run(&["formats", "fax"]);

    for name in ["tingxin.contact.v1", "xlsx", "webvtt", "vcon", "contact-lens", "aliyun-sca", "wechat"] {
        assert!(all.out.lines().any(|line| line == name), "{name}");
    }
    assert!(one.out.contains("00:01.000 --> 00:03.000") && !one.out.contains("vcon"), "{}", one.out);
    assert_eq!((all.status, one.status, none.status), (0, 0, 64));
}

#[test]
fn who_speaks_is_asked_with_status_two_and_the_answer_analyses_the_file() {
    let shell = Shell::new();
    shell.write("call.json", WHISPER);

    let asked = shell.run(&["analyze", "call.json"]);
    let answered = shell.run(&[
        "analyze",
        "call.json",
        "--explain",
        "--speakers",
        "SPEAKER_00=agent,SPEAKER_01=customer",
    ]);
    let wrong = shell.run(&["analyze", "call.json", "--speakers", "SPEAKER_00=boss"]);

    let refusal: Value = serde_json::from_str(asked.err.trim_end()).unwrap();
    assert_eq!((asked.status, &refusal["code"]), (2, &"ambiguous_speakers".into()));
    let notice: Value = serde_json::from_str(answered.err.trim_end()).unwrap();
    assert_eq!((answered.status, &notice["code"]), (0, &"understood".into()), "{}", answered.err);
    let analysis: Value = serde_json::from_str(answered.out.trim_end()).unwrap();
    assert_eq!(analysis["utterances"].as_array().unwrap().len(), 2);
    assert_eq!(wrong.status, 64);
}
