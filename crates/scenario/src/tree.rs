//! A file as written: maps, lists and scalars, each with its place. No types yet.

use crate::source::Span;

/// A value and where it stands.
#[derive(Clone, Debug)]
pub(crate) struct Node {
    pub(crate) value: Value,
    pub(crate) span: Span,
}

#[derive(Clone, Debug)]
pub(crate) enum Value {
    Scalar {
        text: String,
        style: Style,
    },
    List(Vec<Node>),
    /// Each key once, in file order.
    Map(Vec<Entry>),
}

/// How a scalar was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Style {
    /// It may be a number, a word or nothing at all.
    Plain,
    /// A text, whatever it looks like.
    Quoted,
    /// A cell of a table: read like a plain scalar, except that no word means nothing.
    Cell,
}

#[derive(Clone, Debug)]
pub(crate) struct Entry {
    pub(crate) key: String,
    pub(crate) key_span: Span,
    pub(crate) value: Node,
}

impl Node {
    /// Returns a node at which nothing was written.
    pub(crate) fn null(span: Span) -> Self {
        let value = Value::Scalar { text: String::new(), style: Style::Plain };
        Self { value, span }
    }

    /// Returns whether nothing was written (`key:`, `~` or `null`).
    pub(crate) fn is_null(&self) -> bool {
        match &self.value {
            Value::Scalar { text, style: Style::Plain } => {
                matches!(text.as_str(), "" | "~" | "null" | "Null" | "NULL")
            }
            _ => false,
        }
    }

    /// Returns its `id`, if it has one.
    pub(crate) fn id(&self) -> Option<&str> {
        match &self.entry("id")?.value.value {
            Value::Scalar { text, .. } => Some(text),
            _ => None,
        }
    }

    pub(crate) fn entry(&self, key: &str) -> Option<&Entry> {
        match &self.value {
            Value::Map(entries) => entries.iter().find(|entry| entry.key == key),
            _ => None,
        }
    }

    /// Names what was written, for "expected ..., found ..." messages.
    pub(crate) fn describe(&self) -> String {
        match &self.value {
            Value::List(_) => "a list".to_owned(),
            Value::Map(_) => "a map".to_owned(),
            Value::Scalar { .. } if self.is_null() => "nothing".to_owned(),
            Value::Scalar { text, style: Style::Quoted } => {
                format!("the text {}", crate::diagnostic::quoted(&format!("\"{text}\"")))
            }
            Value::Scalar { text, .. } => crate::diagnostic::quoted(text),
        }
    }
}
