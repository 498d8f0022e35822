//! Texts that faults point into: files, `--set` arguments and rows of data files.
//!
//! Holds text and line starts. Reading is bounded, so that a device, a dump or a directory given
//! by mistake is refused at once; nothing here knows what the text means.

use std::cell::RefCell;
use std::fmt::Write as _;
use std::fs::File;
use std::io::{ErrorKind, Read};
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

use crate::diagnostic::{Diagnostic, Place};
use crate::json;

/// What a text file may be, and what to do about one that is not.
pub(crate) struct Expected {
    /// Largest size.
    pub(crate) max_bytes: u64,
    pub(crate) if_larger: &'static str,
    pub(crate) if_no_text: &'static str,
}

/// Largest scenario file.
const SCENARIO_BYTES: u64 = 32 * 1024 * 1024;

/// A scenario file: room for about 100,000 agents, far below what would exhaust memory.
const SCENARIO: Expected = Expected {
    max_bytes: SCENARIO_BYTES,
    if_larger: "payments and participants belong in data files, which may be larger",
    if_no_text: "scenarios are YAML or JSON in UTF-8",
};

/// A named text.
#[derive(Debug)]
pub(crate) struct Source {
    name: String,
    text: String,
    line_starts: Vec<usize>,
    first_line: u64,
    is_ascii: bool,
}

impl Source {
    /// Keeps a text under the name that people know it by; a byte order mark is dropped.
    pub(crate) fn new(name: impl Into<String>, text: impl Into<String>) -> Self {
        Self::starting_at_line(name, text, 1)
    }

    /// Keeps a part of a file that begins with line `first_line`.
    pub(crate) fn starting_at_line(
        name: impl Into<String>,
        text: impl Into<String>,
        first_line: u64,
    ) -> Self {
        let mut text = text.into();
        if text.starts_with('\u{feff}') {
            text.drain(..'\u{feff}'.len_utf8());
        }
        join_surrogates(&mut text);
        let breaks = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
        let line_starts = std::iter::once(0).chain(breaks.map(|(at, _)| at + 1)).collect();
        let is_ascii = text.is_ascii();
        Self { name: name.into(), text, line_starts, first_line, is_ascii }
    }

    /// Reads a scenario file.
    pub(crate) fn read(path: &Path) -> Result<Self, Box<Diagnostic>> {
        let name = path.display().to_string();
        let text = read_text(path, &SCENARIO)?;
        let calls_itself_json = path.extension().is_some_and(|e| e.eq_ignore_ascii_case("json"));
        if calls_itself_json
            && let json = text.trim_start_matches('\u{feff}')
            && !json.trim().is_empty()
            && let Some((at, reason)) = json::fault(json)
        {
            let source = Arc::new(Self::new(name, json));
            let end = source.floor_boundary(at + 1).max(at);
            let fault = Diagnostic::error(reason).at(Some(Place::within(source, at..end)));
            return Err(Box::new(fault));
        }
        Ok(Self::new(name, text))
    }

    /// Returns the name that people know the text by.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// Returns the whole text.
    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// Returns the line (from 1) and the column (characters, from 1) of a byte offset.
    pub(crate) fn position(&self, offset: usize) -> (u64, u64) {
        let offset = self.floor_boundary(offset);
        let line = self.line_index(offset);
        let start = self.line_starts.get(line).copied().unwrap_or(0);
        // A file of one long line may have many faults, so ASCII is not counted through.
        let column = if self.is_ascii {
            offset - start
        } else {
            self.text.get(start..offset).map_or(0, |before| before.chars().count())
        };
        (self.first_line + line as u64, column as u64 + 1)
    }

    /// Returns the byte range of the line that an offset lies in, without its line break.
    pub(crate) fn line_range(&self, offset: usize) -> Range<usize> {
        let line = self.line_index(self.floor_boundary(offset));
        let start = self.line_starts.get(line).copied().unwrap_or(0);
        let end = self.line_starts.get(line + 1).map_or(self.text.len(), |next| next - 1);
        let ends_with_return = self.text.get(start..end).is_some_and(|line| line.ends_with('\r'));
        start..if ends_with_return { end - 1 } else { end }
    }

    /// Returns the offset of a line and a column, both from 1, the column in bytes.
    pub(crate) fn offset(&self, line: usize, column: usize) -> usize {
        let start = self.line_starts.get(line.saturating_sub(1)).copied();
        let offset = start.map_or(self.text.len(), |start| start + column.saturating_sub(1));
        self.floor_boundary(offset)
    }

    /// Returns the nearest offset at or before this one that does not cut a character.
    pub(crate) fn floor_boundary(&self, offset: usize) -> usize {
        let mut offset = offset.min(self.text.len());
        while !self.text.is_char_boundary(offset) {
            offset -= 1;
        }
        offset
    }

    fn line_index(&self, offset: usize) -> usize {
        self.line_starts.partition_point(|start| *start <= offset).saturating_sub(1)
    }
}

/// A range of bytes of one of the [`Sources`] of a load.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Span {
    pub(crate) source: u32,
    pub(crate) start: u32,
    pub(crate) end: u32,
}

