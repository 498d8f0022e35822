//! The procedure of Bech and Soramäki: queues are cut from behind until what is left can settle
//! together.
//!
//! Prefixes that pass the set rule stay so when each agent takes the longer of two: an agent's own
//! part is then one of the two it could pay, and it receives no less. So the longest prefixes that
//! pass are unique, and whichever agent is cut first, the procedure ends at them: it cuts a payment
//! only if no passing prefixes contain it.

use psim_model::{AgentNo, RtgsPriority, Total};
use rustc_hash::FxHashMap;

use super::Steps;
use super::view::{Queued, View};
use crate::limits::Flow;

/// Payments of one agent, of which the first so many are kept.
#[derive(Debug)]
struct Prefix {
    agent: AgentNo,
    payments: Vec<Queued>,
    /// Payments kept, by class.
    classes: [usize; 3],
}

/// Queues of different agents on their way to what can settle.
struct Prefixes<'v> {
    view: View<'v>,
    all: Vec<Prefix>,
    places: Places,
    /// By prefix: what is paid less what is received.
    owed: Vec<Total>,
    /// The same of what limits bind; only where there are any.
    bound: Option<Bound>,
}

/// What limits bind and count.
struct Bound {
    /// By prefix.
    paid: Vec<Total>,
    received: Vec<Total>,
    /// From one agent to another.
    pairs: FxHashMap<(AgentNo, AgentNo), Total>,
}

/// Where the prefixes of agents stand.
enum Places {
    /// To be searched.
    Few(Vec<AgentNo>),
    /// By agent; those without a prefix have none.
    Many(Vec<u32>),
}

const NONE: u32 = u32::MAX;
/// Up to so many prefixes are searched for an agent.
const FEW: usize = 16;

/// Returns the longest prefixes of queues, each of another agent, that pass the set rule together;
/// `None` if the bound on steps is reached.
pub(super) fn longest(
    view: View<'_>,
    queues: Vec<(AgentNo, Vec<Queued>)>,
    steps: &mut Steps,
) -> Option<Vec<Vec<Queued>>> {
    let mut prefixes = Prefixes::new(view, queues);
    let count = prefixes.all.len();
    let mut suspects: Vec<usize> = (0..count).rev().collect();
    let mut is_suspect = vec![true; count];
    while let Some(place) = suspects.pop() {
        is_suspect[place] = false;
        while prefixes.breaks(place) {
            if !steps.take() {
                return None;
            }
            // What it does not receive may be too much for another now.
            if let Some(receiver) = prefixes.cut(place)
                && !std::mem::replace(&mut is_suspect[receiver], true)
            {
                suspects.push(receiver);
            }
        }
    }
    Some(prefixes.all.into_iter().map(|prefix| prefix.payments).collect())
}

impl<'v> Prefixes<'v> {
    fn new(view: View<'v>, queues: Vec<(AgentNo, Vec<Queued>)>) -> Self {
        let places = Places::of(view.agents(), &queues);
        let mut prefixes = Self {
            view,
            places,
            owed: vec![Total::ZERO; queues.len()],
            bound: view.limits().is_active().then(|| Bound::of(queues.len())),
            all: Vec::new(),
        };
        for (place, (_, payments)) in queues.iter().enumerate() {
            for Queued { flow, .. } in payments {
                prefixes.add(flow, place, Total::from(flow.amount));
            }
        }
        let all = queues.into_iter().map(|(agent, payments)| Prefix::new(agent, payments));
        prefixes.all = all.collect();
        prefixes
    }

    /// Adds to what a payment's two agents owe and get; returns the prefix of its receiver.
    #[inline]
    fn add(&mut self, flow: &Flow, payer: usize, amount: Total) -> Option<usize> {
        let receiver = self.places.of_agent(flow.receiver);
        self.owed[payer] += amount;
        if let Some(receiver) = receiver {
            self.owed[receiver] = self.owed[receiver] - amount;
        }
        if let Some(bound) = &mut self.bound
            && self.view.limits().binds(flow.class)
        {
            bound.paid[payer] += amount;
            if let Some(receiver) = receiver {
                bound.received[receiver] += amount;
            }
            *bound.pairs.entry((flow.sender, flow.receiver)).or_default() += amount;
        }
        receiver
    }

    /// Cuts the last payment off a prefix; returns the prefix of its receiver.
    fn cut(&mut self, place: usize) -> Option<usize> {
        let flow = self.all[place].payments.pop()?.flow;
        self.all[place].classes[flow.class as usize] -= 1;
        self.add(&flow, place, Total::ZERO - Total::from(flow.amount))
    }

    /// Returns whether an agent that pays anything breaks the set rule.
    fn breaks(&self, place: usize) -> bool {
        let prefix = &self.all[place];
        let Some(lowest) = prefix.classes.iter().position(|count| *count > 0) else { return false };
        let available = self.view.available(prefix.agent, RtgsPriority::ALL[lowest]);
        self.owed[place] > Total::from(available)
            || self.bound.as_ref().is_some_and(|bound| self.breaks_limits(place, bound))
    }

    fn breaks_limits(&self, place: usize, bound: &Bound) -> bool {
        let (limits, agent) = (self.view.limits(), self.all[place].agent);
        let between = |a, b| bound.pairs.get(&(a, b)).copied().unwrap_or_default();
        let mut towards = limits.receivers(agent).iter().copied();
        !limits.admits_multilateral(agent, bound.paid[place], bound.received[place])
            || towards.any(|receiver| {
                let (paid, received) = (between(agent, receiver), between(receiver, agent));
                paid != Total::ZERO && !limits.admits_bilateral(agent, receiver, paid, received)
            })
    }
}

impl Prefix {
    fn new(agent: AgentNo, payments: Vec<Queued>) -> Self {
        let mut classes = [0; 3];
        for queued in &payments {
            classes[queued.flow.class as usize] += 1;
        }
        Self { agent, payments, classes }
    }
}

impl Bound {
    fn of(prefixes: usize) -> Self {
        let none = vec![Total::ZERO; prefixes];
        Self { paid: none.clone(), received: none, pairs: FxHashMap::default() }
    }
}

impl Places {
    fn of(agents: usize, queues: &[(AgentNo, Vec<Queued>)]) -> Self {
        if queues.len() <= FEW {
            return Self::Few(queues.iter().map(|(agent, _)| *agent).collect());
        }
        let mut places = vec![NONE; agents];
        for (place, (agent, _)) in (0..).zip(queues) {
            places[agent.index()] = place;
        }
        Self::Many(places)
    }

    #[inline]
    fn of_agent(&self, agent: AgentNo) -> Option<usize> {
        match self {
            Self::Few(agents) => agents.iter().position(|it| *it == agent),
            Self::Many(places) => match places[agent.index()] {
                NONE => None,
                place => Some(place as usize),
            },
        }
    }
}
