//! The ids of agents and payments, folded from the stream.

use std::borrow::Cow;

use super::{Event, EventBatch};
use crate::{AgentNo, PaymentNo, TextColumn};

/// A fold that knows the id of every agent and payment that the stream has introduced.
#[derive(Clone, Debug, Default)]
pub struct Names {
    agents: TextColumn,
    /// Payments with a given id, ascending, and their ids.
    given: Vec<PaymentNo>,
    given_ids: TextColumn,
}

impl Names {
    /// Takes in what a batch introduces.
    pub fn observe(&mut self, batch: &EventBatch) {
        self.observe_from(batch, 0);
    }

    /// Takes in what a batch introduces from its `from`-th event on (0 is the first).
    pub fn observe_from(&mut self, batch: &EventBatch, from: usize) {
        for event in batch.events().get(from..).unwrap_or_default() {
            match event {
                Event::AgentOpened(opened) => {
                    self.introduce_agent(batch.text_of(opened.agent_id.id));
                }
                Event::Arrival(arrival) => {
                    if let Some(id) = arrival.tx_id.given_id {
                        self.introduce_payment(arrival.tx_id.no, batch.text_of(id));
                    }
                }
                _ => {}
            }
        }
    }

    /// Returns the number of agents.
    pub fn agent_count(&self) -> usize {
        self.agents.len()
    }

    /// Visits the ids of the agents in order.
    pub fn agents(&self) -> impl Iterator<Item = &str> {
        self.agents.iter()
    }

    /// Visits the payments that were given an id, ascending.
    pub fn given(&self) -> impl Iterator<Item = (PaymentNo, &str)> {
        self.given.iter().copied().zip(self.given_ids.iter())
    }

    /// Forgets everyone and keeps the memory.
    pub fn clear(&mut self) {
        self.agents.clear();
        self.given.clear();
        self.given_ids.clear();
    }

    /// Introduces the next agent, as `AgentOpened` does.
    pub fn introduce_agent(&mut self, id: &str) {
        self.agents.push(id);
    }

    /// Introduces a payment with a given id, as `Arrival` does; numbers ascend.
    pub fn introduce_payment(&mut self, no: PaymentNo, id: &str) {
        self.given.push(no);
        self.given_ids.push(id);
    }

    /// Returns an agent's id, or `None` for one that was never introduced.
    pub fn agent_id(&self, agent: AgentNo) -> Option<&str> {
        self.agents.get(agent.index())
    }

    /// Returns the id that a payment was given, if it was.
    pub fn given_id(&self, payment: PaymentNo) -> Option<&str> {
        let given = self.given.binary_search(&payment).ok()?;
        self.given_ids.get(given)
    }

    /// Returns an agent's id (`?` for one that was never introduced).
    pub fn agent(&self, agent: AgentNo) -> &str {
        self.agent_id(agent).unwrap_or("?")
    }

    /// Returns a payment's id: the given one, else `tx-{number}`.
    pub fn payment(&self, payment: PaymentNo) -> Cow<'_, str> {
        match self.given_id(payment) {
            Some(id) => Cow::Borrowed(id),
            None => Cow::Owned(payment.own_id()),
        }
    }
}
