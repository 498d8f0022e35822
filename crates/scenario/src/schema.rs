//! A JSON Schema of scenario files, from the table of keys.

use std::fmt::Write;

use psim_model::{Multiplier, Rate};
use psim_policy::library;
use serde_json::{Map, Value, json};

use crate::keys;
use crate::shape::{Case, Default, Key, Kind, NO_KEYS, Shape};
use crate::typed::default_value;

/// Returns a JSON Schema (draft 2020-12) of scenario files, for editors.
///
/// Units and defaults are in the descriptions. It is as strict as a schema can be; what several
/// keys mean together is checked on loading only.
pub fn json_schema() -> Value {
    let mut root = map(&keys::ROOT);
    if let Value::Object(root) = &mut root {
        // Days, ticks and seed may stand at the top level, so `simulation` alone is not required.
        if let Some(Value::Object(properties)) = root.get_mut("properties") {
            for key in keys::SIMULATION.keys {
                properties.insert(key.name.to_owned(), property(key));
            }
            if let Some(Value::Object(simulation)) = properties.get_mut("simulation") {
                simulation.remove("required");
            }
        }
        root.remove("required");
        root.insert("allOf".to_owned(), Value::Array(simulation_either_way()));
        root.insert("$schema".to_owned(), json!("https://json-schema.org/draft/2020-12/schema"));
        root.insert("title".to_owned(), json!("payment-sim scenario"));
    }
    root
}

/// Demands the keys of `simulation` where they may stand: there or at the top level.
fn simulation_either_way() -> Vec<Value> {
    let required = keys::SIMULATION.keys.iter().filter(|key| key.is_required());
    let either = |key: &Key| {
        let nested = json!({"simulation": {"required": [key.name]}});
        json!({"anyOf": [
            {"required": [key.name]},
            {"required": ["simulation"], "properties": nested},
        ]})
    };
    required.map(either).collect()
}

fn map(shape: &Shape) -> Value {
    object(shape, None)
}

fn object(shape: &Shape, tag: Option<(&str, &Case)>) -> Value {
    let mut properties = Map::new();
    let mut required: Vec<&str> = Vec::new();
    if let Some((tag, case)) = tag {
        properties.insert(tag.to_owned(), json!({"enum": words(case), "description": case.doc}));
        required.push(tag);
    }
    let also = tag.map_or(&NO_KEYS, |(_, case)| case.also);
    for key in shape.keys.iter().chain(also.keys) {
        let schema = property(key);
        if key.is_required() {
            required.push(key.name);
        }
        for alias in key.aliases {
            properties.insert((*alias).to_owned(), schema.clone());
        }
        properties.insert(key.name.to_owned(), schema);
    }
    let mut object = json!({
        "type": "object",
        "properties": properties,
        "additionalProperties": false,
    });
    if !required.is_empty() {
        object["required"] = json!(required);
    }
    let any_of = |needs: &[&str]| -> Value {
        needs.iter().map(|name| json!({"required": [name]})).collect()
    };
    match (shape.needs, also.needs) {
        ([], []) => {}
        (needs, []) | ([], needs) => object["anyOf"] = any_of(needs),
        (own, shared) => {
            object["allOf"] = json!([{"anyOf": any_of(own)}, {"anyOf": any_of(shared)}]);
        }
    }
    object
}

/// Allows `null`, which stands for not giving a key.
fn nullable(mut schema: Value) -> Value {
    if let Some(Value::String(plain)) = schema.get("type") {
        schema["type"] = json!([plain, "null"]);
    } else if let Some(Value::Array(forms)) = schema.get_mut("anyOf") {
        forms.push(json!({"type": "null"}));
    } else if let Some(Value::Array(words)) = schema.get_mut("enum") {
        words.push(Value::Null);
    } else if let Some(Value::Array(cases)) = schema.get_mut("oneOf") {
        cases.push(json!({"type": "null"}));
    }
    schema
}

fn property(key: &Key) -> Value {
    let schema = kind(&key.kind);
    let mut schema = if key.is_required() { schema } else { nullable(schema) };
    let mut text = key.doc.to_owned();
    if !key.unit.is_empty() {
        let _ = write!(text, " [{}]", key.unit);
    }
    match key.default {
        Default::Is(default) => {
            if let Some(value) = json_default(&key.kind, default) {
                schema["default"] = value;
            }
        }
        Default::Follows(follows) => {
            let _ = write!(text, "; default: {follows}");
        }
        Default::Required => {}
    }
    schema["description"] = json!(text);
    schema
}

