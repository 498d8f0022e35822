//! The deterministic settlement engine.
//!
//! An [`Engine`] is started from a checked scenario and asked for one tick at a time; each tick
//! fills an event batch that says everything that happened. The same scenario gives the same
//! batches, byte for byte, on any machine.
//!
//! ```
//! # use psim_model::{Agent, Calendar, Money, Scenario};
//! # let calendar = Calendar::try_new(10, 1, None).unwrap();
//! # let banks = [("A", 100), ("B", 0)];
//! # let banks = banks.map(|(id, balance)| Agent::plain(id, Money::from_minor(balance)));
//! # let scenario = Scenario::plain(calendar, banks.to_vec());
//! use psim_engine::Engine;
//! use psim_model::event::EventBatch;
//!
//! let mut engine = Engine::new(scenario.check()?);
//! let mut batch = EventBatch::default();
//! while !engine.is_finished() {
//!     engine.tick(&mut batch)?;
//!     // hand `batch` to the folds
//! }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! The nouns: the [`Engine`] owns the *world*; in it the *ledger* is the only code that changes a
//! balance, *queue 1* holds what banks have not released, *queue 2* what the system could not yet
//! settle. What is deliberately absent: files, clocks, threads, hash order, display, and any way
//! for input to make a tick fail half done (see `headroom`).

mod agenda;
mod agent_set;
mod arrivals;
mod audit;
mod backlog;
mod bank;
mod changes;
mod collateral;
mod costs;
mod day;
mod deadlines;
mod decide;
mod decisions;
mod deferred;
mod draws;
mod engine;
mod entry;
mod error;
mod escalation;
mod fit_index;
mod followers;
mod headroom;
mod history;
mod holds;
mod ids;
mod inspect;
mod instructions;
mod ledger;
mod limits;
mod lsm;
mod offset;
mod opening;
mod payments;
mod queue1;
mod queue2;
mod queue2_pass;
mod reach;
mod reading;
mod release;
mod scenario_events;
mod set_rule;
mod settle;
mod shape;
mod soundness;
mod splits;
mod stored;
mod telling;
mod transit;
mod words;
mod world;

pub use costs::{Costs, CostsByKind};
pub use engine::{Checkpoint, Engine};
pub use error::{BatchFault, BranchError, CheckpointError, InstructionError, TickError};
pub use inspect::Standing;

/// The version that is part of every stream: the same scenario and version give the same bytes.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");
