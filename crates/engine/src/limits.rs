//! Bilateral and multilateral limits: what they admit, and what of them is used today.

use std::collections::BTreeMap;

use psim_model::{
    Agent, AgentNo, Limits, LimitsApplyTo, LimitsBasis, Money, RtgsPriority, Rules, Tick, Total,
};
use rustc_hash::FxHashMap;

use crate::payments::Payment;
use crate::queue2::{Aside, Key};

/// The limits of all agents.
#[derive(Clone, Debug)]
pub(crate) struct LimitBook {
    basis: LimitsBasis,
    apply_to: LimitsApplyTo,
    agents: Vec<Option<Box<AgentLimits>>>,
    /// How many agents have limits.
    limited: usize,
    /// Settlements that are no payments, of this day and perhaps the one before.
    transfers: Vec<(Tick, Flow)>,
    /// Queued payments that a bilateral limit keeps from being tested, by the two agents; the
    /// smallest first.
    aside: FxHashMap<(AgentNo, AgentNo), BTreeMap<(Money, Key), Aside>>,
}

/// The limits of one agent.
#[derive(Clone, Debug, PartialEq, Eq)]
struct AgentLimits {
    multilateral: Option<Use>,
    /// Ascending by receiver.
    bilateral: Vec<(AgentNo, Use)>,
}

/// A limit and what of it is used today.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Use {
    pub(crate) limit: Money,
    pub(crate) used: Total,
}

/// Money that went from one agent to another.
#[derive(Clone, Copy, Debug)]
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

impl Use {
    /// Returns what is left, below zero if the limit was lowered.
    pub(crate) fn room(&self) -> Total {
        Total::from(self.limit) - self.used
    }

    /// Returns whether a part of a set may use it: who pays nothing on its basis always may.
    fn admits(&self, basis: LimitsBasis, paid: Total, received: Total) -> bool {
        let out = match basis {
            LimitsBasis::Gross => paid,
            LimitsBasis::Net => paid - received,
        };
        out <= self.room().max(Total::ZERO)
    }
}

impl LimitBook {
    /// Opens the book, with nothing used.
    pub(crate) fn new(agents: &[Agent], rules: &Rules) -> Self {
        let mut book = Self {
            basis: rules.limits_basis,
            apply_to: rules.limits_apply_to,
            agents: vec![None; agents.len()],
            limited: 0,
            transfers: Vec::new(),
            aside: FxHashMap::default(),
        };
        for (index, agent) in agents.iter().enumerate() {
            book.replace(AgentNo::from_index(index), &agent.limits);
        }
        book
    }

    /// Returns whether any agent has limits.
    pub(crate) const fn is_active(&self) -> bool {
        self.limited > 0
    }

    /// Returns an agent's limit for one receiver.
    pub(crate) fn bilateral(&self, agent: AgentNo, receiver: AgentNo) -> Option<&Use> {
        let bilateral = &self.agents[agent.index()].as_ref()?.bilateral;
        let place = bilateral.binary_search_by_key(&receiver, |(receiver, _)| *receiver).ok()?;
        Some(&bilateral[place].1)
    }

    /// Returns an agent's limit for all receivers together.
    pub(crate) fn multilateral(&self, agent: AgentNo) -> Option<&Use> {
        self.agents[agent.index()].as_ref()?.multilateral.as_ref()
    }

