//! Participant files: one row an agent, its columns are keys of an agent.
//!
//! Cells become the same tree that a scenario's own list would give, so that both are checked by
//! the same rules.

use std::io::Read;

use crate::check::Checker;
use crate::data::csv_rows;
use crate::data::open::{Opened, open};
use crate::diagnostic::{Diagnostic, did_you_mean, quoted};
use crate::keys;
use crate::source::{Source, Span};
use crate::tree::{Entry, Node, Value};
use crate::typed::Fields;

/// Most bytes, unpacked: room for a million banks.
const MAX_BYTES: u64 = 64 * 1024 * 1024;

/// The keys that may be columns.
const COLUMNS: [&str; 9] = [
    "id",
    "opening_balance",
    "unsecured_cap",
    "posted_collateral",
    "collateral_haircut",
    "max_collateral_capacity",
    "liquidity_pool",
    "liquidity_allocation_fraction",
    "policy",
];

/// Reads the agents of a file in its order; faulty ones are `None`.
pub(crate) fn read(
    checker: &mut Checker<'_>,
    name: &str,
    span: Span,
) -> Option<Vec<Option<Fields>>> {
    let path = checker.directory.join(name);
    let file = path.display().to_string();
    let text = match open(&path) {
        Ok(Opened::Csv(bytes)) => text_of(bytes),
        Ok(Opened::Parquet(_)) => {
            Err("participants are read from CSV, not from Parquet".to_owned())
        }
        Err(fault) => Err(fault.message),
    };
    let text = match text {
        Ok(text) => text,
        Err(reason) => {
            checker.fault(span, format!("{}: {reason}", quoted(&file)), None);
            return None;
        }
    };
    let source = checker.sources.add(Source::new(file.as_str(), text));
    let held = checker.sources.get(source)?;
    rows(checker, &file, held.text(), source)
}

fn text_of(bytes: Box<dyn Read>) -> Result<String, String> {
    let mut text = Vec::new();
    let read = bytes.take(MAX_BYTES + 1).read_to_end(&mut text);
    read.map_err(|error| format!("cannot be read: {error}"))?;
    if text.len() as u64 > MAX_BYTES {
        return Err(format!("larger than {} MiB", MAX_BYTES / (1024 * 1024)));
    }
    String::from_utf8(text).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        format!("not a text file: byte {at} is not UTF-8")
    })
}

fn rows(
    checker: &mut Checker<'_>,
    file: &str,
    text: &str,
    source: u32,
) -> Option<Vec<Option<Fields>>> {
    let bytes = std::io::Cursor::new(text.as_bytes().to_vec());
    let (header, mut reader) = match csv_rows::open(Box::new(bytes), file) {
        Ok(opened) => opened,
        Err(fault) => {
            checker.faults.push(*fault);
            return None;
        }
    };
    let columns = columns(checker, file, &header)?;
    let mut agents = Vec::new();
    let mut record = csv::StringRecord::new();
    loop {
        match reader.read_record(&mut record) {
            Ok(true) => {}
            Ok(false) => return Some(agents),
            Err(error) => {
                let fault = Diagnostic::error(format!("cannot be read to the end: {error}"));
                checker.faults.push(fault.in_file(file));
                return None;
            }
        }
        if record.iter().all(|cell| cell.trim().is_empty()) {
            continue;
        }
        let spans = Spans::of(&record, text, source);
        if record.len() != header.len() {
            let message = format!("{} cells, but the header has {}", record.len(), header.len());
            checker.fault(spans.row, message, None);
            agents.push(None);
            continue;
        }
        let node = node(&record, &columns, &spans);
        agents.push(checker.map(&keys::AGENT, &node));
    }
}

/// Finds the key of each column; `None` for columns that are not read.
fn columns(
    checker: &mut Checker<'_>,
    file: &str,
    header: &[String],
) -> Option<Vec<Option<&'static str>>> {
    let mut found: Vec<Option<&'static str>> = Vec::new();
    let mut sound = true;
    let mut fault = |checker: &mut Checker<'_>, message: String, hint: Option<String>| {
        checker.faults.push(Diagnostic::error(message).in_file(file).maybe_hint(hint));
        sound = false;
    };
    for name in header {
        let column = COLUMNS.into_iter().find(|column| column == name);
        if column.is_some() && found.contains(&column) {
            fault(checker, format!("more than one column {}", quoted(name)), None);
        }
        if column.is_none() {
            let known = keys::AGENT.keys.iter().any(|key| key.name == *name);
            if known {
                let message = format!("column {} cannot come from a file", quoted(name));
                fault(checker, message, Some("list such agents in the scenario".to_owned()));
            } else {
                let warning = format!("column {} is not read", quoted(name));
                let hint = did_you_mean(name, COLUMNS);
                let warning = Diagnostic::warning(warning).in_file(file).maybe_hint(hint);
                checker.faults.push(warning);
            }
        }
        found.push(column);
    }
    if !found.contains(&Some("id")) {
        let names: Vec<String> = header.iter().take(16).map(|name| quoted(name)).collect();
        fault(checker, format!("lacks the column `id`; it has {}", names.join(", ")), None);
    }
    sound.then_some(found)
}

/// Where the cells of a record stand in the text.
struct Spans {
    row: Span,
    cells: Option<Vec<Span>>,
}

impl Spans {
    /// Finds the cells; of a row with quotes only the row is known.
    fn of(record: &csv::StringRecord, text: &str, source: u32) -> Self {
        let offset = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        let span =
            |start: usize, end: usize| Span { source, start: offset(start), end: offset(end) };
        let start = record.position().map_or(0, csv::Position::byte);
        let mut start = usize::try_from(start).unwrap_or(usize::MAX).min(text.len());
        // The position may lie before the line break that ends the row above.
        while text.as_bytes().get(start).is_some_and(|byte| matches!(byte, b'\r' | b'\n')) {
            start += 1;
        }
        let rest = text.get(start..).unwrap_or("");
        let line = rest.split(['\r', '\n']).next().unwrap_or("");
        let row = span(start, start + line.len());
        if line.contains('"') {
            return Self { row, cells: None };
        }
        let mut at = start;
        let cells = record.iter().map(|cell| {
            let here = span(at, at + cell.len());
            at += cell.len() + 1;
            here
        });
        Self { row, cells: Some(cells.collect()) }
    }

    fn cell(&self, index: usize) -> Span {
        let cell = self.cells.as_ref().and_then(|cells| cells.get(index));
        cell.copied().unwrap_or(self.row)
    }
}

fn node(record: &csv::StringRecord, columns: &[Option<&'static str>], spans: &Spans) -> Node {
    let mut entries = Vec::new();
    for (index, (cell, column)) in record.iter().zip(columns).enumerate() {
        let (Some(column), cell) = (column, cell.trim()) else { continue };
        if cell.is_empty() {
            continue;
        }
        let span = spans.cell(index);
        // Ids are texts whatever they look like; the other cells are read like plain scalars.
        let value = Value::Scalar { text: cell.to_owned(), quoted: *column == "id" };
        let value = match *column {
            "policy" => {
                let kind = Node { value, span };
                let entry = Entry { key: "type".to_owned(), key_span: span, value: kind };
                Value::Map(vec![entry])
            }
            _ => value,
        };
        let value = Node { value, span };
        entries.push(Entry { key: (*column).to_owned(), key_span: span, value });
    }
    Node { value: Value::Map(entries), span: spans.row }
}
