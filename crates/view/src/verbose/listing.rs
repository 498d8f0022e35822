//! A title, at most fifty rows, and how many were left out.

use std::cmp::Reverse;
use std::fmt::Write as _;

use crate::table::Grid;
use crate::text::count;

/// Most rows of any table.
const ROWS_MAX: usize = 50;

/// Returns the indices of the items with the largest sizes, at most `rows_max`, in the order of
/// the items (of equal sizes the first).
pub(super) fn largest<T>(items: &[T], rows_max: usize, size: impl Fn(&T) -> u64) -> Vec<usize> {
    let mut indices: Vec<usize> = (0..items.len()).collect();
    if items.len() > rows_max {
        indices
            .select_nth_unstable_by_key(rows_max, |index| (Reverse(size(&items[*index])), *index));
        indices.truncate(rows_max);
        indices.sort_unstable();
    }
    indices
}

/// Writes a section about items of some size: the title, the largest of them, what is left out.
/// Writes nothing where there is no item.
pub(super) fn write_largest<T>(
    text: &mut String,
    title: &str,
    mut grid: Grid,
    items: &[T],
    size: impl Fn(&T) -> u64,
    row: impl Fn(&T) -> Vec<String>,
) {
    if items.is_empty() {
        return;
    }
    let _ = writeln!(text, "{title}");
    for index in largest(items, ROWS_MAX, size) {
        grid.row(row(&items[index]));
    }
    grid.write_to(text);
    write_left_out(text, items.len(), ROWS_MAX);
}

/// Writes how many items were left out, if there were more than rows.
pub(super) fn write_left_out(text: &mut String, items: usize, rows_max: usize) {
    let left_out = items.saturating_sub(rows_max);
    if left_out > 0 {
        let _ = writeln!(text, "  … and {} more", count(left_out as u64));
    }
}
