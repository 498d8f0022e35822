//! `simulation_events` says what the event stream says.

use std::collections::BTreeSet;
use std::path::Path;

use psim_model::event::{Event, EventBatch, EventJson, EventKind, FieldType, Names, Value};
use rusqlite::Connection;
use serde_json::Value as Json;
use tempfile::tempdir;

use crate::common::{persist, world_of};
use crate::sample::sample;

/// What the view shows of an event: its columns in order, the last one read as JSON.
#[derive(Debug, PartialEq)]
struct Shown {
    simulation_id: String,
    seq: u64,
    tick: u32,
    day: u32,
    event_type: String,
    agent_id: Option<String>,
    counterparty_id: Option<String>,
    tx_id: Option<String>,
    amount: Option<i64>,
    details: Json,
}

fn shown(path: &Path, condition: &str) -> Vec<Shown> {
    let connection = Connection::open(path).unwrap();
    let sql = format!("SELECT * FROM simulation_events WHERE {condition} ORDER BY seq");
    let mut statement = connection.prepare(&sql).unwrap();
    let rows = statement.query_map([], |row| {
        let details: String = row.get("details")?;
        Ok(Shown {
            simulation_id: row.get("simulation_id")?,
            seq: row.get::<_, i64>("seq")?.cast_unsigned(),
            tick: row.get("tick")?,
            day: row.get("day")?,
            event_type: row.get("event_type")?,
            agent_id: row.get("agent_id")?,
            counterparty_id: row.get("counterparty_id")?,
            tx_id: row.get("tx_id")?,
            amount: row.get("amount")?,
            details: serde_json::from_str(&details).unwrap(),
        })
    });
    rows.unwrap().collect::<Result<_, _>>().unwrap()
}

/// Returns the value of the first field that has one of these names.
fn named(json: &Json, names: [&str; 2]) -> Option<String> {
    names.iter().find_map(|name| json.get(name)?.as_str()).map(str::to_owned)
}

fn expected(id: &str, batches: &[EventBatch]) -> Vec<Shown> {
    let mut names = Names::default();
    let mut events = Vec::new();
    for batch in batches {
        names.observe(batch);
        for index in 0..batch.events().len() {
            let json = EventJson { batch, index, names: &names };
            let details = serde_json::to_value(json).unwrap();
            events.push(Shown {
                simulation_id: id.to_owned(),
                seq: batch.first_seq() + index as u64,
                tick: batch.tick().0,
                day: batch.day().0,
                event_type: batch.events()[index].kind().spec().name.to_owned(),
                agent_id: named(&details, ["agent_id", "sender_id"]),
                counterparty_id: named(&details, ["receiver_id", "counterparty_id"]),
                tx_id: named(&details, ["tx_id", "tx_id"]),
                amount: details.get("amount").and_then(Json::as_i64),
                details,
            });
        }
    }
    events
}

#[test]
fn worlds_are_shown_as_the_stream_has_them() {
    let folder = tempdir().unwrap();
    let path = folder.path().join("runs.db");
    for seed in 0..60 {
        let (scenario, batches) = world_of(seed);
        let id = format!("it's world {seed}");
        persist(&path, &id, &scenario, &batches);
        let condition = format!("simulation_id = 'it''s world {seed}'");
        assert_eq!(shown(&path, &condition), expected(&id, &batches), "world {seed}");
    }
}

#[test]
fn every_type_of_event_is_shown_as_the_stream_has_it() {
    let folder = tempdir().unwrap();
    let path = folder.path().join("runs.db");
    let (scenario, batches) = sample();
    persist(&path, "sample", &scenario, &batches);
    assert_eq!(shown(&path, "true"), expected("sample", &batches));
    let mut values = BTreeSet::new();
    for batch in &batches {
        for event in batch.events() {
            note_values(event, batch, &mut values);
        }
    }
    for kind in EventKind::ALL {
        for field in kind.spec().fields {
            let is_list =
                matches!(field.ty, FieldType::Payments | FieldType::Agents | FieldType::Amounts);
            for is_empty in [true, false] {
                let case = (kind.spec().name, field.name, is_empty);
                let may_be = !is_empty || field.nullable || is_list;
                assert_eq!(values.contains(&case), may_be, "{case:?}");
            }
        }
    }
}

/// Notes which fields were absent or empty lists, and which were not.
fn note_values(
    event: &Event,
    batch: &EventBatch,
    seen: &mut BTreeSet<(&'static str, &'static str, bool)>,
) {
    let name = event.kind().spec().name;
    event.visit(batch.columns(), |field, value| {
        let is_empty = match value {
            Value::Null => true,
            Value::Payments(list) => list.is_empty(),
            Value::Agents(list) => list.is_empty(),
            Value::Amounts(list) => list.is_empty(),
            _ => false,
        };
        seen.insert((name, field.name, is_empty));
    });
}
