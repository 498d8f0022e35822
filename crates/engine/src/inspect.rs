//! Questions about the state between ticks. Nothing shown to anyone is made from these: they serve
//! callers that steer a run, and the test that the event stream tells the whole state.

use psim_model::{AgentNo, Money, PaymentNo};

use crate::costs::Costs;
use crate::engine::Engine;
use crate::payments::Place;

/// How a payment stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Unsettled, and on time so far.
    Pending,
    /// Unsettled after its deadline.
    Overdue,
    /// Settled.
    Settled,
    /// Left unsettled for good.
    Dropped,
}

impl Engine {
    /// Returns an agent's balance, or `None` for one that does not exist.
    pub fn balance(&self, agent: AgentNo) -> Option<Money> {
        self.knows(agent).then(|| self.world().ledger.balance(agent))
    }

    /// Returns what an agent could pay now: its balance and unused permission.
    pub fn available(&self, agent: AgentNo) -> Option<Money> {
        self.knows(agent).then(|| self.world().ledger.available(agent))
    }

    /// Returns what of an agent's balance came from its pool.
    pub fn allocated(&self, agent: AgentNo) -> Option<Money> {
        self.knows(agent).then(|| self.world().ledger.allocated(agent))
    }

    /// Returns an agent's queue 1, in order.
    pub fn queue1(&self, agent: AgentNo) -> Option<&[PaymentNo]> {
        self.knows(agent).then(|| self.world().queue1.line(agent))
    }

    /// Returns queue 2, in order.
    pub fn queue2(&self) -> Vec<PaymentNo> {
        self.world().queue2.in_order()
    }

    /// Returns the number of payments created so far.
    pub fn payment_count(&self) -> usize {
        self.world().payments.len()
    }

    /// Returns how a payment stands, or `None` for one that does not exist.
    pub fn standing(&self, payment: PaymentNo) -> Option<Standing> {
        if payment.index() >= self.payment_count() {
            return None;
        }
        let payment = self.world().payments.get(payment);
        Some(match payment.place {
            Place::Settled => Standing::Settled,
            Place::Dropped => Standing::Dropped,
            // What was overdue in the tick that has just run.
            _ if self.now() > payment.deadline.next() => Standing::Overdue,
            _ => Standing::Pending,
        })
    }

    /// Returns an agent's posted collateral at nominal value.
    pub fn posted_collateral(&self, agent: AgentNo) -> Option<Money> {
        self.knows(agent).then(|| self.world().ledger.posted(agent))
    }

    /// Returns what an agent has been charged.
    pub fn costs(&self, agent: AgentNo) -> Option<&Costs> {
        self.knows(agent).then(|| &self.world().costs[agent.index()])
    }

    fn knows(&self, agent: AgentNo) -> bool {
        agent.index() < self.scenario().agents.len()
    }
}
