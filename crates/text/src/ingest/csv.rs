//! CSV: one utterance a row, with a header line. Rows of one contact may lie apart (`apart.rs`).

use std::collections::HashMap;
use std::io::{self, Cursor, Read};
use std::sync::Arc;

use ::csv::{ByteRecord, ReaderBuilder, StringRecord};

use super::apart::{Apart, Identity};
use super::columns::{self, Column};
use super::decode::Decoding;
use super::draft::Draft;
use super::item::{ContactStream, Placed, ReadError, ReadOptions, Reopen};
use super::lines::{Input, damaged, failed};
use super::v1::UtteranceV1;
use super::{code, explain, limits, lines};
use crate::domain::Refusal;

/// Bytes between two row ends above which a quotation mark must be missing. Twice the largest
/// contact, so that every row that may be valid fits.
const ROW_BYTES: usize = 2 * limits::CONTACT_BYTES;

/// Text of contacts that may be held at once until their last rows come.
///
/// **Source**: set by the project, like [`PIPE_BYTES`]: ten thousand calls that go on at the same
/// time, and far below what a process may hold in all.
const HELD_BYTES: usize = if cfg!(test) { 1 } else { 64 } * 1024 * 1024;

/// Longest table that is read from a pipe, which cannot be read twice.
const PIPE_BYTES: usize = 128 * 1024 * 1024;

/// The mark between cells, and how many columns of the header line it yields.
pub(super) fn delimiter(text: &str) -> (u8, usize) {
    let header = text.trim_start().lines().next().unwrap_or_default();
    let known = |mark: char| {
        let cells = header.split(mark).map(|cell| cell.trim().trim_matches('"'));
        cells.filter(|cell| Column::named(cell).is_some()).count()
    };
    [(b',', ','), (b';', ';'), (b'\t', '\t')]
        .map(|(byte, mark)| (byte, known(mark)))
        .into_iter()
        .rev()
        .max_by_key(|(_, columns)| *columns)
        .unwrap_or((b',', 0))
}

/// Stops a row that does not end.
struct Metered<R> {
    input: R,
    row_bytes: usize,
}

impl<R: Read> Read for Metered<R> {
    fn read(&mut self, target: &mut [u8]) -> io::Result<usize> {
        if self.row_bytes > ROW_BYTES {
            return Err(io::Error::new(io::ErrorKind::FileTooLarge, "endless row"));
        }
        let count = self.input.read(target)?;
        self.row_bytes += count;
        Ok(count)
    }
}

/// A row that is not blank.
struct TableRow {
    cells: StringRecord,
    /// Line of the file on which it begins.
    line: u64,
    is_damaged: bool,
}

/// The rows of a table.
struct TableRows<R>(::csv::Reader<Metered<R>>);

impl<R: Read> TableRows<R> {
    fn of(input: R, delimiter: u8) -> Self {
        let mut builder = ReaderBuilder::new();
        builder.delimiter(delimiter).has_headers(false).flexible(true);
        Self(builder.from_reader(Metered { input, row_bytes: 0 }))
    }

    /// The next row that is not blank.
    fn next(&mut self) -> Result<Option<TableRow>, ::csv::Error> {
        loop {
            let mut bytes = ByteRecord::new();
            self.0.get_mut().row_bytes = 0;
            if !self.0.read_byte_record(&mut bytes)? {
                return Ok(None);
            }
            let is_damaged = bytes.iter().any(lines::is_damaged);
            let line = bytes.position().map_or(1, ::csv::Position::line);
            let cells = StringRecord::from_byte_record_lossy(bytes);
            if cells.iter().any(|cell| !cell.trim().is_empty()) {
                return Ok(Some(TableRow { cells, line, is_damaged }));
            }
        }
    }
}

/// The contacts of a table. It is read twice: first only to see whose rows lie apart.
pub(super) fn contacts(
    input: Input,
    again: Option<Reopen>,
    name: &str,
    options: &ReadOptions,
    delimiter: u8,
) -> ContactStream {
    let (name, options) = (Arc::<str>::from(name), options.clone());
    Box::new(std::iter::once_with(move || begin(input, again, &name, &options, delimiter)).flatten())
}

fn begin(
    input: Input,
    again: Option<Reopen>,
    name: &Arc<str>,
    options: &ReadOptions,
    delimiter: u8,
) -> ContactStream {
    let found = match again {
        Some(open) => open().map(|bytes| (survey(Decoding::new(bytes), delimiter), input)),
        None => whole(input).map(|bytes| {
            let apart = if bytes.len() > PIPE_BYTES { None } else { survey(bytes.as_slice(), delimiter) };
            (apart, Input::new(Box::new(Cursor::new(bytes))))
        }),
    };
    match found {
        Ok((Some(apart), input)) => Box::new(CsvStream {
            rows: TableRows::of(input, delimiter),
            name: Arc::clone(name),
            options: options.clone(),
            columns: None,
            open: None,
            apart,
            held: HashMap::new(),
            held_bytes: 0,
            ended: false,
        }),
        Ok((None, _)) => {
            let message = format!(
                "the table is too long to see whose rows lie apart: cut it into several files, and give files by their \
                 names, for what comes through a pipe cannot be read twice and may have {} MiB",
                PIPE_BYTES / 1024 / 1024
            );
            let refusal = Refusal::new(code::TOO_LARGE, message).in_file(name, 1);
            Box::new(std::iter::once(Err(ReadError::Refused(refusal))))
        }
        Err(cause) => Box::new(std::iter::once(Err(failed(name, cause)))),
    }
}

