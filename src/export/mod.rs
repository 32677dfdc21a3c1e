//! Rows and contacts as files: CSV, workbooks, vCon, Parquet.
//!
//! Everything is written as it comes: an export of any size takes the memory of one portion. What
//! cannot be given out before its end, as a workbook, waits in a file without a name.

mod csv;
mod error;
mod file;
#[cfg(feature = "parquet")]
mod parquet;
mod vcon;
mod xlsx;

pub use error::ExportError;
pub use file::{ExportFile, ReadBy, watermark};
