//! Payments out of Parquet: integers, texts, booleans, each optional or not.

use std::fs::File;
use std::panic::{AssertUnwindSafe, catch_unwind};

use parquet::basic::LogicalType;
use parquet::column::reader::{ColumnReader, ColumnReaderImpl};
use parquet::data_type::{ByteArray, DataType};
use parquet::errors::{ParquetError, Result};
use parquet::file::reader::{FileReader, RowGroupReader, SerializedFileReader};
use parquet::schema::types::ColumnDescriptor;

use super::columns::{Column, Layout, Mapping, layout};
use super::row::{Cell, Cells, RowReader};
use super::table::{Counted, Table};
use crate::diagnostic::{Diagnostic, Diagnostics, quoted};

/// Rows that are decoded at a time.
const BATCH: usize = 1 << 14;
/// Marks a row without a value.
const NONE: u32 = u32::MAX;

/// Reads all rows; `None` if the file as a whole is no payment file.
///
/// The decoder panics on some damaged files. They are a fault of the file like any other, so the
/// panic ends here; what was read until then is thrown away.
pub(super) fn read(
    file: File,
    name: &str,
    mapping: &Mapping<'_>,
    rows: &mut RowReader<'_>,
    faults: &mut Diagnostics,
) -> Option<Table> {
    let guarded = AssertUnwindSafe(|| read_sound(file, name, mapping, rows, faults));
    catch_unwind(guarded).unwrap_or_else(|_| {
        let message = "not a sound Parquet file: its pages contradict each other";
        faults.push(Diagnostic::error(message).in_file(name));
        None
    })
}

fn read_sound(
    file: File,
    name: &str,
    mapping: &Mapping<'_>,
    rows: &mut RowReader<'_>,
    faults: &mut Diagnostics,
) -> Option<Table> {
    let unreadable = |error: &ParquetError| {
        Diagnostic::error(format!("not a sound Parquet file: {error}")).in_file(name)
    };
    let reader = match SerializedFileReader::new(file) {
        Ok(reader) => reader,
        Err(error) => {
            faults.push(unreadable(&error));
            return None;
        }
    };
    let schema = reader.metadata().file_metadata().schema_descr();
    let header: Vec<String> = schema.columns().iter().map(|c| c.path().string()).collect();
    let layout = layout(name, &header, mapping, faults)?;
    for column in Column::ALL {
        let place = layout.place(column);
        if let Some(problem) = place.and_then(|place| unsupported(&schema.column(place))) {
            let message = format!("column {} {problem}", quoted(&header[place?]));
            faults.push(Diagnostic::error(message).in_file(name));
            return None;
        }
    }
    let mut table = Table::new(name, Counted::Rows, layout.has(Column::Id));
    let mut row = 0;
    for group in 0..reader.num_row_groups() {
        let read = reader
            .get_row_group(group)
            .and_then(|group| read_group(&*group, &layout, &mut row, rows, &mut table));
        if let Err(error) = read {
            faults.push(unreadable(&error));
            return None;
        }
    }
    Some(table)
}

fn unsupported(column: &ColumnDescriptor) -> Option<&'static str> {
    if column.max_rep_level() > 0 {
        return Some("is a list; cells are single values");
    }
    match column.logical_type_ref() {
        Some(LogicalType::Decimal(decimal)) if decimal.scale > 0 => {
            Some("is a DECIMAL; store integers in minor units, or text")
        }
        Some(LogicalType::Time(_) | LogicalType::Timestamp(_)) => {
            Some("is a TIME; store text such as `09:30`")
        }
        _ => None,
    }
}

fn read_group(
    group: &dyn RowGroupReader,
    layout: &Layout,
    row: &mut u64,
    rows: &mut RowReader<'_>,
    table: &mut Table,
) -> Result<()> {
    let mut readers: Vec<Option<ColumnReader>> = Column::ALL
        .iter()
        .map(|column| layout.place(*column).map(|at| group.get_column_reader(at)).transpose())
        .collect::<Result<_>>()?;
    loop {
        let batch = Batch::read(&mut readers)?;
        if batch.rows == 0 {
            return Ok(());
        }
        for at in 0..batch.rows {
            *row += 1;
            accept(&BatchRow { batch: &batch, at }, *row, rows, table);
        }
    }
}

fn accept(cells: &BatchRow<'_>, number: u64, rows: &mut RowReader<'_>, table: &mut Table) {
    let written: String;
    let id = match cells.cell(Column::Id) {
        Cell::Text(id) => std::str::from_utf8(id),
        Cell::Int(number) => {
            written = number.to_string();
            Ok(written.as_str())
        }
        Cell::Missing | Cell::Bool(_) | Cell::Float => Ok(""),
    };
    let Ok(id) = id else {
        table.refuse_whole("`id`: not UTF-8".to_owned(), number);
        return;
    };
    match rows.read(cells) {
        Ok(payment) => table.accept(payment, id, number),
        Err(fault) => table.refuse(&fault, number, rows, || None),
    }
}

