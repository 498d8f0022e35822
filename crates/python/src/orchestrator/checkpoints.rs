//! Live runs as bytes, and runs that go on otherwise.

use psim_runner::session::RestoreError;
use psim_runner::{BranchError, BranchRefusal, Session};
use pyo3::prelude::*;
use pyo3::types::PyBytes;

use super::Orchestrator;
use crate::errors::{branch_error, checkpoint_error};
use crate::guard::{Guarded, contain};
use crate::scenario::{Changes, Checked};

#[pymethods]
impl Orchestrator {
    /// Returns the run as it stands, as bytes: all that has happened, the state before the coming
    /// tick, and what was asked for since the last. `Orchestrator.restore` goes on from them, in
    /// any process, with the same events that this run will have.
    ///
    /// Returns:
    ///     The bytes, packed. Other versions of the package refuse them.
    fn checkpoint<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyBytes>> {
        let bytes = self.session.with_detached(py, |session| session.checkpoint())?;
        Ok(PyBytes::new(py, &bytes))
    }

    /// Goes on with a run from the bytes of `Orchestrator.checkpoint`.
    ///
    /// Args:
    ///     config: The scenario of the run, as for `Orchestrator`; of a branch, the one that it was
    ///         branched to.
    ///     data: The bytes.
    ///
    /// Raises:
    ///     CheckpointError: The bytes are no checkpoint of this version, were changed, or are of
    ///         another scenario; `differences` says where that differs.
    ///     ScenarioError: The scenario is not sound.
    #[staticmethod]
    fn restore(config: &Bound<'_, PyAny>, data: &[u8]) -> PyResult<Self> {
        let py = config.py();
        let scenario = contain(py, || Checked::of(config, Changes::default()))??;
        let session = contain(py, || py.detach(|| Session::restore(&scenario.scenario, data)))?;
        match session {
            Ok(session) => Ok(Self { session: Guarded::new(session), scenario }),
            Err(error) => {
                let differences = match &error {
                    RestoreError::OtherScenario { paths } => paths.clone(),
                    _ => Vec::new(),
                };
                Err(checkpoint_error(py, &error.to_string(), differences))
            }
        }
    }

    /// Returns another run that has come to where this one is and goes on under another scenario:
    /// what if, from here on? This run does not change.
    ///
    /// Costs, liquidity saving, limits, policies and what is scheduled for the coming tick and
    /// later may differ. What differs holds from the coming tick on and is told by its events.
    ///
    /// Args:
    ///     config: The other scenario, as for `Orchestrator`; this run's if not given.
    ///     overrides: Keys of the scenario to set, such as `{"cost_rates.eod_penalty": 100}`.
    ///     policies: Policies by agent (or `*`), or one for all, as for `run_scenario`.
    ///
    /// Raises:
    ///     BranchError: More differs than may (`differences` says where), or the run is over.
    ///     ScenarioError: The other scenario is not sound.
    #[pyo3(signature = (config=None, *, overrides=None, policies=None))]
    fn branch(
        &self,
        py: Python<'_>,
        config: Option<&Bound<'_, PyAny>>,
        overrides: Option<&Bound<'_, PyAny>>,
        policies: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<Self> {
        let scenario = contain(py, || {
            let changes = Changes::read(None, overrides, policies, false)?;
            match config {
                Some(config) => Checked::of(config, changes),
                None => self.scenario.changed(py, changes),
            }
        })??;
        let branch =
            self.session.with_detached(py, |session| session.branch(&scenario.scenario))?;
        match branch {
            Ok(session) => Ok(Self { session: Guarded::new(session), scenario }),
            Err(error) => {
                let differences = match &error {
                    BranchRefusal::Refused(BranchError::Differs { paths, .. }) => paths.clone(),
                    _ => Vec::new(),
                };
                Err(branch_error(py, &error.to_string(), differences))
            }
        }
    }
}
