//! Columns of lists.

use std::sync::Arc;

use arrow_array::{Array, ArrayRef, GenericListArray};
use arrow_buffer::{OffsetBuffer, ScalarBuffer};
use arrow_schema::{DataType, Field};

use crate::nulls::Present;

/// Where the lists of rows lie among all items; rows are filled in order.
#[derive(Clone, Debug)]
pub(super) struct Lists<T> {
    /// Where each row begins, up to the last that was filled.
    starts: Vec<i64>,
    present: Present,
    pub(super) items: T,
}

impl<T: Default> Lists<T> {
    pub(super) fn none(rows: usize) -> Self {
        Self { starts: Vec::new(), present: Present::none(rows), items: T::default() }
    }

    /// Begins a row's list, which comes after `items` others.
    pub(super) fn begin(&mut self, row: usize, items: usize) {
        self.starts.resize(row + 1, offset(items));
        self.present.set(row);
    }

    /// Returns the column; `items` makes an array of the items.
    pub(super) fn finish(mut self, rows: usize, items: impl FnOnce(T) -> ArrayRef) -> ArrayRef {
        let items = items(self.items);
        self.starts.resize(rows + 1, offset(items.len()));
        let item = Arc::new(Field::new_list_field(item_type(&items), true));
        let offsets = OffsetBuffer::new(ScalarBuffer::from(self.starts));
        let lists = GenericListArray::<i64>::new(item, offsets, items, self.present.nulls());
        Arc::new(lists)
    }
}

fn item_type(items: &ArrayRef) -> DataType {
    items.data_type().clone()
}

fn offset(items: usize) -> i64 {
    i64::try_from(items).unwrap_or(i64::MAX)
}
