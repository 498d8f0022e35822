//! What is written comes back.



use crate::common::{persist, read_all, record, run, seal, world_of, write_all};
use psim_journal::{Journal, JournalError};
use psim_model::event::EventBatch;
use tempfile::tempdir;

/// Compares what can be seen of two batches: memory that texts once had may differ.
fn assert_same(left: &[EventBatch], right: &[EventBatch]) {
    assert_eq!(left.len(), right.len());
    for (left, right) in left.iter().zip(right) {
        assert_eq!(
            (left.tick(), left.day(), left.first_seq(), left.events().len()),
            (right.tick(), right.day(), right.first_seq(), right.events().len())
        );
        let (mut rows, mut others) = (Vec::new(), Vec::new());
        left.encode(&mut rows);
        right.encode(&mut others);
        assert_eq!(rows, others, "tick {}", left.tick());
    }
}

#[test]
fn many_worlds_share_a_file_and_come_back_event_for_event() {
    let folder = tempdir().unwrap();
    let path = folder.path().join("runs.db");
    let worlds: Vec<_> = (0..40).map(world_of).collect();
    for (seed, (scenario, batches)) in worlds.iter().enumerate() {
        persist(&path, &format!("world-{seed}"), scenario, batches);
    }
    let journal = Journal::open(&path).unwrap();
    assert_eq!(journal.runs().unwrap().len(), worlds.len());
    for (seed, (scenario, batches)) in worlds.iter().enumerate() {
        let run = journal.run(&format!("world-{seed}")).unwrap();
        assert!(run.is_complete);
        assert_eq!(run.ticks_done, scenario.calendar.horizon());
        assert_eq!(run.rng_seed, scenario.rng_seed);
        assert_same(&read_all(&journal, &run), batches);
        let stored = journal.scenario(&run).unwrap();
        assert_eq!(stored.fingerprint(), scenario.fingerprint());
    }
}
