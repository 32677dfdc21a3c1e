//! Redaction takes personal data out and nothing else.

#![expect(clippy::as_conversions, reason = "digits of invented numbers are small")]

mod canary;
mod doors;
mod quality;
mod spelling;

use tingxin::domain::{
    Body, Contact, ContactId, Header, Intake, RawContact, RawCustomerId, RawText, Speaker, Utterance,
};
use tingxin::redact::{PseudonymKey, Redactor};

use crate::support::scored;

fn header() -> Header {
    scored::header("H-1")
}

fn transcript(turns: &[(Speaker, &str)]) -> RawContact {
    let turns = turns
        .iter()
        .map(|(speaker, text)| Utterance {
            speaker: *speaker,
            text: RawText::new((*text).to_owned()),
            start_ms: None,
            end_ms: None,
        })
        .collect();
    Contact { header: header(), customer: None, body: Body::Transcript(turns) }
}

fn redactor() -> Redactor {
    Redactor::new(PseudonymKey::new([7; 32]))
}

fn redact(turns: &[(Speaker, &str)]) -> Vec<String> {
    texts(&redactor().redact(transcript(turns)))
}

fn texts(intake: &Intake) -> Vec<String> {
    intake.contact.body.texts().map(|(_, line)| line.text.as_str().to_owned()).collect()
}

fn redact_one(text: &str) -> String {
    redact(&[(Speaker::Customer, text)]).remove(0)
}

#[test]
fn a_number_dictated_over_several_turns_is_found() {
    use Speaker::{Agent, Customer};

    let lines = redact(&[
        (Agent, "请报一下手机号"),
        (Customer, "幺九九"),
        (Agent, "嗯"),
        (Customer, "零零零零"),
        (Agent, "零零零零"),
        (Customer, "幺二三四 对"),
        (Agent, "好的，稍等"),
    ]);

    assert_eq!(lines, ["请报一下手机号", "[电话]", "嗯", "[电话]", "[电话]", "[电话] 对", "好的，稍等"]);
}

fn table(name: &str) -> Vec<(String, String)> {
    let path = format!("{}/tests/fixtures/redact/{name}", env!("CARGO_MANIFEST_DIR"));
    std::fs::read_to_string(path)
        .unwrap()
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .map(|line| {
            let mut columns = line.split('\t');
            let input = columns.next().unwrap().to_owned();
            let expected = columns.next().map_or_else(|| input.clone(), str::to_owned);
            (input, expected)
        })
        .collect()
}

fn check(table: &[(String, String)]) {
    let wrong: Vec<String> = table
        .iter()
        .filter_map(|(input, expected)| {
            let got = redact_one(input);
            (got != *expected).then(|| format!("{input}\n  got      {got}\n  expected {expected}"))
        })
        .collect();
    assert!(wrong.is_empty(), "\n{}\n", wrong.join("\n"));
}

#[test]
fn personal_data_in_every_spelling_is_taken_out() {
    let positives = table("positives.tsv");

    assert!(positives.len() >= 80, "{} positives", positives.len());
    check(&positives);
}

#[test]
fn everyday_sentences_stay_as_they_are() {
    let negatives = table("negatives.tsv");

    assert!(negatives.len() >= 60, "{} everyday sentences", negatives.len());
    check(&negatives);
}

#[test]
fn one_customer_has_one_pseudonym_however_the_number_is_written() {
    let pseudonym = |id: &str| {
        let contact = Contact { customer: Some(RawCustomerId::new(id.to_owned())), ..transcript(&[]) };
        redactor().redact(contact).contact.customer.unwrap()
    };

    let plain = pseudonym("19900001234");
    for spelling in [
        "+8619900001234",
        "199 0000 1234",
        "199-0000-1234",
        " 19900001234 ",
        "+86 199 0000 1234",
        "１９９００００１２３４",
    ] {
        assert_eq!(pseudonym(spelling), plain, "{spelling}");
    }
    assert_ne!(pseudonym("19900001235"), plain);
    assert_ne!(pseudonym("C-19900001234"), plain);
    assert_eq!(plain.as_str().len(), 64);
}

