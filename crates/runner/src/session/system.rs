//! Questions about the system as a whole.

use psim_model::Money;
use psim_view::Counts;
use serde::Serialize;

use super::Session;

/// The run so far. A payment that was split is settled when its last part is.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct SystemMetrics {
    /// Payments that have arrived; parts are not counted.
    pub total_arrivals: u64,
    /// How many of them have settled.
    pub total_settlements: u64,
    /// The second as a share of the first; `None` without arrivals.
    pub settlement_rate: Option<f64>,
    /// Mean ticks from arrival to settlement of those that have settled; `None` without any.
    pub avg_delay_ticks: Option<f64>,
    /// Most ticks from arrival to settlement of one that has settled; `None` without any.
    pub max_delay_ticks: Option<u32>,
    /// Payments in all queues 1.
    pub queue1_total_size: u64,
    /// Payments in queue 2.
    pub queue2_total_size: u64,
    /// How far below zero a balance has been at most, in minor units.
    pub peak_overdraft: Money,
    /// Agents whose balance is below zero now.
    pub agents_in_overdraft: usize,
}

impl Session {
    /// Returns the figures of the run so far.
    pub fn system_metrics(&mut self) -> SystemMetrics {
        let told = self.catch_up();
        let (totals, agents) = (told.totals(), told.projection().agents());
        let Counts { arrivals, settled_arrivals, .. } = totals.counts();
        SystemMetrics {
            total_arrivals: arrivals,
            total_settlements: settled_arrivals,
            settlement_rate: (arrivals > 0).then(|| settled_arrivals as f64 / arrivals as f64),
            avg_delay_ticks: totals.mean_wait_ticks(),
            max_delay_ticks: totals.max_wait_ticks(),
            queue1_total_size: agents.iter().map(|agent| agent.queue1.count).sum(),
            queue2_total_size: agents.iter().map(|agent| agent.queue2.count).sum(),
            peak_overdraft: totals.peak_overdraft(),
            agents_in_overdraft: agents.iter().filter(|agent| agent.balance.is_negative()).count(),
        }
    }

    /// Returns how many payments there are and have settled.
    pub fn transaction_counts(&mut self) -> Counts {
        self.catch_up().totals().counts()
    }
}
