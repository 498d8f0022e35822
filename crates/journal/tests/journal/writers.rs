//! Several runs at a time, and more ticks at once than may wait.

use std::thread;

use psim_journal::Journal;
use psim_model::event::EventBatch;
use psim_model::{Day, Tick};
use psim_testkit::sketch;
use tempfile::tempdir;

use crate::common::{assert_same, persist, read_all, record, run, seal, world_of};

#[test]
fn writers_of_one_file_take_turns() {
    let folder = tempdir().unwrap();
    let path = &folder.path().join("runs.db");
    let worlds: Vec<_> = (0..4).map(world_of).collect();
    thread::scope(|scope| {
        for (seed, (scenario, batches)) in worlds.iter().enumerate() {
            scope.spawn(move || persist(path, &seed.to_string(), scenario, batches));
        }
    });
    let journal = Journal::open(path).unwrap();
    for (seed, (_, batches)) in worlds.iter().enumerate() {
        let run = journal.run(&seed.to_string()).unwrap();
        assert!(run.is_complete);
        assert_same(&read_all(&journal, &run), batches);
    }
}

#[test]
fn thousands_of_ticks_wait_for_each_other_and_most_of_them_are_empty() {
    let folder = tempdir().unwrap();
    let mut scenario = sketch::scenario(5_000, 1, &[("A", 100), ("B", 0)]);
    for tick in (0..5_000).step_by(997) {
        scenario.payments.rows.push(sketch::payment(tick, 0, 1, 1));
    }
    let scenario = scenario.check().unwrap();
    let batches = run(&scenario);
    let journal = Journal::create_or_open(folder.path().join("runs.db")).unwrap();
    let mut writer = journal.begin(&record(None, &scenario)).unwrap();
    let mut memory = EventBatch::default();
    for batch in &batches {
        // As an engine does: the batch that came back is begun anew, whatever is in it.
        memory.begin(Tick(u32::MAX), Day(0), 0);
        memory.clone_from(batch);
        writer.write(&mut memory).unwrap();
    }
    let journal = writer.finish(seal()).unwrap();
    let stored = journal.resolve(None).unwrap();
    assert_eq!(stored.ticks_done, 5_000);
    assert_same(&read_all(&journal, &stored), &batches);
}
