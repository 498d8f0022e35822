//! Folders that tables go to, partitioned by run.

use std::fmt::Write as _;
use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use psim_frames::Frame;
use tempfile::TempDir;

use super::tables::NAMES;
use super::{ExportError, ExportedFile};

/// Refuses a folder that has files of the run, unless they may be replaced.
pub(super) fn check(root: &Path, id: &str, force: bool) -> Result<(), ExportError> {
    let mut partitions = NAMES.iter().map(|table| root.join(table).join(partition(id)));
    let has_files =
        |folder: PathBuf| fs::read_dir(folder).is_ok_and(|mut files| files.next().is_some());
    if !force && partitions.any(has_files) {
        let (folder, simulation_id) = (root.to_owned(), id.to_owned());
        return Err(ExportError::Taken { folder, simulation_id });
    }
    Ok(())
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

/// A folder on its way to having all tables of a run. Files are written beside their places and
/// moved when all are whole; what is dropped before leaves nothing.
pub(super) struct Target {
    root: PathBuf,
    partition: String,
    files: Vec<ExportedFile>,
    // Dropped in this order: what is in the folders, then the folders.
    staging: TempDir,
    made: Made,
}

impl Target {
    /// Makes the folder, if there is none.
    pub(super) fn begin(root: &Path, id: &str) -> Result<Self, ExportError> {
        let mut made = Made::default();
        made.ensure(root)?;
        let staging = tempfile::Builder::new().prefix(".export-").tempdir_in(root);
        let staging = staging.map_err(|source| failed(root, source))?;
        let (root, partition) = (root.to_owned(), partition(id));
        Ok(Self { root, partition, files: Vec::new(), staging, made })
    }

    /// Writes a table.
    pub(super) fn write(
        &mut self,
        table: &'static str,
        extension: &str,
        frame: &Frame,
        content: impl FnOnce(&mut BufWriter<File>) -> io::Result<()>,
    ) -> Result<(), ExportError> {
        let name = format!("part-0.{extension}");
        let path = self.root.join(table).join(&self.partition).join(name);
        let written = File::create(self.staged(table)).map(BufWriter::new).and_then(|mut file| {
            content(&mut file)?;
            file.flush()
        });
        written.map_err(|source| failed(&path, source))?;
        self.files.push(ExportedFile { table, rows: frame.num_rows(), path });
        Ok(())
    }

    /// Moves the files to their places.
    pub(super) fn place(mut self) -> Result<Vec<ExportedFile>, ExportError> {
        for (index, file) in self.files.iter().enumerate() {
            let folder = file.path.parent().unwrap_or(&self.root);
            let moved = self.made.ensure(folder).and_then(|()| {
                fs::rename(self.staged(file.table), &file.path)
                    .map_err(|source| failed(&file.path, source))
            });
            if let Err(error) = moved {
                for placed in self.files.iter().take(index) {
                    // The first failure is the one to tell.
                    let _ = fs::remove_file(&placed.path);
                }
                return Err(error);
            }
        }
        Ok(self.files)
    }

    fn staged(&self, table: &str) -> PathBuf {
        self.staging.path().join(table)
    }
}

/// Folders that were made: those that are empty in the end are removed.
#[derive(Default)]
struct Made {
    /// Inner ones first.
    folders: Vec<PathBuf>,
}

impl Made {
    fn ensure(&mut self, folder: &Path) -> Result<(), ExportError> {
        let missing = folder.ancestors().take_while(|folder| !folder.exists());
        self.folders.splice(0..0, missing.map(Path::to_owned));
        fs::create_dir_all(folder).map_err(|source| failed(folder, source))
    }
}

impl Drop for Made {
    fn drop(&mut self) {
        for folder in &self.folders {
            // Refused where something is in it.
            let _ = fs::remove_dir(folder);
        }
    }
}

fn failed(path: &Path, source: io::Error) -> ExportError {
    ExportError::Write { path: path.to_owned(), source }
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
