//! CSV: one utterance a row, with a header line. Rows of one contact stand together.

use std::collections::VecDeque;
use std::hash::{BuildHasher, RandomState};
use std::io::{self, Read};
use std::sync::Arc;

use ::csv::{ByteRecord, ReaderBuilder, StringRecord};

use super::columns::{self, Column};
use super::draft::Draft;
use super::item::{Placed, ReadError, ReadOptions};
use super::lines::{Input, damaged, failed};
use super::v1::UtteranceV1;
use super::{code, explain, limits, lines};
use crate::domain::Refusal;

/// Bytes between two row ends above which a quotation mark must be missing. Twice the largest
/// contact, so that every row that may be valid fits.
const ROW_BYTES: usize = 2 * limits::CONTACT_BYTES;

/// How many finished contacts are remembered to notice rows that do not stand together. Any fixed
/// number keeps memory constant; exports that interleave contacts do so at close range.
const REMEMBERED: usize = 4096;

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
struct Metered {
    input: Input,
    row_bytes: usize,
}

impl Read for Metered {
    fn read(&mut self, target: &mut [u8]) -> io::Result<usize> {
        if self.row_bytes > ROW_BYTES {
            return Err(io::Error::new(io::ErrorKind::FileTooLarge, "endless row"));
        }
        let count = self.input.read(target)?;
        self.row_bytes += count;
        Ok(count)
    }
}

/// The contacts of a table.
pub(super) struct CsvStream {
    reader: ::csv::Reader<Metered>,
    name: Arc<str>,
    options: ReadOptions,
    columns: Option<Vec<Column>>,
    /// The contact whose rows are being read, and what identifies it.
    open: Option<(Identity, Draft)>,
    hasher: RandomState,
    recent: VecDeque<u64>,
    ended: bool,
}

#[derive(PartialEq, Eq, Hash, Clone)]
struct Identity {
    source: String,
    contact_id: String,
}

impl CsvStream {
    pub(super) fn new(input: Input, name: &str, options: &ReadOptions, delimiter: u8) -> Self {
        let reader = ReaderBuilder::new()
            .delimiter(delimiter)
            .has_headers(false)
            .flexible(true)
            .from_reader(Metered { input, row_bytes: 0 });
        Self {
            reader,
            name: name.into(),
            options: options.clone(),
            columns: None,
            open: None,
            hasher: RandomState::new(),
            recent: VecDeque::new(),
            ended: false,
        }
    }

    /// Ends the stream. The open contact goes with it: nobody knows whether all its rows were read.
    fn end_with(&mut self, error: ReadError) -> Result<Placed, ReadError> {
        self.ended = true;
        self.open = None;
        Err(error)
    }

    fn unreadable(&mut self, cause: ::csv::Error) -> Result<Placed, ReadError> {
        let line = self.reader.position().line();
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

    /// Closes the open contact.
    fn close(&mut self) -> Option<Result<Placed, ReadError>> {
        let (identity, draft) = self.open.take()?;
        self.recent.push_back(self.hasher.hash_one(&identity));
        if self.recent.len() > REMEMBERED {
            self.recent.pop_front();
        }
        Some(draft.finish(&self.name, &self.options, None).map_err(ReadError::Refused))
    }

    /// Takes in one row; returns the contact that ended before it.
    ///
    /// Of a damaged row only what identifies its contact is used, to refuse the right one.
    fn row(&mut self, row: &StringRecord, line: u64, is_damaged: bool) -> Option<Result<Placed, ReadError>> {
        let columns = self.columns.clone().unwrap_or_default();
        let cell = |column: Column| {
            columns.iter().position(|known| *known == column).and_then(|at| row.get(at)).unwrap_or_default()
        };
        let identity = Identity {
            source: cell(Column::Source).trim().to_owned(),
            contact_id: cell(Column::ContactId).trim().to_owned(),
        };
        let same =
            self.open.as_ref().is_some_and(|(open, _)| *open == identity && !identity.contact_id.is_empty());
        let finished = if same { None } else { self.close() };
        if !same {
            let mut draft = Draft::begin(line);
            if self.recent.contains(&self.hasher.hash_one(&identity)) && !identity.contact_id.is_empty() {
                let message = "rows of one contact must stand together; this one ended further up";
                draft.refuse(Refusal::new(code::INCONSISTENT, message).at(Column::ContactId.as_str()), line);
            }
            self.open = Some((identity, draft));
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

    fn header(&mut self, row: &StringRecord) -> Result<(), Refusal> {
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
        self.columns = Some(columns);
        Ok(())
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
            let mut bytes = ByteRecord::new();
            self.reader.get_mut().row_bytes = 0;
            match self.reader.read_byte_record(&mut bytes) {
                Err(cause) => return Some(self.unreadable(cause)),
                Ok(false) => {
                    self.ended = true;
                    break;
                }
                Ok(true) => {}
            }
            let is_damaged = bytes.iter().any(lines::is_damaged);
            let line = bytes.position().map_or(1, ::csv::Position::line);
            let row = StringRecord::from_byte_record_lossy(bytes);
            if row.iter().all(|cell| cell.trim().is_empty()) {
                continue;
            }
            if self.columns.is_some() {
                if let Some(finished) = self.row(&row, line, is_damaged) {
                    return Some(finished);
                }
                continue;
            }
            let header = if is_damaged { Err(damaged()) } else { self.header(&row) };
            if let Err(refusal) = header {
                let error = ReadError::Refused(refusal.in_file(&self.name, line));
                return Some(self.end_with(error));
            }
        }
        self.close()
    }
}
