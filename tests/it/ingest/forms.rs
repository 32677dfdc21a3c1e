//! Files of other systems in the form in which they are published, one fixture each.

use std::io::Cursor;
use std::path::Path;

use tingxin::domain::{Body, Channel, RawContact, RawText, Refusal, Speaker};
use tingxin::ingest::{ColumnMap, ReadError, ReadOptions, SpeakerMap, read};

const HELLO: &str = "您好，请问有什么可以帮您？";
const FAULT: &str = "我家宽带又断了，这都第三次了！";

/// What came of a file: contacts, refusals, notices.
#[derive(Debug, Default)]
struct Came {
    taken: Vec<RawContact>,
    refused: Vec<Refusal>,
    noticed: Vec<Refusal>,
}

fn came(name: &str, bytes: Vec<u8>, options: &ReadOptions) -> Came {
    let mut came = Came::default();
    for item in read(Box::new(Cursor::new(bytes)), name, options) {
        match item {
            Ok(placed) => came.taken.push(placed.contact),
            Err(ReadError::Refused(refusal)) => came.refused.push(refusal),
            Err(ReadError::Notice(notice)) => came.noticed.push(notice),
            Err(broken) => panic!("{name}: {broken}"),
        }
    }
    came
}

fn bytes(name: &str) -> Vec<u8> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/forms");
    std::fs::read(folder.join(name)).unwrap()
}

fn options(speakers: &str, map: &[&str]) -> ReadOptions {
    let mut options = ReadOptions::default();
    options.speakers.add(speakers).unwrap();
    for answer in map {
        options.columns.add(answer).unwrap();
    }
    options
}

fn fixture(name: &str, speakers: &str) -> Came {
    came(name, bytes(name), &options(speakers, &[]))
}

/// The one contact of a file that needs no answer.
fn only(name: &str) -> RawContact {
    let Came { mut taken, refused, .. } = fixture(name, "");
    assert!(refused.is_empty() && taken.len() == 1, "{name}: {refused:?} {taken:?}");
    taken.remove(0)
}

fn raw(text: &str) -> RawText {
    RawText::new(text.to_owned())
}

fn speakers(contact: &RawContact) -> Vec<Speaker> {
    contact.body.texts().filter_map(|(speaker, _)| speaker).collect()
}

fn texts(contact: &RawContact) -> Vec<RawText> {
    contact.body.texts().map(|(_, text)| text.clone()).collect()
}

fn times(contact: &RawContact) -> Vec<(Option<u64>, Option<u64>)> {
    match &contact.body {
        Body::Transcript(turns) => turns.iter().map(|turn| (turn.start_ms, turn.end_ms)).collect(),
        Body::Note(_) => Vec::new(),
    }
}

const AGENT_THEN_CUSTOMER: [Speaker; 2] = [Speaker::Agent, Speaker::Customer];

#[test]
fn subtitles_say_who_speaks_in_tags_or_before_the_words() {
    let tagged = only("tagged.vtt");
    assert_eq!(speakers(&tagged), [Speaker::Agent, Speaker::Customer, Speaker::Agent]);
    assert_eq!(texts(&tagged)[1], raw("我家宽带又断了，\n这都第三次了！"));
    assert_eq!(times(&tagged)[0], (Some(1000), Some(3200)));
    assert_eq!(tagged.header.contact_id.as_str(), "tagged");

    let prefixed = only("prefixed.srt");
    assert_eq!(speakers(&prefixed), [Speaker::Agent, Speaker::Customer, Speaker::Customer]);
    assert_eq!(texts(&prefixed)[..2], [raw(HELLO), raw(FAULT)]);
}

