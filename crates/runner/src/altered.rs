//! A stored run as it was kept, or the refusal to take something else for it.

use psim_journal::{Journal, JournalError, StoredRun};
use psim_model::event::EventBatch;
use psim_view::{Fold as _, StreamHash};

/// The stored events of a run are others than when it was kept.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "the stored events of run `{simulation_id}` are not those of the run: their hash is {found}, \
     that of the run was {kept}"
)]
pub struct Altered {
    /// The run.
    pub simulation_id: String,
    /// The hash that was kept beside them.
    pub kept: String,
    /// The hash they have.
    pub found: String,
}

impl Altered {
    /// Refuses to let altered events pass for the run, given the hash of all that are stored. A run
    /// that was cut off has none to compare with.
    ///
    /// # Errors
    ///
    /// [`Altered`], if they are others.
    pub fn check(run: &StoredRun, found: &str) -> Result<(), Self> {
        match &run.stream_hash {
            Some(kept) if kept != found => Err(Self {
                simulation_id: run.simulation_id.clone(),
                kept: kept.clone(),
                found: found.to_owned(),
            }),
            _ => Ok(()),
        }
    }
}

/// Reads a run as far as it is stored, tick by tick, and makes sure at the end that it is what was
/// kept. `take` may keep the batch by putting another in its place, and end the reading by an error
/// of its own.
///
/// # Errors
///
/// The run cannot be read ([`JournalError`]), is not what was kept ([`Altered`]), or what `take`
/// says.
pub fn read_whole<E: From<JournalError> + From<Altered>>(
    journal: &Journal,
    run: &StoredRun,
    mut take: impl FnMut(&mut EventBatch) -> Result<(), E>,
) -> Result<(), E> {
    let mut reader = journal.read(run)?;
    let mut hash = StreamHash::new();
    let mut batch = EventBatch::default();
    while reader.next(&mut batch)? {
        hash.observe(&batch);
        take(&mut batch)?;
    }
    Ok(Altered::check(run, &hash.total())?)
}
