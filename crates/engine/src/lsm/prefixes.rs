//! The procedure of Bech and Soramäki: queues are cut from behind until what is left can settle
//! together.
//!
//! Prefixes that pass the set rule stay so when each agent takes the longer of two: an agent's own
//! part is then one of the two it could pay, and it receives no less. So the longest prefixes that
//! pass are unique, and whichever agent is cut first, the procedure ends at them: it cuts a payment
//! only if no passing prefixes contain it.

use psim_model::{AgentNo, Total};
use rustc_hash::FxHashMap;

use super::Steps;
use super::view::{Queued, View};

/// Payments of one agent, of which the first so many are kept.
#[derive(Debug)]
struct Part {
    agent: AgentNo,
    payments: Vec<Queued>,
    paid: Total,
    received: Total,
    /// Of these, what limits bind and count.
    bound_paid: Total,
    bound_received: Total,
    /// Payments kept, by class.
    classes: [usize; 3],
}

/// Queues of different agents on their way to what can settle.
struct Prefixes<'v> {
    view: View<'v>,
    parts: Vec<Part>,
    places: Places,
    /// What is paid from one agent to another and bound by limits; only where there are any.
    pairs: Option<FxHashMap<(AgentNo, AgentNo), Total>>,
}

/// Where the parts of agents stand.
enum Places {
    /// To be searched.
    Few,
    /// By agent; those without a part have none.
    Many(Vec<u32>),
}

const NONE: u32 = u32::MAX;
/// So many are searched.
const FEW: usize = 16;

/// Returns the longest prefixes of queues, each of another agent, that pass the set rule together;
/// `None` if the bound on steps is reached.
pub(super) fn longest(
    view: View<'_>,
    queues: Vec<(AgentNo, Vec<Queued>)>,
    steps: &mut Steps,
) -> Option<Vec<Vec<Queued>>> {
    let mut prefixes = Prefixes::new(view, queues);
    let count = prefixes.parts.len();
    let mut suspects: Vec<usize> = (0..count).rev().collect();
    let mut is_suspect = vec![true; count];
    while let Some(part) = suspects.pop() {
        is_suspect[part] = false;
        while prefixes.breaks(part) {
            if !steps.take() {
                return None;
            }
            // What it does not receive may be too much for another now.
            if let Some(receiver) = prefixes.cut(part)
                && !std::mem::replace(&mut is_suspect[receiver], true)
            {
                suspects.push(receiver);
            }
        }
    }
    Some(prefixes.parts.into_iter().map(|part| part.payments).collect())
}

impl<'v> Prefixes<'v> {
    fn new(view: View<'v>, queues: Vec<(AgentNo, Vec<Queued>)>) -> Self {
        let places = Places::of(view.agents(), &queues);
        let parts = queues.into_iter().map(|(agent, payments)| Part::new(agent, payments));
        let pairs = view.limits().is_active().then(FxHashMap::default);
        let mut prefixes = Self { view, parts: parts.collect(), places, pairs };
        for part in 0..prefixes.parts.len() {
            for index in 0..prefixes.parts[part].payments.len() {
                prefixes.count(part, index);
            }
        }
        prefixes
    }

    fn part_of(&self, agent: AgentNo) -> Option<usize> {
        match &self.places {
            Places::Few => self.parts.iter().position(|part| part.agent == agent),
            Places::Many(places) => match places[agent.index()] {
                NONE => None,
                place => Some(place as usize),
            },
        }
    }

    /// Counts a payment in.
    fn count(&mut self, part: usize, index: usize) {
        let flow = self.parts[part].payments[index].flow;
        let amount = Total::from(flow.amount);
        let is_bound = self.pairs.is_some() && self.view.limits().binds(flow.class);
        self.parts[part].pay(amount, is_bound);
        self.parts[part].classes[flow.class as usize] += 1;
        if let Some(receiver) = self.part_of(flow.receiver) {
            self.parts[receiver].receive(amount, is_bound);
        }
        if let (Some(pairs), true) = (&mut self.pairs, is_bound) {
            *pairs.entry((flow.sender, flow.receiver)).or_default() += amount;
        }
    }

    /// Cuts the last payment off a part; returns the part of its receiver.
    fn cut(&mut self, part: usize) -> Option<usize> {
        let flow = self.parts[part].payments.pop()?.flow;
        let amount = Total::ZERO - Total::from(flow.amount);
        let is_bound = self.pairs.is_some() && self.view.limits().binds(flow.class);
        self.parts[part].pay(amount, is_bound);
        self.parts[part].classes[flow.class as usize] -= 1;
        if let (Some(pairs), true) = (&mut self.pairs, is_bound) {
            *pairs.entry((flow.sender, flow.receiver)).or_default() += amount;
        }
        let receiver = self.part_of(flow.receiver)?;
        self.parts[receiver].receive(amount, is_bound);
        Some(receiver)
    }

    /// Returns whether an agent that pays anything breaks the set rule.
    fn breaks(&self, part: usize) -> bool {
        let part = &self.parts[part];
        let Some(lowest) = part.classes.iter().position(|count| *count > 0) else { return false };
        let class = psim_model::RtgsPriority::ALL[lowest];
        let available = self.view.available(part.agent, class);
        if part.paid - part.received > Total::from(available) {
            return true;
        }
        self.pairs.as_ref().is_some_and(|pairs| self.breaks_limits(part, pairs))
    }

    fn breaks_limits(&self, part: &Part, pairs: &FxHashMap<(AgentNo, AgentNo), Total>) -> bool {
        let (limits, agent) = (self.view.limits(), part.agent);
        let between = |a: AgentNo, b: AgentNo| pairs.get(&(a, b)).copied().unwrap_or_default();
        let mut towards = limits.receivers(agent).iter().copied();
        !limits.admits_multilateral(agent, part.bound_paid, part.bound_received)
            || towards.any(|receiver| {
                let (paid, received) = (between(agent, receiver), between(receiver, agent));
                paid != Total::ZERO && !limits.admits_bilateral(agent, receiver, paid, received)
            })
    }
}

impl Part {
    const fn new(agent: AgentNo, payments: Vec<Queued>) -> Self {
        let none = Total::ZERO;
        Self {
            agent,
            payments,
            paid: none,
            received: none,
            bound_paid: none,
            bound_received: none,
            classes: [0; 3],
        }
    }

    fn pay(&mut self, amount: Total, is_bound: bool) {
        self.paid += amount;
        if is_bound {
            self.bound_paid += amount;
        }
    }

    fn receive(&mut self, amount: Total, is_bound: bool) {
        self.received += amount;
        if is_bound {
            self.bound_received += amount;
        }
    }
}

impl Places {
    fn of(agents: usize, queues: &[(AgentNo, Vec<Queued>)]) -> Self {
        if queues.len() <= FEW {
            return Self::Few;
        }
        let mut places = vec![NONE; agents];
        for (place, (agent, _)) in (0..).zip(queues) {
            places[agent.index()] = place;
        }
        Self::Many(places)
    }
}
