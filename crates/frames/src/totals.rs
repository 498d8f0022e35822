//! Sums that can be wider than 64 bits.

use std::sync::Arc;

use arrow_array::{ArrayRef, Decimal128Array, Int64Array};
use arrow_schema::{DECIMAL128_MAX_PRECISION, DataType};

/// A column of sums: 64-bit integers for as long as all of them fit, else decimals of 38 digits.
#[derive(Clone, Debug)]
pub(crate) enum Totals {
    Narrow(Vec<i64>),
    Wide(Vec<i128>),
}

impl Default for Totals {
    fn default() -> Self {
        Self::Narrow(Vec::new())
    }
}

impl Totals {
    pub(crate) fn push(&mut self, sum: i128) {
        if let Self::Narrow(sums) = self {
            if let Ok(sum) = i64::try_from(sum) {
                sums.push(sum);
                return;
            }
            *self = Self::Wide(sums.iter().copied().map(i128::from).collect());
        }
        if let Self::Wide(sums) = self {
            sums.push(sum);
        }
    }

    pub(crate) fn finish(self) -> ArrayRef {
        match self {
            Self::Narrow(sums) => Arc::new(Int64Array::from(sums)),
            // The sum of 2^32 amounts has at most 29 digits.
            Self::Wide(sums) => Arc::new(
                Decimal128Array::from(sums)
                    .with_data_type(DataType::Decimal128(DECIMAL128_MAX_PRECISION, 0)),
            ),
        }
    }
}

impl Extend<i128> for Totals {
    fn extend<I: IntoIterator<Item = i128>>(&mut self, sums: I) {
        for sum in sums {
            self.push(sum);
        }
    }
}
