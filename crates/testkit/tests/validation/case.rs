//! A case of the page: where it comes from, what is put in, what must come out and what does.

use std::fmt::Display;

/// A case with its results.
#[derive(Debug)]
pub(crate) struct Case {
    /// What it is called.
    pub(crate) title: &'static str,
    /// Who says what must come out.
    pub(crate) source: &'static str,
    /// The input, in Markdown.
    pub(crate) input: String,
    /// What was compared.
    pub(crate) rows: Vec<Row>,
    /// What a reader should know besides; may be empty.
    pub(crate) remark: &'static str,
}

/// One comparison. Amounts are whole numbers before they become text, so that equal texts are equal
/// amounts.
#[derive(Debug)]
pub(crate) struct Row {
    what: String,
    expected: String,
    obtained: String,
}

impl Row {
    /// `expected` never comes from the simulator.
    pub(crate) fn new(
        what: impl Into<String>,
        expected: impl Display,
        obtained: impl Display,
    ) -> Self {
        let (expected, obtained) = (expected.to_string(), obtained.to_string());
        Self { what: what.into(), expected, obtained }
    }

    /// Returns the row of the table.
    pub(crate) fn markdown(&self) -> String {
        format!("| {} | {} | {} |\n", self.what, self.expected, self.obtained)
    }

    /// Says what is wrong, if anything is.
    pub(crate) fn fault(&self) -> Option<String> {
        let Self { what, expected, obtained } = self;
        (expected != obtained).then(|| format!("{what}: expected {expected}, obtained {obtained}"))
    }
}

/// Returns a list for people, such as `(10, 20, 20)`.
pub(crate) fn tuple<T: Display>(items: impl IntoIterator<Item = T>) -> String {
    let items: Vec<String> = items.into_iter().map(|item| item.to_string()).collect();
    format!("({})", items.join(", "))
}

/// Returns a scenario and its payments as they stand in files.
pub(crate) fn files(scenario: &str, payments: &str) -> String {
    format!(
        "```yaml\n{}\n```\n\n`payments.csv`:\n\n```text\n{}\n```\n",
        scenario.trim(),
        payments.trim()
    )
}
