//! What is said of a column besides its values.

use arrow_schema::{DataType, Field, Metadata};

/// Whole minor units of the run's currency.
pub(crate) const MINOR_UNITS: &str = "minor units";
/// Ticks, as moments of the run or as a length of time.
pub(crate) const TICKS: &str = "ticks";

/// The name of a column, what it holds and in which unit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    pub(crate) name: String,
    doc: String,
    unit: Option<String>,
}

impl Column {
    /// Declares a column; `doc` says what it holds, in a sentence.
    pub fn new(name: impl Into<String>, doc: impl Into<String>) -> Self {
        Self { name: name.into(), doc: doc.into(), unit: None }
    }

    /// Says in which unit its numbers are.
    #[must_use]
    pub fn unit(self, unit: impl Into<String>) -> Self {
        Self { unit: Some(unit.into()), ..self }
    }

    /// Says that its numbers are amounts in minor units.
    #[must_use]
    pub fn money(self) -> Self {
        self.unit(MINOR_UNITS)
    }

    /// Says that its numbers are ticks.
    #[must_use]
    pub fn ticks(self) -> Self {
        self.unit(TICKS)
    }

    /// Returns the field of a schema; `nullable` says whether values may be absent.
    pub(crate) fn field(self, ty: DataType, nullable: bool) -> Field {
        let unit = self.unit.map(|unit| ("unit".to_owned(), unit));
        let metadata = [("doc".to_owned(), self.doc)].into_iter().chain(unit);
        Field::new(self.name, ty, nullable).with_metadata(metadata.collect::<Metadata>())
    }
}
