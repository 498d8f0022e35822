//! How long it took.

use psim_view::{Spread, count};

use super::Section;
use crate::measured::Measured;
use crate::table::Table;
use crate::value::Value;

pub(super) fn section(run: &Measured) -> Section {
    let measured = &run.measures.delay;
    let mut section = Section::new("delay", "Delay");
    section.figure(
        "delay indicator",
        measured.indicator.map(|indicator| Value::Number(indicator, 4)),
        "0: all settle on arrival, 1: none before the day closes",
    );
    section.figure(
        "mean delay by value",
        measured.mean_ticks_by_value.map(Value::Ticks),
        "counted up to the close of the day",
    );
    section.figure("mean delay in minutes", measured.mean_minutes_by_value.map(Value::Minutes), "");
    let wait = &measured.wait_ticks;
    section.figure("mean wait", wait.mean.map(Value::Ticks), "of payments that settled");
    for (label, wait) in [
        ("median wait", wait.p50),
        ("95 % waited no longer than", wait.p95),
        ("99 % waited no longer than", wait.p99),
        ("longest wait", wait.max),
    ] {
        section.figure(label, wait.map(Value::WholeTicks), "");
    }
    let labels = ["ticks", "payments", "mean", "p50", "p95", "p99", "longest"];
    let mut table = Table::new("delay_spread", "Times in ticks", 1, labels)
        .about("Of payments that settled, and of those that stood in a queue as a tick ended.");
    for (label, spread) in [
        ("to settlement", &measured.wait_ticks),
        ("in queue 1", &measured.queue1_ticks),
        ("in queue 2", &measured.queue2_ticks),
    ] {
        table.row(row(label, spread));
    }
    section.table(table);
    section
}

fn row(label: &str, spread: &Spread) -> [String; 7] {
    let ticks = |ticks: Option<u32>| ticks.map_or("-".to_owned(), |ticks| count(ticks.into()));
    let mean = spread.mean.map_or("-".to_owned(), |mean| format!("{mean:.2}"));
    [
        label.to_owned(),
        count(spread.count),
        mean,
        ticks(spread.p50),
        ticks(spread.p95),
        ticks(spread.p99),
        ticks(spread.max),
    ]
}
