//! What differs between two policies, in words.

use std::collections::BTreeMap;
use std::fmt::Write;

use crate::document::{Document, Node};
use crate::infix::Infix;
use crate::prose::{plain, plural, word};
use crate::tree::Tree;

/// Returns what changes from one policy to another, a change a line; nodes are the same if their
/// ids are. Says so if nothing does.
///
/// ```
/// use psim_policy::{diff, library};
///
/// let [fifo, hold] = ["fifo", "hold"].map(|name| library::named(name).expect("it is there"));
/// assert_eq!(diff(fifo.document(), fifo.document()), "no difference\n");
/// assert!(diff(fifo.document(), hold.document()).starts_with("policy_id: \"fifo\" → \"hold\""));
/// ```
pub fn diff(before: &Document, after: &Document) -> String {
    let mut comparison = Differences { before, after, text: String::new() };
    comparison.heads();
    comparison.parameters();
    comparison.nodes();
    match comparison.text {
        text if !text.is_empty() => text,
        _ if before.parameters == after.parameters => "no difference\n".to_owned(),
        _ => "no difference but in the order of the parameters\n".to_owned(),
    }
}

struct Differences<'d> {
    before: &'d Document,
    after: &'d Document,
    text: String,
}

/// Where a node stands.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Place<'d> {
    tree: Tree,
    /// The condition above it, and the branch of that; none for a root.
    above: Option<(&'d str, bool)>,
}

impl Place<'_> {
    fn told(self) -> String {
        match self.above {
            None => format!("the root of {}", self.tree.key()),
            Some((above, true)) => format!("below `{above}` if true"),
            Some((above, false)) => format!("below `{above}` if false"),
        }
    }
}

/// A node, and where it stands.
type Placed<'d> = (&'d Node, Place<'d>);

/// Returns all nodes in the order of the document.
fn placed(document: &Document) -> Vec<Placed<'_>> {
    let mut found = Vec::new();
    for tree in Tree::ALL {
        let root = document.tree(tree);
        let mut ahead: Vec<Placed<'_>> =
            root.into_iter().map(|node| (node, Place { tree, above: None })).collect();
        while let Some((node, place)) = ahead.pop() {
            found.push((node, place));
            if let Node::Condition(branch) = node {
                let below = |on| Place { tree, above: Some((branch.node_id.as_str(), on)) };
                ahead.push((&branch.on_false, below(false)));
                ahead.push((&branch.on_true, below(true)));
            }
        }
    }
    found
}

/// Nodes by their ids.
type ById<'d> = BTreeMap<&'d str, Placed<'d>>;

fn by_id<'d>(nodes: &[Placed<'d>]) -> ById<'d> {
    nodes.iter().map(|placed| (placed.0.id(), *placed)).collect()
}

fn by_name(document: &Document) -> BTreeMap<&str, f64> {
    document.parameters.iter().map(|(name, value)| (name.as_str(), *value)).collect()
}

