//! The vocabulary that every part of payment-sim shares.
//!
//! Money, time, ids, rates, the scenario with the proof that it is sound, the liquidity bounds and
//! differences of scenarios, and the event declarations. Nothing here moves money or decides
//! anything: the engine decides, the folds interpret, this crate gives both the same words.
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
mod branching;
mod check;
mod costs;
mod difference;
pub mod event;
mod expected;
mod form;
mod instructions;
mod interventions;
mod liquidity_saving;
mod money;
mod rate;
mod roster;
mod rules;
mod scenario;
mod size;
mod text;
mod time;
mod wording;

pub use agents::{AgentNo, PaymentNo, agent_called};
pub use bounds::{BoundsError, LiquidityBounds, NetPositions};
pub use check::{
    CheckedScenario, MAX_GENERATED_PAYMENTS, MAX_RATE_PER_TICK, MONEY_LIMIT, ScenarioFault,
    ScheduledFactors, check_actions, is_own_id,
};
pub use costs::{CostRates, CostRatesChange, Penalty, PriorityMultipliers};
pub use event::{
    DelayCostQueues, LimitsApplyTo, LimitsBasis, LsmAlgorithm, Queue1Ordering, RtgsPriority,
};
pub use form::Fingerprint;
pub use instructions::{
    Instruction, PaymentAction, PaymentRef, ReleaseBudget, ScheduledInstruction, Submission,
};
pub use interventions::{CollateralChange, ScenarioEvent, Schedule, ScheduledEvent};
pub use liquidity_saving::{Algorithm, LiquiditySaving, PairOrder, Pairs, ScheduledAlgorithm};
pub use money::{Money, Total};
pub use psim_policy::{MAX_SPLITS, Policy, Priority, PriorityTooHigh};
pub use rate::{CostOverflow, Fraction, Multiplier, Rate, RateError, round_ratio};
pub use rules::{
    CollateralRules, EndOfDay, EntryOrder, Escalation, EscalationCurve, QueueDiscipline,
    Reservations, Rules,
};
pub use scenario::{
    Agent, AmountDistribution, ArrivalStream, Counterparties, Currency, Limits, PolicySettings,
    Pool, PreparedPayment, PreparedPayments, PriorityBand, PriorityDistribution, ProfileWindow,
    RngStreams, Scenario,
};
pub use size::{MAX_AGENTS, MAX_ID_CHARS, MAX_PARTS_MADE, MAX_PREPARED_PAYMENTS, id_fits};
pub use text::TextColumn;
pub use time::{Calendar, CalendarError, Clock, Day, Tick};
