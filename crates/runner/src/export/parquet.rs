//! Tables as Parquet files.

mod columns;
mod schema;

use std::io::{self, Write};
use std::sync::Arc;

use parquet::basic::{Compression, ZstdLevel};
use parquet::errors::{ParquetError, Result};
use parquet::file::metadata::KeyValue;
use parquet::file::properties::WriterProperties;
use parquet::file::writer::SerializedFileWriter;
use psim_frames::Frame;

/// Rows after which the next group begins; groups are what readers skip or read side by side.
const GROUP_ROWS: usize = 1 << 20;
/// Higher levels take longer and save little.
const LEVEL: i32 = 3;

/// Writes a table; the file's metadata carry the notes and of each column `NAME.doc` and
/// `NAME.unit`.
pub(super) fn write(
    frame: &Frame,
    notes: &[(String, String)],
    out: &mut (impl Write + Send),
) -> io::Result<()> {
    write_file(frame, notes, out).map_err(|error| match error {
        // What the operating system said is told as it said it.
        ParquetError::External(source) => match source.downcast::<io::Error>() {
            Ok(source) => *source,
            Err(source) => io::Error::other(source),
        },
        error => io::Error::other(error),
    })
}

fn write_file(
    frame: &Frame,
    notes: &[(String, String)],
    out: &mut (impl Write + Send),
) -> Result<()> {
    let schema = frame.schema();
    let properties = WriterProperties::builder()
        .set_compression(Compression::ZSTD(ZstdLevel::try_new(LEVEL)?))
        .set_key_value_metadata(Some(metadata(frame, notes)))
        .build();
    let mut file = SerializedFileWriter::new(out, schema::of(&schema)?, Arc::new(properties))?;
    for batch in frame.batches() {
        for from in (0..batch.num_rows()).step_by(GROUP_ROWS) {
            let part = batch.slice(from, GROUP_ROWS.min(batch.num_rows() - from));
            let mut group = file.next_row_group()?;
            for (field, array) in schema.fields().iter().zip(part.columns()) {
                let Some(mut column) = group.next_column()? else { break };
                columns::write(&mut column, field, array)?;
                column.close()?;
            }
            group.close()?;
        }
    }
    file.close()?;
    Ok(())
}

fn metadata(frame: &Frame, notes: &[(String, String)]) -> Vec<KeyValue> {
    let mut entries: Vec<KeyValue> =
        notes.iter().map(|(key, value)| KeyValue::new(key.clone(), value.clone())).collect();
    for field in frame.schema().fields() {
        for key in ["doc", "unit"] {
            if let Some(value) = field.metadata().get(key) {
                entries.push(KeyValue::new(format!("{}.{key}", field.name()), value.clone()));
            }
        }
    }
    entries
}
