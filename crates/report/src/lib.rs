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
//!
//! ```
//! # use psim_engine::Engine;
//! # use psim_model::{Agent, Calendar, Money, Scenario};
//! # use psim_model::event::EventBatch;
//! # let calendar = Calendar::try_new(10, 1, None).unwrap();
//! # let banks = [("A", 100), ("B", 0)];
//! # let banks = banks.map(|(id, balance)| Agent::plain(id, Money::from_minor(balance)));
//! # let mut engine = Engine::new(Scenario::plain(calendar, banks.to_vec()).check().unwrap());
//! # let mut batches = Vec::new();
//! # while !engine.is_finished() {
//! #     let mut batch = EventBatch::default();
//! #     engine.tick(&mut batch)?;
//! #     batches.push(batch);
//! # }
//! use psim_report::{MeasuredFold, PictureFold, RunFacts};
//! use psim_view::Fold;
//!
//! // `batches` are those of a run, from an engine or a journal.
//! let mut first_pass = MeasuredFold::default();
//! for batch in &batches {
//!     first_pass.observe(batch);
//! }
//! let facts = RunFacts { simulation_id: "first".to_owned(), ..RunFacts::default() };
//! let measured = first_pass.finish(facts);
//!
//! let mut second_pass = PictureFold::new(first_pass.selection(&measured));
//! for batch in &batches {
//!     second_pass.observe(batch);
//! }
//! let page = measured.to_html(&second_pass.finish());
//! assert!(page.starts_with("<!doctype html>"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

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
mod shocks;
mod story;
mod style;
mod svg;
mod table;
mod terminal;
mod value;

pub use charts::FIGURES;
pub use comparison::Comparison;
pub use csv::{CsvTable, TABLES};
pub use facts::{Branch, RunFacts};
pub use measured::{Measured, MeasuredFold};
pub use picture::{Picture, PictureFold};
pub use report::Figure;
pub use selection::Selection;
