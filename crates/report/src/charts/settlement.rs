//! Charts of what settled when.

use psim_model::{Tick, Total};

use super::{Chart, Drawing, Mark, Unit, sums_at};
use crate::measured::Measured;
use crate::style::share;

/// The throughput curve of each day, with the guideline.
pub(crate) fn throughput(run: &Measured, moments: &[Tick]) -> Option<Chart> {
    let measured = &run.measures.throughput;
    let calendar = run.style.calendar?;
    let about = "The share of the value due on the day that had settled by then.";
    let mut chart = Chart::over_time("throughput", "Throughput", Unit::Share, Drawing::Line, about);
    let reached = moments.iter().map(|tick| {
        let day = measured.days.get(calendar.day_of(*tick).0 as usize)?;
        day.settled_by_tick.get(calendar.tick_in_day(*tick) as usize)?.share_of(day.due)
    });
    let values: Vec<f64> = reached.map(Option::unwrap_or_default).collect();
    chart.add("settled", values);
    for day in &measured.days {
        for point in &measured.guideline {
            let tick = calendar.first_tick_of(day.day).0.saturating_add(point.by.before_tick);
            let by = point.by.time.clone().unwrap_or_else(|| format!("tick {tick}"));
            let label = format!("{} before {by}", share(point.share));
            chart.marks.push(Mark { tick: tick.saturating_sub(1), value: point.share, label });
        }
    }
    Some(chart)
}

/// What had arrived and what had settled by then.
pub(super) fn so_far(run: &Measured, moments: &[Tick]) -> Chart {
    let series = &run.measures.queues.series;
    let about = "Value that had arrived and settled by then; what lies between them waits, or was \
                 dropped.";
    let mut chart =
        Chart::over_time("settled", "Arrived and settled", Unit::Money, Drawing::Line, about);
    let column = |values: &[Total]| sums_at(moments, values);
    chart.add("arrived", column(&series.arrived_value));
    chart.add("settled", column(&series.settled_value));
    chart
}
