//! A file that goes out as it is written.

use std::fs::File;
use std::io::Read as _;

use actix_web::web;

use super::error::{ApiError, Problem};
use crate::desk::{ExportCell, ExportPortion};
use crate::export::{ExportError, ExportFile};

/// Bytes of a finished file that are sent at once.
const CHUNK: usize = 64 * 1024;

/// A file on its way.
pub(super) struct Outgoing {
    begun: Option<Vec<u8>>,
    file: Option<ExportFile>,
    rest: Option<File>,
}

impl From<ExportError> for ApiError {
    fn from(failure: ExportError) -> Self {
        match failure {
            ExportError::WithoutParquet => Self::new(Problem::InvalidQuery, failure.to_string()),
            ExportError::Unwritable(_) | ExportError::Broken(_) => {
                tracing::error!(%failure, "an export broke off");
                Self::internal()
            }
        }
    }
}

impl Outgoing {
    /// A file, and what can go out before its rows.
    pub(super) const fn begin(file: ExportFile, begun: Vec<u8>) -> Self {
        Self { begun: Some(begun), file: Some(file), rest: None }
    }

    /// What goes out before the rows; once.
    pub(super) fn begun(&mut self) -> Option<web::Bytes> {
        self.begun.take().map(web::Bytes::from)
    }

    /// Rows, as far as they can go out now.
    pub(super) fn rows(&mut self, rows: &[Vec<ExportCell>]) -> Result<web::Bytes, ApiError> {
        let file = self.file.as_mut().ok_or_else(ApiError::internal)?;
        Ok(file.rows(rows)?.into())
    }

    /// A portion, as far as it can go out now.
    pub(super) fn take(&mut self, portion: &ExportPortion) -> Result<web::Bytes, ApiError> {
        let file = self.file.as_mut().ok_or_else(ApiError::internal)?;
        Ok(file.take(portion)?.into())
    }

    /// What is left when there are no more rows, piece by piece; `None` when all is out.
    pub(super) async fn rest(&mut self) -> Result<Option<web::Bytes>, ApiError> {
        if let Some(file) = self.file.take() {
            // Putting a workbook together takes seconds for one of a million rows.
            let ended = web::block(move || file.end()).await.map_err(|_| ApiError::internal())?;
            self.rest = ended?;
        }
        let Some(rest) = &mut self.rest else { return Ok(None) };
        let mut bytes = vec![0; CHUNK];
        let read = rest.read(&mut bytes).map_err(ExportError::from)?;
        bytes.truncate(read);
        Ok((read > 0).then(|| bytes.into()))
    }
}
