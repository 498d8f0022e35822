//! A stored run as files of tables.

mod csv;
mod folder;
mod parquet;
mod tables;

use std::path::{Path, PathBuf};

use psim_journal::{Journal, JournalError, StoredRun};

use crate::altered::Altered;
use crate::files::FilesError;
use folder::Target;
use tables::Log;

/// Where the tables of a run go; one folder at least.
#[derive(Clone, Copy, Debug, Default)]
pub struct ExportOptions<'a> {
    /// The folder for Parquet files.
    pub parquet: Option<&'a Path>,
    /// The folder for CSV files.
    pub csv: Option<&'a Path>,
    /// Whether files of the same run are replaced.
    pub force: bool,
}

/// A file that was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExportedFile {
    /// The table in it.
    pub table: &'static str,
    /// Its rows.
    pub rows: usize,
    /// The file.
    pub path: PathBuf,
}

/// Why a run was not exported. Nothing is left of what was begun.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// The run cannot be read.
    #[error(transparent)]
    Journal(#[from] JournalError),
    /// The events are others than when the run was kept.
    #[error(transparent)]
    Altered(#[from] Altered),
    /// A folder has files of the run.
    #[error("`{}` already has tables of run `{simulation_id}`", folder.display())]
    Taken {
        /// The folder that was named.
        folder: PathBuf,
        /// The run.
        simulation_id: String,
    },
    /// Both forms would go to one folder, which nothing could read as a data set.
    #[error("Parquet and CSV cannot both go to `{}`; choose two folders", folder.display())]
    SameFolder {
        /// The folder that was named twice.
        folder: PathBuf,
    },
    /// A folder has tables in the other form, which nothing could read together with these.
    #[error(
        "`{}` has tables in another form, and no data set has two; choose another folder",
        folder.display()
    )]
    OtherForm {
        /// The folder that was named.
        folder: PathBuf,
    },
    /// A file cannot be written.
    #[error(transparent)]
    Files(#[from] FilesError),
    /// The caller asked for an end.
    #[error("stopped")]
    Stopped,
}

/// Writes the tables of a run, as far as it is stored, to
/// `FOLDER/TABLE/simulation_id=ID/part-0.parquet` (or `.csv`): all of them or, if something fails,
/// none. `is_stopped` is asked now and then whether to give up.
///
/// The run's events are in memory meanwhile, and one table at a time.
///
/// # Errors
///
/// [`ExportError`]: the run cannot be read or is another than when it was kept, a folder has tables
/// already, a file cannot be written, or the caller asked for an end.
pub fn export(
    journal: &Journal,
    run: &StoredRun,
    options: ExportOptions<'_>,
    is_stopped: &dyn Fn() -> bool,
) -> Result<Vec<ExportedFile>, ExportError> {
    let (id, force) = (&run.simulation_id, options.force);
    let begin = |folder: Option<&Path>| folder.map(|folder| Target::begin(folder, id)).transpose();
    let (mut to_parquet, mut to_csv) = (begin(options.parquet)?, begin(options.csv)?);
    // Only folders that are there tell whether two names are of one.
    if let (Some(parquet), Some(csv)) = (&to_parquet, &to_csv)
        && parquet.resolved()? == csv.resolved()?
    {
        return Err(ExportError::SameFolder { folder: parquet.root().to_owned() });
    }
    for (folder, extension) in [(options.parquet, "parquet"), (options.csv, "csv")] {
        if let Some(folder) = folder {
            folder::check(folder, extension, id, force)?;
        }
    }
    let scenario = journal.scenario(run)?;
    let log = Log::read(journal, run, is_stopped)?;
    let notes = tables::notes(run, &scenario);
    log.each_table(&mut |name, frame| {
        if let Some(target) = &mut to_parquet {
            target.write(name, "parquet", frame, |file| parquet::write(frame, &notes, file))?;
        }
        if let Some(target) = &mut to_csv {
            target.write(name, "csv", frame, |file| csv::write(frame, file))?;
        }
        if is_stopped() { Err(ExportError::Stopped) } else { Ok(()) }
    })?;
    let mut targets: Vec<Target> = [to_parquet, to_csv].into_iter().flatten().collect();
    targets.iter_mut().try_for_each(Target::place)?;
    Ok(targets.into_iter().flat_map(Target::keep).collect())
}