/// What a pipe holds, and one byte more than it may.
fn whole(input: Input) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let limit = u64::try_from(PIPE_BYTES).unwrap_or(u64::MAX).saturating_add(1);
    input.take(limit).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Whose rows lie apart; `None` when the table has too many contacts to tell. What cannot be read
/// ends the look: the reader proper comes to the same place and says why.
fn survey(input: impl Read, delimiter: u8) -> Option<Apart> {
    let mut rows = TableRows::of(io::BufReader::with_capacity(64 * 1024, input), delimiter);
    let mut apart = Apart::default();
    let Ok(Some(TableRow { cells: head, .. })) = rows.next() else { return Some(apart) };
    let Ok(columns) = header(&head) else { return Some(apart) };
    while let Ok(Some(TableRow { cells: row, .. })) = rows.next() {
        if !apart.saw(&identity(&columns, &row)) {
            return None;
        }
    }
    Some(apart.counted())
}

struct CsvStream {
    rows: TableRows<Input>,
    name: Arc<str>,
    options: ReadOptions,
    columns: Option<Vec<Column>>,
    /// The contact whose rows are being read, and what identifies it.
    open: Option<(Identity, Draft)>,
    apart: Apart,
    /// Contacts of which further rows come.
    held: HashMap<Identity, Draft>,
    held_bytes: usize,
    ended: bool,
}

fn identity(columns: &[Column], row: &StringRecord) -> Identity {
    let cell = |column: Column| {
        let at = columns.iter().position(|known| *known == column);
        at.and_then(|at| row.get(at)).unwrap_or_default().trim().to_owned()
    };
    Identity { source: cell(Column::Source), contact_id: cell(Column::ContactId) }
}

/// The columns of the header line.
fn header(row: &StringRecord) -> Result<Vec<Column>, Refusal> {
    let mut columns = Vec::with_capacity(row.len());
    for (cell, place) in row.iter().zip(1..) {
        let column = Column::named(cell).ok_or_else(|| {
            let (name, known) = (explain::shown(cell.trim()), Column::names());
            let message = format!("column {place} is unknown: `{name}`, expected any of {known}");
            Refusal::new(code::UNKNOWN_FIELD, message).at(name)
        })?;
        if columns.contains(&column) {
            let message = format!("two columns mean `{}`", column.as_str());
            return Err(Refusal::new(code::DUPLICATE_FIELD, message).at(column.as_str()));
        }
        columns.push(column);
    }
    for needed in [Column::ContactId, Column::Text] {
        if !columns.contains(&needed) {
            let message = format!("there is no column `{}`", needed.as_str());
            return Err(Refusal::new(code::MISSING_FIELD, message).at(needed.as_str()));
        }
    }
    Ok(columns)
}

impl CsvStream {
    /// Ends the stream. Contacts that are open go with it: nobody knows whether all their rows were
    /// read.
    fn end_with(&mut self, error: ReadError) -> Result<Placed, ReadError> {
        self.ended = true;
        self.open = None;
        self.held.clear();
        Err(error)
    }

    fn unreadable(&mut self, cause: ::csv::Error) -> Result<Placed, ReadError> {
        let line = self.rows.0.position().line();
        let cause = match cause.into_kind() {
            ::csv::ErrorKind::Io(cause) => cause,
            other => io::Error::other(format!("{other:?}")),
        };
        if cause.kind() == io::ErrorKind::FileTooLarge {
            let message = "a row does not end; a quotation mark may be missing; the rest of the file could \
                           not be read";
            let refusal = Refusal::new(code::TOO_LARGE, message).in_file(&self.name, line);
            return self.end_with(ReadError::Refused(refusal));
        }
        let error = failed(&self.name, cause);
        self.end_with(error)
    }

    /// Closes the open contact: hands it out, or holds it until its next rows come.
    fn close(&mut self) -> Option<Result<Placed, ReadError>> {
        let (identity, mut draft) = self.open.take()?;
        if self.apart.is_last(&identity) {
            return Some(draft.finish(&self.name, &self.options, None).map_err(ReadError::Refused));
        }
        if self.held_bytes + draft.weight() > HELD_BYTES {
            let message =
                "its rows lie too far apart in so large a table; sort the table by contact and give it again";
            draft.refuse(Refusal::new(code::TOO_LARGE, message).at(Column::ContactId.as_str()), draft.line());
            self.apart.give_up(&identity);
            return Some(draft.finish(&self.name, &self.options, None).map_err(ReadError::Refused));
        }
        self.held_bytes += draft.weight();
        self.held.insert(identity, draft);
        None
    }

