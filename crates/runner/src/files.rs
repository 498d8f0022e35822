//! Files that are there whole or not at all, and replace others only if asked.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use tempfile::TempDir;

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

/// Refuses a file that exists, unless it may be replaced. Devices and pipes are not replaced, they
/// are written to.
///
/// # Errors
///
/// [`FilesError`]: it is a folder, or exists and may not be replaced.
pub fn check_file(path: &Path, force: bool) -> Result<(), FilesError> {
    if path.is_dir() {
        return Err(failed(path, io::ErrorKind::IsADirectory.into()));
    }
    if path.is_file() && !force {
        return Err(FilesError::Exists(path.to_owned()));
    }
    Ok(())
}

/// Writes a file into a folder that is there.
///
/// # Errors
///
/// [`FilesError`]: it exists and may not be replaced, or cannot be written; then nothing is left.
pub fn write_file(
    path: &Path,
    force: bool,
    content: impl FnOnce(&mut BufWriter<File>) -> io::Result<()>,
) -> Result<(), FilesError> {
    check_file(path, force)?;
    if path.exists() && !path.is_file() {
        return fill(path, content).map_err(|source| failed(path, source));
    }
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    if !folder.is_dir() {
        let source = io::Error::new(io::ErrorKind::NotFound, "there is no such folder");
        return Err(failed(folder, source));
    }
    let mut staging = Staging::begin(folder)?;
    staging.write(path.to_owned(), content)?;
    staging.place()?;
    staging.keep();
    Ok(())
}

/// Writes files into a folder, which is made if it is not there: all of them or, if one exists and
/// may not be replaced or cannot be written, none. With `force` the others of the files `known` go,
/// all that the caller ever writes there, so that nothing of an earlier call is taken for this one.
/// Returns how many went.
///
/// # Errors
///
/// [`FilesError`], as for [`write_file`].
pub fn write_folder(
    folder: &Path,
    files: &[(String, Vec<u8>)],
    known: &[String],
    force: bool,
) -> Result<usize, FilesError> {
    let paths: Vec<PathBuf> = files.iter().map(|(name, _)| folder.join(name)).collect();
    paths.iter().try_for_each(|path| check_file(path, force))?;
    let mut staging = Staging::begin(folder)?;
    for (path, (_, bytes)) in paths.iter().zip(files) {
        staging.write(path.clone(), |file| file.write_all(bytes))?;
    }
    let known = known.iter().filter(|_| force).map(|name| folder.join(name));
    let others: Vec<PathBuf> =
        known.filter(|path| path.is_file() && !paths.contains(path)).collect();
    let removed = others.len();
    for path in others {
        staging.remove(path);
    }
    staging.place()?;
    staging.keep();
    Ok(removed)
}

/// Files on their way into a folder. They are written beside their places and moved when all are
/// whole; what is dropped before it is [kept](Self::keep) leaves everything as it was.
pub(crate) struct Staging {
    places: Vec<PathBuf>,
    /// Files that go once all places have theirs.
    others: Vec<PathBuf>,
    /// How many places have their files; beyond them, how many others are gone.
    placed: usize,
    // Dropped in this order: what is in the folders, then the folders.
    beside: TempDir,
    made: Made,
}

impl Staging {
    /// Makes the folder, if there is none.
    pub(crate) fn begin(folder: &Path) -> Result<Self, FilesError> {
        let mut made = Made::default();
        made.ensure(folder)?;
        let beside = tempfile::Builder::new().prefix(".payment-sim-").tempdir_in(folder);
        let beside = beside.map_err(|source| failed(folder, source))?;
        Ok(Self { places: Vec::new(), others: Vec::new(), placed: 0, beside, made })
    }

    /// Writes a file that is to come to a place in the folder or in one below it, which is made
    /// then.
    pub(crate) fn write(
        &mut self,
        place: PathBuf,
        content: impl FnOnce(&mut BufWriter<File>) -> io::Result<()>,
    ) -> Result<(), FilesError> {
        let written = fill(&self.staged(self.places.len()), content);
        written.map_err(|source| failed(&place, source))?;
        self.places.push(place);
        Ok(())
    }

    /// Has a file go when the new ones are in their places.
    fn remove(&mut self, other: PathBuf) {
        self.others.push(other);
    }

    /// Moves the files to their places, over those that are there.
    pub(crate) fn place(&mut self) -> Result<(), FilesError> {
        while self.placed < self.places.len() {
            self.move_in(self.placed)?;
            self.placed += 1;
        }
        for other in &self.others {
            let gone = fs::rename(other, self.replaced(self.placed));
            gone.map_err(|source| failed(other, source))?;
            self.placed += 1;
        }
        Ok(())
    }

    /// Lets the files stay that were moved.
    pub(crate) fn keep(mut self) {
        self.placed = 0;
    }

    fn move_in(&mut self, index: usize) -> Result<(), FilesError> {
        let place = &self.places[index];
        let (new, old) = (self.staged(index), self.replaced(index));
        if place.is_dir() {
            return Err(failed(place, io::ErrorKind::IsADirectory.into()));
        }
        self.made.ensure(place.parent().unwrap_or(Path::new(".")))?;
        let moved = set_aside(place, &old).and_then(|()| {
            fs::rename(&new, place).inspect_err(|_| {
                let _ = fs::rename(&old, place);
            })
        });
        moved.map_err(|source| failed(place, source))
    }

