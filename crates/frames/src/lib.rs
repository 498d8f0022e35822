//! Runs as Arrow tables.
//!
//! A [`Frame`] is a table whose columns lie in memory as Apache Arrow says. Whatever reads the
//! Arrow C stream interface (polars, pyarrow, duckdb, pandas) takes it over without a copy of the
//! numbers.
//!
//! * [`events`]: all events of a run in one wide table; [`events_of_all_kinds`]: the same with the
//!   same columns for every run; [`events_of`]: those of one kind.
//! * [`transactions`]: one row for each payment.
//! * [`AgentsByTick`]: balances, queues and costs of each agent after each tick.
//! * [`ticks`]: the whole system after each tick.
//! * [`pairs`]: who pays whom.
//! * [`costs`]: what each day has cost each agent.
//! * [`runs`], [`runs_by_agent`]: what each of many runs came to, and what it cost whom.
//! * [`FrameBuilder`]: any other table.
//! * [`tables_markdown`]: a page about the columns of all of them.
//!
//! Money is a whole number of minor units, in 64 bits; a column of sums becomes a decimal of 38
//! digits if one of its sums needs more. Ticks, days and counts are signed, so that differences
//! can be taken; only `seq` and counts that can fill 64 bits are unsigned. Rates, shares and other
//! decimals are doubles. Agents and words are dictionaries, ids of payments and other texts are
//! string views. Each column's metadata say what it holds (`doc`) and in which `unit`.
//!
//! ```
//! use psim_model::event::{EventBatch, Names, RunEnded};
//!
//! let mut batch = EventBatch::default(); // an engine or a journal fills it
//! batch.push(RunEnded { unsettled_count: 3 });
//!
//! let frame = psim_frames::events(&[batch], &Names::default());
//! let columns: Vec<&str> = frame.names().collect();
//! assert_eq!(columns, ["seq", "tick", "day", "event_type", "unsettled_count"]);
//! assert_eq!(frame.num_rows(), 1);
//! ```

mod agents_by_tick;
mod builder;
mod column;
mod costs;
mod events;
mod frame;
mod nulls;
mod page;
mod pairs;
mod runs;
mod texts;
mod ticks;
mod totals;
mod transactions;
mod words;

pub use agents_by_tick::AgentsByTick;
pub use builder::FrameBuilder;
pub use column::Column;
pub use costs::costs;
pub use events::{events, events_of, events_of_all_kinds};
pub use frame::{Frame, FrameError};
pub use page::tables_markdown;
pub use pairs::pairs;
pub use runs::{RunRow, Setting, runs, runs_by_agent};
pub use ticks::ticks;
pub use transactions::transactions;
