//! Policies: documents from the library, from files and from the scenario itself.
//!
//! A document is read and compiled once, however many agents follow it; so is a document with the
//! same numbers in place of its own. What is wrong with one is told where it stands.

mod documents;
mod features;
mod focus;
mod inline;
mod parameters;
mod tell;
mod walk;
mod which_file;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use psim_model::Policy;
use psim_policy::{Fault, library};
use rustc_hash::FxHashMap;

use crate::caller::Caller;
use crate::check::Checker;
use crate::diagnostic::{Diagnostics, quoted};
use crate::keys::{POLICIES, POLICY};
use crate::overrides::value_in;
use crate::scalar::near_in_library;
use crate::source::{Sources, Span};
use crate::typed::{Fields, Item, Typed};
pub use documents::with_parameters;
use documents::{Document, Key};
pub(crate) use features::Features;
pub(crate) use focus::check as check_focus;
pub(crate) use parameters::{Parameter, under_params};
use tell::Origin;

/// The types that stand for a policy of the library.
const NAMED: [(&str, &str); 7] = [
    ("Fifo", "fifo"),
    ("Hold", "hold"),
    ("Deadline", "deadline"),
    ("LiquidityAware", "liquidity_aware"),
    ("LiquiditySplitting", "liquidity_splitting"),
    ("MockSplitting", "mock_splitting"),
    ("MockStaggerSplit", "mock_stagger_split"),
];

/// Says how a document in a scenario is read as the predecessor did.
const WITH_PREDECESSOR: &str = "with `predecessor: true`, what the predecessor took no notice of, \
                                such as unknown keys, is a warning only";

/// The key that says how a policy is given.
const TYPE: &str = "type";

/// Returns whether a word is the `type` of a policy in a scenario, such as `Library`.
pub fn is_policy_type(word: &str) -> bool {
    POLICIES.iter().any(|case| case.name == word)
}

/// Documents that were read, and policies made of them.
#[derive(Default)]
pub(crate) struct Policies {
    documents: Vec<Document>,
    known: FxHashMap<Key, usize>,
    /// Files that cannot be read.
    refused: FxHashMap<PathBuf, Refusal>,
    with_parameters: FxHashMap<Recipe, Made>,
    in_use: Vec<InUse>,
    /// What documents may be made of.
    pub(crate) features: Option<Features>,
}

/// Why a file is no document, and what to do about it.
type Refusal = (String, Option<String>);

/// A document, how it is read, and the numbers in place of its own, by name.
type Recipe = (usize, bool, Vec<(String, u64)>);

/// What became of a document with numbers in place of its own.
type Made = Result<Policy, Rc<Vec<Fault>>>;

/// A document that is followed, and where it was first asked for.
#[derive(Clone)]
struct InUse {
    policy: Policy,
    origin: Origin,
    span: Span,
}

/// How a document is read.
#[derive(Clone, Copy, Debug)]
struct Way {
    /// Whether what the predecessor took no notice of is a warning only.
    predecessor: bool,
    /// How to ask for that, where one can.
    advice: Option<&'static str>,
}

/// A policy as it is asked for; its document is sound.
#[derive(Clone)]
pub(crate) struct Asked {
    document: usize,
    way: Way,
    base: Policy,
    origin: Origin,
    parameters: Vec<Parameter>,
}

