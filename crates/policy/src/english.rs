//! Policies in sentences.

mod conditions;
mod numbers;
mod orders;
mod phrases;

use std::fmt::Write;

use crate::document::{Branch, Document, Node};
use crate::prose::{self, wrapped};
use crate::tree::Tree;
use numbers::Numbers;

/// Returns what a policy does in plain English: a sentence for a small tree, nested lists for a
/// large one. Amounts are in minor units.
///
/// ```
/// use psim_policy::{english, library};
///
/// let policy = library::named("fifo").expect("the library has it");
/// assert_eq!(english(policy.document()), "Payment tree: release it.\n");
/// ```
pub fn english(document: &Document) -> String {
    let numbers = Numbers(document);
    let trees = Tree::ALL.into_iter().filter_map(|tree| Some((tree, document.tree(tree)?)));
    let told: Vec<String> = trees.map(|(tree, root)| tell(numbers, tree, root)).collect();
    if told.is_empty() {
        return "Every payment is released at once.\n".to_owned();
    }
    told.join("\n")
}

/// Returns what a tree is called in sentences.
pub(crate) const fn name(tree: Tree) -> &'static str {
    match tree {
        Tree::Payment => "Payment tree",
        Tree::Bank => "Bank tree",
        Tree::StrategicCollateral => "Strategic collateral tree",
        Tree::EndOfTickCollateral => "End-of-tick collateral tree",
    }
}

fn tell(numbers: Numbers<'_>, tree: Tree, root: &Node) -> String {
    let mut teller = Teller { numbers, text: format!("{}:", name(tree)) };
    match root {
        Node::Action(leaf) => {
            let order = numbers.order(leaf);
            teller.go_on(&format!("{order}.{}", remark(leaf.description.as_deref())));
        }
        Node::Condition(branch) => match (&branch.on_true, &branch.on_false) {
            (Node::Action(on_true), Node::Action(on_false))
                if [&branch.description, &on_true.description, &on_false.description]
                    .iter()
                    .all(|description| description.is_none()) =>
            {
                let condition = numbers.clause(&branch.condition, true);
                let (on_true, on_false) = (numbers.order(on_true), numbers.order(on_false));
                teller.go_on(&format!("if {condition}, {on_true}; otherwise {on_false}."));
            }
            _ => {
                teller.text.push('\n');
                teller.branch(branch, 0);
            }
        },
    }
    teller.text
}

struct Teller<'d> {
    numbers: Numbers<'d>,
    text: String,
}

impl Teller<'_> {
    /// Goes on in the line that the text ends with.
    fn go_on(&mut self, sentence: &str) {
        let line = std::mem::take(&mut self.text);
        self.text = wrapped(&format!("{line} {sentence}"), 0).join("\n") + "\n";
    }

    /// Tells a branch as items of a list; each further condition of a chain is an item of it.
    fn branch(&mut self, branch: &Branch, depth: usize) {
        let mut opening = "If";
        let mut branch = branch;
        loop {
            let condition = self.numbers.clause(&branch.condition, true);
            let remark = remark(branch.description.as_deref());
            let opened = format!("{opening} {condition}");
            self.way(&branch.on_true, (&opened, ","), &remark, depth);
            match &branch.on_false {
                Node::Condition(next) => (opening, branch) = ("Otherwise, if", next),
                node @ Node::Action(_) => return self.way(node, ("Otherwise", ","), "", depth),
            }
        }
    }

    fn way(&mut self, node: &Node, (opening, comma): (&str, &str), note: &str, depth: usize) {
        match node {
            Node::Action(leaf) => {
                let order = self.numbers.order(leaf);
                let own = remark(leaf.description.as_deref());
                self.item(&format!("{opening}{comma} {order}.{note}{own}"), depth);
            }
            Node::Condition(below) => {
                self.item(&format!("{opening}:{note}"), depth);
                self.branch(below, depth + 1);
            }
        }
    }

    fn item(&mut self, sentence: &str, depth: usize) {
        let indent = 2 * depth;
        for (index, line) in wrapped(sentence, indent + 2).into_iter().enumerate() {
            let mark = if index == 0 { "- " } else { "  " };
            let _ = writeln!(self.text, "{:indent$}{mark}{line}", "");
        }
    }
}

/// Returns what the author of a node says of it, in brackets.
fn remark(description: Option<&str>) -> String {
    match description {
        Some(description) if !description.trim().is_empty() => {
            let lines: Vec<String> = prose::lines(description).collect();
            format!(" [{}]", lines.join(" ").trim())
        }
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests;
