//! What algorithms see.

use psim_model::{AgentNo, Money, PaymentNo, RtgsPriority, Tick};

use crate::limits::{Flow, LimitBook};
use crate::payments::Payment;
use crate::queue2::Key;
use crate::world::World;

/// Queue 2, availability and limits, as they are now.
#[derive(Clone, Copy, Debug)]
pub(super) struct View<'a> {
    world: &'a World,
    pub(super) now: Tick,
}

/// A payment in queue 2.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Queued {
    pub(crate) key: Key,
    pub(crate) no: PaymentNo,
    pub(crate) flow: Flow,
}

impl<'a> View<'a> {
    pub(super) const fn new(world: &'a World, now: Tick) -> Self {
        Self { world, now }
    }

    /// Returns the number of agents.
    pub(super) const fn agents(&self) -> usize {
        self.world.agents()
    }

    /// Visits the agents that have payments queued.
    pub(super) fn senders(&self) -> impl Iterator<Item = AgentNo> + 'a {
        let queue2 = &self.world.queue2;
        (0..self.agents()).map(AgentNo::from_index).filter(|agent| !queue2.is_clear(*agent))
    }

    /// Returns the payments of a sender that may be in a set, in queue order: all whose earliest
    /// tick has come, unless it is out.
    pub(super) fn queue_of(&self, sender: AgentNo) -> Vec<Queued> {
        let mut queue = Vec::new();
        if self.world.in_outage[sender.index()] {
            return queue;
        }
        self.world.queue2.visit(sender, |key, no| {
            let payment = self.world.payments.get(no);
            if payment.earliest <= self.now {
                queue.push(Queued { key, no, flow: Flow::from(payment) });
            }
        });
        queue
    }

    /// Returns what an agent can pay with payments of a class.
    pub(super) fn available(&self, agent: AgentNo, class: RtgsPriority) -> Money {
        self.world.ledger.available_for(agent, class)
    }

    pub(super) const fn limits(&self) -> &'a LimitBook {
        &self.world.limits
    }

    pub(super) fn payment(&self, no: PaymentNo) -> &'a Payment {
        self.world.payments.get(no)
    }

    /// Returns a sender's first payment after a place that may settle by itself.
    pub(super) fn next_payable(&self, sender: AgentNo, after: Option<Key>) -> Option<Queued> {
        let World { queue2, ledger, limits, .. } = self.world;
        if self.world.in_outage[sender.index()] {
            return None;
        }
        let mut after = after;
        loop {
            let (key, no) = queue2.next_fit(sender, after, |class| {
                ledger.available_for(sender, class).min(limits.most_of(sender, class))
            })?;
            let flow = Flow::from(self.payment(no));
            if limits.admit(&flow).is_ok() {
                return Some(Queued { key, no, flow });
            }
            if queue2.is_fifo() {
                return None;
            }
            after = Some(key);
        }
    }
}
