//! What is in a document, in numbers.

use std::collections::BTreeSet;
use std::fmt;

use crate::document::{Document, INITIAL_LIQUIDITY_FRACTION, Value};
use crate::policy::Policy;
use crate::prose::plural;
use crate::tree::Tree;

/// What is in a policy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Survey {
    /// Its name.
    pub policy_id: String,
    /// Its trees, in the order of a document.
    pub trees: Vec<Tree>,
    /// Number of nodes in all trees.
    pub nodes: usize,
    /// Number of fields that nodes name.
    pub fields: usize,
    /// Number of registers that nodes name.
    pub registers: usize,
    /// Number of parameters.
    pub parameters: usize,
    /// Parameters that nothing names, in the order of the document.
    pub unused_parameters: Vec<String>,
}

impl Survey {
    /// Looks through a policy.
    pub fn of(policy: &Policy) -> Self {
        let document = policy.document();
        Self {
            policy_id: document.policy_id.clone(),
            trees: Tree::ALL.into_iter().filter(|tree| policy.has(*tree)).collect(),
            nodes: policy.node_ids().len(),
            fields: policy.fields().count(),
            registers: policy.registers().len(),
            parameters: document.parameters.len(),
            unused_parameters: unused(document),
        }
    }
}

fn unused(document: &Document) -> Vec<String> {
    let mut named = BTreeSet::from([INITIAL_LIQUIDITY_FRACTION]);
    for (_, node) in document.nodes() {
        node.visit_values(&mut |value| {
            if let Value::Parameter(name) = value {
                named.insert(name);
            }
        });
    }
    let names = document.parameters.iter().map(|(name, _)| name);
    names.filter(|name| !named.contains(name.as_str())).cloned().collect()
}

/// Writes it as ``policy `deadline`: payment_tree, bank_tree; 5 nodes, 2 fields, 1 register, 3
/// parameters``.
impl fmt::Display for Survey {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let trees: Vec<&str> = self.trees.iter().map(|tree| tree.key()).collect();
        let trees = if trees.is_empty() { "no tree".to_owned() } else { trees.join(", ") };
        write!(out, "policy `{}`: {trees}; {}", self.policy_id, plural(self.nodes, "node"))?;
        write!(out, ", {}, {}", plural(self.fields, "field"), plural(self.registers, "register"))?;
        write!(out, ", {}", plural(self.parameters, "parameter"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples::{LARGE, URGENT};

    fn survey(text: &str) -> Survey {
        Survey::of(&Policy::read(text).expect("sound"))
    }

    #[test]
    fn a_policy_is_looked_through() {
        let large = survey(LARGE).to_string();
        let (trees, numbers) = large.split_once("; ").expect("two parts");
        assert!(trees.starts_with("policy `large`: payment_tree, bank_tree, strat"), "{trees}");
        assert_eq!(numbers, "12 nodes, 14 fields, 1 register, 4 parameters");
        let empty = survey(r#"{"version": "1", "policy_id": "empty"}"#).to_string();
        assert!(empty.starts_with("policy `empty`: no tree; 0 nodes, 0 fields"), "{empty}");
    }

    #[test]
    fn parameters_that_nothing_names_are_told() {
        let unused = |more: &str| {
            let parameters = format!("\"urgency_threshold\": 5, {more}");
            survey(&URGENT.replace("\"urgency_threshold\": 5", &parameters)).unused_parameters
        };
        assert_eq!(unused("\"x\": 1"), ["x"]);
        assert_eq!(unused("\"initial_liquidity_fraction\": 0.5"), Vec::<String>::new());
    }
}
