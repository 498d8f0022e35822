//! The generic check of a tree against its shape: unknown keys, types, ranges and required keys.
//! What several keys mean together is for the builders.

mod unknown_key;

use std::ops::Range;
use std::path::Path;
use std::rc::Rc;

use crate::build::agents::Roster;
use crate::caller::Caller;
use crate::diagnostic::{
    Diagnostic, Diagnostics, Severity, did_you_mean, did_you_mean_or_list, quoted,
};
use crate::policies::Policies;
use crate::render;
use crate::scalar::{self, ScalarFault};
use crate::shape::{Case, Key, Kind, NO_KEYS, Shape};
use crate::source::{Sources, Span};
use crate::tree::{Entry, Node, Style, Value};
use crate::typed::{Fields, Given, Item, Typed};
use crate::ways::{kinds, way_to_map, with_way};

/// Collects faults while a load goes on.
pub(crate) struct Checker<'a> {
    pub(crate) sources: &'a Sources,
    pub(crate) faults: &'a mut Diagnostics,
    /// Where relative file names begin.
    pub(crate) directory: &'a Path,
    /// Whether the scenario may name files outside of that directory.
    pub(crate) allow_outside: bool,
    /// Who asked for the load, so that hints name what that one can give.
    pub(crate) caller: Caller,
    /// The texts of what the caller sets.
    pub(crate) settings: Range<u32>,
    pub(crate) policies: Policies,
    /// How bad a key is that nothing knows.
    pub(crate) unknown_keys: Severity,
}

/// The variant that a map belongs to.
#[derive(Clone, Copy)]
struct Variant {
    tag: &'static str,
    cases: &'static [Case],
    /// Keys of the map that other cases have too.
    also: &'static Shape,
}

impl<'a> Checker<'a> {
    pub(crate) fn new(
        sources: &'a Sources,
        faults: &'a mut Diagnostics,
        directory: &'a Path,
    ) -> Self {
        Self {
            sources,
            faults,
            directory,
            allow_outside: false,
            caller: Caller::default(),
            settings: 0..0,
            policies: Policies::default(),
            unknown_keys: Severity::Error,
        }
    }
}

