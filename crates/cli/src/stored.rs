//! Stored runs: which one is meant, and what is said of it beside the output.

use psim_journal::{Journal, StoredRun};
use psim_runner::Altered;

use crate::arguments::{NamedRun, StoredRunArguments};
use crate::failure::Failure;
use crate::output;

impl NamedRun {
    /// Opens the database and finds the run that is meant.
    pub(crate) fn open(&self) -> Result<(Journal, StoredRun), Failure> {
        let journal = Journal::open(&self.db)?;
        let run = journal.resolve(self.simulation_id.as_deref())?;
        Ok((journal, run))
    }
}

impl StoredRunArguments {
    /// Opens the database and finds the run.
    pub(crate) fn open(&self) -> Result<(Journal, StoredRun), Failure> {
        self.named().open()
    }
}

/// Says that a run was cut off.
pub(crate) fn warn_if_incomplete(run: &StoredRun) {
    if !run.is_complete {
        let (id, done, asked) = (&run.simulation_id, run.ticks_done, run.ticks_asked);
        let text = format!("run `{id}` is incomplete: this is as of {done} of its {asked} ticks");
        output::problem("warning", &text);
    }
}

impl From<Altered> for Failure {
    fn from(altered: Altered) -> Self {
        Self::Mistake(format!("{altered}; `payment-sim verify` finds the first event that differs"))
    }
}
