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

#[cfg(test)]
mod tests {
    use parquet::file::reader::{FileReader, SerializedFileReader};
    use parquet::record::Field;
    use psim_frames::{Column, FrameBuilder};

    use super::*;

    fn written(frame: &Frame) -> SerializedFileReader<std::fs::File> {
        let mut file = tempfile::tempfile().unwrap();
        write(frame, &[], &mut file).unwrap();
        SerializedFileReader::new(file).unwrap()
    }

    /// Returns the cells of the first column.
    fn cells(file: &SerializedFileReader<std::fs::File>) -> Vec<Field> {
        let rows = file.get_row_iter(None).unwrap().map(Result::unwrap);
        rows.map(|row| row.get_column_iter().next().unwrap().1.clone()).collect()
    }

    #[test]
    fn sums_of_more_than_64_bits_are_decimals() {
        let sums = [i128::from(i64::MAX) + 1, -1, 0, i128::MIN / 10];
        let frame = FrameBuilder::new().totals(Column::new("sum", "A sum."), sums).build().unwrap();
        let decimals = cells(&written(&frame)).into_iter().map(|cell| match cell {
            Field::Decimal(decimal) => i128::from_be_bytes(decimal.data().try_into().unwrap()),
            other => panic!("{other} is no decimal"),
        });
        assert_eq!(decimals.collect::<Vec<_>>(), sums);
    }

    #[test]
    fn long_tables_have_several_groups() {
        let rows = GROUP_ROWS as u64 + 2;
        let value = |row: u64| (!row.is_multiple_of(3)).then_some(u64::MAX - row);
        let column = Column::new("number", "A number.");
        let frame = FrameBuilder::new().u64(column, (0..rows).map(value)).build().unwrap();
        let file = written(&frame);
        assert_eq!(file.num_row_groups(), 2);
        let expected = (0..rows).map(|row| value(row).map_or(Field::Null, Field::ULong));
        assert!(cells(&file).into_iter().eq(expected));
    }

    #[test]
    fn a_table_without_rows_has_its_columns() {
        let column = Column::new("word", "A word.");
        let frame = FrameBuilder::new().words(column, [""; 0]).build().unwrap();
        let file = written(&frame);
        assert!(cells(&file).is_empty());
        assert_eq!(file.metadata().file_metadata().schema_descr().column(0).name(), "word");
    }
}
