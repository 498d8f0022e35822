//! Which policies are followed, and for how many payments they failed.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use serde::Serialize;

use crate::state::State;

/// Which policies are followed, and how often they failed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct PolicySummary {
    /// The policies that agents follow at the end, most followed first, then by name.
    pub followed: Vec<PolicyRow>,
    /// For how many payments and trees of agents a policy could not be evaluated at least once,
    /// whether decisions are traced or not.
    pub faults: u64,
}

/// A policy and its followers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PolicyRow {
    /// Its name.
    pub policy: String,
    /// Number of agents that follow a policy of this name.
    pub agents: u64,
}

impl PolicySummary {
    pub(super) fn of(state: &State, faults: u64) -> Self {
        let mut agents: BTreeMap<&str, u64> = BTreeMap::new();
        for agent in &state.agents {
            *agents.entry(agent.policy()).or_default() += 1;
        }
        let row = |(policy, agents): (&str, u64)| PolicyRow { policy: policy.to_owned(), agents };
        let mut followed: Vec<PolicyRow> = agents.into_iter().map(row).collect();
        followed.sort_by_key(|row| Reverse(row.agents)); // stable: ties by name
        Self { followed, faults }
    }

    /// Returns whether all is as where nothing was said of policies.
    pub(super) fn is_plain(&self) -> bool {
        self.faults == 0 && self.followed.iter().all(|row| row.policy == "fifo")
    }
}
