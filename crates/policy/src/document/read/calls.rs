//! Actions and what they are given.

use std::collections::BTreeSet;

use super::super::{Argument, Call, Value};
use super::{Entries, Here, REGISTER, Reader, get, listed};
use crate::actions::{Action, ParameterKind, ParameterSpec};
use crate::evaluate::{amount, whole};
use crate::json::Json;
use crate::tree::Tree;

/// Said where a text may not be looked up in a field or a parameter.
const LITERAL: &str = "a literal text is needed here, not something that is looked up";

/// What a parameter is given.
enum Given {
    As(Argument),
    /// Something that counts as nothing.
    Nothing,
}

impl<'j> Reader<'j> {
    /// Reads what a leaf does: one action, or a sequence.
    pub(super) fn actions(&mut self, entries: Entries<'j>) -> Option<Vec<Call>> {
        let is_list = get(entries, "actions").is_some();
        if !is_list {
            return self.call(entries).map(|call| vec![call]);
        }
        for key in ["action", "parameters"] {
            self.under(entries, key, |reader, _| {
                reader.fault(format!("either `{key}` or `actions`, not both"), None);
                Some(())
            });
        }
        let calls = self.under(entries, "actions", |reader, json| {
            let items = reader.list(json, "`actions`")?;
            let calls: Vec<Option<Call>> = items
                .iter()
                .enumerate()
                .map(|(index, item)| {
                    reader.at(Here::Index(index), |reader| {
                        let entries = reader.object(item, "an action")?;
                        reader.keys(entries, &["action", "parameters"]);
                        reader.call(entries)
                    })
                })
                .collect();
            calls.into_iter().collect::<Option<Vec<Call>>>()
        })?;
        self.at(Here::Key("actions"), |reader| reader.sequence(&calls));
        Some(calls)
    }

    /// Says what is wrong with a sequence of actions.
    fn sequence(&mut self, calls: &[Call]) {
        let count = |action| calls.iter().filter(|call| call.action == action).count();
        let problem = match self.tree {
            _ if calls.is_empty() => Some("at least one action is needed"),
            Tree::Payment => {
                let is_last = |call: &Call| call.action != Action::Reprioritize;
                let sound = calls
                    .split_last()
                    .is_some_and(|(last, before)| is_last(last) && !before.iter().any(is_last));
                (!sound).then_some("any number of `Reprioritize`, then exactly one other action")
            }
            Tree::Bank if count(Action::SetReleaseBudget) > 1 => {
                Some("at most one `SetReleaseBudget`")
            }
            Tree::Bank if count(Action::NoAction) > 0 && calls.len() > 1 => {
                Some("`NoAction` stands alone")
            }
            Tree::Bank => None,
            _ if count(Action::HoldCollateral) > 0 && calls.len() > 1 => {
                Some("`HoldCollateral` stands alone")
            }
            _ => (count(Action::PostCollateral) > 1 || count(Action::WithdrawCollateral) > 1)
                .then_some("at most one of each"),
        };
        if let Some(problem) = problem {
            self.fault(problem, None);
        }
    }

    fn call(&mut self, entries: Entries<'j>) -> Option<Call> {
        let name = self.required(entries, "action", Self::text)?;
        let tree = self.tree;
        let known = || Action::ALL.iter().filter(|it| it.spec().trees.contain(tree));
        let action = Action::named(name);
        let Some(action) = action.filter(|action| action.spec().trees.contain(tree)) else {
            let words: Vec<&str> = known().map(|action| action.name()).collect();
            let hint = self
                .suggestion(name, words.iter().copied())
                .unwrap_or_else(|| format!("it decides one of {}", listed(&words)));
            let message = match action {
                Some(_) => format!("`{name}` is no action of `{}`", tree.key()),
                None => format!("unknown action {name:?}"),
            };
            // The predecessor took any other word in a bank tree for `NoAction`.
            let may_stand = self.at(Here::Key("action"), |reader| {
                if tree == Tree::Bank {
                    return reader.ignored(message, Some(hint));
                }
                reader.fault(message, Some(hint));
                false
            });
            return may_stand.then(|| Call { action: Action::NoAction, arguments: Vec::new() });
        };
        let given = self
            .under(entries, "parameters", |reader, json| reader.object(json, "`parameters`"))
            .unwrap_or_default();
        let arguments = self.arguments(action, given);
        Some(Call { action, arguments: arguments? })
    }

