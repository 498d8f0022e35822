//! What is changed in a scenario: `overrides`, `policies` and the other arguments that say so.

use std::path::Path;

use psim_frames::Setting;
use psim_scenario::{Caller, Given, Overrides, is_policy_type};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::{PyMapping, PyString};

use super::path_of;
use crate::given::given;
use crate::wrong::{expected, of_type};

/// What is changed in a scenario, and by whom.
pub(crate) struct Changes {
    pub(super) overrides: Overrides,
    /// How many Python functions of the package stand between the caller and here.
    pub(super) fronts: i32,
}

impl Default for Changes {
    fn default() -> Self {
        let overrides = Overrides { caller: Caller::Program, ..Overrides::default() };
        Self { overrides, fronts: 0 }
    }
}

impl Changes {
    /// Reads the arguments that say what is changed.
    pub(crate) fn read(
        seed: Option<u64>,
        overrides: Option<&Bound<'_, PyAny>>,
        policies: Option<&Bound<'_, PyAny>>,
        trace_decisions: bool,
    ) -> PyResult<Self> {
        let mut changes = Self::default();
        changes.overrides.seed = seed;
        changes.overrides.trace_decisions = trace_decisions;
        if let Some(overrides) = overrides {
            changes.overrides.set = pairs(overrides, "overrides")?;
        }
        if let Some(policies) = policies {
            changes.overrides.policies = policies_of(policies)?;
        }
        Ok(changes)
    }

    /// Says whether the scenario may name files outside of its folder.
    pub(crate) fn allowing_outside(mut self, allow_outside: bool) -> Self {
        self.overrides.allow_outside = allow_outside;
        self
    }

    /// Says that a Python function of the package stands between the caller and here.
    pub(crate) fn through_front(self) -> Self {
        Self { fronts: self.fronts.saturating_add(1), ..self }
    }

    /// Returns the numbers among the settings.
    pub(crate) fn numbers(&self) -> Vec<Setting> {
        let settings = self.overrides.settings();
        settings.filter_map(|(path, written)| Setting::read(path, written)).collect()
    }
}

/// Reads policies by agent, or one for all: its name or path, or what a scenario says of it.
fn policies_of(policies: &Bound<'_, PyAny>) -> PyResult<Vec<String>> {
    if let Some(path) = path_of(policies)? {
        return Ok(vec![format!("*={}", text_of(&path)?)]);
    }
    if is_one_policy(policies)? {
        return Ok(vec![format!("*={}", given(policies)?)]);
    }
    pairs(policies, "policies")
}

/// Returns whether a dict is a policy as a scenario gives it, `{"type": "Library", …}`: then it is
/// no dict of policies by agent.
fn is_one_policy(policies: &Bound<'_, PyAny>) -> PyResult<bool> {
    let Ok(mapping) = policies.cast::<PyMapping>() else { return Ok(false) };
    if !mapping.contains("type")? {
        return Ok(false);
    }
    let kind = mapping.get_item("type")?;
    let Ok(kind) = kind.cast::<PyString>() else { return Ok(false) };
    Ok(is_policy_type(&kind.to_string_lossy()))
}

/// Reads a mapping from texts as `key=value`; texts stand for themselves, all else as JSON.
fn pairs(mapping: &Bound<'_, PyAny>, name: &str) -> PyResult<Vec<String>> {
    let Ok(mapping) = mapping.cast::<PyMapping>() else {
        let what = if name == "policies" { "a name, a path or a dict" } else { "a dict" };
        return Err(expected(name, what, mapping));
    };
    let mut read = Vec::new();
    for item in mapping.items()?.iter() {
        let (key, value): (Bound<'_, PyAny>, Bound<'_, PyAny>) = item.extract()?;
        let key: String = of_type(&key, name, "keys that are texts")?;
        if key.contains('=') {
            return Err(PyValueError::new_err(format!("`{name}`: `{key}` contains `=`")));
        }
        read.push(match given(&value)? {
            Given::Nothing if name == "policies" => continue,
            Given::Text(text) if name == "policies" => format!("{key}={text}"),
            value => format!("{key}={value}"),
        });
    }
    Ok(read)
}

/// Returns a path of a policy as text, which it becomes among the changes of a scenario.
fn text_of(path: &Path) -> PyResult<&str> {
    let no_text = || PyValueError::new_err("`policies`: the path is no Unicode text");
    path.to_str().ok_or_else(no_text)
}
