//! What only a look inside can bring about: short patience, a full disk, an older program's file.

use std::path::Path;
use std::time::Duration;

use psim_model::CheckedScenario;
use psim_model::event::EventBatch;
use psim_testkit::{reference, sketch};
use rusqlite::Connection;
use tempfile::tempdir;

use crate::{Journal, JournalError, RunRecord, Seal, layout, schema, trace, view};

fn scenario(payments: u32) -> CheckedScenario {
    let mut scenario = sketch::scenario(20, 1, &[("A", 100), ("B", 0)]);
    for no in 0..payments {
        scenario.payments.rows.push(sketch::payment(no * 19 / payments, 0, 1, 1));
    }
    scenario.check().unwrap()
}

fn record(scenario: &CheckedScenario) -> RunRecord<'_> {
    RunRecord {
        simulation_id: None,
        source: "",
        scenario_text: "",
        scenario,
        overrides: &[],
        version: "0",
        ticks_asked: scenario.calendar.horizon(),
    }
}

fn write(journal: Journal, scenario: &CheckedScenario) -> Result<Journal, JournalError> {
    let mut writer = journal.begin(&record(scenario))?;
    for mut batch in reference::run(scenario, "0") {
        writer.write(&mut batch)?;
    }
    writer.finish(Seal { day_hashes: Vec::new(), stream_hash: String::new() })
}

fn count_events(journal: &Journal) -> usize {
    let run = journal.resolve(None).unwrap();
    let mut reader = journal.read(&run).unwrap();
    let mut batch = EventBatch::default();
    let mut events = 0;
    while reader.next(&mut batch).unwrap() {
        events += batch.events().len();
    }
    events
}

fn other_connection(path: &Path, sql: &str) -> Connection {
    let connection = Connection::open(path).unwrap();
    connection.execute_batch(sql).unwrap();
    connection
}

#[test]
fn a_file_that_someone_else_keeps_locked_is_an_error_after_some_patience() {
    let folder = tempdir().unwrap();
    let path = folder.path().join("runs.db");
    let mut journal = Journal::create_or_open(&path).unwrap();
    journal.wait_for_others(Duration::from_millis(20)).unwrap();
    let other = other_connection(&path, "BEGIN IMMEDIATE");
    let error = journal.begin(&record(&scenario(1))).unwrap_err();
    assert!(matches!(&error, JournalError::Locked { .. }), "{error}");
    assert!(error.to_string().contains("runs.db"), "{error}");
    drop(other);
    let journal = Journal::create_or_open(&path).unwrap();
    write(journal, &scenario(1)).unwrap();
}

#[test]
fn a_full_disk_is_an_error_and_keeps_what_was_committed() {
    let folder = tempdir().unwrap();
    let path = folder.path().join("runs.db");
    let journal = Journal::create_or_open(&path).unwrap();
    let journal = write(journal, &scenario(3)).unwrap();
    let events = count_events(&journal);
    let pages: u32 =
        journal.connection.pragma_query_value(None, "page_count", |row| row.get(0)).unwrap();
    // To set a limit answers with it.
    let limit = format!("PRAGMA max_page_count = {}", pages + 2);
    journal.connection.query_row(&limit, [], |_| Ok(())).unwrap();
    let large = scenario(20_000);
    let error = write(journal, &large).unwrap_err();
    assert!(matches!(&error, JournalError::Full { .. }), "{error}");

    let mut journal = Journal::open_to_change(&path).unwrap();
    let runs = journal.runs().unwrap();
    assert_eq!(runs.len(), 2);
    assert!(runs[0].is_complete && !runs[1].is_complete);
    journal.delete(&runs[1].simulation_id).unwrap();
    assert_eq!(count_events(&journal), events);
}

#[test]
fn a_file_from_before_an_event_grew_is_read_and_brought_up_to_date_when_written() {
    let folder = tempdir().unwrap();
    let path = folder.path().join("runs.db");
    drop(Journal::create_or_open(&path).unwrap());
    let last = layout::column_name(layout::column_count() - 1);
    let older = format!(
        "DROP VIEW {view}; ALTER TABLE events DROP COLUMN {last}; CREATE VIEW {view} AS SELECT 1;",
        view = view::NAME
    );
    let older = other_connection(&path, &older);
    assert!(!schema::is_current(&older).unwrap());
    drop(older);

    let journal = Journal::open(&path).unwrap();
    assert_eq!(journal.runs().unwrap(), []);
    let journal = Journal::create_or_open(&path).unwrap();
    assert!(schema::is_current(&journal.connection).unwrap());
    let journal = write(journal, &scenario(5)).unwrap();
    let events = count_events(&journal);
    let sql = format!("SELECT count(details) FROM {}", view::NAME);
    let shown: usize =
        journal.connection.query_row(&sql, [], |row| row.get::<_, u32>(0)).unwrap() as usize;
    assert_eq!(shown, events);
}

#[test]
fn a_trace_reads_no_more_than_its_share_once_there_is_an_index() {
    let folder = tempdir().unwrap();
    let mut journal = Journal::create_or_open(folder.path().join("runs.db")).unwrap();
    let plan = |journal: &Journal| {
        let sql = format!("EXPLAIN QUERY PLAN {}", trace::search_sql());
        let mut statement = journal.connection.prepare(&sql).unwrap();
        let steps = statement.query_map((0, 1, 2), |row| row.get::<_, String>(3)).unwrap();
        steps.map(|step| step.unwrap() + "\n").collect::<String>()
    };
    let reads_all = |plan: &str| plan.contains("SCAN events") || plan.contains("KEY (rowid>?");
    assert!(reads_all(&plan(&journal)), "{}", plan(&journal));
    journal.ensure_trace_index().unwrap();
    let plan = plan(&journal);
    assert!(!reads_all(&plan), "{plan}");
    for index in ["events_tx", "event_payments_tx", "events_beside"] {
        assert!(plan.contains(index), "{plan}");
    }
}

#[test]
fn the_index_is_not_waited_for_while_someone_else_writes() {
    let folder = tempdir().unwrap();
    let path = folder.path().join("runs.db");
    let mut journal = Journal::create_or_open(&path).unwrap();
    let other = other_connection(&path, "BEGIN IMMEDIATE");
    let error = journal.ensure_trace_index().unwrap_err();
    assert!(matches!(&error, JournalError::Locked { .. }), "{error}");
    drop(other);
    journal.ensure_trace_index().unwrap();
}

#[test]
fn the_largest_event_decides_the_number_of_columns() {
    // RunStarted has nine fields, none of which stands in a shared column.
    assert_eq!(layout::column_count(), 4 + 9);
}
