//! Tables made column by column.

use std::sync::Arc;

use arrow_array::{
    Array, ArrayRef, BooleanArray, Float64Array, Int64Array, UInt32Array, UInt64Array,
};
use arrow_schema::{DataType, Field};

use crate::nulls::Present;
use crate::texts::{self, Texts};
use crate::totals::Totals;
use crate::words::{self, Words};
use crate::{Column, Frame, FrameError};

/// A table in the making: columns are added in order, each with all its values.
///
/// Values are given plainly, or as options where some are absent (null).
///
/// ```
/// use psim_frames::{Column, FrameBuilder};
///
/// let frame = FrameBuilder::new()
///     .words(Column::new("policy", "The policy of the run."), ["fifo", "fifo", "patient"])
///     .i64(Column::new("cost", "Costs of the run.").money(), [120, 95, 0])
///     .f64(Column::new("delay", "Mean delay.").ticks(), [Some(1.5), None, Some(0.25)])
///     .build()?;
/// assert_eq!(frame.num_rows(), 3);
/// # Ok::<(), psim_frames::FrameError>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct FrameBuilder {
    columns: Vec<(Field, ArrayRef)>,
}

impl FrameBuilder {
    /// Begins a table without columns.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds whole numbers.
    #[must_use]
    pub fn i64(
        self,
        column: Column,
        values: impl IntoIterator<Item = impl Into<Option<i64>>>,
    ) -> Self {
        let values: Int64Array = values.into_iter().map(Into::into).collect();
        self.push(column, values)
    }

    /// Adds whole numbers from 0 on; `i64` are easier to calculate with, where they suffice.
    #[must_use]
    pub fn u64(
        self,
        column: Column,
        values: impl IntoIterator<Item = impl Into<Option<u64>>>,
    ) -> Self {
        let values: UInt64Array = values.into_iter().map(Into::into).collect();
        self.push(column, values)
    }

    /// Adds sums: whole numbers of 64 bits, or decimals of 38 digits if one of them needs more.
    #[must_use]
    pub fn totals(self, column: Column, values: impl IntoIterator<Item = i128>) -> Self {
        let mut totals = Totals::default();
        totals.extend(values);
        self.push_array(column, totals.finish())
    }

    /// Adds numbers.
    #[must_use]
    pub fn f64(
        self,
        column: Column,
        values: impl IntoIterator<Item = impl Into<Option<f64>>>,
    ) -> Self {
        let values: Float64Array = values.into_iter().map(Into::into).collect();
        self.push(column, values)
    }

    /// Adds truths.
    #[must_use]
    pub fn bool(
        self,
        column: Column,
        values: impl IntoIterator<Item = impl Into<Option<bool>>>,
    ) -> Self {
        let values: BooleanArray = values.into_iter().map(Into::into).collect();
        self.push(column, values)
    }

    /// Adds texts; one of 2 GiB or more is null.
    #[must_use]
    pub fn texts<'a>(
        self,
        column: Column,
        values: impl IntoIterator<Item = impl Into<Option<&'a str>>>,
    ) -> Self {
        let mut texts = Texts::default();
        let views = values.into_iter().map(|text| texts.view(text.into()?));
        let views: Vec<Option<u128>> = views.collect();
        self.views(column, views, texts.finish())
    }

    /// Adds texts of which there are few: each is kept once.
    #[must_use]
    pub fn words<'a>(
        self,
        column: Column,
        values: impl IntoIterator<Item = impl Into<Option<&'a str>>>,
    ) -> Self {
        let mut words = Words::default();
        let keys = values.into_iter().map(|word| words.number(word.into()?));
        let keys: UInt32Array = keys.collect();
        self.push_array(column, words::column(keys, words.values()))
    }

    /// Makes the table.
    ///
    /// # Errors
    ///
    /// [`FrameError`]: columns differ in length, or two have the same name.
    pub fn build(self) -> Result<Frame, FrameError> {
        let rows = self.columns.first().map_or(0, |(_, values)| values.len());
        for (index, (field, values)) in self.columns.iter().enumerate() {
            if values.len() != rows {
                let (column, found) = (field.name().clone(), values.len());
                return Err(FrameError::Uneven { column, found, expected: rows });
            }
            if self.columns[..index].iter().any(|(other, _)| other.name() == field.name()) {
                return Err(FrameError::Twice { column: field.name().clone() });
            }
        }
        Ok(Frame::of(rows, self.columns))
    }

    /// Returns whether there is a column of that name already.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.columns.iter().any(|(field, _)| field.name() == name)
    }

    /// Adds numbers of values that all are below their count.
    pub(crate) fn keys(self, column: Column, keys: UInt32Array, values: &ArrayRef) -> Self {
        self.push_array(column, words::column(keys, values.clone()))
    }

    /// Adds texts by their views into buffers.
    pub(crate) fn views(
        self,
        column: Column,
        views: Vec<Option<u128>>,
        buffers: Arc<[arrow_buffer::Buffer]>,
    ) -> Self {
        let mut present = Present::none(views.len());
        for (row, _) in views.iter().enumerate().filter(|(_, view)| view.is_some()) {
            present.set(row);
        }
        let views: Vec<u128> = views.into_iter().map(Option::unwrap_or_default).collect();
        self.push_array(column, texts::column(views.into(), buffers, present.nulls()))
    }

    fn push(self, column: Column, values: impl Array + 'static) -> Self {
        self.push_array(column, Arc::new(values))
    }

    pub(crate) fn push_array(mut self, column: Column, values: ArrayRef) -> Self {
        let ty: DataType = values.data_type().clone();
        self.columns.push((column.field(ty, true), values));
        self
    }
}
