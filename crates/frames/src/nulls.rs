//! Which rows of a column have a value.

use arrow_buffer::{BooleanBuffer, Buffer, NullBuffer};

/// A bit for each row, at first all absent. Memory is touched only where a row has a value.
#[derive(Clone, Debug)]
pub(crate) struct Present {
    bytes: Vec<u8>,
    rows: usize,
    count: usize,
}

impl Present {
    pub(crate) fn none(rows: usize) -> Self {
        Self { bytes: vec![0; rows.div_ceil(8)], rows, count: 0 }
    }

    /// Notes a value in a row that had none.
    pub(crate) fn set(&mut self, row: usize) {
        self.bytes[row / 8] |= 1 << (row % 8);
        self.count += 1;
    }

    pub(crate) const fn count(&self) -> usize {
        self.count
    }

    /// Returns the bits.
    pub(crate) fn bits(self) -> BooleanBuffer {
        BooleanBuffer::new(Buffer::from_vec(self.bytes), 0, self.rows)
    }

    /// Returns which rows have no value, if any.
    pub(crate) fn nulls(self) -> Option<NullBuffer> {
        (self.count < self.rows).then(|| NullBuffer::new(self.bits()))
    }
}
