//! Redaction takes personal data out and nothing else.

use tingxin::domain::{
    Body, Channel, Contact, ContactId, Header, Intake, RawContact, RawCustomerId, RawText, SourceId, Speaker,
    Utterance,
};
use tingxin::redact::{PseudonymKey, Redactor};

fn header() -> Header {
    Header {
        source: SourceId::new("hotline-10086").unwrap(),
        contact_id: ContactId::new("H-1").unwrap(),
        revision: 1,
        channel: Channel::Hotline,
        started_at: None,
        business_process: None,
        staff: None,
        survey: None,
    }
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

    assert!(positives.len() >= 30, "{} positives", positives.len());
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
