//! The deterministic settlement engine.
//!
//! An [`Engine`] is started from a checked scenario and asked for one tick at a time; each tick
//! fills an event batch that says everything that happened. The same scenario gives the same
//! batches, byte for byte, on any machine.
//!
//! ```
//! # use psim_model::*;
//! # fn bank(id: &str, balance: i64) -> Agent {
//! #     Agent {
//! #         id: id.into(), opening_balance: Money::from_minor(balance),
//! #         unsecured_cap: Money::ZERO, posted_collateral: Money::ZERO,
//! #         collateral_haircut: Fraction::ZERO, max_collateral_capacity: Money::ZERO,
//! #         liquidity_pool: None, policy: Policy::Fifo, arrivals: vec![],
//! #     }
//! # }
//! # let calendar = Calendar::try_new(10, 1, None).unwrap();
//! # let scenario = Scenario {
//! #     calendar, currency: Currency { code: "EUR".into(), decimals: 2 }, rng_seed: 1,
//! #     rng_streams: RngStreams::Shared, rate_profile: vec![],
//! #     agents: vec![bank("A", 100), bank("B", 0)], draw_order: vec![AgentNo(0), AgentNo(1)],
//! #     payments: PreparedPayments::default(), costs: CostRates::FREE,
//! #     rules: Rules {
//! #         queue_discipline: QueueDiscipline::Bypass, entry_order: EntryOrder::Agent,
//! #         deadline_cap_at_eod: false, end_of_day: EndOfDay::Carry, cutoff_tick_in_day: 9,
//! #         daily_liquidity_reallocation: true, delay_cost_queues: DelayCostQueues::Both,
//! #     },
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

mod agent_set;
mod arrivals;
mod backlog;
mod costs;
mod day;
mod deadlines;
mod draws;
mod engine;
mod entry;
mod error;
mod fit_index;
mod headroom;
mod inspect;
mod ledger;
mod opening;
mod payments;
mod queue1;
mod queue2;
mod release;
mod retry;
mod settle;
mod world;

pub use costs::Costs;
pub use engine::Engine;
pub use error::TickError;
pub use inspect::Standing;

/// The version that is part of every stream: the same scenario and version give the same bytes.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");