/// Reads a policy that stands under a key.
pub(crate) fn asked(checker: &mut Checker<'_>, item: &Item) -> Option<Asked> {
    let Typed::Variant(kind, fields) = &item.typed else { return None };
    let (document, origin) = match *kind {
        "FromJson" => from_json(checker, fields)?,
        "Inline" => {
            let Typed::Tree(tree) = &fields.item("decision_trees")?.typed else { return None };
            (documents::of_tree(&mut checker.policies, tree), Origin::Tree(Rc::clone(tree)))
        }
        "InlineJson" => of_text(checker, fields, "json_string")?,
        "Library" => {
            let name: String = fields.read("name")?;
            (documents::of_library(&mut checker.policies, &name)?, Origin::Program(item.span))
        }
        named => {
            let (_, name) = NAMED.iter().find(|(word, _)| *word == named)?;
            (documents::of_library(&mut checker.policies, name)?, Origin::Program(item.span))
        }
    };
    let has_way = fields.shape.key("predecessor").is_some();
    let predecessor = has_way && fields.read("predecessor")?;
    let way = Way { predecessor, advice: Some(WITH_PREDECESSOR) };
    let base = documents::read(checker, document, &origin, way, item.span)?;
    let parameters = parameters::given(checker, kind, fields, &base)?;
    Some(Asked { document, way, base, origin, parameters })
}

fn from_json(checker: &mut Checker<'_>, fields: &Fields) -> Option<(usize, Origin)> {
    if let (Some(text), Some(path)) = (fields.given("json"), fields.given("json_path")) {
        let message = "`json` and `json_path` exclude each other";
        checker.fault_between(text.key_span, message, path.key_span, "given here");
        return None;
    }
    if fields.given("json").is_some() {
        return of_text(checker, fields, "json");
    }
    let name: String = fields.read_given("json_path")?;
    let span = fields.span_of("json_path");
    let path = checker.named_file("json_path", &name, span)?;
    documents::of_file(checker, &path, span)
}

fn of_text(checker: &mut Checker<'_>, fields: &Fields, name: &str) -> Option<(usize, Origin)> {
    let text: String = fields.read_given(name)?;
    Some((documents::of_text(&mut checker.policies, text), Origin::Text(fields.span_of(name))))
}

/// Reads a policy as overrides give it: in the words of a scenario, or by name.
pub(crate) fn asked_by_command(checker: &mut Checker<'_>, given: &str, at: Span) -> Option<Asked> {
    if given.starts_with('{') {
        let (mut faults, from) = (Diagnostics::default(), at.start as usize);
        let node = value_in(checker.sources, at.source, given, from, &mut faults);
        if let Some(node) = node.filter(|node| node.entry(TYPE).is_some()) {
            faults.iter().for_each(|fault| checker.faults.push(fault.clone()));
            let item = checker.value(&POLICY, &node, "policy")?;
            return asked(checker, &item);
        }
    }
    asked_by_name(checker, given, at)
}

/// Reads a policy by its name: one of the library, a file, or a document.
fn asked_by_name(checker: &mut Checker<'_>, name: &str, span: Span) -> Option<Asked> {
    let looks_like_a_file = name.contains(['/', std::path::MAIN_SEPARATOR])
        || Path::new(name).extension().is_some_and(|it| it.eq_ignore_ascii_case("json"));
    let meant = which_file::meant(checker.directory, name);
    let (document, origin) = if library::has(name) {
        (documents::of_library(&mut checker.policies, name)?, Origin::Program(span))
    } else if name.starts_with('{') {
        (documents::of_text(&mut checker.policies, name.to_owned()), Origin::Text(span))
    } else if Path::new(name).exists() || (looks_like_a_file && meant.is_none()) {
        documents::of_file(checker, Path::new(name), span)?
    } else {
        let message = format!("{} is neither a policy of the library nor a file", quoted(name));
        let there = meant.map(|file| which_file::told(&file));
        checker.fault(span, message, there.or_else(|| Some(near_in_library(name))));
        return None;
    };
    let way = Way { predecessor: false, advice: Some(checker.caller.convert()) };
    let base = documents::read(checker, document, &origin, way, span)?;
    Some(Asked { document, way, base, origin, parameters: Vec::new() })
}

impl Asked {
    /// Returns the policy that holds where nothing is said.
    pub(crate) fn fifo(checker: &mut Checker<'_>, span: Span) -> Option<Self> {
        asked_by_name(checker, "fifo", span)
    }

