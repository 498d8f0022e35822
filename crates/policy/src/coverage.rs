//! How often each node of a policy was come to.

use std::collections::BTreeMap;
use std::fmt::Write;

use crate::document::{Branch, Document, Node};
use crate::drawing::{self, NO_TREE};
use crate::json::Json;
use crate::prose::{count, plural, wrapped};
use crate::tree::Tree;

/// Counts the ways that were taken through the trees of a policy, from their texts.
#[derive(Clone, Debug, PartialEq)]
pub struct Coverage {
    document: Document,
    /// By the place of a node among [`Document::nodes`].
    nodes: Vec<Taken>,
    /// The places of the nodes by their ids.
    places: BTreeMap<String, usize>,
    /// Ways that no tree of the document has.
    strange: u64,
}

/// How often a node was come to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Taken {
    /// In all.
    pub times: u64,
    /// And went on to the true branch.
    pub on_true: u64,
    /// And went on to the false branch.
    pub on_false: u64,
    /// And ended there in a fault.
    pub faults: u64,
}

impl Coverage {
    /// Begins to count.
    pub fn new(document: &Document) -> Self {
        let ids = document.nodes().map(|(_, node)| node.id().to_owned());
        let places: BTreeMap<String, usize> = ids.zip(0..).collect();
        let nodes = vec![Taken::default(); places.len()];
        Self { document: document.clone(), nodes, places, strange: 0 }
    }

    /// Returns the document.
    pub const fn document(&self) -> &Document {
        &self.document
    }

    /// Counts a way, as [`Policy::path`](crate::Policy::path) writes it, that was taken so many
    /// times, and whether it ended in a fault; one that ends at a condition did. Returns its tree,
    /// or `None` if the document has no such way.
    pub fn record(&mut self, path: &str, times: u64, is_fault: bool) -> Option<Tree> {
        for tree in Tree::ALL {
            let steps = self.document.tree(tree).and_then(|root| steps(root, path));
            if let Some(steps) = steps {
                for (node, went) in steps {
                    let Some(place) = self.places.get(node.id()) else { continue };
                    let taken = &mut self.nodes[*place];
                    taken.times += times;
                    match went {
                        Some(true) => taken.on_true += times,
                        Some(false) => taken.on_false += times,
                        None if is_fault || matches!(node, Node::Condition(_)) => {
                            taken.faults += times;
                        }
                        None => {}
                    }
                }
                return Some(tree);
            }
        }
        self.strange += times;
        None
    }

    /// Returns how often a node was come to.
    pub fn taken(&self, node_id: &str) -> Taken {
        self.places.get(node_id).map_or_else(Taken::default, |place| self.nodes[*place])
    }

    /// Returns how often a tree was evaluated.
    pub fn evaluations(&self, tree: Tree) -> u64 {
        self.document.tree(tree).map_or(0, |root| self.taken(root.id()).times)
    }

    /// Returns how many ways were counted that no tree of the document has.
    pub const fn strange(&self) -> u64 {
        self.strange
    }

    /// Visits the nodes that were never come to, in the order of the document.
    pub fn never_taken(&self) -> impl Iterator<Item = &str> {
        let ids = self.document.nodes().map(|(_, node)| node.id());
        ids.filter(|id| self.taken(id).times == 0)
    }

    /// Visits the nodes that ended in a fault whenever they were come to, in the order of the
    /// document.
    pub fn only_faulted(&self) -> impl Iterator<Item = &str> {
        let ids = self.document.nodes().map(|(_, node)| node.id());
        ids.filter(|id| {
            let taken = self.taken(id);
            taken.faults > 0 && taken.faults == taken.times
        })
    }

    /// Returns the drawn trees, before each node how often it was come to and which share of the
    /// evaluations of its tree that is; then the nodes that never were, or only to fail.
    pub fn to_text(&self) -> String {
        let mut text = String::new();
        let trees = Tree::ALL.into_iter().filter(|tree| self.document.tree(*tree).is_some());
        for (index, tree) in trees.enumerate() {
            text.push_str(if index > 0 { "\n" } else { "" });
            self.write_tree(tree, &mut text);
        }
        if text.is_empty() {
            text.push_str(NO_TREE);
        }
        text.push('\n');
        self.write_conclusion(&mut text);
        text
    }

