//! Numbers that have been computed about an agent.

use psim_model::AgentNo;
use psim_policy::Field;

const FIELDS: usize = Field::ALL.len();
const WORDS: usize = FIELDS.div_ceil(64);

/// What has been computed about an agent.
#[derive(Clone, Debug)]
pub(crate) struct Cache {
    known: [u64; WORDS],
    numbers: [f64; FIELDS],
    /// The largest counterparties, largest first.
    pub(super) largest: Option<[Option<AgentNo>; 5]>,
}

impl Default for Cache {
    fn default() -> Self {
        Self { known: [0; WORDS], numbers: [0.0; FIELDS], largest: None }
    }
}

impl Cache {
    /// Forgets everything: it is about another agent, or another moment.
    pub(crate) fn clear(&mut self) {
        self.known = [0; WORDS];
        self.largest = None;
    }

    #[inline]
    pub(super) fn get(&self, field: Field) -> Option<f64> {
        let index = field as usize;
        let is_known = self.known[index / 64] >> (index % 64) & 1 == 1;
        is_known.then(|| self.numbers[index])
    }

    /// Keeps a number.
    pub(crate) fn set(&mut self, field: Field, number: f64) {
        let index = field as usize;
        self.known[index / 64] |= 1 << (index % 64);
        self.numbers[index] = number;
    }
}
