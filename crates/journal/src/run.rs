//! What is kept of a run beside its events.

use psim_model::{CheckedScenario, Day};

/// What is known of a run before its first tick.
#[derive(Clone, Copy, Debug)]
pub struct RunRecord<'a> {
    /// The id it shall have; without one, `sim-` and the first digits of the scenario's hash, with
    /// `-2`, `-3` … where that is taken.
    pub simulation_id: Option<&'a str>,
    /// Name of the scenario file, or whatever else says where the scenario comes from.
    pub source: &'a str,
    /// The scenario as it was read, for people.
    pub scenario_text: &'a str,
    /// The scenario that runs, overrides included.
    pub scenario: &'a CheckedScenario,
    /// What was changed on the way from the text to the scenario, in order.
    pub overrides: &'a [String],
    /// Version of the engine.
    pub version: &'a str,
    /// Ticks that are to be run.
    pub ticks_asked: u32,
}

/// A run in the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredRun {
    /// Its number in the file, from which the numbers of its rows follow.
    pub(crate) run: i64,
    /// Its id.
    pub simulation_id: String,
    /// Where its scenario came from.
    pub source: String,
    /// What was changed on the way from the text to the scenario, in order.
    pub overrides: Vec<String>,
    /// Seed of the arrival generator.
    pub rng_seed: u64,
    /// Version of the engine that ran it.
    pub version: String,
    /// BLAKE3 of the checked scenario, in hexadecimal.
    pub scenario_hash: String,
    /// Ticks in a day.
    pub ticks_per_day: u32,
    /// Days of the scenario.
    pub num_days: u32,
    /// Ticks that were to be run.
    pub ticks_asked: u32,
    /// Ticks that are in the file, all whole.
    pub ticks_done: u32,
    /// Events that are in the file.
    pub events: u64,
    /// Whether all ticks that were asked for are there and the run was closed properly.
    pub is_complete: bool,
    /// Hash of the whole stream; absent if the run was cut off.
    pub stream_hash: Option<String>,
    /// When the run began, in UTC (`2026-01-31T12:00:00Z`).
    pub created_at: String,
}

impl StoredRun {
    /// Returns the day of a tick.
    pub(crate) fn day_of(&self, tick: u32) -> Day {
        // A run without ticks in a day is refused when it is looked up.
        Day(tick.checked_div(self.ticks_per_day).unwrap_or_default())
    }
}

/// A day of a run in the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredDay {
    /// Which day.
    pub day: Day,
    /// Its events.
    pub events: u64,
    /// Hash of the stream up to the end of the day; absent if the run was cut off.
    pub hash: Option<String>,
}
