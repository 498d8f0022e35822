//! What is followed tick by tick.

use psim_model::Total;
use psim_model::event::{Event, EventBatch};
use serde::Serialize;

use crate::json::minor_units_each;
use crate::moves::settled_payments;
use crate::state::State;
use crate::summary::liquidity::LiquidityWatch;

/// Columns with one entry for each tick that was executed, from tick 0: memory grows with the
/// number of ticks, not with that of events. Amounts are minor units.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Series {
    /// Payments in all queues 1 at the end of the tick.
    pub queue1_count: Vec<u64>,
    /// Their value.
    #[serde(serialize_with = "minor_units_each")]
    pub queue1_value: Vec<Total>,
    /// Payments in queue 2 at the end of the tick.
    pub queue2_count: Vec<u64>,
    /// Their value.
    #[serde(serialize_with = "minor_units_each")]
    pub queue2_value: Vec<Total>,
    /// Value that arrived in the tick.
    #[serde(serialize_with = "minor_units_each")]
    pub arrived_value: Vec<Total>,
    /// Value that settled in the tick.
    #[serde(serialize_with = "minor_units_each")]
    pub settled_value: Vec<Total>,
}

/// Fills the columns.
#[derive(Clone, Debug, Default)]
pub(super) struct SeriesWatch {
    pub(super) series: Series,
    /// Liquidity that all agents had used on the day by the end of each tick.
    pub(super) used: Vec<Total>,
    arrived: Total,
    settled: Total,
}

impl SeriesWatch {
    /// Takes note of an event that the state has taken in.
    pub(super) fn after(&mut self, batch: &EventBatch, event: &Event, state: &State) {
        if let Event::Arrival(arrival) = event {
            self.arrived += arrival.amount;
        }
        settled_payments(batch, event, |no| {
            if let Some(payment) = state.payments.get(no.index()) {
                self.settled += payment.amount;
            }
        });
    }

    pub(super) fn end_tick(&mut self, state: &State, liquidity: &LiquidityWatch) {
        self.used.push((0..state.agents.len()).map(|agent| liquidity.used(agent)).sum());
        let series = &mut self.series;
        series.queue1_count.push(state.queue1.count);
        series.queue1_value.push(state.queue1.value);
        series.queue2_count.push(state.queue2.count);
        series.queue2_value.push(state.queue2.value);
        series.arrived_value.push(std::mem::take(&mut self.arrived));
        series.settled_value.push(std::mem::take(&mut self.settled));
    }
}
