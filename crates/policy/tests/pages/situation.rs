//! A situation: what a policy reads in it, and what it then decides.

use psim_policy::{Context, Field, Policy, Trail, Tree};

use crate::decision;

/// A row of a table.
#[derive(Debug)]
pub(crate) struct Situation {
    pub(crate) line: usize,
    listed: Vec<Listed>,
    decision: String,
    path: String,
}

/// A number that is given by name.
#[derive(Clone, Debug)]
struct Listed {
    /// A field, a register by its full name, or a parameter that is another than usual.
    name: String,
    value: f64,
    is_read: bool,
}

/// What was found in a situation.
#[derive(Debug)]
pub(crate) struct Found {
    /// The leaf that was come to; empty if none was.
    pub(crate) leaf: String,
    /// What is not as the row says.
    pub(crate) faults: Vec<String>,
}

/// Gives what a row lists, and notes what else is asked for.
struct Notes<'p> {
    policy: &'p Policy,
    listed: Vec<Listed>,
    missing: Vec<String>,
}

impl Situation {
    pub(crate) fn read(line: usize, cells: [String; 4]) -> Result<Self, String> {
        let [_, fields, decision, path] = cells;
        let entries = fields.split(',').map(str::trim).filter(|entry| !entry.is_empty());
        let listed = entries.map(Listed::read).collect::<Result<_, _>>()?;
        Ok(Self { line, listed, decision, path })
    }

    /// Asks the policy and compares.
    pub(crate) fn decide(&self, policy: &Policy, tree: Tree) -> Found {
        let mut document = policy.document().clone();
        let mut listed = self.listed.clone();
        for (name, value) in &mut document.parameters {
            let given = listed.iter().position(|listed| listed.name == *name);
            if let Some(given) = given {
                *value = listed.remove(given).value;
            }
        }
        let unknown = listed.iter().filter(|listed| !listed.is_known());
        let mut faults: Vec<String> =
            unknown.map(|listed| format!("there is no field `{}`", listed.name)).collect();
        let policy = &Policy::new(document);
        let mut notes = Notes { policy, listed, missing: Vec::new() };
        let mut trail = Trail::default();
        let decision = decision::of(policy, tree, &mut notes, &mut trail);
        let path = policy.path(&trail.0);
        if decision != self.decision {
            faults.push(format!("decides `{decision}`, not `{}`", self.decision));
        }
        if path != self.path {
            faults.push(format!("goes `{path}`, not `{}`", self.path));
        }
        faults.extend(notes.missing.iter().map(|name| format!("reads `{name}`, not listed")));
        let unread = notes.listed.iter().filter(|listed| !listed.is_read);
        faults.extend(unread.map(|listed| format!("`{}` is not read", listed.name)));
        let last = trail.0.last().map(|node| policy.node_ids()[*node as usize].clone());
        Found { leaf: last.unwrap_or_default(), faults }
    }
}

impl Listed {
    fn read(entry: &str) -> Result<Self, String> {
        let (name, value) =
            entry.split_once('=').ok_or_else(|| format!("`{entry}` gives no value"))?;
        let value = match value {
            "true" => 1.0,
            "false" => 0.0,
            _ => value.parse().map_err(|_| format!("`{value}` is no number"))?,
        };
        Ok(Self { name: name.to_owned(), value, is_read: false })
    }

    fn is_known(&self) -> bool {
        self.name.starts_with("bank_state_")
            || Field::named(&self.name).is_some_and(|field| field.name() == self.name)
    }
}

impl Notes<'_> {
    fn look_up(&mut self, name: &str) -> f64 {
        if let Some(listed) = self.listed.iter_mut().find(|listed| listed.name == name) {
            listed.is_read = true;
            return listed.value;
        }
        if !self.missing.iter().any(|missing| missing == name) {
            self.missing.push(name.to_owned());
        }
        0.0
    }
}

impl Context for Notes<'_> {
    fn field(&mut self, field: Field) -> f64 {
        self.look_up(field.name())
    }

    fn register(&mut self, register: usize) -> f64 {
        let policy = self.policy;
        self.look_up(&policy.registers()[register])
    }
}