impl Span {
    /// Makes the span of a range of bytes; texts are shorter than what a number holds.
    pub(crate) fn new(source: u32, start: usize, end: usize) -> Self {
        let offset = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        Self { source, start: offset(start), end: offset(end) }
    }
}

/// All texts of a load; spans name them by number.
///
/// Grows while a load goes on: a scenario names other files.
#[derive(Debug, Default)]
pub(crate) struct Sources(RefCell<Vec<Arc<Source>>>);

impl Sources {
    pub(crate) fn add(&self, source: Source) -> u32 {
        let mut sources = self.0.borrow_mut();
        sources.push(Arc::new(source));
        u32::try_from(sources.len() - 1).unwrap_or(u32::MAX)
    }

    /// Returns the number that the next text will have.
    pub(crate) fn next(&self) -> u32 {
        u32::try_from(self.0.borrow().len()).unwrap_or(u32::MAX)
    }

    pub(crate) fn get(&self, source: u32) -> Option<Arc<Source>> {
        self.0.borrow().get(source as usize).map(Arc::clone)
    }

    pub(crate) fn place(&self, span: Span) -> Option<Place> {
        let source = self.get(span.source)?;
        Some(Place::within(source, span.start as usize..span.end as usize))
    }
}

/// Writes the two-part escapes that JSON has for rare characters (`\ud83d\ude00`) as the one-part
/// escape that YAML has (`\U0001f600`). Columns after one are two less than in the file.
fn join_surrogates(text: &mut String) {
    if !text.contains("\\u") {
        return;
    }
    let unit = |rest: &str| {
        let escape = rest.get(..6)?.strip_prefix("\\u")?;
        u16::from_str_radix(escape, 16).ok()
    };
    let mut joined = String::with_capacity(text.len());
    let mut rest = text.as_str();
    while let Some((before, escape)) = rest.find("\\u").map(|at| rest.split_at(at)) {
        joined.push_str(before);
        let escaped = joined.bytes().rev().take_while(|byte| *byte == b'\\').count() % 2 == 1;
        let pair = unit(escape).zip(escape.get(6..).and_then(unit)).filter(|_| !escaped);
        let character = pair.and_then(|(high, low)| {
            char::decode_utf16([high, low]).next()?.ok().filter(|c| c.len_utf16() == 2)
        });
        let (taken, left) = escape.split_at(if character.is_some() { 12 } else { 2 });
        match character {
            Some(character) => {
                let _ = write!(joined, "\\U{:08x}", u32::from(character));
            }
            None => joined.push_str(taken),
        }
        rest = left;
    }
    joined.push_str(rest);
    *text = joined;
}

/// Reads a text file, if it is one and not too large.
pub(crate) fn read_text(path: &Path, expected: &Expected) -> Result<String, Box<Diagnostic>> {
    let name = path.display().to_string();
    let bytes =
        read_bounded(path, expected.max_bytes).map_err(|error| unreadable(&name, &error))?;
    let text = String::from_utf8(bytes)
        .map_err(|error| not_text(&name, &error).hint(expected.if_no_text))?;
    if text.len() as u64 > expected.max_bytes {
        let limit = expected.max_bytes / (1024 * 1024);
        let fault = Diagnostic::error(format!("larger than {limit} MiB")).in_file(&name);
        return Err(Box::new(fault.hint(expected.if_larger)));
    }
    Ok(text)
}

fn read_bounded(path: &Path, max_bytes: u64) -> std::io::Result<Vec<u8>> {
    let file = File::open(path)?;
    if file.metadata()?.is_dir() {
        return Err(ErrorKind::IsADirectory.into());
    }
    let mut bytes = Vec::new();
    // One byte more than is allowed shows that there is more; three more finish a character.
    file.take(max_bytes + 4).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > max_bytes {
        let cut = bytes.len() - trailing_partial_character(&bytes);
        bytes.truncate(cut);
    }
    Ok(bytes)
}

/// Returns how many bytes at the end are the beginning of a character that was cut off.
fn trailing_partial_character(bytes: &[u8]) -> usize {
    match std::str::from_utf8(bytes) {
        Err(error) if error.error_len().is_none() => bytes.len() - error.valid_up_to(),
        _ => 0,
    }
}

/// Says in words why a file cannot be read.
pub(crate) fn unreadable(name: &str, error: &std::io::Error) -> Box<Diagnostic> {
    let message = match error.kind() {
        ErrorKind::NotFound => "no such file".to_owned(),
        ErrorKind::IsADirectory => "is a directory, not a file".to_owned(),
        ErrorKind::PermissionDenied => "permission to read was denied".to_owned(),
        _ => format!("cannot be read: {error}"),
    };
    Box::new(Diagnostic::error(message).in_file(name))
}

fn not_text(name: &str, error: &std::string::FromUtf8Error) -> Diagnostic {
    let at = error.utf8_error().valid_up_to();
    let line = error.as_bytes().iter().take(at).filter(|byte| **byte == b'\n').count() + 1;
    let message = format!("not a text file: byte {at} (line {line}) is not UTF-8");
    Diagnostic::error(message).in_file(name)
}
