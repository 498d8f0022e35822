//! Conditions and numbers.

use super::super::{Comparison, Computation, Expression, Operator, Value};
use super::{Here, MAX_REGISTERS, Reader};
use crate::fields::{ALIASES, Field};
use crate::json::Json;

/// What the names of registers begin with.
pub(crate) const REGISTER: &str = "bank_state_";

impl<'j> Reader<'j> {
    pub(super) fn expression(&mut self, json: &'j Json) -> Option<Expression> {
        let entries = self.object(json, "a condition")?;
        let op = self.required(entries, "op", Self::text)?;
        if let Some(comparison) = Comparison::of_sign(op) {
            self.keys(entries, &["op", "left", "right"]);
            let left = self.required(entries, "left", Self::value);
            let right = self.required(entries, "right", Self::value);
            return Some(Expression::Compare(comparison, left?, right?));
        }
        match op {
            "and" | "or" => {
                self.keys(entries, &["op", "conditions"]);
                let list = self.required(entries, "conditions", Self::expressions)?;
                Some(if op == "and" { Expression::And(list) } else { Expression::Or(list) })
            }
            "not" => {
                self.keys(entries, &["op", "condition"]);
                let inner = self.required(entries, "condition", Self::expression)?;
                Some(Expression::Not(Box::new(inner)))
            }
            other => {
                let signs = Comparison::ALL.map(Comparison::sign).into_iter();
                let known: Vec<&str> = signs.chain(["and", "or", "not"]).collect();
                let hint = Some(format!("one of {}", super::listed(&known)));
                self.at(Here::Key("op"), |reader| {
                    reader.fault(format!("unknown operator {other:?}"), hint);
                });
                None
            }
        }
    }

    fn expressions(&mut self, json: &'j Json) -> Option<Vec<Expression>> {
        let items = self.list(json, "`conditions`")?;
        self.each(items, Self::expression)
    }

