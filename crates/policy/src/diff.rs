//! What differs between two policies, in words.

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
/// assert!(diff(fifo.document(), hold.document()).contains("node `hold` added"));
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

fn find<'d>(nodes: &[Placed<'d>], id: &str) -> Option<Placed<'d>> {
    nodes.iter().find(|(node, _)| node.id() == id).copied()
}

impl<'d> Differences<'d> {
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
        for (name, old) in &self.before.parameters {
            let (shown, old_shown) = (word(name), plain(*old));
            match self.after.parameter(name) {
                Some(new) if new.to_bits() != old.to_bits() => {
                    self.say(format!("parameter {shown}: {old_shown} → {}", plain(new)));
                }
                Some(_) => {}
                None => self.say(format!("parameter {shown} removed (was {old_shown})")),
            }
        }
        for (name, new) in &self.after.parameters {
            if self.before.parameter(name).is_none() {
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
        for (node, place) in &before {
            if find(&after, node.id()).is_none() {
                self.say(format!("node `{}` removed (was {})", node.id(), place.told()));
            }
        }
        for (node, place) in &after {
            match find(&before, node.id()) {
                None => {
                    let what = Infix::new(self.after).node(node);
                    self.say(format!("node `{}` added, {}: {what}", node.id(), place.told()));
                }
                Some(old) => self.node(old, (node, *place), &before),
            }
        }
    }

    /// Says what changes at a node that is in both.
    fn node(&mut self, (old, from): Placed<'d>, (new, to): Placed<'d>, before: &[Placed<'d>]) {
        let id = new.id();
        if from != to && !is_swapped(to, from, before, self.after) {
            self.say(format!("node `{id}` moved: {}, was {}", to.told(), from.told()));
        }
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
fn is_swapped(to: Place<'_>, from: Place<'_>, before: &[Placed<'_>], after: &Document) -> bool {
    let (Some((above, on)), Some((was_above, was_on))) = (to.above, from.above) else {
        return false;
    };
    if above != was_above || on == was_on {
        return false;
    }
    let new = after.nodes().find(|(_, node)| node.id() == above).map(|(_, node)| node);
    match (find(before, above), new) {
        (Some((Node::Condition(old), _)), Some(Node::Condition(new))) => {
            new.on_true.id() == old.on_false.id() && new.on_false.id() == old.on_true.id()
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests;
