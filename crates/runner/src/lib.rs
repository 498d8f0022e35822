//! Composition: what every front calls to get something done.
//!
//! A front turns arguments into one of these calls and the answer into text, objects or pages; what
//! two fronts would both need lives here. [`run`] takes a scenario through the engine and hands
//! each tick's events to a consumer; [`bounds`] computes how much liquidity a list of payments
//! needs. Deliberately absent: arguments, terminals, and anything that looks into the engine.

mod bounds;
mod run;

pub use bounds::{BoundsReport, BoundsRow, bounds};
pub use run::{Ending, RunError, run};

/// The version of the program, which is part of every event stream.
pub const VERSION: &str = psim_engine::VERSION;
