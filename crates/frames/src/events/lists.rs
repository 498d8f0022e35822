//! Columns of lists.

use std::sync::Arc;

use arrow_array::{ArrayRef, GenericListArray};
use arrow_buffer::{OffsetBuffer, ScalarBuffer};
use arrow_schema::Field;

use crate::nulls::Present;

/// Lists of some rows, of which each part is filled from top to bottom.
#[derive(Clone, Debug)]
pub(super) struct Lists<T> {
    closed: Vec<ArrayRef>,
    /// Where each row of the open part begins, up to the last that was filled.
    starts: Vec<i64>,
    present: Vec<usize>,
    /// The items of the open part.
    pub(super) items: T,
}

impl<T: Default> Lists<T> {
    pub(super) fn none() -> Self {
        Self { closed: Vec::new(), starts: Vec::new(), present: Vec::new(), items: T::default() }
    }

    /// Begins a row's list, which comes after `items` others.
    pub(super) fn begin(&mut self, row: usize, items: usize) {
        self.starts.resize(row + 1, offset(items));
        self.present.push(row);
    }

    /// Closes the open part, which has `rows`; `items` makes an array of its items.
    pub(super) fn close(&mut self, rows: usize, items: impl FnOnce(T) -> ArrayRef) {
        let items = items(std::mem::take(&mut self.items));
        let mut starts = std::mem::take(&mut self.starts);
        starts.resize(rows + 1, offset(items.len()));
        let mut present = Present::none(rows);
        self.present.drain(..).for_each(|row| present.set(row));
        let item = Arc::new(Field::new_list_field(items.data_type().clone(), true));
        let offsets = OffsetBuffer::new(ScalarBuffer::from(starts));
        let lists = GenericListArray::<i64>::new(item, offsets, items, present.nulls());
        self.closed.push(Arc::new(lists));
    }

    pub(super) fn parts(self) -> Vec<ArrayRef> {
        self.closed
    }
}

fn offset(items: usize) -> i64 {
    i64::try_from(items).unwrap_or(i64::MAX)
}
