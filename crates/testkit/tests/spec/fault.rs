//! What is wrong with a document, and where.

/// A fault of a document: malformed, or not what the engines do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Fault {
    /// Line of the document, from 1.
    pub(crate) line: usize,
    pub(crate) text: String,
}

impl Fault {
    pub(crate) fn new(line: usize, text: impl Into<String>) -> Self {
        Self { line, text: text.into() }
    }
}

/// Returns an error that names a line and a reason.
pub(crate) fn fault<T>(line: usize, text: impl Into<String>) -> Result<T, Fault> {
    Err(Fault::new(line, text))
}
