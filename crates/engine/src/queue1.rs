//! Queue 1: what each bank has received from its customers and not released.

use psim_model::{AgentNo, PaymentNo};

use crate::agent_set::AgentSet;

/// The private queues of all agents, in order of arrival.
///
/// An agent is asked about its payments only when the answer can have changed: policies that
/// always answer alike are asked once for each payment, and again when a new day lifts the
/// cut-off.
#[derive(Clone, Debug)]
pub(crate) struct Queue1 {
    lines: Vec<Line>,
    asked_next: AgentSet,
    len: usize,
}

#[derive(Clone, Debug, Default)]
struct Line {
    payments: Vec<PaymentNo>,
    /// How many at the front have been held already.
    held: usize,
}

impl Queue1 {
    pub(crate) fn new(agents: usize) -> Self {
        Self { lines: vec![Line::default(); agents], asked_next: AgentSet::new(agents), len: 0 }
    }

    /// Returns the number of payments in all lines.
    pub(crate) fn len(&self) -> usize {
        self.len
    }

    /// Appends an arrival.
    pub(crate) fn push(&mut self, agent: AgentNo, payment: PaymentNo) {
        self.lines[agent.index()].payments.push(payment);
        self.asked_next.insert(agent);
        self.len += 1;
    }

    /// Marks an agent to be asked about all its payments, if it has any.
    pub(crate) fn ask_again(&mut self, agent: AgentNo) {
        if !self.lines[agent.index()].payments.is_empty() {
            self.asked_next.insert(agent);
        }
    }

    /// Returns the next agent at or after `from` that is to be asked.
    pub(crate) fn next_asked(&mut self, from: AgentNo) -> Option<AgentNo> {
        self.asked_next.take_next(from)
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
