//! Payments out of Parquet: integers, decimals, texts, booleans, each optional or not.

use std::fs::File;
use std::panic::{AssertUnwindSafe, catch_unwind};

use parquet::basic::{Compression, ConvertedType, LogicalType, Type};
use parquet::column::reader::{ColumnReader, ColumnReaderImpl};
use parquet::data_type::{ByteArray, DataType};
use parquet::errors::{ParquetError, Result};
use parquet::file::metadata::ParquetMetaData;
use parquet::file::reader::{FileReader, RowGroupReader, SerializedFileReader};
use parquet::schema::types::ColumnDescriptor;

use super::columns::{Column, Layout, Mapping, layout};
use super::number::Decimal;
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
        let problem = place.and_then(|place| {
            unsupported(column, &schema.column(place))
                .or_else(|| compressed(reader.metadata(), place))
        });
        if let Some(problem) = problem {
            let message = format!("column {} {problem}", quoted(header.get(place?)?));
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

/// Says why a column cannot be read, if it cannot.
fn unsupported(wanted: Column, column: &ColumnDescriptor) -> Option<String> {
    let is_unsigned = |bits: i8| match (column.logical_type_ref(), column.converted_type()) {
        (Some(LogicalType::Integer(kind)), _) => !kind.is_signed && kind.bit_width == bits,
        (None, ConvertedType::UINT_32) => bits == 32,
        (None, ConvertedType::UINT_64) => bits == 64,
        _ => false,
    };
    let physical = column.physical_type();
    let problem = match column.logical_type_ref() {
        _ if column.max_rep_level() > 0 => "is a list; cells are single values",
        Some(LogicalType::Time(_) | LogicalType::Timestamp(_)) => {
            "is a TIME; store text such as `09:30`"
        }
        Some(LogicalType::Date) => "is a DATE; store days as numbers from 0",
        None if column.converted_type() == ConvertedType::DATE => {
            "is a DATE; store days as numbers from 0"
        }
        _ if is_unsigned(32) || is_unsigned(64) => "is unsigned; store signed 64-bit numbers",
        _ if physical == Type::BOOLEAN && wanted != Column::Divisible => {
            "holds true and false; only `divisible` does"
        }
        _ if wanted == Column::Id
            && (decimal_scale(column).is_some()
                || matches!(physical, Type::FLOAT | Type::DOUBLE)) =>
        {
            "holds decimals; store ids as texts or whole numbers"
        }
        _ => return None,
    };
    Some(problem.to_owned())
}

/// Says what is wrong with the compression of a column, if anything is.
fn compressed(file: &ParquetMetaData, column: usize) -> Option<String> {
    let mut codecs = file.row_groups().iter().map(|group| group.column(column).compression());
    let codec = codecs.find(|codec| {
        !matches!(
            codec,
            Compression::UNCOMPRESSED
                | Compression::SNAPPY
                | Compression::GZIP(_)
                | Compression::ZSTD(_)
        )
    })?;
    let codec = codec.to_string();
    let codec = codec.split('(').next().unwrap_or_default();
    Some(format!("is compressed with {codec}; what is read is Snappy, gzip, Zstandard or none"))
}

/// Returns the decimal places of a column that holds decimals.
fn decimal_scale(column: &ColumnDescriptor) -> Option<u32> {
    let scale = match (column.logical_type_ref(), column.converted_type()) {
        (Some(LogicalType::Decimal(decimal)), _) => decimal.scale,
        (None, ConvertedType::DECIMAL) => column.type_scale(),
        _ => return None,
    };
    u32::try_from(scale).ok()
}

fn read_group(
    group: &dyn RowGroupReader,
    layout: &Layout,
    row: &mut u64,
    rows: &mut RowReader<'_>,
    table: &mut Table,
) -> Result<()> {
    let mut readers: Vec<Option<Source>> = Column::ALL
        .iter()
        .map(|column| layout.place(*column).map(|at| Source::of(group, at)).transpose())
        .collect::<Result<_>>()?;
    loop {
        let batch = Batch::read(&mut readers)?;
        if batch.rows == 0 {
            return Ok(());
        }
        for at in 0..batch.rows {
            *row = row.saturating_add(1);
            accept(&BatchRow { batch: &batch, at }, *row, rows, table);
        }
    }
}

fn accept(cells: &BatchRow<'_>, number: u64, rows: &mut RowReader<'_>, table: &mut Table) {
    let written: String;
    let id = match cells.cell(Column::Id) {
        Cell::Text(id) => std::str::from_utf8(id).unwrap_or_default(),
        Cell::Int(number) => {
            written = number.to_string();
            &written
        }
        _ => "",
    };
    match rows.read(cells) {
        Ok(payment) => table.accept(payment, id, number),
        Err(row_faults) => table.refuse(&row_faults, number, rows, |_| None),
    }
}

/// A column that is being read.
struct Source {
    reader: ColumnReader,
    /// Decimal places, where it holds decimals.
    scale: Option<u32>,
}

impl Source {
    fn of(group: &dyn RowGroupReader, at: usize) -> Result<Self> {
        let scale = decimal_scale(group.metadata().column(at).column_descr());
        Ok(Self { reader: group.get_column_reader(at)?, scale })
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
    Decimal {
        unscaled: Vec<i128>,
        scale: u32,
    },
    /// How many; floats are refused wherever they stand, so their values are not kept.
    Float(usize),
    Text(Vec<ByteArray>),
}

impl Batch {
    fn read(sources: &mut [Option<Source>]) -> Result<Self> {
        let mut batch = Self { rows: 0, columns: std::array::from_fn(|_| None) };
        let mut rows = None;
        for (source, column) in sources.iter_mut().zip(&mut batch.columns) {
            let Some(source) = source else { continue };
            let mut values = Values::read(&mut source.reader)?;
            if let Some(scale) = source.scale {
                values.values = values.values.into_decimals(scale)?;
            }
            if *rows.get_or_insert(values.slots.len()) != values.slots.len() {
                return Err(ParquetError::General("columns differ in length".to_owned()));
            }
            *column = Some(values);
        }
        batch.rows = rows.unwrap_or(0);
        Ok(batch)
    }
}

impl Decoded {
    /// Takes stored numbers as decimals: integers, or two's complement with the high byte first.
    fn into_decimals(self, scale: u32) -> Result<Self> {
        let unscaled = match self {
            Self::Int(numbers) => numbers.into_iter().map(i128::from).collect(),
            Self::Text(texts) => {
                texts.iter().map(|text| big_endian(text.data())).collect::<Option<_>>().ok_or_else(
                    || ParquetError::General("a DECIMAL of more than 38 digits".to_owned()),
                )?
            }
            other => return Ok(other),
        };
        Ok(Self::Decimal { unscaled, scale })
    }
}

fn big_endian(bytes: &[u8]) -> Option<i128> {
    let negative = bytes.first().is_some_and(|byte| *byte >= 0x80);
    let mut whole = [if negative { 0xff } else { 0 }; size_of::<i128>()];
    let start = whole.len().checked_sub(bytes.len())?;
    whole.get_mut(start..)?.copy_from_slice(bytes);
    Some(i128::from_be_bytes(whole))
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
    while let Some(room) = BATCH.checked_sub(rows).filter(|room| *room > 0) {
        let (read, ..) = reader.read_records(room, Some(&mut levels), None, &mut values)?;
        if read == 0 {
            break;
        }
        rows = rows.saturating_add(read);
    }
    let present = i16::from(levels.len() == rows && values.len() < rows);
    let highest = levels.iter().copied().max().unwrap_or(0).max(present);
    let mut next = 0..;
    let slots = (0..rows)
        .map(|row| {
            let is_null = levels.get(row).is_some_and(|level| *level < highest);
            if is_null { NONE } else { next.next().unwrap_or(NONE) }
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
        let Some(Some(values)) = self.batch.columns.get(column.index()) else {
            return Cell::Missing;
        };
        let slot = values.slots.get(self.at).copied().unwrap_or(NONE) as usize;
        let cell = match &values.values {
            Decoded::Int(numbers) => numbers.get(slot).map(|number| Cell::Int(*number)),
            Decoded::Bool(bools) => bools.get(slot).map(|value| Cell::Bool(*value)),
            Decoded::Decimal { unscaled, scale } => unscaled
                .get(slot)
                .map(|unscaled| Cell::Decimal(Decimal { unscaled: *unscaled, scale: *scale })),
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
