//! A scenario that a program hands over as values instead of a file.
//!
//! The values are written out as indented JSON, and what is checked points into that text: a fault
//! is shown where a person would have written it, and the text is what a journal keeps.

use std::fmt;

use rustc_hash::FxHashSet;

use crate::diagnostic::{Diagnostic, Diagnostics, quoted};
use crate::source::{Source, Sources, Span};
use crate::tree::{Entry, Node, Style, Value};

/// Deepest nesting of lists and maps that a scenario may have, in a file or from a program.
pub const MAX_NESTING: usize = 128;

/// A value that a program hands over.
#[derive(Clone, Debug, PartialEq)]
pub enum Given {
    /// Nothing: as if its key were absent.
    Nothing,
    /// True or false.
    Flag(bool),
    /// A number as it is written: its shortest text.
    Number(String),
    /// A text.
    Text(String),
    /// Values in order.
    List(Vec<Given>),
    /// Values by name, in order.
    Map(Vec<(String, Given)>),
}

/// Writes a value as JSON on one line, which is YAML too.
impl fmt::Display for Given {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut writer = Writer { is_long: false, ..Writer::default() };
        writer.value(self);
        f.write_str(&writer.text)
    }
}

/// Writes a document as a source, numbered 0, and makes the tree that points into it.
pub(crate) fn tree(
    name: &str,
    document: &Given,
    sources: &Sources,
    faults: &mut Diagnostics,
) -> Option<Node> {
    let mut writer = Writer { is_long: true, ..Writer::default() };
    let root = writer.value(document);
    writer.text.push('\n');
    let too_long = u32::try_from(writer.text.len()).is_err();
    let number = sources.add(Source::new(name, writer.text));
    debug_assert_eq!(number, SOURCE, "Invariant: a document is the first source of its load");
    for (span, message) in writer.faults {
        faults.push(Diagnostic::error(message).at(sources.place(span)));
    }
    if too_long {
        faults.push(Diagnostic::error("larger than 4 GiB").in_file(name));
        return None;
    }
    Some(root)
}

/// The number of the source that a document becomes.
const SOURCE: u32 = 0;

#[derive(Default)]
struct Writer {
    text: String,
    /// Whether each value stands on a line of its own.
    is_long: bool,
    depth: usize,
    faults: Vec<(Span, String)>,
}

impl Writer {
    fn value(&mut self, given: &Given) -> Node {
        let start = self.text.len();
        let value = match given {
            Given::Nothing => self.plain("null"),
            Given::Flag(true) => self.plain("true"),
            Given::Flag(false) => self.plain("false"),
            Given::Number(number) => self.plain(number),
            Given::Text(text) => {
                self.quoted(text);
                Value::Scalar { text: text.clone(), style: Style::Quoted }
            }
            Given::List(_) | Given::Map(_) if self.depth == MAX_NESTING => {
                let message = format!("nested more than {MAX_NESTING} deep");
                self.faults.push((self.since(start), message));
                self.plain("null")
            }
            Given::List(items) => self.list(items),
            Given::Map(entries) => self.map(entries),
        };
        Node { value, span: self.since(start) }
    }

    fn plain(&mut self, text: &str) -> Value {
        self.text.push_str(text);
        Value::Scalar { text: text.to_owned(), style: Style::Plain }
    }

    /// Writes a text in quotes; what JSON must escape is escaped.
    fn quoted(&mut self, text: &str) {
        use std::fmt::Write as _;
        self.text.push('"');
        for character in text.chars() {
            match character {
                '"' | '\\' => self.text.extend(['\\', character]),
                '\n' => self.text.push_str("\\n"),
                control if control.is_control() => {
                    let _ = write!(self.text, "\\u{:04x}", u32::from(control));
                }
                other => self.text.push(other),
            }
        }
        self.text.push('"');
    }

    fn list(&mut self, items: &[Given]) -> Value {
        self.text.push('[');
        self.depth += 1;
        let mut nodes = Vec::with_capacity(items.len());
        for (index, item) in items.iter().enumerate() {
            self.new_line(index > 0);
            nodes.push(self.value(item));
        }
        self.depth -= 1;
        self.close(items.is_empty(), ']');
        Value::List(nodes)
    }

    fn map(&mut self, given: &[(String, Given)]) -> Value {
        self.text.push('{');
        self.depth += 1;
        let mut seen = FxHashSet::default();
        let mut entries = Vec::with_capacity(given.len());
        for (index, (key, value)) in given.iter().enumerate() {
            self.new_line(index > 0);
            let start = self.text.len();
            self.quoted(key);
            let key_span = self.since(start);
            self.text.push_str(": ");
            let value = self.value(value);
            if seen.insert(key.as_str()) {
                entries.push(Entry { key: key.clone(), key_span, value });
            } else {
                self.faults.push((key_span, format!("{} is given twice", quoted(key))));
            }
        }
        self.depth -= 1;
        self.close(given.is_empty(), '}');
        Value::Map(entries)
    }

    fn new_line(&mut self, comma: bool) {
        if comma {
            self.text.push(',');
        }
        if self.is_long {
            self.text.push('\n');
            self.text.extend(std::iter::repeat_n(' ', 2 * self.depth));
        } else if comma {
            self.text.push(' ');
        }
    }

    fn close(&mut self, was_empty: bool, bracket: char) {
        if !was_empty {
            self.new_line(false);
        }
        self.text.push(bracket);
    }

    fn since(&self, start: usize) -> Span {
        Span::new(SOURCE, start, self.text.len())
    }
}
