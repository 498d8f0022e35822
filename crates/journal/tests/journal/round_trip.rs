//! What is written comes back.

use psim_journal::{Journal, RunRecord, Seal};
use tempfile::tempdir;

use crate::common::{assert_same, persist, read_all, record, world_of, write_all};

#[test]
fn many_worlds_share_a_file_and_come_back_event_for_event() {
    let folder = tempdir().unwrap();
    let path = folder.path().join("runs.db");
    let worlds: Vec<_> = (0..40).map(world_of).collect();
    for (seed, (scenario, batches)) in worlds.iter().enumerate() {
        persist(&path, &format!("world-{seed}"), scenario, batches);
    }
    let journal = Journal::open(&path).unwrap();
    let runs = journal.runs().unwrap();
    assert_eq!(runs.len(), worlds.len());
    for ((seed, (scenario, batches)), listed) in worlds.iter().enumerate().zip(runs) {
        let run = journal.run(&format!("world-{seed}")).unwrap();
        assert_eq!(run, listed);
        assert!(run.is_complete);
        assert_eq!(run.ticks_done, scenario.calendar.horizon());
        assert_same(&read_all(&journal, &run), batches);
        assert_eq!(journal.scenario(&run).unwrap().fingerprint(), scenario.fingerprint());
    }
}

#[test]
fn what_is_known_of_a_run_is_kept_with_it() {
    let folder = tempdir().unwrap();
    let path = folder.path().join("a folder # 100% ?.db");
    let (scenario, batches) = world_of(7);
    let overrides = ["costs.eod_penalty=\"5\"".to_owned(), "seed=3".to_owned()];
    let record = RunRecord {
        source: "scenarios/wörld.yaml",
        scenario_text: "agents:\n  - id: 'Ä'\n",
        overrides: &overrides,
        ..record(Some("first"), &scenario)
    };
    let mut writer = Journal::create_or_open(&path).unwrap().begin(&record).unwrap();
    assert_eq!(writer.simulation_id(), "first");
    write_all(&mut writer, &batches);
    let days = scenario.calendar.num_days();
    let hashes: Vec<String> = (0..days).map(|day| format!("hash of {day}")).collect();
    let seal = Seal { day_hashes: hashes.clone(), stream_hash: "of all".to_owned() };
    drop(writer.finish(seal).unwrap());

    let journal = Journal::open(&path).unwrap();
    let run = journal.resolve(None).unwrap();
    assert_eq!(run.simulation_id, "first");
    assert_eq!(run.source, record.source);
    assert_eq!(run.overrides, overrides);
    assert_eq!(run.rng_seed, scenario.rng_seed);
    assert_eq!(run.version, record.version);
    assert_eq!(run.scenario_hash, scenario.fingerprint().to_string());
    assert_eq!(run.ticks_per_day, scenario.calendar.ticks_per_day());
    assert_eq!(run.num_days, days);
    assert_eq!(run.events, batches.last().unwrap().next_seq());
    assert_eq!(run.stream_hash.as_deref(), Some("of all"));
    assert_eq!(run.created_at.len(), "2026-01-31T12:00:00Z".len());
    assert_eq!(journal.scenario_text(&run).unwrap(), record.scenario_text);
    let stored = journal.days(&run).unwrap();
    assert_eq!(stored.iter().map(|day| day.events).sum::<u64>(), run.events);
    let stored: Vec<_> = stored.into_iter().map(|day| day.hash.unwrap()).collect();
    assert_eq!(stored, hashes);
}

#[test]
fn a_run_of_no_ticks_is_complete_and_empty() {
    let folder = tempdir().unwrap();
    let path = folder.path().join("runs.db");
    let (scenario, _) = world_of(1);
    let record = RunRecord { ticks_asked: 0, ..record(None, &scenario) };
    let writer = Journal::create_or_open(&path).unwrap().begin(&record).unwrap();
    let seal = Seal { day_hashes: Vec::new(), stream_hash: "of nothing".to_owned() };
    let journal = writer.finish(seal).unwrap();
    let run = journal.resolve(None).unwrap();
    assert!(run.is_complete);
    assert_eq!((run.ticks_done, run.events), (0, 0));
    assert_eq!(read_all(&journal, &run), []);
    assert_eq!(journal.days(&run).unwrap(), []);
    let names = journal.names(&run).unwrap();
    assert!(names.agents().eq(scenario.agents.iter().map(|agent| agent.id.as_str())));
    assert_eq!(journal.scenario(&run).unwrap().fingerprint(), scenario.fingerprint());
}

#[test]
fn a_run_of_the_first_ticks_is_complete_when_they_are_there() {
    let folder = tempdir().unwrap();
    let path = folder.path().join("runs.db");
    let (scenario, batches) = world_of(3);
    let record = RunRecord { ticks_asked: 2, ..record(None, &scenario) };
    let mut writer = Journal::create_or_open(&path).unwrap().begin(&record).unwrap();
    write_all(&mut writer, &batches[..2]);
    let seal = Seal { day_hashes: vec!["d".into()], stream_hash: "s".into() };
    let journal = writer.finish(seal).unwrap();
    let run = journal.resolve(None).unwrap();
    assert!(run.is_complete);
    assert_same(&read_all(&journal, &run), &batches[..2]);
}
