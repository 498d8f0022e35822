//! Which policy an agent follows, and what its registers hold.

use std::collections::BTreeMap;
use std::sync::Arc;

use psim_model::event::{EventBatch, Real, Text};

/// The policy of an agent for which no event names one.
const UNTOLD: &str = "fifo";

/// What is known of an agent's policy; copies share the texts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Following {
    policy: Option<PolicyText>,
    /// Registers that are not 0.
    registers: BTreeMap<Arc<str>, Real>,
}

/// A policy that an event tells of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct PolicyText {
    name: Arc<str>,
    document: Arc<str>,
}

impl PolicyText {
    pub(super) fn of(batch: &EventBatch, name: Text, document: Text) -> Self {
        Self { name: batch.text_of(name).into(), document: batch.text_of(document).into() }
    }
}

impl Following {
    /// Follows another policy; the registers are told of apart.
    pub(super) fn follow(&mut self, policy: PolicyText) {
        self.policy = Some(policy);
    }

    pub(super) fn name(&self) -> &str {
        self.policy.as_ref().map_or(UNTOLD, |policy| &policy.name)
    }

    pub(super) fn document(&self) -> Option<&str> {
        self.policy.as_ref().map(|policy| &*policy.document)
    }

    pub(super) fn set_register(&mut self, key: &str, value: Real) {
        if value.get() == 0.0 {
            self.registers.remove(key);
        } else if let Some(register) = self.registers.get_mut(key) {
            *register = value;
        } else {
            self.registers.insert(key.into(), value);
        }
    }

    pub(super) fn register(&self, key: &str) -> f64 {
        self.registers.get(key).map_or(0.0, |value| value.get())
    }

    pub(super) fn registers(&self) -> impl Iterator<Item = (&str, f64)> {
        self.registers.iter().map(|(key, value)| (&**key, value.get()))
    }
}
