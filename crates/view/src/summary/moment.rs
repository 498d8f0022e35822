//! A tick as people and programs are told of it.

use psim_model::{Calendar, Day, Tick};
use serde::Serialize;

use crate::text::clock_time;

/// A moment of the run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Moment {
    /// The tick.
    pub tick: Tick,
    /// The day.
    pub day: Day,
    /// The time of day at which the tick begins, if ticks have clock times.
    pub time: Option<String>,
}

impl Moment {
    /// Returns the moment of a tick; on day 0 without a calendar, before the run has started.
    pub fn of(calendar: Option<&Calendar>, tick: Tick) -> Self {
        Self {
            tick,
            day: calendar.map_or(Day(0), |calendar| calendar.day_of(tick)),
            time: calendar.and_then(|calendar| clock_time(calendar, tick)),
        }
    }

    /// Returns the moment in words for people: the tick with its day, where the run has several,
    /// and its time of day, if ticks have one: `tick 20 (day 1, 07:20)`.
    pub fn phrase(&self, num_days: u32) -> String {
        let Self { tick, day, time } = self;
        match (num_days > 1, time) {
            (false, None) => format!("tick {tick}"),
            (false, Some(time)) => format!("tick {tick} ({time})"),
            (true, None) => format!("tick {tick} (day {day})"),
            (true, Some(time)) => format!("tick {tick} (day {day}, {time})"),
        }
    }
}
