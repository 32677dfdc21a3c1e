//! Comma-separated values as Excel and programs read them alike.

use super::error::ExportError;
use crate::desk::ExportCell;

/// Without it Excel reads UTF-8 as the code page of its machine.
const BYTE_ORDER_MARK: &[u8] = b"\xEF\xBB\xBF";

/// The beginning of a file.
pub(super) fn head(headings: &[&str], note: Option<&str>) -> Result<Vec<u8>, ExportError> {
    let mut writer = writer(BYTE_ORDER_MARK.to_vec());
    if let Some(note) = note {
        writer.write_record([safe(note)]).map_err(broken)?;
    }
    writer.write_record(headings.iter().map(|heading| safe(heading))).map_err(broken)?;
    done(writer)
}

/// Rows.
pub(super) fn rows(rows: &[Vec<ExportCell>]) -> Result<Vec<u8>, ExportError> {
    let mut writer = writer(Vec::new());
    for row in rows {
        writer.write_record(row.iter().map(written)).map_err(broken)?;
    }
    done(writer)
}

fn writer(start: Vec<u8>) -> csv::Writer<Vec<u8>> {
    // The note above the headings has one cell: rows may differ in length.
    csv::WriterBuilder::new().flexible(true).terminator(csv::Terminator::CRLF).from_writer(start)
}

fn done(writer: csv::Writer<Vec<u8>>) -> Result<Vec<u8>, ExportError> {
    writer.into_inner().map_err(|cause| ExportError::Broken(cause.to_string()))
}

fn broken(cause: csv::Error) -> ExportError {
    ExportError::Broken(cause.to_string())
}

fn written(cell: &ExportCell) -> String {
    match cell {
        ExportCell::Empty => String::new(),
        ExportCell::Text(text) => safe(text),
        ExportCell::Whole(number) => number.to_string(),
        ExportCell::Number(number) => number.to_string(),
        ExportCell::Moment(moment) => moment.to_rfc3339(),
        ExportCell::Truth(truth) => truth.to_string(),
    }
}

/// Text that a spreadsheet takes for a formula gets an apostrophe: it is shown and never computed.
/// Spaces in front of it do not hide it, and the wide signs of a Chinese keyboard are signs, too.
fn safe(text: &str) -> String {
    let first = text.trim_start().chars().next();
    let begins_a_formula = text.starts_with(['\t', '\r', '\n'])
        || first.is_some_and(|first| matches!(first, '=' | '+' | '-' | '@' | '＝' | '＋' | '－' | '＠'));
    if begins_a_formula { format!("'{text}") } else { text.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sentence_that_begins_like_a_formula_is_no_formula() {
        let texts = ["=HYPERLINK(\"http://x\")", "+1", "-1", "@SUM(A1)", " =1", "\t=1", "＝1", "您好", "5-1"];

        let safe: Vec<bool> = texts.iter().map(|text| safe(text).starts_with('\'')).collect();

        assert_eq!(safe, [true, true, true, true, true, true, true, false, false]);
    }

    #[test]
    fn a_number_below_zero_stays_a_number_and_a_text_with_commas_is_quoted() {
        let row =
            vec![ExportCell::Number(-0.5), ExportCell::Text("好,\"的\"\n谢谢".to_owned()), ExportCell::Empty];

        let written = rows(&[row]).unwrap();

        assert_eq!(String::from_utf8(written).unwrap(), "-0.5,\"好,\"\"的\"\"\n谢谢\",\r\n");
    }
}
