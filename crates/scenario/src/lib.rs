//! Files into a checked scenario, with every fault of a file reported at once.
//!
//! [`load`] reads a scenario in YAML or JSON together with the data files that it names and gives
//! a [`CheckedScenario`], or [`Diagnostics`]: every fault with its file, line, column, the
//! offending line, a reason and, where one is near, the name that was meant.
//!
//! All keys are declared once, in the tables of `keys`; the checks, the defaults,
//! [`json_schema`] and [`reference_markdown`] come from there. A file passes through these steps:
//!
//! 1. `source`, `parse`: text into a tree of maps, lists and scalars with their places;
//! 2. `overrides`: `--set` and `--seed` write into that tree;
//! 3. `check`: types, ranges, unknown and missing keys;
//! 4. `build`, `data`, `synth`, `policies`: what keys mean together, payment, participant and
//!    policy files.
//!
//! ```no_run
//! use std::path::Path;
//!
//! use psim_scenario::{Overrides, load};
//!
//! let set = vec!["simulation.num_days=2".to_owned()];
//! let overrides = Overrides { set, seed: Some(7), ..Overrides::default() };
//! match load(Path::new("scenario.yaml"), &overrides) {
//!     Ok(loaded) => assert_eq!(loaded.scenario.calendar.num_days(), 2),
//!     Err(faults) => panic!("{faults}"),
//! }
//! ```
//!
//! Nothing here simulates, and nothing depends on the order of a hash map.

// Whatever stands in a file, it ends in a scenario or in a fault. Where sums are of offsets and
// counts of what is in memory, a module says so; sums of what a file says are checked.
#![cfg_attr(
    not(test),
    warn(
        clippy::arithmetic_side_effects,
        clippy::expect_used,
        clippy::indexing_slicing,
        clippy::unwrap_used
    )
)]

mod build;
mod caller;
mod check;
mod cost_reference;
mod data;
#[expect(clippy::arithmetic_side_effects, reason = "counts of what is in memory")]
mod diagnostic;
#[expect(clippy::arithmetic_side_effects, reason = "the depth is bounded")]
mod document;
mod folder;
mod json;
mod keys;
mod merge;
#[expect(clippy::arithmetic_side_effects, reason = "offsets in a text that is in memory")]
mod overrides;
#[expect(clippy::arithmetic_side_effects, reason = "offsets in a text that is in memory")]
mod parse;
mod policies;
mod reference;
#[expect(clippy::arithmetic_side_effects, reason = "offsets in a text that is in memory")]
mod render;
mod scalar;
#[expect(clippy::indexing_slicing, reason = "keys are written into JSON objects of our own")]
mod schema;
mod settings;
mod shape;
#[expect(clippy::arithmetic_side_effects, reason = "offsets in a text that is in memory")]
mod source;
mod synth;
mod tree;
mod typed;
mod ways;

#[cfg(test)]
mod tests;

use std::path::Path;

use psim_model::{CheckedScenario, PreparedPayment, Scenario};

pub use caller::Caller;
use check::Checker;
pub use cost_reference::{costs_json, costs_markdown};
pub use diagnostic::{Diagnostic, Diagnostics, Place, Severity};
pub use document::{Given, MAX_NESTING};
pub use overrides::Overrides;
pub use policies::{is_policy_type, read_policy, read_policy_text, with_parameters};
pub use reference::reference_markdown;
pub use schema::json_schema;
pub use settings::settings;
use source::{Source, Sources};
use tree::Node;

/// A scenario that was read, and what is worth knowing about it.
#[derive(Debug)]
pub struct Loaded {
    /// The scenario.
    pub scenario: CheckedScenario,
    /// The text of its file, as it was read.
    pub text: String,
    /// Warnings; never faults.
    pub warnings: Diagnostics,
}

/// The payments of a file by themselves.
#[derive(Debug)]
pub struct PaymentList {
    /// The agents that appear, in byte order.
    pub agents: Vec<String>,
    /// The payments in order of submission.
    pub payments: Vec<PreparedPayment>,
}

/// Reads a scenario file with the data files that it names.
///
/// # Errors
///
/// All faults that were found, and the warnings.
pub fn load(path: &Path, overrides: &Overrides) -> Result<Loaded, Diagnostics> {
    let source = Source::read(path)?;
    let name = source.name().to_owned();
    let directory = path.parent().unwrap_or(Path::new(""));
    let way = Way { overrides, directory, unknown_keys: Severity::Error };
    load_tree(&name, way, |sources, faults| parse::parse(sources, sources.add(source), faults))
}

