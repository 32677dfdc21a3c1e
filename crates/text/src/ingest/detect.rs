//! Tells the format from the content. File names lie more often than first lines do.

use super::forms;
use super::item::{Format, ReadOptions};
use super::json::JsonExtent;
use super::shape;
use super::text;
use super::told::{Document, FileForm};

/// The format of a file that begins with `text`.
pub(super) fn format(text: &str, options: &ReadOptions) -> Format {
    let text = text.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
    let mut chars = text.chars();
    match chars.next() {
        Some('{') => objects(text),
        // «[00:00:02] 客服：» begins with a bracket, too.
        Some('[') if matches!(chars.find(|c| !c.is_whitespace()), Some('{' | ']') | None) => Format::Json,
        _ if shape::is_table(text, options) => Format::Csv,
        _ => Format::Text,
    }
}

/// One object a line is NDJSON; everything else that begins with an object is JSON. Of two broken
/// first lines, the one is NDJSON after which the second line begins an object again.
fn objects(text: &str) -> Format {
    let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    let mut extent = JsonExtent::default();
    let first = lines.next().unwrap_or_default();
    let end = first.bytes().position(|byte| extent.completes(byte));
    let whole = end.is_some_and(|at| at + 1 == first.len());
    if whole || lines.next().is_some_and(|line| line.starts_with('{')) {
        Format::Ndjson
    } else {
        Format::Json
    }
}

/// Whether the array that a text begins with is one contact whose elements are turns.
pub(super) fn is_of_turns(text: &str) -> bool {
    let text = text.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
    let Some(inner) = text.strip_prefix('[').map(str::trim_start).filter(|inner| inner.starts_with('{'))
    else {
        return false;
    };
    let mut extent = JsonExtent::default();
    let first = inner.bytes().position(|byte| extent.completes(byte)).and_then(|end| inner.get(..=end));
    let Some(first) = first.and_then(|first| serde_json::from_str(first).ok()) else { return false };
    forms::is_turn(&first) || forms::is_message(&first)
}

/// How a file is packed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Packed {
    Gzip,
    /// An archive, or a workbook.
    Zip,
    /// A workbook of before 2007.
    OldWorkbook,
}

/// How a file is packed that begins with `bytes`.
pub(super) fn packed(bytes: &[u8]) -> Option<Packed> {
    let marks: [(&[u8], Packed); 4] = [
        (b"\x1f\x8b", Packed::Gzip),
        (b"PK\x03\x04", Packed::Zip),
        (b"PK\x05\x06", Packed::Zip),
        (b"\xd0\xcf\x11\xe0", Packed::OldWorkbook),
    ];
    marks.iter().find(|(mark, _)| bytes.starts_with(mark)).map(|(_, packed)| *packed)
}

/// What a file is that begins with `bytes` and holds no text that could be read, and what to do with it.
pub(super) fn foreign(bytes: &[u8]) -> Option<&'static str> {
    let begins = |mark: &[u8]| bytes.starts_with(mark);
    Some(match () {
        () if begins(b"7z\xbc\xaf")
            || begins(b"Rar!")
            || begins(b"BZh")
            || begins(b"\xfd7zXZ")
            || begins(b"\x28\xb5\x2f\xfd") =>
        {
            "packed in a way that is not read; pack it as ZIP or gzip, or give the files themselves"
        }
        () if begins(b"%PDF") => "a PDF; export the conversation as text",
        () if begins(b"RIFF") || begins(b"ID3") || begins(b"OggS") || begins(b"#!AMR") || begins(b"fLaC") => {
            "a sound recording; have it written down by a recogniser first"
        }
        () => return None,
    })
}

/// The form of another system in which a text is written; `None` when it is plain text as `text` reads it.
pub(super) fn text_form(text: &str) -> Option<&'static dyn FileForm> {
    let document = Document::Text(text);
    let found = forms::TEXT.iter().find(|form| form.recognises(&document)).copied()?;
    // Plain text with head lines and known speakers is ours, whatever its lines look like beside.
    let is_subtitles = text.contains("-->");
    (is_subtitles || !text::begins_plainly(text)).then_some(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_text_is_named() {
        for (bytes, word) in
            [(&b"RIFF....WAVE"[..], "recording"), (b"%PDF-1.7", "PDF"), (b"Rar!....", "packed")]
        {
            assert!(foreign(bytes).is_some_and(|sentence| sentence.contains(word)), "{word}");
        }
        assert_eq!(foreign("客服：您好".as_bytes()), None);
    }

    #[test]
    fn text_of_other_systems_is_told_from_our_own() {
        for (text, form) in [
            ("1\n00:00:01,000 --> 00:00:04,000\n您好\n", Some("srt")),
            ("WEBVTT\n\n00:01.000 --> 00:04.000\n- 您好\n", Some("webvtt")),
            ("标题\n发言人1 00:03\n您好\n发言人2 00:05\n好\n", Some("minutes")),
            ("小李:\n您好\n\n小王:\n好\n", Some("wechat")),
            ("SPEAKER_00: 您好\nSPEAKER_01: 好\n", Some("labelled-lines")),
            ("客服：您好\n客户：好", None),
            ("编号：H-1\n客服 08:00:05\n您好\n客户 08:00:09\n好", None),
        ] {
            assert_eq!(text_form(text).map(FileForm::name), form, "{text}");
        }
    }

    #[test]
    fn the_content_decides() {
        for (text, expected) in [
            ("{\"a\":1}", Format::Ndjson),
            ("{\"a\":{\"b\":1}}\n{\"a\":2}\n", Format::Ndjson),
            ("{\"a\":\n{\"a\":2}\n", Format::Ndjson),
            ("{\n  \"a\": 1\n}", Format::Json),
            ("{\"a\": \"}\",\n \"b\": 1}", Format::Json),
            ("\u{feff} [\n{\"a\":1}]", Format::Json),
            ("[]", Format::Json),
            ("[00:00:02] 客服：您好", Format::Text),
            ("contact_id,text\n1,好", Format::Csv),
            ("接触编号;角色;内容\n", Format::Csv),
            ("流水号\t\"渠道\"\t内容\n", Format::Csv),
            ("客服：您好", Format::Text),
            ("", Format::Text),
        ] {
            assert_eq!(format(text, &ReadOptions::default()), expected, "{text}");
        }
    }
}
