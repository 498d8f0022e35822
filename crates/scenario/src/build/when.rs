//! When events and instructions happen: ticks, clock times, schedules.

use psim_model::{Day, Schedule, Tick};

use super::time::{Edge, Time};
use crate::check::Checker;
use crate::diagnostic::{counted, quoted};
use crate::typed::{Fields, Typed};

/// Reads when an event happens: a nested schedule, or a word with its keys beside it.
pub(super) fn schedule(
    checker: &mut Checker<'_>,
    fields: &Fields,
    time: Option<&Time>,
) -> Option<Schedule> {
    const BESIDE: [&str; 6] = ["tick", "start_tick", "interval", "end_tick", "time", "day"];
    let item = fields.item("schedule")?;
    match &item.typed {
        Typed::Variant(kind, nested) => {
            for given in BESIDE.iter().filter_map(|name| fields.given(name)) {
                let message = format!("{} belongs into `schedule`", quoted(given.name));
                checker.fault_between(given.key_span, message, item.span, "which is a map");
            }
            read(checker, nested, kind, time)
        }
        Typed::Choice(kind) => {
            let foreign: &[(&str, &str)] = match *kind {
                "Repeating" => &[("tick", "OneTime")],
                _ => &[
                    ("start_tick", "Repeating"),
                    ("interval", "Repeating"),
                    ("end_tick", "Repeating"),
                ],
            };
            let mut sound = true;
            for (name, owner) in foreign {
                if let Some(given) = fields.given(name) {
                    let message = format!("{} belongs to `schedule: {owner}`", quoted(name));
                    checker.fault_between(given.key_span, message, item.span, "given here");
                    sound = false;
                }
            }
            // What a schedule of the other kind lacks is no second fault.
            sound.then(|| read(checker, fields, kind, time)).flatten()
        }
        _ => None,
    }
}

fn read(
    checker: &mut Checker<'_>,
    fields: &Fields,
    kind: &str,
    time: Option<&Time>,
) -> Option<Schedule> {
    if kind == "OneTime" {
        return Some(Schedule::OneTime { tick: moment(checker, fields, "tick", time)? });
    }
    let start_tick = moment(checker, fields, "start_tick", time);
    if fields.given("interval").is_none() {
        checker.fault(fields.span, "a repeating schedule lacks `interval`", None);
    }
    let end_tick = match fields.given("end_tick") {
        Some(_) => Some(tick(checker, fields, "end_tick", time)?),
        None => None,
    };
    let start_tick = start_tick?;
    if let Some(end) = end_tick.filter(|end| *end < start_tick) {
        let message = format!("`end_tick` {end} comes before the first tick, {start_tick}");
        checker.fault(fields.span_of("end_tick"), message, None);
        return None;
    }
    Some(Schedule::Repeating { start_tick, interval: fields.read_given("interval")?, end_tick })
}

/// Reads a moment of the run: a tick under `name`, or `time` and perhaps `day`.
pub(super) fn moment(
    checker: &mut Checker<'_>,
    fields: &Fields,
    name: &'static str,
    time: Option<&Time>,
) -> Option<Tick> {
    match (fields.given(name), fields.given("time")) {
        (Some(tick), Some(clock)) => {
            let message = format!("`time` and `{name}` exclude each other");
            checker.fault_between(clock.key_span, message, tick.key_span, "given here");
            None
        }
        (_, None) if let Some(day) = fields.given("day") => {
            let hint = format!("`{name}` counts over all days");
            checker.fault(day.key_span, "`day` is given without `time`", Some(hint));
            None
        }
        (Some(_), None) => tick(checker, fields, name, time),
        (None, Some(_)) => clock_time(checker, fields, time?),
        (None, None) => {
            // In a map of its own that has been said already.
            if ![fields.shape, fields.also].iter().any(|shape| shape.needs.contains(&"time")) {
                let message = format!("{} lacks `{name}` or `time`", fields.shape.title);
                checker.fault(fields.span, message, None);
            }
            None
        }
    }
}

fn clock_time(checker: &mut Checker<'_>, fields: &Fields, time: &Time) -> Option<Tick> {
    let days = time.calendar.num_days();
    let day: Option<u32> = match fields.given("day") {
        Some(_) => fields.read_given("day"),
        None => Some(0),
    };
    let day = day.filter(|day| {
        if *day >= days {
            let run = counted(days, "day");
            let message =
                format!("`day` is {day}, above {}: the run has {run}", days.saturating_sub(1));
            checker.fault(fields.span_of("day"), message, None);
        }
        *day < days
    });
    let tick_in_day = time.moment(checker, fields.item("time")?, Edge::At, "time")?;
    Some(time.calendar.tick_of(Day(day?), tick_in_day))
}

/// Reads a tick of the run.
pub(super) fn tick(
    checker: &mut Checker<'_>,
    fields: &Fields,
    name: &str,
    time: Option<&Time>,
) -> Option<Tick> {
    let tick: u32 = fields.read_given(name)?;
    let calendar = &time?.calendar;
    let last = calendar.last_tick();
    if Tick(tick) > last {
        let run = counted(calendar.horizon(), "tick");
        let message = format!("`{name}` is {tick}, above {last}: the run has {run}");
        checker.fault(fields.span_of(name), message, None);
        return None;
    }
    Some(Tick(tick))
}
