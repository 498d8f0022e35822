//! Questions about the state between ticks. Nothing shown to anyone is made from these: they serve
//! callers that steer a run, and the test that the event stream tells the whole state.

use psim_model::{AgentNo, Fraction, Money, PaymentNo, Policy, Priority, RtgsPriority, Total};

use crate::collateral;
use crate::costs::Costs;
use crate::engine::Engine;
use crate::followers::Follower;
use crate::payments::{Payment, Place};

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
    /// Replaced by its parts, not all of which are done.
    Split,
}

impl Engine {
    /// Returns an agent's balance, or `None` for one that does not exist.
    pub fn balance(&self, agent: AgentNo) -> Option<Money> {
        self.knows(agent).then(|| self.world().ledger.balance(agent))
    }

    /// Returns what an agent could pay now if it kept nothing back for higher classes: its balance
    /// and unused permission.
    pub fn available(&self, agent: AgentNo) -> Option<Money> {
        self.knows(agent).then(|| self.world().ledger.available(agent))
    }

    /// Returns what an agent could pay now with payments of a class.
    pub fn available_for(&self, agent: AgentNo, class: RtgsPriority) -> Option<Money> {
        self.knows(agent).then(|| self.world().ledger.available_for(agent, class))
    }

    /// Returns what an agent has received and cannot use yet; between ticks that is nothing.
    pub fn pending(&self, agent: AgentNo) -> Option<Money> {
        self.knows(agent).then(|| self.world().ledger.pending(agent))
    }

    /// Returns an agent's unsecured cap.
    pub fn unsecured_cap(&self, agent: AgentNo) -> Option<Money> {
        self.knows(agent).then(|| self.world().ledger.cap(agent))
    }

    /// Returns the share of its nominal value that an agent's collateral is not worth.
    pub fn collateral_haircut(&self, agent: AgentNo) -> Option<Fraction> {
        self.knows(agent).then(|| self.world().ledger.haircut(agent))
    }

    /// Returns how far an agent's balance may go below zero: unsecured cap and collateral value.
    pub fn credit_permission(&self, agent: AgentNo) -> Option<Money> {
        self.knows(agent).then(|| self.world().ledger.permission(agent))
    }

    /// Returns the most collateral that an agent may have posted now, at nominal value.
    pub fn collateral_capacity(&self, agent: AgentNo) -> Option<Money> {
        let cap = self.unsecured_cap(agent)?;
        Some(self.scenario().agents[agent.index()].collateral_capacity(cap))
    }

    /// Returns what an agent could withdraw of its collateral now, at nominal value: nothing while
    /// the holding period lasts.
    pub fn withdrawable_collateral(&self, agent: AgentNo) -> Option<Money> {
        let moment = (&**self.scenario(), self.now());
        let withdrawable = || collateral::withdrawable(self.world(), moment, agent, Money::MAX);
        self.knows(agent).then(|| withdrawable().unwrap_or(Money::ZERO))
    }

    /// Returns how many payments an agent generates in the mean in the coming tick, as things stand
    /// before it: profile and what scenario events have changed so far are in it. `None` for an
    /// agent without generated payments.
    pub fn arrival_rate(&self, agent: AgentNo) -> Option<f64> {
        let streams = &self.scenario().agents.get(agent.index())?.arrivals;
        let rate = || self.arrivals().rate(self.scenario(), agent, self.now());
        (!streams.is_empty()).then(rate)
    }

    /// Returns whether an agent cannot send.
    pub fn is_out(&self, agent: AgentNo) -> Option<bool> {
        self.knows(agent).then(|| self.world().in_outage[agent.index()])
    }

    /// Returns an agent's policy.
    pub fn policy(&self, agent: AgentNo) -> Option<&Policy> {
        self.knows(agent).then(|| self.world().followers[agent.index()].policy())
    }

    /// Returns the registers of an agent's policy, ascending by name, with what they hold.
    pub fn registers(&self, agent: AgentNo) -> impl Iterator<Item = (&str, f64)> {
        let follower = self.world().followers.get(agent.index());
        follower.into_iter().flat_map(Follower::registers)
    }

    /// Returns what of an agent's limit for a receiver is used today; `None` if it has none.
    pub fn bilateral_used(&self, agent: AgentNo, receiver: AgentNo) -> Option<Total> {
        let known = self.knows(agent) && self.knows(receiver);
        known.then(|| self.world().limits.bilateral(agent, receiver))?.map(|limit| limit.used)
    }

    /// Returns what of an agent's limit for all receivers is used today; `None` if it has none.
    pub fn multilateral_used(&self, agent: AgentNo) -> Option<Total> {
        self.knows(agent).then(|| self.world().limits.multilateral(agent))?.map(|limit| limit.used)
    }

    /// Returns a payment's current priority.
    pub fn priority(&self, payment: PaymentNo) -> Option<Priority> {
        self.payment(payment).map(|payment| payment.priority)
    }

    /// Returns a payment's declared class.
    pub fn rtgs_priority(&self, payment: PaymentNo) -> Option<RtgsPriority> {
        self.payment(payment).map(|payment| payment.class)
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
        let payments = &self.world().payments;
        self.world().queue2.in_order(|no| payments.get(no))
    }

    /// Returns the number of payments in queue 2.
    pub fn queue2_len(&self) -> usize {
        self.world().queue2.len()
    }

    /// Returns the number of payments created so far.
    pub fn payment_count(&self) -> usize {
        self.world().payments.len()
    }

    /// Returns how a payment stands, or `None` for one that does not exist.
    pub fn standing(&self, payment: PaymentNo) -> Option<Standing> {
        let payment = self.payment(payment)?;
        Some(match payment.place {
            Place::Settled | Place::Completed => Standing::Settled,
            Place::Dropped => Standing::Dropped,
            Place::Split => Standing::Split,
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

    fn payment(&self, payment: PaymentNo) -> Option<&Payment> {
        let world = self.world();
        (payment.index() < world.payments.len()).then(|| world.payments.get(payment))
    }

    fn knows(&self, agent: AgentNo) -> bool {
        agent.index() < self.scenario().agents.len()
    }
}
