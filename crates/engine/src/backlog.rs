//! What waits, summed as delay cost needs it: no scan of a queue to charge for it.

mod pairs;

use psim_model::{
    AgentNo, CostOverflow, CostRates, DelayCostQueues, Money, Multiplier, PriorityBand, Total,
};
use serde::{Deserialize, Serialize};

use crate::payments::Payment;
use pairs::{QueuedPairs, Sides};

/// The two queues a payment can wait in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Queue {
    One,
    Two,
}

/// Value waiting, by agent, queue, whether overdue, and priority band.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Backlog {
    agents: Vec<Waiting>,
    /// By queue.
    totals: [Total; 2],
    /// Queue 2 by pair of agents, if a policy asks.
    pairs: Option<QueuedPairs>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Waiting {
    count: u32,
    cells: [[[Total; 3]; 2]; 2],
}

impl Backlog {
    pub(crate) fn new(agents: usize) -> Self {
        Self { agents: vec![Waiting::default(); agents], totals: [Total::ZERO; 2], pairs: None }
    }

    /// Counts a payment in.
    pub(crate) fn add(&mut self, payment: &Payment, queue: Queue, overdue: bool) {
        let waiting = &mut self.agents[payment.sender.index()];
        waiting.count += 1;
        *waiting.cell(queue, overdue, payment.band()) += payment.amount;
        self.totals[queue as usize] += payment.amount;
        if let (Queue::Two, Some(pairs)) = (queue, &mut self.pairs) {
            pairs.add(payment);
        }
    }

    /// Counts a payment out.
    pub(crate) fn remove(&mut self, payment: &Payment, queue: Queue, overdue: bool) {
        let waiting = &mut self.agents[payment.sender.index()];
        waiting.count -= 1;
        *waiting.cell(queue, overdue, payment.band()) -= payment.amount;
        self.totals[queue as usize] -= payment.amount;
        if let (Queue::Two, Some(pairs)) = (queue, &mut self.pairs) {
            pairs.remove(payment);
        }
    }

    /// Counts everything out.
    pub(crate) fn clear(&mut self) {
        self.agents.fill(Waiting::default());
        self.totals = [Total::ZERO; 2];
        if let Some(pairs) = &mut self.pairs {
            pairs.clear();
        }
    }

    /// Returns the value waiting, all agents.
    pub(crate) fn total(&self) -> Total {
        self.totals[0] + self.totals[1]
    }

    /// Returns the value in queue 2, all agents.
    pub(crate) fn queue2_value(&self) -> Total {
        self.totals[Queue::Two as usize]
    }

    /// Returns the value that waits for an agent.
    pub(crate) fn total_of(&self, agent: AgentNo) -> Total {
        let cells = self.agents[agent.index()].cells.as_flattened().as_flattened();
        cells.iter().copied().sum()
    }

    /// Returns the value that waits for an agent in one queue.
    pub(crate) fn value_in(&self, agent: AgentNo, queue: Queue) -> Total {
        let cells = self.agents[agent.index()].cells[queue as usize].as_flattened();
        cells.iter().copied().sum()
    }

    /// Begins to sum up queue 2 by pair of agents, given what is in it.
    pub(crate) fn keep_pairs<'p>(&mut self, queued: impl Iterator<Item = &'p Payment>) {
        if self.pairs.is_none() {
            let mut pairs = QueuedPairs::new(self.agents.len());
            queued.for_each(|payment| pairs.add(payment));
            self.pairs = Some(pairs);
        }
    }

    /// Returns whether queue 2 is summed up by pair of agents.
    pub(crate) fn keeps_pairs(&self) -> bool {
        self.pairs.is_some()
    }

    /// Returns what waits in queue 2 between an agent and a counterparty; nothing if that is not
    /// summed up.
    pub(crate) fn between(&self, agent: AgentNo, counterparty: AgentNo) -> Sides {
        self.pairs.as_ref().map_or_else(Sides::default, |pairs| pairs.between(agent, counterparty))
    }

    /// Visits the counterparties between whom and an agent payments wait in queue 2.
    pub(crate) fn counterparties(&self, agent: AgentNo) -> impl Iterator<Item = (AgentNo, &Sides)> {
        self.pairs.iter().flat_map(move |pairs| pairs.of(agent))
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
