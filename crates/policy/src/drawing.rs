//! Trees drawn with lines.

use std::fmt::Write;

use crate::document::{Document, Node};
use crate::infix::Infix;
use crate::prose::{self, plain, word, wrapped};
use crate::tree::Tree;

/// Returns a policy's name, version, description and parameters, one a line.
pub fn title(document: &Document) -> String {
    let mut text = format!("{} (version {})\n", document.policy_id, document.version);
    if let Some(description) = &document.description {
        for line in prose::lines(description).flat_map(|line| wrapped(&line, 0)) {
            let _ = writeln!(text, "{line}");
        }
    }
    for (name, value) in &document.parameters {
        let _ = writeln!(text, "  {} = {}", word(name), plain(*value));
    }
    text
}

/// Returns the trees of a policy, drawn with lines, conditions and actions as formulas:
///
/// ```text
/// payment_tree
/// └─ is_urgent: ticks_to_deadline <= urgency_threshold (5)
///    ├─ true: release: Release
///    └─ false: wait: Hold reason=NearDeadline
/// ```
pub fn drawing(document: &Document) -> String {
    let trees = Tree::ALL.into_iter().filter(|tree| document.tree(*tree).is_some());
    let drawn: Vec<String> = trees
        .map(|tree| {
            let lines = lines(document, tree, 0);
            lines.into_iter().fold(String::new(), |text, line| text + &line.text + "\n")
        })
        .collect();
    if drawn.is_empty() { NO_TREE.to_owned() } else { drawn.join("\n") }
}

/// What is said of a document without any tree.
pub(crate) const NO_TREE: &str = "no tree: every payment is released at once\n";

/// A line of a drawn tree.
pub(crate) struct Line<'d> {
    pub(crate) text: String,
    /// The node that begins here; none in the title, and where a line goes on.
    pub(crate) node: Option<&'d Node>,
    /// Whether it is the tree's key.
    pub(crate) is_title: bool,
}

/// Draws a tree, its key on top, to be shown behind a margin of so many columns; nothing if the
/// document has none.
pub(crate) fn lines(document: &Document, tree: Tree, margin: usize) -> Vec<Line<'_>> {
    let Some(root) = document.tree(tree) else { return Vec::new() };
    let mut pen = Pen { infix: Infix::new(document), margin, lines: Vec::new() };
    pen.lines.push(Line { text: tree.key().to_owned(), node: None, is_title: true });
    pen.node(root, "", "└─ ", "   ");
    pen.lines
}

struct Pen<'d> {
    infix: Infix<'d>,
    margin: usize,
    lines: Vec<Line<'d>>,
}

impl<'d> Pen<'d> {
    /// Draws a node behind `first`, and all below it behind `rest`.
    fn node(&mut self, node: &'d Node, way: &str, first: &str, rest: &str) {
        let text = format!("{way}{}: {}", node.id(), self.infix.node(node));
        let below = matches!(node, Node::Condition(_));
        let hanging = format!("{rest}{}", if below { "│    " } else { "  " });
        let indent = self.margin + hanging.chars().count();
        for (index, line) in wrapped(&text, indent).into_iter().enumerate() {
            let text = if index == 0 { format!("{first}{line}") } else { hanging.clone() + &line };
            let node = (index == 0).then_some(node);
            self.lines.push(Line { text, node, is_title: false });
        }
        if let Node::Condition(branch) = node {
            self.node(&branch.on_true, "true: ", &format!("{rest}├─ "), &format!("{rest}│  "));
            self.node(&branch.on_false, "false: ", &format!("{rest}└─ "), &format!("{rest}   "));
        }
    }
}

#[cfg(test)]
mod tests;
