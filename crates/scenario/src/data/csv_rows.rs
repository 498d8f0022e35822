//! Payments out of CSV.

use std::io::{BufRead, BufReader, Read};

use super::columns::{Column, Layout, Mapping, layout};
use super::csv::{CsvFault, Records};
use super::row::{Cell, Cells, RowReader};
use super::table::{Counted, RowText, Table};
use crate::diagnostic::{Diagnostic, Diagnostics, Place, counted};

/// Longest first line that can be a header; longer means that the file is something else.
const LONGEST_HEADER: usize = 1 << 16;
const BYTE_ORDER_MARK: &[u8] = "\u{feff}".as_bytes();

/// Records of a data file.
pub(super) type FileRecords = Records<BufReader<Box<dyn Read>>>;

/// A record together with where its columns stand.
struct Record<'a> {
    records: &'a FileRecords,
    layout: &'a Layout,
}

impl Cells for Record<'_> {
    fn cell(&self, column: Column) -> Cell<'_> {
        match self.layout.place(column).and_then(|place| self.records.cell(place)) {
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
    let (header, mut records) = match open(bytes, file) {
        Ok(opened) => opened,
        Err(fault) => {
            faults.push(*fault);
            return None;
        }
    };
    let layout = layout(file, &header, mapping, faults)?;
    let mut table = Table::new(file, Counted::Lines, layout.has(Column::Id));
    loop {
        match records.advance() {
            Ok(true) => accept(&records, &layout, header.len(), rows, &mut table),
            Ok(false) => return Some(table),
            Err(fault) => {
                let Some(line) = fault.line() else {
                    faults.push(diagnostic(&fault, file));
                    return None;
                };
                table.refuse_line(fault.message(), fault.hint(), line);
                if !fault.is_passed() {
                    return Some(table);
                }
            }
        }
    }
}

/// Says of a file what keeps it from being read as CSV.
pub(super) fn diagnostic(fault: &CsvFault, file: &str) -> Diagnostic {
    let place = fault.line().map_or_else(|| Place::file(file), |line| Place::line(file, line));
    let hint = fault.hint().map(str::to_owned);
    Diagnostic::error(fault.message()).at(Some(place)).maybe_hint(hint)
}

/// Reads the header of a CSV file; the records that follow are given back with its names.
pub(super) fn open(
    bytes: Box<dyn Read>,
    file: &str,
) -> Result<(Vec<String>, FileRecords), Box<Diagnostic>> {
    let mut bytes = BufReader::with_capacity(LONGEST_HEADER, bytes);
    let fault = |message: String| Diagnostic::error(message).in_file(file);
    let start = bytes.fill_buf().map_err(|error| fault(format!("cannot be read: {error}")))?;
    if is_utf_16(start) {
        return Err(Box::new(fault("not UTF-8, but UTF-16".to_owned()).hint(SAVE_AS_UTF_8)));
    }
    if start.len() >= LONGEST_HEADER && !start.contains(&b'\n') {
        return Err(Box::new(fault("not a CSV file: its first line does not end".to_owned())));
    }
    if start.starts_with(BYTE_ORDER_MARK) {
        bytes.consume(BYTE_ORDER_MARK.len());
    }
    let mut records: FileRecords = Records::new(bytes);
    match records.advance() {
        Ok(true) => {}
        Ok(false) => return Err(Box::new(fault("the file is empty".to_owned()))),
        Err(fault) => return Err(Box::new(diagnostic(&fault, file))),
    }
    let names = records.cells().map(|name| String::from_utf8_lossy(name).into_owned()).collect();
    Ok((names, records))
}

pub(super) const SAVE_AS_UTF_8: &str = "save it as UTF-8; spreadsheets call that `CSV UTF-8`";

/// Returns whether a text begins like the UTF-16 that some programs write, marked or not.
pub(super) fn is_utf_16(start: &[u8]) -> bool {
    matches!(start, [0xff, 0xfe, ..] | [0xfe, 0xff, ..] | [1..=0x7f, 0, ..] | [0, 1..=0x7f, ..])
}

fn accept(
    records: &FileRecords,
    layout: &Layout,
    columns: usize,
    rows: &mut RowReader<'_>,
    table: &mut Table,
) {
    if records.len() != columns {
        if !records.cells().all(<[u8]>::is_empty) {
            let cells = counted(records.len(), "cell");
            let message = format!("{cells}, but the header has {columns}");
            table.refuse_line(message, None, records.line());
        }
        return;
    }
    let cells = Record { records, layout };
    match rows.read(&cells) {
        Ok(payment) => {
            let id = match cells.cell(Column::Id) {
                Cell::Text(id) => std::str::from_utf8(id).unwrap_or_default(),
                _ => "",
            };
            table.accept(payment, id, records.line());
        }
        Err(row_faults) => {
            let text = |column| row_text(records, layout.place(column));
            table.refuse(&row_faults, records.line(), rows, text);
        }
    }
}

/// Returns a record as it stands in the file, and where a cell of it does.
fn row_text(records: &FileRecords, column: Option<usize>) -> Option<RowText> {
    let bytes = records.text();
    let cell = records.written(column?)?;
    let mut text = String::from_utf8_lossy(bytes.get(..cell.start)?).into_owned();
    let start = text.len();
    text.push_str(&String::from_utf8_lossy(bytes.get(cell.clone())?));
    let end = text.len();
    text.push_str(&String::from_utf8_lossy(bytes.get(cell.end..)?));
    Some(RowText { text, cell: start..end })
}