impl Checker<'_> {
    /// Reports a fault at a place.
    pub(crate) fn fault(&mut self, span: Span, message: impl Into<String>, hint: Option<String>) {
        let place = self.sources.place(span);
        self.faults.push(Diagnostic::error(message).at(place).maybe_hint(hint));
    }

    /// Returns whether the caller has set what stands there.
    pub(crate) fn is_set(&self, span: Span) -> bool {
        self.settings.contains(&span.source)
    }

    /// Returns whether what the caller set must fit the policies that the caller gave: who types
    /// both has mistyped one. Programs try many policies under many settings, and what is read once
    /// more was accepted before.
    pub(crate) fn settings_fit_policies(&self) -> bool {
        self.caller == Caller::CommandLine && self.unknown_keys == Severity::Error
    }

    /// Suggests the nearest of many names, as long as anyone may read the suggestion.
    pub(crate) fn suggest<'n>(
        &self,
        name: &str,
        known: impl IntoIterator<Item = &'n str>,
    ) -> Option<String> {
        if self.faults.len() < render::MOST_SHOWN { did_you_mean(name, known) } else { None }
    }

    /// Suggests the agent that was meant by an id which none has, or says which there are.
    pub(crate) fn suggest_agent(&self, id: &str, roster: &Roster) -> Option<String> {
        let is_shown = self.faults.len() < render::MOST_SHOWN;
        is_shown.then(|| did_you_mean_or_list(id, "the agents are", roster.ids())).flatten()
    }

    /// Reports a warning at a place.
    pub(crate) fn warn(&mut self, span: Span, message: impl Into<String>, hint: Option<String>) {
        let place = self.sources.place(span);
        self.faults.push(Diagnostic::warning(message).at(place).maybe_hint(hint));
    }

    /// Reports a fault that lies in two places.
    pub(crate) fn fault_between(
        &mut self,
        span: Span,
        message: impl Into<String>,
        other: Span,
        label: &str,
    ) {
        let fault = Diagnostic::error(message).at(self.sources.place(span));
        self.faults.push(fault.related(self.sources.place(other), label));
    }

    /// Checks a map against a shape; `None` if it is no map.
    pub(crate) fn map(&mut self, shape: &'static Shape, node: &Node) -> Option<Fields> {
        let Value::Map(entries) = &node.value else {
            let message = format!("{} must be a map, found {}", shape.title, node.describe());
            self.fault(node.span, message, None);
            return None;
        };
        Some(self.fields(shape, entries, node.span, None))
    }

    fn fields(
        &mut self,
        shape: &'static Shape,
        entries: &[Entry],
        span: Span,
        variant: Option<Variant>,
    ) -> Fields {
        let also = variant.map_or(&NO_KEYS, |variant| variant.also);
        let keys = || shape.keys.iter().chain(also.keys);
        let mut fields = Fields { also, ..Fields::empty(shape, span) };
        let is_tag = |entry: &&Entry| variant.is_some_and(|variant| entry.key == variant.tag);
        for entry in entries.iter().filter(|entry| !is_tag(entry)) {
            let Some(key) = keys().find(|key| key.answers_to(&entry.key)) else {
                self.unknown_key(shape, entry, variant);
                continue;
            };
            if entry.value.is_null() && !key.is_required() {
                continue;
            }
            let item = self.value(&key.kind, &entry.value, key.name);
            let given = Given { name: key.name, key_span: entry.key_span, item };
            self.add(&mut fields, given, key, entries);
        }
        for key in keys().filter(|key| key.is_required()) {
            if fields.given(key.name).is_none() {
                let message = format!("{} lacks `{}`", shape.title, key.name);
                self.fault(span, message, way_to_map(key.name, &key.kind, None));
                let given = Given { name: key.name, key_span: span, item: None };
                fields.given.push(given);
            }
        }
        for needs in [shape.needs, also.needs] {
            if !needs.is_empty() && needs.iter().all(|name| fields.given(name).is_none()) {
                let message = format!("{} lacks {}", shape.title, scalar::listed(needs));
                self.fault(span, message, None);
            }
        }
        fields
    }

    /// Adds a key; the same under another name is a fault, except that `--set` replaces.
    fn add(&mut self, fields: &mut Fields, given: Given, key: &Key, entries: &[Entry]) {
        let Some(first) = fields.given.iter_mut().find(|other| other.name == given.name) else {
            fields.given.push(given);
            return;
        };
        if first.key_span.source != given.key_span.source {
            *first = given;
            return;
        }
        let alias = entries.iter().find(|other| key.aliases.contains(&other.key.as_str()));
        let alias = alias.map_or(key.name, |other| other.key.as_str());
        let message = format!("{} means `{}`, which is also given", quoted(alias), given.name);
        let first = first.key_span;
        self.fault_between(given.key_span, message, first, "given here");
    }

    /// Checks a value; `name` is what messages call it.
    pub(crate) fn value(&mut self, kind: &'static Kind, node: &Node, name: &str) -> Option<Item> {
        self.form(kind, kind, node, name)
    }

    /// Checks a value in one of the forms that the `whole` of what may be written has.
    fn form(
        &mut self,
        kind: &'static Kind,
        whole: &'static Kind,
        node: &Node,
        name: &str,
    ) -> Option<Item> {
        let typed = match (kind, &node.value) {
            (Kind::Anything, _) => Some(Typed::Anything),
            (Kind::Document, _) => Some(Typed::Tree(Rc::new(node.clone()))),
            (Kind::Either(_), _) => return self.either(kind, node, name),
            (Kind::Map(shape), Value::Map(entries)) => {
                Some(Typed::Fields(self.fields(shape, entries, node.span, None)))
            }
            (Kind::Variant { tag, cases }, Value::Map(entries)) => {
                self.variant(tag, cases, node, entries, name)
            }
            (Kind::List { least, .. }, Value::List(items)) if items.len() < *least => {
                self.fault(node.span, format!("{} must not be empty", quoted(name)), None);
                None
            }
            (Kind::List { of, .. }, Value::List(items)) => Some(self.list(of, items, name)),
            (Kind::Pair(element), Value::List(items)) if items.len() == 2 => {
                Some(self.list(element, items, name))
            }
            (Kind::Pair(_), Value::List(items)) => {
                let count = match items.len() {
                    1 => "one".to_owned(),
                    count => count.to_string(),
                };
                let wanted = scalar::name_of(kind);
                let found = format!("must be {wanted}, found a list of {count}");
                self.fault(node.span, format!("{} {found}", quoted(name)), None);
                None
            }
            (Kind::ByName { of: element, .. }, Value::Map(entries)) => Some(Typed::ByName(
                entries
                    .iter()
                    .map(|entry| {
                        let item = self.value(element, &entry.value, &entry.key);
                        (entry.key.clone(), entry.key_span, item)
                    })
                    .collect(),
            )),
            (_, Value::Scalar { text, style }) if !node.is_null() => {
                self.scalar((kind, whole), node, text, *style == Style::Quoted, name)
            }
            _ => {
                self.wrong_type(node, name, &scalar::name_of(kind));
                None
            }
        };
        typed.map(|typed| Item { typed, span: node.span })
    }

    fn list(&mut self, element: &'static Kind, items: &[Node], name: &str) -> Typed {
        Typed::List(items.iter().map(|item| self.value(element, item, name)).collect())
    }

    fn either(&mut self, whole: &'static Kind, node: &Node, name: &str) -> Option<Item> {
        let Kind::Either(forms) = whole else { return None };
        let fits = |kind: &&Kind| match (kind, &node.value) {
            (Kind::Map(_) | Kind::Variant { .. } | Kind::ByName { .. }, value) => {
                matches!(value, Value::Map(_))
            }
            (Kind::List { .. } | Kind::Pair(_), value) => matches!(value, Value::List(_)),
            (_, value) => matches!(value, Value::Scalar { .. }),
        };
        if let Some(form) = forms.iter().find(fits) {
            return self.form(form, whole, node, name);
        }
        let names: Vec<String> = forms.iter().map(scalar::name_of).collect();
        self.wrong_type(node, name, &names.join(" or "));
        None
    }

    fn variant(
        &mut self,
        tag: &'static str,
        cases: &'static [Case],
        node: &Node,
        entries: &[Entry],
        name: &str,
    ) -> Option<Typed> {
        let Some(entry) = node.entry(tag) else {
            let near = self
                .suggest(tag, entries.iter().map(|entry| entry.key.as_str()))
                .map(|_| format!("its kind is given by `{tag}`"));
            self.fault(node.span, format!("`{name}` lacks `{tag}`"), near.or(kinds(tag, cases)));
            return None;
        };
        let Value::Scalar { text, .. } = &entry.value.value else {
            self.wrong_type(&entry.value, tag, "a word");
            return None;
        };
        match scalar::choice(cases, text) {
            Ok(case) => {
                let variant = Variant { tag, cases, also: case.also };
                let fields = self.fields(case.shape, entries, node.span, Some(variant));
                Some(Typed::Variant(case.name, fields))
            }
            Err(fault) => {
                let fault = with_way(fault, &Kind::Variant { tag, cases }, text);
                self.scalar_fault(&entry.value, tag, fault);
                None
            }
        }
    }

    fn scalar(
        &mut self,
        (kind, whole): (&Kind, &Kind),
        node: &Node,
        text: &str,
        quoted: bool,
        name: &str,
    ) -> Option<Typed> {
        match scalar::read(kind, text, quoted) {
            Ok(typed) => Some(typed),
            Err(fault) => {
                let as_map = || way_to_map(name, whole, Some((text, quoted)));
                let fault = with_way(fault, kind, text);
                self.scalar_fault(node, name, fault.hinted(|hint| hint.or_else(as_map)));
                None
            }
        }
    }

    fn scalar_fault(&mut self, node: &Node, name: &str, fault: ScalarFault) {
        let name = quoted(name);
        let found = node.describe();
        let (message, hint) = match fault {
            ScalarFault::Wanted { what, hint } => {
                (format!("{name} must be {what}, found {found}"), hint)
            }
            ScalarFault::Is(problem) => (format!("{name} is {problem}: {found}"), None),
        };
        self.fault(node.span, message, hint);
    }

    fn wrong_type(&mut self, node: &Node, name: &str, wanted: &str) {
        let message = format!("{} must be {wanted}, found {}", quoted(name), node.describe());
        self.fault(node.span, message, None);
    }
}
