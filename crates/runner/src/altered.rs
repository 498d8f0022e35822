//! Stored events that are not those of the run.

use psim_journal::StoredRun;

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