#[test]
fn whose_words_they_are_is_asked_and_the_answer_is_taken() {
    for (name, answer) in [
        ("nameless.srt", "*=customer"),
        ("whisperx.json", "SPEAKER_00=agent,SPEAKER_01=customer"),
        ("whisper.tsv", "*=agent"),
        ("funasr.tsv", "0=agent,1=customer"),
        ("funasr.json", "0=agent,1=customer"),
        ("nemo.txt", "speaker_0=agent,SPEAKER_1=customer"),
        ("feishu.txt", "说话人 1=agent,说话人 2=customer"),
        ("tingwu.txt", "发言人1=agent,发言人2=customer"),
        ("xfyun.txt", "说话人1=agent,说话人2=customer"),
        ("wechat.txt", "阳光的人=customer"),
        ("wechat-colon.txt", "移动客服=agent,阳光的人=customer"),
        ("twilio-sentences.json", "1=agent,2=customer"),
        ("twilio-messages.json", "whatsapp:+#############=customer,li=agent"),
        ("roles.csv", "0=agent,1=customer"),
    ] {
        let asked = fixture(name, "");
        assert!(asked.taken.is_empty(), "{name}: {:?}", asked.taken);
        let [refusal] = &*asked.refused else { panic!("{name}: {asked:?}") };
        assert_eq!(refusal.code, "ambiguous_speakers", "{name}: {refusal}");
        assert!(!refusal.message.contains("13900001234"), "{name}");

        let answered = fixture(name, answer);
        assert!(answered.refused.is_empty(), "{name}: {:?}", answered.refused);
        let contact = &answered.taken[0];
        assert!(texts(contact).contains(&raw(FAULT)) || name == "feishu.txt", "{name}");
        if !answer.starts_with('*') {
            let found = speakers(contact);
            assert!(
                found.contains(&Speaker::Agent) && found.contains(&Speaker::Customer),
                "{name}: {found:?}"
            );
        }
    }
}

#[test]
fn what_recognisers_count_in_seconds_and_milliseconds_arrives_as_milliseconds() {
    let whisper = fixture("whisperx.json", "SPEAKER_00=agent,SPEAKER_01=customer");
    assert_eq!(times(&whisper.taken[0])[..2], [(Some(31), Some(2300)), (Some(2600), Some(5100))]);
    assert_eq!(speakers(&whisper.taken[0])[2], Speaker::System, "nobody is known to have said it");
    assert_eq!(whisper.noticed.len(), 1);
    for name in ["whisper.tsv", "funasr.tsv"] {
        let tsv = fixture(name, "*=agent,0=agent,1=customer");
        assert_eq!(times(&tsv.taken[0]), [(Some(0), Some(2300)), (Some(2600), Some(5100))], "{name}");
    }
    let funasr = fixture("funasr.json", "0=agent,1=customer");
    assert_eq!(times(&funasr.taken[0]), [(Some(0), Some(2300)), (Some(2600), Some(5100))]);
    assert_eq!(funasr.taken[0].header.contact_id.as_str(), "call-9");
    let feishu = fixture("feishu.txt", "说话人 1=agent,说话人 2=customer");
    assert_eq!(feishu.taken[0].header.started_at.unwrap().to_beijing(), "2026-11-01 10:00");
    assert_eq!(times(&feishu.taken[0])[0].0, Some(2300));
}

#[test]
fn messages_are_chats_and_a_line_is_one_of_them() {
    let lines = fixture("messages.jsonl", "");
    assert_eq!((lines.taken.len(), lines.refused.len()), (2, 0), "{lines:?}");
    assert_eq!(speakers(&lines.taken[0]), [Speaker::System, Speaker::Customer, Speaker::Agent]);
    assert_eq!(lines.taken[0].header.channel, Channel::Chat);
    assert_eq!(lines.taken[1].header.contact_id.as_str(), "messages-2");

    assert_eq!(speakers(&only("messages-array.json")), [Speaker::Customer, Speaker::Agent]);
}

#[test]
fn clouds_say_who_speaks_and_when() {
    for (name, id) in [
        ("contact-lens.json", "c0ffee00-0000-4000-8000-000000000001"),
        ("transcribe-call.json", "call-77"),
        ("pca.json", "g-77"),
        ("aliyun-result.json", "call-5"),
        ("genesys.json", "g-9"),
    ] {
        let contact = only(name);
        assert_eq!(speakers(&contact), AGENT_THEN_CUSTOMER, "{name}");
        assert_eq!(texts(&contact), [raw(HELLO), raw(FAULT)], "{name}");
        assert_eq!(times(&contact)[1], (Some(2600), Some(5100)), "{name}");
        assert_eq!(contact.header.contact_id.as_str(), id);
    }
    assert_eq!(only("pca.json").header.staff.unwrap().id.as_str(), "A1001");
    assert_eq!(only("aliyun-result.json").header.started_at.unwrap().to_beijing(), "2026-11-01 08:00");
    assert_eq!(speakers(&only("google.json")), [Speaker::System, Speaker::Agent, Speaker::Customer]);
    assert_eq!(times(&only("google.json"))[2].0, Some(2600));

    for name in ["aliyun-upload.json", "huawei.json"] {
        let two = fixture(name, "");
        assert_eq!((two.taken.len(), two.refused.len()), (2, 0), "{name}: {two:?}");
        assert!(two.taken.iter().all(|contact| speakers(contact) == AGENT_THEN_CUSTOMER), "{name}");
    }
}

