//! A page: a title, the intent, the parameters, and for each tree a table of situations.

use psim_policy::{Document, Node, Policy, Tree};

use crate::situation::Situation;

/// A line of the page, and what is wrong there.
pub(crate) type Fault = (usize, String);

/// What stands on a page.
#[derive(Debug)]
pub(crate) struct Page {
    title: Paragraph,
    intent: Paragraph,
    parameters: Paragraph,
    sections: Vec<Section>,
}

/// Lines of text.
#[derive(Debug)]
struct Paragraph {
    line: usize,
    text: String,
}

/// What is said of a tree.
#[derive(Debug)]
struct Section {
    line: usize,
    tree: Tree,
    situations: Vec<Situation>,
}

const COLUMNS: [&str; 4] = ["situation", "fields", "decision", "path"];

impl Page {
    /// Reads a page.
    pub(crate) fn read(text: &str) -> Result<Self, Fault> {
        let mut blocks = blocks(text).into_iter();
        let mut next = |what: &str| {
            blocks.next().ok_or_else(|| (text.lines().count(), format!("{what} is missing")))
        };
        let title = paragraph(&next("the title")?);
        let intent = paragraph(&next("the intent")?);
        let parameters = paragraph(&next("the line of parameters")?);
        let mut sections = Vec::new();
        while let Some(heading) = blocks.next() {
            let Paragraph { line, text } = paragraph(&heading);
            let Some(name) = text.strip_prefix("## ") else {
                return Err((line, "only tables by tree stand below the parameters".to_owned()));
            };
            let tree = Tree::ALL.into_iter().find(|tree| tree.key() == name);
            let tree = tree.ok_or_else(|| (line, format!("no tree is called `{name}`")))?;
            let Some(table) = blocks.next() else {
                return Err((line, "a tree has a table".to_owned()));
            };
            sections.push(Section { line, tree, situations: situations(&table)? });
        }
        Ok(Self { title, intent, parameters, sections })
    }

    /// Returns everything in which the page and the policy differ.
    pub(crate) fn faults(&self, policy: &Policy) -> Vec<Fault> {
        let mut faults = Vec::new();
        let document = policy.document();
        if self.title.text != format!("# {}", policy.id()) {
            faults.push((self.title.line, format!("the policy is `{}`", policy.id())));
        }
        let intent = document.description.as_deref().unwrap_or_default();
        if self.intent.text != intent {
            faults.push((self.intent.line, format!("the intent of the document is\n{intent}")));
        }
        let parameters = parameters(document);
        if self.parameters.text != parameters {
            faults.push((self.parameters.line, format!("the document says\n{parameters}")));
        }
        for tree in Tree::ALL.into_iter().filter(|tree| policy.has(*tree)) {
            if !self.sections.iter().any(|section| section.tree == tree) {
                faults.push((1, format!("nothing is said of the {}", tree.key())));
            }
        }
        for section in &self.sections {
            section.compare(policy, &mut faults);
        }
        faults
    }
}

impl Section {
    fn compare(&self, policy: &Policy, faults: &mut Vec<Fault>) {
        let Some(root) = policy.document().tree(self.tree) else {
            return faults.push((self.line, "the policy has no such tree".to_owned()));
        };
        let mut shown = Vec::new();
        for situation in &self.situations {
            let found = situation.decide(policy, self.tree);
            faults.extend(found.faults.into_iter().map(|fault| (situation.line, fault)));
            shown.push(found.leaf);
        }
        for leaf in root.below().filter(|node| matches!(node, Node::Action(_))).map(Node::id) {
            if !shown.iter().any(|shown| shown == leaf) {
                faults.push((self.line, format!("no situation leads to `{leaf}`")));
            }
        }
    }
}

/// Returns the line that a page has about parameters.
fn parameters(document: &Document) -> String {
    let parameters = document.parameters.iter().map(|(name, value)| format!("`{name}` {value}"));
    let parameters: Vec<String> = parameters.collect();
    if parameters.is_empty() {
        return "It has no parameters.".to_owned();
    }
    format!("Parameters: {}.", parameters.join(", "))
}

/// Lines that stand together, with their places.
type Block<'t> = Vec<(usize, &'t str)>;

/// Splits a text where lines are empty.
fn blocks(text: &str) -> Vec<Block<'_>> {
    let mut blocks: Vec<Block<'_>> = vec![Vec::new()];
    for (number, line) in (1..).zip(text.lines()) {
        if line.trim().is_empty() {
            blocks.push(Vec::new());
        } else if let Some(block) = blocks.last_mut() {
            block.push((number, line));
        }
    }
    blocks.retain(|block| !block.is_empty());
    blocks
}

fn paragraph(block: &Block<'_>) -> Paragraph {
    let words: Vec<&str> = block.iter().flat_map(|(_, line)| line.split_whitespace()).collect();
    Paragraph { line: block[0].0, text: words.join(" ") }
}

/// Reads a table.
fn situations(table: &Block<'_>) -> Result<Vec<Situation>, Fault> {
    let cells = |line: &str| -> Vec<String> {
        let inner = line.trim().trim_start_matches('|').trim_end_matches('|');
        inner.split('|').map(|cell| cell.trim().to_owned()).collect()
    };
    let (line, header) = table[0];
    if cells(header) != COLUMNS || table.len() < 3 {
        let fault = format!("a table has the columns {}, and a row", COLUMNS.join(", "));
        return Err((line, fault));
    }
    let rows = table[2..].iter().map(|(line, row)| match <[String; 4]>::try_from(cells(row)) {
        Ok(cells) => Situation::read(*line, cells).map_err(|fault| (*line, fault)),
        Err(_) => Err((*line, "a row has four cells".to_owned())),
    });
    rows.collect()
}