    /// Reads all items, so that the faults of all are told.
    fn each<T>(
        &mut self,
        items: &'j [Json],
        mut read: impl FnMut(&mut Self, &'j Json) -> Option<T>,
    ) -> Option<Vec<T>> {
        let items = items.iter().enumerate();
        let read: Vec<Option<T>> = items
            .map(|(index, item)| self.at(Here::Index(index), |reader| read(reader, item)))
            .collect();
        read.into_iter().collect()
    }

    pub(super) fn value(&mut self, json: &'j Json) -> Option<Value> {
        self.value_of(["field", "param", "value", "compute"], json)
    }

    /// Reads a number of one of these kinds; of several the predecessor took the first.
    pub(super) fn value_of(&mut self, kinds: [&'static str; 4], json: &'j Json) -> Option<Value> {
        let Json::Object(entries) = json else {
            self.fault(format!("a value is an object, not {}", json.kind()), as_value(json));
            return None;
        };
        self.keys(entries, &kinds);
        let mut given = kinds.into_iter().filter(|kind| super::get(entries, kind).is_some());
        let (first, second) = (given.next(), given.next());
        if let (Some(first), Some(second)) = (first, second) {
            let message = format!("either `{first}` or `{second}`, not both");
            let hint = Some(format!("the predecessor took `{first}`"));
            if !self.ignored(message, hint) {
                return None;
            }
        }
        match first {
            Some("field") => self.under(entries, "field", Self::field),
            Some("param") => self.under(entries, "param", Self::parameter),
            Some("value") => self.under(entries, "value", Self::literal),
            Some(_) => self.under(entries, "compute", Self::computation),
            None => {
                self.fault("one of `field`, `param`, `value`, `compute` is needed here", None);
                None
            }
        }
    }

    fn literal(&mut self, json: &'j Json) -> Option<Value> {
        match json {
            Json::Number(number) if number.is_finite() => Some(Value::Number(*number)),
            Json::Number(_) => {
                self.fault("a literal is a finite number", None);
                None
            }
            Json::Bool(flag) => Some(Value::Flag(*flag)),
            other => {
                let message = format!("a number or true or false, not {}", other.kind());
                self.fault(message, None);
                None
            }
        }
    }

    fn field(&mut self, json: &'j Json) -> Option<Value> {
        let name = self.text(json)?;
        if name.starts_with(REGISTER) {
            self.note_register(name);
            return Some(Value::Register(name.to_owned()));
        }
        let tree = self.tree;
        match Field::named(name) {
            Some(field) if field.spec().trees.contain(tree) => Some(Value::Field(field)),
            Some(_) => {
                let message =
                    format!("`{name}` is about a payment, and `{}` is about none", tree.key());
                self.fault(message, None);
                None
            }
            None if self.parameter_places.contains_key(name) => {
                let hint = Some(format!("it is a parameter: write {{\"param\": {name:?}}}"));
                self.fault(format!("unknown field {name:?}"), hint);
                None
            }
            None => {
                let names = Field::ALL.iter().filter(|field| field.spec().trees.contain(tree));
                let names = names.map(|field| field.name()).chain(ALIASES.iter().map(|it| it.0));
                let hint = self.suggestion(name, names).or_else(|| {
                    Some(
                        "`payment-sim schema policy --format markdown` lists all fields".to_owned(),
                    )
                });
                self.fault(format!("unknown field {name:?}"), hint);
                None
            }
        }
    }

    /// Counts a register that is named here.
    pub(super) fn note_register(&mut self, name: &'j str) {
        let is_new = self.registers.insert(name);
        if is_new && self.registers.len() > MAX_REGISTERS {
            let message = format!("{name:?} is one register more than {MAX_REGISTERS}");
            self.fault(message, None);
        }
    }

    fn parameter(&mut self, json: &'j Json) -> Option<Value> {
        let name = self.text(json)?;
        match self.parameter_places.get(name) {
            Some(Some(_)) => return Some(Value::Parameter(name.to_owned())),
            Some(None) => return None,
            None => {}
        }
        let hint = self.suggestion(name, self.parameters.iter().map(|(own, _)| own.as_str()));
        let hint = hint.or_else(|| Some("declare it under `parameters`".to_owned()));
        self.fault(format!("unknown parameter {name:?}"), hint);
        None
    }

    fn computation(&mut self, json: &'j Json) -> Option<Value> {
        let entries = self.object(json, "a computation")?;
        let word = self.required(entries, "op", Self::text)?;
        let Some(operator) = Operator::of_word(word) else {
            let known: Vec<&str> = Operator::ALL.iter().map(|operator| operator.word()).collect();
            let hint = Some(format!("one of {}", super::listed(&known)));
            self.at(Here::Key("op"), |reader| {
                reader.fault(format!("unknown computation {word:?}"), hint);
            });
            return None;
        };
        let operands = if let Some(keys) = operator.keys() {
            let known: Vec<&str> = ["op"].into_iter().chain(keys.iter().copied()).collect();
            self.keys(entries, &known);
            let operands: Vec<Option<Value>> =
                keys.iter().map(|key| self.required(entries, key, Self::value)).collect();
            operands.into_iter().collect::<Option<Vec<Value>>>()?
        } else {
            self.keys(entries, &["op", "values"]);
            let list = |reader: &mut Self, json| reader.list(json, "`values`");
            let items = self.required(entries, "values", list)?;
            if items.is_empty() {
                self.fault(format!("`{word}` of nothing"), None);
                return None;
            }
            self.at(Here::Key("values"), |reader| reader.each(items, Self::value))?
        };
        let divisor = operands.get(1).and_then(|divisor| self.constant(divisor));
        if operator == Operator::Divide && divisor.is_some_and(|it| it.abs() < f64::EPSILON) {
            let hint = Some("`div0` takes a default for that".to_owned());
            self.fault("division by zero", hint);
            return None;
        }
        Some(Value::Compute(Box::new(Computation { operator, operands })))
    }

    /// Returns the number that a value always is, if it is written there.
    pub(super) fn constant(&self, value: &Value) -> Option<f64> {
        match value {
            Value::Number(number) => Some(*number),
            Value::Flag(flag) => Some(f64::from(u8::from(*flag))),
            Value::Parameter(name) => {
                let place = self.parameter_places.get(name.as_str()).copied()??;
                self.parameters.get(place).map(|(_, value)| *value)
            }
            _ => None,
        }
    }
}

/// Shows how what was given bare is written as a value.
fn as_value(json: &Json) -> Option<String> {
    match json {
        Json::Text(text) if Field::named(text).is_some() || text.starts_with(REGISTER) => {
            Some(format!("write {{\"field\": {text:?}}}"))
        }
        Json::Text(_) => Some("write {\"field\": \"…\"} or {\"param\": \"…\"}".to_owned()),
        Json::Number(number) => Some(format!("write {{\"value\": {number}}}")),
        Json::Bool(flag) => Some(format!("write {{\"value\": {flag}}}")),
        _ => None,
    }
}
