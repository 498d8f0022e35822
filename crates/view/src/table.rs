//! Aligned columns without lines: the one form of table in all reports.

use comfy_table::{CellAlignment, Table, presets};

/// Rows of cells, set out in columns two blanks apart and indented by two.
#[derive(Debug)]
pub struct Grid {
    table: Table,
    /// One letter a column: `l` for text, `r` for numbers.
    columns: String,
}

impl Grid {
    /// Returns an empty grid; `columns` has a letter for each column: `l` left, `r` right.
    pub fn new(columns: impl Into<String>) -> Self {
        let mut table = Table::new();
        table.load_style(presets::NOTHING);
        Self { table, columns: columns.into() }
    }

    /// Adds a row.
    pub fn row<C: Into<String>>(&mut self, cells: impl IntoIterator<Item = C>) {
        self.table.add_row(cells.into_iter().map(C::into).collect::<Vec<String>>());
    }

    /// Appends the rows to a page.
    pub fn write_to(mut self, page: &mut String) {
        for (index, letter) in self.columns.chars().enumerate() {
            if let Some(column) = self.table.column_mut(index) {
                column.set_padding((2, 0));
                column.set_cell_alignment(match letter {
                    'r' => CellAlignment::Right,
                    _ => CellAlignment::Left,
                });
            }
        }
        for line in self.table.lines() {
            page.push_str(line.trim_end());
            page.push('\n');
        }
    }
}
