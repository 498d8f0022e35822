//! Queue 1: what each bank has received from its customers and not released.

use psim_model::{AgentNo, PaymentNo, Queue1Ordering};
use serde::{Deserialize, Serialize};

use crate::agent_set::AgentSet;
use crate::payments::Payments;

/// The private queues of all agents, in order.
///
/// An agent is asked about its payments only when the answer can have changed: policies that
/// always answer alike are asked once for each payment, and again when something about the agent
/// has changed.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Queue1 {
    lines: Vec<Line>,
    asked_next: AgentSet,
    /// Agents whose payments may not stand in order; `None` where the order is that of joining.
    disordered: Option<AgentSet>,
    len: usize,
}

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
struct Line {
    payments: Vec<PaymentNo>,
    /// How many at the front have been held already, for a reason that stays.
    held: usize,
}

impl Queue1 {
    pub(crate) fn new(agents: usize, ordering: Queue1Ordering) -> Self {
        let is_sorted = ordering == Queue1Ordering::PriorityDeadline;
        Self {
            lines: vec![Line::default(); agents],
            asked_next: AgentSet::new(agents),
            disordered: is_sorted.then(|| AgentSet::new(agents)),
            len: 0,
        }
    }

    /// Returns whether it can be the queues of so many agents.
    pub(crate) fn fits(&self, agents: usize, ordering: Queue1Ordering) -> bool {
        let is_sorted = ordering == Queue1Ordering::PriorityDeadline;
        self.lines.len() == agents
            && self.lines.iter().all(|line| line.held <= line.payments.len())
            && self.asked_next.fits(agents)
            && self.disordered.is_some() == is_sorted
            && self.disordered.as_ref().is_none_or(|disordered| disordered.fits(agents))
    }

    /// Returns the number of payments in all lines.
    pub(crate) fn len(&self) -> usize {
        self.len
    }

    /// Appends a payment.
    pub(crate) fn push(&mut self, agent: AgentNo, payment: PaymentNo) {
        self.lines[agent.index()].payments.push(payment);
        self.asked_next.insert(agent);
        self.disorder(agent);
        self.len += 1;
    }

    /// Marks an agent to be asked about all its payments, if it has any.
    pub(crate) fn ask_again(&mut self, agent: AgentNo) {
        let line = &mut self.lines[agent.index()];
        line.held = 0;
        if !line.payments.is_empty() {
            self.asked_next.insert(agent);
        }
    }

    /// Marks all agents to be asked about all their payments.
    pub(crate) fn ask_all_again(&mut self) {
        for agent in 0..self.lines.len() {
            self.ask_again(AgentNo::from_index(agent));
        }
    }

    /// Returns the next agent at or after `from` that is to be asked.
    pub(crate) fn next_asked(&mut self, from: AgentNo) -> Option<AgentNo> {
        self.asked_next.take_next(from)
    }

    /// Remembers that a payment of an agent may have to change its place.
    pub(crate) fn disorder(&mut self, agent: AgentNo) {
        if let Some(disordered) = &mut self.disordered {
            disordered.insert(agent);
        }
    }

    /// Sorts lines in which something has changed, if that is asked for: highest priority first,
    /// then earliest deadline, then the order they had.
    pub(crate) fn sort(&mut self, payments: &Payments) {
        let Some(disordered) = &mut self.disordered else { return };
        let mut from = AgentNo(0);
        while let Some(agent) = disordered.take_next(from) {
            let line = &mut self.lines[agent.index()];
            line.payments.sort_by_key(|no| {
                let payment = payments.get(*no);
                (std::cmp::Reverse(payment.priority), payment.deadline)
            });
            line.held = 0;
            from = agent;
        }
    }

    /// Removes and returns all payments of an agent, in order.
    pub(crate) fn release_all(&mut self, agent: AgentNo, released: &mut Vec<PaymentNo>) {
        let line = &mut self.lines[agent.index()];
        self.len -= line.payments.len();
        line.held = 0;
        released.append(&mut line.payments);
    }

    /// Notes that all payments of an agent are held and returns those that were not before.
    pub(crate) fn hold_all(&mut self, agent: AgentNo) -> &[PaymentNo] {
        let line = &mut self.lines[agent.index()];
        let first_new = std::mem::replace(&mut line.held, line.payments.len());
        &line.payments[first_new..]
    }

    /// Takes an agent's payments out, in order, to be decided on one by one.
    pub(crate) fn take_line(&mut self, agent: AgentNo) -> Vec<PaymentNo> {
        let line = &mut self.lines[agent.index()];
        self.len -= line.payments.len();
        line.held = 0;
        std::mem::take(&mut line.payments)
    }

    /// Puts back what is left of an agent's payments.
    pub(crate) fn put_line(&mut self, agent: AgentNo, payments: Vec<PaymentNo>) {
        self.len += payments.len();
        self.lines[agent.index()].payments = payments;
    }

    /// Returns an agent's payments, in order.
    pub(crate) fn line(&self, agent: AgentNo) -> &[PaymentNo] {
        &self.lines[agent.index()].payments
    }

    /// Visits all payments, agent by agent.
    pub(crate) fn payments(&self) -> impl Iterator<Item = PaymentNo> {
        self.lines.iter().flat_map(|line| line.payments.iter().copied())
    }

    /// Removes everything.
    pub(crate) fn clear(&mut self) {
        for line in &mut self.lines {
            line.payments.clear();
            line.held = 0;
        }
        self.len = 0;
    }
}
