//! Queued payments by their two agents, in queue order.

use std::collections::BTreeMap;

use psim_model::{AgentNo, PaymentNo};
use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

use super::line::Key;
use crate::payments::Payment;

/// An index of queue 2 by sender and receiver.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Pairs(
    #[serde(with = "crate::stored::map")] FxHashMap<(AgentNo, AgentNo), BTreeMap<Key, PaymentNo>>,
);

impl Pairs {
    pub(super) fn insert(&mut self, payment: &Payment, key: Key, no: PaymentNo) {
        self.0.entry((payment.sender, payment.receiver)).or_default().insert(key, no);
    }

    pub(super) fn remove(&mut self, payment: &Payment, key: Key) {
        let pair = (payment.sender, payment.receiver);
        if let Some(queued) = self.0.get_mut(&pair) {
            queued.remove(&key);
            if queued.is_empty() {
                self.0.remove(&pair);
            }
        }
    }

    pub(super) fn between(
        &self,
        sender: AgentNo,
        receiver: AgentNo,
    ) -> impl Iterator<Item = (Key, PaymentNo)> {
        let queued = self.0.get(&(sender, receiver)).into_iter().flatten();
        queued.map(|(key, no)| (*key, *no))
    }
}