#[test]
fn help_desks_are_read_without_what_staff_write_among_themselves() {
    for name in ["zendesk.json", "chatwoot.json"] {
        let desk = fixture(name, "");
        let [contact] = &*desk.taken else { panic!("{name}: {desk:?}") };
        assert_eq!(speakers(contact)[..2], [Speaker::Customer, Speaker::Agent], "{name}");
        assert_eq!((contact.header.channel, desk.noticed.len()), (Channel::Chat, 1), "{name}");
        assert_eq!(times(contact)[1].0, Some(60_000), "{name}");
    }
}

#[test]
fn a_vcon_is_read_from_text_or_transcript_and_says_why_when_it_has_neither() {
    for name in ["vcon-text.json", "vcon-001.json", "vcon-wtf.json"] {
        let contact = only(name);
        assert_eq!(speakers(&contact), AGENT_THEN_CUSTOMER, "{name}");
        assert_eq!(texts(&contact), [raw(HELLO), raw(FAULT)], "{name}");
        assert!(contact.header.contact_id.as_str().starts_with("0198e000"), "{name}");
    }
    for (name, word) in [
        ("vcon-recording.json", "no transcript"),
        ("vcon-signed.json", "signed"),
        ("vcon-encrypted.json", "encrypted"),
    ] {
        let refused = fixture(name, "").refused;
        assert!(refused.len() == 1 && refused[0].message.contains(word), "{name}: {refused:?}");
        assert_eq!(refused[0].code, "unsupported_format");
    }
}

#[test]
fn tables_in_the_wild_are_read() {
    let sep = fixture("sep.csv", "");
    assert_eq!(speakers(&sep.taken[0]), AGENT_THEN_CUSTOMER, "{sep:?}");
    assert_eq!(times(&sep.taken[0]), [(Some(0), Some(2300)), (Some(2601), Some(5100))]);
    assert_eq!(sep.taken[0].header.business_process.as_ref().unwrap().as_str(), "broadband_fault");
    assert!(sep.noticed[0].message.contains("录音地址"), "{:?}", sep.noticed);

    let timed = only("timed.csv");
    assert_eq!(speakers(&timed), AGENT_THEN_CUSTOMER, "newest first");
    assert_eq!(times(&timed)[1].0, Some(4000));

    let pair = fixture("pair.csv", "");
    assert_eq!(pair.taken.iter().map(speakers).collect::<Vec<_>>(), [AGENT_THEN_CUSTOMER; 2], "{pair:?}");

    for name in ["calls.csv", "calls.csv.gz", "calls.xlsx"] {
        let calls = fixture(name, "");
        assert_eq!((calls.taken.len(), calls.refused.len()), (2, 0), "{name}: {calls:?}");
        for contact in &calls.taken {
            assert_eq!(texts(contact), [raw(HELLO), raw(FAULT)], "{name}");
            assert_eq!(speakers(contact), AGENT_THEN_CUSTOMER, "{name}");
        }
    }
    assert_eq!(fixture("calls.csv", "").taken[0].header.survey.unwrap().satisfaction, 1);

    let turns = only("turns.xlsx");
    assert_eq!(speakers(&turns), AGENT_THEN_CUSTOMER);
    assert_eq!(turns.header.contact_id.as_str(), "20261101");
    assert_eq!(turns.header.started_at.unwrap().to_beijing(), "2026-11-01 08:00");
    assert_eq!(times(&turns)[1].0, Some(3000));
}

