//! Composition: what every front calls to get something done.
//!
//! A front turns arguments into one of these calls and the answer into text, objects or pages; what
//! two fronts would both need lives here. [`run`] takes a scenario through the engine and hands
//! each tick's events to a consumer; [`go_on`] does so with what is [`Underway`]; a [`Session`] is
//! a live run that is steered and asked from outside; a [`Paranoid`] checks any run while it goes,
//! a [`Keeper`] keeps it in a database. [`many`] runs thousands at a time, such as a [`RunBatch`].
//!
//! Of what is stored, [`read_whole`] reads the events and [`pass`] folds them as they are read;
//! [`verify`] runs the scenario again and compares; [`retrace`] brings a run back to where it was,
//! from a checkpoint, and [`branch_scenario`] says what it may follow from there; [`export()`]
//! writes Parquet or CSV, [`report()`] and [`compare`] measure. [`bounds`] computes how much
//! liquidity a list of payments needs; [`write_file`] and [`write_folder`] leave all of it or
//! nothing. Deliberately absent: arguments, terminals, and how a run is shown.
//!
//! ```
//! use std::ops::ControlFlow;
//! use std::path::Path;
//!
//! use psim_runner::{RunOptions, run};
//! use psim_scenario::{Overrides, load_text};
//! use psim_view::{Fold, SummaryFold};
//!
//! let text = "
//! simulation: {ticks_per_day: 10, num_days: 1, rng_seed: 7}
//! agents:
//!   - id: A
//!     opening_balance: 50_000
//!     arrival_config:
//!       rate_per_tick: 2
//!       amount_distribution: {type: Uniform, min: 1_000, max: 9_000}
//!       deadline_range: [2, 5]
//!   - {id: B, opening_balance: 50_000}
//! ";
//! let loaded = load_text("two.yaml", text, &Overrides::default(), Path::new("."))?;
//! let mut summary = SummaryFold::new();
//! run(loaded.scenario, RunOptions::default(), |batch| {
//!     summary.observe(batch);
//!     ControlFlow::Continue(())
//! })?;
//! let payments = summary.finish().payments;
//! assert_eq!(payments.arrived.count, payments.settled.count + payments.unsettled.count);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod altered;
mod batch;
mod bounds;
mod branch;
mod export;
mod files;
mod keeper;
mod many;
mod paranoid;
mod pass;
mod report;
mod retrace;
mod run;
pub mod session;
mod underway;
mod verify;

pub use altered::{Altered, read_whole};
pub use batch::{RunBatch, Variant};
pub use bounds::{BoundsReport, BoundsRow, bounds};
pub use branch::{BranchRefusal, branch_scenario, check_as_read};
pub use export::{ExportError, ExportOptions, ExportedFile, export};
pub use files::{FilesError, check_file, write_file, write_folder};
pub use keeper::{BranchOrigin, KeepOptions, Keeper};
pub use many::{Job, Watch, many};
pub use paranoid::{Broken, Paranoid};
pub use pass::pass;
pub use report::{ReportError, StoredReport, compare, facts, report};
pub use retrace::{RetraceError, retrace, stored_checkpoint};
pub use run::{Ending, RunError, RunOptions, go_on, run, ticks_of};
pub use session::{Session, TickReport};
pub use underway::Underway;
pub use verify::{Difference, Verdict, verify};

pub use psim_engine::{BranchError, Checkpoint, CheckpointError, Engine};

/// The version of the program, which is part of every event stream.
pub const VERSION: &str = psim_engine::VERSION;
