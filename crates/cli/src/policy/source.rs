//! Where a policy comes from: the library or a file.

use std::path::Path;

use psim_policy::{Policy, library};
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
        let with_ending = format!("{source}.json");
        let hint = if Path::new(&with_ending).is_file() {
            format!("there is `{with_ending}`")
        } else {
            "`payment-sim policy list` lists the policies".to_owned()
        };
        return Err(Failure::Mistake(format!(
            "there is neither a policy nor a file `{source}`; {hint}"
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
        if !policy.has_parameter(name) {
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
    let document = policy.document().to_json();
    psim_scenario::with_parameters(document, parameters, false).map_err(Failure::mistake)
}

fn parameter(text: &str) -> Result<(&str, f64), Failure> {
    let wrong = || Failure::Mistake(format!("`{text}` is not of the form name=number"));
    let (name, value) = text.rsplit_once('=').ok_or_else(wrong)?;
    let number: f64 = value.trim().replace('_', "").parse().map_err(|_| wrong())?;
    if number.is_finite() { Ok((name.trim(), number)) } else { Err(wrong()) }
}
