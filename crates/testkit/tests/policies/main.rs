//! Each field and each action of the policy language against values and events that were worked out
//! by hand; a row that is added to a table does not compile here until it has its own.

mod actions;
mod fields;
mod scene;

use psim_engine::{Engine, VERSION};
use psim_model::event::EventBatch;
use psim_model::{CheckedScenario, Policy, Scenario};
use psim_testkit::{invariants, reference};

/// Returns the stream of a scenario, of which both engines and the laws must say the same.
fn run(scenario: Scenario) -> Vec<EventBatch> {
    let checked = scenario.check().unwrap();
    let expected = reference::run(&checked, VERSION);
    let found = stream_of_engine(&checked);
    psim_testkit::compare::streams(&expected, &found).unwrap_or_else(|parted| panic!("{parted}"));
    invariants::check(&found, &checked).unwrap_or_else(|broken| panic!("{broken}"));
    found
}

fn stream_of_engine(scenario: &CheckedScenario) -> Vec<EventBatch> {
    let mut engine = Engine::new(scenario.clone());
    let mut stream = Vec::new();
    while !engine.is_finished() {
        let mut batch = EventBatch::default();
        engine.tick(&mut batch).unwrap();
        stream.push(batch);
    }
    stream
}

/// Reads a policy with these trees.
fn policy(trees: &str) -> Policy {
    let text = format!(r#"{{"version": "1", "policy_id": "probe", {trees}}}"#);
    Policy::read(&text).unwrap_or_else(|faults| panic!("{text}\n{faults}"))
}
