//! What the other crates are tested with: a second, naive engine, worlds to run it on, and laws
//! that every event stream obeys.
//!
//! * [`reference`] runs a scenario the obvious way. It is slow on purpose and shares no step with
//!   the real engine, so that a mistake would have to be made twice to go unseen.
//! * [`worlds`] makes scenarios: random ones in which everything is mixed, and all the small ones.
//! * [`sketch`] writes down a scenario by hand in a few lines.
//! * [`invariants`] checks a stream against laws that need no second engine.
//! * [`compare`] finds the first event on which two streams differ, and [`shrink`] a smaller
//!   scenario on which they still do; [`transcript`] writes events as lines of text.
//!
//! Nothing here ships, and nothing here is fast.
//!
//! ```
//! use psim_testkit::{reference, sketch, transcript};
//!
//! let mut scenario = sketch::scenario(1, 1, &[("A", 10), ("B", 0)]);
//! scenario.payments.rows = vec![sketch::payment(0, 0, 1, 10)];
//! let batches = reference::run(&scenario.check().unwrap(), "0");
//! let lines = transcript::lines(&batches);
//! assert_eq!(lines[7], "0 RtgsImmediateSettlement tx-0 A B 10 10 0");
//! ```

pub mod compare;
pub mod invariants;
pub mod reference;
pub mod shrink;
pub mod sketch;
pub mod transcript;
pub mod worlds;
