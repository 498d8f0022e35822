//! Payments out of CSV.

use std::io::{BufRead, BufReader, Read};

use csv::ByteRecord;

use super::columns::{Column, Layout, Mapping, layout};
use super::row::{Cell, Cells, RowReader};
use super::table::{Counted, RowText, Table};
use crate::diagnostic::{Diagnostic, Diagnostics};

/// Longest first line that can be a header; longer means that the file is something else.
const LONGEST_HEADER: usize = 1 << 16;

/// A record together with where its columns stand.
struct Record<'a> {
    record: &'a ByteRecord,
    layout: &'a Layout,
}

impl Cells for Record<'_> {
    fn cell(&self, column: Column) -> Cell<'_> {
        let cell = self.layout.place(column).and_then(|place| self.record.get(place));
        match cell.map(<[u8]>::trim_ascii) {
            None | Some([]) => Cell::Missing,
            Some(text) => Cell::Text(text),
        }
    }
}

/// Reads all rows; `None` if the file as a whole is no payment file.
pub(super) fn read(
    bytes: Box<dyn Read>,
    file: &str,
    mapping: &Mapping<'_>,
    rows: &mut RowReader<'_>,
    faults: &mut Diagnostics,
) -> Option<Table> {
    let (header, mut reader) = match open(bytes, file) {
        Ok(opened) => opened,
        Err(fault) => {
            faults.push(*fault);
            return None;
        }
    };
    let layout = layout(file, &header, mapping, faults)?;
    let mut table = Table::new(file, Counted::Lines, layout.has(Column::Id));
    let mut record = ByteRecord::new();
    loop {
        match reader.read_byte_record(&mut record) {
            Ok(true) => {
                let line = first_line(&record, reader.position().line());
                accept(&record, line, &layout, header.len(), rows, &mut table);
            }
            Ok(false) => return Some(table),
            Err(error) => {
                let message = format!("cannot be read to the end: {error}");
                faults.push(Diagnostic::error(message).in_file(file));
                return None;
            }
        }
    }
}

/// A CSV reader that stands behind the header, and the header's names.
pub(super) type Opened = (Vec<String>, csv::Reader<Box<dyn BufRead>>);

/// Reads the header of a CSV file.
pub(super) fn open(bytes: Box<dyn Read>, file: &str) -> Result<Opened, Box<Diagnostic>> {
    let mut bytes = BufReader::with_capacity(LONGEST_HEADER, bytes);
    let fault = |message: String| Box::new(Diagnostic::error(message).in_file(file));
    let start = bytes.fill_buf().map_err(|error| fault(format!("cannot be read: {error}")))?;
    if start.len() >= LONGEST_HEADER && !start.contains(&b'\n') {
        return Err(fault("not a CSV file: its first line does not end".to_owned()));
    }
    // Records end with a line feed, the last one too: then its line can be told from the count of
    // line feeds that were read. A carriage return before it is a blank, which cells lose anyway.
    let bytes: Box<dyn BufRead> = Box::new(bytes.chain(&b"\n"[..]));
    let mut builder = csv::ReaderBuilder::new();
    builder.has_headers(false).flexible(true).terminator(csv::Terminator::Any(b'\n'));
    builder.buffer_capacity(LONGEST_HEADER);
    let mut reader = builder.from_reader(bytes);
    let mut header = ByteRecord::new();
    let found = reader.read_byte_record(&mut header);
    if !found.map_err(|error| fault(format!("cannot be read: {error}")))? {
        return Err(fault("the file is empty".to_owned()));
    }
    let names = header
        .iter()
        .map(|name| String::from_utf8_lossy(name).trim_start_matches('\u{feff}').trim().to_owned());
    Ok((names.collect(), reader))
}

/// Returns the line on which a record begins; `next` is the line after it.
fn first_line(record: &ByteRecord, next: u64) -> u64 {
    let begun = record.position().map_or(0, csv::Position::line);
    if next.saturating_sub(begun) <= 1 {
        return begun;
    }
    // The reader counts a record from the end of the one before it, blank lines included.
    let breaks = record.iter().flatten().filter(|byte| **byte == b'\n').count();
    next.saturating_sub(1 + breaks as u64)
}

fn accept(
    record: &ByteRecord,
    line: u64,
    layout: &Layout,
    columns: usize,
    rows: &mut RowReader<'_>,
    table: &mut Table,
) {
    if record.len() != columns {
        let blank = record.iter().all(|cell| cell.trim_ascii().is_empty());
        if !blank {
            let message = format!("{} cells, but the header has {columns}", record.len());
            table.refuse_whole(message, line);
        }
        return;
    }
    let cells = Record { record, layout };
    let id = match cells.cell(Column::Id) {
        Cell::Text(id) => id,
        _ => b"",
    };
    let Ok(id) = std::str::from_utf8(id) else {
        table.refuse_whole("`id`: not UTF-8".to_owned(), line);
        return;
    };
    match rows.read(&cells) {
        Ok(payment) => table.accept(payment, id, line),
        Err(fault) => {
            let place = layout.place(fault.column);
            table.refuse(&fault, line, rows, || Some(row_text(record, place)));
        }
    }
}

/// Writes a record on one line, for an excerpt.
fn row_text(record: &ByteRecord, place: Option<usize>) -> RowText {
    let mut text = String::new();
    let mut range = 0..0;
    for (index, cell) in record.iter().enumerate() {
        if index > 0 {
            text.push(',');
        }
        let start = text.len();
        let shown = String::from_utf8_lossy(cell);
        text.extend(shown.chars().map(|c| if c.is_control() { ' ' } else { c }));
        if Some(index) == place {
            range = start..text.len();
        }
    }
    RowText { text, cell: range }
}
