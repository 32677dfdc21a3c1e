//! Files that hold something else beside contacts, such as labels: lines, or the rows of a table.

use std::collections::VecDeque;
use std::io::{BufReader, Cursor, Read};

use super::answers::shown_label;
use super::csv::{TableRow, TableRows};
use super::decode::Decoding;
use super::item::ReadError;
use super::lines::{Input, damaged, failed};
use super::ndjson::TextLines;
use super::{PEEKED, code, shape};
use crate::domain::Refusal;

/// One entry of such a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FileRecord {
    /// A line that is not blank.
    Line(String),
    /// The cells of a row whose columns have a meaning; empty ones are left out.
    Row(Vec<(&'static str, String)>),
}

/// An entry with its line.
type NumberedRecord = Result<(u64, FileRecord), ReadError>;

/// The entries of a byte stream, each with its number. It is a table when its first row names the
/// column `needed`; `meaning` says what a column is called. Encodings and limits are those of
/// [`super::read`].
pub fn records(
    input: Box<dyn Read + Send>,
    name: &str,
    needed: &'static str,
    meaning: fn(&str) -> Option<&'static str>,
) -> Box<dyn Iterator<Item = NumberedRecord>> {
    let mut decoded = Decoding::new(input);
    let mut head = Vec::new();
    if let Err(cause) = (&mut decoded).take(PEEKED).read_to_end(&mut head) {
        return Box::new(std::iter::once(Err(failed(name, cause))));
    }
    let delimiter =
        shape::delimiter_of(&String::from_utf8_lossy(&head), |cell| meaning(cell) == Some(needed));
    let whole: Box<dyn Read + Send> = Box::new(Cursor::new(head).chain(decoded));
    let input = BufReader::with_capacity(64 * 1024, whole);
    match delimiter {
        Some(delimiter) => Box::new(RowRecords {
            rows: TableRows::of(input, delimiter),
            name: name.to_owned(),
            columns: None,
            meaning,
            ready: VecDeque::new(),
            ended: false,
        }),
        None => Box::new(
            TextLines::new(input, name)
                .map(|line| line.map(|(number, text)| (number, FileRecord::Line(text)))),
        ),
    }
}

/// The rows of a table.
struct RowRecords {
    rows: TableRows<Input>,
    name: String,
    columns: Option<Vec<Option<&'static str>>>,
    meaning: fn(&str) -> Option<&'static str>,
    ready: VecDeque<NumberedRecord>,
    ended: bool,
}

impl RowRecords {
    fn take(&mut self, TableRow { cells, line, is_damaged }: TableRow) {
        if let Some(columns) = &self.columns {
            let named = columns.iter().zip(&cells);
            let row = named.filter_map(|(name, cell)| Some(((*name)?, cell.trim().to_owned())));
            let row: Vec<_> = row.filter(|(_, cell)| !cell.is_empty()).collect();
            self.ready.push_back(if is_damaged {
                Err(ReadError::Refused(damaged().in_file(&self.name, line)))
            } else {
                Ok((line, FileRecord::Row(row)))
            });
            return;
        }
        if shape::tells_delimiter(cells.get(0).unwrap_or_default()) {
            return;
        }
        let others: Vec<String> = cells
            .iter()
            .filter(|cell| !cell.trim().is_empty() && (self.meaning)(cell).is_none())
            .map(shown_label)
            .collect();
        self.columns = Some(cells.iter().map(self.meaning).collect());
        if !others.is_empty() {
            let message = format!("columns that are not read: {}", others.join(", "));
            let notice = Refusal::new(code::LEFT_OUT, message).in_file(&self.name, line);
            self.ready.push_back(Err(ReadError::Notice(notice)));
        }
    }
}

impl Iterator for RowRecords {
    type Item = NumberedRecord;

    fn next(&mut self) -> Option<Self::Item> {
        while self.ready.is_empty() && !self.ended {
            match self.rows.next() {
                Ok(Some(row)) => self.take(row),
                Ok(None) => self.ended = true,
                Err(cause) => {
                    self.ended = true;
                    let cause = std::io::Error::other(cause.to_string());
                    self.ready.push_back(Err(failed(&self.name, cause)));
                }
            }
        }
        self.ready.pop_front()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn meaning(name: &str) -> Option<&'static str> {
        match name.trim().trim_start_matches('\u{feff}') {
            "text" | "文本" => Some("text"),
            "emotion" => Some("emotion"),
            _ => None,
        }
    }

    fn all(text: &'static str) -> Vec<NumberedRecord> {
        records(Box::new(text.as_bytes()), "labels", "text", meaning).collect()
    }

    #[test]
    fn rows_of_a_table_are_given_by_the_names_of_their_columns() {
        let found = all("sep=;\n文本;emotion;who\n\"好;\n的\";neutral;li\n\n谢谢;;li\n");

        let Err(ReadError::Notice(notice)) = &found[0] else { panic!("{found:?}") };
        assert!(notice.message.contains("who"), "{}", notice.message);
        let row = |cells: &[(&'static str, &str)]| {
            FileRecord::Row(cells.iter().map(|(name, cell)| (*name, (*cell).to_owned())).collect())
        };
        let rows: Vec<_> = found[1..].iter().map(|one| one.as_ref().unwrap().1.clone()).collect();
        assert_eq!(rows, [row(&[("text", "好;\n的"), ("emotion", "neutral")]), row(&[("text", "谢谢")])]);
    }

    #[test]
    fn what_names_no_text_column_is_read_as_lines() {
        let found = all("{\"text\":\"a\",\"emotion\":\"neutral\"}\n\nb\n");

        let lines: Vec<_> = found.into_iter().map(Result::unwrap).collect();
        assert_eq!(
            lines,
            [
                (1, FileRecord::Line("{\"text\":\"a\",\"emotion\":\"neutral\"}".to_owned())),
                (3, FileRecord::Line("b".to_owned()))
            ]
        );
    }
}