    fn arguments(
        &mut self,
        action: Action,
        given: Entries<'j>,
    ) -> Option<Vec<(&'static str, Argument)>> {
        let parameters = action.spec().parameters;
        let known: Vec<&str> = parameters.iter().map(|parameter| parameter.name).collect();
        let mut is_sound = true;
        let mut arguments = Vec::new();
        self.at(Here::Key("parameters"), |reader| {
            let mut seen = BTreeSet::new();
            for (name, _) in given {
                let is_first = seen.insert(name.as_str());
                reader.at(Here::Key(name), |reader| {
                    if !is_first {
                        reader.repeated("parameter");
                    } else if !known.contains(&name.as_str()) {
                        let hint = reader.suggestion(name, known.iter().copied());
                        let message = format!("`{}` has no such parameter", action.name());
                        is_sound &= reader.ignored(message, hint);
                    }
                });
            }
            for parameter in parameters {
                let Some(json) = get(given, parameter.name) else {
                    if parameter.required {
                        let (action, name) = (action.name(), parameter.name);
                        reader.fault(format!("`{action}` needs `{name}`"), None);
                        is_sound = false;
                    }
                    continue;
                };
                let read =
                    reader.at(Here::Key(parameter.name), |reader| reader.argument(parameter, json));
                match read {
                    Some(Given::As(argument)) => arguments.push((parameter.name, argument)),
                    Some(Given::Nothing) => {}
                    None => is_sound = false,
                }
            }
            if is_sound && action == Action::StaggerSplit {
                is_sound = reader.stagger(&arguments);
            }
        });
        is_sound.then_some(arguments)
    }

