//! Tells the format from the content. File names lie more often than first lines do.

use super::csv;
use super::item::Format;
use super::json::JsonExtent;

/// Fewest known column names that make a first line a header line. One alone may be a word of a
/// conversation.
const MIN_COLUMNS: usize = 2;

/// The format of a file that begins with `text`.
pub(super) fn format(text: &str) -> Format {
    let text = text.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
    let mut chars = text.chars();
    match chars.next() {
        Some('{') => objects(text),
        // «[00:00:02] 客服：» begins with a bracket, too.
        Some('[') if matches!(chars.find(|c| !c.is_whitespace()), Some('{' | ']') | None) => Format::Json,
        _ if csv::delimiter(text).1 >= MIN_COLUMNS => Format::Csv,
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

/// What a file is that begins with `bytes` and holds no text that could be read, and what to do
/// with it.
pub(super) fn foreign(bytes: &[u8]) -> Option<&'static str> {
    const SHEET: &str = "an Excel workbook; save the sheet as CSV (UTF-8) and give that";
    let begins = |mark: &[u8]| bytes.starts_with(mark);
    let holds = |name: &[u8]| bytes.windows(name.len()).any(|window| window == name);
    Some(match () {
        () if begins(b"PK\x03\x04") && (holds(b"xl/") || holds(b"[Content_Types].xml")) => SHEET,
        () if begins(b"\xd0\xcf\x11\xe0") => SHEET,
        () if begins(b"PK\x03\x04") => "a ZIP archive; unpack it and give the files",
        () if begins(b"\x1f\x8b") => {
            "compressed with gzip; unpack it, for example with `gunzip -c FILE | tingxin analyze -`"
        }
        () if begins(b"%PDF") => "a PDF; export the conversation as text",
        () if begins(b"RIFF") || begins(b"ID3") || begins(b"OggS") || begins(b"#!AMR") || begins(b"fLaC") => {
            "a sound recording; have it written down by a recogniser first"
        }
        () => return None,
    })
}

/// Whether a text is subtitles: «00:00:01,000 --> 00:00:04,000» above what was said, and nobody
/// says who spoke.
pub(super) fn is_subtitles(text: &str) -> bool {
    let text = text.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
    text.starts_with("WEBVTT") || text.lines().take(4).any(|line| line.contains("-->"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_text_is_named() {
        for (bytes, word) in [
            (&b"PK\x03\x04....xl/workbook.xml"[..], "Excel"),
            (b"PK\x03\x04....a.json", "ZIP"),
            (b"\x1f\x8b\x08", "gzip"),
            (b"\xd0\xcf\x11\xe0\xa1", "Excel"),
            (b"RIFF....WAVE", "recording"),
        ] {
            assert!(foreign(bytes).is_some_and(|sentence| sentence.contains(word)), "{word}");
        }
        assert_eq!(foreign("客服：您好".as_bytes()), None);
        assert!(is_subtitles("1\n00:00:01,000 --> 00:00:04,000\n您好\n"));
        assert!(is_subtitles("WEBVTT\n\n00:01.000 --> 00:04.000\n- 您好\n"));
        assert!(!is_subtitles("客服：您好\n客户：好"));
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
            assert_eq!(format(text), expected, "{text}");
        }
    }
}
