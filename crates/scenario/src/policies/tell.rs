//! Faults of documents, each at its place in the file, in the scenario or in a text.

use std::cell::OnceCell;
use std::rc::Rc;

use psim_policy::{Fault, FaultKind, Path, Step};
use rustc_hash::FxHashMap;

use super::Way;
use crate::check::Checker;
use crate::diagnostic::{Diagnostic, Diagnostics, Place, clipped, counted};
use crate::parse;
use crate::source::{Source, Sources, Span};
use crate::tree::{Entry, Node, Style, Value};

/// Most faults of a document that are told one by one.
const MOST_TOLD: usize = 1_000;
/// Most characters of a message and of a path.
pub(super) const LONGEST_MESSAGE: usize = 300;
const LONGEST_PATH: usize = 160;

/// Where a document stands.
#[derive(Clone)]
pub(super) enum Origin {
    /// It comes with the program and was named here.
    Program(Span),
    File(Rc<FileText>),
    /// A text in the scenario.
    Text(Span),
    /// A part of the scenario.
    Tree(Rc<Node>),
}

/// A policy file. Its places are looked for only if something is wrong with it.
pub(super) struct FileText {
    name: String,
    pub(super) text: String,
    /// Its number among the sources.
    source: OnceCell<u32>,
    places: OnceCell<Places>,
}

/// The same file as a tree with places.
struct Places {
    /// `None` if the parser with places refuses it, as it does keys of thousands of characters.
    root: Option<Node>,
    /// Where keys stand again, in order, by the place where they stand first; the tree has those.
    repeated: FxHashMap<usize, Vec<Again>>,
}

/// Where a key stands again, and where it stood first.
type Again = (Option<Place>, Option<(Place, String)>);

impl FileText {
    pub(super) const fn new(name: String, text: String) -> Self {
        Self { name, text, source: OnceCell::new(), places: OnceCell::new() }
    }

    fn source(&self, sources: &Sources) -> u32 {
        let source = || Source::new(self.name.as_str(), self.text.as_str());
        *self.source.get_or_init(|| sources.add(source()))
    }

    /// Returns the places of a file that is JSON.
    fn places(&self, sources: &Sources) -> &Places {
        self.places.get_or_init(|| {
            let mut said = Diagnostics::default();
            let root = parse::parse(sources, self.source(sources), &mut said);
            let mut repeated = FxHashMap::<usize, Vec<Again>>::default();
            for Diagnostic { place, related, .. } in &said {
                let first = related.as_ref().and_then(|(first, _)| first.span());
                if let Some(first) = first {
                    repeated.entry(first.start).or_default().push((place.clone(), related.clone()));
                }
            }
            Places { root, repeated }
        })
    }
}

/// Tells all faults of a document.
pub(super) fn all(checker: &mut Checker<'_>, origin: &Origin, faults: &[Fault], way: Way) {
    let mut repeats = FxHashMap::default();
    let advice = way.advice.filter(|_| !way.predecessor);
    if let Some(advice) = advice.filter(|_| faults.iter().any(|fault| fault.was_ignored)) {
        checker.faults.note(advice);
    }
    let (told, rest) = faults.split_at(faults.len().min(MOST_TOLD));
    for fault in told {
        let message = clipped(&fault.message, LONGEST_MESSAGE);
        let hint = fault.hint.as_deref().map(|hint| clipped(hint, LONGEST_MESSAGE));
        let hint = hint.or_else(|| quotes(origin, fault));
        let mut diagnostic =
            match (fault.was_ignored && way.predecessor, place(checker, origin, fault)) {
                (true, Ok(place)) => Diagnostic::warning(message).at(place),
                (false, Ok(place)) => Diagnostic::error(message).at(place),
                (true, Err((place, path))) => Diagnostic::warning(path + &message).at(place),
                (false, Err((place, path))) => Diagnostic::error(path + &message).at(place),
            };
        diagnostic = diagnostic.maybe_hint(hint);
        if fault.kind == FaultKind::Repeated
            && let Some((place, related)) = again(checker, origin, &diagnostic, &mut repeats)
        {
            (diagnostic.place, diagnostic.related) = (place, related);
        }
        checker.faults.push(diagnostic);
    }
    let more: usize = rest.iter().map(|fault| fault.stands_for).sum();
    if more > 0 {
        let message = format!("{} in this document", counted(more, "more fault"));
        let place = match origin {
            Origin::File(file) => Some(Place::end_of(&file.name)),
            Origin::Program(span) | Origin::Text(span) => checker.sources.place(*span),
            Origin::Tree(node) => checker.sources.place(node.span),
        };
        let is_warning = way.predecessor && rest.iter().all(|fault| fault.was_ignored);
        let diagnostic =
            if is_warning { Diagnostic::warning(message) } else { Diagnostic::error(message) };
        checker.faults.push(diagnostic.at(place).standing_for(more));
    }
}

