//! What the command line changes; `--set path=value` writes into the tree before it is checked.

use crate::caller::Caller;
use crate::diagnostic::{Diagnostic, Diagnostics, did_you_mean_or_list, quoted};
use crate::keys;
use crate::parse;
use crate::source::{Source, Sources, Span};
use crate::tree::{Entry, Node, Style, Value};

/// What the command line changes in a scenario.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Overrides {
    /// Settings `path=value`, applied in order: keys joined by dots, list elements by their `id`
    /// or by `[index]`, or all of a list by `*`.
    pub set: Vec<String>,
    /// Seed that replaces the file's.
    pub seed: Option<u64>,
    /// Policies that agents follow from the start in place of their own: `AGENT=FILE`, `AGENT=NAME`
    /// of the library or `AGENT={…}`, a document or a policy as a scenario gives it (`{type: …}`).
    /// `*` stands for all agents without one of their own here; of several for the same agent the
    /// last holds. Files are relative to the working directory; those that a policy as in a
    /// scenario names, to the scenario.
    pub policies: Vec<String>,
    /// Whether each decision is recorded with the way that led to it, whatever the file says.
    pub trace_decisions: bool,
    /// Whether the scenario may name files that lie outside of its folder; what `policies` names
    /// may lie anywhere.
    pub allow_outside: bool,
    /// Who gives them, so that faults name them as they were given.
    pub caller: Caller,
}

/// What stands for each element of a list in a path.
const EACH: &str = "*";
/// How a policy for an agent is told among [changes](Overrides::changes).
const POLICY: &str = "policy ";
/// How a seed is told among them.
const SEED: &str = "rng_seed=";

impl Overrides {
    /// Says what is changed in a scenario, in the order in which it is, as runs keep it:
    /// `path=value`, `rng_seed=N`, `policy AGENT=NAME`, `trace_decisions=true`. The leave to read
    /// other files is no change.
    pub fn changes(&self) -> Vec<String> {
        let mut changes = self.set.clone();
        changes.extend(self.seed.map(|seed| format!("{SEED}{seed}")));
        changes.extend(self.policies.iter().map(|given| format!("{POLICY}{given}")));
        changes.extend(self.trace_decisions.then(|| "trace_decisions=true".to_owned()));
        changes
    }

    /// Makes the overrides that change a scenario as [changes](Self::changes) tell, which may be
    /// those of one change after another. Seeds and traced decisions are settings then.
    pub fn from_changes(changes: &[String]) -> Self {
        let mut overrides = Self::default();
        for change in changes {
            match change.strip_prefix(POLICY) {
                Some(given) => overrides.policies.push(given.to_owned()),
                None => overrides.set.push(change.clone()),
            }
        }
        overrides
    }

    /// Adds what is changed after this; of two seeds, and of two settings of the same path, the
    /// later holds.
    #[must_use]
    pub fn and(mut self, later: Self) -> Self {
        self.set.extend(later.set);
        self.seed = later.seed.or(self.seed);
        self.policies.extend(later.policies);
        self.trace_decisions |= later.trace_decisions;
        self.allow_outside |= later.allow_outside;
        self
    }

    /// Returns whether nothing is changed but the seed, if that is.
    pub fn changes_only_seed(&self) -> bool {
        let Self { set, seed: _, policies, trace_decisions, allow_outside, caller: _ } = self;
        set.is_empty() && policies.is_empty() && !trace_decisions && !allow_outside
    }

    /// Returns the settings, in order: the path of each, and what was written for it.
    pub fn settings(&self) -> impl Iterator<Item = (&str, &str)> {
        self.set.iter().filter_map(|setting| setting.split_once('='))
    }

    /// Takes settings of the seed for the seed itself, so that another takes its place; `seed` is
    /// what they came to.
    #[must_use]
    pub fn with_seed_apart(mut self, seed: u64) -> Self {
        let is_seed = |setting: &mut String| setting.starts_with(SEED);
        if self.set.extract_if(.., is_seed).count() > 0 {
            self.seed = Some(seed);
        }
        self
    }
}

/// Writes all overrides into a tree.
pub(crate) fn apply(
    tree: &mut Node,
    overrides: &Overrides,
    sources: &Sources,
    faults: &mut Diagnostics,
) {
    for setting in &overrides.set {
        let source = sources.add(Source::new(overrides.caller.set(), setting.as_str()));
        if let Err(fault) = set(tree, setting, source, sources, faults) {
            faults.push(*fault);
        }
    }
    let mut flag = |name: &str, text: String, path: &[&str]| {
        let source = sources.add(Source::new(name, text.as_str()));
        let span = Span::new(source, 0, 0);
        let value = Value::Scalar { text, style: Style::Plain };
        let path: Vec<Step> = path.iter().map(|key| Step::key(key, span)).collect();
        if let Err(fault) = write(tree, &path, Node { value, span }, sources) {
            faults.push(*fault);
        }
    };
    if let Some(seed) = overrides.seed {
        flag(overrides.caller.seed(), seed.to_string(), &["simulation", "rng_seed"]);
    }
    if overrides.trace_decisions {
        flag(overrides.caller.trace_decisions(), "true".to_owned(), &["trace_decisions"]);
    }
}

