//! Realistic payment days from published aggregates.
//!
//! [`generate`] makes one day of a large-value payment system: who pays whom, when, how much and
//! how urgently. Amounts, counts, concentration and the shape of the day follow what the
//! operators of four systems publish ([`Profile`]); where nothing is published the parameter is
//! an assumption, and [`describe()`] says so: it lists every target with its source, or the word
//! `assumed`, beside what the day at hand came to.
//!
//! ```
//! use psim_synth::{Profile, SynthSpec, generate};
//!
//! let mut spec = SynthSpec::new(Profile::T2, 42);
//! spec.payments = Some(1_000);
//! let day = generate(&spec).unwrap();
//! assert_eq!(day.payments.len(), 1_000);
//! assert_eq!(day, generate(&spec).unwrap());
//! ```
//!
//! Amounts and times are stratified (one draw from each of n equally likely ranges), so one day's
//! mean and shape lie near their targets for every seed. A seed therefore changes who pays whom
//! and in which order much more than it changes the day's totals: the spread over seeds is *not*
//! an estimate of how real days differ.
//!
//! What is deliberately not modelled: instructions that belong together (ancillary systems,
//! settlement-versus-delivery, loans and their return), round amounts, customer against bank
//! payments, a link between amount or priority and time of day, weekdays and month ends, tiered
//! participants, debit windows and deadlines, and behaviour of any kind. Banks lean towards a flat
//! position, which stands in for their treasurers; nothing here reacts to a queue.

mod alias;
mod amounts;
mod calibration;
mod csv;
mod day;
mod describe;
mod network;
mod normal;
mod profile;
mod shape;
mod spec;
mod spread;
mod table;

pub use csv::{write_participants_csv, write_payments_csv};
pub use day::{SynthDay, SynthPayment, generate};
pub use describe::{Aggregate, Target, Unit, describe};
pub use profile::{Profile, UnknownProfile};
pub use spec::{PARTICIPANTS_MAX, PAYMENTS_MAX, SynthError, SynthSpec};
pub use table::description_table;
