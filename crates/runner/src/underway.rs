//! A run between two ticks. A branch that is not yet itself follows the scenarios of the runs that
//! it was, each up to its tick.

use std::collections::VecDeque;

use psim_engine::{BranchError, Engine};
use psim_journal::{Ancestor, Journal, JournalError, StoredRun};
use psim_model::{CheckedScenario, Tick};

/// A run between two ticks, with the scenarios that it follows from later ticks on.
#[derive(Debug)]
pub struct Underway {
    pub(crate) engine: Engine,
    ahead: Scenarios,
}

/// Scenarios, each with the tick from which on it is followed, the next first.
type Scenarios = VecDeque<(Tick, CheckedScenario)>;

impl Underway {
    /// Returns a stored run before its first tick.
    pub(crate) fn begin(journal: &Journal, run: &StoredRun) -> Result<Self, JournalError> {
        let (first, ahead) = scenarios(journal, run)?;
        Ok(Self { engine: Engine::new(first), ahead })
    }

    /// Returns a stored run as it stands before a tick, given what makes its engine from the
    /// scenario that it follows there.
    pub(crate) fn at<E: From<JournalError>>(
        journal: &Journal,
        run: &StoredRun,
        tick: Tick,
        engine: impl FnOnce(CheckedScenario) -> Result<Engine, E>,
    ) -> Result<Self, E> {
        let (mut scenario, mut ahead) = scenarios(journal, run)?;
        while let Some(next) = take_due(&mut ahead, tick) {
            scenario = next;
        }
        Ok(Self { engine: engine(scenario)?, ahead })
    }

    /// Returns the engine as it stands.
    pub const fn engine(&self) -> &Engine {
        &self.engine
    }

    /// Follows another scenario from the coming tick on, if that is when it does.
    pub(crate) fn branch_off(&mut self) -> Result<(), BranchError> {
        while let Some(scenario) = take_due(&mut self.ahead, self.engine.now()) {
            self.engine = self.engine.branch(scenario)?;
        }
        Ok(())
    }
}

impl From<Engine> for Underway {
    /// Returns a run that follows one scenario to its end.
    fn from(engine: Engine) -> Self {
        Self { engine, ahead: Scenarios::new() }
    }
}

/// Returns the scenario under which a stored run begins, and those that it follows later.
fn scenarios(
    journal: &Journal,
    run: &StoredRun,
) -> Result<(CheckedScenario, Scenarios), JournalError> {
    let mut ahead = Scenarios::new();
    let mut first = journal.scenario(run)?;
    for Ancestor { tick, scenario, .. } in journal.ancestry(run)?.into_iter().rev() {
        ahead.push_front((tick, std::mem::replace(&mut first, scenario)));
    }
    Ok((first, ahead))
}

/// Takes the next scenario if it is followed from a tick on or before it.
fn take_due(ahead: &mut Scenarios, tick: Tick) -> Option<CheckedScenario> {
    let is_due = ahead.front().is_some_and(|(from, _)| *from <= tick);
    if is_due { ahead.pop_front().map(|(_, scenario)| scenario) } else { None }
}
