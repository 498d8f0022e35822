//! Worlds that are saved on the way and go on from the bytes: in a new engine, in a new process.

use std::path::Path;

use psim_engine::{Checkpoint, Engine};
use psim_model::CheckedScenario;
use psim_model::event::EventBatch;
use psim_runner::{Keeper, Paranoid};
use psim_view::{Fold, StreamHash};

use super::fronts::{Told, called, hash_in, options};
use crate::dice::Dice;

/// Saves the world at ticks chosen by chance and goes on from the bytes each time; every law is
/// checked of the engines that go on.
pub(super) fn by_checkpoint(
    scenario: &CheckedScenario,
    ticks: u32,
    dice: &mut Dice,
) -> Result<String, String> {
    let mut paranoid = Paranoid::new(scenario);
    let (mut engine, mut batch) = (Engine::new(scenario.clone()), EventBatch::default());
    let mut hash = StreamHash::new();
    let times = 1 + dice.below(3);
    let saved: Vec<u32> = (0..times).map(|_| any_tick(ticks, dice)).collect();
    for tick in 0..ticks {
        if saved.contains(&tick) {
            let bytes = engine.checkpoint().to_bytes();
            let checkpoint = Checkpoint::from_bytes(&bytes).map_err(|error| error.to_string())?;
            engine = Engine::restore(scenario.clone(), &checkpoint)
                .map_err(|error| format!("the checkpoint at {tick}: {error}"))?;
            paranoid.observe_told(&engine).map_err(|broken| broken.to_string())?;
        }
        engine.tick(&mut batch).map_err(|error| error.to_string())?;
        paranoid.observe(&engine, &batch).map_err(|broken| broken.to_string())?;
        hash.observe(&batch);
    }
    Ok(hash.total())
}

/// Keeps the world up to a tick chosen by chance, with a checkpoint on the way, and has the command
/// go on with it, checking every law.
pub(super) fn by_resume(
    scenario: &CheckedScenario,
    expected: &Told,
    dice: &mut Dice,
) -> Result<String, String> {
    let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
    cut_off(scenario, expected.ticks, dice, &folder.path().join("runs.db"))?;
    let resumed = called(folder.path(), "run --resume runs.db --paranoid --output json --quiet")?;
    let verified = called(folder.path(), "verify runs.db")?;
    if !verified.contains(&expected.hash) {
        return Err(format!("verify says: {verified}"));
    }
    hash_in(&resumed)
}

/// Keeps a part of a world as a process does that is then killed.
fn cut_off(
    scenario: &CheckedScenario,
    ticks: u32,
    dice: &mut Dice,
    db: &Path,
) -> Result<(), String> {
    let told = |error: psim_journal::JournalError| error.to_string();
    let mut keeper = Keeper::begin(options(db), scenario, ticks).map_err(told)?;
    let (mut engine, mut batch) = (Engine::new(scenario.clone()), EventBatch::default());
    let mut hash = StreamHash::new();
    let saved = any_tick(ticks, dice);
    let killed = saved.saturating_add(any_tick(ticks.saturating_sub(saved), dice));
    for tick in 0..killed {
        if tick == saved {
            keeper.checkpoint(&engine, hash.total()).map_err(told)?;
        }
        engine.tick(&mut batch).map_err(|error| error.to_string())?;
        hash.observe(&batch);
        keeper.write(&mut batch).map_err(told)?;
    }
    Ok(())
}

/// Returns one of so many ticks, the first where there is none.
fn any_tick(ticks: u32, dice: &mut Dice) -> u32 {
    u32::try_from(dice.below(ticks as usize)).unwrap_or_default()
}