/// Gives the keys at the top level their own names, so that settings find them.
pub(crate) fn name_sections(tree: &mut Node) {
    let Value::Map(entries) = &mut tree.value else { return };
    for key in keys::ROOT.keys.iter().filter(|key| !key.aliases.is_empty()) {
        if entries.iter().any(|entry| entry.key == key.name) {
            continue;
        }
        for entry in entries.iter_mut().filter(|entry| key.answers_to(&entry.key)) {
            key.name.clone_into(&mut entry.key);
        }
    }
}

/// Moves the keys of `simulation` that stand at the top level to where they belong.
pub(crate) fn gather_simulation(tree: &mut Node, sources: &Sources, faults: &mut Diagnostics) {
    let span = tree.span;
    let Value::Map(entries) = &mut tree.value else { return };
    let belongs = |entry: &mut Entry| keys::SIMULATION.key(&entry.key).is_some();
    let flat: Vec<Entry> = entries.extract_if(.., belongs).collect();
    if flat.is_empty() {
        return;
    }
    let is_it = |entry: &Entry| entry.key == "simulation";
    if !entries.iter().any(is_it) {
        let value = Node { value: Value::Map(Vec::new()), span };
        entries.push(Entry { key: "simulation".to_owned(), key_span: span, value });
    }
    let Some(entry) = entries.iter_mut().find(|entry| is_it(entry)) else { return };
    let Value::Map(nested) = &mut entry.value.value else { return };
    for entry in flat {
        let twice = nested
            .iter()
            .find(|other| other.key == entry.key && other.key_span.source == entry.key_span.source);
        if let Some(other) = twice {
            let message = format!("`{0}` is also given as `simulation.{0}`", entry.key);
            let fault = Diagnostic::error(message).at(sources.place(entry.key_span));
            faults.push(fault.related(sources.place(other.key_span), "given here"));
        } else if !nested.iter().any(|other| other.key == entry.key) {
            nested.push(entry);
        }
    }
}

/// One step of a path.
struct Step {
    name: StepName,
    span: Span,
}

enum StepName {
    Key(String),
    Index(usize),
}

impl Step {
    fn key(name: &str, span: Span) -> Self {
        Self { name: StepName::Key(name.to_owned()), span }
    }
}

type Outcome = Result<(), Box<Diagnostic>>;

fn set(
    tree: &mut Node,
    setting: &str,
    source: u32,
    sources: &Sources,
    faults: &mut Diagnostics,
) -> Outcome {
    let whole = Span::new(source, 0, setting.len());
    let Some((name_of_key, written)) = setting.split_once('=') else {
        return Err(fault(sources, whole, "expected `path=value`", None));
    };
    let mut path = parse_path(name_of_key, source).map_err(|at| {
        let message = "not a path such as `agents.A.opening_balance`";
        fault(sources, at, message, id_in_brackets(name_of_key, at))
    })?;
    if let [Step { name: StepName::Key(first), span }, ..] = path.as_slice()
        && keys::SIMULATION.key(first).is_some()
    {
        let span = *span;
        path.insert(0, Step::key("simulation", span));
    }
    let Some(value) = value_in(sources, source, written, name_of_key.len() + 1, faults) else {
        if !written.trim().is_empty() {
            return Ok(());
        }
        return Err(fault(sources, whole, "no value after `=`", None));
    };
    write(tree, &path, value, sources)
}

/// Says how an element is named that was given by its id in brackets, at the place of a fault.
fn id_in_brackets(path: &str, at: Span) -> Option<String> {
    let part = path.get(at.start as usize..at.end as usize)?;
    let id = part.strip_prefix('[')?.strip_suffix(']')?;
    let is_word = !id.is_empty() && id.bytes().all(|it| it.is_ascii_alphanumeric() || it == b'_');
    is_word.then(|| format!("the element with this id is written `.{id}`; `[0]` is the first one"))
}

/// Parses what is written in a source from a byte on to its end, so that its faults point there.
pub(crate) fn value_in(
    sources: &Sources,
    source: u32,
    written: &str,
    from: usize,
    faults: &mut Diagnostics,
) -> Option<Node> {
    let padded = format!("{}{written}", " ".repeat(from));
    let name = sources.get(source).map_or_else(String::new, |source| source.name().to_owned());
    let mut value = parse::parse(sources, sources.add(Source::new(name, padded)), faults)?;
    relocate(&mut value, source);
    Some(value)
}

