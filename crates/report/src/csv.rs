//! All measures as tables for programs: whatever the JSON form has, as rows.
//!
//! Plain figures become rows of one table, `measures`, under their path. A list of objects becomes
//! a table of its own, named by its path, a list within its rows another one that repeats what
//! names the row. A list of plain figures has its index as a column.

use serde_json::{Map, Value};

/// A table in CSV.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CsvTable {
    /// Its name, which is that of its file without the ending.
    pub name: String,
    /// Lines of comma-separated fields, the first of which names the columns.
    pub text: String,
}

/// The names of all tables that a run may have; those without rows are left out.
pub const TABLES: [&str; 32] = [
    "blocks_episodes",
    "concentration_agents",
    "concentration_largest_links",
    "concentration_out_degrees",
    "costs_by_agent",
    "costs_by_class",
    "costs_by_priority",
    "costs_by_size",
    "intraday_agents",
    "intraday_agents_available_at_start_days",
    "intraday_agents_days",
    "intraday_agents_days_throughput",
    "intraday_agents_net_credit_max_days",
    "intraday_agents_net_debit_max_days",
    "intraday_agents_received_days",
    "intraday_agents_sent_days",
    "intraday_agents_throughput_mean",
    "intraday_hours",
    "liquidity_by_agent",
    "liquidity_days",
    "liquidity_used_by_tick",
    "measures",
    "offset_mechanisms",
    "queues_series",
    "settlement_by_agent",
    "settlement_by_class",
    "settlement_by_priority",
    "settlement_by_size",
    "throughput_breaches",
    "throughput_days",
    "throughput_days_settled_by_tick",
    "throughput_guideline",
];

/// Fields that name a row of a list, and so the rows of lists within it.
const NAMES: [&str; 9] =
    ["agent_id", "sender_id", "receiver_id", "day", "band", "class", "from", "mechanism", "kind"];

/// Makes the tables of an object of measures.
pub(crate) fn tables(measures: &Value) -> Vec<CsvTable> {
    let mut tables = Tables::default();
    if let Value::Object(fields) = measures {
        tables.object("", fields, &[]);
    }
    tables.finish()
}

/// A row: its cells by name, in order.
type Row = Vec<(String, String)>;

#[derive(Default)]
struct Tables {
    /// In the order in which they were met.
    tables: Vec<(String, Vec<Row>)>,
}

impl Tables {
    /// Adds the plain figures of an object to `measures`, and its lists as tables.
    fn object(&mut self, path: &str, fields: &Map<String, Value>, names: &[(String, String)]) {
        for (key, value) in fields {
            let path = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
            match value {
                Value::Object(fields) if is_columns(fields) => self.columns(&path, fields),
                Value::Object(fields) => self.object(&path, fields, names),
                Value::Array(items) => self.list(&path, items, names),
                plain => self.push(
                    "measures",
                    vec![("measure".to_owned(), path), ("value".to_owned(), cell(plain))],
                ),
            }
        }
    }

    /// Adds a list as a table.
    fn list(&mut self, path: &str, items: &[Value], names: &[(String, String)]) {
        let table = path.replace('.', "_");
        for (index, item) in items.iter().enumerate() {
            let mut row = names.to_vec();
            match item {
                Value::Object(fields) => {
                    let (mut cells, mut lists) = (Vec::new(), Vec::new());
                    flatten("", fields, &mut cells, &mut lists);
                    row.extend(cells);
                    let is_name = |(name, _): &&(String, String)| NAMES.contains(&name.as_str());
                    let names: Row = row.iter().filter(is_name).cloned().collect();
                    for (key, items) in lists {
                        self.list(&format!("{path}.{key}"), items, &names);
                    }
                }
                plain => {
                    row.push(("index".to_owned(), index.to_string()));
                    row.push(("value".to_owned(), cell(plain)));
                }
            }
            self.push(&table, row);
        }
    }

    /// Adds an object of equally long lists as a table with a row for each tick.
    fn columns(&mut self, path: &str, fields: &Map<String, Value>) {
        let table = path.replace('.', "_");
        let columns: Vec<(&String, &Vec<Value>)> =
            fields.iter().filter_map(|(key, value)| Some((key, value.as_array()?))).collect();
        let rows = columns.first().map_or(0, |(_, items)| items.len());
        for tick in 0..rows {
            let mut row = vec![("tick".to_owned(), tick.to_string())];
            row.extend(columns.iter().map(|(key, items)| ((*key).clone(), cell(&items[tick]))));
            self.push(&table, row);
        }
    }

    fn push(&mut self, table: &str, row: Row) {
        match self.tables.iter_mut().find(|(name, _)| name == table) {
            Some((_, rows)) => rows.push(row),
            None => self.tables.push((table.to_owned(), vec![row])),
        }
    }

    fn finish(self) -> Vec<CsvTable> {
        let table = |(name, rows): (String, Vec<Row>)| CsvTable { name, text: text(&rows) };
        self.tables.into_iter().map(table).collect()
    }
}

/// Whether an object is a table by columns: lists alone, all equally long and of plain figures.
fn is_columns(fields: &Map<String, Value>) -> bool {
    let mut lengths = fields.values().map(|value| match value {
        Value::Array(items) if !items.iter().any(|item| item.is_object() || item.is_array()) => {
            Some(items.len())
        }
        _ => None,
    });
    let first = lengths.next().flatten();
    first.is_some() && lengths.all(|length| length == first)
}

/// Gathers the plain figures of an object and of those within it, and its lists.
fn flatten<'a>(
    path: &str,
    fields: &'a Map<String, Value>,
    cells: &mut Row,
    lists: &mut Vec<(String, &'a Vec<Value>)>,
) {
    for (key, value) in fields {
        let name = if path.is_empty() { key.clone() } else { format!("{path}_{key}") };
        match value {
            Value::Object(fields) => flatten(&name, fields, cells, lists),
            Value::Array(items) => lists.push((name, items)),
            plain => cells.push((name, cell(plain))),
        }
    }
}

fn cell(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => quoted(text),
        other => other.to_string(),
    }
}

/// Returns a text as a field of CSV (RFC 4180).
fn quoted(text: &str) -> String {
    if text.contains([',', '"', '\n', '\r']) {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text.to_owned()
    }
}

/// Writes the rows; their columns are those of all of them, in the order in which they come up.
fn text(rows: &[Row]) -> String {
    let mut names: Vec<&str> = Vec::new();
    for (name, _) in rows.iter().take(1).flatten() {
        names.push(name);
    }
    for (name, _) in rows.iter().flatten() {
        if !names.contains(&name.as_str()) {
            names.push(name);
        }
    }
    let mut text = format!("{}\n", names.join(","));
    for row in rows {
        let cell = |name: &&str| {
            let found = row.iter().find(|(other, _)| other == name);
            found.map_or("", |(_, cell)| cell.as_str())
        };
        text.push_str(&names.iter().map(cell).collect::<Vec<_>>().join(","));
        text.push('\n');
    }
    text
}
