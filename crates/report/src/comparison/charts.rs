//! The same chart of all runs in one.

use psim_model::Tick;

use super::{Compared, Comparison};
use crate::charts::{Axis, Chart, Series, Unit, of_measures};
use crate::shocks::{ShockMark, marks_of_all};

/// Most points in time.
const MOMENTS_MAX: u32 = 1_000;

/// A chart that shows all runs.
struct Shown {
    id: &'static str,
    title: &'static str,
    /// What one sees, if it is not what the chart of a single run shows.
    about: Option<&'static str>,
    /// The chart of a single run, and which line of it stands for the run.
    of: (&'static str, &'static str),
}

const SHOWN: [Shown; 7] = [
    shown("throughput", "Throughput", None, ("throughput", "settled")),
    shown(
        "settled",
        "Value settled",
        Some("Value that had settled by then."),
        ("settled", "settled"),
    ),
    shown(
        "queue1_value",
        "Value in queue 1",
        Some("Value that waited in the queues of the banks at the end of the tick."),
        ("queue_value", "queue 1"),
    ),
    shown(
        "queue2_value",
        "Value in queue 2",
        Some("Value that waited in the queue of the system at the end of the tick."),
        ("queue_value", "queue 2"),
    ),
    shown("liquidity", "Liquidity used", None, ("liquidity", "used")),
    shown("delay", "Ticks to settlement, of payments", None, ("delay", "of payments")),
    shown(
        "delay_by_value",
        "Ticks to settlement, of value",
        Some("The share of the value that arrived by how many ticks it took to settle."),
        ("delay", "of value"),
    ),
];

const fn shown(
    id: &'static str,
    title: &'static str,
    about: Option<&'static str>,
    of: (&'static str, &'static str),
) -> Shown {
    Shown { id, title, about, of }
}

/// Returns points in time that reach to the end of the longest run.
pub(super) fn moments(comparison: &Comparison) -> Vec<Tick> {
    let ticks = comparison.runs.iter().map(|compared| compared.run.measures.run.ticks_executed);
    let last = ticks.max().unwrap_or_default();
    let stride = last.div_ceil(MOMENTS_MAX).max(1);
    (1..=last.div_ceil(stride)).map(|index| Tick((index * stride).min(last) - 1)).collect()
}

/// Returns the charts that can be laid over each other.
pub(super) fn charts(comparison: &Comparison, moments: &[Tick]) -> Vec<Chart> {
    let of_runs: Vec<Vec<Chart>> =
        comparison.runs.iter().map(|compared| of_measures(&compared.run, moments)).collect();
    let mut charts = Vec::new();
    for Shown { id, title, about, of: (chart, series) } in SHOWN {
        let found: Vec<Option<&Chart>> =
            of_runs.iter().map(|charts| charts.iter().find(|other| other.id == chart)).collect();
        let Some(pattern) = found.iter().flatten().max_by_key(|chart| chart.categories.len())
        else {
            continue;
        };
        let is_comparable = match pattern.x {
            Axis::Moment => comparison.has_same_calendar(),
            Axis::Category => true,
        } && (pattern.unit != Unit::Money || comparison.has_same_currency());
        let lines = || comparison.runs.iter().zip(found.iter().copied());
        let line = |(compared, chart): (&Compared, Option<&Chart>)| {
            let own = chart.into_iter().flat_map(|chart| &chart.series);
            let mut own = own.filter(|other| other.name == series);
            let mut values = own.next().map(|line| line.values.clone()).unwrap_or_default();
            align(&mut values, chart, pattern, moments.len());
            let name = format!("{}: {}", compared.letter, compared.run.facts.simulation_id);
            Series { name, values }
        };
        let combined = Chart {
            id,
            title: title.to_owned(),
            about: about.map_or_else(|| pattern.about.clone(), str::to_owned),
            series: lines().map(line).collect(),
            levels: Vec::new(),
            ..(*pattern).clone()
        };
        if is_comparable && combined.shows_anything() {
            charts.push(combined);
        }
    }
    charts
}

/// Returns the ticks that are marked in charts over time, if there are such charts.
pub(super) fn shocks(comparison: &Comparison) -> Vec<ShockMark> {
    if !comparison.has_same_calendar() {
        return Vec::new();
    }
    marks_of_all(
        comparison
            .runs
            .iter()
            .map(|compared| (compared.letter.as_str(), compared.run.shocks.marks.as_slice())),
    )
}

/// Gives a line as many values as the chart has places; categories are found by their names.
fn align(values: &mut Vec<Option<f64>>, own: Option<&Chart>, pattern: &Chart, moments: usize) {
    match pattern.x {
        Axis::Moment => values.resize(moments, None),
        Axis::Category => {
            let at = |name: &String| {
                let place = own?.categories.iter().position(|other| other == name)?;
                values.get(place).copied().flatten()
            };
            *values = pattern.categories.iter().map(|name| at(name).or(Some(0.0))).collect();
        }
    }
}
