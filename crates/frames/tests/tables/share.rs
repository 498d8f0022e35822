//! Runs, and cells as JSON.

use arrow_array::cast::AsArray;
use arrow_array::types::{Decimal128Type, Float64Type, Int64Type, UInt32Type, UInt64Type};
use arrow_array::{Array, ArrayRef, RecordBatch};
use arrow_schema::DataType;
use psim_engine::{Engine, TickError};
use psim_frames::Frame;
use psim_model::CheckedScenario;
use psim_model::event::{EventBatch, Names};
use serde_json::{Value, json};

/// Runs a scenario and keeps its events.
pub(crate) fn run(scenario: CheckedScenario) -> Vec<EventBatch> {
    let mut engine = Engine::new(scenario);
    let mut batches = Vec::new();
    while !engine.is_finished() {
        let mut batch = EventBatch::default();
        match engine.tick(&mut batch) {
            Ok(()) => batches.push(batch),
            // Amounts near the largest.
            Err(TickError::CostOverflow { .. }) => break,
            Err(error) => panic!("random worlds fit 64 bits: {error}"),
        }
    }
    batches
}

pub(crate) fn names_of(batches: &[EventBatch]) -> Names {
    let mut names = Names::default();
    for batch in batches {
        names.observe(batch);
    }
    names
}

/// Returns a cell as JSON.
pub(crate) fn value(column: &ArrayRef, row: usize) -> Value {
    if column.is_null(row) {
        return Value::Null;
    }
    match column.data_type() {
        DataType::Int64 => json!(column.as_primitive::<Int64Type>().value(row)),
        DataType::UInt64 => json!(column.as_primitive::<UInt64Type>().value(row)),
        DataType::Float64 => json!(column.as_primitive::<Float64Type>().value(row)),
        DataType::Decimal128(38, 0) => {
            json!(column.as_primitive::<Decimal128Type>().value(row).to_string())
        }
        DataType::Boolean => json!(column.as_boolean().value(row)),
        DataType::Utf8View => json!(column.as_string_view().value(row)),
        DataType::LargeUtf8 => json!(column.as_string::<i64>().value(row)),
        DataType::Dictionary(..) => {
            let words = column.as_dictionary::<UInt32Type>();
            value(words.values(), words.keys().value(row) as usize)
        }
        DataType::LargeList(_) => {
            let items = column.as_list::<i64>().value(row);
            (0..items.len()).map(|item| value(&items, item)).collect()
        }
        other => panic!("no column is of type {other}"),
    }
}

/// Returns the part of a table that a row is in, and its place there.
fn part(frame: &Frame, row: usize) -> (&RecordBatch, usize) {
    let mut at = row;
    for batch in frame.batches() {
        if at < batch.num_rows() {
            return (batch, at);
        }
        at -= batch.num_rows();
    }
    panic!("there is no row {row}")
}

/// Returns a row's cells by name, in order.
pub(crate) fn cells(frame: &Frame, row: usize) -> Vec<(&str, Value)> {
    let (batch, at) = part(frame, row);
    let columns = frame.names().zip(batch.columns());
    columns.map(|(name, column)| (name, value(column, at))).collect()
}

/// Returns a row's cells that are not null, by name, in order.
pub(crate) fn row(frame: &Frame, row: usize) -> Vec<(&str, Value)> {
    let mut cells = cells(frame, row);
    cells.retain(|(_, value)| !value.is_null());
    cells
}

/// Returns the cells of a column, top to bottom.
pub(crate) fn column(frame: &Frame, name: &str) -> Vec<Value> {
    let parts = frame.column(name).unwrap_or_else(|| panic!("there is a column {name}"));
    parts.into_iter().flat_map(|part| (0..part.len()).map(|row| value(part, row))).collect()
}
