//! `tingxin.contact.v1`, as a request body and as a file.

use serde_json::{Value, json};
use tingxin::domain::{Body, Channel, Speaker};
use tingxin::ingest::{Format, ReadOptions, parse_contact};

use super::{bytes, changed, example, fixture, parsed, raw, spoken, text, times, verdict};

#[test]
fn the_contract_s_example_is_taken_in_whole() {
    let contact = parsed(&example()).unwrap();

    assert_eq!(contact.header.source.as_str(), "hotline-10086");
    assert_eq!(contact.header.channel, Channel::Hotline);
    assert_eq!(contact.header.started_at.unwrap().to_rfc3339(), "2026-11-01T00:00:00.000Z");
    assert_eq!(contact.header.survey.unwrap().satisfaction, 2);
    assert_eq!(contact.header.staff.clone().unwrap().team.unwrap().as_str(), "beijing-01");
    assert_eq!(contact.customer, Some(tingxin::domain::RawCustomerId::new("138****0001".to_owned())));
    assert_eq!(times(&contact), [(Some(0), Some(2300)), (Some(2600), None)]);
    assert_eq!(spoken(&contact)[1], (Some(Speaker::Customer), raw("我家宽带又断了，这都第三次了！")));
}

#[test]
fn only_source_id_channel_and_words_are_required() {
    let least = json!({"source": "s", "contact_id": "1", "channel": "chat",
        "utterances": [{"speaker": "system", "text": "欢迎"}]});

    let contact = parsed(&least).unwrap();

    assert_eq!(contact.header.revision, 1);
    for field in ["/source", "/contact_id", "/channel", "/utterances"] {
        assert_eq!(verdict(&changed(field, Value::Null)), ("missing_field", Some(field.to_owned())));
    }
}

#[test]
fn each_fault_has_its_code_and_its_place() {
    for (field, value, code) in [
        ("/schema", json!("tingxin.contact.v2"), "invalid_value"),
        ("/source", json!("  "), "invalid_value"),
        ("/contact_id", json!("a\u{0}b"), "invalid_value"),
        ("/contact_id", json!("长".repeat(129)), "invalid_value"),
        ("/revision", json!(0), "invalid_value"),
        ("/revision", json!(-1), "invalid_value"),
        ("/revision", json!("1"), "invalid_value"),
        ("/kind", json!("note"), "invalid_value"),
        ("/kind", json!("memo"), "invalid_value"),
        ("/channel", json!("fax"), "invalid_value"),
        ("/started_at", json!("2026-11-01 08:00:00"), "invalid_value"),
        ("/business_process", json!(""), "invalid_value"),
        ("/business_process", json!("张三 19900001234"), "invalid_value"),
        ("/business_process", json!("Broadband fault"), "invalid_value"),
        ("/business_process", json!("fault-19900001234"), "invalid_value"),
        ("/staff/id", json!("王小明19900001234"), "invalid_value"),
        ("/staff/team", json!("19900001234"), "invalid_value"),
        ("/source", json!("wang@example.com"), "invalid_value"),
        ("/contact_id", json!("H-199-0000-1234"), "invalid_value"),
        ("/staff", json!(["A1001"]), "invalid_value"),
        ("/staff/id", json!(7), "invalid_value"),
        ("/staff/name", json!("x"), "unknown_field"),
        ("/customer/id", json!(" "), "invalid_value"),
        ("/customer/id", json!("1\u{0}2"), "invalid_value"),
        ("/note", json!({"text": "记录"}), "invalid_value"),
        ("/mood", json!("bad"), "unknown_field"),
        ("/utterances", json!({}), "invalid_value"),
        ("/utterances/1", json!(["agent", "好"]), "invalid_value"),
        ("/utterances/1/speaker", json!("boss"), "invalid_value"),
        ("/utterances/1/text", json!("断\u{0}了"), "invalid_value"),
        ("/utterances/1/text", json!(5), "invalid_value"),
        ("/utterances/1/text", json!("断".repeat(22_000)), "too_large"),
        ("/utterances/1/tone", json!(1), "unknown_field"),
        ("/utterances/0/end_ms", json!(-5), "invalid_value"),
        ("/utterances/1/end_ms", json!(2599), "invalid_value"),
        ("/utterances/1/start_ms", json!(u64::MAX), "invalid_value"),
        ("/survey/satisfaction", json!(6), "invalid_value"),
        ("/survey/satisfaction", json!(0), "invalid_value"),
        ("/survey/scale", json!(11), "invalid_value"),
        ("/survey/scale", json!(1), "invalid_value"),
        ("/survey/scale", json!(300), "invalid_value"),
    ] {
        let found = verdict(&changed(field, value.clone()));
        assert_eq!(found, (code, Some(field.to_owned())), "{value:.60}");
    }
}

#[test]
fn a_contact_without_words_is_refused() {
    let silent = json!([{"speaker": "agent", "text": " \n"}]);

    assert_eq!(verdict(&changed("/utterances", silent)), ("empty_contact", None));
    assert_eq!(verdict(&changed("/utterances", json!([]))), ("empty_contact", None));
}

#[test]
fn more_turns_than_the_limit_are_refused() {
    let turn = json!({"speaker": "agent", "text": "好"});

    let most = parsed(&changed("/utterances", json!(vec![&turn; 20_000]))).unwrap();
    let more = verdict(&changed("/utterances", json!(vec![&turn; 20_001])));

    assert_eq!(most.body.len(), 20_000);
    assert_eq!(more, ("too_large", Some("/utterances".to_owned())));
}

