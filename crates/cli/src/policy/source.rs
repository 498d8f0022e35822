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
