//! The table of payments of an example, turned into the file that its scenario reads.

use crate::fault::{Fault, fault};
use crate::table::{Table, plain};

/// The name under which a scenario finds the table.
pub(crate) const FILE: &str = "payments.csv";

/// What the table calls a column, and what the file does.
const COLUMNS: &[(&str, &str)] = &[
    ("payment", "id"),
    ("day", "day"),
    ("tick", "tick"),
    ("time", "time"),
    ("from", "sender"),
    ("to", "receiver"),
    ("amount", "amount"),
    ("deadline", "deadline_tick"),
    ("earliest", "earliest_tick"),
    ("priority", "priority"),
    ("class", "rtgs_priority"),
    ("divisible", "divisible"),
];

/// Returns the table as CSV.
pub(crate) fn csv(table: &Table) -> Result<String, Fault> {
    let mut names = Vec::new();
    for header in &table.header {
        match COLUMNS.iter().find(|(shown, _)| shown == header) {
            Some((_, name)) => names.push(*name),
            None => return fault(table.line, format!("payments have no column `{header}`")),
        }
    }
    let mut text = names.join(",") + "\n";
    for row in &table.rows {
        let cells = (0..names.len()).map(|column| plain(row.get(column).unwrap_or_default()));
        let cells: Vec<String> = cells.collect();
        text += &(cells.join(",") + "\n");
    }
    Ok(text)
}
