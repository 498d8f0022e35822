//! Questions about queues.

use std::collections::BTreeMap;

use psim_model::{PaymentNo, Total};
use psim_view::{Projection, Tally};
use serde::Serialize;

use super::Session;

/// What is in a queue.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct QueueContents {
    /// The payments, in order.
    pub transactions: Vec<String>,
    /// How many they are.
    pub size: u64,
    /// Their value in minor units.
    pub value: Total,
}

/// What is in all queues.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Queues {
    /// Queue 1 of each agent.
    pub queue1: BTreeMap<String, QueueContents>,
    /// The one queue 2.
    pub queue2: QueueContents,
}

impl Session {
    /// Returns how many payments are in an agent's queue 1; `None` for an unknown agent.
    pub fn queue1_size(&self, agent: &str) -> Option<usize> {
        self.engine.queue1(self.agent(agent)?).map(<[PaymentNo]>::len)
    }

    /// Returns the payments of an agent's queue 1, in order; `None` for an unknown agent.
    pub fn queue1_contents(&mut self, agent: &str) -> Option<Vec<String>> {
        let no = self.agent(agent)?;
        let projection = self.projection();
        Some(ids(projection, &projection.queue1(no)))
    }

    /// Returns how many payments are in queue 2.
    pub fn queue2_size(&self) -> usize {
        self.engine.queue2_len()
    }

    /// Returns the payments of queue 2, in order.
    pub fn queue2_contents(&mut self) -> Vec<String> {
        let projection = self.projection();
        ids(projection, &projection.queue2())
    }

    /// Returns what is in all queues.
    pub fn queues(&mut self) -> Queues {
        self.catch_up();
        let projection = self.told.projection();
        let mut queue2 = Tally::default();
        let mut queue1 = BTreeMap::new();
        for ((no, id), agent) in self.ids().zip(projection.agents()) {
            queue1
                .insert(id.to_owned(), contents(projection, &projection.queue1(no), agent.queue1));
            queue2.count += agent.queue2.count;
            queue2.value += agent.queue2.value;
        }
        Queues { queue1, queue2: contents(projection, &projection.queue2(), queue2) }
    }
}

fn contents(projection: &Projection, payments: &[PaymentNo], tally: Tally) -> QueueContents {
    let transactions = ids(projection, payments);
    QueueContents { transactions, size: tally.count, value: tally.value }
}

fn ids(projection: &Projection, payments: &[PaymentNo]) -> Vec<String> {
    let names = projection.names();
    payments.iter().map(|no| names.payment(*no).into_owned()).collect()
}