/// Some rows of every column.
struct Batch {
    rows: usize,
    columns: [Option<Values>; Column::COUNT],
}

/// The values of a column and, for each row, which of them is its own.
struct Values {
    slots: Vec<u32>,
    values: Decoded,
}

enum Decoded {
    Int(Vec<i64>),
    Bool(Vec<bool>),
    /// How many; floats are refused wherever they stand, so their values are not kept.
    Float(usize),
    Text(Vec<ByteArray>),
}

impl Batch {
    fn read(readers: &mut [Option<ColumnReader>]) -> Result<Self> {
        let mut batch = Self { rows: 0, columns: std::array::from_fn(|_| None) };
        let mut rows = None;
        for (reader, column) in readers.iter_mut().zip(&mut batch.columns) {
            let Some(reader) = reader else { continue };
            let values = Values::read(reader)?;
            if *rows.get_or_insert(values.slots.len()) != values.slots.len() {
                return Err(ParquetError::General("columns differ in length".to_owned()));
            }
            *column = Some(values);
        }
        batch.rows = rows.unwrap_or(0);
        Ok(batch)
    }
}

impl Values {
    fn read(reader: &mut ColumnReader) -> Result<Self> {
        let (slots, values) = match reader {
            ColumnReader::BoolColumnReader(reader) => {
                let (slots, values) = decode(reader)?;
                (slots, Decoded::Bool(values))
            }
            ColumnReader::Int32ColumnReader(reader) => {
                let (slots, values) = decode(reader)?;
                (slots, Decoded::Int(values.into_iter().map(i64::from).collect()))
            }
            ColumnReader::Int64ColumnReader(reader) => {
                let (slots, values) = decode(reader)?;
                (slots, Decoded::Int(values))
            }
            ColumnReader::FloatColumnReader(reader) => {
                let (slots, values) = decode(reader)?;
                (slots, Decoded::Float(values.len()))
            }
            ColumnReader::DoubleColumnReader(reader) => {
                let (slots, values) = decode(reader)?;
                (slots, Decoded::Float(values.len()))
            }
            ColumnReader::ByteArrayColumnReader(reader) => {
                let (slots, values) = decode(reader)?;
                (slots, Decoded::Text(values))
            }
            ColumnReader::FixedLenByteArrayColumnReader(reader) => {
                let (slots, values) = decode(reader)?;
                let texts = values.into_iter().map(|value| value.data().to_vec().into());
                (slots, Decoded::Text(texts.collect()))
            }
            ColumnReader::Int96ColumnReader(_) => {
                let message = "a column of 96-bit times; store text such as `09:30`";
                return Err(ParquetError::General(message.to_owned()));
            }
        };
        Ok(Self { slots, values })
    }
}

/// Decodes up to [`BATCH`] rows: which value belongs to which row, and the values.
fn decode<T: DataType>(reader: &mut ColumnReaderImpl<T>) -> Result<(Vec<u32>, Vec<T::T>)> {
    let mut values = Vec::with_capacity(BATCH);
    let mut levels = Vec::new();
    let mut rows = 0;
    while rows < BATCH {
        let (read, ..) = reader.read_records(BATCH - rows, Some(&mut levels), None, &mut values)?;
        if read == 0 {
            break;
        }
        rows += read;
    }
    let present = i16::from(levels.len() == rows && values.len() < rows);
    let highest = levels.iter().copied().max().unwrap_or(0).max(present);
    let mut next = 0;
    let slots = (0..rows)
        .map(|row| {
            if levels.get(row).is_some_and(|level| *level < highest) {
                return NONE;
            }
            next += 1;
            next - 1
        })
        .collect();
    Ok((slots, values))
}

struct BatchRow<'a> {
    batch: &'a Batch,
    at: usize,
}

impl Cells for BatchRow<'_> {
    fn cell(&self, column: Column) -> Cell<'_> {
        let Some(values) = &self.batch.columns[column.index()] else { return Cell::Missing };
        let slot = values.slots.get(self.at).copied().unwrap_or(NONE) as usize;
        let cell = match &values.values {
            Decoded::Int(numbers) => numbers.get(slot).map(|number| Cell::Int(*number)),
            Decoded::Bool(bools) => bools.get(slot).map(|value| Cell::Bool(*value)),
            Decoded::Float(count) => (slot < *count).then_some(Cell::Float),
            Decoded::Text(texts) => texts
                .get(slot)
                .map(|text| text.data().trim_ascii())
                .filter(|text| !text.is_empty())
                .map(Cell::Text),
        };
        cell.unwrap_or(Cell::Missing)
    }
}
