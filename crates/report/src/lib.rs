//! What is shown of a run after it: its measures in words, tables and charts.
//!
//! A report takes the events of a run twice: once for the measures, and once more, with what these
//! have found to be the largest and slowest, for the [`Picture`] of it. A [`Measured`] run gives
//!
//! * a page for the terminal ([`Measured::to_text`]),
//! * one self-contained HTML page ([`Measured::to_html`]),
//! * all measures as JSON or as CSV tables ([`Measured::to_json`], [`Measured::to_csv`]),
//! * charts as SVG ([`Measured::figures`]).
//!
//! A [`Comparison`] sets the measures of several runs side by side. Nothing here reads a file, a
//! clock or an engine: equal streams give equal pages.

mod charts;
mod comparison;
mod csv;
mod digest;
mod facts;
mod html;
mod measured;
mod picture;
mod report;
mod sections;
mod selection;
mod story;
mod style;
mod svg;
mod table;
mod terminal;
mod value;

pub use charts::FIGURES;
pub use comparison::Comparison;
pub use csv::{CsvTable, TABLES};
pub use facts::RunFacts;
pub use measured::{Measured, MeasuredFold};
pub use picture::{Picture, PictureFold};
pub use report::Figure;
pub use selection::Selection;
