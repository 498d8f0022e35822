//! Records of a CSV file, strictly: a quote that opens a cell closes it, and nothing but a comma
//! or the end of the line comes after.
//!
//! Cells are separated by commas; a quoted cell may hold commas, line breaks and quotes written
//! twice. Blanks around cells and around quotes do not count. A quote inside a cell that does not
//! begin with one is a character like any other. Knows nothing of what cells mean.

use std::io::{BufRead, Read};
use std::ops::Range;

/// Longest record: a longer one is the work of a quote that is never closed, or no CSV at all.
const LONGEST: usize = 1 << 20;

/// Why no record can be read.
#[derive(Debug)]
pub(super) enum CsvFault {
    Io(std::io::Error),
    /// The end of the file comes first, or so much text that nobody meant it.
    OpenQuote {
        line: u64,
    },
    /// Something other than a comma follows; the record is skipped.
    TextAfterQuote {
        line: u64,
        /// The line in which the cell begins.
        opened: u64,
    },
    LongLine {
        line: u64,
    },
}

impl CsvFault {
    /// Returns the line at which to look, if there is one.
    pub(super) const fn line(&self) -> Option<u64> {
        match self {
            Self::Io(_) => None,
            Self::OpenQuote { line }
            | Self::TextAfterQuote { line, .. }
            | Self::LongLine { line } => Some(*line),
        }
    }

    pub(super) fn message(&self) -> String {
        match self {
            Self::Io(error) => format!("cannot be read to the end: {error}"),
            Self::OpenQuote { .. } => "a quote opens a cell and is never closed".to_owned(),
            Self::TextAfterQuote { line, opened } if line == opened => {
                "text after the closing quote of a cell".to_owned()
            }
            Self::TextAfterQuote { opened, .. } => {
                format!("text after the closing quote of a cell that begins in line {opened}")
            }
            Self::LongLine { .. } => {
                format!("a line of more than {} MiB: not CSV", LONGEST >> 20)
            }
        }
    }

    pub(super) const fn hint(&self) -> Option<&'static str> {
        match self {
            Self::OpenQuote { .. } | Self::TextAfterQuote { .. } => {
                Some("a quote inside a quoted cell is written twice: \"\"")
            }
            Self::Io(_) | Self::LongLine { .. } => None,
        }
    }

    /// Returns whether the next record can be read all the same.
    pub(super) const fn is_passed(&self) -> bool {
        matches!(self, Self::TextAfterQuote { .. })
    }
}

/// A cell of the current record.
struct CellAt {
    /// What was written, quotes included, perhaps with blanks around it.
    written: Range<usize>,
    /// What it holds: a range of the record, or (`unescaped`) of the texts with quotes resolved.
    content: Range<usize>,
    unescaped: bool,
}

impl CellAt {
    const fn plain(range: Range<usize>) -> Self {
        let Range { start, end } = range;
        Self { written: start..end, content: start..end, unescaped: false }
    }
}

/// Reads records one after the other; the current one is asked for by column.
pub(super) struct Records<R> {
    input: R,
    /// The current record as written, with its line break.
    raw: Vec<u8>,
    /// Texts of cells with doubled quotes.
    resolved: Vec<u8>,
    cells: Vec<CellAt>,
    /// Where the current record begins.
    line: u64,
    offset: usize,
    lines_read: u64,
    bytes_read: usize,
}

impl<R: BufRead> Records<R> {
    pub(super) const fn new(input: R) -> Self {
        Self {
            input,
            raw: Vec::new(),
            resolved: Vec::new(),
            cells: Vec::new(),
            line: 0,
            offset: 0,
            lines_read: 0,
            bytes_read: 0,
        }
    }

    /// Goes on to the next record; `false` at the end of the file.
    pub(super) fn advance(&mut self) -> Result<bool, CsvFault> {
        self.raw.clear();
        self.cells.clear();
        self.resolved.clear();
        self.line = self.lines_read + 1;
        self.offset = self.bytes_read;
        if !self.read_line()? {
            return Ok(false);
        }
        if self.raw.contains(&b'"') {
            let mut at = 0;
            while let Some(next) = self.read_cell(at)? {
                at = next;
            }
        } else {
            self.split();
        }
        Ok(true)
    }

