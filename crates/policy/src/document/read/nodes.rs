//! The nodes of trees, and what names them.

use super::{Here, MAX_CONDITIONS, Reader, description};
use crate::document::{Branch, Leaf, Node};
use crate::fault::Step;
use crate::json::Json;
use crate::tree::Tree;

impl<'j> Reader<'j> {
    pub(super) fn node(&mut self, json: &'j Json, conditions: usize) -> Option<Node> {
        let entries = self.object(json, "a node")?;
        let kind = self.required(entries, "type", Self::text)?;
        let node_id = self.required(entries, "node_id", Self::node_id);
        match kind {
            "condition" if conditions == MAX_CONDITIONS => {
                self.fault(
                    format!("more than {MAX_CONDITIONS} conditions from the root to here"),
                    None,
                );
                None
            }
            "condition" => {
                self.keys(entries, &["type", "node_id", "condition", "on_true", "on_false"]);
                let condition = self.required(entries, "condition", Self::expression);
                let mut branch = |key| {
                    self.required(entries, key, |reader, json| {
                        reader.node(json, conditions.saturating_add(1))
                    })
                };
                let (on_true, on_false) = (branch("on_true"), branch("on_false"));
                Some(Node::Condition(Box::new(Branch {
                    node_id: node_id?,
                    description: description(entries),
                    condition: condition?,
                    on_true: on_true?,
                    on_false: on_false?,
                })))
            }
            "action" => {
                self.keys(entries, &["type", "node_id", "action", "actions", "parameters"]);
                let actions = self.actions(entries)?;
                Some(Node::Action(Leaf {
                    node_id: node_id?,
                    description: description(entries),
                    actions,
                }))
            }
            other => {
                let hint = self.suggestion(other, ["condition", "action"].into_iter());
                let hint = hint.or_else(|| Some("`condition` or `action`".to_owned()));
                self.at(Here::Key("type"), |reader| {
                    reader.fault(format!("unknown node type {other:?}"), hint);
                });
                None
            }
        }
    }

    fn node_id(&mut self, json: &'j Json) -> Option<String> {
        let own = self.name(json)?;
        let mut id = own.to_owned();
        if let Some(first) = self.ids.get(own) {
            let message = format!("node id {id:?} is used twice, first at {first}");
            // The predecessor did not look at the ids of bank trees.
            let is_of_bank = first.0.first() == Some(&Step::Key(Tree::Bank.key().to_owned()));
            if self.tree != Tree::Bank && !is_of_bank {
                self.fault(message, None);
                return None;
            }
            id = self.free_id(own);
            let hint = format!("the predecessor allowed that for bank trees; it is read as {id:?}");
            if !self.ignored(message, Some(hint)) {
                return None;
            }
        }
        self.ids.insert(id.clone(), self.path());
        Some(id)
    }

    /// Returns the first id that is free: `own (2)`, `own (3)` and so on. What was in use before
    /// stays so, and is not looked at again.
    fn free_id(&mut self, own: &'j str) -> String {
        let number = self.next_numbers.entry(own).or_insert(2);
        loop {
            let id = format!("{own} ({number})");
            if !self.ids.contains_key(&id) {
                return id;
            }
            *number = number.saturating_add(1);
        }
    }
}
