//! Documents: where they come from, and each read once.

use std::path::{Path, PathBuf};
use std::rc::Rc;

use psim_model::Policy;
use psim_policy::{Fault, Faults, Json, MAX_BYTES, Path as JsonPath, Reading, Step, library};

use super::parameters::Parameter;
use super::tell::{self, FileText, Origin};
use super::{InUse, Policies, Refusal, Way, inline, which_file};
use crate::check::Checker;
use crate::diagnostic::{Diagnostic, quoted};
use crate::source::{Expected, Span, read_text};
use crate::tree::Node;

/// A policy file.
const POLICY: Expected = Expected {
    max_bytes: MAX_BYTES as u64,
    if_larger: "a policy is a JSON document of a few pages",
    if_no_text: "policies are JSON in UTF-8",
};

/// What tells documents apart.
#[derive(PartialEq, Eq, Hash)]
pub(super) enum Key {
    Library(String),
    File(PathBuf),
    Text(String),
}

/// A document, and what became of it by each way of reading.
pub(super) struct Document {
    content: Content,
    /// Read strictly, and as the predecessor did.
    outcomes: [Outcome; 2],
}

enum Content {
    Library(Policy),
    File(Rc<FileText>),
    Text(String),
    Tree(Json),
}

enum Outcome {
    Unread,
    Sound(Policy),
    Faulty,
}

/// Reads the text of a policy file.
pub(super) fn text_of(path: &Path) -> Result<String, Box<Diagnostic>> {
    let mut text = read_text(path, &POLICY).map_err(|fault| {
        let near = which_file::with_ending(path).map(|file| which_file::told(&file));
        Box::new(fault.maybe_hint(near))
    })?;
    if text.starts_with('\u{feff}') {
        text.drain(..'\u{feff}'.len_utf8());
    }
    Ok(text)
}

/// Finds or reads the document in a file; `span` is where the file was named.
pub(super) fn of_file(
    checker: &mut Checker<'_>,
    path: &Path,
    span: Span,
) -> Option<(usize, Origin)> {
    let policies = &mut checker.policies;
    if let Some(number) = policies.known.get(&Key::File(path.to_owned())) {
        let Content::File(file) = &policies.documents.get(*number)?.content else { return None };
        return Some((*number, Origin::File(Rc::clone(file))));
    }
    if !policies.refused.contains_key(path) {
        match text_of(path) {
            Ok(text) => return Some(add_file(policies, path, text)),
            Err(fault) => {
                policies.refused.insert(path.to_owned(), refusal(path, *fault));
            }
        }
    }
    let (message, hint) = policies.refused.get(path)?.clone();
    checker.fault(span, message, hint);
    None
}

fn refusal(path: &Path, fault: Diagnostic) -> Refusal {
    let message = format!("{}: {}", quoted(&path.display().to_string()), fault.message);
    let stem = path.file_stem().map(|stem| stem.to_string_lossy().into_owned());
    let of_library = stem.filter(|name| library::has(name));
    let hint = of_library.map(|name| format!("the library has `{name}`"));
    (message, fault.hint.or(hint))
}

/// Adds the document in a file, of which the text was read.
pub(super) fn add_file(policies: &mut Policies, path: &Path, text: String) -> (usize, Origin) {
    let file = Rc::new(FileText::new(path.display().to_string(), text));
    let content = Content::File(Rc::clone(&file));
    (add(policies, Key::File(path.to_owned()), content), Origin::File(file))
}

/// Finds or adds a document of the library.
pub(super) fn of_library(policies: &mut Policies, name: &str) -> Option<usize> {
    let content = Content::Library(library::named(name)?);
    Some(add(policies, Key::Library(name.to_owned()), content))
}

/// Finds or adds a document that stands in the scenario as a text.
pub(super) fn of_text(policies: &mut Policies, text: String) -> usize {
    add(policies, Key::Text(text.clone()), Content::Text(text))
}

/// Finds or adds a document that is a part of the scenario.
pub(super) fn of_tree(policies: &mut Policies, tree: &Node) -> usize {
    let json = inline::json(tree);
    add(policies, Key::Text(json.to_string()), Content::Tree(json))
}

fn add(policies: &mut Policies, key: Key, content: Content) -> usize {
    let next = policies.documents.len();
    let number = *policies.known.entry(key).or_insert(next);
    if number == next {
        let outcomes = [Outcome::Unread, Outcome::Unread];
        policies.documents.push(Document { content, outcomes });
    }
    number
}

