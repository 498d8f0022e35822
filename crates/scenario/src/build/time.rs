//! Days, ticks, clock times and the seed.

use psim_model::{Calendar, CalendarError, Clock};

use crate::check::Checker;
use crate::diagnostic::{counted, quoted};
use crate::typed::{Fields, Item, Typed};

/// The calendar, and the length of a tick where the file gives one.
pub(crate) struct Time {
    /// As many days as there can be, where their number is not known.
    pub(crate) calendar: Calendar,
    /// Whether the number of days is known; without it, days can still be checked.
    pub(crate) is_whole: bool,
    /// Seconds.
    pub(crate) tick_seconds: Option<u32>,
}

/// Seconds of a tick where nothing is said.
pub(super) const DEFAULT_TICK_SECONDS: u32 = 60;
pub(super) const SECONDS_PER_DAY: u32 = 86_400;

/// Reads the calendar.
pub(super) fn read(checker: &mut Checker<'_>, root: &Fields) -> Option<Time> {
    let simulation = root.fields("simulation")?;
    let opens_at = match simulation.item("opens_at").map(|item| &item.typed) {
        Some(Typed::Clock(seconds)) => Some(*seconds),
        _ => None,
    };
    let given_seconds: Option<u32> = simulation.read_given("tick_seconds");
    let tick_seconds = given_seconds.or(opens_at.map(|_| DEFAULT_TICK_SECONDS));
    let clock = opens_at
        .zip(tick_seconds)
        .map(|(opens_at_seconds, tick_seconds)| Clock { opens_at_seconds, tick_seconds });
    let faulty = |name| simulation.given(name).is_some_and(|given| given.item.is_none());
    if faulty("opens_at") || faulty("tick_seconds") {
        return None;
    }
    let ticks_per_day: u32 = simulation.read("ticks_per_day")?;
    let num_days: Option<u32> = simulation.read("num_days");
    let days = num_days.unwrap_or((u32::MAX - 1).checked_div(ticks_per_day).unwrap_or(1));
    match Calendar::try_new(ticks_per_day, days, clock) {
        Ok(calendar) => {
            let fits = clock.is_none_or(|clock| fits_a_day(checker, simulation, &calendar, clock));
            fits.then_some(Time { calendar, is_whole: num_days.is_some(), tick_seconds })
        }
        Err(
            error @ (CalendarError::TooLong | CalendarError::Empty | CalendarError::NoTickLength),
        ) => {
            let key = if num_days.is_some() { "num_days" } else { "ticks_per_day" };
            checker.fault(simulation.span_of(key), error.to_string(), None);
            None
        }
    }
}

/// Checks that a day is no longer than one; it may cross midnight.
fn fits_a_day(
    checker: &mut Checker<'_>,
    simulation: &Fields,
    calendar: &Calendar,
    clock: Clock,
) -> bool {
    let ticks = calendar.ticks_per_day();
    let seconds = u64::from(ticks).saturating_mul(clock.tick_seconds.into());
    let fits = seconds <= u64::from(SECONDS_PER_DAY);
    if !fits {
        let (ticks, each) = (counted(ticks, "tick"), counted(clock.tick_seconds, "second"));
        let message = format!("a day of {ticks} of {each} is longer than 24 hours");
        let key = if simulation.given("tick_seconds").is_some() {
            "tick_seconds"
        } else {
            "ticks_per_day"
        };
        checker.fault(simulation.span_of(key), message, None);
    }
    fits
}

/// Reads the seed, which must be given where something is drawn.
pub(super) fn seed(checker: &mut Checker<'_>, root: &Fields, draws: bool) -> Option<u64> {
    let simulation = root.fields("simulation")?;
    if simulation.given("rng_seed").is_some() {
        return simulation.read_given("rng_seed");
    }
    if draws {
        let hint = "any whole number will do; the same number gives the same run".to_owned();
        let message = "`simulation` lacks `rng_seed`, and payments are drawn at random";
        checker.fault(simulation.span, message, Some(hint));
        return None;
    }
    Some(0)
}

/// Whether a moment is the first tick of something or the tick after its last.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Edge {
    At,
    End,
}

impl Time {
    /// Turns a tick of the day or a time of day into a tick of the day.
    pub(super) fn moment(
        &self,
        checker: &mut Checker<'_>,
        item: &Item,
        edge: Edge,
        name: &str,
    ) -> Option<u32> {
        let ticks = self.calendar.ticks_per_day();
        let last = if edge == Edge::End { ticks } else { self.calendar.last_tick_in_day() };
        match item.typed {
            Typed::Int(tick) => {
                let sound = u32::try_from(tick).ok().filter(|tick| *tick <= last);
                if sound.is_none() {
                    let day = counted(ticks, "tick");
                    let message = format!("`{name}` is {tick}, above {last}: a day has {day}");
                    checker.fault(item.span, message, None);
                }
                sound
            }
            Typed::Clock(seconds) => self.tick_at(checker, item, seconds, edge, name),
            _ => None,
        }
    }

    fn tick_at(
        &self,
        checker: &mut Checker<'_>,
        item: &Item,
        seconds: u32,
        edge: Edge,
        name: &str,
    ) -> Option<u32> {
        let midnight = u64::from(SECONDS_PER_DAY);
        let ends_with_day = self.calendar.closes_at_seconds().is_some_and(|closes| {
            let seconds = u64::from(seconds);
            seconds == closes || (seconds == midnight && closes < midnight)
        });
        if edge == Edge::End && ends_with_day {
            return Some(self.calendar.ticks_per_day());
        }
        let tick = self.calendar.tick_in_day_at(seconds);
        if tick.is_none() {
            let (why, hint) = why_outside(&self.calendar);
            // What the scenario lacks is one thing, however many times of day are written.
            let message = match self.calendar.clock() {
                Some(_) => format!("`{name}` {} {why}", quoted(&written(seconds.into()))),
                None => format!("this {why}"),
            };
            checker.fault(item.span, message, hint.map(str::to_owned));
        }
        tick
    }
}

/// Says why a clock time falls into no tick of the day, and what to do about it.
pub(crate) fn why_outside(calendar: &Calendar) -> (String, Option<&'static str>) {
    match calendar.clock().zip(calendar.closes_at_seconds()) {
        Some((clock, closes)) => {
            let opens = written(clock.opens_at_seconds.into());
            let midnight = u64::from(SECONDS_PER_DAY);
            let closing = written(closes.min(midnight));
            let hint = if closes > midnight {
                Some("ticks after midnight are given by their number")
            } else if clock.tick_seconds == DEFAULT_TICK_SECONDS {
                Some("a tick lasts `tick_seconds`, 60 where they are not given")
            } else {
                None
            };
            (format!("lies outside the day, {opens} to {closing}"), hint)
        }
        None => (
            "is a clock time, but the scenario sets none (`opens_at`)".to_owned(),
            Some("give `opens_at` and `tick_seconds` under `simulation`"),
        ),
    }
}

/// Writes seconds after midnight as a time of day.
fn written(seconds: u64) -> String {
    let (hours, minutes, rest) = (seconds / 3_600, seconds / 60 % 60, seconds % 60);
    if rest == 0 {
        format!("{hours:02}:{minutes:02}")
    } else {
        format!("{hours:02}:{minutes:02}:{rest:02}")
    }
}
