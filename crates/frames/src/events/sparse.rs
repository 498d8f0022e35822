//! Values of some rows.

use arrow_buffer::{ArrowNativeType, NullBuffer, ScalarBuffer};

use crate::nulls::{Nothing, Present};

/// A column of which each part is filled from top to bottom, and only where there are values.
#[derive(Clone, Debug)]
pub(super) struct Sparse<T: ArrowNativeType> {
    closed: Vec<Part<T>>,
    /// The values of the open part up to the last; empty if it has none so far.
    values: Vec<T>,
    present: Present,
}

/// The values of consecutive rows, and where there are none.
pub(super) type Part<T> = (ScalarBuffer<T>, Option<NullBuffer>);

impl<T: ArrowNativeType> Sparse<T> {
    pub(super) fn none() -> Self {
        Self { closed: Vec::new(), values: Vec::new(), present: Present::none(0) }
    }

    /// Sets a row of the open part, which will have `rows`; rows come in order.
    pub(super) fn set(&mut self, row: usize, rows: usize, value: T) {
        if self.values.is_empty() {
            self.values.reserve_exact(rows);
            self.present = Present::none(rows);
        }
        while self.values.len() < row {
            self.values.push(T::default());
        }
        self.values.push(value);
        self.present.set(row);
    }

    /// Closes the open part, which has `rows`.
    pub(super) fn close(&mut self, rows: usize, nothing: &Nothing) {
        if self.values.is_empty() {
            self.closed.push((nothing.values(rows), Some(nothing.nulls(rows))));
            return;
        }
        let mut values = std::mem::take(&mut self.values);
        values.resize(rows, T::default());
        let present = std::mem::replace(&mut self.present, Present::none(0));
        self.closed.push((values.into(), present.nulls()));
    }

    pub(super) fn parts(self) -> Vec<Part<T>> {
        self.closed
    }
}
