//! What is wrong with a document, and where.

use std::fmt;

/// Where something stands in a document: keys and indices from its root.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Path(pub Vec<Step>);

/// One step of a [`Path`].
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    /// Into an object.
    Key(String),
    /// Into a list.
    Index(usize),
}

impl Path {
    /// Returns the path of what stands under a key.
    #[must_use]
    pub fn key(&self, key: &str) -> Self {
        self.with(Step::Key(key.to_owned()))
    }

    /// Returns the path of an item.
    #[must_use]
    pub fn index(&self, index: usize) -> Self {
        self.with(Step::Index(index))
    }

    fn with(&self, step: Step) -> Self {
        let mut steps = self.0.clone();
        steps.push(step);
        Self(steps)
    }
}

/// Writes it as `payment_tree.on_true.actions[0]`.
impl fmt::Display for Path {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, step) in self.0.iter().enumerate() {
            match step {
                Step::Key(key) if index == 0 => write!(out, "{key}")?,
                Step::Key(key) => write!(out, ".{key}")?,
                Step::Index(index) => write!(out, "[{index}]")?,
            }
        }
        Ok(())
    }
}

/// What a fault is about, for whoever can say more than its message.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum FaultKind {
    /// A key or a parameter stands a second time.
    Repeated,
    /// Something else stands where a text is needed.
    NotText,
    /// Anything else.
    #[default]
    Other,
}

/// One thing that is wrong with a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Where; the root if it is the whole document.
    pub path: Path,
    /// What, as a clause.
    pub message: String,
    /// What it is about.
    pub kind: FaultKind,
    /// What to do about it, if that is not plain.
    pub hint: Option<String>,
    /// Whether the predecessor would have taken no notice.
    pub was_ignored: bool,
    /// Line and column, where the text is no JSON at all.
    pub position: Option<(usize, usize)>,
    /// How many faults it stands for: one, unless it counts those that are left out.
    pub stands_for: usize,
}

impl Fault {
    /// Makes a fault that the predecessor noticed too.
    pub fn new(path: Path, message: impl Into<String>) -> Self {
        Self {
            path,
            message: message.into(),
            kind: FaultKind::Other,
            hint: None,
            was_ignored: false,
            position: None,
            stands_for: 1,
        }
    }
}

/// Writes it as `payment_tree.action: unknown action "Relase"; did you mean "Release"?`.
impl fmt::Display for Fault {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some((line, column)) = self.position {
            write!(out, "line {line}, column {column}: ")?;
        } else if !self.path.0.is_empty() {
            write!(out, "{}: ", self.path)?;
        }
        out.write_str(&self.message)?;
        match &self.hint {
            Some(hint) => write!(out, "; {hint}"),
            None => Ok(()),
        }
    }
}

/// Everything that is wrong with a document, in its order.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub struct Faults(pub Vec<Fault>);

/// Writes them one a line.
impl fmt::Display for Faults {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, fault) in self.0.iter().enumerate() {
            if index > 0 {
                out.write_str("\n")?;
            }
            write!(out, "{fault}")?;
        }
        Ok(())
    }
}