    fn write_tree(&self, tree: Tree, text: &mut String) {
        let evaluations = self.evaluations(tree);
        let width = count(evaluations).len().max("times".len());
        let margin = width + "  100.00 %  ".len();
        for line in drawing::lines(&self.document, tree, margin) {
            let Some(node) = line.node else {
                let blank = if line.is_title { "times" } else { "" };
                let share = if line.is_title { "share" } else { "" };
                let _ = writeln!(text, "{blank:>width$}  {share:>8}  {}", line.text);
                continue;
            };
            let taken = self.taken(node.id());
            let share = match taken.times {
                0 => "NEVER".to_owned(),
                times => percent(times, evaluations),
            };
            let _ = write!(text, "{:>width$}  {share:>8}  {}", count(taken.times), line.text);
            match taken.faults {
                0 => {}
                faults => {
                    let _ = write!(text, "  ({} ended here in a fault)", count(faults));
                }
            }
            text.push('\n');
        }
    }

    fn write_conclusion(&self, text: &mut String) {
        let never: Vec<&str> = self.never_taken().collect();
        let nodes = plural(self.nodes.len(), "node");
        if never.is_empty() {
            let were = if self.nodes.len() == 1 { "was" } else { "were" };
            let _ = writeln!(text, "all {nodes} {were} taken");
        } else {
            write_list(&format!("never taken, {} of {nodes}", never.len()), &never, text);
        }
        let faulted: Vec<&str> = self.only_faulted().collect();
        if !faulted.is_empty() {
            let title = format!("ended in a fault each time, {} of {nodes}", faulted.len());
            write_list(&title, &faulted, text);
        }
        if self.strange > 0 {
            let strange = count(self.strange);
            let _ = writeln!(text, "ways that no tree of this document has: {strange}");
        }
    }

    /// Returns the same as JSON.
    pub fn to_json(&self) -> Json {
        let nodes = self.document.nodes().map(|(tree, node)| self.node_json(tree, node));
        let evaluations = Tree::ALL.into_iter().filter(|tree| self.document.tree(*tree).is_some());
        let evaluations =
            evaluations.map(|tree| (tree.key().to_owned(), number(self.evaluations(tree))));
        Json::object([
            ("policy_id", Json::text(&self.document.policy_id)),
            ("evaluations", Json::Object(evaluations.collect())),
            ("nodes", Json::List(nodes.collect())),
            ("never_taken", Json::List(self.never_taken().map(Json::text).collect())),
            ("only_faulted", Json::List(self.only_faulted().map(Json::text).collect())),
            ("strange", number(self.strange)),
        ])
    }

    fn node_json(&self, tree: Tree, node: &Node) -> Json {
        let taken = self.taken(node.id());
        let mut entries = vec![
            ("node_id", Json::text(node.id())),
            ("tree", Json::text(tree.key())),
            ("times", number(taken.times)),
        ];
        if let Node::Condition(_) = node {
            entries.push(("on_true", number(taken.on_true)));
            entries.push(("on_false", number(taken.on_false)));
        }
        entries.push(("faults", number(taken.faults)));
        Json::object(entries)
    }
}

fn write_list(title: &str, ids: &[&str], text: &mut String) {
    let ids: Vec<String> = ids.iter().map(|id| format!("`{id}`")).collect();
    for line in wrapped(&format!("{title}: {}", ids.join(", ")), 0) {
        let _ = writeln!(text, "{line}");
    }
}

fn number(count: u64) -> Json {
    Json::Number(count as f64)
}

/// Returns a share with two decimals; only the whole is shown as 100 %, and nothing else as 0 %.
fn percent(part: u64, whole: u64) -> String {
    let half_hundredths = u128::from(part) * 20_000 / u128::from(whole.max(1));
    let rounded = half_hundredths.div_ceil(2);
    let most = if part < whole { 9_999 } else { 10_000 };
    let shown = rounded.clamp(1, most);
    format!("{}.{:02} %", shown / 100, shown % 100)
}

/// A node that was come to, and the branch that was taken there.
type StepTaken<'d> = (&'d Node, Option<bool>);

/// Walks a tree along a text. Ids may hold anything, so that only the tree knows where one ends.
fn steps<'d>(root: &'d Node, path: &str) -> Option<Vec<StepTaken<'d>>> {
    let mut steps = Vec::new();
    let mut rest = path;
    let mut node = root;
    loop {
        rest = rest.strip_prefix(node.id())?;
        if rest.is_empty() {
            steps.push((node, None));
            return Some(steps);
        }
        let Node::Condition(branch) = node else { return None };
        let (on, after) = turn(rest)?;
        steps.push((node, Some(on)));
        (node, rest) = (way(branch, on), after);
    }
}

fn turn(text: &str) -> Option<(bool, &str)> {
    match text.strip_prefix("(true) → ") {
        Some(rest) => Some((true, rest)),
        None => text.strip_prefix("(false) → ").map(|rest| (false, rest)),
    }
}

fn way(branch: &Branch, on: bool) -> &Node {
    if on { &branch.on_true } else { &branch.on_false }
}

#[cfg(test)]
mod tests;
