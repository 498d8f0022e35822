//! What each agent has paid, received and been asked to pay today.

use psim_model::{AgentNo, Money, Total};
use serde::{Deserialize, Serialize};

use crate::limits::Flow;

/// The flows of a day, by agent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Flows(Vec<Today>);

/// The flows of an agent on a day.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Today {
    /// Own payments that settled.
    pub(crate) sent: Total,
    /// Payments to it that settled.
    pub(crate) received: Total,
    /// Own payments that arrived, or were unsettled as the day began.
    pub(crate) asked: Total,
}

impl Flows {
    pub(crate) fn new(agents: usize) -> Self {
        Self(vec![Today::default(); agents])
    }

    pub(crate) fn fits(&self, agents: usize) -> bool {
        self.0.len() == agents
    }

    pub(crate) fn of(&self, agent: AgentNo) -> &Today {
        &self.0[agent.index()]
    }

    /// Begins a day; `unsettled` is what each agent has in both queues.
    pub(crate) fn begin_day(&mut self, unsettled: impl Fn(AgentNo) -> Total) {
        for (index, today) in self.0.iter_mut().enumerate() {
            let asked = unsettled(AgentNo::from_index(index));
            *today = Today { asked, ..Today::default() };
        }
    }

    pub(crate) fn note_arrival(&mut self, sender: AgentNo, amount: Money) {
        self.0[sender.index()].asked += amount;
    }

    pub(crate) fn note_settled(&mut self, flow: &Flow) {
        self.0[flow.sender.index()].sent += flow.amount;
        self.0[flow.receiver.index()].received += flow.amount;
    }
}