/// Reads the text of a scenario once more, as it was kept when it was read, with the data files
/// that it names; `name` is what faults call it, relative file names begin in `directory`.
///
/// An unknown key is only a warning, because the text was accepted when the run was stored.
///
/// # Errors
///
/// All faults that were found, and the warnings.
pub fn load_text(
    name: &str,
    text: &str,
    overrides: &Overrides,
    directory: &Path,
) -> Result<Loaded, Diagnostics> {
    let source = Source::new(name, text);
    let way = Way { overrides, directory, unknown_keys: Severity::Warning };
    load_tree(name, way, |sources, faults| parse::parse(sources, sources.add(source), faults))
}

/// Reads a scenario that a program hands over, with the data files that it names; `name` is what
/// faults call it, relative file names begin in `directory`.
///
/// Unlike in a file, an unknown key is a warning: programs are often written for more than one
/// version.
///
/// # Errors
///
/// All faults that were found, and the warnings.
pub fn load_document(
    name: &str,
    document: &Given,
    overrides: &Overrides,
    directory: &Path,
) -> Result<Loaded, Diagnostics> {
    let way = Way { overrides, directory, unknown_keys: Severity::Warning };
    load_tree(name, way, |sources, faults| document::tree(name, document, sources, faults))
}

/// How a scenario is read.
#[derive(Clone, Copy)]
struct Way<'a> {
    overrides: &'a Overrides,
    /// Where relative file names begin.
    directory: &'a Path,
    /// How bad a key is that nothing knows.
    unknown_keys: Severity,
}

/// Reads a scenario of which `tree` adds the text, as the first, and makes a tree.
fn load_tree(
    name: &str,
    way: Way<'_>,
    tree: impl FnOnce(&Sources, &mut Diagnostics) -> Option<Node>,
) -> Result<Loaded, Diagnostics> {
    let sources = Sources::default();
    let mut faults = Diagnostics::default();
    let tree = tree(&sources, &mut faults);
    let text = sources.get(0).map(|source| source.text().to_owned()).unwrap_or_default();
    let mut checker = Checker::new(&sources, &mut faults, way.directory);
    checker.unknown_keys = way.unknown_keys;
    let scenario = read(checker, tree, name, way.overrides);
    let checked = match scenario {
        Some(scenario) if faults.errors() == 0 => scenario
            .check()
            .map_err(|fault| faults.push(Diagnostic::error(fault.to_string()).in_file(name))),
        _ => Err(()),
    };
    let diagnostics = faults.sorted();
    match checked {
        Ok(scenario) => Ok(Loaded { scenario, text, warnings: diagnostics }),
        Err(()) => Err(diagnostics),
    }
}

fn read(
    mut checker: Checker<'_>,
    tree: Option<Node>,
    name: &str,
    overrides: &Overrides,
) -> Option<Scenario> {
    checker.allow_outside = overrides.allow_outside;
    checker.caller = overrides.caller;
    let (sources, faults) = (checker.sources, &mut *checker.faults);
    let mut tree = match tree {
        Some(tree) if !tree.is_null() => tree,
        Some(_) => return nothing_there(faults, name),
        None if faults.is_empty() => return nothing_there(faults, name),
        None => return None,
    };
    overrides::name_sections(&mut tree);
    overrides::gather_simulation(&mut tree, sources, faults);
    let first_setting = sources.next();
    overrides::apply(&mut tree, overrides, sources, faults);
    checker.settings = first_setting..sources.next();
    let root = checker.map(&keys::ROOT, &tree)?;
    build::scenario(&mut checker, root, overrides)
}

fn nothing_there<T>(faults: &mut Diagnostics, name: &str) -> Option<T> {
    let hint = "a scenario has at least `simulation` and `agents`";
    faults.push(Diagnostic::error("the file is empty").in_file(name).hint(hint));
    None
}

/// Reads a payment file by itself; its agents are those that appear.
///
/// # Errors
///
/// All faults that were found.
pub fn read_payment_list(path: &Path) -> Result<PaymentList, Diagnostics> {
    data::payments::read_list(path)
}
