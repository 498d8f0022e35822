//! The catalogue of events, from their declaration: for people and for programs.

use std::fmt::Write;

use psim_model::event::{EventKind, FieldSpec, FieldType};
use serde_json::{Value, json};

const OPENING: &str = "\
# Events

Generated from the declaration in `crates/model/src/event/catalogue.rs` by
`cargo xtask docs`; `payment-sim schema events` prints the same as JSON.

Every event has `tick` and `day` (from 0) and `seq` (from 0 over the whole run). Amounts
are integers in minor units; ids are texts. A payment is named by the id it was given,
else `tx-{n}` where n counts payments in order of creation. `?` marks fields that may be
absent (`null`).
";

/// Returns all events with their fields as a page of Markdown.
pub fn events_markdown() -> String {
    let mut page = OPENING.to_owned();
    for kind in EventKind::ALL {
        let spec = kind.spec();
        let _ = write!(page, "\n## {}\n\n{}\n\n", spec.name, paragraph(spec.doc));
        let _ = writeln!(page, "| field | type | meaning |\n| --- | --- | --- |");
        for field in spec.fields {
            let name = field.name;
            let kind = type_name(field.ty);
            let mark = if field.nullable { "?" } else { "" };
            let _ = writeln!(page, "| `{name}` | {kind}{mark} | {} |", meaning(field));
        }
    }
    page
}

/// Returns all events with their fields as JSON: name, code, meaning, and of each field name, type,
/// whether it may be `null`, meaning, and its words if it has some.
pub fn events_json() -> Value {
    let kinds = EventKind::ALL.iter().map(|kind| {
        let spec = kind.spec();
        json!({
            "name": spec.name,
            "code": kind.code(),
            "meaning": paragraph(spec.doc),
            "fields": spec.fields.iter().map(field_json).collect::<Vec<_>>(),
        })
    });
    let every = json!([
        {"name": "event_type", "type": "text", "meaning": "Its name."},
        {"name": "tick", "type": "tick", "meaning": "The tick, from 0."},
        {"name": "day", "type": "number", "meaning": "The day, from 0."},
        {"name": "seq", "type": "number", "meaning": "Its number, from 0 over the whole run."},
    ]);
    json!({"every_event": every, "events": kinds.collect::<Vec<_>>()})
}

fn field_json(field: &FieldSpec) -> Value {
    let mut json = json!({
        "name": field.name,
        "type": type_name(field.ty),
        "nullable": field.nullable,
        "meaning": paragraph(field.doc),
    });
    if let FieldType::Choice(words) = field.ty {
        let words =
            words.iter().map(|(word, doc)| json!({"word": word, "meaning": paragraph(doc)}));
        json["words"] = words.collect();
    }
    json
}

fn type_name(ty: FieldType) -> &'static str {
    match ty {
        FieldType::Agent => "agent id",
        FieldType::Payment => "payment id",
        FieldType::Money => "amount",
        FieldType::Tick => "tick",
        FieldType::Count { .. } => "number",
        FieldType::Flag => "true or false",
        FieldType::Fraction => "decimal, 0 to 1",
        FieldType::Number | FieldType::Decimal { .. } => "decimal",
        FieldType::Text => "text",
        FieldType::Payments => "list of payments",
        FieldType::Agents => "list of agents",
        FieldType::Amounts => "list of amounts",
        FieldType::Choice(_) => "word",
    }
}

fn meaning(field: &FieldSpec) -> String {
    let mut meaning = paragraph(field.doc);
    if let FieldType::Choice(words) = field.ty {
        for (word, doc) in words {
            let _ = write!(meaning, "<br>`{word}`: {}", paragraph(doc));
        }
    }
    meaning
}

/// Doc comments come with the space after the slashes and their line breaks.
fn paragraph(doc: &str) -> String {
    doc.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn page_and_json_have_every_event_and_field() {
        let (page, json) = (events_markdown(), events_json());
        assert_eq!(json["events"].as_array().map(Vec::len), Some(EventKind::ALL.len()));
        for (kind, json) in EventKind::ALL.iter().zip(json["events"].as_array().expect("a list")) {
            let spec = kind.spec();
            assert!(page.contains(&format!("\n## {}\n", spec.name)));
            assert_eq!(json["name"], spec.name);
            for (field, json) in spec.fields.iter().zip(json["fields"].as_array().expect("a list"))
            {
                assert_eq!(json["name"], field.name);
                assert!(json["meaning"].as_str().is_some_and(|text| !text.is_empty()));
                let is_choice = matches!(field.ty, FieldType::Choice(_));
                assert_eq!(json["words"].is_array(), is_choice, "{}", field.name);
            }
        }
    }
}
