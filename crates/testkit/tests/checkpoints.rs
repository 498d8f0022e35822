//! A run that goes on from a checkpoint is the run that was never interrupted: the same bytes, for
//! every feature, at every tick, also with calls that wait for their tick. Bytes that are no such
//! checkpoint are refused and never bring the program down.

use psim_engine::{Checkpoint, CheckpointError, Engine};
use psim_model::event::EventBatch;
use psim_model::{CheckedScenario, ScheduledInstruction};
use psim_random::Generator;
use psim_testkit::worlds::{WorldSize, calls, requested_seeds, world};

/// A world, and what is asked for between its ticks.
fn drawn(seed: u64) -> (CheckedScenario, Vec<ScheduledInstruction>) {
    let size = WorldSize::default();
    (world(seed, &size).check().expect("worlds are sound"), calls(seed, &size))
}

/// Gives the calls before a tick; some are refused.
fn call(engine: &mut Engine, calls: &[ScheduledInstruction]) -> usize {
    let tick = engine.now();
    let due = calls.iter().filter(|call| call.tick == tick);
    due.filter(|call| engine.instruct(&call.instruction).is_ok()).count()
}

/// Writes a checkpoint and goes on from its bytes, with the scenario made anew.
fn reopened(seed: u64, engine: &Engine) -> Engine {
    let bytes = engine.checkpoint().to_bytes();
    let checkpoint = Checkpoint::from_bytes(&bytes).unwrap();
    assert_eq!(checkpoint.tick(), engine.now());
    assert_eq!(checkpoint.events(), engine.coming_events().first_seq());
    let scenario = CheckedScenario::from_bytes(&engine.scenario().to_bytes()).unwrap();
    assert!(*scenario == **engine.scenario(), "PSIM_SEED={seed}: another scenario is read");
    let restored = Engine::restore(scenario, &checkpoint)
        .unwrap_or_else(|error| panic!("PSIM_SEED={seed}, tick {}: {error}", engine.now()));
    assert!(restored.checkpoint().to_bytes() == bytes, "PSIM_SEED={seed}: the state is another");
    restored
}

#[test]
fn a_run_goes_on_from_a_checkpoint_as_if_nothing_had_been() {
    let (mut ticks, mut waiting) = (0, 0);
    for seed in requested_seeds(400) {
        let (scenario, calls) = drawn(seed);
        let chosen = seed % u64::from(scenario.calendar.horizon());
        let mut engine = Engine::new(scenario);
        let mut other = None;
        let (mut expected, mut found) = (EventBatch::default(), EventBatch::default());
        while !engine.is_finished() {
            // With all that was asked for on its way, and before that.
            let mut early = reopened(seed, &engine);
            waiting += call(&mut engine, &calls);
            call(&mut early, &calls);
            let late = reopened(seed, &engine);
            if let Some(other) = &mut other {
                call(other, &calls);
            } else if u64::from(engine.now().0) == chosen {
                other = Some(late.clone());
            }
            let outcome = engine.tick(&mut expected);
            for again in [&mut early, &mut late.clone()].into_iter().chain(&mut other) {
                let place = format!("PSIM_SEED={seed}, tick {}", again.now());
                assert_eq!(again.tick(&mut found), outcome, "{place}");
                assert!(found == expected, "{place}:\n{expected:?}\n{found:?}");
                let (found, expected) = (again.checkpoint(), engine.checkpoint());
                assert!(found == expected, "{place}: the same events, another state");
            }
            if outcome.is_err() {
                break;
            }
            ticks += 1;
        }
        if engine.is_finished() {
            assert!(reopened(seed, &engine).is_finished());
        }
    }
    assert!(ticks > 1_000 && waiting > 100, "{ticks} ticks, {waiting} calls");
}

/// Returns the bytes of a checkpoint in the middle of a world.
fn halfway(seed: u64) -> (CheckedScenario, Vec<u8>) {
    let (scenario, calls) = drawn(seed);
    let mut engine = Engine::new(scenario.clone());
    let mut batch = EventBatch::default();
    for _ in 0..scenario.calendar.horizon() / 2 {
        call(&mut engine, &calls);
        if engine.tick(&mut batch).is_err() {
            break;
        }
    }
    call(&mut engine, &calls);
    (scenario, engine.checkpoint().to_bytes())
}

#[test]
fn bytes_that_were_cut_or_changed_are_refused() {
    let (_, bytes) = halfway(3);
    for length in 0..bytes.len() {
        let error = Checkpoint::from_bytes(&bytes[..length]).unwrap_err();
        assert!(matches!(error, CheckpointError::Foreign | CheckpointError::Damaged), "{error}");
    }
    for place in 0..bytes.len() {
        let mut changed = bytes.clone();
        changed[place] ^= 1 << (place % 8);
        assert!(Checkpoint::from_bytes(&changed).is_err(), "byte {place}");
    }
    let mut longer = bytes.clone();
    longer.push(0);
    assert_eq!(Checkpoint::from_bytes(&longer), Err(CheckpointError::Damaged));
    assert_eq!(Checkpoint::from_bytes(b"SQLite format 3"), Err(CheckpointError::Foreign));
}

#[test]
fn a_checkpoint_of_another_scenario_is_refused() {
    let (scenario, bytes) = halfway(3);
    let checkpoint = Checkpoint::from_bytes(&bytes).unwrap();
    let other = scenario.with_seed(scenario.rng_seed + 1);
    let error = Engine::restore(other, &checkpoint).unwrap_err();
    assert!(matches!(error, CheckpointError::OtherScenario { .. }), "{error}");
}

/// Whoever can make the hash right can write any state; nothing in it may bring the program down.
#[test]
fn a_forged_state_is_refused_or_taken_but_never_a_panic() {
    const CONTENT: usize = 8 + 4 + 32;
    let (mut refused, mut read) = (0, 0);
    for seed in requested_seeds(60) {
        let (scenario, bytes) = halfway(seed);
        let mut draws = Generator::named(seed, "forger");
        for _ in 0..200 {
            let mut forged = bytes.clone();
            for _ in 0..=draws.index(3) {
                let place = CONTENT + draws.index(bytes.len() - CONTENT);
                forged[place] = match draws.index(4) {
                    0 => 0xFF,
                    1 => 0,
                    2 => forged[place].wrapping_add(1),
                    _ => draws.next_u64().to_le_bytes()[0],
                };
            }
            let hash = blake3::hash(&forged[CONTENT..]);
            forged[12..CONTENT].copy_from_slice(hash.as_bytes());
            match Checkpoint::from_bytes(&forged) {
                Ok(checkpoint) => {
                    read += 1;
                    refused += u32::from(Engine::restore(scenario.clone(), &checkpoint).is_err());
                }
                Err(error) => {
                    assert_ne!(error, CheckpointError::Damaged);
                    refused += 1;
                }
            }
        }
    }
    assert!(read > 1_000 && refused > 1_000, "{read} read, {refused} refused");
}
