//! The vocabulary that every part of payment-sim shares.
//!
//! Money, time, ids, rates, the checked scenario and the event declarations. Nothing here *does*
//! anything: there is arithmetic and conversion, and no behaviour beyond it. The engine decides,
//! the folds interpret, this crate only gives both the same words.
//!
//! ```
//! use psim_model::{Money, Rate};
//!
//! let rate: Rate = "0.5".parse().unwrap();
//! // Half a basis point of 1,234,567.00 is 61.73 (6,173 cents, half away from zero).
//! assert_eq!(rate.of_bps(Money::from_minor(123_456_700)).unwrap(), Money::from_minor(6_173));
//! ```

mod agents;
mod bounds;
mod check;
pub mod event;
mod money;
mod rate;
mod scenario;
mod text;
mod time;

pub use agents::{AgentNo, PaymentNo};
pub use bounds::{BoundsError, LiquidityBounds};
pub use check::{
    CheckedScenario, Fingerprint, MAX_GENERATED_PAYMENTS, MAX_RATE_PER_TICK, ScenarioFault,
};
pub use event::DelayCostQueues;
pub use money::{Money, Total};
pub use rate::{CostOverflow, Fraction, Multiplier, Rate, RateError, round_ratio};
pub use scenario::{
    Agent, AmountDistribution, ArrivalStream, CostRates, Counterparties, Currency, EndOfDay,
    EntryOrder, Penalty, Policy, Pool, PreparedPayment, PreparedPayments, PriorityBand,
    PriorityDistribution, PriorityMultipliers, ProfileWindow, QueueDiscipline, RngStreams, Rules,
    Scenario,
};
pub use text::TextColumn;
pub use time::{Calendar, CalendarError, Clock, Day, Tick};
