//! How much was waiting, tick by tick.

use psim_model::{Total, round_ratio};
use serde::Serialize;

use super::series::Series;
use crate::json::minor_units;
use crate::state::Tally;
use crate::summary::QueueSummary;

/// How much was waiting at the ends of ticks.
///
/// Unit: payments, minor units. Source: queue statistics of the Bank of Finland's simulator
/// (Leinonen and Soramäki, Bank of Finland Discussion Paper 23/2003).
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct QueueMeasures {
    /// Peaks, what is left at the end, and payments that were ever in queue 2.
    #[serde(flatten)]
    pub summary: QueueSummary,
    /// What was ever in queue 2 as a share of what arrived, by value; that by count is
    /// `ever_in_queue2_share`.
    pub ever_in_queue2_share_value: Option<f64>,
    /// Queue 1 of all agents, on average over ticks.
    pub queue1_mean: MeanQueue,
    /// Queue 2, on average over ticks.
    pub queue2_mean: MeanQueue,
    /// Each tick.
    pub series: Series,
}

/// A queue on average over the ticks of the run.
///
/// Formula: Σ over ticks of the size at the end / number of ticks. Unit: payments; minor units,
/// rounded.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct MeanQueue {
    /// How many payments; absent before the first tick.
    pub count: Option<f64>,
    /// What value.
    #[serde(serialize_with = "minor_units")]
    pub value: Total,
}

/// Completes what the summary knows of the queues.
pub(super) fn measure(summary: QueueSummary, arrived: &Tally, series: Series) -> QueueMeasures {
    QueueMeasures {
        ever_in_queue2_share_value: summary.ever_in_queue2.value_share_of(arrived),
        queue1_mean: MeanQueue::of(&series.queue1_count, &series.queue1_value),
        queue2_mean: MeanQueue::of(&series.queue2_count, &series.queue2_value),
        summary,
        series,
    }
}

impl MeanQueue {
    fn of(counts: &[u64], values: &[Total]) -> Self {
        let ticks = counts.len();
        let value: Total = values.iter().copied().sum();
        let number = i128::try_from(ticks).unwrap_or(i128::MAX).max(1);
        Self {
            count: (ticks > 0).then(|| counts.iter().sum::<u64>() as f64 / ticks as f64),
            value: Total::from_minor(round_ratio(value.minor(), number)),
        }
    }
}
