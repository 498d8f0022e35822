//! Folders that tables go to, partitioned by run.

use std::fmt::Write as _;
use std::fs::{self, File};
use std::io::{self, BufWriter};
use std::path::{Path, PathBuf};

use psim_frames::Frame;

use super::tables::NAMES;
use super::{ExportError, ExportedFile};
use crate::files::{FilesError, Staging};

/// Refuses a folder that has files of the run, unless they may be replaced, and one that has tables
/// of any run in another form than `extension`.
pub(super) fn check(
    root: &Path,
    extension: &str,
    id: &str,
    force: bool,
) -> Result<(), ExportError> {
    if has_other_form(root, extension) {
        return Err(ExportError::OtherForm { folder: root.to_owned() });
    }
    let mut partitions = NAMES.iter().map(|table| root.join(table).join(partition(id)));
    let has_files =
        |folder: PathBuf| fs::read_dir(folder).is_ok_and(|mut files| files.next().is_some());
    if !force && partitions.any(has_files) {
        let (folder, simulation_id) = (root.to_owned(), id.to_owned());
        return Err(ExportError::Taken { folder, simulation_id });
    }
    Ok(())
}

fn has_other_form(root: &Path, extension: &str) -> bool {
    let files_in = |folder: PathBuf| {
        fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path())
    };
    let partitions = NAMES.iter().flat_map(|table| files_in(root.join(table)));
    partitions.flat_map(files_in).any(|file| {
        let other = file.extension().and_then(|found| found.to_str());
        other.is_some_and(|other| matches!(other, "csv" | "parquet") && other != extension)
    })
}

/// Returns the name of the folder of a run, as Hive writes it: all but letters, digits, `-`, `_`
/// and `.` as `%` and two hexadecimal digits.
fn partition(id: &str) -> String {
    let mut name = String::from("simulation_id=");
    for byte in id.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.".contains(&byte) {
            name.push(char::from(byte));
        } else {
            let _ = write!(name, "%{byte:02X}");
        }
    }
    name
}

/// A folder on its way to having all tables of a run.
pub(super) struct Target {
    root: PathBuf,
    partition: String,
    files: Vec<ExportedFile>,
    staging: Staging,
}

impl Target {
    /// Makes the folder, if there is none.
    pub(super) fn begin(root: &Path, id: &str) -> Result<Self, FilesError> {
        let staging = Staging::begin(root)?;
        let (root, partition) = (root.to_owned(), partition(id));
        Ok(Self { root, partition, files: Vec::new(), staging })
    }

    /// Returns the folder as it was named.
    pub(super) fn root(&self) -> &Path {
        &self.root
    }

    /// Returns the one name of the folder that all others stand for.
    pub(super) fn resolved(&self) -> Result<PathBuf, FilesError> {
        let path = self.root.clone();
        fs::canonicalize(&path).map_err(|source| FilesError::Write { path, source })
    }

    /// Writes a table.
    pub(super) fn write(
        &mut self,
        table: &'static str,
        extension: &str,
        frame: &Frame,
        content: impl FnOnce(&mut BufWriter<File>) -> io::Result<()>,
    ) -> Result<(), FilesError> {
        let name = format!("part-0.{extension}");
        let path = self.root.join(table).join(&self.partition).join(name);
        self.staging.write(path.clone(), content)?;
        self.files.push(ExportedFile { table, rows: frame.num_rows(), path });
        Ok(())
    }

    /// Moves the files to their places.
    pub(super) fn place(&mut self) -> Result<(), FilesError> {
        self.staging.place()
    }

    /// Lets the files stay, and returns them.
    pub(super) fn keep(self) -> Vec<ExportedFile> {
        self.staging.keep();
        self.files
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_partitions_are_safe_and_keep_the_id() {
        assert_eq!(partition("sim-0a1b.2_c"), "simulation_id=sim-0a1b.2_c");
        assert_eq!(partition("../a b=ü%"), "simulation_id=..%2Fa%20b%3D%C3%BC%25");
    }
}
