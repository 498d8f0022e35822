//! A table.

use std::sync::Arc;

use arrow_array::ffi_stream::FFI_ArrowArrayStream;
use arrow_array::{
    ArrayRef, RecordBatch, RecordBatchIterator, RecordBatchOptions, RecordBatchReader,
};
use arrow_schema::{Field, Schema, SchemaRef};

/// A table of a run: named columns of equal length. Copies share the columns.
#[derive(Clone, Debug, PartialEq)]
pub struct Frame {
    batch: RecordBatch,
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
        let (fields, arrays): (Vec<_>, Vec<_>) = columns.into_iter().unzip();
        let schema = Arc::new(Schema::new(fields));
        let options = RecordBatchOptions::new().with_row_count(Some(rows));
        let batch = RecordBatch::try_new_with_options(schema, arrays, &options)
            .expect("Invariant: columns are of the length and type that was declared");
        Self { batch }
    }

    /// Returns the number of rows.
    pub fn num_rows(&self) -> usize {
        self.batch.num_rows()
    }

    /// Returns the names of the columns, in order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.batch.schema_ref().fields().iter().map(|field| field.name().as_str())
    }

    /// Returns names, types and metadata (`doc`, `unit`) of the columns.
    pub fn schema(&self) -> SchemaRef {
        self.batch.schema()
    }

    /// Returns the columns.
    pub const fn batch(&self) -> &RecordBatch {
        &self.batch
    }

    /// Returns the column of a name.
    pub fn column(&self, name: &str) -> Option<&ArrayRef> {
        self.batch.column_by_name(name)
    }

    /// Returns the table of these columns alone, in this order.
    pub fn select<'a>(&self, names: impl IntoIterator<Item = &'a str>) -> Result<Self, FrameError> {
        let schema = self.batch.schema_ref();
        let mut columns: Vec<(Field, ArrayRef)> = Vec::new();
        for name in names {
            let Some((index, field)) = schema.column_with_name(name) else {
                return Err(FrameError::Unknown { column: name.to_owned() });
            };
            if columns.iter().any(|(field, _)| field.name() == name) {
                return Err(FrameError::Twice { column: name.to_owned() });
            }
            columns.push((field.clone(), self.batch.column(index).clone()));
        }
        Ok(Self::of(self.num_rows(), columns))
    }

    /// Returns a reader that yields the table once.
    pub fn reader(&self) -> Box<dyn RecordBatchReader + Send> {
        let batches = std::iter::once(Ok(self.batch.clone()));
        Box::new(RecordBatchIterator::new(batches, self.schema()))
    }

    /// Returns the table as a stream for other languages: what `__arrow_c_stream__` gives away.
    pub fn to_stream(&self) -> FFI_ArrowArrayStream {
        FFI_ArrowArrayStream::new(self.reader())
    }
}