fn kind(kind: &Kind) -> Value {
    match kind {
        Kind::Bool => json!({"type": "boolean"}),
        Kind::Int { min, max } => {
            json!({"type": "integer", "minimum": bound(*min), "maximum": bound(*max)})
        }
        Kind::Money { min } => json!({"type": "integer", "minimum": min, "maximum": i64::MAX}),
        Kind::Number { positive, max } => {
            let least = if *positive { "exclusiveMinimum" } else { "minimum" };
            let mut schema = json!({"type": "number", least: 0});
            if *max < f64::MAX {
                schema["maximum"] = json!(max);
            }
            schema
        }
        Kind::Real => json!({"type": "number"}),
        Kind::Rate => number_below(LARGEST_RATE),
        // `multipleOf` would be exact on paper only: validators divide in binary and refuse 0.3.
        Kind::Multiplier => number_below(LARGEST_MULTIPLIER),
        Kind::Fraction => json!({"type": "number", "minimum": 0, "maximum": 1}),
        Kind::YearlyRate => json!({"anyOf": [
            number_below(LARGEST_RATE),
            {"type": "string", "pattern": "^[0-9._]+ ?(bp|bps|%)$"},
        ]}),
        Kind::Text => json!({"type": "string"}),
        Kind::LibraryPolicy => json!({"enum": library::names().collect::<Vec<_>>()}),
        Kind::Document => json!({"type": "object"}),
        Kind::Name => json!({"type": "string", "minLength": 1}),
        Kind::Choice(cases) => {
            json!({"enum": cases.iter().flat_map(words).collect::<Vec<&str>>()})
        }
        Kind::Clock => json!({"type": "string", "pattern": CLOCK}),
        Kind::Moment => json!({"anyOf": [
            {"type": "integer", "minimum": 0, "maximum": u32::MAX},
            {"type": "string", "pattern": CLOCK},
        ]}),
        Kind::Map(shape) => map(shape),
        Kind::Variant { tag, cases } => {
            let cases: Vec<Value> =
                cases.iter().map(|case| object(case.shape, Some((tag, case)))).collect();
            json!({"oneOf": cases})
        }
        Kind::List { of, least } => {
            let mut schema = json!({"type": "array", "items": self::kind(of)});
            if *least > 0 {
                schema["minItems"] = json!(least);
            }
            schema
        }
        Kind::Pair(element) => {
            json!({"type": "array", "items": self::kind(element), "minItems": 2, "maxItems": 2})
        }
        Kind::ByName { of: element, .. } => {
            json!({"type": "object", "additionalProperties": self::kind(element)})
        }
        Kind::Either(forms) => json!({"anyOf": forms.iter().map(self::kind).collect::<Vec<_>>()}),
        Kind::Anything => json!({}),
    }
}

const CLOCK: &str = "^(([01]?[0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9])?|24:00(:00)?)$";

/// Rates and multipliers are kept as 64-bit counts of their last place.
const LARGEST_RATE: f64 = (i64::MAX / 10_i64.pow(Rate::PLACES)) as f64;
const LARGEST_MULTIPLIER: f64 = (i64::MAX / 10_i64.pow(Multiplier::PLACES)) as f64;

fn number_below(largest: f64) -> Value {
    json!({"type": "number", "minimum": 0, "maximum": largest})
}

fn words(case: &Case) -> Vec<&'static str> {
    std::iter::once(case.name).chain(case.aliases.iter().copied()).collect()
}

/// Writes a bound; the seed's is beyond what 64 bits with a sign hold.
fn bound(value: i128) -> Value {
    match (i64::try_from(value), u64::try_from(value)) {
        (Ok(value), _) => json!(value),
        (_, Ok(value)) => json!(value),
        _ => Value::Null,
    }
}

fn json_default(kind: &Kind, text: &str) -> Option<Value> {
    default_value(kind, text)?;
    if text == "''" {
        return Some(json!(""));
    }
    match kind {
        Kind::Text | Kind::Name | Kind::Choice(_) => Some(json!(text)),
        _ => serde_json::from_str(text).ok(),
    }
}
