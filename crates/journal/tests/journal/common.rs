//! Runs to write, and both ends of the file.

use std::path::Path;

use psim_engine::Engine;
use psim_journal::{Journal, JournalError, RunRecord, RunWriter, Seal, StoredRun};
use psim_model::event::EventBatch;
use psim_model::{CheckedScenario, PaymentNo};
use psim_testkit::worlds::{WorldSize, world};

type Door = fn(&Path) -> Result<Journal, JournalError>;

/// All ways to open a file.
pub(crate) const DOORS: [Door; 3] = [
    |path| Journal::create_or_open(path),
    |path| Journal::open(path),
    |path| Journal::open_to_change(path),
];

/// Returns the events of all ticks of a scenario.
pub(crate) fn run(scenario: &CheckedScenario) -> Vec<EventBatch> {
    let mut engine = Engine::new(scenario.clone());
    let mut batches = Vec::new();
    while !engine.is_finished() {
        let mut batch = EventBatch::default();
        engine.tick(&mut batch).expect("a tick of a small world cannot fail");
        batches.push(batch);
    }
    batches
}

/// Returns the world of a seed and its events.
pub(crate) fn world_of(seed: u64) -> (CheckedScenario, Vec<EventBatch>) {
    let scenario = world(seed, &WorldSize::default()).check().expect("worlds are sound");
    let batches = run(&scenario);
    (scenario, batches)
}

pub(crate) fn record<'a>(id: Option<&'a str>, scenario: &'a CheckedScenario) -> RunRecord<'a> {
    RunRecord {
        simulation_id: id,
        source: "world.yaml",
        scenario_text: "agents: []\n",
        scenario,
        overrides: &[],
        version: psim_engine::VERSION,
        ticks_asked: scenario.calendar.horizon(),
    }
}

pub(crate) fn seal() -> Seal {
    Seal { day_hashes: vec!["d0".into()], stream_hash: "total".into() }
}

pub(crate) fn write_all(writer: &mut RunWriter, batches: &[EventBatch]) {
    let mut spare = EventBatch::default();
    for batch in batches {
        spare.clone_from(batch);
        writer.write(&mut spare).unwrap();
    }
}

/// Writes a whole run into a file and closes it.
pub(crate) fn persist(path: &Path, id: &str, scenario: &CheckedScenario, batches: &[EventBatch]) {
    let journal = Journal::create_or_open(path).unwrap();
    let mut writer = journal.begin(&record(Some(id), scenario)).unwrap();
    write_all(&mut writer, batches);
    writer.finish(seal()).unwrap();
}

/// Returns all batches of a run.
pub(crate) fn read_all(journal: &Journal, run: &StoredRun) -> Vec<EventBatch> {
    let mut reader = journal.read(run).unwrap();
    let mut batches = Vec::new();
    let mut batch = EventBatch::default();
    while reader.next(&mut batch).unwrap() {
        batches.push(batch.clone());
    }
    batches
}

/// Compares all that can be seen of batches; where texts stand in memory may differ.
pub(crate) fn assert_same(left: &[EventBatch], right: &[EventBatch]) {
    assert_eq!(left.len(), right.len());
    for (left, right) in left.iter().zip(right) {
        let stamp = |batch: &EventBatch| (batch.tick(), batch.day(), batch.first_seq());
        assert_eq!(stamp(left), stamp(right));
        let (mut rows, mut others) = (Vec::new(), Vec::new());
        left.encode(&mut rows);
        right.encode(&mut others);
        assert_eq!(rows, others, "tick {}", left.tick());
    }
}

/// Reads all that is in a file in every way there is.
pub(crate) fn read_everything(path: &Path) -> Result<usize, JournalError> {
    let journal = Journal::open(path)?;
    let mut events = 0;
    let mut batch = EventBatch::default();
    for run in journal.runs()? {
        journal.scenario(&run)?;
        journal.scenario_text(&run)?;
        journal.days(&run)?;
        journal.names(&run)?;
        let mut reader = journal.read(&run)?;
        while reader.next(&mut batch)? {
            events += batch.events().len();
        }
        let id = journal.names(&run)?.payment(PaymentNo(0)).into_owned();
        match journal.read_payment(&run, &id) {
            Err(JournalError::UnknownPayment { .. }) => {}
            outcome => {
                let mut reader = outcome?;
                while reader.next(&mut batch)? {}
            }
        }
    }
    Ok(events)
}
