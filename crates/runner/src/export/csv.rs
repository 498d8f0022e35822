//! Tables as CSV (RFC 4180, lines end in a line feed): one header line, nothing for null, lists as
//! JSON arrays.

use std::fmt::Display;
use std::io::{self, Write};

use arrow_array::cast::AsArray;
use arrow_array::types::{Decimal128Type, Float64Type, Int64Type, UInt32Type, UInt64Type};
use arrow_array::{Array, ArrayRef, RecordBatch};
use arrow_schema::DataType;
use psim_frames::Frame;
use serde_json::Value;

/// Writes a table.
pub(super) fn write(frame: &Frame, out: &mut impl Write) -> io::Result<()> {
    let mut row = Vec::new();
    for (index, name) in frame.names().enumerate() {
        separate(index, &mut row);
        text(name, &mut row);
    }
    row.push(b'\n');
    out.write_all(&row)?;
    frame.batches().iter().try_for_each(|batch| write_part(batch, out))
}

fn write_part(batch: &RecordBatch, out: &mut impl Write) -> io::Result<()> {
    // Most columns of events have no value at all.
    let has_values = |column: &ArrayRef| column.null_count() < column.len();
    let columns: Vec<Option<&ArrayRef>> =
        batch.columns().iter().map(|column| Some(column).filter(|c| has_values(c))).collect();
    let mut row = Vec::new();
    for at in 0..batch.num_rows() {
        row.clear();
        for (index, column) in columns.iter().enumerate() {
            separate(index, &mut row);
            if let Some(column) = column
                && column.is_valid(at)
            {
                cell(column, at, &mut row)?;
            }
        }
        row.push(b'\n');
        out.write_all(&row)?;
    }
    Ok(())
}

fn separate(index: usize, row: &mut Vec<u8>) {
    if index > 0 {
        row.push(b',');
    }
}

/// Appends a cell that is not null.
fn cell(column: &dyn Array, at: usize, row: &mut Vec<u8>) -> io::Result<()> {
    match column.data_type() {
        DataType::Int64 => plain(column.as_primitive::<Int64Type>().value(at), row),
        DataType::UInt64 => plain(column.as_primitive::<UInt64Type>().value(at), row),
        DataType::Decimal128(_, 0) => plain(column.as_primitive::<Decimal128Type>().value(at), row),
        DataType::Boolean => plain(column.as_boolean().value(at), row),
        DataType::Float64 => {
            // As short as can be read back, and never hundreds of digits.
            write!(row, "{:?}", column.as_primitive::<Float64Type>().value(at))
        }
        DataType::Dictionary(..) | DataType::Utf8View | DataType::LargeUtf8 => {
            text(word(column, at), row);
            Ok(())
        }
        DataType::LargeList(_) => {
            text(&list(column.as_list::<i64>().value(at).as_ref()), row);
            Ok(())
        }
        other => Err(io::Error::other(format!("no form for {other}"))),
    }
}

fn plain(value: impl Display, row: &mut Vec<u8>) -> io::Result<()> {
    write!(row, "{value}")
}

/// Returns the text of a cell; nothing where it is no text.
fn word(column: &dyn Array, at: usize) -> &str {
    match column.data_type() {
        DataType::Utf8View => column.as_string_view().value(at),
        DataType::LargeUtf8 => column.as_string::<i64>().value(at),
        DataType::Dictionary(..) => {
            let words = column.as_dictionary::<UInt32Type>();
            word(words.values(), words.keys().value(at) as usize)
        }
        _ => "",
    }
}

/// Returns a list as a JSON array.
fn list(items: &dyn Array) -> String {
    let item = |at: usize| match items.data_type() {
        _ if items.is_null(at) => Value::Null,
        DataType::Int64 => items.as_primitive::<Int64Type>().value(at).into(),
        _ => word(items, at).into(),
    };
    Value::Array((0..items.len()).map(item).collect()).to_string()
}

/// Appends a text, quoted where it has to be; an empty one is not null.
fn text(text: &str, row: &mut Vec<u8>) {
    let needs_quotes = text.is_empty() || text.contains([',', '"', '\n', '\r']);
    if !needs_quotes {
        row.extend_from_slice(text.as_bytes());
        return;
    }
    row.push(b'"');
    for byte in text.bytes() {
        if byte == b'"' {
            row.push(b'"');
        }
        row.push(byte);
    }
    row.push(b'"');
}

#[cfg(test)]
mod tests {
    use psim_frames::{Column, FrameBuilder};

    use super::*;

    #[test]
    fn texts_are_quoted_where_they_must_be_and_null_is_nothing() {
        let texts = [Some("plain"), None, Some(""), Some("a,b"), Some("\"so\"\r\n")];
        let frame = FrameBuilder::new()
            .texts(Column::new("text", "A text."), texts)
            .words(Column::new("word", "A word."), [Some("x,y"), None, None, Some("z"), None])
            .f64(
                Column::new("number", "A number."),
                [Some(1.0), Some(0.1), None, Some(1e300), None],
            )
            .totals(Column::new("sum", "A sum."), [1, i128::MAX / 10, -3, 4, 5])
            .build()
            .unwrap();
        let mut out = Vec::new();
        write(&frame, &mut out).unwrap();
        let expected = "text,word,number,sum\n\
             plain,\"x,y\",1.0,1\n\
             ,,0.1,17014118346046923173168730371588410572\n\
             \"\",,,-3\n\
             \"a,b\",z,1e300,4\n\
             \"\"\"so\"\"\r\n\",,,5\n";
        assert_eq!(String::from_utf8(out).unwrap(), expected);
    }
}