/// Reads the steps of a path; the place where it is none.
fn parse_path(path: &str, source: u32) -> Result<Vec<Step>, Span> {
    let mut steps = Vec::new();
    let mut rest = path;
    while !rest.is_empty() {
        let start = path.len() - rest.len();
        if let Some(bracketed) = rest.strip_prefix('[') {
            let Some((inner, after)) = bracketed.split_once(']') else {
                return Err(Span::new(source, start, path.len()));
            };
            let here = Span::new(source, start, start + inner.len() + 2);
            let name = match (inner.parse(), inner.strip_prefix('"')) {
                (Ok(index), _) => StepName::Index(index),
                (_, Some(text)) => StepName::Key(text.strip_suffix('"').ok_or(here)?.to_owned()),
                _ => return Err(here),
            };
            steps.push(Step { name, span: here });
            rest = after;
        } else {
            let (name, after) = rest.split_at(rest.find(['.', '[']).unwrap_or(rest.len()));
            if name.trim().is_empty() {
                return Err(Span::new(source, start, start + 1));
            }
            steps.push(Step::key(name.trim(), Span::new(source, start, start + name.len())));
            rest = after;
        }
        if let Some(after) = rest.strip_prefix('.') {
            if after.is_empty() {
                return Err(Span::new(source, path.len() - 1, path.len()));
            }
            rest = after;
        }
    }
    if steps.is_empty() { Err(Span::new(source, 0, path.len() + 1)) } else { Ok(steps) }
}

/// Puts a value where a path leads; maps and lists on the way are made, and an element behind the
/// last is added.
fn write(tree: &mut Node, path: &[Step], value: Node, sources: &Sources) -> Outcome {
    let Some((step, rest)) = path.split_first() else {
        *tree = value;
        return Ok(());
    };
    if tree.is_null() {
        let value = match step.name {
            StepName::Key(_) => Value::Map(Vec::new()),
            StepName::Index(_) => Value::List(Vec::new()),
        };
        *tree = Node { value, span: step.span };
    }
    let next = match (&mut tree.value, &step.name) {
        (Value::Map(entries), StepName::Key(key)) => {
            return enter(entries, key, step, |node| write(node, rest, value, sources));
        }
        (Value::List(items), StepName::Index(index)) => {
            let count = items.len();
            if *index == count {
                items.push(Node::null(step.span));
            }
            items.get_mut(*index).ok_or_else(|| {
                let message = format!("there is no element {index}; the list has {count}");
                let hint = format!("elements count from 0; `[{count}]` adds one");
                fault(sources, step.span, message, Some(hint))
            })?
        }
        (Value::List(items), StepName::Key(id)) if id == EACH && !items.is_empty() => {
            return items.iter_mut().try_for_each(|item| write(item, rest, value.clone(), sources));
        }
        (Value::List(items), StepName::Key(id)) => element(items, id, step, sources)?,
        (Value::Map(_), StepName::Index(_)) => {
            return Err(fault(sources, step.span, "an index is for lists; this is a map", None));
        }
        (Value::Scalar { text, .. }, _) => {
            let message = format!("leads into {}, which is no map", quoted(text));
            return Err(fault(sources, step.span, message, None));
        }
    };
    write(next, rest, value, sources)
}

fn enter(
    entries: &mut Vec<Entry>,
    key: &str,
    step: &Step,
    go_on: impl FnOnce(&mut Node) -> Outcome,
) -> Outcome {
    if !entries.iter().any(|entry| entry.key == key) {
        let value = Node::null(step.span);
        entries.push(Entry { key: key.to_owned(), key_span: step.span, value });
    }
    let Some(entry) = entries.iter_mut().find(|entry| entry.key == key) else { return Ok(()) };
    entry.key_span = step.span;
    go_on(&mut entry.value)
}

/// Finds the element of a list with a given `id`.
fn element<'a>(
    items: &'a mut [Node],
    id: &str,
    step: &Step,
    sources: &Sources,
) -> Result<&'a mut Node, Box<Diagnostic>> {
    let at = items.iter().position(|item| item.id() == Some(id));
    let Some(at) = at else {
        let index = id.parse().ok().filter(|index: &usize| *index < items.len());
        let begins = |other: &&str| other.strip_prefix(id).is_some_and(|it| it.starts_with('.'));
        let dotted = items.iter().filter_map(Node::id).find(begins);
        let hint = match (index, dotted) {
            (Some(index), _) => Some(format!("element {index} is written `[{index}]`")),
            (None, Some(dotted)) => Some(format!("an id with a dot is written `[\"{dotted}\"]`")),
            (None, None) => did_you_mean_or_list(id, "it has", items.iter().filter_map(Node::id)),
        };
        let message = format!("the list has no element with id {}", quoted(id));
        return Err(fault(sources, step.span, message, hint));
    };
    items.get_mut(at).ok_or_else(|| fault(sources, step.span, "no such element", None))
}

/// Makes every place of a parsed value point into the argument it came from.
fn relocate(node: &mut Node, source: u32) {
    node.span.source = source;
    match &mut node.value {
        Value::Scalar { .. } => {}
        Value::List(items) => items.iter_mut().for_each(|item| relocate(item, source)),
        Value::Map(entries) => {
            for entry in entries {
                entry.key_span.source = source;
                relocate(&mut entry.value, source);
            }
        }
    }
}

fn fault(
    sources: &Sources,
    span: Span,
    message: impl Into<String>,
    hint: Option<String>,
) -> Box<Diagnostic> {
    Box::new(Diagnostic::error(message).at(sources.place(span)).maybe_hint(hint))
}
