//! Registers: what a policy remembers until the day closes.

use std::collections::BTreeSet;

use psim_model::AgentNo;
use psim_model::event::{Real, StateRegisterSet};
use psim_policy::{Argument, Document, Node, Value};

use crate::reference::Reference;

impl Reference {
    /// Writes a register, and says so if that changes it.
    pub(in super::super) fn set_register(
        &mut self,
        agent_id: AgentNo,
        key: &str,
        value: f64,
        reason: &str,
    ) {
        let registers = &mut self.accounts[agent_id.index()].registers;
        let old_value = Real::new(registers.get(key).copied().unwrap_or(0.0));
        let new_value = Real::new(value);
        if new_value == old_value {
            return;
        }
        registers.insert(key.to_owned(), new_value.get());
        let set = StateRegisterSet {
            agent_id,
            register_key: self.log.text(key),
            old_value,
            new_value,
            reason: self.log.text(reason),
            decision_path: self.decision_path(),
        };
        self.log.push(set);
    }

    /// Empties all registers as a day closes.
    pub(in super::super) fn empty_registers(&mut self) {
        for agent in (0..self.accounts.len()).map(AgentNo::from_index) {
            for name in self.registers_of(agent) {
                self.set_register(agent, &name, 0.0, "end_of_day");
            }
        }
    }

    /// Empties the registers of an agent that its policy does not name.
    pub(in super::super) fn empty_unnamed_registers(&mut self, agent: AgentNo) {
        let named = names(self.accounts[agent.index()].policy.document());
        for name in self.registers_of(agent) {
            if !named.contains(&name) {
                self.set_register(agent, &name, 0.0, "policy_change");
            }
        }
    }

    fn registers_of(&self, agent: AgentNo) -> Vec<String> {
        self.accounts[agent.index()].registers.keys().cloned().collect()
    }
}

/// Returns the registers that a document names, to read them or to write them.
fn names(document: &Document) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for (_, node) in document.nodes() {
        node.visit_values(&mut |value| {
            if let Value::Register(name) = value {
                names.insert(name.clone());
            }
        });
        let Node::Action(leaf) = node else { continue };
        for call in &leaf.actions {
            if let Some(Argument::Text(key)) = call.argument("key") {
                names.insert(key.clone());
            }
        }
    }
    names
}
