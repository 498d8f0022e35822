//! Stored runs are brought to where they were, and checked on the way.

use std::ops::ControlFlow;
use std::path::Path;

use psim_engine::Engine;
use psim_journal::Journal;
use psim_model::event::EventBatch;
use psim_model::{CheckedScenario, Money, Scenario, Tick};
use psim_runner::{KeepOptions, Keeper, Paranoid, RetraceError, Underway, retrace};
use psim_testkit::worlds::{WorldSize, world};
use psim_view::{Fold, StreamHash};
use tempfile::tempdir;

/// Keeps the ticks of a world before one, with a checkpoint before another.
fn keep(scenario: &CheckedScenario, (saved, until): (u32, u32), db: &Path) {
    let options = KeepOptions { db, simulation_id: None, source: "", text: "", overrides: &[] };
    let mut keeper = Keeper::begin(options, scenario, until).unwrap();
    let (mut engine, mut batch) = (Engine::new(scenario.clone()), EventBatch::default());
    let mut hash = StreamHash::new();
    for tick in 0..until {
        if tick == saved {
            keeper.checkpoint(&engine, hash.total()).unwrap();
        }
        engine.tick(&mut batch).unwrap();
        hash.observe(&batch);
        keeper.write(&mut batch).unwrap();
    }
}

/// Brings a stored run to before a tick, checked as a run of a scenario.
fn checked(db: &Path, checked_as: &CheckedScenario, until: u32) -> Result<Underway, RetraceError> {
    let journal = Journal::open(db).unwrap();
    let run = journal.resolve(None).unwrap();
    let mut paranoid = Paranoid::new(checked_as);
    let go_on = |_: &EventBatch| ControlFlow::Continue(());
    retrace(&journal, &run, Tick(until), Some(&mut paranoid), go_on).map(Option::unwrap)
}

#[test]
fn a_run_that_is_brought_back_is_checked_from_its_first_tick() {
    for seed in 0..20 {
        let scenario = world(seed, &WorldSize::default()).check().unwrap();
        let horizon = scenario.calendar.horizon();
        let mut other = Scenario::clone(&scenario);
        other.agents[0].opening_balance = Money::from_minor(1) + other.agents[0].opening_balance;
        let other = other.check().unwrap();
        for saved in [1, horizon / 2, horizon] {
            let folder = tempdir().unwrap();
            let db = folder.path().join("runs.db");
            keep(&scenario, (saved, horizon), &db);
            // At the checkpoint, behind it, and where there is none before.
            for until in [saved, horizon, saved.saturating_sub(1)] {
                let underway = checked(&db, &scenario, until).unwrap();
                assert_eq!(underway.engine().now(), Tick(until));
            }
            let broken = checked(&db, &other, horizon);
            assert!(matches!(broken, Err(RetraceError::Broken(_))), "{seed} {saved}");
        }
    }
}
