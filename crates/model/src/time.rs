//! Simulated time: ticks, days and the clock times they stand for.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A moment of the run, counted from 0 over all days.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
pub struct Tick(pub u32);

/// A business day, counted from 0.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
pub struct Day(pub u32);

impl Tick {
    /// Returns the tick after this one.
    #[must_use]
    pub const fn next(self) -> Self {
        Self(self.0 + 1)
    }

    /// Returns the tick as an index into per-tick arrays.
    pub const fn index(self) -> usize {
        self.0 as usize
    }

    /// Returns how many ticks have passed since another (0 if it lies ahead).
    pub const fn since(self, earlier: Self) -> u32 {
        self.0.saturating_sub(earlier.0)
    }
}

impl fmt::Display for Tick {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// What gives ticks a clock time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Clock {
    /// Seconds after midnight at which tick 0 of a day begins.
    pub opens_at_seconds: u32,
    /// Length of a tick in seconds, at least 1.
    pub tick_seconds: u32,
}

/// How the run is divided into days and ticks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "(u32, u32, Option<Clock>)", into = "(u32, u32, Option<Clock>)")]
pub struct Calendar {
    ticks_per_day: u32,
    num_days: u32,
    clock: Option<Clock>,
}

impl TryFrom<(u32, u32, Option<Clock>)> for Calendar {
    type Error = CalendarError;

    fn try_from(parts: (u32, u32, Option<Clock>)) -> Result<Self, CalendarError> {
        Self::try_new(parts.0, parts.1, parts.2)
    }
}

impl From<Calendar> for (u32, u32, Option<Clock>) {
    fn from(calendar: Calendar) -> Self {
        (calendar.ticks_per_day, calendar.num_days, calendar.clock)
    }
}

/// Why a calendar cannot be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CalendarError {
    /// A day without ticks, or a run without days.
    Empty,
    /// More ticks than can be numbered (2^32 - 2).
    TooLong,
    /// A tick of no length.
    NoTickLength,
}

impl fmt::Display for CalendarError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Empty => "a run needs at least one day and a day at least one tick",
            Self::TooLong => "the run has more ticks than can be numbered (4,294,967,294)",
            Self::NoTickLength => "a tick lasts at least one second",
        })
    }
}

impl std::error::Error for CalendarError {}

impl Calendar {
    /// Makes a calendar of `num_days` days of `ticks_per_day` ticks.
    ///
    /// # Errors
    ///
    /// [`CalendarError`]: there are no ticks or days, too many ticks, or a tick has no length.
    pub fn try_new(
        ticks_per_day: u32,
        num_days: u32,
        clock: Option<Clock>,
    ) -> Result<Self, CalendarError> {
        if ticks_per_day == 0 || num_days == 0 {
            return Err(CalendarError::Empty);
        }
        if clock.is_some_and(|clock| clock.tick_seconds == 0) {
            return Err(CalendarError::NoTickLength);
        }
        match ticks_per_day.checked_mul(num_days) {
            Some(horizon) if horizon < u32::MAX => Ok(Self { ticks_per_day, num_days, clock }),
            _ => Err(CalendarError::TooLong),
        }
    }

    /// Returns the number of ticks in a day.
    pub const fn ticks_per_day(&self) -> u32 {
        self.ticks_per_day
    }

    /// Returns the number of days.
    pub const fn num_days(&self) -> u32 {
        self.num_days
    }

    /// Returns the clock, if ticks have clock times.
    pub const fn clock(&self) -> Option<Clock> {
        self.clock
    }

    /// Returns the number of ticks of the whole run.
    pub const fn horizon(&self) -> u32 {
        self.ticks_per_day * self.num_days
    }

    /// Returns the last tick of a day, counted from the day's first.
    pub const fn last_tick_in_day(&self) -> u32 {
        self.ticks_per_day - 1
    }

    /// Returns the tick of the run that is a tick of a day; both must be of the run.
    pub const fn tick_of(&self, day: Day, tick_in_day: u32) -> Tick {
        Tick(self.first_tick_of(day).0 + tick_in_day)
    }

    /// Returns the last tick of the run.
    pub const fn last_tick(&self) -> Tick {
        Tick(self.horizon() - 1)
    }

    /// Returns the day a tick belongs to.
    pub const fn day_of(&self, tick: Tick) -> Day {
        Day(tick.0 / self.ticks_per_day)
    }

    /// Returns a tick's place in its day, from 0.
    pub const fn tick_in_day(&self, tick: Tick) -> u32 {
        tick.0 % self.ticks_per_day
    }

    /// Returns the first tick of a day of the run.
    pub const fn first_tick_of(&self, day: Day) -> Tick {
        Tick(day.0 * self.ticks_per_day)
    }

    /// Returns the last tick of a day of the run.
    pub const fn last_tick_of(&self, day: Day) -> Tick {
        Tick(day.0 * self.ticks_per_day + (self.ticks_per_day - 1))
    }

    /// Returns whether who arrives at a tick may ask for a deadline: for any later tick and, where
    /// that is the last of its day, for the tick itself.
    pub const fn admits_deadline(&self, arrival: Tick, deadline: Tick) -> bool {
        let is_last_of_day = self.last_tick_of(self.day_of(arrival)).0 == arrival.0;
        deadline.0 > arrival.0 || deadline.0 == arrival.0 && is_last_of_day
    }

    /// Returns whether a day begins with this tick.
    pub const fn is_first_of_day(&self, tick: Tick) -> bool {
        self.tick_in_day(tick) == 0
    }

    /// Returns whether a day ends with this tick.
    pub const fn is_last_of_day(&self, tick: Tick) -> bool {
        self.tick_in_day(tick) == self.ticks_per_day - 1
    }

    /// Returns the seconds after midnight at which a tick begins, if there is a clock.
    pub fn seconds_at(&self, tick: Tick) -> Option<u64> {
        let clock = self.clock?;
        let into_day = u64::from(self.tick_in_day(tick)) * u64::from(clock.tick_seconds);
        Some(u64::from(clock.opens_at_seconds) + into_day)
    }

    /// Returns the seconds after midnight at which a day ends, more than 86,400 where it crosses
    /// the next midnight, if there is a clock.
    pub fn closes_at_seconds(&self) -> Option<u64> {
        let clock = self.clock?;
        let open = u64::from(self.ticks_per_day) * u64::from(clock.tick_seconds);
        Some(u64::from(clock.opens_at_seconds) + open)
    }

    /// Returns the tick of the day in which a time of day (seconds after midnight) falls:
    /// floor((time - opening) / tick length), or `None` outside the day or without a clock.
    pub fn tick_in_day_at(&self, seconds: u32) -> Option<u32> {
        let clock = self.clock?;
        let into_day = seconds.checked_sub(clock.opens_at_seconds)?;
        let tick = into_day / clock.tick_seconds;
        (tick < self.ticks_per_day).then_some(tick)
    }
}
