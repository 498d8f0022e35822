//! Where a policy comes from: the library or a file.

use std::path::Path;

use psim_policy::{Faults, Json, Policy, Reading, library};
use psim_scenario::read_policy;

use crate::failure::Failure;
use crate::output;

/// Finds a policy by its name in the library, else reads it from a file.
pub(super) fn policy(source: &str) -> Result<Policy, Failure> {
    if let Some(policy) = library::named(source) {
        return Ok(policy);
    }
    let path = Path::new(source);
    let is_name = path.extension().is_none() && !source.contains(['/', '\\']);
    if is_name && !path.exists() {
        return Err(Failure::Mistake(format!(
            "there is neither a policy nor a file `{source}`; `payment-sim policy list` lists the \
             policies"
        )));
    }
    file(path, false)
}

/// Reads a policy from a file and shows what is to be warned of.
pub(super) fn file(path: &Path, predecessor: bool) -> Result<Policy, Failure> {
    let (policy, warnings) = read_policy(path, predecessor)?;
    if !warnings.is_empty() {
        output::diagnostics(&warnings);
    }
    Ok(policy)
}

/// Puts numbers in place of those of a policy's parameters, each given as `name=value`.
pub(super) fn with_parameters(policy: Policy, given: &[String]) -> Result<Policy, Failure> {
    if given.is_empty() {
        return Ok(policy);
    }
    let mut parameters = Vec::new();
    for text in given {
        let (name, number) = parameter(text)?;
        if policy.document().parameter(name).is_none() {
            let known = policy.document().parameters.iter().map(|(name, _)| format!("`{name}`"));
            let known: Vec<String> = known.collect();
            let known = if known.is_empty() { "none".to_owned() } else { known.join(", ") };
            let id = policy.id();
            let problem = format!("`{id}` has no parameter `{name}`; its parameters: {known}");
            return Err(Failure::Mistake(problem));
        }
        if parameters.iter().any(|(other, _)| *other == name) {
            return Err(Failure::Mistake(format!("`{name}` is given twice")));
        }
        parameters.push((name, number));
    }
    let mut json = policy.document().to_json();
    for (name, number) in parameters {
        if let Some(Json::Object(own)) = entry(&mut json, "parameters")
            && let Some((_, value)) = own.iter_mut().find(|(key, _)| key == name)
        {
            *value = Json::Number(number);
        }
    }
    let read = Reading::default().json(&json);
    read.map(|(document, _)| Policy::new(document))
        .map_err(|faults: Faults| Failure::mistake(faults))
}

fn parameter(text: &str) -> Result<(&str, f64), Failure> {
    let wrong = || Failure::Mistake(format!("`{text}` is not of the form name=number"));
    let (name, value) = text.rsplit_once('=').ok_or_else(wrong)?;
    let number: f64 = value.trim().replace('_', "").parse().map_err(|_| wrong())?;
    if number.is_finite() { Ok((name.trim(), number)) } else { Err(wrong()) }
}

fn entry<'j>(json: &'j mut Json, key: &str) -> Option<&'j mut Json> {
    let Json::Object(entries) = json else { return None };
    entries.iter_mut().find(|(own, _)| own == key).map(|(_, value)| value)
}
