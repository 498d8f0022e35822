//! The run database: event batches into one SQLite file and out again.
//!
//! A [`Journal`] is an open file that holds any number of runs. [`Journal::begin`] claims an id and
//! gives a [`RunWriter`], which writes on a thread of its own in transactions of whole ticks;
//! [`Journal::read`] gives a [`RunReader`], which returns the same batches, tick by tick, also
//! while another process is still writing them; [`Journal::read_payment`] gives a
//! [`PaymentReader`], which returns what tells one payment's life. A run that was cut off at any
//! moment keeps the ticks that were committed and says so ([`StoredRun::ticks_done`],
//! [`StoredRun::is_complete`]); [`Journal::resume`] goes on with it. A run may have checkpoints
//! ([`CheckpointRecord`]), and a branch tells what it goes back to ([`Ancestor`]).
//!
//! Inside, an event is one narrow row of numbers, and a long text that comes again stands once
//! beside the rows; the tables, the rows and the readable view `simulation_events` follow from the
//! declarations in [`psim_model::event`], so that a new event or field needs no change here.
//! Numbers that are read back are checked against what a run can hold: a damaged file gives an
//! error, never a batch with agents or payments that do not exist.
//!
//! Deliberately absent: the engine, folds, anything about display, and hashing of events (callers
//! hand the hashes in and compare them).
//!
//! ```no_run
//! # fn main() -> Result<(), psim_journal::JournalError> {
//! use psim_journal::Journal;
//! use psim_model::event::EventBatch;
//!
//! let journal = Journal::open("out.db")?;
//! let run = journal.resolve(None)?; // the only run
//! let mut reader = journal.read(&run)?;
//! let mut batch = EventBatch::default();
//! while reader.next(&mut batch)? {
//!     // hand `batch` to the folds
//! }
//! # Ok(())
//! # }
//! ```

// Whatever stands in a file, it ends in a run or in an error.
#![cfg_attr(
    not(test),
    warn(
        clippy::arithmetic_side_effects,
        clippy::expect_used,
        clippy::indexing_slicing,
        clippy::unwrap_used
    )
)]

mod ancestors;
mod checkpoints;
mod claim;
mod decode;
mod error;
mod extent;
mod journal;
mod judge;
mod layout;
mod lists;
mod open;
mod packing;
mod reader;
mod resume;
mod rows;
mod run;
mod runs;
mod schema;
mod texts;
mod trace;
mod view;
mod writer;

pub use ancestors::{Ancestor, StoredAncestor};
pub use checkpoints::{CheckpointRecord, StoredCheckpoint};
pub use error::JournalError;
pub use journal::{Journal, Vacuumed};
pub use packing::{pack, unpack};
pub use reader::RunReader;
pub use run::{RunRecord, StoredDay, StoredRun};
pub use trace::PaymentReader;
pub use writer::{RunWriter, Seal};

#[cfg(test)]
mod tests;
