//! Dense numbers for agents and payments; names live only at the edges.

use serde::{Deserialize, Serialize};

use crate::Agent;

/// An agent's place in the byte order of all agent ids (0 is the first).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct AgentNo(pub u32);

/// A payment's number in order of creation (0 is the first of the run).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct PaymentNo(pub u32);

impl AgentNo {
    /// Returns the number as an index into per-agent arrays.
    pub const fn index(self) -> usize {
        self.0 as usize
    }

    /// Returns the agent at an index of a per-agent array.
    pub fn from_index(index: usize) -> Self {
        Self(u32::try_from(index).expect("Invariant: fewer than 2^32 agents"))
    }
}

/// Returns the agent with an id; `None` for an unknown one. The agents ascend by id, as those of a
/// sound scenario do.
pub fn agent_called(agents: &[Agent], id: &str) -> Option<AgentNo> {
    let index = agents.binary_search_by(|agent| agent.id.as_str().cmp(id)).ok()?;
    Some(AgentNo::from_index(index))
}

impl PaymentNo {
    /// Returns the number as an index into per-payment arrays.
    pub const fn index(self) -> usize {
        self.0 as usize
    }

    /// Returns the payment at an index of a per-payment array.
    pub fn from_index(index: usize) -> Self {
        Self(u32::try_from(index).expect("Invariant: fewer than 2^32 payments"))
    }

    /// Returns the id that the simulator gives to a payment without one: `tx-` and its number.
    pub fn own_id(self) -> String {
        format!("tx-{}", self.0)
    }

    /// Returns the payment of an id that the simulator gives; `tx-007` and `tx-4294967296` are
    /// none.
    pub fn from_own_id(id: &str) -> Option<Self> {
        let no = Self(id.strip_prefix("tx-")?.parse().ok()?);
        (no.own_id() == id).then_some(no)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn own_ids_are_read_as_they_are_written_and_no_others_are() {
        for no in [0, 7, 10, u32::MAX].map(PaymentNo) {
            assert_eq!(PaymentNo::from_own_id(&no.own_id()), Some(no));
        }
        for id in ["tx-", "tx-007", "tx-+7", "tx-7 ", "TX-7", "7", "tx-4294967296", "tx--1", ""] {
            assert_eq!(PaymentNo::from_own_id(id), None, "{id}");
        }
    }
}
