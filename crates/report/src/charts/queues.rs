//! Charts of what waited.

use psim_model::{Tick, Total};
use psim_view::Settlement;

use super::{Chart, Drawing, Unit, at, number};
use crate::measured::Measured;
use crate::picture::Picture;

/// The value in both queues.
pub(super) fn value(run: &Measured, moments: &[Tick]) -> Chart {
    let series = &run.measures.queues.series;
    let about = "Value that waited at the end of the tick: in the queues of the banks (1) and in \
                 that of the system (2).";
    let mut chart =
        Chart::over_time("queue_value", "Value in queues", Unit::Money, Drawing::Step, about);
    let column = |values: &[Total]| at(moments, values, |value| number(*value)).collect::<Vec<_>>();
    chart.add("queue 1", column(&series.queue1_value));
    chart.add("queue 2", column(&series.queue2_value));
    chart
}

/// The number of payments in both queues.
pub(super) fn number_of(run: &Measured, moments: &[Tick]) -> Chart {
    let series = &run.measures.queues.series;
    let about = "Payments that waited at the end of the tick.";
    let mut chart =
        Chart::over_time("queue_count", "Payments in queues", Unit::Count, Drawing::Step, about);
    let column = |counts: &[u64]| at(moments, counts, |count| *count as f64).collect::<Vec<_>>();
    chart.add("queue 1", column(&series.queue1_count));
    chart.add("queue 2", column(&series.queue2_count));
    chart
}

/// What took value out of queue 2.
pub(super) fn outflow(picture: &Picture) -> Chart {
    let about = "Value that settled out of queue 2, or as entering payments met it, by what \
                 settled it: since the point in time before.";
    let mut chart = Chart::over_time(
        "queue_outflow",
        "What dissolved the queue",
        Unit::Money,
        Drawing::Bar,
        about,
    );
    chart.stacked = true;
    for (path, values) in &picture.paths {
        if *path != Settlement::OnEntry {
            chart.add(path.phrase(), values.iter().map(|value| number(*value)));
        }
    }
    chart
}
