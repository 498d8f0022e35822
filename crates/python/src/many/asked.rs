//! What many runs are to be: seeds, policies and overrides, of which all combinations are run.

use std::num::NonZeroUsize;
use std::sync::Arc;

use psim_runner::Variant;
use psim_scenario::is_policy_type;
use psim_view::count;
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::{PyMapping, PyString};

use crate::given::items;
use crate::guard::contain;
use crate::numbers::whole_of;
use crate::scenario::{Changes, Checked, PyScenario};
use crate::wrong::{kind_of, of_type};

/// Most runs of one call.
const MOST_RUNS: usize = 4_000_000;

/// A way to set the policies, or to change the scenario, and its name.
type Setting<'py> = (String, Option<Bound<'py, PyAny>>);

/// What many runs are to be.
pub(super) struct Asked<'py> {
    pub(super) seeds: Option<Vec<u64>>,
    pub(super) threads: Option<NonZeroUsize>,
    policies: Vec<Setting<'py>>,
    overrides: Vec<Setting<'py>>,
}

impl<'py> Asked<'py> {
    /// Reads the arguments.
    pub(super) fn read(
        seeds: Option<&Bound<'py, PyAny>>,
        policies: &Bound<'py, PyAny>,
        overrides: &Bound<'py, PyAny>,
        threads: Option<usize>,
    ) -> PyResult<Self> {
        let threads = match threads.map(NonZeroUsize::new) {
            Some(None) => return Err(PyValueError::new_err("`threads` must be at least 1")),
            Some(threads) => threads,
            None => None,
        };
        let asked = Self {
            threads,
            seeds: seeds.map(seeds_of).transpose()?,
            policies: settings_of(policies, "policies")?,
            overrides: settings_of(overrides, "overrides")?,
        };
        asked.check_overrides()?;
        asked.check_number()?;
        Ok(asked)
    }

    /// Refuses what is no setting: most likely the only setting was given in place of all.
    fn check_overrides(&self) -> PyResult<()> {
        for (name, setting) in &self.overrides {
            let Some(setting) = setting else { continue };
            if !setting.is_instance_of::<PyMapping>() {
                let kind = kind_of(setting);
                return Err(PyTypeError::new_err(format!(
                    "`overrides` lists settings or names them, each a dict of keys, and `{name}` \
                     is {kind}: write {{\"some name\": {{\"agents.A.opening_balance\": 5}}}}"
                )));
            }
        }
        Ok(())
    }

    /// Refuses more runs than one call may have.
    fn check_number(&self) -> PyResult<()> {
        let seeds = self.seeds.as_ref().map_or(1, Vec::len);
        let runs = seeds.checked_mul(self.policies.len());
        let runs = runs.and_then(|runs| runs.checked_mul(self.overrides.len()));
        if runs.is_some_and(|runs| runs <= MOST_RUNS) {
            return Ok(());
        }
        let most = count(MOST_RUNS as u64);
        let message = format!("more than {most} runs: make several calls of it");
        Err(PyValueError::new_err(message))
    }

    /// Refuses names that show that one setting of the policies was given in place of all.
    pub(super) fn check_names(&self, base: &Checked) -> PyResult<()> {
        for (name, policy) in &self.policies {
            if base.scenario.agents.iter().any(|agent| agent.id == *name) {
                let message = format!(
                    "`policies` names settings, and `{name}` is an agent: for a policy of that \
                     agent alone write {{\"a name\": {{\"{name}\": …}}}}"
                );
                return Err(PyValueError::new_err(message));
            }
            if name == "type" && names_type(policy.as_ref()) {
                let message = "`policies` names settings, and this is one policy: write \
                               [{\"type\": …}] or {\"a name\": {\"type\": …}}";
                return Err(PyValueError::new_err(message));
            }
        }
        Ok(())
    }

    /// Makes the scenario of each setting of the policies under each of the overrides.
    pub(super) fn variants(&self, py: Python<'py>, base: Arc<Checked>) -> PyResult<Vec<Variant>> {
        let base = Py::new(py, PyScenario { inner: base })?.into_bound(py);
        let mut variants = Vec::new();
        for policies in &self.policies {
            for overrides in &self.overrides {
                variants.push(variant(&base, policies, overrides)?);
                py.check_signals()?;
            }
        }
        Ok(variants)
    }
}

fn variant<'py>(
    base: &Bound<'py, PyScenario>,
    (policies, policy): &Setting<'py>,
    (overrides, setting): &Setting<'py>,
) -> PyResult<Variant> {
    contain(base.py(), || {
        let changes = Changes::read(None, setting.as_ref(), policy.as_ref(), false)?;
        Ok(Variant {
            policies: policies.clone(),
            overrides: overrides.clone(),
            settings: changes.numbers(),
            scenario: Checked::of(base.as_any(), changes.through_front())?.scenario.clone(),
        })
    })?
}

/// Returns whether a setting is the `type` of a policy in a scenario, such as `Library`.
fn names_type(setting: Option<&Bound<'_, PyAny>>) -> bool {
    let word = setting.and_then(|setting| setting.cast::<PyString>().ok());
    word.is_some_and(|word| is_policy_type(&word.to_string_lossy()))
}

/// Reads the seeds.
fn seeds_of(seeds: &Bound<'_, PyAny>) -> PyResult<Vec<u64>> {
    let seeds: Vec<Bound<'_, PyAny>> = items(seeds, "seeds", "an int")?;
    let seeds = seeds.iter().enumerate();
    seeds.map(|(index, seed)| whole_of(seed, format_args!("seeds[{index}]"))).collect()
}

/// Reads settings with their names.
fn settings_of<'py>(settings: &Bound<'py, PyAny>, name: &str) -> PyResult<Vec<Setting<'py>>> {
    type Pair<'py> = (Bound<'py, PyAny>, Option<Bound<'py, PyAny>>);
    let pairs: Vec<Pair<'py>> = items(settings, name, "a pair of a name and a setting")?;
    let named =
        |(key, setting): Pair<'py>| Ok((of_type(&key, name, "names that are texts")?, setting));
    pairs.into_iter().map(named).collect()
}
