//! What holds for every format: streaming, and an answer to whatever bytes come.

use std::io::Read;
use std::path::Path;

use proptest::prelude::*;
use serde_json::{Value, json};
use tingxin::domain::Speaker;
use tingxin::ingest::{Format, ReadError, ReadOptions, parse_contact, read};

use super::{bytes, changed, example, parsed, raw, spoken, text};

#[test]
fn the_shipped_samples_are_read_without_a_refusal() {
    fn walk(folder: &Path, found: &mut Vec<std::path::PathBuf>) {
        for entry in std::fs::read_dir(folder).unwrap().map(Result::unwrap) {
            if entry.path().is_dir() { walk(&entry.path(), found) } else { found.push(entry.path()) }
        }
    }
    let mut files = Vec::new();
    walk(&Path::new(env!("CARGO_MANIFEST_DIR")).join("samples"), &mut files);
    files.retain(|file| file.extension().is_some_and(|end| end != "tab" && end != "md"));
    assert!(files.len() > 50);

    for file in files {
        let contacts = bytes(&std::fs::read(&file).unwrap(), &ReadOptions::default());
        assert!(
            !contacts.is_empty() && contacts.iter().all(Result::is_ok),
            "{}: {contacts:?}",
            file.display()
        );
    }
}

#[test]
fn a_broken_stream_is_told_from_a_refusal() {
    struct Torn;
    impl Read for Torn {
        fn read(&mut self, _: &mut [u8]) -> std::io::Result<usize> {
            Err(std::io::Error::other("cable pulled"))
        }
    }

    let mut contacts = read(Box::new(Torn), "-", &ReadOptions::default());

    assert!(matches!(contacts.next(), Some(Err(ReadError::Broken { .. }))));
    assert!(contacts.next().is_none());
}

#[test]
fn a_long_file_is_not_read_before_it_is_asked_for() {
    struct Endless(usize, Vec<u8>);
    impl Read for Endless {
        fn read(&mut self, target: &mut [u8]) -> std::io::Result<usize> {
            assert!(self.0 < 4 * 1024 * 1024, "read on without need");
            let count = target.len().min(self.1.len());
            target[..count].copy_from_slice(&self.1[..count]);
            self.1.rotate_left(count);
            self.0 += count;
            Ok(count)
        }
    }
    let line = format!("{}\n", example()).into_bytes();

    let contacts = read(Box::new(Endless(0, line)), "-", &ReadOptions::default());

    assert_eq!(contacts.take(1000).flatten().count(), 1000);
}

fn any_format() -> impl Strategy<Value = Format> {
    prop::sample::select(vec![Format::Auto, Format::Json, Format::Ndjson, Format::Csv, Format::Text])
}

/// Bytes that come near the formats, so that the readers get beyond their first line.
fn near_bytes() -> impl Strategy<Value = Vec<u8>> {
    let parts = [
        "{\"source\":\"s\",",
        "\"contact_id\":\"1\"",
        "}",
        "[",
        "]",
        ",",
        "\n",
        "\"",
        "客服：",
        "contact_id,text,speaker\n",
        "1,好,客户\n",
        "[00:00:01] ",
        "---\n",
        "=== 7\n",
        "编号：8\n",
        "\r\n",
        "\u{feff}",
        "\\",
        "好",
        "\0",
        "时间：2026-11-01 08:00\n",
        ";",
        "\t",
        "{\"source\":\"s\",\"contact_id\":\"1\",\"channel\":\"chat\",\"utterances\":[{\"speaker\":\"agent\",\"text\":\"好\"}]}",
    ];
    let part = prop_oneof![
        8 => prop::sample::select(parts.to_vec()).prop_map(|part| part.as_bytes().to_vec()),
        1 => prop::collection::vec(any::<u8>(), 0..6),
    ];
    prop::collection::vec(part, 0..24).prop_map(|parts| parts.concat())
}

proptest! {
    #[test]
    fn whatever_the_bytes_every_refusal_has_a_line(content in near_bytes(), format in any_format()) {
        let lines = u64::try_from(content.split(|byte| *byte == b'\n').count()).unwrap();
        let options = ReadOptions { format, ..ReadOptions::default() };

        for refusal in bytes(&content, &options).into_iter().filter_map(Result::err) {
            let line = refusal.line.unwrap();
            prop_assert!((1..=lines).contains(&line), "{refusal:?} of {lines}");
            prop_assert_eq!(refusal.file.as_deref(), Some("day.txt"));
        }
    }

    #[test]
    fn a_request_body_of_any_bytes_is_answered(content in near_bytes()) {
        if let Err(refusal) = parse_contact(&content) {
            prop_assert!(!refusal.message.is_empty() && refusal.line.is_none());
        }
    }

    #[test]
    fn what_json_says_is_what_arrives(
        texts in prop::collection::vec("[^\0]{1,20}", 1..6),
        revision in 1_u32..,
        start in 0_u64..=1_000_000_000_000,
    ) {
        let spoken_texts: Vec<Value> = texts
            .iter()
            .map(|text| json!({"speaker": "customer", "text": text, "start_ms": start}))
            .collect();
        let mut contact = changed("/utterances", json!(spoken_texts));
        contact["revision"] = json!(revision);
        let blank = texts.iter().all(|text| text.trim().is_empty());

        let arrived = parsed(&contact);

        prop_assert_eq!(arrived.is_err(), blank);
        if let Ok(arrived) = arrived {
            prop_assert_eq!(arrived.header.revision, revision);
            let expected: Vec<_> = texts.iter().map(|text| (Some(Speaker::Customer), raw(text))).collect();
            prop_assert_eq!(spoken(&arrived), expected);
            // The same contact as a line, in an array, and spread over many lines.
            let forms = [
                contact.to_string(),
                format!("[{contact}]"),
                serde_json::to_string_pretty(&contact).unwrap(),
            ];
            for form in forms {
                let again = text(&form);
                prop_assert_eq!(again.len(), 1);
                prop_assert_eq!(again[0].as_ref().unwrap(), &arrived);
            }
        }
    }
}
