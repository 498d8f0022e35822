//! Participant files: one row an agent, its columns are keys of an agent.
//!
//! Cells become the same tree that a scenario's own list would give, so that both are checked by
//! the same rules; only that no word means "nothing" here, as an empty cell does.

use std::io::Read;

use psim_policy::library;
use psim_policy::nearest::nearest;

use crate::check::Checker;
use crate::data::csv_rows::{self, FileRecords};
use crate::data::open::{Opened, open};
use crate::diagnostic::{Diagnostic, counted, did_you_mean, quoted};
use crate::keys;
use crate::source::{Source, Span};
use crate::tree::{Entry, Node, Style, Value};
use crate::typed::Fields;

/// Most bytes, unpacked: some 600 for each of the most agents allowed.
const MAX_BYTES: u64 = 64 * 1024 * 1024;

/// The keys that may be columns: the name of the column, and the path of the key.
const COLUMNS: [(&str, &[&str]); 13] = [
    ("id", &["id"]),
    ("opening_balance", &["opening_balance"]),
    ("unsecured_cap", &["unsecured_cap"]),
    ("posted_collateral", &["posted_collateral"]),
    ("collateral_haircut", &["collateral_haircut"]),
    ("max_collateral_capacity", &["max_collateral_capacity"]),
    ("liquidity_pool", &["liquidity_pool"]),
    ("liquidity_allocation_fraction", &["liquidity_allocation_fraction"]),
    ("liquidity_buffer", &["liquidity_buffer"]),
    ("policy", POLICY),
    ("multilateral_limit", &["limits", "multilateral_limit"]),
    ("reserved_highly_urgent", &["reservations", "highly_urgent"]),
    ("reserved_urgent", &["reservations", "urgent"]),
];

/// The path of a policy's type, and of the name of one of the library.
const POLICY: Path = &["policy", "type"];
const LIBRARY_POLICY: Path = &["policy", "name"];

/// The path of the key that a column means.
type Path = &'static [&'static str];

/// Reads the agents of a file in its order; faulty ones are `None`.
pub(crate) fn read(
    checker: &mut Checker<'_>,
    name: &str,
    span: Span,
) -> Option<Vec<Option<Fields>>> {
    let path = checker.named_file("agents.file", name, span)?;
    let file = path.display().to_string();
    let text = match open(&path) {
        Ok(Opened::Csv(bytes)) => text_of(bytes),
        Ok(Opened::Parquet(_)) => {
            Err(("participants are read from CSV, not from Parquet".to_owned(), None))
        }
        Err(fault) => Err((fault.message, None)),
    };
    let text = match text {
        Ok(text) => text,
        Err((reason, hint)) => {
            let hint = hint.map(str::to_owned);
            checker.fault(span, format!("{}: {reason}", quoted(&file)), hint);
            return None;
        }
    };
    let source = checker.sources.add(Source::new(file.as_str(), text));
    let held = checker.sources.get(source)?;
    rows(checker, &file, held.text(), source)
}

/// What is wrong with a file, and what to do about it.
type Refusal = (String, Option<&'static str>);

fn text_of(bytes: Box<dyn Read>) -> Result<String, Refusal> {
    let mut text = Vec::new();
    let read = bytes.take(MAX_BYTES + 1).read_to_end(&mut text);
    read.map_err(|error| (format!("cannot be read: {error}"), None))?;
    if text.len() as u64 > MAX_BYTES {
        return Err((format!("larger than {} MiB", MAX_BYTES / (1024 * 1024)), None));
    }
    if csv_rows::is_utf_16(&text) {
        return Err(("not UTF-8, but UTF-16".to_owned(), Some(csv_rows::SAVE_AS_UTF_8)));
    }
    String::from_utf8(text).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        (format!("not a text file: byte {at} is not UTF-8"), Some(csv_rows::SAVE_AS_UTF_8))
    })
}

