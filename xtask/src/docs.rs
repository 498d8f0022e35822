//! Pages that are generated from the source and committed, so that they cannot drift.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use psim_model::event::{EventKind, FieldSpec, FieldType};

pub(crate) fn generate(root: &Path, check: bool) -> Result<(), String> {
    let pages =
        [("docs/events.md", events()), ("docs/scenario.md", psim_scenario::reference_markdown())];
    for (page, text) in pages {
        let path = root.join(page);
        if check {
            if fs::read_to_string(&path).ok().as_deref() != Some(text.as_str()) {
                return Err(format!("{page} is out of date: run `cargo xtask docs`"));
            }
        } else {
            fs::write(&path, text).map_err(|error| format!("{}: {error}", path.display()))?;
        }
    }
    Ok(())
}

/// The catalogue of events, from their declaration.
fn events() -> String {
    let mut page = String::from(
        "# Events\n\n\
         Generated from the declaration in `crates/model/src/event/catalogue.rs` by\n\
         `cargo xtask docs`.\n\n\
         Every event has `tick` and `day` (from 0) and `seq` (from 0 over the whole run). Amounts\n\
         are integers in minor units; ids are texts. A payment is named by the id it was given,\n\
         else `tx-{n}` where n counts payments in order of creation. `?` marks fields that may be\n\
         absent (`null`).\n",
    );
    for kind in EventKind::ALL {
        let spec = kind.spec();
        let _ = write!(page, "\n## {}\n\n{}\n\n", spec.name, paragraph(spec.doc));
        let _ = writeln!(page, "| field | type | meaning |\n| --- | --- | --- |");
        for field in spec.fields {
            let _ =
                writeln!(page, "| `{}` | {} | {} |", field.name, kind_of(field), meaning(field));
        }
    }
    page
}

fn kind_of(field: &FieldSpec) -> String {
    let kind = match field.ty {
        FieldType::Agent => "agent id",
        FieldType::Payment => "payment id",
        FieldType::Money => "amount",
        FieldType::Tick => "tick",
        FieldType::Count => "number",
        FieldType::Flag => "true or false",
        FieldType::Fraction => "decimal, 0 to 1",
        FieldType::Decimal { .. } => "decimal",
        FieldType::Text => "text",
        FieldType::Payments => "list of payments",
        FieldType::Agents => "list of agents",
        FieldType::Amounts => "list of amounts",
        FieldType::Choice(_) => "word",
    };
    if field.nullable { format!("{kind}?") } else { kind.to_owned() }
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
