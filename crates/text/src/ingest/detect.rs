//! Tells the format from the content. File names lie more often than first lines do.

use super::json::Extent;
use super::{Format, csv};

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
    let mut extent = Extent::default();
    let first = lines.next().unwrap_or_default();
    let end = first.bytes().position(|byte| extent.completes(byte));
    let whole = end.is_some_and(|at| at + 1 == first.len());
    if whole || lines.next().is_some_and(|line| line.starts_with('{')) {
        Format::Ndjson
    } else {
        Format::Json
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
