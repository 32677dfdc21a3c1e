//! Why a file cannot be written.

/// Why a file cannot be written.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// The form needs a feature that this program was built without.
    #[error(
        "this program was built without Parquet: take csv or xlsx, or build it with `--features parquet`"
    )]
    WithoutParquet,
    /// There is no room, or a file cannot be made.
    #[error("the export cannot be written: {0}")]
    Unwritable(#[from] std::io::Error),
    /// A workbook or a Parquet file cannot be written.
    #[error("the export cannot be written: {0}")]
    Broken(String),
}