    /// Says so if more parts are to be released at once than there are.
    fn stagger(&mut self, arguments: &[(&'static str, Argument)]) -> bool {
        let constant = |name: &str| match arguments.iter().find(|(own, _)| *own == name) {
            Some((_, Argument::Value(value))) => self.constant(value).map(f64::trunc),
            _ => None,
        };
        let (parts, now) = (constant("num_splits"), constant("stagger_first_now"));
        let exceeds = parts.zip(now).is_some_and(|(parts, now)| now > parts);
        if exceeds {
            self.at(Here::Key("stagger_first_now"), |reader| {
                reader.fault("more parts than `num_splits` makes", None);
            });
        }
        !exceeds
    }

    /// Reads what a parameter is given.
    fn argument(&mut self, spec: &ParameterSpec, json: &'j Json) -> Option<Given> {
        match spec.kind {
            ParameterKind::Text => self.literal_text(json).map(Argument::Text).map(Given::As),
            ParameterKind::Word(_) if spec.name == "priority_flag" && !is_literal_text(json) => {
                let hint = "one of `HIGH`, `MEDIUM`, `LOW`; the predecessor set no priority then";
                let may_stand = self.ignored(LITERAL, Some(hint.to_owned()));
                may_stand.then_some(Given::Nothing)
            }
            ParameterKind::Word(words) => {
                let word = self.literal_text(json)?;
                if words.contains(&word.as_str()) {
                    return Some(Given::As(Argument::Text(word)));
                }
                let hint = Some(format!("one of {}", listed(words)));
                let message = format!("unknown word {word:?}");
                if spec.name == "priority_flag" {
                    // Any other word was the middle one for the predecessor.
                    let may_stand = self.ignored(message, hint);
                    return may_stand.then(|| Given::As(Argument::Text("MEDIUM".to_owned())));
                }
                self.fault(message, hint);
                None
            }
            ParameterKind::Register => {
                let name = self.literal_text_ref(json)?;
                if !name.starts_with(REGISTER) {
                    let hint = Some(format!("such as `{REGISTER}{name}`"));
                    let message = format!("a register's name begins with `{REGISTER}`");
                    self.fault(message, hint);
                    return None;
                }
                self.note_register(name);
                Some(Given::As(Argument::Text(name.to_owned())))
            }
            ParameterKind::Agents => self.agents(json),
            kind => self.number(kind, spec.name, json),
        }
    }

    fn number(&mut self, kind: ParameterKind, name: &'static str, json: &'j Json) -> Option<Given> {
        let value = self.value_of(["value", "field", "param", "compute"], json)?;
        let given = |value| Given::As(Argument::Value(value));
        let Some(constant) = self.constant(&value) else { return Some(given(value)) };
        let fault = match kind {
            ParameterKind::Money => amount(name, constant).err(),
            ParameterKind::Whole { min, max } => whole(name, constant, min, max).err(),
            _ => None,
        };
        let Some(fault) = fault else { return Some(given(value)) };
        let (meant, instead) = match name {
            "auto_withdraw_after_ticks" if constant < 1.0 => {
                ("the predecessor set no timer then", Given::Nothing)
            }
            "timed_for_tick" if constant < 0.0 => {
                ("for the predecessor that was tick 0", given(Value::Number(0.0)))
            }
            _ => {
                self.fault(fault.to_string(), None);
                return None;
            }
        };
        self.ignored(fault.to_string(), Some(meant.to_owned())).then_some(instead)
    }

    fn literal_text(&mut self, json: &'j Json) -> Option<String> {
        self.literal_text_ref(json).map(str::to_owned)
    }

    fn literal_text_ref(&mut self, json: &'j Json) -> Option<&'j str> {
        match json {
            Json::Object(entries) if get(entries, "value").is_some() => {
                self.keys(entries, &["value"]);
                self.under(entries, "value", Self::text)
            }
            _ => {
                let (message, text) = match json {
                    Json::Text(text) => ("a literal text stands in an object", text.as_str()),
                    _ => (LITERAL, "…"),
                };
                self.fault(message, Some(format!("write {{\"value\": {text:?}}}")));
                None
            }
        }
    }

    fn agents(&mut self, json: &'j Json) -> Option<Given> {
        let literal = match json {
            Json::Object(entries) => get(entries, "value"),
            _ => None,
        };
        let Some(Json::List(items)) = literal else {
            let hint = Some("a literal list, such as {\"value\": [\"A\", \"B\"]}".to_owned());
            let may_stand = self.ignored("this restricts nothing", hint);
            return may_stand.then_some(Given::Nothing);
        };
        self.at(Here::Key("value"), |reader| {
            let ids: Vec<Option<String>> = items
                .iter()
                .enumerate()
                .map(|(index, item)| {
                    reader.at(Here::Index(index), |reader| reader.text(item).map(str::to_owned))
                })
                .collect();
            let ids: Vec<String> = ids.into_iter().collect::<Option<_>>()?;
            if !ids.is_empty() {
                return Some(Given::As(Argument::Agents(ids)));
            }
            let hint = Some("leave it out, or name whom to pay".to_owned());
            reader.ignored("an empty list restricts nothing", hint).then_some(Given::Nothing)
        })
    }
}

/// Returns whether a text is written out, rightly or not, or nothing that could be anything.
fn is_literal_text(json: &Json) -> bool {
    let Json::Object(entries) = json else { return true };
    match get(entries, "value") {
        Some(value) => matches!(value, Json::Text(_)),
        None => !["field", "param", "compute"].iter().any(|key| get(entries, key).is_some()),
    }
}
