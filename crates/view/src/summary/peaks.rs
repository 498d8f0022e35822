//! When the queues were largest.

use psim_model::Tick;

use super::{Moment, PeakQueue, QueueSummary};
use crate::state::{State, Tally};

/// The largest sizes at the ends of ticks so far, each with the tick on which it came first.
#[derive(Clone, Debug, Default)]
pub(super) struct QueuePeaks {
    queue1: LargestQueue,
    queue2: LargestQueue,
}

#[derive(Clone, Debug, Default)]
struct LargestQueue {
    by_count: Option<(Tally, Tick)>,
    by_value: Option<(Tally, Tick)>,
}

impl QueuePeaks {
    /// Looks at the queues at the end of a tick.
    pub(super) fn observe(&mut self, state: &State, tick: Tick) {
        self.queue1.observe(state.queue1, tick);
        self.queue2.observe(state.queue2, tick);
    }

    /// Returns the peaks; the rest of the summary is empty.
    pub(super) fn summary(&self, moment: impl Fn(Tick) -> Moment) -> QueueSummary {
        let peak = |peak: Option<(Tally, Tick)>| {
            peak.map(|(size, tick)| PeakQueue { size, at: moment(tick) })
        };
        QueueSummary {
            queue1_peak_count: peak(self.queue1.by_count),
            queue1_peak_value: peak(self.queue1.by_value),
            queue2_peak_count: peak(self.queue2.by_count),
            queue2_peak_value: peak(self.queue2.by_value),
            ..QueueSummary::default()
        }
    }
}

impl LargestQueue {
    fn observe(&mut self, size: Tally, tick: Tick) {
        let count = self.by_count.map_or(0, |(peak, _)| peak.count);
        if size.count > count {
            self.by_count = Some((size, tick));
        }
        let value = self.by_value.map_or_else(Default::default, |(peak, _)| peak.value);
        if size.value > value {
            self.by_value = Some((size, tick));
        }
    }
}
