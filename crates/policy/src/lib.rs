//! The decision-tree language: when a bank releases, holds, splits, posts collateral.
//!
//! A [`Document`] is what people write, in JSON. Reading it finds everything that is wrong with
//! it; what is sound is compiled into a [`Policy`], a flat program that reads only the fields that
//! its nodes name, and asks for them through a [`Context`]. A decision comes back as plain data;
//! what it does to a bank is not known here.
//!
//! The words of the language stand in two tables, [`Field`] and [`Action`], and in the terms of
//! [`Comparison`] and [`Operator`]; reader, compiler, schema and documentation follow from those.
//!
//! ```
//! use psim_policy::{Policy, Situation, Tree, explain};
//!
//! let policy = Policy::read(
//!     r#"{
//!         "version": "1",
//!         "policy_id": "last_moment",
//!         "payment_tree": {
//!             "type": "condition",
//!             "node_id": "is_near",
//!             "condition": {
//!                 "op": "<=",
//!                 "left": {"field": "ticks_to_deadline"},
//!                 "right": {"value": 2}
//!             },
//!             "on_true": {"type": "action", "node_id": "pay", "action": "Release"},
//!             "on_false": {"type": "action", "node_id": "wait", "action": "Hold"}
//!         }
//!     }"#,
//! )?;
//! let mut situation = Situation::default();
//! situation.read("ticks_to_deadline=7")?;
//! let explained = explain(&policy, Tree::Payment, &situation)?;
//! assert_eq!(explained.path, "is_near(false) → wait");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod actions;
mod compile;
mod coverage;
mod decision;
mod diff;
mod document;
mod drawing;
mod english;
mod evaluate;
mod explain;
mod fault;
mod fields;
mod infix;
mod json;
pub mod library;
pub mod nearest;
mod policy;
mod priority;
mod prose;
mod rtgs_priority;
#[cfg(test)]
mod samples;
mod schema;
mod survey;
mod tree;

pub use actions::{Action, ActionSpec, MAX_SPLITS, ParameterKind, ParameterSpec};
pub use coverage::{Coverage, Taken};
pub use decision::{
    BankAct, Budget, CollateralAct, Constant, HoldCause, PaymentAct, PaymentDecision,
    RegisterChange, TextNo,
};
pub use diff::diff;
pub use document::{
    Argument, Branch, Call, Comparison, Computation, Document, Expression, Leaf, MAX_BYTES,
    MAX_CONDITIONS, MAX_REGISTERS, Node, Operator, Reading, Value, read,
};
pub use drawing::{drawing, title};
pub use english::english;
pub use evaluate::{Cause, Context, Observer, RunFault, Trail, Unobserved};
pub use explain::{
    Act, Explanation, NoEffect, NotGiven, Outcome, Situation, SituationError, StepExplained,
    explain,
};
pub use fault::{Fault, FaultKind, Faults, Path, Step};
pub use fields::{ALIASES, Field, FieldSpec, Topic, Unit};
pub use json::Json;
pub use policy::Policy;
pub use priority::{Priority, PriorityTooHigh};
pub use rtgs_priority::RtgsPriority;
pub use schema::{json_schema, language_json, language_markdown};
pub use survey::Survey;
pub use tree::{Tree, Trees};
