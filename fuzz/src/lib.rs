//! What is done with bytes that nobody has seen before, and what must hold for all of them: no
//! panic, an end, and places that lie within their text.

use std::io::{Cursor, Write};
use std::sync::LazyLock;

use tingxin_store::SearchWords;
use tingxin_text::domain::{Analysis, RawText, RedactedContact, Redaction, Speaker};
use tingxin_text::ingest::{self, Format, ReadError, ReadOptions};
use tingxin_text::redact::{PseudonymKey, Redactor};
use tingxin_text::segment::Segmenter;

static REDACTOR: LazyLock<Redactor> = LazyLock::new(|| Redactor::new(PseudonymKey::new([7; 32])));
static SEGMENTER: LazyLock<Segmenter> = LazyLock::new(|| Segmenter::new().expect("the lists are whole"));

/// Bytes whose form is told from what they are.
pub fn read_any(bytes: &[u8]) {
    read(bytes, Format::Auto);
}

/// JSON: our own and every form of other systems.
pub fn read_json(bytes: &[u8]) {
    read(bytes, Format::Json);
}

/// The same, one value a line.
pub fn read_ndjson(bytes: &[u8]) {
    read(bytes, Format::Ndjson);
}

/// Tables; the first byte says what the caller answered beforehand.
pub fn read_csv(bytes: &[u8]) {
    read(bytes, Format::Csv);
}

/// Dialogues, subtitles, minutes and copied chats.
pub fn read_text(bytes: &[u8]) {
    read(bytes, Format::Text);
}

/// Archives: the bytes as a file in one, under a name that their first byte chooses.
pub fn read_archive(bytes: &[u8]) {
    const NAMES: [&str; 8] = ["a.json", "a.csv", "a.txt", "a.vtt", "a.gz", "a.zip", "../a.json", "a.xlsx"];
    let Some((first, rest)) = bytes.split_first() else { return };
    let name = NAMES[usize::from(*first) % NAMES.len()];
    read(&packed(&[(name, rest)]), Format::Auto);
}

/// Workbooks: the bytes as the XML of their one sheet.
pub fn read_workbook(bytes: &[u8]) {
    const TYPES: &str = r#"<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/></Types>"#;
    const ROOT: &str = r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="a" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#;
    const BOOK: &str = r#"<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="a" sheetId="1" r:id="a"/></sheets></workbook>"#;
    const SHEETS: &str = r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="a" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>"#;
    let book = packed(&[
        ("[Content_Types].xml", TYPES.as_bytes()),
        ("_rels/.rels", ROOT.as_bytes()),
        ("xl/workbook.xml", BOOK.as_bytes()),
        ("xl/_rels/workbook.xml.rels", SHEETS.as_bytes()),
        ("xl/worksheets/sheet1.xml", bytes),
    ]);
    read(&book, Format::Auto);
}

/// Personal data out of a text, alone and over several turns.
pub fn redact(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let raw = RawText::new(text.to_owned());
    within(text, &REDACTOR.places(&raw));
    let line = REDACTOR.line(&raw);
    within(line.text.as_str(), &line.redactions);
    let plain: String = text.chars().filter(|c| !c.is_control() && *c != '\u{feff}').collect();
    let turns = plain.split('。').zip(["客服", "客户"].into_iter().cycle());
    let dialogue = turns.map(|(turn, who)| format!("{who}：{turn}")).collect::<Vec<_>>().join("\n");
    read(dialogue.as_bytes(), Format::Text);
}

/// Words of a text, and cues.
pub fn segment(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let line = REDACTOR.line(&RawText::new(text.to_owned()));
    for speaker in [None, Some(Speaker::Customer), Some(Speaker::Agent)] {
        let cut = SEGMENTER.line(line.clone(), speaker);
        let length = cut.line.text.as_str().chars().count();
        // Two words may share a character: one that stands for several, such as «㎏», is normalised.
        let mut before = 0;
        for token in &cut.tokens {
            let span = token.span;
            assert!(
                before <= span.start && span.start <= span.end && span.end <= length,
                "{span:?} of {length}"
            );
            before = span.start;
        }
        assert_eq!(cut.words().count(), cut.tokens.len());
    }
}

/// Words that somebody looks for: the first line is typed, the rest is what they are looked for in.
pub fn search(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let (typed, text) = text.split_once('\n').unwrap_or((text, ""));
    let Some(words) = SearchWords::parse(typed) else { return };
    let (_, spans) = words.hits(text);
    let length = text.chars().count();
    assert!(spans.iter().all(|span| span.start <= span.end && span.end <= length));
}

/// Analyses as they are stored, exported and read again: what was read is written and read as the
/// same.
pub fn analysis(bytes: &[u8]) {
    let Ok(read) = serde_json::from_slice::<Analysis>(bytes) else { return };
    drop(read.first_place().map(|place| place.told(tingxin_text::domain::Lang::Zh)));
    let written = serde_json::to_vec(&read).expect("an analysis is texts and numbers");
    let again: Analysis = serde_json::from_slice(&written).expect("what was written is read");
    assert_eq!(serde_json::to_vec(&again).expect("as before"), written);
}

/// Reads bytes to their end and works on the contacts as `analyze` does.
fn read(bytes: &[u8], format: Format) {
    let options = options(bytes.first().copied().unwrap_or_default(), format);
    let copy: std::sync::Arc<[u8]> = bytes.into();
    let again = std::sync::Arc::clone(&copy);
    // Some readers look at a file twice.
    let reopen = Box::new(move || -> std::io::Result<Box<dyn std::io::Read + Send>> {
        Ok(Box::new(Cursor::new(std::sync::Arc::clone(&again))))
    });
    // A contact costs at least a byte, and notices come once a file.
    let mut most = 64 + 4 * bytes.len();
    for item in ingest::read_file(Box::new(Cursor::new(copy)), reopen, "fuzz", &options) {
        most = most.checked_sub(1).expect("a stream comes to its end");
        match item {
            Ok(placed) => check(REDACTOR.redact(placed.contact).contact),
            Err(ReadError::Refused(refusal) | ReadError::Notice(refusal)) => {
                assert!(!refusal.message.is_empty() && refusal.message.len() < 4_096, "{refusal}");
            }
            Err(ReadError::Broken { .. }) => {}
        }
    }
}

fn options(first: u8, format: Format) -> ReadOptions {
    let mut options = ReadOptions {
        format,
        ignore_unknown: first & 1 == 1,
        explain: first & 2 == 2,
        ..ReadOptions::default()
    };
    if first & 4 == 4 {
        options.speakers.add("SPEAKER_00=agent,*=customer").expect("an answer");
    }
    options
}

fn check(contact: RedactedContact) {
    for (_, line) in contact.body.texts() {
        within(line.text.as_str(), &line.redactions);
    }
    drop(SEGMENTER.segment(contact));
}

/// Every place lies in the text, in order, and none in another.
fn within(text: &str, places: &[Redaction]) {
    let (length, mut end) = (text.chars().count(), 0);
    for Redaction { span, .. } in places {
        assert!(end <= span.start && span.start < span.end && span.end <= length, "{span:?} of {length}");
        end = span.end;
    }
}

fn packed(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in files {
        archive.start_file(*name, zip::write::SimpleFileOptions::default()).expect("memory is writable");
        archive.write_all(bytes).expect("memory is writable");
    }
    archive.finish().expect("memory is writable").into_inner()
}
