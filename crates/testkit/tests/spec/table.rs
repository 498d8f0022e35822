//! A Markdown table: a caption, a header, rows of as many cells.

use crate::fault::{Fault, fault};

/// A table, with the places of its lines in the document.
#[derive(Debug)]
pub(crate) struct Table {
    /// The last line of text above it.
    pub(crate) caption: String,
    /// Line of its header.
    pub(crate) line: usize,
    pub(crate) header: Vec<String>,
    pub(crate) rows: Vec<Row>,
}

/// A line of a table.
#[derive(Debug)]
pub(crate) struct Row {
    pub(crate) line: usize,
    cells: Vec<String>,
}

impl Table {
    /// Reads the lines of a table; there is at least one.
    pub(crate) fn read(caption: &str, lines: &[(usize, &str)]) -> Result<Self, Fault> {
        let mut rows = lines.iter().map(|(line, text)| Row { line: *line, cells: cells(text) });
        let header = rows.next().expect("Condition failed: a table has a line");
        let is_rule = |row: &Row| row.cells.iter().all(|cell| cell.starts_with("--"));
        if !rows.next().as_ref().is_some_and(is_rule) {
            return fault(header.line, "the header of a table is followed by `| --- |`");
        }
        let rows: Vec<Row> = rows.collect();
        let width = header.cells.len();
        if let Some(row) = rows.iter().find(|row| row.cells.len() != width) {
            let found = row.cells.len();
            return fault(row.line, format!("{found} cells under a header of {width}"));
        }
        Ok(Self { caption: caption.to_owned(), line: header.line, header: header.cells, rows })
    }
}

impl Row {
    /// Returns what a cell says, `None` if it is empty.
    pub(crate) fn get(&self, column: usize) -> Option<&str> {
        self.cells.get(column).map(String::as_str).filter(|cell| !cell.is_empty())
    }
}

fn cells(line: &str) -> Vec<String> {
    let line = line.trim();
    let inner = line.strip_prefix('|').unwrap_or(line);
    let inner = inner.strip_suffix('|').unwrap_or(inner);
    inner.split('|').map(|cell| cell.replace('`', "").trim().to_owned()).collect()
}

/// Returns a cell without the commas of a number such as `1,000`; other cells stay as they are.
pub(crate) fn plain(cell: &str) -> String {
    let is_number = cell.bytes().all(|byte| byte.is_ascii_digit() || b"-,".contains(&byte));
    if is_number { cell.replace(',', "") } else { cell.to_owned() }
}
