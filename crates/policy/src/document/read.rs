//! JSON into a document: everything that can be wrong with it is found here, all at once.

mod calls;
mod found;
mod nodes;
mod parsed;
mod values;

use std::collections::{BTreeMap, BTreeSet};

use super::Document;
use crate::fault::{Fault, FaultKind, Faults, Path, Step};
use crate::json::Json;
use crate::nearest::nearest;
use crate::tree::Tree;
use found::Found;
use parsed::{parsed, too_deep, whole};
pub(crate) use values::REGISTER;

/// Longest text of a document, in bytes.
pub const MAX_BYTES: usize = 4 << 20;
/// Most conditions from the root of a tree to a leaf.
pub const MAX_CONDITIONS: usize = 100;
/// Most registers that a document may name.
pub const MAX_REGISTERS: usize = 10;

/// The parameter that the engine itself looks at.
pub(crate) const INITIAL_LIQUIDITY_FRACTION: &str = "initial_liquidity_fraction";

/// Objects and lists may stand in one another so deep.
pub(crate) const MAX_DEPTH: usize = 128;
/// Keys that any object may have and that are for people.
const REMARKS: [&str; 3] = ["description", "comment", "metadata"];

/// How a document is read.
#[derive(Clone, Copy, Debug, Default)]
pub struct Reading {
    /// Whether what the predecessor took no notice of is a warning only.
    pub predecessor: bool,
}

impl Reading {
    /// Reads JSON text; returns the warnings too.
    ///
    /// # Errors
    ///
    /// All faults, and the warnings among them.
    pub fn text(self, text: &str) -> Result<(Document, Vec<Fault>), Faults> {
        let (json, mut faults) = parsed(text)?;
        if faults.is_empty() {
            return self.json(&json);
        }
        let (Ok((_, more)) | Err(Faults(more))) = self.json(&json);
        faults.extend(more);
        Err(Faults(faults))
    }

    /// Reads JSON that has been parsed; returns the warnings too.
    ///
    /// # Errors
    ///
    /// All faults, and the warnings among them.
    pub fn json(self, json: &Json) -> Result<(Document, Vec<Fault>), Faults> {
        if is_deeper(json, MAX_DEPTH) {
            return Err(whole(too_deep()));
        }
        let mut reader = Reader::new(self.predecessor);
        let document = reader.document(json);
        let is_sound = reader.found.is_sound(self.predecessor);
        let faults = reader.found.into_faults();
        match document {
            Some(document) if is_sound => Ok((document, faults)),
            _ => Err(Faults(faults)),
        }
    }
}

/// Returns whether objects and lists stand in one another deeper than that; looks no deeper.
fn is_deeper(json: &Json, levels: usize) -> bool {
    let inner = |json: &Json| levels == 0 || is_deeper(json, levels.saturating_sub(1));
    match json {
        Json::List(items) => items.iter().any(inner),
        Json::Object(entries) => entries.iter().any(|(_, value)| inner(value)),
        _ => false,
    }
}

/// What is being read, where, and what was found so far.
struct Reader<'j> {
    predecessor: bool,
    here: Vec<Here<'j>>,
    tree: Tree,
    /// Ids of nodes, each with the place where it was used first.
    ids: BTreeMap<String, Path>,
    /// For an id that was used more than once: the number that may be free next.
    next_numbers: BTreeMap<&'j str, u32>,
    registers: BTreeSet<&'j str>,
    parameters: Vec<(String, f64)>,
    /// Where each stands in that list; nowhere if something is wrong with it.
    parameter_places: BTreeMap<&'j str, Option<usize>>,
    found: Found,
}

#[derive(Clone, Copy)]
enum Here<'j> {
    Key(&'j str),
    Index(usize),
}

type Entries<'j> = &'j [(String, Json)];

impl<'j> Reader<'j> {
    fn new(predecessor: bool) -> Self {
        Self {
            predecessor,
            here: Vec::new(),
            tree: Tree::Payment,
            ids: BTreeMap::new(),
            next_numbers: BTreeMap::new(),
            registers: BTreeSet::new(),
            parameters: Vec::new(),
            parameter_places: BTreeMap::new(),
            found: Found::default(),
        }
    }

