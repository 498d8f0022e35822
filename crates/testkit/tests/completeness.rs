//! The event stream tells everything: after every tick of every world, a projection folded from
//! events alone equals the engine's state, and the other laws that a run is checked for hold. So it
//! does right after calls between ticks, and what was taken in piece by piece is what the whole
//! gives.

use psim_engine::Engine;
use psim_model::Scenario;
use psim_model::event::EventBatch;
use psim_runner::{Broken, Paranoid};
use psim_testkit::worlds::{WorldSize, requested_seeds, world};
use psim_view::{Fold, Projection};

#[test]
fn a_projection_of_the_events_is_the_state() {
    for seed in requested_seeds(500) {
        follow(&format!("seed {seed}"), world(seed, &WorldSize::default()));
    }
}

/// The instructions of the worlds are given as calls.
#[test]
fn a_projection_is_the_state_right_after_calls() {
    let mut calls = 0;
    for seed in requested_seeds(200) {
        let mut scenario = world(seed, &WorldSize::default());
        let asked_for = std::mem::take(&mut scenario.instructions);
        let scenario = scenario.check().expect("worlds are sound");
        let (mut paranoid, mut whole) = (Paranoid::new(&scenario), Projection::new());
        let mut engine = Engine::new(scenario);
        let mut batch = EventBatch::default();
        let sound = |result: Result<(), Broken>, tick| {
            result.unwrap_or_else(|broken| panic!("PSIM_SEED={seed}, tick {tick}: {broken}"));
        };
        while !engine.is_finished() {
            let tick = engine.now();
            sound(paranoid.observe_told(&engine), tick);
            for call in asked_for.iter().filter(|call| call.tick == tick) {
                calls += u32::from(engine.instruct(&call.instruction).is_ok());
                sound(paranoid.observe_told(&engine), tick);
            }
            if engine.tick(&mut batch).is_err() {
                break;
            }
            sound(paranoid.observe(&engine, &batch), tick);
            whole.observe(&batch);
            let (pieces, whole) = (format!("{:?}", paranoid.projection()), format!("{whole:?}"));
            assert!(pieces == whole, "PSIM_SEED={seed}, tick {tick}:\n{pieces}\n{whole}");
        }
    }
    assert!(calls > 100, "{calls} calls");
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
