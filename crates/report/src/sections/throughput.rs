//! When in the day it settled.

use psim_view::{Breach, SettlementTime, ThroughputDay};

use super::Section;
use crate::measured::Measured;
use crate::style;
use crate::table::Table;
use crate::value::Value;

pub(super) fn section(run: &Measured) -> Section {
    let measured = &run.measures.throughput;
    let mut section = Section::new("throughput", "Throughput");
    section.figure("mean time of settlement", time(&measured.settlement_time), "by value");
    let (all, single): (Vec<&Breach>, Vec<&Breach>) =
        measured.breaches.iter().partition(|breach| breach.agent_id.is_none());
    let has_guideline = !measured.guideline.is_empty();
    let number =
        |breaches: &[&Breach]| has_guideline.then_some(Value::Count(breaches.len() as u64));
    let note = if has_guideline { "" } else { "no `throughput_guideline`" };
    section.figure("breaches by the system", number(&all), note);
    section.figure("breaches by single agents", number(&single), note);

    section.table(points(run));
    let labels = ["day", "before", "agent", "asked", "reached", "missing"];
    let mut table = Table::new("breaches", "Breaches of the guideline", 3, labels);
    for breach in &measured.breaches {
        table.row([
            breach.day.to_string(),
            before(breach.by.before_tick, breach.by.time.as_ref()),
            breach.agent_id.clone().unwrap_or_else(|| "all together".to_owned()),
            style::share(breach.share),
            style::share(breach.reached),
            run.style.amount(breach.missing),
        ]);
    }
    section.table(table);
    section
}

/// Returns each point of the guideline and what was reached, of all agents on each day.
fn points(run: &Measured) -> Table {
    let labels = ["day", "before", "asked", "reached", "due"];
    let mut table = Table::new("guideline", "Throughput guideline", 2, labels)
        .about("Of the value that was due on the day, what settled before these times.");
    for day in &run.measures.throughput.days {
        for point in &run.measures.throughput.guideline {
            let Some(reached) = reached(day, point.by.before_tick) else { continue };
            table.row([
                day.day.to_string(),
                before(point.by.before_tick, point.by.time.as_ref()),
                style::share(point.share),
                style::share(reached),
                run.style.amount(day.due),
            ]);
        }
    }
    table
}

/// Returns what share of what was due had settled before a tick of the day, if it was reached.
pub(crate) fn reached(day: &ThroughputDay, before_tick: u32) -> Option<f64> {
    let last = (before_tick as usize).checked_sub(1)?;
    day.settled_by_tick.get(last)?.share_of(day.due)
}

fn before(tick: u32, time: Option<&String>) -> String {
    time.map_or_else(|| format!("tick {tick}"), Clone::clone)
}

fn time(time: &SettlementTime) -> Option<Value> {
    match time.mean_seconds {
        Some(seconds) => Some(Value::Time(seconds)),
        None => time.mean_tick_in_day.map(Value::Ticks),
    }
}