#[test]
fn an_archive_is_read_as_a_folder_is() {
    let mixed = fixture("mixed.zip", "说话人 1=agent,说话人 2=customer");

    assert_eq!((mixed.taken.len(), mixed.refused.len()), (7, 0), "{mixed:?}");
    assert!(mixed.noticed.iter().any(|notice| notice.code == "skipped_file"));
}

#[test]
fn research_sets_are_read_by_a_map() {
    let nested = ["dialog.no=contact_id", "dialog.lines.who=speaker", "dialog.lines.utt=text"];
    let flat = ["d=contact_id", "who=speaker", "utt=text"];
    for (name, map) in [("research.ndjson", nested), ("flat.ndjson", flat)] {
        let sets = came(name, bytes(name), &options("A=agent,B=customer", &map));
        assert_eq!((sets.taken.len(), sets.refused.len()), (2, 0), "{name}: {sets:?}");
        assert!(sets.taken.iter().all(|contact| speakers(contact) == AGENT_THEN_CUSTOMER), "{name}");
        assert_eq!(sets.taken[1].header.contact_id.as_str(), "2");
    }
    let map = ["甲=text", "乙=speaker", "丙="];
    let table = came("t.csv", "乙,甲,丙\n客服,好,x\n客户,不好,y\n".into(), &options("", &map));
    assert_eq!(speakers(&table.taken[0]), AGENT_THEN_CUSTOMER, "{table:?}");
}

#[test]
fn explain_says_how_a_file_was_understood() {
    for name in ["tagged.vtt", "sep.csv", "turns.xlsx", "genesys.json", "messages-array.json"] {
        let explained = came(name, bytes(name), &ReadOptions { explain: true, ..ReadOptions::default() });
        let said: Vec<_> = explained.noticed.iter().filter(|notice| notice.code == "understood").collect();
        assert!(said.iter().any(|notice| notice.message.contains("contact_id")), "{name}: {said:?}");
        assert_eq!(explained.refused, [], "{name}");
    }
}

#[test]
fn unknown_fields_of_our_own_form_are_dropped_when_told_so() {
    let contact = r#"{"source":"s","contact_id":"1","channel":"chat","mood":1,"utterances":[{"speaker":"agent","text":"好","tone":2}]}"#;
    let strict = came("a.json", contact.into(), &ReadOptions::default());
    assert_eq!(strict.refused[0].code, "unknown_field");

    let lenient =
        came("a.json", contact.into(), &ReadOptions { ignore_unknown: true, ..ReadOptions::default() });
    assert_eq!((lenient.taken.len(), lenient.refused.len()), (1, 0), "{lenient:?}");
    assert!(lenient.noticed[0].message.contains("mood, tone"), "{:?}", lenient.noticed);
}

#[test]
fn files_that_are_cut_off_anywhere_are_answered() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/forms");
    for entry in std::fs::read_dir(folder).unwrap() {
        let (name, whole) =
            (entry.as_ref().unwrap().file_name(), std::fs::read(entry.unwrap().path()).unwrap());
        let name = name.to_string_lossy().into_owned();
        if name == "bomb.gz" {
            continue;
        }
        for part in 1..6 {
            let mut bytes = whole[..whole.len() * part / 6].to_vec();
            for item in read(Box::new(Cursor::new(bytes.clone())), &name, &ReadOptions::default()) {
                if let Err(ReadError::Refused(refusal)) = item {
                    assert!(!refusal.message.is_empty() && refusal.file.is_some());
                }
            }
            let at = bytes.len() / 2;
            bytes[at] ^= 0x5a;
            read(Box::new(Cursor::new(bytes)), &name, &options("*=agent", &[])).for_each(drop);
        }
    }
}

#[test]
fn what_unpacks_to_far_more_than_it_is_gets_refused() {
    let bomb = bytes("bomb.gz");

    let refused = came("bomb.gz", bomb, &ReadOptions::default()).refused;

    assert!(refused.iter().any(|refusal| refusal.code == "too_large"), "{refused:?}");
}

#[test]
fn maps_that_make_no_sense_say_what_was_expected() {
    assert!(SpeakerMap::default().add("A=boss").unwrap_err().contains("LABEL=agent"));
    assert!(ColumnMap::default().add("甲=mood").unwrap_err().contains("contact_id"));
}
