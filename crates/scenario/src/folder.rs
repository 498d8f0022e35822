//! Where the files lie that a scenario names: in its own folder, unless the caller allows others.
//!
//! A scenario may come from a stranger; running it must not read what it has no business with.
//! Symbolic links and `..` are followed before the place is judged. A policy that is named on the
//! command line is not the scenario's, and may lie anywhere.

use std::path::{Component, Path, PathBuf};

use crate::check::Checker;
use crate::diagnostic::quoted;
use crate::source::Span;

impl Checker<'_> {
    /// Returns the path of a file that the scenario names under `key`; that it lies outside of the
    /// scenario's folder is a fault, unless the caller allows it.
    pub(crate) fn named_file(&mut self, key: &str, name: &str, span: Span) -> Option<PathBuf> {
        if self.allow_outside || lies_within(self.directory, name) {
            return Some(self.directory.join(name));
        }
        let message = format!("`{key}`: {} lies outside the scenario's folder", quoted(name));
        let hint = format!("`{}` lets a scenario read such files", self.caller.allow_outside());
        self.fault(span, message, Some(hint));
        None
    }
}

/// Returns whether a file lies in a folder or below it; what cannot be told apart does not.
fn lies_within(folder: &Path, name: &str) -> bool {
    let here = Path::new(".");
    let folder = if folder.as_os_str().is_empty() { here } else { folder };
    let Ok(folder) = folder.canonicalize() else { return false };
    let path = folder.join(name);
    // A file that is not there lies where its name leads.
    let path = path.canonicalize().unwrap_or_else(|_| without_dots(&path));
    path.starts_with(folder)
}

/// Carries out the `.` and `..` of an absolute path.
fn without_dots(path: &Path) -> PathBuf {
    let mut plain = PathBuf::new();
    for component in path.components() {
        match component {
            Component::CurDir => {}
            Component::ParentDir => {
                plain.pop();
            }
            other => plain.push(other),
        }
    }
    plain
}