    /// Returns the policy as it was asked for.
    pub(crate) fn policy(&self, checker: &mut Checker<'_>) -> Option<Policy> {
        make(checker, self, &[], false)
    }
}

/// Makes a policy, with some numbers in place of others. Those that it does not have are a fault,
/// or with `lenient` left out with a warning, unless they were typed together with the policy.
pub(crate) fn make(
    checker: &mut Checker<'_>,
    asked: &Asked,
    last: &[Parameter],
    lenient: bool,
) -> Option<Policy> {
    let given = asked.parameters.iter().map(|parameter| (parameter.name.as_str(), parameter));
    let mut parameters: BTreeMap<&str, &Parameter> = given.collect();
    let mut sound = true;
    for parameter in last {
        if !asked.base.has_parameter(&parameter.name) {
            let lenient = lenient && !parameters::is_mistyped(checker, parameter);
            parameters::unknown(checker, parameter, &asked.base, lenient);
            sound &= lenient;
            continue;
        }
        parameters.insert(&parameter.name, parameter);
    }
    if !sound {
        return None;
    }
    if parameters.is_empty() {
        return Some(asked.base.clone());
    }
    let parameters: Vec<Parameter> = parameters.into_values().cloned().collect();
    let made = made_with(&mut checker.policies, asked, &parameters)?;
    made.map_err(|faults| parameters::tell(checker, asked, &parameters, &faults)).ok()
}

/// Returns a document's policy with some numbers in place of its own; each is made once.
fn made_with(policies: &mut Policies, asked: &Asked, parameters: &[Parameter]) -> Option<Made> {
    let numbers = parameters.iter().map(|it| (it.name.clone(), it.value.to_bits())).collect();
    let recipe = (asked.document, asked.way.predecessor, numbers);
    if let Some(made) = policies.with_parameters.get(&recipe) {
        return Some(made.clone());
    }
    let document = policies.documents.get(asked.document)?;
    let made = document.with(parameters, asked.way.predecessor).map_err(Rc::new);
    policies.with_parameters.insert(recipe, made.clone());
    Some(made)
}

/// Reads a policy from a file that the command line names.
///
/// With `predecessor`, what the predecessor took no notice of is a warning only. A file of more
/// than [`psim_policy::MAX_BYTES`] is refused before it is read.
///
/// # Errors
///
/// All faults that were found, and the warnings.
pub fn read_policy(path: &Path, predecessor: bool) -> Result<(Policy, Diagnostics), Diagnostics> {
    read_text(path, documents::text_of(path)?, predecessor, Caller::CommandLine)
}

/// Reads a policy document that a program hands over; `name` is what faults call it.
///
/// # Errors
///
/// All faults that were found, and the warnings.
pub fn read_policy_text(
    name: &str,
    text: &str,
    predecessor: bool,
) -> Result<(Policy, Diagnostics), Diagnostics> {
    read_text(Path::new(name), text.to_owned(), predecessor, Caller::Program)
}

fn read_text(
    path: &Path,
    text: String,
    predecessor: bool,
    caller: Caller,
) -> Result<(Policy, Diagnostics), Diagnostics> {
    let (sources, mut faults) = (Sources::default(), Diagnostics::default());
    let mut checker = Checker::new(&sources, &mut faults, Path::new(""));
    let (document, origin) = documents::add_file(&mut checker.policies, path, text);
    let way = Way { predecessor, advice: Some(caller.predecessor()) };
    let policy = documents::read(&mut checker, document, &origin, way, Span::new(0, 0, 0));
    let diagnostics = faults.sorted();
    match policy {
        Some(policy) => Ok((policy, diagnostics)),
        None => Err(diagnostics),
    }
}

impl Policies {
    /// Returns the policies that are followed and may give payments up, and where they were asked
    /// for.
    pub(crate) fn dropping(&self) -> impl Iterator<Item = (&Policy, Span)> {
        let in_use = self.in_use.iter().filter(|it| it.policy.can_drop());
        in_use.map(|it| (&it.policy, it.span))
    }
}
