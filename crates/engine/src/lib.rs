//! The deterministic settlement engine.
//!
//! An [`Engine`] is started from a checked scenario and asked for one tick at a time; each tick
//! fills an event batch that says everything that happened. The same scenario gives the same
//! batches, byte for byte, on any machine.
//!
//! ```
//! # use psim_model::*;
//! # let calendar = Calendar::try_new(10, 1, None).unwrap();
//! # let scenario = Scenario {
//! #     calendar, currency: Currency { code: "EUR".into(), decimals: 2 }, rng_seed: 1,
//! #     rng_streams: RngStreams::Shared, rate_profile: vec![],
//! #     agents: vec![
//! #         Agent::plain("A", Money::from_minor(100)),
//! #         Agent::plain("B", Money::ZERO),
//! #     ],
//! #     draw_order: vec![AgentNo(0), AgentNo(1)],
//! #     payments: PreparedPayments::default(), costs: CostRates::FREE,
//! #     rules: Rules::plain(10), policies: PolicySettings::default(),
//! #     liquidity_saving: LiquiditySaving::NONE,
//! #     events: vec![], instructions: vec![],
//! # };
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
mod reach;
mod reading;
mod release;
mod retry;
mod set_rule;
mod settle;
mod shape;
mod shocks;
mod soundness;
mod splits;
mod stored;
mod transit;
mod world;

pub use costs::Costs;
pub use engine::{Checkpoint, Engine};
pub use error::{BatchFault, BranchError, CheckpointError, InstructionError, TickError};
pub use inspect::Standing;

/// The version that is part of every stream: the same scenario and version give the same bytes.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");
