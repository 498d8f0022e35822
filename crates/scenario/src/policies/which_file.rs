//! The file that was probably meant by the name of one that is not there.

use std::path::{Path, PathBuf};

use crate::diagnostic::clipped;

/// Most characters of a path; its end is what is to be read.
const LONGEST_PATH: usize = 300;

/// Says that a file is there.
pub(super) fn told(file: &Path) -> String {
    format!("there is `{}`", clipped(&file.display().to_string(), LONGEST_PATH))
}

/// Returns the file that is called like this one with the ending of policies, if this one is not
/// there and that one is.
pub(super) fn with_ending(path: &Path) -> Option<PathBuf> {
    if path.exists() {
        return None;
    }
    let mut name = path.as_os_str().to_owned();
    name.push(".json");
    let file = PathBuf::from(name);
    file.is_file().then_some(file)
}

/// Returns the file that a name means which was given from elsewhere or without its ending, if it
/// is none itself: one of the working directory, or else of `directory`.
pub(super) fn meant(directory: &Path, name: &str) -> Option<PathBuf> {
    let path = Path::new(name);
    if path.exists() {
        return None;
    }
    let there = directory.join(path);
    with_ending(path)
        .or_else(|| there.is_file().then(|| there.clone()))
        .or_else(|| with_ending(&there))
}
