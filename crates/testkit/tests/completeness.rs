//! The event stream tells everything: after every tick of every world, a projection folded from
//! events alone equals the engine's state, and the other laws that a run is checked for hold.

use psim_engine::Engine;
use psim_model::Scenario;
use psim_model::event::EventBatch;
use psim_runner::Paranoid;
use psim_testkit::worlds::{WorldSize, requested_seeds, world};

#[test]
fn a_projection_of_the_events_is_the_state() {
    for seed in requested_seeds(500) {
        follow(&format!("seed {seed}"), world(seed, &WorldSize::default()));
    }
}

fn follow(name: &str, scenario: Scenario) {
    let scenario = scenario.check().expect("worlds are sound");
    let mut paranoid = Paranoid::new(&scenario);
    let mut engine = Engine::new(scenario);
    let mut batch = EventBatch::default();
    while !engine.is_finished() {
        if engine.tick(&mut batch).is_err() {
            return; // refused whole; the twin test compares refusals
        }
        if let Err(broken) = paranoid.observe(&engine, &batch) {
            panic!("{name}: {broken}");
        }
    }
}
