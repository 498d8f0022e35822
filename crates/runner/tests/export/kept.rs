//! Runs in a database.

use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use psim_journal::Journal;
use psim_model::CheckedScenario;
use psim_model::event::EventBatch;
use psim_runner::{
    ExportError, ExportOptions, ExportedFile, KeepOptions, Keeper, RunOptions, export,
};
use psim_testkit::sketch;
use psim_view::{Fold as _, SummaryFold};
use tempfile::TempDir;

/// Runs a scenario, keeps it and returns its events.
pub(crate) fn keep(scenario: CheckedScenario, db: &Path, id: &str) -> Vec<EventBatch> {
    let options =
        KeepOptions { db, simulation_id: Some(id), source: "a test", text: "", overrides: &[] };
    let mut keeper = Keeper::begin(options, &scenario, scenario.calendar.horizon()).unwrap();
    let mut summary = SummaryFold::new();
    let mut log = Vec::new();
    // Amounts near the largest may end a run early.
    let _ = psim_runner::run(scenario, RunOptions::default(), |batch| {
        summary.observe(batch);
        log.push(batch.clone());
        keeper.write(batch).unwrap();
        ControlFlow::Continue(())
    });
    keeper.finish(&summary).unwrap();
    log
}

/// A folder with a database that holds the runs `one` and `two`.
pub(crate) fn two_runs() -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let db = folder.path().join("runs.db");
    let mut scenario = sketch::scenario(3, 1, &[("A", 10), ("B", 0)]);
    scenario.payments.rows = vec![sketch::payment(0, 0, 1, 10), sketch::payment(1, 1, 0, 50)];
    let scenario = scenario.check().unwrap();
    keep(scenario.clone(), &db, "one");
    keep(scenario, &db, "two");
    (folder, db)
}

/// Exports a run without being stopped.
pub(crate) fn exported(
    db: &Path,
    id: &str,
    options: ExportOptions<'_>,
) -> Result<Vec<ExportedFile>, ExportError> {
    let journal = Journal::open(db)?;
    let run = journal.resolve(Some(id))?;
    export(&journal, &run, options, &|| false)
}
