//! What it costs to measure and to report a stored run.

use std::path::Path;

use psim_engine::Engine;
use psim_journal::{Journal, StoredRun};
use psim_model::CheckedScenario;
use psim_model::event::EventBatch;
use psim_runner::{KeepOptions, Keeper};
use psim_view::{Fold, MeasuresFold, SummaryFold};

use crate::cases::{T2_BANKS, T2_PAYMENTS};
use crate::journal_case::Folder;
use crate::table::Table;
use crate::{days, timing};

/// All measures of a kept day against reading it, and the page of it.
pub(crate) fn section(tries: u32) -> String {
    let mut table = Table::new(
        "Measuring a stored run",
        "T2 days. Reading takes the events out of the file and does nothing with them; measuring\n\
         folds all measures in the same pass, on a second thread. The page takes a second pass.",
        &["case", "figure", "at most", "", "detail"],
    );
    let tries = tries.min(5);
    let ample = days::ample(T2_PAYMENTS, T2_BANKS, 1);
    let mut scarce = ample.clone();
    days::fund(&mut scarce, "0.2".parse().expect("a share"));
    let days = [("ample liquidity", ample), ("scarce liquidity", scarce)];
    for (name, scenario) in days {
        let folder = Folder::new();
        let path = folder.fresh();
        keep(&path, &days::checked(scenario));
        let journal = Journal::open(&path).expect("a database");
        let run = journal.resolve(None).expect("its run");
        let (read, ()) = timing::shortest(tries, || read(&journal, &run));
        let measure = || {
            let mut fold = MeasuresFold::new();
            psim_runner::pass(&journal, &run, &mut fold, &|| false).expect("a stored run");
            fold.finish()
        };
        let (measured, _) = timing::shortest(tries, measure);
        let (paged, bytes) = timing::shortest(tries.min(2), || page(&journal, &run));
        let ms = |time: std::time::Duration| format!("{:.0} ms", time.as_secs_f64() * 1e3);
        let ratio = measured.as_secs_f64() / read.as_secs_f64();
        let detail = format!("{} events, {} and {}", run.events, ms(measured), ms(read));
        table.bounded(&format!("{name}, times reading it"), ratio, 1.5, &detail);
        let megabytes = bytes as f64 / 1e6;
        let detail = format!("written in {}, two passes", ms(paged));
        table.bounded(&format!("{name}, page in MB"), megabytes, 15.0, &detail);
    }
    table.finish()
}

/// Runs a day and keeps it.
fn keep(db: &Path, scenario: &CheckedScenario) {
    let options =
        KeepOptions { db, simulation_id: None, source: "bench", text: "", overrides: &[] };
    let mut keeper =
        Keeper::begin(options, scenario, scenario.calendar.horizon()).expect("a new file");
    let (mut engine, mut summary) = (Engine::new(scenario.clone()), SummaryFold::new());
    let mut batch = EventBatch::default();
    while !engine.is_finished() && engine.tick(&mut batch).is_ok() {
        summary.observe(&batch);
        keeper.write(&mut batch).expect("a written tick");
    }
    keeper.finish(&summary).expect("a closed run");
}

/// Reads all events and does nothing with them.
fn read(journal: &Journal, run: &StoredRun) {
    let mut reader = journal.read(run).expect("a stored run");
    let mut batch = EventBatch::default();
    while reader.next(&mut batch).expect("a stored tick") {
        std::hint::black_box(batch.events().len());
    }
}

/// Returns the size of the HTML page.
fn page(journal: &Journal, run: &StoredRun) -> usize {
    let stored = psim_runner::report(journal, run, &|| false).expect("a stored run");
    let picture = stored.picture(&|| false).expect("a stored run");
    stored.finish().to_html(&picture).len()
}
