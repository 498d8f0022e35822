//! What a page draws, against the measures and the state that a projection shows.

use std::collections::BTreeMap;

use psim_model::event::Event;
use psim_testkit::worlds::{WorldSize, requested_seeds, world};
use psim_view::{Fold, Projection, Trace};
use serde_json::Value;

use super::{checked, data_of, run, seen};

fn whole(value: &Value) -> i128 {
    value.as_i64().map_or_else(|| value.as_str().unwrap().parse().unwrap(), i128::from)
}

fn sum(values: &Value) -> i128 {
    values.as_array().unwrap().iter().map(whole).sum()
}

fn chart<'a>(data: &'a Value, id: &str) -> Option<&'a Value> {
    data["charts"].as_array().unwrap().iter().find(|chart| chart["id"] == id)
}

#[test]
fn pages_draw_what_the_measures_say() {
    let (mut with_queue, mut with_costs, mut with_links) = (0, 0, 0);
    for seed in requested_seeds(150) {
        let scenario = checked(world(seed, &WorldSize::default()));
        let batches = run(&scenario, u32::MAX);
        let mut projection = Projection::new();
        for batch in &batches {
            projection.observe(batch);
        }
        let (report, picture) = seen("world", &scenario, &batches);
        let data = data_of(&report.to_html(&picture));
        let measures = report.to_json();

        // Balances: an opening balance and the changes after it.
        let rows = data["agents"]["rows"].as_array().unwrap();
        for (row, balances) in rows.iter().zip(data["agents"]["balances"].as_array().unwrap()) {
            let no = scenario.agents.iter().position(|agent| agent.id == row[0]).unwrap();
            let closing = projection.agents()[no].balance.minor();
            assert_eq!(sum(balances), i128::from(closing), "seed {seed}: {}", row[0]);
            assert_eq!(whole(&row[2]), i128::from(closing), "seed {seed}: {}", row[0]);
        }

        // What dissolved the queue is what settled otherwise than on entry.
        let mechanisms = measures["offset"]["mechanisms"].as_array().unwrap();
        let off_queue = mechanisms.iter().filter(|path| path["mechanism"] != "on_entry");
        let expected: i128 = off_queue.map(|path| whole(&path["value"])).sum();
        let drawn = chart(&data, "queue_outflow").map_or(0, |chart| {
            let series = chart["series"].as_array().unwrap();
            series.iter().map(|series| sum(&series["values"])).sum()
        });
        assert_eq!(drawn, expected, "seed {seed}");
        with_queue += i32::from(drawn > 0);

        // The last of the costs so far are the costs; what is drawn need not be exact.
        let costs = chart(&data, "costs").map_or(0.0, |chart| {
            let series = chart["series"].as_array().unwrap();
            let last = |it: &Value| it["values"].as_array().unwrap().last().unwrap().as_f64();
            series.iter().filter_map(last).sum::<f64>()
        });
        let expected = whole(&measures["costs"]["all"]["total"]) as f64;
        assert!((costs - expected).abs() <= 1e-9 * expected, "seed {seed}: {costs} {expected}");
        with_costs += i32::from(costs > 0.0);

        // Links: those of the measures, and their steps in time.
        let links = data["network"]["links"].as_array();
        assert_eq!(
            links.map_or(0, Vec::len) as u64,
            measures["concentration"]["links"].as_u64().unwrap(),
            "seed {seed}"
        );
        for link in links.into_iter().flatten() {
            let steps = link["steps"].as_array().unwrap();
            let value: i128 = steps.iter().map(|step| whole(&step[1])).sum();
            assert_eq!(value, whole(&link["value"]), "seed {seed}");
            with_links += 1;
        }
    }
    assert!(with_queue > 20 && with_costs > 20 && with_links > 100);
}

#[test]
fn ticks_with_scenario_events_are_marked() {
    const MOST: usize = 24;
    let (mut marked, mut drawn, mut too_many) = (0, 0, 0);
    for seed in requested_seeds(150) {
        let scenario = checked(world(seed, &WorldSize::default()));
        let batches = run(&scenario, u32::MAX);
        let mut expected: BTreeMap<u32, usize> = BTreeMap::new();
        for batch in &batches {
            for event in batch.events() {
                if matches!(event, Event::ScenarioEventExecuted(event) if event.applied) {
                    *expected.entry(batch.tick().0).or_default() += 1;
                }
            }
        }
        if expected.len() > MOST {
            too_many += 1;
            expected.clear();
        }
        let (report, picture) = seen("world", &scenario, &batches);
        let data = data_of(&report.to_html(&picture));
        let shocks = data["shocks"].as_array().unwrap();
        let found: BTreeMap<u32, usize> = shocks
            .iter()
            .map(|shock| {
                let more = shock["label"].as_str().unwrap().strip_suffix(" more");
                let others =
                    more.map_or(0, |told| told.rsplit(' ').next().unwrap().parse().unwrap());
                (u32::try_from(shock["tick"].as_u64().unwrap()).unwrap(), others + 1)
            })
            .collect();
        assert_eq!(found, expected, "seed {seed}");
        marked += found.len();

        // A figure says so at the first of them, if the axis reaches so far.
        let figures = report.figures(&picture);
        let settled = figures.iter().find(|figure| figure.name == "settled");
        if let (Some(figure), [shock, ..]) = (settled, shocks.as_slice()) {
            let label = shock["label"].as_str().unwrap();
            assert!(figure.svg.contains(label), "seed {seed}: {label}");
            drawn += 1;
        }
    }
    assert!(marked > 100 && drawn > 20 && too_many > 0, "{marked} {drawn} {too_many}");
}

#[test]
fn payments_open_into_the_life_that_a_trace_tells() {
    let mut told = 0;
    for seed in requested_seeds(60) {
        let scenario = checked(world(seed, &WorldSize::default()));
        let batches = run(&scenario, u32::MAX);
        let (measured, picture) = seen("world", &scenario, &batches);
        let data = data_of(&measured.to_html(&picture));
        let payments = &data["payments"];
        let ids = payments["id"].as_array().into_iter().flatten().enumerate();
        for (index, id) in ids.step_by(3) {
            let id = id.as_str().unwrap();
            let mut trace = Trace::new(id);
            for batch in &batches {
                trace.observe(batch);
            }
            let life = trace.finish(u32::try_from(batches.len()).unwrap()).to_json();
            let events = life["events"].as_array().unwrap();
            let expected: Vec<(u64, &str)> = events
                .iter()
                .map(|event| (event["tick"].as_u64().unwrap(), event["meaning"].as_str().unwrap()))
                .collect();
            let lines = payments["life"][index].as_array().unwrap();
            let found: Vec<(u64, &str)> = lines
                .iter()
                .map(|line| {
                    let text = line[1].as_str().unwrap();
                    let meaning = text.split(" (path: ").next().unwrap();
                    (line[0].as_u64().unwrap(), meaning)
                })
                .collect();
            assert_eq!(found, expected, "seed {seed}: {id}");
            told += found.len();
        }
    }
    assert!(told > 1_000, "{told}");
}
