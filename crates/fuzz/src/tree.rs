//! Documents as trees that may be as wrong as one likes: keys twice, scalars of any text.

use saphyr_parser::{Event, Parser, ScalarStyle};

/// A value of a document.
#[derive(Clone, Debug)]
pub(crate) enum Tree {
    /// A text as it is written, or (`true`) in quotes.
    Scalar(String, bool),
    /// Values in order.
    List(Vec<Tree>),
    /// Values by name, in order.
    Map(Vec<(String, Tree)>),
}

impl Tree {
    /// Reads YAML or JSON; `None` for what has aliases, several documents or a fault.
    pub(crate) fn read(text: &str) -> Option<Self> {
        let mut stack: Vec<(Tree, Option<String>)> = Vec::new();
        let mut root = None;
        for event in Parser::new_from_str(text) {
            let done = match event.ok()?.0 {
                Event::Scalar(text, style, ..) => {
                    Self::Scalar(text.into_owned(), style != ScalarStyle::Plain)
                }
                Event::SequenceStart(..) => {
                    stack.push((Self::List(Vec::new()), None));
                    continue;
                }
                Event::MappingStart(..) => {
                    stack.push((Self::Map(Vec::new()), None));
                    continue;
                }
                Event::SequenceEnd | Event::MappingEnd => stack.pop()?.0,
                Event::Alias(_) => return None,
                _ => continue,
            };
            match stack.last_mut() {
                None => root = Some(done),
                Some((Self::List(items), _)) => items.push(done),
                Some((Self::Map(entries), key)) => match (key.take(), done) {
                    (Some(key), value) => entries.push((key, value)),
                    (None, Self::Scalar(text, _)) => *key = Some(text),
                    (None, _) => return None,
                },
                Some((Self::Scalar(..), _)) => return None,
            }
        }
        root
    }

    /// Writes it as JSON where its scalars allow; with `strict` every scalar is one of JSON.
    pub(crate) fn json(&self, strict: bool) -> String {
        let mut out = String::new();
        self.write(strict, &mut out);
        out
    }

    fn write(&self, strict: bool, out: &mut String) {
        match self {
            Self::Scalar(text, quoted) => {
                // JSON has no `_` between digits.
                let plain = if strict { text.replace('_', "") } else { text.clone() };
                let is_json = || serde_json::from_str::<serde_json::Value>(&plain).is_ok();
                let is_bare = !text.is_empty() && !text.contains(|c: char| c.is_whitespace());
                let bare = !quoted && if strict { is_json() } else { is_bare };
                out.push_str(&if bare { plain } else { quote(text) });
            }
            Self::List(items) => {
                out.push('[');
                for (at, item) in items.iter().enumerate() {
                    out.push_str(if at > 0 { ", " } else { "" });
                    item.write(strict, out);
                }
                out.push(']');
            }
            Self::Map(entries) => {
                out.push('{');
                for (at, (key, value)) in entries.iter().enumerate() {
                    out.push_str(if at > 0 { ",\n" } else { "" });
                    out.push_str(&quote(key));
                    out.push_str(": ");
                    value.write(strict, out);
                }
                out.push('}');
            }
        }
    }

    /// Returns the texts under `id` of the list under `agents`.
    pub(crate) fn ids(&self) -> Vec<String> {
        let Some(Self::List(agents)) = self.under("agents") else { return Vec::new() };
        let id = |agent: &Self| match agent.under("id") {
            Some(Self::Scalar(id, _)) => Some(id.clone()),
            _ => None,
        };
        agents.iter().filter_map(id).collect()
    }

    fn under(&self, name: &str) -> Option<&Self> {
        let Self::Map(entries) = self else { return None };
        entries.iter().find(|(key, _)| key == name).map(|(_, value)| value)
    }

    /// Returns how many values there are, itself included.
    pub(crate) fn count(&self) -> usize {
        1 + match self {
            Self::Scalar(..) => 0,
            Self::List(items) => items.iter().map(Self::count).sum(),
            Self::Map(entries) => entries.iter().map(|(_, value)| value.count()).sum(),
        }
    }

    /// Returns the value of a number, itself being 0 and what is inside following in order.
    pub(crate) fn at(&mut self, number: &mut usize) -> Option<&mut Self> {
        if *number == 0 {
            return Some(self);
        }
        *number -= 1;
        match self {
            Self::Scalar(..) => None,
            Self::List(items) => items.iter_mut().find_map(|item| item.at(number)),
            Self::Map(entries) => entries.iter_mut().find_map(|(_, value)| value.at(number)),
        }
    }
}

fn quote(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}
