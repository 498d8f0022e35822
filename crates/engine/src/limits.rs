//! Bilateral and multilateral limits: what they admit, and what of them is used today.

mod agent;

use std::collections::BTreeMap;

use psim_model::event::QueueReason;
use psim_model::{
    Agent, AgentNo, Limits, LimitsApplyTo, LimitsBasis, Money, RtgsPriority, Rules, Scenario, Tick,
    Total,
};
use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

use crate::payments::Payment;
use crate::queue2::{Aside, Key};
use agent::AgentLimits;
pub(crate) use agent::Use;

/// The limits of all agents.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct LimitBook {
    basis: LimitsBasis,
    apply_to: LimitsApplyTo,
    agents: Vec<AgentLimits>,
    /// How many agents have limits.
    limited: usize,
    /// How often limits were set, or their use forgotten.
    changes: u64,
    /// Settlements that are no payments, of this day and perhaps the one before.
    transfers: Vec<(Tick, Flow)>,
    /// Queued payments that a bilateral limit keeps from being tested, by the two agents; the
    /// smallest first.
    #[serde(with = "crate::stored::map")]
    aside: FxHashMap<(AgentNo, AgentNo), BTreeMap<(Money, Key), Aside>>,
}

/// Says that limits admit a payment, and remembers which of them counts it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Admission(agent::Place);

/// Money that went from one agent to another.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(crate) struct Flow {
    pub(crate) sender: AgentNo,
    pub(crate) receiver: AgentNo,
    pub(crate) amount: Money,
    pub(crate) class: RtgsPriority,
}

impl From<&Payment> for Flow {
    fn from(payment: &Payment) -> Self {
        Self {
            sender: payment.sender,
            receiver: payment.receiver,
            amount: payment.amount,
            class: payment.class,
        }
    }
}

impl LimitBook {
    /// Opens the book, with nothing used.
    pub(crate) fn new(agents: &[Agent], rules: &Rules) -> Self {
        let mut book = Self {
            basis: rules.limits_basis,
            apply_to: rules.limits_apply_to,
            agents: vec![AgentLimits::new(&Limits::default()); agents.len()],
            limited: 0,
            changes: 0,
            transfers: Vec::new(),
            aside: FxHashMap::default(),
        };
        for (index, agent) in agents.iter().enumerate() {
            book.replace(AgentNo::from_index(index), &agent.limits);
        }
        book
    }

    /// Returns whether it can be the book of a scenario.
    pub(crate) fn fits(&self, scenario: &Scenario) -> bool {
        self.basis == scenario.rules.limits_basis
            && self.apply_to == scenario.rules.limits_apply_to
            && self.agents.len() == scenario.agents.len()
            && self.agents.iter().all(AgentLimits::is_sound)
            && self.limited == self.limited().count()
    }

    /// Returns how often limits were set, or their use forgotten.
    pub(crate) const fn changes(&self) -> u64 {
        self.changes
    }

    /// Returns whether any agent has limits.
    pub(crate) const fn is_active(&self) -> bool {
        self.limited > 0
    }

    /// Returns an agent's limit for one receiver.
    pub(crate) fn bilateral(&self, agent: AgentNo, receiver: AgentNo) -> Option<Use> {
        self.agents[agent.index()].bilateral(receiver)
    }

    /// Returns an agent's limit for all receivers together.
    pub(crate) fn multilateral(&self, agent: AgentNo) -> Option<Use> {
        self.agents[agent.index()].multilateral()
    }

    /// Returns whether payments of a class are bound and counted.
    #[inline]
    pub(crate) fn binds(&self, class: RtgsPriority) -> bool {
        match self.apply_to {
            LimitsApplyTo::All => true,
            LimitsApplyTo::Normal => class == RtgsPriority::Normal,
        }
    }

    /// Admits a single payment, or says which limit keeps it from settling.
    #[inline]
    pub(crate) fn admit(&self, flow: &Flow) -> Result<Admission, QueueReason> {
        if !self.is_active() || !self.binds(flow.class) {
            return Ok(Admission(None));
        }
        let limits = &self.agents[flow.sender.index()];
        let amount = Total::from(flow.amount);
        let place = limits.place_of(flow.receiver);
        if amount > limits.room_at(place) {
            Err(QueueReason::BilateralLimit)
        } else if amount > limits.room() {
            Err(QueueReason::MultilateralLimit)
        } else {
            Ok(Admission(place))
        }
    }

    /// Returns whether an agent's limit for a receiver admits what passes between the two, counting
    /// only what limits bind.
    pub(crate) fn admits_bilateral(
        &self,
        agent: AgentNo,
        receiver: AgentNo,
        paid: Total,
        received: Total,
    ) -> bool {
        let limits = &self.agents[agent.index()];
        let room = limits.room_at(limits.place_of(receiver));
        agent::admits(room, self.basis, paid, received)
    }

    /// Returns whether an agent's limit for all receivers admits what it pays and gets, counting
    /// only what limits bind.
    pub(crate) fn admits_multilateral(&self, agent: AgentNo, paid: Total, received: Total) -> bool {
        agent::admits(self.agents[agent.index()].room(), self.basis, paid, received)
    }

    /// Returns the largest single payment of a class that an agent's limit for all receivers
    /// together admits.
    pub(crate) fn most_of(&self, agent: AgentNo, class: RtgsPriority) -> Money {
        if !self.binds(class) {
            return Money::MAX;
        }
        let room = self.agents[agent.index()].room().max(Total::ZERO);
        room.to_money().unwrap_or(Money::MAX)
    }

