//! Rows of the performance page.

use std::fmt::Write as _;

/// A table in Markdown.
pub(crate) struct Table {
    text: String,
}

impl Table {
    pub(crate) fn new(title: &str, note: &str, columns: &[&str]) -> Self {
        let mut text = format!("## {title}\n\n{note}\n\n");
        let _ = writeln!(text, "| {} |", columns.join(" | "));
        let rule = vec!["---"; columns.len()].join(" | ");
        let _ = writeln!(text, "| {rule} |");
        Self { text }
    }

    pub(crate) fn row(&mut self, cells: &[&str]) {
        let _ = writeln!(self.text, "| {} |", cells.join(" | "));
    }

    /// A row whose figure has a bound it should keep.
    pub(crate) fn bounded(&mut self, name: &str, figure: f64, most: f64, detail: &str) {
        let verdict = if figure <= most { "kept" } else { "**missed**" };
        self.row(&[name, &format!("{figure:.2}"), &format!("{most:.2}"), verdict, detail]);
    }

    pub(crate) fn finish(self) -> String {
        self.text
    }
}
