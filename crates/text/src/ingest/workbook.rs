//! Workbooks: the first sheet that is a table of contacts, row by row as CSV. The sheet is not held, only its text.

use std::io::Cursor;

use calamine::{Data, DataRef, ExcelDateTime, Reader as _, SheetVisible, Xlsx, open_workbook_auto_from_rs};

use super::item::ReadOptions;
use super::{code, shape};
use crate::domain::Refusal;

/// Text of a sheet, as CSV.
const MOST_BYTES: usize = 128 * 1024 * 1024;

/// Columns that are looked at.
const MOST_COLUMNS: usize = 256;

/// Rows without a cell that are counted, so that a refusal names the row as the sheet does.
const MOST_GAP: u32 = 10_000;

/// Whole numbers above this are rounded by spreadsheets.
const EXACT: f64 = 1e15;

/// A sheet as CSV.
pub(super) struct Sheet {
    pub(super) csv: Vec<u8>,
    pub(super) name: String,
    /// Sheets beside it.
    pub(super) others: usize,
}

/// Rows becoming CSV.
struct SheetRows {
    csv: Vec<u8>,
    row: u32,
    cells: Vec<String>,
}

impl SheetRows {
    fn put(&mut self, (row, column): (u32, u32), cell: String) -> Result<(), Refusal> {
        while self.row < row {
            self.end()?;
            // A gap of a million rows is no table.
            let gap = row.saturating_sub(self.row);
            if gap > MOST_GAP {
                self.row = row;
            }
        }
        let column = usize::try_from(column).unwrap_or(usize::MAX);
        if column < MOST_COLUMNS {
            if self.cells.len() <= column {
                self.cells.resize(column + 1, String::new());
            }
            if let Some(place) = self.cells.get_mut(column) {
                *place = cell;
            }
        }
        Ok(())
    }

    fn end(&mut self) -> Result<(), Refusal> {
        for (index, cell) in self.cells.iter().enumerate() {
            if index > 0 {
                self.csv.push(b',');
            }
            self.csv.push(b'"');
            let plain = cell.replace('"', "\"\"").replace("\r\n", "\n").replace(['\n', '\r'], "\u{2028}");
            self.csv.extend_from_slice(plain.as_bytes());
            self.csv.push(b'"');
        }
        self.csv.push(b'\n');
        self.cells.clear();
        self.row = self.row.saturating_add(1);
        if self.csv.len() > MOST_BYTES {
            let message = format!(
                "a sheet with more than {} MiB of text; cut it into several",
                MOST_BYTES / 1024 / 1024
            );
            return Err(Refusal::new(code::TOO_LARGE, message));
        }
        Ok(())
    }
}

/// The first visible sheet that is a table of contacts.
///
/// # Errors
/// When the workbook is damaged or protected, or no sheet is such a table.
pub(super) fn sheet(bytes: &[u8], is_zip: bool, options: &ReadOptions) -> Result<Sheet, Refusal> {
    let unreadable = || {
        Refusal::new(
            code::UNSUPPORTED_FORMAT,
            "a workbook that is damaged, or protected by a password; save it without one",
        )
    };
    if is_zip && let Ok(mut book) = Xlsx::new(Cursor::new(bytes)) {
        let names = visible(&book);
        return pick(&names, options, |name| {
            let mut rows = SheetRows { csv: Vec::new(), row: 0, cells: Vec::new() };
            let mut cells = book.worksheet_cells_reader(name).map_err(|_| unreadable())?;
            while let Some(cell) = cells.next_cell().map_err(|_| unreadable())? {
                rows.put(cell.get_position(), of_ref(cell.get_value()))?;
            }
            rows.end()?;
            Ok(rows.csv)
        });
    }
    let mut book = open_workbook_auto_from_rs(Cursor::new(bytes)).map_err(|_| unreadable())?;
    let names = visible(&book);
    pick(&names, options, |name| {
        let range = book.worksheet_range(name).map_err(|_| unreadable())?;
        let (top, left) = range.start().unwrap_or_default();
        let mut rows = SheetRows { csv: Vec::new(), row: 0, cells: Vec::new() };
        for (row, column, cell) in range.used_cells() {
            let place = |of: u32, at: usize| of.saturating_add(u32::try_from(at).unwrap_or(u32::MAX));
            rows.put((place(top, row), place(left, column)), of_data(cell))?;
        }
        rows.end()?;
        Ok(rows.csv)
    })
}

fn visible<'a, R: calamine::Reader<Cursor<&'a [u8]>>>(book: &R) -> Vec<String> {
    let shown = book.sheets_metadata().iter().filter(|sheet| sheet.visible == SheetVisible::Visible);
    shown.map(|sheet| sheet.name.clone()).collect()
}

fn pick(
    names: &[String],
    options: &ReadOptions,
    mut csv: impl FnMut(&str) -> Result<Vec<u8>, Refusal>,
) -> Result<Sheet, Refusal> {
    for name in names {
        let csv = csv(name)?;
        let head = csv.get(..64 * 1024).unwrap_or(&csv);
        if shape::is_table(&String::from_utf8_lossy(head), options) {
            return Ok(Sheet { csv, name: name.clone(), others: names.len() - 1 });
        }
    }
    let message = "a workbook in which no sheet has a header line that is known; say which column holds what with --map \
                   COLUMN=text, --map COLUMN=speaker and --map COLUMN=contact_id";
    Err(Refusal::new(code::MISSING_FIELD, message))
}

fn of_ref(value: &DataRef<'_>) -> String {
    match value {
        DataRef::Int(number) => number.to_string(),
        DataRef::Float(number) => of_number(*number),
        DataRef::SharedString(text) => (*text).to_owned(),
        DataRef::Bool(yes) => yes.to_string(),
        DataRef::DateTime(at) => of_date(at),
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => text.clone(),
        DataRef::Error(_) | DataRef::Empty => String::new(),
    }
}

fn of_data(value: &Data) -> String {
    match value {
        Data::Int(number) => number.to_string(),
        Data::Float(number) => of_number(*number),
        Data::Bool(yes) => yes.to_string(),
        Data::DateTime(at) => of_date(at),
        Data::String(text) | Data::DateTimeIso(text) | Data::DurationIso(text) => text.clone(),
        _ => String::new(),
    }
}

/// A number as the sheet shows it; one that was rounded is written so that it is refused as an id.
fn of_number(number: f64) -> String {
    if number.abs() < EXACT { number.to_string() } else { format!("{number:e}").replace('e', "E+") }
}

/// A date with its time, or a clock alone.
fn of_date(at: &ExcelDateTime) -> String {
    let days = at.as_f64();
    if at.is_duration() || days < 1.0 {
        let seconds = days * 86_400.0;
        let (hours, rest) = ((seconds / 3600.0).floor(), seconds.rem_euclid(3600.0));
        return format!("{hours:02.0}:{:02.0}:{:06.3}", (rest / 60.0).floor(), rest.rem_euclid(60.0));
    }
    let (year, month, day, hour, minute, second, _) = at.to_ymd_hms_milli();
    format!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}")
}
