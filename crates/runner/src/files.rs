//! Files that are there whole or not at all, and replace others only if asked.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// Why files were not written. Nothing is left of what was begun.
#[derive(Debug, thiserror::Error)]
pub enum FilesError {
    /// There is one already.
    #[error("`{}` exists already", .0.display())]
    Exists(PathBuf),
    /// One cannot be written.
    #[error("cannot write `{}`: {source}", path.display())]
    Write {
        /// The file or folder.
        path: PathBuf,
        /// What the operating system said.
        source: io::Error,
    },
}

/// Refuses a file that exists, unless it may be replaced.
pub fn check_file(path: &Path, force: bool) -> Result<(), FilesError> {
    if path.is_dir() {
        return Err(failed(path, io::ErrorKind::IsADirectory.into()));
    }
    if path.exists() && !force {
        return Err(FilesError::Exists(path.to_owned()));
    }
    Ok(())
}

/// Writes a file into a folder that is there.
pub fn write_file(path: &Path, bytes: &[u8], force: bool) -> Result<(), FilesError> {
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    let name = path.file_name().unwrap_or_default();
    if !folder.is_dir() {
        let source = io::Error::new(io::ErrorKind::NotFound, "there is no such folder");
        return Err(failed(folder, source));
    }
    stage(folder, &[(Path::new(name), bytes)], force)?;
    Ok(())
}

/// Writes files into a folder, which is made if it is not there: all of them or, if one exists and
/// may not be replaced or cannot be written, none. Returns their paths.
pub fn write_folder(
    folder: &Path,
    files: &[(String, Vec<u8>)],
    force: bool,
) -> Result<Vec<PathBuf>, FilesError> {
    fs::create_dir_all(folder).map_err(|source| failed(folder, source))?;
    let files: Vec<(&Path, &[u8])> =
        files.iter().map(|(name, bytes)| (Path::new(name), bytes.as_slice())).collect();
    stage(folder, &files, force)
}

/// Writes files beside their places and moves them there when all are whole.
fn stage(folder: &Path, files: &[(&Path, &[u8])], force: bool) -> Result<Vec<PathBuf>, FilesError> {
    for (name, _) in files {
        check_file(&folder.join(name), force)?;
    }
    let staging = tempfile::Builder::new().prefix(".report-").tempdir_in(folder);
    let staging = staging.map_err(|source| failed(folder, source))?;
    for (name, bytes) in files {
        let written = fs::write(staging.path().join(name), bytes);
        written.map_err(|source| failed(&folder.join(name), source))?;
    }
    let mut placed = Vec::with_capacity(files.len());
    for (name, _) in files {
        let path = folder.join(name);
        fs::rename(staging.path().join(name), &path).map_err(|source| failed(&path, source))?;
        placed.push(path);
    }
    Ok(placed)
}

fn failed(path: &Path, source: io::Error) -> FilesError {
    FilesError::Write { path: path.to_owned(), source }
}
