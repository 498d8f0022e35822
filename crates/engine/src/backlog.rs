//! What waits, summed as delay cost needs it: no scan of a queue to charge for it.

use psim_model::{
    AgentNo, CostOverflow, CostRates, DelayCostQueues, Money, Multiplier, PriorityBand, Total,
};

use crate::payments::Payment;

/// The two queues a payment can wait in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Queue {
    One,
    Two,
}

/// Value waiting, by agent, queue, whether overdue, and priority band.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Backlog {
    agents: Vec<Waiting>,
    total: Total,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Waiting {
    count: u32,
    cells: [[[Total; 3]; 2]; 2],
}

impl Backlog {
    pub(crate) fn new(agents: usize) -> Self {
        Self { agents: vec![Waiting::default(); agents], total: Total::ZERO }
    }

    /// Counts a payment in.
    pub(crate) fn add(&mut self, payment: &Payment, queue: Queue, overdue: bool) {
        let waiting = &mut self.agents[payment.sender.index()];
        waiting.count += 1;
        *waiting.cell(queue, overdue, payment.band()) += payment.amount;
        self.total += payment.amount;
    }

    /// Counts a payment out.
    pub(crate) fn remove(&mut self, payment: &Payment, queue: Queue, overdue: bool) {
        let waiting = &mut self.agents[payment.sender.index()];
        waiting.count -= 1;
        *waiting.cell(queue, overdue, payment.band()) -= payment.amount;
        self.total -= payment.amount;
    }

    /// Counts everything out.
    pub(crate) fn clear(&mut self) {
        self.agents.fill(Waiting::default());
        self.total = Total::ZERO;
    }

    /// Returns the value waiting, all agents.
    pub(crate) fn total(&self) -> Total {
        self.total
    }

    /// Returns the value that waits for an agent.
    pub(crate) fn total_of(&self, agent: AgentNo) -> Total {
        let cells = self.agents[agent.index()].cells.as_flattened().as_flattened();
        cells.iter().fold(Total::ZERO, |sum, cell| sum + *cell)
    }

    /// Returns an agent's delay cost of one tick, rounded once.
    pub(crate) fn delay_cost(
        &self,
        agent: AgentNo,
        rates: &CostRates,
        queues: DelayCostQueues,
    ) -> Result<Money, CostOverflow> {
        let waiting = &self.agents[agent.index()];
        if waiting.count == 0 || rates.delay_cost_per_tick_per_cent.is_zero() {
            return Ok(Money::ZERO);
        }
        let charged = match queues {
            DelayCostQueues::Both => &waiting.cells[..],
            DelayCostQueues::Queue1 => &waiting.cells[..1],
        };
        let mut weighted = Total::ZERO;
        for queue in charged {
            for (overdue, bands) in queue.iter().enumerate() {
                let lateness = match overdue {
                    0 => Multiplier::ONE,
                    _ => rates.overdue_delay_multiplier,
                };
                for band in PriorityBand::ALL {
                    let urgency = rates.priority_delay_multipliers.of(band);
                    let cell = bands[band.index()];
                    weighted += lateness.weigh(urgency, cell).ok_or(CostOverflow)?;
                }
            }
        }
        rates.delay_cost_per_tick_per_cent.of_weighted(weighted)
    }
}

impl Waiting {
    fn cell(&mut self, queue: Queue, overdue: bool, band: PriorityBand) -> &mut Total {
        &mut self.cells[queue as usize][usize::from(overdue)][band.index()]
    }
}
