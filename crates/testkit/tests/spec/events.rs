//! Tables of events: what must happen, in order, and what must not.

use psim_model::Money;
use psim_model::event::{Event, EventBatch, EventKind, Names, Value};
use psim_testkit::transcript::{EventLine, word};

use crate::fault::{Fault, fault};
use crate::table::{Row, Table, plain};

/// The tick of a row that names kinds which do not occur.
const NEVER: &str = "never";

/// Expected events: all of the kinds that are named, in order.
#[derive(Debug)]
pub(crate) struct EventTable {
    last_line: usize,
    rows: Vec<Expected>,
    /// The kinds of the rows, and those that must not occur.
    covered: Vec<EventKind>,
}

/// One expected event.
#[derive(Debug)]
struct Expected {
    line: usize,
    kind: EventKind,
    tick: Option<String>,
    /// Names and values of the fields that are compared.
    fields: Vec<(String, String)>,
}

impl EventTable {
    /// Reads a table whose header begins `tick | event`.
    pub(crate) fn read(table: &Table) -> Result<Self, Fault> {
        for header in &table.header[2..] {
            if !EventKind::ALL.iter().any(|kind| has_field(*kind, header)) {
                return fault(table.line, format!("no event has a field `{header}`"));
            }
        }
        let mut read = Self { last_line: table.line, rows: Vec::new(), covered: Vec::new() };
        for row in &table.rows {
            read.last_line = row.line;
            if row.get(0) == Some(NEVER) {
                read.refuse(row, table.header.len())?;
            } else {
                read.expect(row, &table.header)?;
            }
        }
        if read.covered.is_empty() {
            return fault(table.line, "a table of events without rows says nothing");
        }
        Ok(read)
    }

    fn refuse(&mut self, row: &Row, width: usize) -> Result<(), Fault> {
        if (2..width).any(|column| row.get(column).is_some()) {
            return fault(row.line, "what never happens has no fields");
        }
        for name in row.get(1).unwrap_or_default().split(',') {
            self.covered.push(kind_named(name.trim(), row.line)?);
        }
        Ok(())
    }

    fn expect(&mut self, row: &Row, header: &[String]) -> Result<(), Fault> {
        let kind = kind_named(row.get(1).unwrap_or_default(), row.line)?;
        let mut fields = Vec::new();
        for (column, name) in header.iter().enumerate().skip(2) {
            let Some(value) = row.get(column) else { continue };
            if !has_field(kind, name) {
                let event = kind.spec().name;
                return fault(row.line, format!("`{event}` has no field `{name}`"));
            }
            fields.push((name.clone(), plain(value)));
        }
        let tick = row.get(0).map(str::to_owned);
        self.rows.push(Expected { line: row.line, kind, tick, fields });
        self.covered.push(kind);
        Ok(())
    }

    /// Compares a stream with the table; returns the first difference.
    pub(crate) fn check(&self, stream: &[EventBatch]) -> Result<(), Fault> {
        let mut names = Names::default();
        for batch in stream {
            names.observe(batch);
        }
        let mut rows = self.rows.iter();
        for batch in stream {
            for (index, event) in batch.events().iter().enumerate() {
                if !self.covered.contains(&event.kind()) {
                    continue;
                }
                let found = format!("{:#}", EventLine { batch, index, names: &names });
                match rows.next() {
                    Some(row) if row.holds(batch, event, &names) => {}
                    Some(row) => {
                        return fault(row.line, format!("expected: {row}\n   found: {found}"));
                    }
                    None => {
                        let text = format!("expected: nothing further\n   found: {found}");
                        return fault(self.last_line, text);
                    }
                }
            }
        }
        match rows.next() {
            Some(row) => fault(row.line, format!("expected: {row}\n   found: nothing further")),
            None => Ok(()),
        }
    }
}

impl Expected {
    fn holds(&self, batch: &EventBatch, event: &Event, names: &Names) -> bool {
        let tick = batch.tick().to_string();
        let mut holds =
            event.kind() == self.kind && self.tick.as_ref().is_none_or(|due| *due == tick);
        event.visit(batch.columns(), |field, value| {
            let due = self.fields.iter().find(|(name, _)| name == field.name);
            holds &= due.is_none_or(|(_, due)| *due == cell(value, names));
        });
        holds
    }
}

impl std::fmt::Display for Expected {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}", self.tick.as_deref().unwrap_or("(any)"), self.kind.spec().name)?;
        self.fields.iter().try_for_each(|(name, value)| write!(f, " {name}={value}"))
    }
}

/// Returns a value as a cell shows it: lists as `a, b`, decimals as people write them.
fn cell(value: Value<'_>, names: &Names) -> String {
    match value {
        Value::Payments(payments) => list(payments, |no| names.payment(*no).into_owned()),
        Value::Agents(agents) => list(agents, |no| names.agent(*no).to_owned()),
        Value::Amounts(amounts) => list(amounts, Money::to_string),
        Value::Decimal { scaled, places } => decimal(scaled, places),
        _ => word(value, names),
    }
}

/// Returns the words of a list, or `-` if it is empty.
pub(crate) fn list<T>(items: &[T], word: impl Fn(&T) -> String) -> String {
    let words: Vec<String> = items.iter().map(word).collect();
    if words.is_empty() { "-".to_owned() } else { words.join(", ") }
}

/// Returns units of 10^-places without the zeros that say nothing.
fn decimal(scaled: i64, places: u32) -> String {
    let one = 10_i64.pow(places);
    let (whole, part) = (scaled / one, scaled % one);
    let text = format!("{whole}.{part:0width$}", width = places as usize);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

fn kind_named(name: &str, line: usize) -> Result<EventKind, Fault> {
    match EventKind::from_name(name) {
        Some(kind) => Ok(kind),
        None => fault(line, format!("no event is called `{name}`")),
    }
}

fn has_field(kind: EventKind, name: &str) -> bool {
    kind.spec().fields.iter().any(|field| field.name == name)
}