impl Differences<'_> {
    fn say(&mut self, change: impl AsRef<str>) {
        let _ = writeln!(self.text, "{}", change.as_ref());
    }

    fn heads(&mut self) {
        let (before, after) = (self.before, self.after);
        let pairs = [
            ("policy_id", Some(&before.policy_id), Some(&after.policy_id)),
            ("version", Some(&before.version), Some(&after.version)),
            ("description", before.description.as_ref(), after.description.as_ref()),
        ];
        for (name, before, after) in pairs {
            match (before, after) {
                (Some(before), Some(after)) if before != after => {
                    self.say(format!("{name}: {before:?} → {after:?}"));
                }
                (None, Some(after)) => self.say(format!("{name} added: {after:?}")),
                (Some(before), None) => self.say(format!("{name} removed (was {before:?})")),
                _ => {}
            }
        }
    }

    fn parameters(&mut self) {
        let (before, after) = (by_name(self.before), by_name(self.after));
        for (name, old) in &self.before.parameters {
            let (shown, old_shown) = (word(name), plain(*old));
            match after.get(name.as_str()) {
                Some(new) if new.to_bits() != old.to_bits() => {
                    self.say(format!("parameter {shown}: {old_shown} → {}", plain(*new)));
                }
                Some(_) => {}
                None => self.say(format!("parameter {shown} removed (was {old_shown})")),
            }
        }
        for (name, new) in &self.after.parameters {
            if !before.contains_key(name.as_str()) {
                self.say(format!("parameter {} added: {}", word(name), plain(*new)));
            }
        }
    }

    fn nodes(&mut self) {
        let (before, after) = (placed(self.before), placed(self.after));
        for tree in Tree::ALL {
            let size = |nodes: &[Placed<'_>]| nodes.iter().filter(|it| it.1.tree == tree).count();
            match (size(&before), size(&after)) {
                (0, 0) => {}
                (0, nodes) => self.say(format!("{} added: {}", tree.key(), plural(nodes, "node"))),
                (nodes, 0) => {
                    self.say(format!("{} removed ({})", tree.key(), plural(nodes, "node")));
                }
                _ => {}
            }
        }
        let (ids_before, ids_after) = (by_id(&before), by_id(&after));
        for (node, place) in &before {
            if !ids_after.contains_key(node.id()) {
                self.say(format!("node `{}` removed (was {})", node.id(), place.told()));
            }
        }
        for (node, place) in &after {
            match ids_before.get(node.id()) {
                None => {
                    let what = Infix::new(self.after).node(node);
                    self.say(format!("node `{}` added, {}: {what}", node.id(), place.told()));
                }
                Some(old) => {
                    if old.1 != *place && !is_swapped(old.1, *place, &ids_before, &ids_after) {
                        let (to, from) = (place.told(), old.1.told());
                        self.say(format!("node `{}` moved: {to}, was {from}", node.id()));
                    }
                    self.node(old.0, node);
                }
            }
        }
    }

    /// Says what changes in a node that is in both.
    fn node(&mut self, old: &Node, new: &Node) {
        let id = new.id();
        let (infix_old, infix_new) = (Infix::new(self.before), Infix::new(self.after));
        match (old, new) {
            (Node::Condition(old), Node::Condition(new)) => {
                if old.condition != new.condition {
                    let old = infix_old.expression(&old.condition);
                    let new = infix_new.expression(&new.condition);
                    self.say(format!("node `{id}` asks {new}, asked {old}"));
                }
                let (on_true, on_false) = (new.on_true.id(), new.on_false.id());
                if (on_true, on_false) == (old.on_false.id(), old.on_true.id()) {
                    self.say(format!(
                        "node `{id}` has its branches exchanged: `{on_true}` if true, \
                         `{on_false}` if false"
                    ));
                }
            }
            (Node::Action(old), Node::Action(new)) if old.actions == new.actions => {}
            (Node::Action(old), Node::Action(new)) => {
                let (old, new) = (infix_old.leaf(old), infix_new.leaf(new));
                self.say(format!("node `{id}` does {new}, did {old}"));
            }
            (Node::Condition(_), Node::Action(new)) => {
                let new = infix_new.leaf(new);
                self.say(format!("node `{id}` is an action now and was a condition: {new}"));
            }
            (Node::Action(_), Node::Condition(new)) => {
                let new = infix_new.expression(&new.condition);
                self.say(format!("node `{id}` is a condition now and was an action: {new}"));
            }
        }
        match (old.description(), new.description()) {
            (old, new) if old == new => {}
            (_, Some(new)) => self.say(format!("node `{id}` has another description: {new:?}")),
            (_, None) => self.say(format!("node `{id}` has no description any more")),
        }
    }
}

/// Returns whether a node only changed sides with the other branch of the condition above it,
/// which is told there.
fn is_swapped(from: Place<'_>, to: Place<'_>, before: &ById<'_>, after: &ById<'_>) -> bool {
    let (Some((above, on)), Some((was_above, was_on))) = (to.above, from.above) else {
        return false;
    };
    let branches = |nodes: &ById<'_>| match nodes.get(above) {
        Some((Node::Condition(branch), _)) => {
            Some([&branch.on_true, &branch.on_false].map(|node| node.id().to_owned()))
        }
        _ => None,
    };
    let turned = |[on_true, on_false]: [String; 2]| [on_false, on_true];
    above == was_above && on != was_on && branches(after) == branches(before).map(turned)
}

#[cfg(test)]
mod tests;
