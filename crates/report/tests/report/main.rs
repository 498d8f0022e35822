//! Reports of random worlds: what a page draws is what the measures say.
//!
//! `PSIM_WORLDS=10000 cargo test -p psim-report --test report` looks at more worlds, and
//! `PSIM_SEED=17 PSIM_WORLDS=1 …` at a given one.

mod comparing;
mod forms;
mod hand;
mod pictures;

use psim_engine::Engine;
use psim_model::event::EventBatch;
use psim_model::{CheckedScenario, Scenario};
use psim_report::{Measured, MeasuredFold, Picture, PictureFold, RunFacts};
use psim_view::Fold;

/// Runs a scenario for so many ticks, or as far as it goes.
fn run(scenario: &CheckedScenario, ticks: u32) -> Vec<EventBatch> {
    let mut engine = Engine::new(scenario.clone());
    let mut batches = Vec::new();
    for _ in 0..ticks.min(scenario.calendar.horizon()) {
        let mut batch = EventBatch::default();
        if engine.tick(&mut batch).is_err() {
            break;
        }
        batches.push(batch);
    }
    batches
}

fn facts(id: &str, scenario: &CheckedScenario, batches: &[EventBatch]) -> RunFacts {
    RunFacts {
        simulation_id: id.to_owned(),
        source: "world.yaml".to_owned(),
        scenario_text: "agents: []".to_owned(),
        ticks_asked: scenario.calendar.horizon(),
        ticks_done: u32::try_from(batches.len()).unwrap(),
        is_complete: batches.len() == scenario.calendar.horizon() as usize,
        reports_blocks: scenario.liquidity_saving.reports_blocks,
        ..RunFacts::default()
    }
}

/// Measures a run and draws its picture.
fn seen(id: &str, scenario: &CheckedScenario, batches: &[EventBatch]) -> (Measured, Picture) {
    let mut fold = MeasuredFold::new(scenario.policies.throughput_guideline.iter().copied());
    for batch in batches {
        fold.observe(batch);
    }
    let measured = fold.finish(facts(id, scenario, batches));
    let mut picture = PictureFold::new(fold.selection(&measured));
    for batch in batches {
        picture.observe(batch);
    }
    (measured, picture.finish())
}

fn checked(scenario: Scenario) -> CheckedScenario {
    scenario.check().unwrap()
}

/// Takes the data out of a page.
fn data_of(page: &str) -> serde_json::Value {
    use base64::Engine as _;
    use std::io::Read as _;

    let start = page.find("<script id=\"data\"").unwrap();
    let start = start + page[start..].find('>').unwrap() + 1;
    let end = start + page[start..].find('<').unwrap();
    let packed = base64::engine::general_purpose::STANDARD.decode(&page[start..end]).unwrap();
    let mut text = String::new();
    flate2::read::GzDecoder::new(packed.as_slice()).read_to_string(&mut text).unwrap();
    serde_json::from_str(&text).unwrap()
}