#[test]
fn a_number_of_any_length_is_one_number() {
    let endless = "1234567890".repeat(10_000);

    assert_eq!(redact_one(&endless), "[号码]");
}

#[test]
fn the_key_shows_itself_by_a_fingerprint_only() {
    let key = PseudonymKey::new([7; 32]);

    assert_eq!(key.fingerprint().len(), 16);
    assert_ne!(key.fingerprint(), PseudonymKey::new([8; 32]).fingerprint());
    assert_eq!(format!("{key:?}"), "PseudonymKey(hidden)");
}

#[test]
fn another_revision_of_the_same_content_has_the_same_digest() {
    let first = transcript(&[(Speaker::Customer, "你好")]);
    let second = Contact { header: Header { revision: 2, ..header() }, ..first.clone() };

    assert_eq!(redactor().redact(first).digest, redactor().redact(second).digest);
}

#[test]
fn contents_that_read_the_same_when_joined_have_different_digests() {
    use Speaker::{Agent, Customer};
    let note = |sentences: &[&str]| Contact {
        body: Body::Note(sentences.iter().map(|text| RawText::new((*text).to_owned())).collect()),
        ..transcript(&[])
    };
    let contents = [
        transcript(&[(Customer, "你好在吗")]),
        transcript(&[(Customer, "你好"), (Customer, "在吗")]),
        transcript(&[(Customer, "你"), (Customer, "好在吗")]),
        transcript(&[(Agent, "你好"), (Customer, "在吗")]),
        note(&["你好", "在吗"]),
        note(&["你好在吗"]),
        Contact {
            header: Header { contact_id: ContactId::new("H-12").unwrap(), ..header() },
            ..transcript(&[(Customer, "你好在吗")])
        },
        Contact {
            customer: Some(RawCustomerId::new("C1".to_owned())),
            ..transcript(&[(Customer, "你好在吗")])
        },
    ];

    let digests: std::collections::HashSet<String> =
        contents.iter().map(|content| redactor().redact(content.clone()).digest.to_hex()).collect();

    assert_eq!(digests.len(), contents.len());
}

#[test]
fn a_name_that_was_given_once_is_taken_out_wherever_it_is_said() {
    let lines = redact(&[(Speaker::Customer, "我叫王伟强，网断了"), (Speaker::Agent, "好的，王伟强您稍等")]);

    assert_eq!(lines, ["我叫[姓名]，网断了", "好的，[姓名]您稍等"]);
}

#[test]
fn what_the_agent_repeats_piece_by_piece_is_taken_out_too() {
    use Speaker::{Agent, Customer};

    let lines = redact(&[
        (Customer, "我的号码是一九九"),
        (Agent, "一九九"),
        (Customer, "零零零零"),
        (Agent, "零零零零 您继续"),
        (Customer, "嗯 幺二三四"),
        (Agent, "幺二三四 好的"),
        (Customer, "我家宽带断了三次"),
    ]);

    assert_eq!(
        lines,
        [
            "我的号码是[电话]",
            "[电话]",
            "[电话]",
            "[电话] 您继续",
            "嗯 [电话]",
            "[电话] 好的",
            "我家宽带断了三次"
        ]
    );
}

#[test]
fn small_numbers_in_neighbouring_turns_are_not_joined_to_a_number() {
    use Speaker::{Agent, Customer};
    let turns = [
        (Agent, "满意几分"),
        (Customer, "一"),
        (Agent, "上次呢"),
        (Customer, "三"),
        (Agent, "套餐多少"),
        (Customer, "一九九"),
        (Agent, "流量呢"),
        (Customer, "二十个G"),
        (Agent, "好"),
    ];

    let lines = redact(&turns);

    assert_eq!(lines, turns.map(|(_, text)| text.to_owned()));
}

/// The longest run of digits, written or spoken, whatever stands between single digits but words.
fn longest_run(text: &str) -> usize {
    let mut longest = 0;
    let mut run = 0;
    for c in text.chars() {
        if c.is_numeric() || "幺零一二三四五六七八九".contains(c) {
            run += 1;
            longest = longest.max(run);
        } else if !" -，嗯那个".contains(c) {
            run = 0;
        }
    }
    longest
}