    /// Returns the number of cells of the current record.
    pub(super) fn len(&self) -> usize {
        self.cells.len()
    }

    /// Returns the line of the file, from 1, on which the current record begins.
    pub(super) const fn line(&self) -> u64 {
        self.line
    }

    /// Returns the byte of the file, from 0, at which the current record begins.
    pub(super) const fn offset(&self) -> usize {
        self.offset
    }

    /// Returns the current record as written, without its line break.
    pub(super) fn text(&self) -> &[u8] {
        let end = self.raw.len() - usize::from(self.raw.ends_with(b"\n"));
        let line = self.raw.get(..end).unwrap_or_default();
        line.strip_suffix(b"\r").unwrap_or(line)
    }

    /// Returns where a cell stands in [`Records::text`], quotes included and blanks not.
    pub(super) fn written(&self, column: usize) -> Option<Range<usize>> {
        let Range { start, end } = self.cells.get(column)?.written.clone();
        let cell = self.raw.get(start..end)?.trim_ascii_end();
        let end = start + cell.len();
        Some((end - cell.trim_ascii_start().len())..end)
    }

    /// Returns a cell without its quotes and the blanks around it.
    pub(super) fn cell(&self, column: usize) -> Option<&[u8]> {
        let cell = self.cells.get(column)?;
        let holder = if cell.unescaped { &self.resolved } else { &self.raw };
        Some(holder.get(cell.content.clone())?.trim_ascii())
    }

    /// Returns all cells, as [`Records::cell`] does.
    pub(super) fn cells(&self) -> impl Iterator<Item = &[u8]> {
        (0..self.len()).map(|column| self.cell(column).unwrap_or_default())
    }

    /// Reads one more line of the current record; `false` at the end of the file.
    fn read_line(&mut self) -> Result<bool, CsvFault> {
        let room = (LONGEST + 1 - self.raw.len().min(LONGEST)) as u64;
        let read = (&mut self.input).take(room).read_until(b'\n', &mut self.raw);
        let read = read.map_err(CsvFault::Io)?;
        self.bytes_read += read;
        self.lines_read += u64::from(read > 0);
        if self.raw.len() > LONGEST {
            return Err(CsvFault::LongLine { line: self.lines_read });
        }
        Ok(read > 0)
    }

    /// Finds the cells of a record without quotes, as most are.
    fn split(&mut self) {
        let mut start = 0;
        for (at, _) in self.raw.iter().enumerate().filter(|(_, byte)| **byte == b',') {
            self.cells.push(CellAt::plain(start..at));
            start = at + 1;
        }
        self.cells.push(CellAt::plain(start..self.raw.len()));
    }

    /// Reads the cell that begins at `start` and returns where the next one does, if there is one.
    fn read_cell(&mut self, start: usize) -> Result<Option<usize>, CsvFault> {
        let rest = self.raw.get(start..).unwrap_or_default();
        let blanks = rest.iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
        if rest.get(blanks) == Some(&b'"') {
            return self.read_quoted(start + blanks);
        }
        let length = rest.iter().position(|byte| matches!(byte, b',' | b'\n'));
        let end = length.map_or(self.raw.len(), |length| start + length);
        self.cells.push(CellAt::plain(start..end));
        Ok((self.raw.get(end) == Some(&b',')).then_some(end + 1))
    }

