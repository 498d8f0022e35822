//! The complete state of a run, for anyone to look at.

use std::collections::BTreeMap;

use psim_model::event::{DelayRatesSet, Event, EventBatch, Names, RulesSet};
use psim_model::{AgentNo, Calendar, Currency, Money, PaymentNo, Tick, Total};

use crate::Fold;
use crate::state::{AgentState, Payment, State, Tally};

/// The state after the last batch: every balance, queue, cost and payment, rebuilt from events
/// alone. Questions about agents or payments that the stream never introduced have no answer.
#[derive(Clone, Debug, Default)]
pub struct Projection {
    pub(crate) state: State,
    names: Names,
}

impl Projection {
    /// Returns the state before anything happened.
    pub fn new() -> Self {
        Self::default()
    }

    /// Returns the last tick taken in.
    pub const fn tick(&self) -> Option<Tick> {
        self.state.tick
    }

    /// Returns how the run is divided into days, once it has started.
    pub fn calendar(&self) -> Option<&Calendar> {
        self.state.setting.calendar()
    }

    /// Returns how amounts are shown.
    pub const fn currency(&self) -> &Currency {
        &self.state.setting.currency
    }

    /// Returns what delay costs now, once the stream has said so.
    pub const fn delay_rates(&self) -> Option<&DelayRatesSet> {
        self.state.setting.delay_rates.as_ref()
    }

    /// Returns the rules that a reader of the stream needs to know; the plain ones before the
    /// stream has said others.
    pub const fn rules(&self) -> &RulesSet {
        &self.state.setting.rules
    }

    /// Returns whether the run has come to its last tick.
    pub const fn has_ended(&self) -> bool {
        self.state.ended
    }

    /// Returns the ids of agents and payments.
    pub const fn names(&self) -> &Names {
        &self.names
    }

    /// Returns all agents; an agent's index is its number.
    pub fn agents(&self) -> &[AgentState] {
        &self.state.agents
    }

    /// Returns one agent.
    pub fn agent(&self, agent: AgentNo) -> Option<&AgentState> {
        self.state.agents.get(agent.index())
    }

    /// Returns an agent's balance in minor units.
    pub fn balance(&self, agent: AgentNo) -> Option<Money> {
        self.agent(agent).map(|agent| agent.balance)
    }

    /// Returns all payments; a payment's index is its number.
    pub fn payments(&self) -> &[Payment] {
        &self.state.payments
    }

    /// Returns one payment.
    pub fn payment(&self, payment: PaymentNo) -> Option<&Payment> {
        self.state.payments.get(payment.index())
    }

    /// Returns what waits in queue 1 of all agents, and in queue 2.
    pub const fn waiting(&self) -> (Tally, Tally) {
        (self.state.queue1, self.state.queue2)
    }

    /// Returns an agent's queue 1, in order.
    pub fn queue1(&self, agent: AgentNo) -> Vec<PaymentNo> {
        self.state.queue1_of(agent).collect()
    }

    /// Returns queue 2, in order: by entry, in priority mode by declared class and by band of the
    /// current priority before that.
    pub fn queue2(&self) -> Vec<PaymentNo> {
        self.state.queue2()
    }

    /// Returns what is used today of an agent's limit for a receiver, or (`None`) of that for all
    /// receivers together, whether it has such a limit or not; below zero if it has received more
    /// than it has paid and receipts count.
    ///
    /// Looks at everything that has settled today.
    pub fn limit_used(&self, agent: AgentNo, receiver: Option<AgentNo>) -> Total {
        self.state.limit_used(agent, receiver)
    }

    /// Returns what is used today of each agent's (first) limit for each receiver (second), as
    /// [`Projection::limit_used`] does for one; pairs between which nothing settled are left out.
    ///
    /// Looks at everything that has settled today, once for all.
    pub fn limits_used(&self) -> BTreeMap<(AgentNo, AgentNo), Total> {
        self.state.limits_used()
    }

    /// Returns what an agent has paid today to each receiver that it has paid, of the payments and
    /// settlements that limits count; receipts are not subtracted.
    ///
    /// Looks at everything that has settled today.
    pub fn paid_today(&self, agent: AgentNo) -> BTreeMap<AgentNo, Total> {
        self.state.paid_today(agent)
    }
}

impl Projection {
    /// Takes in the events of a batch from the `from`-th on (0 is the first) and lets `after` look
    /// at the state after each. The tick goes on: more of its events may follow, in a batch that
    /// begins with the same ones, until it is [ended](Self::end_tick).
    ///
    /// Pieces of a batch give the same as the whole. The first of them, which may be without
    /// events, moves the state on to the tick of the batch.
    pub fn observe_from(
        &mut self,
        batch: &EventBatch,
        from: usize,
        mut after: impl FnMut(&Self, &Event),
    ) {
        if self.state.tick != Some(batch.tick()) {
            self.state.begin(batch);
        }
        self.names.observe_from(batch, from);
        for event in batch.events().get(from..).unwrap_or_default() {
            self.state.apply(batch, event);
            after(self, event);
        }
    }

    /// Ends the tick: nothing more happens in it.
    pub fn end_tick(&mut self) {
        self.state.end();
    }

    /// Moves on to the tick of a batch; returns whether a new day begins with it.
    pub(crate) fn begin(&mut self, batch: &EventBatch) -> bool {
        self.names.observe(batch);
        self.state.begin(batch)
    }
}

impl Fold for Projection {
    fn observe(&mut self, batch: &EventBatch) {
        self.observe_from(batch, 0, |_, _| {});
        self.end_tick();
    }
}