    /// Returns whether payments of a class are bound and counted.
    pub(crate) fn binds(&self, class: RtgsPriority) -> bool {
        match self.apply_to {
            LimitsApplyTo::All => true,
            LimitsApplyTo::Normal => class == RtgsPriority::Normal,
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
        self.bilateral(agent, receiver).is_none_or(|it| it.admits(self.basis, paid, received))
    }

    /// Returns whether an agent's limit for all receivers admits what it pays and gets, counting
    /// only what limits bind.
    pub(crate) fn admits_multilateral(&self, agent: AgentNo, paid: Total, received: Total) -> bool {
        self.multilateral(agent).is_none_or(|it| it.admits(self.basis, paid, received))
    }

    /// Returns the largest single payment of a class that an agent's limit for all receivers
    /// together admits.
    pub(crate) fn most_of(&self, agent: AgentNo, class: RtgsPriority) -> Money {
        match self.multilateral(agent) {
            Some(limit) if self.binds(class) => {
                limit.room().max(Total::ZERO).to_money().unwrap_or(Money::MAX)
            }
            _ => Money::MAX,
        }
    }

    /// Counts a settlement; returns whether it made room for the receiver.
    pub(crate) fn count(&mut self, flow: &Flow) -> bool {
        if !self.is_active() || !self.binds(flow.class) {
            return false;
        }
        let Flow { sender, receiver, amount, .. } = *flow;
        self.add(sender, receiver, Total::from(amount));
        if self.basis == LimitsBasis::Net {
            return self.add(receiver, sender, Total::ZERO - Total::from(amount));
        }
        false
    }

    /// Notes a settlement that is no payment, to be found again today.
    pub(crate) fn note_transfer(&mut self, flow: &Flow, now: Tick) {
        self.transfers.push((now, *flow));
    }

    /// Adds to what an agent has used towards another; returns whether it has a limit there.
    fn add(&mut self, agent: AgentNo, receiver: AgentNo, amount: Total) -> bool {
        self.agents[agent.index()].as_mut().is_some_and(|limits| limits.add(receiver, amount))
    }

    /// Returns whether an agent has just these limits.
    pub(crate) fn are(&self, agent: AgentNo, limits: &Limits) -> bool {
        match &self.agents[agent.index()] {
            None => limits.is_empty(),
            Some(own) => {
                own.multilateral.map(|it| it.limit) == limits.multilateral
                    && own
                        .bilateral
                        .iter()
                        .map(|(no, it)| (*no, it.limit))
                        .eq(limits.bilateral.iter().copied())
            }
        }
    }

    /// Replaces an agent's limits; `today` is all that settled as payments since the morning.
    pub(crate) fn set(
        &mut self,
        agent: AgentNo,
        limits: &Limits,
        (morning, today): (Tick, impl Iterator<Item = Flow>),
    ) {
        self.replace(agent, limits);
        self.agents[agent.index()] = self.recounted(agent, (morning, today));
    }

    fn replace(&mut self, agent: AgentNo, limits: &Limits) {
        let unused = |limit: Money| Use { limit, used: Total::ZERO };
        let after = (!limits.is_empty()).then(|| {
            Box::new(AgentLimits {
                multilateral: limits.multilateral.map(unused),
                bilateral: limits.bilateral.iter().map(|(no, it)| (*no, unused(*it))).collect(),
            })
        });
        self.limited += usize::from(after.is_some());
        let before = std::mem::replace(&mut self.agents[agent.index()], after);
        self.limited -= usize::from(before.is_some());
    }

    /// Returns an agent's limits with their use added up anew.
    fn recounted(
        &self,
        agent: AgentNo,
        (morning, today): (Tick, impl Iterator<Item = Flow>),
    ) -> Option<Box<AgentLimits>> {
        let mut limits = self.agents[agent.index()].clone()?;
        limits.begin_day();
        let transfers = self.transfers.iter().filter(|(tick, _)| *tick >= morning);
        let flows = today.chain(transfers.map(|(_, flow)| *flow));
        for flow in flows.filter(|flow| self.binds(flow.class)) {
            let amount = Total::from(flow.amount);
            if flow.sender == agent {
                limits.add(flow.receiver, amount);
            } else if flow.receiver == agent && self.basis == LimitsBasis::Net {
                limits.add(flow.sender, Total::ZERO - amount);
            }
        }
        Some(limits)
    }

    /// Returns whether the running sums of an agent are those of all that settled today.
    pub(crate) fn agrees(&self, agent: AgentNo, today: (Tick, impl Iterator<Item = Flow>)) -> bool {
        self.recounted(agent, today) == self.agents[agent.index()]
    }

    /// Begins a day: nothing is used.
    pub(crate) fn begin_day(&mut self) {
        self.transfers.clear();
        for limits in self.agents.iter_mut().flatten() {
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
        let room = self.bilateral(sender, receiver).map(Use::room);
        let Some(aside) = self.aside.get_mut(&(sender, receiver)) else { return Vec::new() };
        let mut taken = Vec::new();
        while let Some(smallest) = aside.first_entry()
            && room.is_none_or(|room| Total::from(smallest.get().amount) <= room)
        {
            taken.push(smallest.remove());
        }
        taken
    }

    /// Takes out all payments that were set aside for an agent's limits, by receiver.
    pub(crate) fn take_all_aside(&mut self, sender: AgentNo) -> Vec<Aside> {
        let Some(limits) = &self.agents[sender.index()] else { return Vec::new() };
        let receivers = limits.bilateral.iter().map(|(receiver, _)| *receiver);
        let aside = receivers.filter_map(|receiver| self.aside.remove(&(sender, receiver)));
        aside.flat_map(BTreeMap::into_values).collect()
    }

    /// Forgets what was set aside: queue 2 has been emptied.
    pub(crate) fn clear_aside(&mut self) {
        self.aside.clear();
    }
}

impl AgentLimits {
    fn begin_day(&mut self) {
        let bilateral = self.bilateral.iter_mut().map(|(_, bilateral)| bilateral);
        for limit in bilateral.chain(&mut self.multilateral) {
            limit.used = Total::ZERO;
        }
    }

    /// Adds to what is used towards another agent; returns whether there is a limit.
    fn add(&mut self, receiver: AgentNo, amount: Total) -> bool {
        let place = self.bilateral.binary_search_by_key(&receiver, |(receiver, _)| *receiver);
        let bilateral = place.ok().map(|place| &mut self.bilateral[place].1);
        let mut is_limited = false;
        for limit in bilateral.into_iter().chain(&mut self.multilateral) {
            limit.used += amount;
            is_limited = true;
        }
        is_limited
    }
}
