//! Questions about the state between ticks. Nothing shown to anyone is made from these: they serve
//! callers that steer a run, and the test that the event stream tells the whole state.

use psim_model::{AgentNo, Money, PaymentNo, Total};

use crate::engine::Engine;
use crate::payments::Place;

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

    /// Returns whether a payment has settled, or `None` for one that does not exist.
    pub fn is_settled(&self, payment: PaymentNo) -> Option<bool> {
        let exists = payment.index() < self.payment_count();
        exists.then(|| self.world().payments.get(payment).place == Place::Settled)
    }

    /// Returns all costs booked so far.
    pub fn booked_costs(&self) -> Total {
        self.world().booked
    }

    fn knows(&self, agent: AgentNo) -> bool {
        agent.index() < self.scenario().agents.len()
    }
}
