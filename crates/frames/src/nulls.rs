//! Which rows of a column have a value.

use arrow_buffer::{ArrowNativeType, BooleanBuffer, Buffer, NullBuffer, ScalarBuffer};

/// A bit for each row, at first all absent.
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

    /// Returns the bits.
    pub(crate) fn bits(self) -> BooleanBuffer {
        BooleanBuffer::new(Buffer::from_vec(self.bytes), 0, self.rows)
    }

    /// Returns which rows have no value, if any.
    pub(crate) fn nulls(self) -> Option<NullBuffer> {
        (self.count < self.rows).then(|| NullBuffer::new(self.bits()))
    }
}

/// Columns without any value: they all share one piece of memory.
#[derive(Clone, Debug)]
pub(crate) struct Nothing {
    zeros: Buffer,
}

impl Nothing {
    /// Makes memory for columns of at most `rows` rows, each at most 16 bytes.
    pub(crate) fn of(rows: usize) -> Self {
        Self { zeros: Buffer::from_vec(vec![0_u128; rows]) }
    }

    pub(crate) fn values<T: ArrowNativeType>(&self, rows: usize) -> ScalarBuffer<T> {
        ScalarBuffer::new(self.zeros.clone(), 0, rows)
    }

    pub(crate) fn nulls(&self, rows: usize) -> NullBuffer {
        NullBuffer::new(BooleanBuffer::new(self.zeros.clone(), 0, rows))
    }
}
