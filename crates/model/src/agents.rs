//! Dense numbers for agents and payments; names live only at the edges.

use serde::{Deserialize, Serialize};

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

impl PaymentNo {
    /// Returns the number as an index into per-payment arrays.
    pub const fn index(self) -> usize {
        self.0 as usize
    }

    /// Returns the payment at an index of a per-payment array.
    pub fn from_index(index: usize) -> Self {
        Self(u32::try_from(index).expect("Invariant: fewer than 2^32 payments"))
    }
}
