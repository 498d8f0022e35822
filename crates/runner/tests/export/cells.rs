//! Tables as JSON, out of memory, Parquet and CSV.

use std::fs::{self, File};
use std::path::Path;

use arrow_array::cast::AsArray;
use arrow_array::types::{Decimal128Type, Float64Type, Int64Type, UInt32Type, UInt64Type};
use arrow_array::{Array, ArrayRef};
use arrow_schema::DataType;
use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::record::Field;
use psim_frames::Frame;
use serde_json::{Value, json};

/// A row: cells by name, in order.
pub(crate) type Row = Vec<(String, Value)>;

/// Returns the rows of a table in memory.
pub(crate) fn of_frame(frame: &Frame) -> Vec<Row> {
    let row = |(batch, at): (&arrow_array::RecordBatch, usize)| {
        let columns = frame.names().zip(batch.columns());
        columns.map(|(name, column)| (name.to_owned(), value(column, at))).collect()
    };
    let parts = frame.batches().iter();
    parts.flat_map(|batch| (0..batch.num_rows()).map(move |at| (batch, at))).map(row).collect()
}

fn value(column: &ArrayRef, at: usize) -> Value {
    if column.is_null(at) {
        return Value::Null;
    }
    match column.data_type() {
        DataType::Int64 => json!(column.as_primitive::<Int64Type>().value(at)),
        DataType::UInt64 => json!(column.as_primitive::<UInt64Type>().value(at)),
        DataType::Float64 => json!(column.as_primitive::<Float64Type>().value(at)),
        DataType::Decimal128(38, 0) => {
            json!(column.as_primitive::<Decimal128Type>().value(at).to_string())
        }
        DataType::Boolean => json!(column.as_boolean().value(at)),
        DataType::Utf8View => json!(column.as_string_view().value(at)),
        DataType::LargeUtf8 => json!(column.as_string::<i64>().value(at)),
        DataType::Dictionary(..) => {
            let words = column.as_dictionary::<UInt32Type>();
            value(words.values(), words.keys().value(at) as usize)
        }
        DataType::LargeList(_) => {
            let items = column.as_list::<i64>().value(at);
            (0..items.len()).map(|item| value(&items, item)).collect()
        }
        other => panic!("no column is of type {other}"),
    }
}

/// Returns the rows of a Parquet file.
pub(crate) fn of_parquet(path: &Path) -> Vec<Row> {
    let file = SerializedFileReader::new(File::open(path).unwrap()).unwrap();
    let rows = file.get_row_iter(None).unwrap();
    let row = |row: parquet::record::Row| {
        let cells = row.get_column_iter();
        cells.map(|(name, field)| (name.clone(), stored(field))).collect()
    };
    rows.map(|found| row(found.unwrap())).collect()
}

fn stored(field: &Field) -> Value {
    match field {
        Field::Null => Value::Null,
        Field::Bool(flag) => json!(flag),
        Field::Long(number) => json!(number),
        Field::ULong(number) => json!(number),
        Field::Double(number) => json!(number),
        Field::Str(text) => json!(text),
        Field::Decimal(decimal) => {
            assert_eq!((decimal.precision(), decimal.scale()), (38, 0));
            json!(i128::from_be_bytes(decimal.data().try_into().unwrap()).to_string())
        }
        Field::ListInternal(items) => items.elements().iter().map(stored).collect(),
        other => panic!("no column is like {other}"),
    }
}

/// Returns the header and the rows of a CSV file; cells without a quote or a character are none.
pub(crate) fn of_csv(path: &Path) -> (Vec<String>, Vec<Vec<Option<String>>>) {
    let text = fs::read_to_string(path).unwrap();
    let mut rows = vec![Vec::new()];
    let mut cell: Option<String> = None;
    let mut is_quoted = false;
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '"' if is_quoted && characters.next_if_eq(&'"').is_none() => is_quoted = false,
            '"' if !is_quoted => {
                is_quoted = true;
                cell = Some(String::new());
            }
            ',' | '\n' if !is_quoted => {
                rows.last_mut().unwrap().push(cell.take());
                if character == '\n' {
                    rows.push(Vec::new());
                }
            }
            other => cell.get_or_insert_default().push(other),
        }
    }
    assert_eq!(rows.pop(), Some(Vec::new()), "the last line ends");
    let header = rows.remove(0).into_iter().map(Option::unwrap).collect();
    (header, rows)
}

/// Returns whether a cell of a CSV file says this.
pub(crate) fn says(cell: Option<&str>, value: &Value) -> bool {
    match (cell, value) {
        (None, Value::Null) => true,
        (Some(cell), Value::String(text)) => cell == text,
        (Some(cell), Value::Bool(flag)) => cell == flag.to_string(),
        (Some(cell), Value::Number(number)) if number.is_f64() => {
            cell.parse().ok() == number.as_f64()
        }
        (Some(cell), Value::Number(number)) => cell == number.to_string(),
        (Some(cell), Value::Array(_)) => serde_json::from_str(cell).ok().as_ref() == Some(value),
        _ => false,
    }
}
