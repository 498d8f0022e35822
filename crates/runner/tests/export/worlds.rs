//! Every cell of every table of random runs: the same in memory, in Parquet and in CSV.

use std::collections::BTreeSet;

use psim_frames::{AgentsByTick, Frame};
use psim_model::event::EventBatch;
use psim_runner::ExportOptions;
use psim_testkit::worlds::{WorldSize, requested_seeds, world};
use psim_view::Fold as _;
use serde_json::Value;

use crate::cells::{of_csv, of_frame, of_parquet, says};
use crate::kept::{exported, keep};

#[test]
fn every_cell_is_that_of_the_frame() {
    let mut kinds = BTreeSet::new();
    let mut rows = 0;
    for seed in requested_seeds(25) {
        let scenario = world(seed, &WorldSize::default()).check().unwrap();
        let folder = tempfile::tempdir().unwrap();
        let db = folder.path().join("runs.db");
        let log = keep(scenario, &db, "run");
        let (parquet, csv) = (folder.path().join("parquet"), folder.path().join("csv"));
        let options = ExportOptions { parquet: Some(&parquet), csv: Some(&csv), force: false };
        let files = exported(&db, "run", options).unwrap();
        let frames = frames(&log);
        assert_eq!(files.len(), 2 * frames.len());
        for (name, frame) in frames {
            let expected = of_frame(&frame);
            let path = |extension: &str| {
                let is_meant = |path: &std::path::Path| path.extension().unwrap() == extension;
                let file = files.iter().find(|file| file.table == name && is_meant(&file.path));
                let file = file.unwrap();
                assert_eq!(file.rows, expected.len(), "{name}");
                &file.path
            };
            assert!(of_parquet(path("parquet")) == expected, "seed {seed}: {name}");
            let (header, found) = of_csv(path("csv"));
            assert_eq!(header, frame.names().collect::<Vec<_>>(), "{name}");
            assert_eq!(found.len(), expected.len(), "{name}");
            for (found, expected) in found.iter().zip(&expected) {
                assert_eq!(found.len(), expected.len());
                for (cell, (column, value)) in found.iter().zip(expected) {
                    assert!(says(cell.as_deref(), value), "{name}.{column}: {cell:?} {value}");
                    kinds.extend(kind(value));
                }
            }
            rows += expected.len();
        }
    }
    assert!(rows > 0);
    let all = ["flag", "list", "list of nothing", "number", "text", "whole"];
    assert!(all.into_iter().all(|kind| kinds.contains(kind)), "{kinds:?}");
}

/// Returns the tables that are exported, from the events themselves.
fn frames(log: &[EventBatch]) -> Vec<(&'static str, Frame)> {
    let mut fold = AgentsByTick::new();
    for batch in log {
        fold.observe(batch);
    }
    let projection = fold.projection();
    let names = projection.names();
    vec![
        ("transactions", psim_frames::transactions(projection)),
        ("pairs", psim_frames::pairs(projection)),
        ("ticks", psim_frames::ticks(log)),
        ("costs", psim_frames::costs(log, names)),
        ("events", psim_frames::events_of_all_kinds(log, names)),
        ("agents_by_tick", fold.clone().finish()),
    ]
}

fn kind(value: &Value) -> Option<&'static str> {
    Some(match value {
        Value::Null | Value::Object(_) => return None,
        Value::Bool(_) => "flag",
        Value::Number(number) if number.is_f64() => "number",
        Value::Number(_) => "whole",
        Value::String(_) => "text",
        Value::Array(items) if items.is_empty() => "list of nothing",
        Value::Array(_) => "list",
    })
}
