//! Numbers in place of those that a document has.

use psim_model::Policy;
use psim_policy::{Fault, Json, Step};
use rustc_hash::FxHashMap;

use super::{Asked, documents, tell};
use crate::check::Checker;
use crate::diagnostic::{Diagnostic, clipped, quoted};
use crate::source::Span;
use crate::typed::{Fields, FromTyped, Given, Typed};

/// A number in place of that of a document.
#[derive(Clone, Debug)]
pub(crate) struct Parameter {
    pub(crate) name: String,
    pub(crate) value: f64,
    name_span: Span,
    value_span: Span,
}

/// Reads the parameters under `params`; faulty ones have been told.
pub(crate) fn under_params(fields: &Fields) -> Vec<Parameter> {
    let Some(Typed::ByName(entries)) = fields.item("params").map(|item| &item.typed) else {
        return Vec::new();
    };
    let parameter = |(name, name_span, item): &(String, Span, Option<crate::typed::Item>)| {
        let item = item.as_ref()?;
        let value = f64::from_typed(&item.typed)?;
        Some(Parameter { name: name.clone(), value, name_span: *name_span, value_span: item.span })
    };
    entries.iter().filter_map(parameter).collect()
}

/// Reads the parameters that stand beside the type of a policy: its own keys, and `params`.
pub(super) fn given(
    checker: &mut Checker<'_>,
    kind: &str,
    fields: &Fields,
    base: &Policy,
) -> Option<Vec<Parameter>> {
    let is_named = super::NAMED.iter().any(|(word, _)| *word == kind);
    let own = fields.given.iter().filter(|given| is_named && given.name != "params");
    let mut parameters: Vec<Parameter> = own.filter_map(of_key).collect();
    let mut sound = fields.given.iter().all(|given| given.item.is_some());
    if fields.shape.key("params").is_none() {
        return sound.then_some(parameters);
    }
    let keys: FxHashMap<String, Span> =
        parameters.iter().map(|key| (key.name.clone(), key.name_span)).collect();
    for parameter in under_params(fields) {
        if !base.has_parameter(&parameter.name) {
            unknown(checker, &parameter, base, false);
            sound = false;
        } else if let Some(first) = keys.get(&parameter.name).copied() {
            let message = format!("`{}` is given as a key too", parameter.name);
            checker.fault_between(parameter.name_span, message, first, "given here");
            sound = false;
        } else {
            parameters.push(parameter);
        }
    }
    sound.then_some(parameters)
}

fn of_key(given: &Given) -> Option<Parameter> {
    let item = given.item.as_ref()?;
    let value = match &item.typed {
        Typed::Int(value) => *value as f64,
        Typed::Money(value) => value.minor() as f64,
        Typed::Number(value) => *value,
        _ => return None,
    };
    let name = given.name.to_owned();
    Some(Parameter { name, value, name_span: given.key_span, value_span: item.span })
}

/// Returns whether a parameter that the policy of the command line does not have was typed beside
/// it; one that stands in the file was meant for another policy.
pub(super) fn is_mistyped(checker: &Checker<'_>, parameter: &Parameter) -> bool {
    checker.settings_fit_policies() && checker.is_set(parameter.name_span)
}

/// Tells of a parameter that a policy does not have.
pub(super) fn unknown(
    checker: &mut Checker<'_>,
    parameter: &Parameter,
    base: &Policy,
    lenient: bool,
) {
    let names = || base.document().parameters.iter().map(|(name, _)| name.as_str());
    let policy = quoted(base.id());
    let message = match names().next() {
        None => format!("{policy} has no parameters"),
        Some(_) => format!("{policy} has no parameter {}", quoted(&parameter.name)),
    };
    let hint = checker.suggest(&parameter.name, names()).or_else(|| {
        let names: Vec<String> = names().take(20).map(quoted).collect();
        (!names.is_empty()).then(|| format!("it has {}", names.join(", ")))
    });
    if lenient {
        checker.warn(parameter.name_span, format!("{message}: left out"), hint);
    } else {
        checker.fault(parameter.name_span, message, hint);
    }
}

/// Tells why a document is not sound with these parameters, at the ones to blame.
pub(super) fn tell(
    checker: &mut Checker<'_>,
    asked: &Asked,
    parameters: &[Parameter],
    faults: &[Fault],
) {
    let Some(document) = checker.policies.documents.get(asked.document) else { return };
    let mut json = document.json();
    for fault in faults {
        let own = match fault.path.0.as_slice() {
            [Step::Key(section), Step::Key(name)] if section == "parameters" => Some(name.as_str()),
            _ => None,
        };
        let part = documents::at(&mut json, &fault.path.0);
        let named =
            |name: &str| own == Some(name) || part.as_deref().is_some_and(|part| names(part, name));
        let blamed = parameters.iter().find(|it| named(&it.name)).or(parameters.first());
        let Some(blamed) = blamed else { return };
        let reason = clipped(&fault.message, tell::LONGEST_MESSAGE);
        let message = match own {
            Some(_) => format!("{}: {reason}", quoted(&blamed.name)),
            None => format!("{} cannot be {}: {reason}", quoted(&blamed.name), blamed.value),
        };
        let place = checker.sources.place(blamed.value_span);
        let diagnostic = Diagnostic::error(message).at(place).maybe_hint(fault.hint.clone());
        let there = tell::place_of(checker, &asked.origin, &fault.path);
        let there = there.filter(|_| own.is_none());
        checker.faults.push(diagnostic.related(there, "used here"));
    }
}

/// Returns whether a part of a document names a parameter.
fn names(part: &Json, name: &str) -> bool {
    match part {
        Json::Object(entries) => entries.iter().any(|(key, value)| match value {
            Json::Text(text) => key == "param" && text == name,
            value => names(value, name),
        }),
        Json::List(items) => items.iter().any(|item| names(item, name)),
        _ => false,
    }
}
