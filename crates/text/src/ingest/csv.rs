//! CSV: one utterance a row, with a header line. Rows of one contact may lie apart (`apart.rs`).

use std::collections::{HashMap, HashSet, VecDeque};
use std::io::{self, Cursor, Read};
use std::sync::Arc;

use ::csv::{ByteRecord, ReaderBuilder, StringRecord};

use super::apart::{Apart, Identity};
use super::assemble::default_id;
use super::columns::Column;
use super::decode::Decoding;
use super::draft::Draft;
use super::item::{ContactStream, Placed, ReadError, ReadOptions, Reopen};
use super::lines::{Input, damaged, failed};
use super::shape::{Layout, Shape};
use super::{code, limits, lines, row};
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
pub(super) struct TableRow {
    pub(super) cells: StringRecord,
    /// Line of the file on which it begins.
    pub(super) line: u64,
    pub(super) is_damaged: bool,
}

/// The rows of a table.
pub(super) struct TableRows<R>(::csv::Reader<Metered<R>>);

impl<R: Read> TableRows<R> {
    pub(super) fn of(input: R, delimiter: u8) -> Self {
        let mut builder = ReaderBuilder::new();
        builder.delimiter(delimiter).has_headers(false).flexible(true);
        Self(builder.from_reader(Metered { input, row_bytes: 0 }))
    }

    /// The next row that is not blank.
    pub(super) fn next(&mut self) -> Result<Option<TableRow>, ::csv::Error> {
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
    shape: Shape,
) -> ContactStream {
    let (name, options) = (Arc::<str>::from(name), options.clone());
    Box::new(std::iter::once_with(move || begin(input, again, &name, &options, shape)).flatten())
}

fn begin(
    input: Input,
    again: Option<Reopen>,
    name: &Arc<str>,
    options: &ReadOptions,
    shape: Shape,
) -> ContactStream {
    let found = match again {
        Some(open) => open().map(|bytes| (survey(Decoding::new(bytes), &shape, name), input)),
        None => whole(input).map(|bytes| {
            let apart = if bytes.len() > PIPE_BYTES { None } else { survey(bytes.as_slice(), &shape, name) };
            (apart, Input::new(Box::new(Cursor::new(bytes))))
        }),
    };
    match found {
        Ok((Some(apart), input)) => Box::new(CsvStream {
            rows: TableRows::of(input, shape.delimiter),
            name: Arc::clone(name),
            options: options.clone(),
            notices: notices(&shape, options, name),
            said: HashSet::new(),
            above: shape.above + 1,
            count: 0,
            shape,
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

/// Whose rows lie apart; `None` when the table has too many contacts to tell. What cannot be read ends the look: the reader proper
/// comes to the same place and says why.
fn survey(input: impl Read, shape: &Shape, name: &str) -> Option<Apart> {
    let mut rows = TableRows::of(io::BufReader::with_capacity(64 * 1024, input), shape.delimiter);
    let mut apart = Apart::default();
    for _ in 0..=shape.above {
        if !matches!(rows.next(), Ok(Some(_))) {
            return Some(apart);
        }
    }
    while let Ok(Some(TableRow { cells: row, .. })) = rows.next() {
        if !apart.saw(&identity(shape, &row, name)) {
            return None;
        }
    }
    Some(apart.counted())
}

/// What is said about the table before its first contact.
fn notices(shape: &Shape, options: &ReadOptions, name: &str) -> VecDeque<ReadError> {
    let line = u64::try_from(shape.above).unwrap_or_default() + 1;
    let notice = |code, message| ReadError::Notice(Refusal::new(code, message).in_file(name, line));
    let mut notices = VecDeque::new();
    if options.explain {
        let message = format!(
            "read as a table: {}; source `{}` and channel `{}` where no column says them",
            shape.how(),
            options.default_source(),
            options.default_channel(None)
        );
        notices.push_back(notice(code::UNDERSTOOD, message));
    }
    if !shape.left_out.is_empty() {
        let message = format!("columns that are not taken: {}", shape.left_out.join(", "));
        notices.push_back(notice(code::LEFT_OUT, message));
    }
    notices
}

struct CsvStream {
    rows: TableRows<Input>,
    name: Arc<str>,
    options: ReadOptions,
    shape: Shape,
    notices: VecDeque<ReadError>,
    /// Notices that were given: each is given once a file.
    said: HashSet<String>,
    /// Rows that are still to be skipped: titles and the header line.
    above: usize,
    /// Contacts so far, for the default id.
    count: u64,
    /// The contact whose rows are being read, and what identifies it.
    open: Option<(Identity, Draft)>,
    apart: Apart,
    /// Contacts of which further rows come.
    held: HashMap<Identity, Draft>,
    held_bytes: usize,
    ended: bool,
}

/// Without a column for it, the rows of a table are one contact, unless each of them is a call.
fn identity(shape: &Shape, row: &StringRecord, name: &str) -> Identity {
    let contact_id = match (shape.at(Column::ContactId), shape.layout) {
        (None, Layout::Turn | Layout::Pair) => default_id(name, 1),
        _ => row::cell(shape, row, Column::ContactId),
    };
    Identity { source: row::cell(shape, row, Column::Source), contact_id }
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
        self.count += 1;
        let default_id =
            self.shape.at(Column::ContactId).is_none().then(|| default_id(&self.name, self.count));
        if self.apart.is_last(&identity) {
            return Some(draft.finish(&self.name, &self.options, default_id).map_err(ReadError::Refused));
        }
        if self.held_bytes + draft.weight() > HELD_BYTES {
            let message =
                "its rows lie too far apart in so large a table; sort the table by contact and give it again";
            draft.refuse(Refusal::new(code::TOO_LARGE, message).at(Column::ContactId.as_str()), draft.line());
            self.apart.give_up(&identity);
            return Some(draft.finish(&self.name, &self.options, default_id).map_err(ReadError::Refused));
        }
        self.held_bytes += draft.weight();
        self.held.insert(identity, draft);
        None
    }

    /// Takes in one row; returns the contact that ended before it.
    ///
    /// Of a damaged row only what identifies its contact is used, to refuse the right one.
    fn row(&mut self, row: &StringRecord, line: u64, is_damaged: bool) -> Option<Result<Placed, ReadError>> {
        let identity = identity(&self.shape, row, &self.name);
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
                let mut left_out = Vec::new();
                row::fill(draft, (&self.shape, &self.options), row, line, &mut left_out);
                for message in left_out {
                    if self.said.insert(message.clone()) {
                        let refusal = Refusal::new(code::LEFT_OUT, message).in_file(&self.name, line);
                        self.notices.push_back(ReadError::Notice(refusal));
                    }
                }
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

impl Iterator for CsvStream {
    type Item = Result<Placed, ReadError>;

    fn next(&mut self) -> Option<Self::Item> {
        while !self.ended {
            if let Some(notice) = self.notices.pop_front() {
                return Some(Err(notice));
            }
            let TableRow { cells: row, line, is_damaged } = match self.rows.next() {
                Err(cause) => return Some(self.unreadable(cause)),
                Ok(None) => {
                    self.ended = true;
                    break;
                }
                Ok(Some(row)) => row,
            };
            if self.above > 0 {
                self.above -= 1;
                if self.above == 0 && is_damaged {
                    let error = ReadError::Refused(damaged().in_file(&self.name, line));
                    return Some(self.end_with(error));
                }
                continue;
            }
            if let Some(finished) = self.row(&row, line, is_damaged) {
                return Some(finished);
            }
        }
        self.notices.pop_front().map(Err).or_else(|| self.rest())
    }
}
