//! A table.

use std::sync::Arc;

use arrow_array::ffi_stream::FFI_ArrowArrayStream;
use arrow_array::{
    ArrayRef, RecordBatch, RecordBatchIterator, RecordBatchOptions, RecordBatchReader,
};
use arrow_schema::{Field, Schema, SchemaRef};

/// A table of a run: named columns of equal length, in one part or several that follow each other.
/// Copies share the columns.
#[derive(Clone, Debug, PartialEq)]
pub struct Frame {
    schema: SchemaRef,
    batches: Vec<RecordBatch>,
}

/// Why columns make no table.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FrameError {
    /// A column is longer or shorter than the first.
    #[error("column `{column}` has {found} rows, the first column has {expected}")]
    Uneven {
        /// Its name.
        column: String,
        /// Its length.
        found: usize,
        /// The length of the first.
        expected: usize,
    },
    /// Two columns have the same name.
    #[error("there are two columns `{column}`")]
    Twice {
        /// The name.
        column: String,
    },
    /// A table has no column of this name.
    #[error("there is no column `{column}`")]
    Unknown {
        /// The name.
        column: String,
    },
}

impl Frame {
    /// Makes a table of columns that are as long as they say.
    pub(crate) fn of(rows: usize, columns: Vec<(Field, ArrayRef)>) -> Self {
        let (fields, arrays) =
            columns.into_iter().map(|(field, array)| (field, vec![array])).unzip();
        let arrays: Vec<_> = arrays;
        Self::in_parts(&[rows], fields, &arrays)
    }

    /// Makes a table of columns that have parts of these lengths.
    pub(crate) fn in_parts(rows: &[usize], fields: Vec<Field>, columns: &[Vec<ArrayRef>]) -> Self {
        let schema = Arc::new(Schema::new(fields));
        let part = |(index, rows): (usize, &usize)| {
            let arrays = columns.iter().filter_map(|parts| parts.get(index).cloned()).collect();
            let options = RecordBatchOptions::new().with_row_count(Some(*rows));
            RecordBatch::try_new_with_options(schema.clone(), arrays, &options)
                .expect("Invariant: columns are of the length and type that was declared")
        };
        let batches = rows.iter().enumerate().map(part).collect();
        Self { schema, batches }
    }

    /// Returns the number of rows.
    pub fn num_rows(&self) -> usize {
        self.batches.iter().map(RecordBatch::num_rows).sum()
    }

    /// Returns the names of the columns, in order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.schema.fields().iter().map(|field| field.name().as_str())
    }

    /// Returns names, types and metadata (`doc`, `unit`) of the columns.
    pub fn schema(&self) -> SchemaRef {
        self.schema.clone()
    }

    /// Returns the parts; there is one at least.
    pub fn batches(&self) -> &[RecordBatch] {
        &self.batches
    }

    /// Returns the parts of the column of a name.
    pub fn column(&self, name: &str) -> Option<Vec<&ArrayRef>> {
        let index = self.schema.index_of(name).ok()?;
        Some(self.batches.iter().map(|batch| batch.column(index)).collect())
    }

    /// Returns the table of these columns alone, in this order.
    ///
    /// # Errors
    ///
    /// [`FrameError`]: there is no such column, or it is named twice.
    pub fn select<'a>(&self, names: impl IntoIterator<Item = &'a str>) -> Result<Self, FrameError> {
        let mut columns: Vec<usize> = Vec::new();
        for name in names {
            let Ok(index) = self.schema.index_of(name) else {
                return Err(FrameError::Unknown { column: name.to_owned() });
            };
            if columns.contains(&index) {
                return Err(FrameError::Twice { column: name.to_owned() });
            }
            columns.push(index);
        }
        let fields = columns.iter().map(|index| self.schema.field(*index).clone()).collect();
        let parts =
            |index: &usize| self.batches.iter().map(|batch| batch.column(*index).clone()).collect();
        let rows: Vec<usize> = self.batches.iter().map(RecordBatch::num_rows).collect();
        let columns: Vec<_> = columns.iter().map(parts).collect();
        Ok(Self::in_parts(&rows, fields, &columns))
    }

    /// Returns a reader that yields the parts.
    pub fn reader(&self) -> Box<dyn RecordBatchReader + Send> {
        let batches = self.batches.clone().into_iter().map(Ok);
        Box::new(RecordBatchIterator::new(batches, self.schema()))
    }

    /// Returns the table as a stream for other languages: what `__arrow_c_stream__` gives away.
    pub fn to_stream(&self) -> FFI_ArrowArrayStream {
        FFI_ArrowArrayStream::new(self.reader())
    }
}