/// Returns the policy of a document as it was written; tells what is wrong with it, of a file once.
pub(super) fn read(
    checker: &mut Checker<'_>,
    number: usize,
    origin: &Origin,
    way: Way,
    span: Span,
) -> Option<Policy> {
    let policies = &mut checker.policies;
    let document = policies.documents.get_mut(number)?;
    let [strict, lenient] = &mut document.outcomes;
    let outcome = if way.predecessor { lenient } else { strict };
    match (&outcome, &document.content) {
        (Outcome::Sound(policy), _) => return Some(policy.clone()),
        (Outcome::Faulty, Content::File(_)) => return None,
        _ => {}
    }
    let (policy, faults) = match document.content.read(way.predecessor) {
        Ok((policy, mut faults)) => {
            let forbidden = match (&policies.features, &document.content) {
                (Some(features), Content::File(_) | Content::Text(_) | Content::Tree(_)) => {
                    features.forbidden(policy.document())
                }
                _ => Vec::new(),
            };
            let policy = forbidden.is_empty().then_some(policy);
            faults.extend(forbidden);
            (policy, faults)
        }
        Err(faults) => (None, faults),
    };
    if let Some(policy) = &policy {
        *outcome = Outcome::Sound(policy.clone());
        policies.in_use.push(InUse { policy: policy.clone(), origin: origin.clone(), span });
    } else {
        *outcome = Outcome::Faulty;
    }
    tell::all(checker, origin, &faults, way);
    policy
}

impl Document {
    /// Returns the JSON of a document that is sound.
    pub(super) fn json(&self) -> Json {
        let parsed = |text: &str| serde_json::from_str(text).unwrap_or(Json::Null);
        match &self.content {
            Content::Library(policy) => policy.document().to_json(),
            Content::File(file) => parsed(&file.text),
            Content::Text(text) => parsed(text),
            Content::Tree(json) => json.clone(),
        }
    }

    /// Makes the policy with numbers in place of the document's own.
    pub(super) fn with(
        &self,
        parameters: &[Parameter],
        predecessor: bool,
    ) -> Result<Policy, Vec<Fault>> {
        let numbers = parameters.iter().map(|it| (it.name.as_str(), it.value));
        let Faults(mut faults) = match with_parameters(self.json(), numbers, predecessor) {
            Ok(policy) => return Ok(policy),
            Err(faults) => faults,
        };
        faults.retain(|fault| !(predecessor && fault.was_ignored));
        Err(faults)
    }
}

/// Makes the policy of a document with numbers in place of those that it has for some of its
/// parameters; names that it does not have are passed over.
///
/// # Errors
///
/// What is wrong with the document then, and what the predecessor took no notice of.
pub fn with_parameters<'n>(
    mut document: Json,
    numbers: impl IntoIterator<Item = (&'n str, f64)>,
    predecessor: bool,
) -> Result<Policy, Faults> {
    for (name, number) in numbers {
        let path = JsonPath::default().key("parameters").key(name);
        if let Some(value) = at(&mut document, &path.0) {
            *value = Json::Number(number);
        }
    }
    let (document, _) = (Reading { predecessor }).json(&document)?;
    Ok(Policy::new(document))
}

impl Content {
    /// Reads the document; returns its warnings, or its faults and warnings.
    fn read(&self, predecessor: bool) -> Result<(Policy, Vec<Fault>), Vec<Fault>> {
        let reading = Reading { predecessor };
        let read = match self {
            Self::Library(policy) => return Ok((policy.clone(), Vec::new())),
            Self::File(file) => reading.text(&file.text),
            Self::Text(text) => reading.text(text),
            Self::Tree(json) => reading.json(json),
        };
        let made = read.map(|(document, warnings)| (Policy::new(document), warnings));
        made.map_err(|Faults(faults)| faults)
    }
}

/// Returns what stands at a path.
pub(super) fn at<'j>(json: &'j mut Json, path: &[Step]) -> Option<&'j mut Json> {
    let Some((step, rest)) = path.split_first() else { return Some(json) };
    let next = match (json, step) {
        (Json::Object(entries), Step::Key(key)) => {
            entries.iter_mut().find(|(own, _)| own == key).map(|(_, value)| value)?
        }
        (Json::List(items), Step::Index(index)) => items.get_mut(*index)?,
        _ => return None,
    };
    at(next, rest)
}
