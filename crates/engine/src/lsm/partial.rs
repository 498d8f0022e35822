//! `partial`: the whole queue less what breaks limits, then less what exceeds liquidity, as in the
//! second algorithm of TARGET2.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use psim_model::{AgentNo, PriorityBand, RtgsPriority, Total};

use super::view::{Queued, View};
use super::{Algorithm, Set, Steps};

/// Looks at the whole queue, once.
#[derive(Debug, Default)]
pub(super) struct Partial {
    is_over: bool,
}

impl Algorithm for Partial {
    fn next_set(&mut self, view: &View<'_>, steps: &mut Steps) -> Option<Set> {
        if std::mem::replace(&mut self.is_over, true) {
            return None;
        }
        let mut rest = Rest::of(*view);
        while let Some((agent, place)) = rest.next_to_leave() {
            if !steps.take() {
                return None;
            }
            rest.leave_out(agent, place);
        }
        let found = rest.kept();
        (!found.is_empty()).then_some(Set::Batch(found))
    }
}

/// What has not been left out, and what it breaks.
struct Rest<'v> {
    view: View<'v>,
    /// By agent.
    positions: Vec<Position>,
    has_limits: bool,
    /// What limits bind, from one agent to another.
    pairs: BTreeMap<(AgentNo, AgentNo), Pair>,
    /// Bilateral limits that are broken.
    broken_pairs: BTreeSet<(AgentNo, AgentNo)>,
    /// Agents whose limit for all receivers is broken.
    broken_all: BTreeSet<AgentNo>,
    /// Agents that cannot pay, the one that lacks most first.
    short: BTreeSet<(Reverse<Total>, AgentNo)>,
}

/// The payments of one agent, and what it pays and receives.
#[derive(Debug, Default)]
struct Position {
    /// By class and band, then entry; those left out are none.
    payments: Vec<Option<Queued>>,
    paid: Total,
    received: Total,
    bound_paid: Total,
    bound_received: Total,
    classes: [usize; 3],
    /// What it lacks, if that is noted.
    lack: Option<Total>,
}

/// What one agent pays another.
#[derive(Debug, Default)]
struct Pair {
    sum: Total,
    /// The payments, by their places among the sender's.
    places: Vec<usize>,
}

impl<'v> Rest<'v> {
    fn of(view: View<'v>) -> Self {
        let mut rest = Self {
            view,
            positions: (0..view.agents()).map(|_| Position::default()).collect(),
            has_limits: view.limits().is_active(),
            pairs: BTreeMap::new(),
            broken_pairs: BTreeSet::new(),
            broken_all: BTreeSet::new(),
            short: BTreeSet::new(),
        };
        for sender in view.senders() {
            let mut queue = view.queue_of(sender);
            queue.sort_by_key(|queued| {
                let band = PriorityBand::of(view.payment(queued.no).priority);
                (Reverse((queued.flow.class, band.index())), queued.key.entry())
            });
            for (place, queued) in queue.iter().enumerate() {
                rest.count(queued, place);
            }
            rest.positions[sender.index()].payments = queue.into_iter().map(Some).collect();
        }
        let pairs: Vec<_> = rest.pairs.keys().copied().collect();
        for (agent, receiver) in pairs {
            rest.judge_pair(agent, receiver);
        }
        for agent in 0..rest.positions.len() {
            rest.judge(AgentNo::from_index(agent));
        }
        rest
    }

    fn count(&mut self, queued: &Queued, place: usize) {
        let flow = queued.flow;
        let is_bound = self.has_limits && self.view.limits().binds(flow.class);
        let amount = Total::from(flow.amount);
        self.positions[flow.sender.index()].classes[flow.class as usize] += 1;
        self.add(flow.sender, flow.receiver, amount, is_bound);
        if is_bound {
            let pair = self.pairs.entry((flow.sender, flow.receiver)).or_default();
            pair.sum += amount;
            pair.places.push(place);
        }
    }

