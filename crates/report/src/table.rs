//! Tables as people read them: of texts, all formatted.

use std::fmt::Write as _;

use psim_view::{Grid, count};
use serde::Serialize;

/// A table with its title.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Table {
    /// Names it among all.
    pub(crate) id: String,
    pub(crate) title: String,
    /// What is to be known to read it; may be empty.
    pub(crate) about: String,
    pub(crate) columns: Vec<Column>,
    pub(crate) rows: Vec<Vec<String>>,
}

/// A column of a table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Column {
    pub(crate) label: String,
    pub(crate) align: Align,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Align {
    Left,
    Right,
}

impl Table {
    /// Returns a table without rows; of the columns, the first `texts` are texts, the others
    /// numbers.
    pub(crate) fn new<const N: usize>(
        id: &str,
        title: &str,
        texts: usize,
        labels: [&str; N],
    ) -> Self {
        Self::with_labels(id, title, texts, labels.map(str::to_owned))
    }

    /// Returns the same with labels that are not known before.
    pub(crate) fn with_labels(
        id: &str,
        title: &str,
        texts: usize,
        labels: impl IntoIterator<Item = String>,
    ) -> Self {
        let columns = labels.into_iter().enumerate().map(|(index, label)| Column {
            label,
            align: if index < texts { Align::Left } else { Align::Right },
        });
        Self {
            id: id.to_owned(),
            title: title.to_owned(),
            about: String::new(),
            columns: columns.collect(),
            rows: Vec::new(),
        }
    }

    #[must_use]
    pub(crate) fn about(mut self, about: &str) -> Self {
        about.clone_into(&mut self.about);
        self
    }

    pub(crate) fn row<const N: usize>(&mut self, cells: [String; N]) {
        debug_assert_eq!(N, self.columns.len(), "{}", self.id);
        self.rows.push(cells.into());
    }

    /// Appends the title and the first rows to a page, and how many more there are.
    pub(crate) fn write_to(&self, page: &mut String, rows_max: usize) {
        page.push('\n');
        page.push_str(&self.title);
        page.push('\n');
        let letters = self.columns.iter().map(|column| match column.align {
            Align::Left => 'l',
            Align::Right => 'r',
        });
        let mut grid = Grid::new(letters.collect::<String>());
        grid.row(self.columns.iter().map(|column| column.label.as_str()));
        for row in self.rows.iter().take(rows_max) {
            grid.row(row.iter().map(String::as_str));
        }
        grid.write_to(page);
        if let Some(more) = self.rows.len().checked_sub(rows_max).filter(|more| *more > 0) {
            let _ = writeln!(page, "  and {} more", count(more as u64));
        }
    }
}
