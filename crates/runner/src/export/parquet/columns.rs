//! Values of columns as Parquet stores them: those that are there one after another, and for each
//! place a level that says whether one is.

use arrow_array::cast::AsArray;
use arrow_array::types::{
    ArrowPrimitiveType, Decimal128Type, Float64Type, Int64Type, UInt32Type, UInt64Type,
};
use arrow_array::{Array, ArrayRef, GenericListArray, PrimitiveArray};
use arrow_schema::{DataType, Field};
use parquet::data_type as stored;
use parquet::data_type::{ByteArray, FixedLenByteArray};
use parquet::errors::Result;
use parquet::file::writer::SerializedColumnWriter;

use super::schema::unknown;

/// How deep the values of a column lie.
#[derive(Default)]
struct Levels {
    /// How much of the way down to a value is there; none where all of it always is.
    defined: Option<Vec<i16>>,
    /// Whether a value belongs to the list of the one before.
    repeated: Option<Vec<i16>>,
}

/// Writes a part of a column.
pub(super) fn write(
    column: &mut SerializedColumnWriter<'_>,
    field: &Field,
    array: &ArrayRef,
) -> Result<()> {
    if let Some(lists) = array.as_list_opt::<i64>() {
        let (first, last) = (lists.value_offsets().first(), lists.value_offsets().last());
        let (first, last) = (place(first), place(last));
        let items = lists.values().slice(first, last - first);
        return put(column, &of_lists(lists, items.as_ref()), items.as_ref());
    }
    put(column, &of_cells(field, array), array)
}

fn place(offset: Option<&i64>) -> usize {
    offset.and_then(|offset| usize::try_from(*offset).ok()).unwrap_or_default()
}

fn of_cells(field: &Field, array: &ArrayRef) -> Levels {
    if !field.is_nullable() {
        return Levels::default();
    }
    let defined = if array.null_count() == array.len() {
        vec![0; array.len()]
    } else {
        (0..array.len()).map(|row| i16::from(array.is_valid(row))).collect()
    };
    Levels { defined: Some(defined), repeated: None }
}

/// Lists may be absent (0) or empty (1), their items absent (2) or there (3). `items` are those of
/// all lists, one list after another; absent lists have none.
fn of_lists(lists: &GenericListArray<i64>, items: &dyn Array) -> Levels {
    let (mut defined, mut repeated) = (Vec::new(), Vec::new());
    let mut at = 0;
    for row in 0..lists.len() {
        let length = place(Some(&lists.value_length(row)));
        if length == 0 {
            defined.push(i16::from(lists.is_valid(row)));
            repeated.push(0);
        }
        for item in 0..length {
            defined.push(2 + i16::from(items.is_valid(at)));
            repeated.push(i16::from(item > 0));
            at += 1;
        }
    }
    Levels { defined: Some(defined), repeated: Some(repeated) }
}

/// Writes the values of an array that are there.
fn put(column: &mut SerializedColumnWriter<'_>, levels: &Levels, array: &dyn Array) -> Result<()> {
    match array.data_type() {
        DataType::Int64 => {
            put_values::<stored::Int64Type>(column, levels, &numbers::<Int64Type>(array))
        }
        DataType::UInt64 => {
            let numbers = numbers::<UInt64Type>(array).into_iter().map(u64::cast_signed);
            put_values::<stored::Int64Type>(column, levels, &numbers.collect::<Vec<_>>())
        }
        DataType::Float64 => {
            put_values::<stored::DoubleType>(column, levels, &numbers::<Float64Type>(array))
        }
        DataType::Decimal128(..) => {
            let bytes = numbers::<Decimal128Type>(array)
                .into_iter()
                .map(|number| FixedLenByteArray::from(number.to_be_bytes().to_vec()));
            put_values::<stored::FixedLenByteArrayType>(column, levels, &bytes.collect::<Vec<_>>())
        }
        DataType::Boolean => {
            let flags: Vec<bool> = array.as_boolean().iter().flatten().collect();
            put_values::<stored::BoolType>(column, levels, &flags)
        }
        DataType::Dictionary(..) => {
            let words = array.as_dictionary::<UInt32Type>();
            let values =
                texts(words.values().as_string::<i64>().iter().map(Option::unwrap_or_default));
            let texts = words.keys().iter().flatten();
            let texts = texts.filter_map(|key| values.get(key as usize).cloned());
            put_values::<stored::ByteArrayType>(column, levels, &texts.collect::<Vec<_>>())
        }
        DataType::Utf8View => {
            let texts = texts(array.as_string_view().iter().flatten());
            put_values::<stored::ByteArrayType>(column, levels, &texts)
        }
        DataType::LargeUtf8 => {
            let texts = texts(array.as_string::<i64>().iter().flatten());
            put_values::<stored::ByteArrayType>(column, levels, &texts)
        }
        other => Err(unknown(other)),
    }
}

fn put_values<T: stored::DataType>(
    column: &mut SerializedColumnWriter<'_>,
    levels: &Levels,
    values: &[T::T],
) -> Result<()> {
    let (defined, repeated) = (levels.defined.as_deref(), levels.repeated.as_deref());
    column.typed::<T>().write_batch(values, defined, repeated)?;
    Ok(())
}

fn numbers<T: ArrowPrimitiveType>(array: &dyn Array) -> Vec<T::Native> {
    let array: &PrimitiveArray<T> = array.as_primitive();
    match array.null_count() {
        0 => array.values().to_vec(),
        _ => array.iter().flatten().collect(),
    }
}

/// Returns texts as parts of one piece of memory.
fn texts<'a>(texts: impl Iterator<Item = &'a str>) -> Vec<ByteArray> {
    let (mut bytes, mut lengths) = (Vec::new(), Vec::new());
    for text in texts {
        bytes.extend_from_slice(text.as_bytes());
        lengths.push(text.len());
    }
    let bytes = ByteArray::from(bytes);
    let mut from = 0;
    let part = |length: usize| {
        let part = bytes.slice(from, length);
        from += length;
        part
    };
    lengths.into_iter().map(part).collect()
}