    /// Returns what an admission would tell of a flow that was admitted as part of a set.
    pub(crate) fn admission_of(&self, flow: &Flow) -> Admission {
        if self.is_active() && self.binds(flow.class) {
            Admission(self.agents[flow.sender.index()].place_of(flow.receiver))
        } else {
            Admission(None)
        }
    }

    /// Counts a settlement; returns whether it made room for the receiver.
    #[inline]
    pub(crate) fn count(&mut self, flow: &Flow, admission: Admission) -> bool {
        if !self.is_active() || !self.binds(flow.class) {
            return false;
        }
        let amount = Total::from(flow.amount);
        self.agents[flow.sender.index()].take(admission.0, amount);
        if self.basis == LimitsBasis::Gross {
            return false;
        }
        let receiver = &mut self.agents[flow.receiver.index()];
        receiver.take(receiver.place_of(flow.sender), Total::ZERO - amount)
    }

    /// Returns the receivers for which an agent has limits of their own.
    pub(crate) fn receivers(&self, agent: AgentNo) -> &[AgentNo] {
        self.agents[agent.index()].receivers()
    }

    /// Notes a settlement that is no payment, to be found again today.
    pub(crate) fn note_transfer(&mut self, flow: &Flow, now: Tick) {
        self.transfers.push((now, *flow));
    }

    /// Returns whether an agent has just these limits.
    pub(crate) fn are(&self, agent: AgentNo, limits: &Limits) -> bool {
        self.agents[agent.index()].are(limits)
    }

    /// Replaces an agent's limits; `today` is all that settled as payments since the morning.
    pub(crate) fn set(
        &mut self,
        agent: AgentNo,
        limits: &Limits,
        (morning, today): (Tick, impl Iterator<Item = Flow>),
    ) {
        self.changes += 1;
        self.replace(agent, limits);
        self.agents[agent.index()] = self.recounted(agent, (morning, today));
    }

    fn replace(&mut self, agent: AgentNo, limits: &Limits) {
        let after = AgentLimits::new(limits);
        self.limited += usize::from(after.is_some());
        let before = std::mem::replace(&mut self.agents[agent.index()], after);
        self.limited -= usize::from(before.is_some());
    }

    /// Returns an agent's limits with their use added up anew.
    fn recounted(
        &self,
        agent: AgentNo,
        (morning, today): (Tick, impl Iterator<Item = Flow>),
    ) -> AgentLimits {
        let mut limits = self.agents[agent.index()].clone();
        limits.begin_day();
        let transfers = self.transfers.iter().filter(|(tick, _)| *tick >= morning);
        let flows = today.chain(transfers.map(|(_, flow)| *flow));
        for flow in flows.filter(|flow| self.binds(flow.class)) {
            let amount = Total::from(flow.amount);
            if flow.sender == agent {
                limits.take(limits.place_of(flow.receiver), amount);
            } else if flow.receiver == agent && self.basis == LimitsBasis::Net {
                limits.take(limits.place_of(flow.sender), Total::ZERO - amount);
            }
        }
        limits
    }

    /// Returns whether the running sums of an agent are those of all that settled today.
    pub(crate) fn agrees(&self, agent: AgentNo, today: (Tick, impl Iterator<Item = Flow>)) -> bool {
        self.recounted(agent, today) == self.agents[agent.index()]
    }

    /// Begins a day: nothing is used.
    pub(crate) fn begin_day(&mut self) {
        self.transfers.clear();
        self.changes += u64::from(self.is_active());
        for limits in &mut self.agents {
            limits.begin_day();
        }
    }

    /// Visits the agents that have limits.
    pub(crate) fn limited(&self) -> impl Iterator<Item = AgentNo> {
        let agents = self.agents.iter().enumerate();
        agents.filter(|(_, limits)| limits.is_some()).map(|(no, _)| AgentNo::from_index(no))
    }

    /// Remembers a queued payment that a bilateral limit keeps from being tested.
    pub(crate) fn set_aside(&mut self, receiver: AgentNo, aside: Aside) {
        let place = (aside.amount, aside.key);
        self.aside.entry((aside.sender, receiver)).or_default().insert(place, aside);
    }

    /// Takes out the payments that were set aside for one pair of agents and for which there is
    /// room now.
    pub(crate) fn take_aside(&mut self, sender: AgentNo, receiver: AgentNo) -> Vec<Aside> {
        if self.aside.is_empty() {
            return Vec::new();
        }
        let limits = &self.agents[sender.index()];
        let room = limits.room_at(limits.place_of(receiver));
        let Some(aside) = self.aside.get_mut(&(sender, receiver)) else { return Vec::new() };
        let mut taken = Vec::new();
        while let Some(smallest) = aside.first_entry()
            && Total::from(smallest.get().amount) <= room
        {
            taken.push(smallest.remove());
        }
        taken
    }

    /// Takes out all payments that were set aside for an agent's limits, by receiver.
    pub(crate) fn take_all_aside(&mut self, sender: AgentNo) -> Vec<Aside> {
        let receivers = self.agents[sender.index()].receivers().iter();
        let aside = receivers.filter_map(|receiver| self.aside.remove(&(sender, *receiver)));
        aside.flat_map(BTreeMap::into_values).collect()
    }

    /// Forgets what was set aside: queue 2 has been emptied.
    pub(crate) fn clear_aside(&mut self) {
        self.aside.clear();
    }
}