fn check_spans(before: &str, line: &tingxin::domain::RedactedLine) {
    let after: Vec<char> = line.text.as_str().chars().collect();
    let mut kept = String::new();
    let mut at = 0;
    for redaction in &line.redactions {
        assert!(redaction.span.start >= at, "spans in order without overlap");
        assert_eq!(redaction.span.slice(line.text.as_str()), format!("[{}]", redaction.kind.zh()));
        kept.extend(&after[at..redaction.span.start]);
        kept.push('\u{0}');
        at = redaction.span.end;
    }
    kept.extend(&after[at..]);

    // What was kept stands in the original in the same order, from its beginning to its end.
    let mut rest = before;
    for (place, part) in kept.split('\u{0}').enumerate() {
        let found = if place == 0 { rest.starts_with(part).then_some(0) } else { rest.find(part) };
        let found = found.unwrap_or_else(|| panic!("{part:?} is missing from {before:?}"));
        rest = &rest[found + part.len()..];
    }
    assert!(
        line.redactions.last().is_some_and(|last| last.span.end == after.len())
            || before.ends_with(kept.split('\u{0}').next_back().unwrap())
    );
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(10_000))]

    #[test]
    fn no_spelling_of_a_number_survives(
        (canary, _) in spelling::spelled(),
        before in "(我的是|号码|嗯 |我家宽带断了，|)",
        after in "(，谢谢|。|对吗| 你查一下|)",
    ) {
        let text = format!("{before}{canary}{after}");

        let line = &redact(&[(Speaker::Customer, &text)])[0];

        proptest::prop_assert!(longest_run(line) < 7, "{text} -> {line}");
        proptest::prop_assert!(line.starts_with(&before) && line.ends_with(&after), "{text} -> {line}");
    }
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(1_000))]

    #[test]
    fn no_number_survives_being_dictated_in_parts(
        ((number, sizes), between) in (
            spelling::number(),
            proptest::collection::vec("(嗯|好|您说|嗯好的您继续说|)", 4),
        ),
        aloud in proptest::bool::ANY,
    ) {
        let parts = spelling::parts(&number, &sizes, aloud);
        let mut turns = vec![(Speaker::Agent, "麻烦您报一下")];
        for (part, between) in parts.iter().zip(between.iter().cycle()) {
            turns.push((Speaker::Customer, part.as_str()));
            if !between.is_empty() {
                turns.push((Speaker::Agent, between.as_str()));
            }
        }

        let lines = redact(&turns);

        for ((speaker, _), line) in turns.iter().zip(&lines) {
            proptest::prop_assert!(*speaker == Speaker::Agent || line.starts_with('['), "{turns:?} -> {lines:?}");
        }
    }


    #[test]
    fn redacting_twice_is_redacting_once_and_spans_tell_the_truth(
        texts in proptest::collection::vec(
            "([我你他是的叫姓住在号小老张王李先生师傅地址电话路里楼总密码验证]|[0-9１x*]{1,12}|[零一二三四五六七八九幺两个]{1,6}|[ ，。、@.\\-\\[\\]a京+()（）]|嗯|那个|㎏|\u{200b}){0,16}",
            1..6,
        ),
    ) {
        let turns: Vec<(Speaker, &str)> = texts
            .iter()
            .zip([Speaker::Customer, Speaker::Agent].into_iter().cycle())
            .map(|(text, speaker)| (speaker, text.as_str()))
            .collect();

        let once = redactor().redact(transcript(&turns));
        for (text, (_, line)) in texts.iter().zip(once.contact.body.texts()) {
            check_spans(text, line);
        }
        let again: Vec<String> = self::texts(&once);
        let turns: Vec<(Speaker, &str)> =
            turns.iter().zip(&again).map(|((speaker, _), text)| (*speaker, text.as_str())).collect();

        proptest::prop_assert_eq!(redact(&turns), again);
    }
}
