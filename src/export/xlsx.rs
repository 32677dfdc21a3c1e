//! Workbooks, row by row.

use std::fs::File;
use std::io::{Seek as _, SeekFrom};

use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, Workbook, Worksheet, XlsxError};

use super::error::ExportError;
use crate::desk::ExportCell;

/// Rows of a sheet, as Excel has them.
const MOST_ROWS: u32 = 1_048_576;

/// Characters of a cell, as Excel has them, with room for those that count twice.
const MOST_CHARS: usize = 16_000;

/// Excel knows no time zones: moments are on Beijing's clock, as everywhere for people.
const BEIJING_SECONDS: i64 = 8 * 3600;

/// A workbook that is being written. Rows lie in a file without a name until its end.
pub struct XlsxBook {
    book: Workbook,
    headings: Vec<String>,
    note: Option<String>,
    sheet: usize,
    row: u32,
    bold: Format,
    moment: Format,
}

impl XlsxBook {
    pub(super) fn begin(headings: &[&str], note: Option<&str>) -> Result<Self, ExportError> {
        let mut book = Workbook::new();
        if let Some(note) = note {
            book.set_properties(&DocProperties::new().set_comment(note));
        }
        let mut begun = Self {
            book,
            headings: headings.iter().map(|heading| (*heading).to_owned()).collect(),
            note: note.map(str::to_owned),
            sheet: 0,
            row: 0,
            bold: Format::new().set_bold(),
            moment: Format::new().set_num_format("yyyy-mm-dd hh:mm:ss"),
        };
        begun.begin_sheet()?;
        Ok(begun)
    }

    fn begin_sheet(&mut self) -> Result<(), ExportError> {
        let sheet = self.book.add_worksheet_with_constant_memory().map_err(broken)?;
        self.row = 0;
        if let Some(note) = &self.note {
            // Printed on every page, too: the first row stays on the first one.
            sheet.set_footer(format!("&L{}", note.replace('&', "&&").chars().take(240).collect::<String>()));
            sheet.write_string(0, 0, note).map_err(broken)?;
            self.row = 1;
        }
        for (column, heading) in (0_u16..).zip(&self.headings) {
            sheet.write_string_with_format(self.row, column, heading, &self.bold).map_err(broken)?;
        }
        self.row += 1;
        sheet.set_freeze_panes(self.row, 0).map_err(broken)?;
        Ok(())
    }

    pub(super) fn rows(&mut self, rows: &[Vec<ExportCell>]) -> Result<(), ExportError> {
        for row in rows {
            if self.row == MOST_ROWS {
                self.sheet += 1;
                self.begin_sheet()?;
            }
            let sheet = self.book.worksheet_from_index(self.sheet).map_err(broken)?;
            for (column, cell) in (0_u16..).zip(row) {
                write(sheet, (self.row, column), cell, &self.moment).map_err(broken)?;
            }
            self.row += 1;
        }
        Ok(())
    }

    pub(super) fn end(mut self) -> Result<File, ExportError> {
        let mut file = tempfile::tempfile()?;
        self.book.save_to_writer(&mut file).map_err(broken)?;
        file.seek(SeekFrom::Start(0))?;
        Ok(file)
    }
}

fn broken(cause: XlsxError) -> ExportError {
    ExportError::Broken(cause.to_string())
}

/// Text is written as text: nothing in a workbook becomes a formula that was none.
fn write(
    sheet: &mut Worksheet,
    (row, column): (u32, u16),
    cell: &ExportCell,
    moment: &Format,
) -> Result<(), XlsxError> {
    match cell {
        ExportCell::Empty => return Ok(()),
        ExportCell::Text(text) => {
            let shown: String = text.chars().take(MOST_CHARS).collect();
            sheet.write_string(row, column, shown)?
        }
        #[expect(
            clippy::as_conversions,
            clippy::cast_precision_loss,
            reason = "a workbook knows one kind of number"
        )]
        ExportCell::Whole(number) => sheet.write_number(row, column, *number as f64)?,
        ExportCell::Number(number) => sheet.write_number(row, column, *number)?,
        ExportCell::Truth(truth) => sheet.write_boolean(row, column, *truth)?,
        ExportCell::Moment(at) => {
            let seconds = at.as_millis().div_euclid(1000) + BEIJING_SECONDS;
            match ExcelDateTime::from_timestamp(seconds) {
                Ok(time) => sheet.write_datetime_with_format(row, column, &time, moment)?,
                // Before 1900 or after 9999.
                Err(_) => sheet.write_string(row, column, at.to_rfc3339())?,
            }
        }
    };
    Ok(())
}