    /// Takes in one row; returns the contact that ended before it.
    ///
    /// Of a damaged row only what identifies its contact is used, to refuse the right one.
    fn row(&mut self, row: &StringRecord, line: u64, is_damaged: bool) -> Option<Result<Placed, ReadError>> {
        let columns = self.columns.clone().unwrap_or_default();
        let identity = identity(&columns, row);
        let same = identity.is_known() && self.open.as_ref().is_some_and(|(open, _)| *open == identity);
        let finished = if same { None } else { self.close() };
        if self.apart.is_given_up(&identity) {
            return finished;
        }
        if !same {
            let draft = self.held.remove(&identity);
            if let Some(draft) = &draft {
                self.held_bytes = self.held_bytes.saturating_sub(draft.weight());
            }
            self.open = Some((identity, draft.unwrap_or_else(|| Draft::begin(line))));
        }
        if let Some((_, draft)) = &mut self.open {
            if is_damaged {
                draft.refuse(damaged(), line);
            } else {
                fill(draft, &columns, row, line);
            }
        }
        finished
    }

    /// At the end of the table: the last contact, and then those of which rows were seen at the
    /// first look and not now.
    fn rest(&mut self) -> Option<Result<Placed, ReadError>> {
        if let Some(last) = self.close() {
            return Some(last);
        }
        let identity = self.held.keys().next().cloned()?;
        let mut draft = self.held.remove(&identity)?;
        let message = "the file changed while it was read; give it again when it is complete";
        draft.refuse(Refusal::new(code::INCONSISTENT, message), draft.line());
        Some(draft.finish(&self.name, &self.options, None).map_err(ReadError::Refused))
    }
}

/// Adds one row to its contact.
fn fill(draft: &mut Draft, columns: &[Column], row: &StringRecord, line: u64) {
    if draft.is_refused() {
        return;
    }
    if row.iter().skip(columns.len()).any(|cell| !cell.trim().is_empty()) {
        let message = format!("the row has {} cells, the header line has {}", row.len(), columns.len());
        draft.refuse(Refusal::new(code::INVALID_VALUE, message), line);
        return;
    }
    let (mut speaker, mut text, mut times) = ("", "", [None, None]);
    for (column, cell) in columns.iter().zip(row) {
        match column {
            Column::Speaker => speaker = cell,
            Column::Text => text = cell,
            Column::StartMs | Column::EndMs => {
                let time = match (cell.trim(), cell.trim().parse()) {
                    ("", _) => None,
                    (_, Ok(time)) => Some(time),
                    (_, Err(_)) => {
                        let message = format!("`{}` must be a whole number of milliseconds", column.as_str());
                        draft.refuse(Refusal::new(code::INVALID_VALUE, message).at(column.as_str()), line);
                        return;
                    }
                };
                times = if *column == Column::StartMs { [time, times[1]] } else { [times[0], time] };
            }
            fact => draft.set(*fact, cell, line),
        }
    }
    if draft.is_note() && speaker.trim().is_empty() {
        draft.write(text, line);
        return;
    }
    let Some(speaker) = columns::speaker(speaker) else {
        let (code, message) = if speaker.trim().is_empty() {
            (code::MISSING_FIELD, "`speaker` is missing")
        } else {
            (code::INVALID_VALUE, "`speaker` must be agent 客服, customer 客户 or system 系统")
        };
        draft.refuse(Refusal::new(code, message).at(Column::Speaker.as_str()), line);
        return;
    };
    let [start_ms, end_ms] = times;
    draft.say(UtteranceV1 { speaker, text: text.to_owned(), start_ms, end_ms }, line);
}

impl Iterator for CsvStream {
    type Item = Result<Placed, ReadError>;

    fn next(&mut self) -> Option<Self::Item> {
        while !self.ended {
            let TableRow { cells: row, line, is_damaged } = match self.rows.next() {
                Err(cause) => return Some(self.unreadable(cause)),
                Ok(None) => {
                    self.ended = true;
                    break;
                }
                Ok(Some(row)) => row,
            };
            if self.columns.is_some() {
                if let Some(finished) = self.row(&row, line, is_damaged) {
                    return Some(finished);
                }
                continue;
            }
            match if is_damaged { Err(damaged()) } else { header(&row) } {
                Ok(columns) => self.columns = Some(columns),
                Err(refusal) => {
                    let error = ReadError::Refused(refusal.in_file(&self.name, line));
                    return Some(self.end_with(error));
                }
            }
        }
        self.rest()
    }
}