#[test]
fn a_note_is_cut_into_sentences_that_join_to_the_note() {
    let note = "客户情绪激动，要求退费。已安抚；承诺24小时内回访！\n";

    let contact =
        parsed(&json!({"source": "s", "contact_id": "1", "channel": "hall", "note": {"text": note}}));

    let sentences = ["客户情绪激动，要求退费。", "已安抚；", "承诺24小时内回访！\n"].map(raw);
    assert_eq!(contact.unwrap().body, Body::Note(sentences.to_vec()));
    let long =
        json!({"source": "s", "contact_id": "1", "channel": "hall", "note": {"text": "话".repeat(90_000)}});
    assert_eq!(verdict(&long), ("too_large", Some("/note/text".to_owned())));
}

#[test]
fn a_field_written_twice_and_json_that_is_none_are_refused() {
    let twice = br#"{"source":"s","source":"t","contact_id":"1","channel":"chat"}"#;
    let refused = parse_contact(twice).unwrap_err();
    assert_eq!((refused.code, refused.field.as_deref()), ("duplicate_field", Some("/source")));

    for text in ["", "[]", "null", "\"x\"", "{\"source\":}", "{} {}", "{\"source\":\"\\ud800\"}"] {
        let refused = parse_contact(text.as_bytes()).unwrap_err();
        let expected = ["invalid_json", "invalid_value", "missing_field"];
        assert!(expected.contains(&refused.code), "{text}: {refused:?}");
    }
    assert_eq!(parse_contact(b"[]").unwrap_err().code, "invalid_value");
    assert_eq!(parse_contact(b"\xff{}").unwrap_err().code, "invalid_json");
}

#[test]
fn no_refusal_repeats_what_the_contact_says() {
    let secret = "我叫张三丰19900001234";
    let speaking = |value: Value| {
        [
            "/source",
            "/revision",
            "/channel",
            "/started_at",
            "/kind",
            "/staff",
            "/utterances",
            "/utterances/0/speaker",
            "/utterances/0/start_ms",
            "/survey/scale",
            "/schema",
        ]
        .map(|field| changed(field, value.clone()))
    };

    for value in [json!(secret), json!([secret]), json!({"text": secret}), json!(format!("{secret}\u{0}"))] {
        for contact in speaking(value) {
            if let Err(refusal) = parsed(&contact) {
                let told = format!("{refusal:?}");
                assert!(!told.contains("张三丰") && !told.contains("19900001234"), "{told}");
            }
        }
    }
    let named = parsed(&changed("/19900001234", json!(1))).unwrap_err();
    assert_eq!(named.field.as_deref(), Some("/###########"));
}

#[test]
fn a_pretty_array_goes_on_after_a_refused_element() {
    let contacts = fixture("pretty-array.json");

    assert_eq!(contacts.len(), 3);
    assert_eq!(spoken(contacts[0].as_ref().unwrap())[0].1, raw("括号 ] } 和引号 \" 都在话里"));
    let refused = contacts[1].as_ref().unwrap_err();
    assert_eq!((refused.line, refused.code), (Some(10), "unknown_field"));
    assert!(refused.message.contains("`mood`"), "{refused}");
    assert_eq!(contacts[2].as_ref().unwrap().body.len(), 2);
}

#[test]
fn after_a_syntax_error_in_an_array_the_rest_is_said_to_be_lost() {
    let contacts = fixture("broken-array.json");

    assert_eq!(contacts.len(), 2);
    let refused = contacts[1].as_ref().unwrap_err();
    assert_eq!((refused.line, refused.code), (Some(3), "invalid_json"));
    assert!(refused.message.contains("line 2") && refused.message.contains("rest of the file"), "{refused}");
}

#[test]
fn an_array_that_breaks_off_does_not_end_silently() {
    let one = example().to_string();

    for (cut, good) in [
        (format!("[{one}"), 1),
        (format!("[{one},"), 1),
        (format!("[{one},{{\"source\""), 1),
        (format!("[{one} {one}]"), 1),
        (format!("[{one},]"), 1),
        ("[1]".to_owned(), 0),
    ] {
        let options = ReadOptions { format: Format::Json, ..ReadOptions::default() };
        let contacts = bytes(cut.as_bytes(), &options);
        assert_eq!(contacts.iter().filter(|c| c.is_ok()).count(), good, "{cut:.20}");
        assert_eq!(contacts.last().unwrap().as_ref().unwrap_err().code, "invalid_json");
    }
}

#[test]
fn objects_and_arrays_may_follow_each_other() {
    let pretty = serde_json::to_string_pretty(&example()).unwrap();

    let contacts = text(&format!("{pretty}\n{pretty} [{pretty},{pretty}] []\n{pretty}"));

    assert_eq!(contacts.iter().filter(|c| c.is_ok()).count(), 5);
}

#[test]
fn a_bad_line_of_ndjson_does_not_stop_the_next() {
    let contacts = fixture("mixed.ndjson");

    let told: Vec<_> = contacts
        .iter()
        .map(|c| c.as_ref().map(|c| c.header.contact_id.to_string()).map_err(|r| (r.line, r.code)))
        .collect();
    assert_eq!(
        told,
        [Ok("N-1".into()), Err((Some(2), "invalid_json")), Err((Some(4), "invalid_value")), Ok("N-4".into())]
    );
}

#[test]
fn a_line_of_more_than_two_mebibytes_is_refused_and_passed_over() {
    let one = example().to_string();
    let huge = "x".repeat(2 * 1024 * 1024 + 1);

    let contacts = text(&format!("{one}\n{{\"source\":\"{huge}\"}}\n{one}\n"));

    let told: Vec<_> =
        contacts.iter().map(|c| c.as_ref().map(|_| ()).map_err(|r| (r.line, r.code))).collect();
    assert_eq!(told, [Ok(()), Err((Some(2), "too_large")), Ok(())]);
}