/// Suggests quotes around what YAML takes for a number and is to be a text.
fn quotes(origin: &Origin, fault: &Fault) -> Option<String> {
    let Origin::Tree(root) = origin else { return None };
    if fault.kind != FaultKind::NotText {
        return None;
    }
    let (node, _) = part(root, &fault.path);
    match &node.value {
        Value::Scalar { text, style: Style::Plain } => {
            Some(format!("quote it: \"{}\"", clipped(text, LONGEST_PATH)))
        }
        _ => None,
    }
}

/// Returns where a key stands again that a fault is about; `repeats` counts how often each was
/// asked for.
fn again(
    checker: &Checker<'_>,
    origin: &Origin,
    fault: &Diagnostic,
    repeats: &mut FxHashMap<usize, usize>,
) -> Option<Again> {
    let Origin::File(file) = origin else { return None };
    let first = fault.place.as_ref()?.span()?.start;
    let number = repeats.entry(first).or_default();
    let again = file.places(checker.sources).repeated.get(&first)?.get(*number)?;
    *number = number.saturating_add(1);
    Some(again.clone())
}

/// A place, or the place of the whole document and the path in it, for the message.
type Found = Result<Option<Place>, (Option<Place>, String)>;

fn place(checker: &Checker<'_>, origin: &Origin, fault: &Fault) -> Found {
    let sources = checker.sources;
    match (origin, fault.position) {
        (Origin::Tree(node), _) => Ok(sources.place(span_of(node, &fault.path))),
        (Origin::File(file), Some((line, column))) => {
            let Some(text) = sources.get(file.source(sources)) else { return Ok(None) };
            let start = text.offset(line, column);
            Ok(Some(Place::within(text, start..start.saturating_add(1))))
        }
        (Origin::File(file), None) => match &file.places(sources).root {
            Some(root) => Ok(sources.place(span_of(root, &fault.path))),
            None => Err((Some(Place::file(&file.name)), written(&fault.path))),
        },
        (Origin::Program(span) | Origin::Text(span), Some((line, column))) => {
            Err((sources.place(*span), format!("line {line}, column {column}: ")))
        }
        (Origin::Program(span) | Origin::Text(span), None) => {
            Err((sources.place(*span), written(&fault.path)))
        }
    }
}

/// Returns the place of a part of a document, for what is said about it elsewhere.
pub(super) fn place_of(checker: &Checker<'_>, origin: &Origin, path: &Path) -> Option<Place> {
    let fault = Fault::new(path.clone(), "");
    match (origin, place(checker, origin, &fault)) {
        (Origin::File(_) | Origin::Tree(_), Ok(place) | Err((place, _))) => place,
        _ => None,
    }
}

/// Writes a path in front of a message; of a long one the end.
fn written(path: &Path) -> String {
    if path.0.is_empty() {
        return String::new();
    }
    let text = path.to_string();
    let skipped = text.chars().count().saturating_sub(LONGEST_PATH);
    let text = match text.char_indices().nth(skipped) {
        Some((at, _)) if skipped > 0 => format!("...{}", &text[at..]),
        _ => text,
    };
    format!("{}: ", clipped(&text, LONGEST_PATH + 3))
}

/// Finds a key; an action by itself may have been written as a list of one.
fn entry<'n>(entries: &'n [Entry], key: &str) -> Option<&'n Entry> {
    let named = |name: &str| entries.iter().find(|entry| entry.key == name);
    named(key).or_else(|| match &named("actions")?.value.value {
        Value::List(items) => match items.as_slice() {
            [only] => only.entry(key),
            _ => None,
        },
        _ => None,
    })
}

/// Returns the place of where a path leads, or as far as it does.
fn span_of(root: &Node, path: &Path) -> Span {
    part(root, path).1
}

/// Returns where a path leads, or as far as it does, and its place: a key and its value, or an
/// item of a list.
fn part<'n>(root: &'n Node, path: &Path) -> (&'n Node, Span) {
    let (mut node, mut span) = (root, root.span);
    for step in &path.0 {
        match (step, &node.value) {
            (Step::Key(key), Value::Map(entries)) => {
                let Some(entry) = entry(entries, key) else { break };
                node = &entry.value;
                let together = entry.key_span.source == node.span.source
                    && entry.key_span.start <= node.span.start;
                let start = if together { entry.key_span.start } else { node.span.start };
                span = Span { start, ..node.span };
            }
            (Step::Index(index), Value::List(items)) => {
                let Some(item) = items.get(*index) else { break };
                node = item;
                span = node.span;
            }
            _ => break,
        }
    }
    (node, span)
}
