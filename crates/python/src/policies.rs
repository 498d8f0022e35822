//! Policy documents from Python, and what the language consists of.

use psim_model::Policy;
use psim_policy::Tree;
use psim_scenario::{Diagnostics, Severity, read_policy_text};
use pyo3::prelude::*;
use pyo3::types::{PyMapping, PyString};
use serde_json::json;

use crate::errors;
use crate::given::given_policy;
use crate::guard::contain;
use crate::wrong::expected;

/// What faults call a document.
const NAME: &str = "policy";

/// Reads a document that is given as JSON text or as a dict.
pub(crate) fn document(policy: &Bound<'_, PyAny>) -> PyResult<Policy> {
    let py = policy.py();
    let text = text_of(policy)?;
    let read = contain(py, || read_policy_text(NAME, &text, false))?;
    let (policy, warnings) = read.map_err(|faults| errors::policy_error(py, &faults))?;
    errors::warn(py, &warnings, 1)?;
    Ok(policy)
}

fn text_of(policy: &Bound<'_, PyAny>) -> PyResult<String> {
    if let Ok(text) = policy.cast::<PyString>() {
        return Ok(text.to_cow()?.into_owned());
    }
    if policy.is_instance_of::<PyMapping>() {
        return given_policy(policy).map(|document| document.to_string());
    }
    Err(expected("policy", "JSON text or a dict", policy))
}

/// Checks a policy document.
///
/// Args:
///     policy_json: The document as JSON text.
///     predecessor: Whether what the predecessor took no notice of is no fault.
///
/// Returns:
///     JSON text: `valid`, and either `policy_id`, `version`, `description` and `trees`
///     (`has_payment_tree`, `has_bank_tree`, `has_strategic_collateral_tree`,
///     `has_end_of_tick_collateral_tree`, `parameter_count`, `parameters`), or `errors`, each with
///     `type`, `message`, `line`, `column` and `hint`. A fault in the document never raises.
#[pyfunction]
#[pyo3(signature = (policy_json, *, predecessor=false))]
pub(crate) fn validate_policy(
    py: Python<'_>,
    policy_json: &str,
    predecessor: bool,
) -> PyResult<String> {
    let verdict = contain(py, || match read_policy_text(NAME, policy_json, predecessor) {
        Ok((policy, _)) => sound(&policy),
        Err(faults) => unsound(&faults),
    })?;
    Ok(verdict.to_string())
}

fn sound(policy: &Policy) -> serde_json::Value {
    let document = policy.document();
    let parameters: serde_json::Map<_, _> =
        document.parameters.iter().map(|(name, value)| (name.clone(), json!(value))).collect();
    json!({
        "valid": true,
        "policy_id": policy.id(),
        "version": document.version,
        "description": document.description,
        "trees": {
            "has_payment_tree": policy.has(Tree::Payment),
            "has_bank_tree": policy.has(Tree::Bank),
            "has_strategic_collateral_tree": policy.has(Tree::StrategicCollateral),
            "has_end_of_tick_collateral_tree": policy.has(Tree::EndOfTickCollateral),
            "parameter_count": parameters.len(),
            "parameters": parameters,
        },
    })
}

fn unsound(faults: &Diagnostics) -> serde_json::Value {
    let errors = faults.iter().filter(|fault| fault.severity == Severity::Error).map(|fault| {
        let place = fault.place.as_ref();
        json!({
            "type": "PolicyError",
            "message": fault.message,
            "line": place.and_then(|place| place.line),
            "column": place.and_then(|place| place.column),
            "hint": fault.hint,
        })
    });
    json!({"valid": false, "errors": errors.collect::<Vec<_>>()})
}

/// Returns what the policy language consists of, as JSON text: trees, fields, operators,
/// computations, actions and parameters with their units and examples.
#[pyfunction]
pub(crate) fn get_policy_schema(py: Python<'_>) -> PyResult<String> {
    contain(py, || psim_policy::language_json(&Tree::ALL).to_string())
}

/// Returns the kinds of costs and their rates, as JSON text.
#[pyfunction]
pub(crate) fn get_cost_schema(py: Python<'_>) -> PyResult<String> {
    contain(py, || psim_scenario::costs_json().to_string())
}

/// Returns the policies of the library: pairs of name and intent.
#[pyfunction]
pub(crate) fn library_policies(py: Python<'_>) -> PyResult<Vec<(String, String)>> {
    let intent = |name: &str| {
        let policy = psim_policy::library::named(name)?;
        let description = policy.document().description.clone()?;
        Some(description.lines().next().unwrap_or_default().to_owned())
    };
    let entry = |name: &str| (name.to_owned(), intent(name).unwrap_or_default());
    contain(py, || psim_policy::library::names().map(entry).collect())
}
