//! One file in one of the forms.

use std::fs::File;
use std::io::Write;

use super::error::ExportError;
#[cfg(feature = "parquet")]
use super::parquet;
use super::{csv, vcon, xlsx};
use crate::desk::{ExportCell, ExportColumn, ExportMark, ExportPortion, WholeContact};
use crate::domain::{ExportForm, ExportKind, Lang};

/// Who reads the file.
#[derive(Debug, Clone, Copy)]
pub enum ReadBy<'a> {
    /// A program: columns have their names, and nothing else stands in the file.
    Program,
    /// A person: columns have headings, and the first row says who took the copy and what for.
    Person(&'a ExportMark, Lang),
}

/// One file that is being written.
pub enum ExportFile {
    /// Comma-separated values.
    Csv,
    /// A workbook.
    Xlsx(Box<xlsx::XlsxBook>),
    /// One vCon a line.
    Vcon,
    /// Parquet.
    #[cfg(feature = "parquet")]
    Parquet(Box<parquet::ParquetFile>),
}

/// The row above a table that says whose copy it is.
#[must_use]
pub fn watermark(mark: &ExportMark, lang: Lang) -> String {
    let ExportMark { id, by, reason, at } = mark;
    let at = at.to_beijing();
    match lang {
        Lang::Zh => {
            format!("导出人：{by}　用途：{}　时间：{at}　标识：{id}　仅限内部使用，请勿外传", reason.zh())
        }
        Lang::En => {
            format!("Exported by {by} for {reason} at {at} (Beijing), mark {id}. For internal use only.")
        }
    }
}

impl ExportFile {
    /// Begins a file with these headings; the file, and what can go out already.
    ///
    /// # Errors
    /// [`ExportError`].
    pub fn begin(
        form: ExportForm,
        headings: &[&str],
        note: Option<&str>,
    ) -> Result<(Self, Vec<u8>), ExportError> {
        Ok(match form {
            ExportForm::Csv => (Self::Csv, csv::head(headings, note)?),
            ExportForm::Xlsx => (Self::Xlsx(Box::new(xlsx::XlsxBook::begin(headings, note)?)), Vec::new()),
            ExportForm::Vcon => (Self::Vcon, Vec::new()),
            // It needs to know which columns hold numbers: see `of`.
            ExportForm::Parquet => return Err(ExportError::WithoutParquet),
        })
    }

    /// Begins the file of an export.
    ///
    /// # Errors
    /// [`ExportError`].
    pub fn of(
        form: ExportForm,
        kind: ExportKind,
        reader: ReadBy<'_>,
    ) -> Result<(Self, Vec<u8>), ExportError> {
        #[cfg(feature = "parquet")]
        if form == ExportForm::Parquet {
            let file = parquet::ParquetFile::begin(ExportColumn::of(kind))?;
            return Ok((Self::Parquet(Box::new(file)), Vec::new()));
        }
        let columns = ExportColumn::of(kind).iter();
        match reader {
            ReadBy::Person(mark, lang) => {
                let heading = |column: &ExportColumn| if lang == Lang::Zh { column.zh } else { column.name };
                let headings: Vec<&str> = columns.map(heading).collect();
                Self::begin(form, &headings, Some(&watermark(mark, lang)))
            }
            ReadBy::Program => {
                let names: Vec<&str> = columns.map(|column| column.name).collect();
                Self::begin(form, &names, None)
            }
        }
    }

    /// Writes rows; what of the file can go out now.
    ///
    /// # Errors
    /// [`ExportError`].
    pub fn rows(&mut self, rows: &[Vec<ExportCell>]) -> Result<Vec<u8>, ExportError> {
        match self {
            Self::Csv => csv::rows(rows),
            Self::Xlsx(book) => book.rows(rows).map(|()| Vec::new()),
            Self::Vcon => Ok(Vec::new()),
            #[cfg(feature = "parquet")]
            Self::Parquet(file) => file.rows(rows).map(|()| Vec::new()),
        }
    }

    /// Writes a portion; what of the file can go out now.
    ///
    /// # Errors
    /// [`ExportError`].
    pub fn take(&mut self, portion: &ExportPortion) -> Result<Vec<u8>, ExportError> {
        match portion {
            ExportPortion::Rows(rows) => self.rows(rows),
            ExportPortion::Contacts(contacts) => vcon_lines(contacts),
        }
    }

    /// Ends the file; what is left of it, to be read from its beginning.
    ///
    /// # Errors
    /// [`ExportError`].
    pub fn end(self) -> Result<Option<File>, ExportError> {
        match self {
            Self::Csv | Self::Vcon => Ok(None),
            Self::Xlsx(book) => book.end().map(Some),
            #[cfg(feature = "parquet")]
            Self::Parquet(file) => file.end().map(Some),
        }
    }
}

fn vcon_lines(contacts: &[WholeContact]) -> Result<Vec<u8>, ExportError> {
    let mut out = Vec::new();
    for contact in contacts {
        serde_json::to_writer(&mut out, &vcon::of(contact)).map_err(std::io::Error::from)?;
        out.write_all(b"\n")?;
    }
    Ok(out)
}
