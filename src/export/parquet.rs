//! Apache Parquet: every column a number or a text that may be missing.

use std::fs::File;
use std::io::{Seek as _, SeekFrom};
use std::sync::Arc;

use parquet::basic::{Compression, LogicalType, Repetition, Type as Physical};
use parquet::data_type::{ByteArray, ByteArrayType, DoubleType};
use parquet::errors::ParquetError;
use parquet::file::properties::WriterProperties;
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::types::Type;

use super::error::ExportError;
use crate::desk::{ExportCell, ExportColumn};

/// Rows of a row group: what is held in memory.
const GROUP: usize = 10_000;

/// A file that is being written.
pub struct ParquetFile {
    writer: SerializedFileWriter<File>,
    columns: Vec<ExportColumn>,
    waiting: Vec<Vec<ExportCell>>,
}

fn broken(cause: ParquetError) -> ExportError {
    ExportError::Broken(cause.to_string())
}

fn field(column: &ExportColumn) -> Result<Arc<Type>, ParquetError> {
    let (physical, logical) = match column.is_number {
        true => (Physical::DOUBLE, None),
        false => (Physical::BYTE_ARRAY, Some(LogicalType::String)),
    };
    let built = Type::primitive_type_builder(column.name, physical);
    built.with_repetition(Repetition::OPTIONAL).with_logical_type(logical).build().map(Arc::new)
}

#[expect(clippy::as_conversions, clippy::cast_precision_loss, reason = "counts are far below 2^53")]
fn number(cell: &ExportCell) -> Option<f64> {
    match cell {
        ExportCell::Whole(number) => Some(*number as f64),
        ExportCell::Number(number) => Some(*number),
        _ => None,
    }
}

fn text(cell: &ExportCell) -> Option<ByteArray> {
    let text = match cell {
        ExportCell::Empty => return None,
        ExportCell::Text(text) => text.clone(),
        ExportCell::Whole(number) => number.to_string(),
        ExportCell::Number(number) => number.to_string(),
        ExportCell::Moment(moment) => moment.to_rfc3339(),
        ExportCell::Truth(truth) => truth.to_string(),
    };
    Some(ByteArray::from(text.into_bytes()))
}

impl ParquetFile {
    pub(super) fn begin(columns: &[ExportColumn]) -> Result<Self, ExportError> {
        let fields = columns.iter().map(field).collect::<Result<Vec<_>, _>>().map_err(broken)?;
        let schema = Type::group_type_builder("tingxin").with_fields(fields).build().map_err(broken)?;
        let properties = WriterProperties::builder().set_compression(Compression::SNAPPY).build();
        let file = tempfile::tempfile()?;
        let writer =
            SerializedFileWriter::new(file, Arc::new(schema), Arc::new(properties)).map_err(broken)?;
        Ok(Self { writer, columns: columns.to_vec(), waiting: Vec::new() })
    }

    pub(super) fn rows(&mut self, rows: &[Vec<ExportCell>]) -> Result<(), ExportError> {
        self.waiting.extend_from_slice(rows);
        if self.waiting.len() >= GROUP { self.group().map_err(broken) } else { Ok(()) }
    }

    fn group(&mut self) -> Result<(), ParquetError> {
        let mut group = self.writer.next_row_group()?;
        for (at, column) in self.columns.iter().enumerate() {
            let cells = self.waiting.iter().map(|row| row.get(at).unwrap_or(&ExportCell::Empty));
            let Some(mut out) = group.next_column()? else { break };
            if column.is_number {
                let numbers: Vec<Option<f64>> = cells.map(number).collect();
                let levels: Vec<i16> = numbers.iter().map(|number| i16::from(number.is_some())).collect();
                let values: Vec<f64> = numbers.into_iter().flatten().collect();
                out.typed::<DoubleType>().write_batch(&values, Some(&levels), None)?;
            } else {
                let texts: Vec<Option<ByteArray>> = cells.map(text).collect();
                let levels: Vec<i16> = texts.iter().map(|text| i16::from(text.is_some())).collect();
                let values: Vec<ByteArray> = texts.into_iter().flatten().collect();
                out.typed::<ByteArrayType>().write_batch(&values, Some(&levels), None)?;
            }
            out.close()?;
        }
        group.close()?;
        self.waiting.clear();
        Ok(())
    }

    pub(super) fn end(mut self) -> Result<File, ExportError> {
        if !self.waiting.is_empty() {
            self.group().map_err(broken)?;
        }
        let mut file = self.writer.into_inner().map_err(broken)?;
        file.seek(SeekFrom::Start(0))?;
        Ok(file)
    }
}
