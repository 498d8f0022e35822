//! Markdown into sections: each heading, the scenarios under it and its tables.
//!
//! Reads what the documents use and no more: `#` headings, fenced blocks, tables whose lines begin
//! with `|`. Blocks in other languages than `yaml` are prose.

use crate::fault::{Fault, fault};
use crate::table::Table;

/// What stands under one heading, up to the next of any level.
#[derive(Debug)]
pub(crate) struct Section {
    pub(crate) title: String,
    pub(crate) line: usize,
    pub(crate) scenarios: Vec<Block>,
    pub(crate) tables: Vec<Table>,
}

/// The content of a fenced `yaml` block.
#[derive(Debug)]
pub(crate) struct Block {
    /// Line of the document that its first line is.
    pub(crate) line: usize,
    pub(crate) text: String,
}

impl Section {
    fn new(title: &str, line: usize) -> Self {
        Self { title: title.to_owned(), line, scenarios: Vec::new(), tables: Vec::new() }
    }
}

/// Splits a document into its sections.
pub(crate) fn sections(text: &str) -> Result<Vec<Section>, Fault> {
    let mut lines = (1..).zip(text.lines()).peekable();
    let mut sections = vec![Section::new("before the first heading", 1)];
    let mut caption = "";
    while let Some((number, line)) = lines.next() {
        let heading = line.trim_start_matches('#');
        if heading.len() < line.len() && heading.starts_with(' ') {
            sections.push(Section::new(heading.trim(), number));
        }
        let section = sections.last_mut().expect("Invariant: there is always a section");
        if let Some((fence, language)) = opened_fence(line) {
            let mut content = String::new();
            loop {
                match lines.next() {
                    None => return fault(number, "the block is never closed"),
                    Some((_, line)) if is_closed_by(line, fence) => break,
                    Some((_, line)) => content.extend([line, "\n"]),
                }
            }
            if language == "yaml" {
                section.scenarios.push(Block { line: number + 1, text: content });
            }
        } else if line.starts_with('|') {
            let mut table = vec![(number, line)];
            while let Some(row) = lines.next_if(|(_, line)| line.starts_with('|')) {
                table.push(row);
            }
            section.tables.push(Table::read(caption, &table)?);
        }
        if !line.trim().is_empty() {
            caption = line.trim();
        }
    }
    Ok(sections)
}

/// Returns the length of a fence and the language of the block that it opens.
fn opened_fence(line: &str) -> Option<(usize, &str)> {
    let language = line.trim_start_matches('`');
    let fence = line.len() - language.len();
    (fence >= 3).then(|| (fence, language.trim()))
}

fn is_closed_by(line: &str, fence: usize) -> bool {
    line.len() >= fence && line.bytes().all(|byte| byte == b'`')
}
