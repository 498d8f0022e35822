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
        for event in batch.events() {
            match event {
                Event::AgentOpened(opened) => {
                    self.agents.push(batch.text_of(opened.agent_id.id));
                }
                Event::Arrival(arrival) => {
                    if let Some(id) = arrival.tx_id.given_id {
                        self.given.push(arrival.tx_id.no);
                        self.given_ids.push(batch.text_of(id));
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

    /// Returns an agent's id (`?` for one that the stream never introduced).
    pub fn agent(&self, agent: AgentNo) -> &str {
        self.agents.get(agent.index()).unwrap_or("?")
    }

    /// Returns a payment's id: the given one, else `tx-{number}`.
    pub fn payment(&self, payment: PaymentNo) -> Cow<'_, str> {
        let given = self.given.binary_search(&payment).ok();
        match given.and_then(|index| self.given_ids.get(index)) {
            Some(id) => Cow::Borrowed(id),
            None => Cow::Owned(format!("tx-{}", payment.0)),
        }
    }
}
