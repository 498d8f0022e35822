//! A set of agents that is walked in agent order.

use psim_model::AgentNo;
use serde::{Deserialize, Serialize};

const BITS: usize = u64::BITS as usize;

/// One bit an agent.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct AgentSet {
    words: Vec<u64>,
}

impl AgentSet {
    pub(crate) fn new(agents: usize) -> Self {
        Self { words: vec![0; agents.div_ceil(BITS)] }
    }

    /// Returns whether it is a set among so many agents.
    pub(crate) fn fits(&self, agents: usize) -> bool {
        let beyond = match agents % BITS {
            0 => 0,
            last => u64::MAX << last,
        };
        self.words.len() == agents.div_ceil(BITS)
            && self.words.last().is_none_or(|bits| bits & beyond == 0)
    }

    pub(crate) fn insert(&mut self, agent: AgentNo) {
        self.words[agent.index() / BITS] |= 1 << (agent.index() % BITS);
    }

    pub(crate) fn remove(&mut self, agent: AgentNo) {
        self.words[agent.index() / BITS] &= !(1 << (agent.index() % BITS));
    }

    pub(crate) fn contains(&self, agent: AgentNo) -> bool {
        self.words[agent.index() / BITS] & (1 << (agent.index() % BITS)) != 0
    }

    /// Removes and returns the first agent at or after `from`.
    pub(crate) fn take_next(&mut self, from: AgentNo) -> Option<AgentNo> {
        let mut word = from.index() / BITS;
        let mut mask = u64::MAX << (from.index() % BITS);
        while word < self.words.len() {
            let bits = self.words[word] & mask;
            if bits != 0 {
                let bit = bits.trailing_zeros() as usize;
                self.words[word] &= !(1 << bit);
                return Some(AgentNo::from_index(word * BITS + bit));
            }
            word += 1;
            mask = u64::MAX;
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_come_in_order_and_once() {
        let mut set = AgentSet::new(130);
        for agent in [129, 0, 63, 64, 63] {
            set.insert(AgentNo(agent));
        }
        let mut taken = Vec::new();
        while let Some(agent) = set.take_next(AgentNo(0)) {
            taken.push(agent.0);
        }
        assert_eq!(taken, [0, 63, 64, 129]);
        set.insert(AgentNo(5));
        assert_eq!(set.take_next(AgentNo(6)), None);
        assert!(set.contains(AgentNo(5)) && !set.contains(AgentNo(69)));
        set.remove(AgentNo(6));
        assert_eq!(set.take_next(AgentNo(5)), Some(AgentNo(5)));
    }
}