fn rows(
    checker: &mut Checker<'_>,
    file: &str,
    text: &str,
    source: u32,
) -> Option<Vec<Option<Fields>>> {
    let bytes = std::io::Cursor::new(text.as_bytes().to_vec());
    let (header, mut records) = match csv_rows::open(Box::new(bytes), file) {
        Ok(opened) => opened,
        Err(fault) => {
            checker.faults.push(*fault);
            return None;
        }
    };
    let columns = columns(checker, file, &header)?;
    let mut agents = Vec::new();
    loop {
        match records.advance() {
            Ok(true) => {}
            Ok(false) => return Some(agents),
            Err(fault) => {
                checker.faults.push(csv_rows::diagnostic(&fault, file));
                if !fault.is_passed() {
                    return None;
                }
                agents.push(None);
                continue;
            }
        }
        if records.cells().all(<[u8]>::is_empty) {
            continue;
        }
        let row = row_span(&records, source);
        if records.len() != header.len() {
            let cells = counted(records.len(), "cell");
            let message = format!("{cells}, but the header has {}", header.len());
            checker.fault(row, message, None);
            agents.push(None);
            continue;
        }
        let node = node(&records, &columns, row);
        agents.push(checker.map(&keys::AGENT, &node));
    }
}

/// Finds the key of each column; `None` for columns that are not read.
fn columns(checker: &mut Checker<'_>, file: &str, header: &[String]) -> Option<Vec<Option<Path>>> {
    let mut found: Vec<Option<Path>> = Vec::new();
    let mut sound = true;
    let mut fault = |checker: &mut Checker<'_>, message: String, hint: Option<String>| {
        checker.faults.push(Diagnostic::error(message).in_file(file).maybe_hint(hint));
        sound = false;
    };
    for name in header {
        let column = COLUMNS.into_iter().find(|(column, _)| column == name).map(|(_, path)| path);
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
                let hint = did_you_mean(name, COLUMNS.map(|(column, _)| column));
                let warning = Diagnostic::warning(warning).in_file(file).maybe_hint(hint);
                checker.faults.push(warning);
            }
        }
        found.push(column);
    }
    if !found.contains(&Some(&["id"][..])) {
        let names: Vec<String> = header.iter().take(16).map(|name| quoted(name)).collect();
        fault(checker, format!("lacks the column `id`; it has {}", names.join(", ")), None);
    }
    sound.then_some(found)
}

/// Returns where the current record stands in its file.
fn row_span(records: &FileRecords, source: u32) -> Span {
    let start = records.offset();
    Span::new(source, start, start.saturating_add(records.text().len()))
}

fn node(records: &FileRecords, columns: &[Option<Path>], row: Span) -> Node {
    let mut entries = Vec::new();
    for (index, path) in columns.iter().enumerate() {
        let (Some(path), Some(cell)) = (path, records.cell(index)) else { continue };
        if cell.is_empty() {
            continue;
        }
        let offset = |at: usize| row.start.saturating_add(u32::try_from(at).unwrap_or(0));
        let span = records.written(index).map_or(row, |cell| Span {
            start: offset(cell.start),
            end: offset(cell.end),
            ..row
        });
        let text = String::from_utf8_lossy(cell).into_owned();
        let mut path = *path;
        if path == POLICY && is_of_library(&text) {
            let value = Value::Scalar { text: "Library".to_owned(), style: Style::Quoted };
            put(&mut entries, POLICY, Node { value, span });
            path = LIBRARY_POLICY;
        }
        // Ids are texts whatever they look like.
        let style = if path == ["id"] { Style::Quoted } else { Style::Cell };
        put(&mut entries, path, Node { value: Value::Scalar { text, style }, span });
    }
    Node { value: Value::Map(entries), span: row }
}

/// Returns whether a word is, or is meant to be, the name of a policy of the library.
fn is_of_library(word: &str) -> bool {
    if library::has(word) || keys::POLICIES.iter().any(|case| case.answers_to(word)) {
        return library::has(word);
    }
    let types = keys::POLICIES.iter().map(|case| case.name);
    nearest(word, types.chain(library::names())).is_some_and(library::has)
}

/// Puts a value where a path leads, into a section that an earlier cell may have begun.
fn put(entries: &mut Vec<Entry>, path: &[&str], value: Node) {
    let span = value.span;
    let entry = |key: &str, value: Node| Entry { key: key.to_owned(), key_span: span, value };
    let Some((key, rest)) = path.split_first() else { return };
    if rest.is_empty() {
        entries.push(entry(key, value));
        return;
    }
    if !entries.iter().any(|other| other.key == *key) {
        entries.push(entry(key, Node { value: Value::Map(Vec::new()), span }));
    }
    let begun = entries.iter_mut().find(|other| other.key == *key);
    if let Some(Entry { value: Node { value: Value::Map(section), .. }, .. }) = begun {
        put(section, rest, value);
    }
}