    fn path(&self) -> Path {
        let step = |here: &Here<'_>| match here {
            Here::Key(key) => Step::Key((*key).to_owned()),
            Here::Index(index) => Step::Index(*index),
        };
        Path(self.here.iter().map(step).collect())
    }

    fn fault(&mut self, message: impl Into<String>, hint: Option<String>) {
        self.note(FaultKind::Other, message.into(), hint, false);
    }

    /// Says that a key or a parameter stands a second time.
    fn repeated(&mut self, what: &str) {
        self.note(FaultKind::Repeated, format!("this {what} stands here twice"), None, false);
    }

    /// Notes what the predecessor took no notice of; returns whether it may stand.
    fn ignored(&mut self, message: impl Into<String>, hint: Option<String>) -> bool {
        self.note(FaultKind::Other, message.into(), hint, true);
        self.predecessor
    }

    fn note(&mut self, kind: FaultKind, message: String, hint: Option<String>, was_ignored: bool) {
        if self.found.count(was_ignored) {
            let fault = Fault::new(self.path(), message);
            self.found.keep(Fault { kind, hint, was_ignored, ..fault });
        }
    }

    /// Returns a question about the nearest known word, if one is near and anyone may read it.
    fn suggestion<'w>(&self, word: &str, known: impl Iterator<Item = &'w str>) -> Option<String> {
        let near = if self.found.has_readers() { nearest(word, known) } else { None };
        near.map(|near| format!("did you mean `{near}`?"))
    }

    /// Reads what stands one step further in.
    fn at<T>(&mut self, here: Here<'j>, read: impl FnOnce(&mut Self) -> T) -> T {
        self.here.push(here);
        let read = read(self);
        self.here.pop();
        read
    }

    /// Reads what stands under a key, if anything does.
    fn under<T>(
        &mut self,
        entries: Entries<'j>,
        key: &'j str,
        read: impl FnOnce(&mut Self, &'j Json) -> Option<T>,
    ) -> Option<T> {
        let value = get(entries, key)?;
        self.at(Here::Key(key), |reader| read(reader, value))
    }

    /// Reads what must stand under a key.
    fn required<T>(
        &mut self,
        entries: Entries<'j>,
        key: &'j str,
        read: impl FnOnce(&mut Self, &'j Json) -> Option<T>,
    ) -> Option<T> {
        if get(entries, key).is_none() {
            self.fault(format!("`{key}` is missing"), None);
        }
        self.under(entries, key, read)
    }

    fn object(&mut self, json: &'j Json, what: &str) -> Option<Entries<'j>> {
        if let Json::Object(entries) = json {
            return Some(entries);
        }
        self.fault(format!("{what} is an object, not {}", json.kind()), None);
        None
    }

    fn list(&mut self, json: &'j Json, what: &str) -> Option<&'j [Json]> {
        if let Json::List(items) = json {
            return Some(items);
        }
        self.fault(format!("{what} is a list, not {}", json.kind()), None);
        None
    }

    fn text(&mut self, json: &'j Json) -> Option<&'j str> {
        if let Json::Text(text) = json {
            return Some(text);
        }
        let message = format!("a text is needed here, not {}", json.kind());
        self.note(FaultKind::NotText, message, None, false);
        None
    }

    /// Says which keys are not known here, or stand twice.
    fn keys(&mut self, entries: Entries<'j>, known: &[&str]) {
        let mut seen = BTreeSet::new();
        for (key, _) in entries {
            if !seen.insert(key.as_str()) {
                self.at(Here::Key(key), |reader| reader.repeated("key"));
            } else if !known.contains(&key.as_str()) && !REMARKS.contains(&key.as_str()) {
                let hint = self.suggestion(key, known.iter().copied()).or_else(|| {
                    let known = [known, &["description"]].concat();
                    self.found.has_readers().then(|| format!("known here: {}", listed(&known)))
                });
                let message = format!("unknown key {key:?}");
                self.at(Here::Key(key), |reader| reader.ignored(message, hint));
            }
        }
        self.under(entries, "description", Self::text);
    }

    fn document(&mut self, json: &'j Json) -> Option<Document> {
        const KEYS: [&str; 7] = [
            "version",
            "policy_id",
            "parameters",
            "payment_tree",
            "bank_tree",
            "strategic_collateral_tree",
            "end_of_tick_collateral_tree",
        ];
        let entries = self.object(json, "a policy")?;
        self.keys(entries, &KEYS);
        let version = self.required(entries, "version", Self::version);
        let policy_id = self.required(entries, "policy_id", Self::name);
        self.under(entries, "parameters", Self::parameters);
        let trees = Tree::ALL.map(|tree| {
            self.tree = tree;
            self.under(entries, tree.key(), |reader, json| match json {
                Json::Null => Some(None),
                json => reader.node(json, 0).map(Some),
            })
            .flatten()
        });
        Some(Document {
            version: version?.to_owned(),
            policy_id: policy_id?.to_owned(),
            description: description(entries),
            parameters: std::mem::take(&mut self.parameters),
            trees,
        })
    }

    /// Reads a version: one line.
    fn version(&mut self, json: &'j Json) -> Option<&'j str> {
        let version = self.text(json)?;
        if !version.chars().any(char::is_control) {
            return Some(version);
        }
        self.fault("a version has no control characters", None);
        None
    }

    /// Reads a name: one line, not empty.
    fn name(&mut self, json: &'j Json) -> Option<&'j str> {
        let name = self.text(json)?;
        if !name.trim().is_empty() && !name.chars().any(char::is_control) {
            return Some(name);
        }
        self.fault("a name is not empty and has no control characters", None);
        None
    }

    fn parameters(&mut self, json: &'j Json) -> Option<()> {
        let entries = self.object(json, "a list of parameters")?;
        for (name, value) in entries {
            let is_first = !self.parameter_places.contains_key(name.as_str());
            self.parameter_places.entry(name.as_str()).or_default();
            self.at(Here::Key(name), |reader| match value {
                _ if !is_first => reader.repeated("parameter"),
                Json::Number(number)
                    if name == INITIAL_LIQUIDITY_FRACTION && !(0.0..=1.0).contains(number) =>
                {
                    reader.fault("a share lies between 0 and 1", None);
                }
                Json::Number(number) if number.is_finite() => {
                    reader.parameter_places.insert(name, Some(reader.parameters.len()));
                    reader.parameters.push((name.clone(), *number));
                }
                Json::Number(_) => reader.fault("a parameter is a finite number", None),
                value => {
                    reader.fault(format!("a parameter is a number, not {}", value.kind()), None);
                }
            });
        }
        Some(())
    }
}

fn description(entries: Entries<'_>) -> Option<String> {
    match get(entries, "description") {
        Some(Json::Text(text)) => Some(text.clone()),
        _ => None,
    }
}

fn get<'j>(entries: Entries<'j>, key: &str) -> Option<&'j Json> {
    entries.iter().find(|(own, _)| own == key).map(|(_, value)| value)
}

fn listed(words: &[&str]) -> String {
    let quoted: Vec<String> = words.iter().map(|word| format!("`{word}`")).collect();
    quoted.join(", ")
}

#[cfg(test)]
mod tests;