    fn add(&mut self, sender: AgentNo, receiver: AgentNo, amount: Total, is_bound: bool) {
        self.positions[sender.index()].paid += amount;
        self.positions[receiver.index()].received += amount;
        if is_bound {
            self.positions[sender.index()].bound_paid += amount;
            self.positions[receiver.index()].bound_received += amount;
        }
    }

    /// Returns the payment that is the next to be left out; none if nothing is broken.
    fn next_to_leave(&mut self) -> Option<(AgentNo, usize)> {
        if let Some((agent, receiver)) = self.broken_pairs.first() {
            let pair = self.pairs.get_mut(&(*agent, *receiver))?;
            let payments = &self.positions[agent.index()].payments;
            let is_left_out = |place: &usize| payments.get(*place).is_none_or(Option::is_none);
            while pair.places.last().is_some_and(is_left_out) {
                pair.places.pop();
            }
            return Some((*agent, *pair.places.last()?));
        }
        let agent = match self.broken_all.first() {
            Some(agent) => *agent,
            None => self.short.first()?.1,
        };
        let payments = &mut self.positions[agent.index()].payments;
        while payments.last().is_some_and(Option::is_none) {
            payments.pop();
        }
        Some((agent, payments.len().checked_sub(1)?))
    }

    fn leave_out(&mut self, agent: AgentNo, place: usize) {
        let Some(queued) = self.positions[agent.index()].payments[place].take() else { return };
        let flow = queued.flow;
        let is_bound = self.has_limits && self.view.limits().binds(flow.class);
        let amount = Total::ZERO - Total::from(flow.amount);
        self.positions[agent.index()].classes[flow.class as usize] -= 1;
        self.add(flow.sender, flow.receiver, amount, is_bound);
        if is_bound && let Some(pair) = self.pairs.get_mut(&(flow.sender, flow.receiver)) {
            pair.sum += amount;
        }
        if self.has_limits {
            self.judge_pair(flow.sender, flow.receiver);
            self.judge_pair(flow.receiver, flow.sender);
        }
        self.judge(flow.sender);
        self.judge(flow.receiver);
    }

    /// Notes whether the limit of an agent for another is broken.
    fn judge_pair(&mut self, agent: AgentNo, receiver: AgentNo) {
        let sum = |a, b| self.pairs.get(&(a, b)).map_or(Total::ZERO, |pair| pair.sum);
        let (paid, received) = (sum(agent, receiver), sum(receiver, agent));
        let admits = self.view.limits().admits_bilateral(agent, receiver, paid, received);
        if paid == Total::ZERO || admits {
            self.broken_pairs.remove(&(agent, receiver));
        } else {
            self.broken_pairs.insert((agent, receiver));
        }
    }

    /// Notes what an agent that pays anything lacks, and whether its limit for all is broken.
    fn judge(&mut self, agent: AgentNo) {
        let position = &mut self.positions[agent.index()];
        if let Some(lack) = position.lack.take() {
            self.short.remove(&(Reverse(lack), agent));
        }
        let lowest = position.classes.iter().position(|count| *count > 0);
        let admits = !self.has_limits || {
            let (paid, received) = (position.bound_paid, position.bound_received);
            self.view.limits().admits_multilateral(agent, paid, received)
        };
        let Some(lowest) = lowest else {
            self.broken_all.remove(&agent);
            return;
        };
        if admits {
            self.broken_all.remove(&agent);
        } else {
            self.broken_all.insert(agent);
        }
        let available = self.view.available(agent, RtgsPriority::ALL[lowest]);
        let lack = position.paid - position.received - Total::from(available);
        if lack > Total::ZERO {
            position.lack = Some(lack);
            self.short.insert((Reverse(lack), agent));
        }
    }

    fn kept(self) -> Vec<Queued> {
        self.positions.into_iter().flat_map(|position| position.payments).flatten().collect()
    }
}
