//! The event stream: what a run says about itself, completely.
//!
//! Each event is declared once, in [`catalogue`]; its Rust type, canonical bytes, JSON, columns
//! and documentation come from that declaration, so that no field can be forgotten on one path.
//! Events travel in an [`EventBatch`]: everything stamped with one tick, in order. Agents and
//! payments are numbers inside; a [`Names`] fold over the stream gives their ids.

mod batch;
mod catalogue;
mod choice;
mod columns;
mod declare;
mod field;
mod json;
mod names;
mod penalties;
mod sets;

pub use batch::EventBatch;
pub use catalogue::*;
pub use choice::{
    BlockKind, DelayCostQueues, DropReason, HoldReason, InstructionType, LimitsApplyTo,
    LimitsBasis, LsmAlgorithm, LsmBound, LsmResult, Origin, OverExtensionCause, PolicyTree,
    Queue1Ordering, QueueReason, Refusal, RtgsPriority, ScenarioEventType, SplitOutcome,
    TransferKind,
};
pub use columns::{AgentList, Columns, MoneyList, PaymentList};
pub use field::{
    Cell, EventSpec, FieldSpec, FieldType, Loading, NewAgent, NewPayment, Real, Text, Value,
};
pub use json::EventJson;
pub use names::Names;
pub use sets::SettledSet;

/// Events are copied one by one in the hot path: what is long goes into the batch's columns.
const _: () = assert!(size_of::<Event>() <= 72, "an event has grown");