    fn read_quoted(&mut self, quote: usize) -> Result<Option<usize>, CsvFault> {
        let opened = self.lines_read;
        let (mut at, mut doubled) = (quote + 1, false);
        let close = loop {
            let rest = self.raw.get(at..).unwrap_or_default();
            match rest.iter().position(|byte| *byte == b'"') {
                Some(length) if self.raw.get(at + length + 1) == Some(&b'"') => {
                    doubled = true;
                    at += length + 2;
                }
                Some(length) => break at + length,
                None => {
                    at = self.raw.len();
                    match self.read_line() {
                        Ok(true) => {}
                        Err(CsvFault::Io(error)) => return Err(CsvFault::Io(error)),
                        Ok(false) | Err(_) => return Err(CsvFault::OpenQuote { line: opened }),
                    }
                }
            }
        };
        let (content, unescaped) = if doubled {
            (self.resolve(quote + 1..close), true)
        } else {
            (quote + 1..close, false)
        };
        self.cells.push(CellAt { written: quote..close + 1, content, unescaped });
        let mut after = close + 1;
        while self.raw.get(after).is_some_and(|byte| matches!(byte, b' ' | b'\t' | b'\r')) {
            after += 1;
        }
        match self.raw.get(after) {
            Some(b',') => Ok(Some(after + 1)),
            None | Some(b'\n') => Ok(None),
            Some(_) => Err(CsvFault::TextAfterQuote { line: self.lines_read, opened }),
        }
    }

    /// Copies a part of the record with its doubled quotes made single.
    fn resolve(&mut self, part: Range<usize>) -> Range<usize> {
        let start = self.resolved.len();
        let mut bytes = self.raw.get(part).unwrap_or_default().iter();
        while let Some(byte) = bytes.next() {
            self.resolved.push(*byte);
            if *byte == b'"' {
                bytes.next();
            }
        }
        start..self.resolved.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &[&[&str]]) {
        let mut records = Records::new(text.as_bytes());
        let mut read: Vec<Vec<String>> = Vec::new();
        while records.advance().unwrap() {
            let cells = records.cells().map(|cell| String::from_utf8_lossy(cell).into_owned());
            read.push(cells.collect());
        }
        assert_eq!(read, expected, "{text:?}");
    }

    #[test]
    fn cells_are_told_apart() {
        check("", &[]);
        check("\n", &[&[""]]);
        check("a,b", &[&["a", "b"]]);
        check("a,b\r\n,\r\n", &[&["a", "b"], &["", ""]]);
        check("a ,\tb\n", &[&["a", "b"]]);
        check("\"a,b\",c\n", &[&["a,b", "c"]]);
        check("\"a\r\nb\" , \"c\"\r\nd\n", &[&["a\r\nb", "c"], &["d"]]);
        check("\"a\"\"b\",\"\"\"\",\"\"\n", &[&["a\"b", "\"", ""]]);
        check("a\"b,c\"\n", &[&["a\"b", "c\""]]);
    }

    #[test]
    fn cells_are_found_where_they_stand() {
        let mut records = Records::new(&b"x\n a , \"b\"\"\" ,\n"[..]);
        assert!(records.advance().unwrap() && records.advance().unwrap());
        let written: Vec<Range<usize>> = (0..3).filter_map(|at| records.written(at)).collect();
        assert_eq!(written, [1..2, 5..10, 12..12]);
        assert_eq!((records.line(), records.offset()), (2, 2));
        assert_eq!(records.text(), b" a , \"b\"\"\" ,");
    }

    #[test]
    fn a_quote_closes_its_cell() {
        let long = format!("a\n\"{}", "x\n".repeat(LONGEST));
        for (text, line, part) in [
            ("a\n\"b\nc\n", 2, "never closed"),
            ("a\n\"b\"c\n", 2, "text after the closing quote of a cell"),
            ("\"b\nc\"d\n", 2, "begins in line 1"),
            ("\"a\"b\"c\"\n", 1, "text after"),
            (long.as_str(), 2, "never closed"),
        ] {
            let mut records = Records::new(text.as_bytes());
            let fault = loop {
                match records.advance() {
                    Ok(more) => assert!(more, "{text:.20}"),
                    Err(fault) => break fault,
                }
            };
            assert_eq!(fault.line(), Some(line), "{text:.20}");
            assert!(fault.message().contains(part), "{text:.20}: {}", fault.message());
        }
    }
}
