//! A key that its map does not have, and what was probably meant.

use super::{Checker, Variant};
use crate::diagnostic::{Severity, quoted};
use crate::keys;
use crate::shape::{Case, Key, Kind, NO_KEYS, Shape};
use crate::tree::Entry;

/// What keys of the predecessor are called, or that they did nothing.
const OLD_KEYS: [(&str, Option<&str>); 8] = [
    ("cost_config", None),
    ("costs", Some("cost_rates")),
    ("credit_limit", Some("unsecured_cap")),
    ("max_collateral", None),
    ("queue_config", None),
    ("rails", None),
    ("rtgs_config", None),
    ("threshold_ticks", Some("start_escalating_at_ticks")),
];

/// Most keys that a hint lists.
const KEYS_LISTED: usize = 12;

impl Checker<'_> {
    /// Reports a key that neither the shape nor what it is a variant of has.
    pub(super) fn unknown_key(
        &mut self,
        shape: &'static Shape,
        entry: &Entry,
        variant: Option<Variant>,
    ) {
        let name = quoted(&entry.key);
        let message = if shape.keys.is_empty() {
            format!("unknown key {name}: nothing more belongs here")
        } else {
            format!("unknown key {name} in {}", shape.title)
        };
        let hint = self.what_was_meant(shape, &entry.key, variant);
        match self.unknown_keys {
            Severity::Error => self.fault(entry.key_span, message, hint),
            Severity::Warning => self.warn(entry.key_span, message, hint),
        }
    }

    fn what_was_meant(
        &self,
        shape: &'static Shape,
        name: &str,
        variant: Option<Variant>,
    ) -> Option<String> {
        let also = variant.map_or(&NO_KEYS, |variant| variant.also);
        let own = || shape.keys.iter().chain(also.keys);
        // The keys of `simulation` may stand at the top level.
        let flat =
            if std::ptr::eq(shape, &raw const keys::ROOT) { keys::SIMULATION.keys } else { &[] };
        let known = own().chain(flat).flat_map(Key::names);
        let near = self.suggest(name, known.chain(variant.map(|variant| variant.tag)));
        let home = || {
            let title = keys::ROOT.home_of(name)?.title;
            let way = section_of(name).map(|section| format!(": `{section}: {{{name}: …}}`"));
            Some(format!("{} is a key of {title}{}", quoted(name), way.unwrap_or_default()))
        };
        variant
            .and_then(|variant| variant.home_of(name))
            .or_else(|| old_key(name, &own().map(|key| key.name).collect::<Vec<_>>()))
            .or_else(|| {
                let near = near?;
                // `bilateral_limits` is like `limits`, and stands in it.
                let is_home = keys::ROOT.home_of(name).is_some_and(|it| near.contains(it.title));
                Some(match home() {
                    Some(home) if is_home => home,
                    Some(home) => format!("{near} {home}"),
                    None => near,
                })
            })
            .or_else(|| {
                let takes = variant.is_some() && shape.key("params").is_some();
                takes.then(|| "parameters of the document stand under `params`".to_owned())
            })
            .or_else(|| {
                let digits = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_digit());
                digits.then(|| {
                    "a comma ends a value: group digits with `_`, as in 250_000".to_owned()
                })
            })
            .or_else(|| {
                let names: Vec<&str> = own().map(|key| key.name).collect();
                let few = (1..=KEYS_LISTED).contains(&names.len());
                let keys = few.then(|| format!("keys are `{}`", names.join("`, `")));
                match (section_of(name).and_then(|_| home()), keys) {
                    (Some(home), Some(keys)) => Some(format!("{home}; here the {keys}")),
                    (None, Some(keys)) => Some(format!("its {keys}")),
                    (home, None) => home,
                }
            })
            .or_else(home)
    }
}

/// Says what to do with a key of the predecessor where its own place is, or would be.
fn old_key(name: &str, here: &[&str]) -> Option<String> {
    let (_, now) = OLD_KEYS.iter().find(|(old, _)| *old == name)?;
    match now {
        Some(now) => here.contains(now).then(|| format!("it is called `{now}`")),
        None => Some("the predecessor had this key and did not read it; delete it".to_owned()),
    }
}

/// Returns the section of a scenario that has a key.
fn section_of(name: &str) -> Option<&'static str> {
    let has = |key: &&Key| match &key.kind {
        Kind::Map(shape) => shape.keys.iter().any(|key| key.answers_to(name)),
        _ => false,
    };
    keys::ROOT.keys.iter().find(has).map(|key| key.name)
}

impl Variant {
    /// Says which case a key belongs to.
    fn home_of(self, name: &str) -> Option<String> {
        let has = |case: &&Case| case.shape.keys.iter().any(|key| key.answers_to(name));
        let case = self.cases.iter().find(has)?;
        Some(format!("{} belongs to `{}: {}`", quoted(name), self.tag, case.name))
    }
}
