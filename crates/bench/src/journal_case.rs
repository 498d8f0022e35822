//! What keeping a run costs.

use std::path::Path;
use std::time::Duration;

use psim_engine::Engine;
use psim_journal::{Journal, RunRecord, RunWriter, Seal};
use psim_model::CheckedScenario;
use psim_model::event::{Cell, EventBatch};
use rusqlite::{Connection, params_from_iter};

use crate::cases::{T2_BANKS, T2_PAYMENTS, count};
use crate::table::Table;
use crate::{days, timing};

/// The journal against bare inserts of the same rows, and a kept day against its parts.
pub(crate) fn section(tries: u32) -> String {
    let mut table = Table::new(
        "Keeping a run",
        "A T2 day with ample liquidity. The bare loop inserts the same numbers into a table of\n\
         the same width through one prepared statement, in transactions of 262,144 rows.",
        &["case", "figure", "at most", "", "detail"],
    );
    let scenario = days::checked(days::ample(T2_PAYMENTS, T2_BANKS, 1));
    let batches = batches(&scenario);
    let events: usize = batches.iter().map(|batch| batch.events().len()).sum();
    let folder = Folder::new();
    let tries = tries.min(5);

    let rows = rows(&batches);
    let (bare, ()) = timing::shortest(tries, || insert_bare(&folder.fresh(), &rows));
    let ready = || batches.clone();
    let write = |batches| write(&folder.fresh(), &scenario, batches);
    let (write, bytes) = timing::shortest_after(tries, ready, write);
    let (run, _) = timing::shortest(tries, || count(&scenario));
    let (kept, ()) = timing::shortest(tries, || keep(&folder.fresh(), &scenario));

    let ratio = |this: Duration, base: Duration| this.as_secs_f64() / base.as_secs_f64();
    let ms = |time: Duration| format!("{:.0} ms", time.as_secs_f64() * 1e3);
    let detail = format!("{events} events, {} and {}", ms(write), ms(bare));
    table.bounded("journal, times the bare loop", ratio(write, bare), 1.0 / 0.7, &detail);
    let longer = run.max(write);
    let detail = format!("{} against {} to run and {} to write", ms(kept), ms(run), ms(write));
    table.bounded("kept day, times the longer of its parts", ratio(kept, longer), 1.2, &detail);
    table.bounded(
        "bytes an event",
        bytes as f64 / events as f64,
        60.0,
        "scenario and names included",
    );
    table.finish()
}

/// Runs a scenario and keeps its events.
pub(crate) fn batches(scenario: &CheckedScenario) -> Vec<EventBatch> {
    let mut engine = Engine::new(scenario.clone());
    let mut batches = Vec::new();
    let mut batch = EventBatch::default();
    while !engine.is_finished() && engine.tick(&mut batch).is_ok() {
        batches.push(batch.clone());
    }
    batches
}

/// The numbers of each event: seq, tick, kind and cells, as wide as the widest.
fn rows(batches: &[EventBatch]) -> Vec<Vec<Option<i64>>> {
    let mut rows = Vec::new();
    for batch in batches {
        for (index, event) in batch.events().iter().enumerate() {
            let seq = i64::try_from(batch.first_seq() + index as u64).unwrap_or(i64::MAX);
            let kind = i64::from(event.kind().code());
            let mut row = vec![Some(seq), Some(i64::from(batch.tick().0)), Some(kind)];
            event.store(batch.columns(), |_, cell| {
                row.push(if let Cell::Int(number) = cell { Some(number) } else { None });
            });
            row.resize(WIDTH, None);
            rows.push(row);
        }
    }
    rows
}

/// Columns of the bare table: as many as the journal's.
const WIDTH: usize = 13;

fn insert_bare(path: &Path, rows: &[Vec<Option<i64>>]) {
    let insert = || -> rusqlite::Result<()> {
        let connection = Connection::open(path)?;
        connection.execute_batch("PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;")?;
        let columns: Vec<String> = (1..WIDTH).map(|column| format!("c{column}")).collect();
        let columns = columns.join(", ");
        connection
            .execute_batch(&format!("CREATE TABLE bare (id INTEGER PRIMARY KEY, {columns})"))?;
        let marks = vec!["?"; WIDTH].join(", ");
        let mut statement = connection.prepare(&format!("INSERT INTO bare VALUES ({marks})"))?;
        for part in rows.chunks(1 << 18) {
            connection.execute_batch("BEGIN")?;
            for row in part {
                statement.execute(params_from_iter(row))?;
            }
            connection.execute_batch("COMMIT")?;
        }
        Ok(())
    };
    insert().expect("the benchmark's folder can be written");
}

fn begin(path: &Path, scenario: &CheckedScenario) -> RunWriter {
    let journal = Journal::create_or_open(path).expect("a new file");
    let record = RunRecord {
        simulation_id: None,
        source: "bench",
        scenario_text: "",
        scenario,
        overrides: &[],
        version: psim_engine::VERSION,
        ticks_asked: scenario.calendar.horizon(),
    };
    journal.begin(&record).expect("a new run")
}

fn seal() -> Seal {
    Seal { day_hashes: vec![String::new()], stream_hash: String::new() }
}

/// Writes ready batches and returns the size of the file.
fn write(path: &Path, scenario: &CheckedScenario, batches: Vec<EventBatch>) -> u64 {
    let mut writer = begin(path, scenario);
    for mut batch in batches {
        writer.write(&mut batch).expect("a written tick");
    }
    drop(writer.finish(seal()).expect("a closed run"));
    std::fs::metadata(path).map_or(0, |file| file.len())
}

/// Runs the day and keeps it as it goes.
fn keep(path: &Path, scenario: &CheckedScenario) {
    let mut writer = begin(path, scenario);
    let mut engine = Engine::new(scenario.clone());
    let mut batch = EventBatch::default();
    while !engine.is_finished() && engine.tick(&mut batch).is_ok() {
        writer.write(&mut batch).expect("a written tick");
    }
    drop(writer.finish(seal()).expect("a closed run"));
}

/// A folder for databases that are written once each.
pub(crate) struct Folder {
    folder: tempfile::TempDir,
    used: std::cell::Cell<u32>,
}

impl Folder {
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        Self { folder, used: std::cell::Cell::new(0) }
    }

    pub(crate) fn fresh(&self) -> std::path::PathBuf {
        self.used.set(self.used.get() + 1);
        self.folder.path().join(format!("{}.db", self.used.get()))
    }
}