    /// Puts back what was in a place, or nothing.
    fn take_back(&self, index: usize) {
        let mut places = self.places.iter().chain(&self.others);
        let (Some(place), old) = (places.nth(index), self.replaced(index)) else { return };
        let _ = if old.exists() { fs::rename(old, place) } else { fs::remove_file(place) };
    }

    fn staged(&self, index: usize) -> PathBuf {
        self.beside.path().join(format!("new-{index}"))
    }

    fn replaced(&self, index: usize) -> PathBuf {
        self.beside.path().join(format!("old-{index}"))
    }
}

impl Drop for Staging {
    fn drop(&mut self) {
        // What fails here has failed before, and was told.
        (0..self.placed).rev().for_each(|index| self.take_back(index));
    }
}

/// Folders that were made: those that are empty in the end are removed.
#[derive(Default)]
struct Made {
    /// Inner ones first.
    folders: Vec<PathBuf>,
}

impl Made {
    fn ensure(&mut self, folder: &Path) -> Result<(), FilesError> {
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

/// Gives what is in a place another name as well, if anything is there: so the place has a file at
/// any moment until the next one takes it, also if the program is killed. Where the file system
/// knows no second names, what is there moves.
fn set_aside(place: &Path, aside: &Path) -> io::Result<()> {
    let set = fs::hard_link(place, aside).or_else(|error| match error.kind() {
        io::ErrorKind::NotFound => Err(error),
        _ => fs::rename(place, aside),
    });
    match set {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

fn fill(
    path: &Path,
    content: impl FnOnce(&mut BufWriter<File>) -> io::Result<()>,
) -> io::Result<()> {
    let mut file = BufWriter::new(File::create(path)?);
    content(&mut file)?;
    file.flush()
}

fn failed(path: &Path, source: io::Error) -> FilesError {
    FilesError::Write { path: path.to_owned(), source }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files(names: &[&str]) -> Vec<(String, Vec<u8>)> {
        names.iter().map(|name| ((*name).to_owned(), b"new".to_vec())).collect()
    }

    /// `a` is a file, so that there is no place for `a/b`: found only when files are moved.
    #[test]
    fn of_files_that_cannot_all_be_placed_none_is() {
        let folder = tempfile::tempdir().unwrap();
        let new = folder.path().join("made/for/them");
        let error = write_folder(&new, &files(&["c", "a", "a/b"]), &[], false).unwrap_err();
        assert!(matches!(error, FilesError::Write { .. }), "{error}");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);

        fs::write(folder.path().join("a"), "old").unwrap();
        write_folder(folder.path(), &files(&["c", "a", "a/b"]), &[], true).unwrap_err();
        assert_eq!(fs::read_to_string(folder.path().join("a")).unwrap(), "old");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);

        write_folder(folder.path(), &files(&["c", "a"]), &[], false).unwrap_err();
        write_folder(folder.path(), &files(&["c", "a"]), &[], true).unwrap();
        assert_eq!(fs::read_to_string(folder.path().join("a")).unwrap(), "new");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2);
    }

    #[test]
    fn a_file_stays_in_its_place_until_the_new_one_takes_it() {
        let folder = tempfile::tempdir().unwrap();
        let (place, aside) = (folder.path().join("a"), folder.path().join("old"));
        set_aside(&place, &aside).unwrap();
        assert!(!aside.exists(), "nothing was there");
        fs::write(&place, "old").unwrap();
        set_aside(&place, &aside).unwrap();
        assert_eq!(fs::read_to_string(&place).unwrap(), "old");
        assert_eq!(fs::read_to_string(&aside).unwrap(), "old");
    }

    #[test]
    fn only_known_files_of_an_earlier_call_go_and_only_if_asked() {
        let folder = tempfile::tempdir().unwrap();
        let there = |name: &str| folder.path().join(name).exists();
        let known = ["a", "b", "c", "d"].map(str::to_owned);
        let write = |names: &[&str], force| {
            write_folder(folder.path(), &files(names), &known, force).map_err(|_| ())
        };
        fs::write(folder.path().join("mine"), "mine").unwrap();
        fs::create_dir(folder.path().join("d")).unwrap();
        assert_eq!(write(&["a"], false), Ok(0));
        assert_eq!(write(&["b"], false), Ok(0));
        assert!(there("a"), "nobody asked for it to go");
        // What fails leaves all as it was.
        assert_eq!(write(&["c", "c/below"], true), Err(()));
        assert!(there("a") && there("b") && !there("c"));
        assert_eq!(write(&["b", "c"], true), Ok(1));
        assert!(!there("a") && there("b") && there("c"));
        assert!(there("mine") && there("d"), "files of others stay");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 4);
    }

    #[test]
    fn a_file_that_breaks_off_leaves_the_old_one() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a");
        let breaks_off = |file: &mut BufWriter<File>| {
            file.write_all(b"half")?;
            Err(io::Error::other("no more"))
        };
        write_file(&path, false, breaks_off).unwrap_err();
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
        write_file(&path, false, |file| file.write_all(b"whole")).unwrap();
        write_file(&path, true, breaks_off).unwrap_err();
        let exists = write_file(&path, false, |file| file.write_all(b"other")).unwrap_err();
        assert!(matches!(exists, FilesError::Exists(_)), "{exists}");
        assert_eq!(fs::read_to_string(&path).unwrap(), "whole");
    }
}
