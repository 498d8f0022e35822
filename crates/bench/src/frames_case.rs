//! What it costs to make a table of a run.

use std::time::Duration;

use psim_frames::AgentsByTick;
use psim_model::event::{EventBatch, Names};
use psim_view::{Fold, Projection};

use crate::cases::{T2_BANKS, T2_PAYMENTS};
use crate::table::Table;
use crate::{days, journal_case, timing};

/// The tables of a T2 day, by what an event or a row costs.
pub(crate) fn section(tries: u32) -> String {
    let mut table = Table::new(
        "Frames",
        "A T2 day with ample liquidity as Arrow tables, made of its events in memory.",
        &["case", "ns", "at most", "", "detail"],
    );
    let batches = journal_case::batches(&days::checked(days::ample(T2_PAYMENTS, T2_BANKS, 1)));
    let events: usize = batches.iter().map(|batch| batch.events().len()).sum();
    let mut names = Names::default();
    let mut projection = Projection::new();
    for batch in &batches {
        names.observe(batch);
        projection.observe(batch);
    }
    let nanoseconds = |time: Duration, of: usize| time.as_secs_f64() * 1e9 / of as f64;
    let detail = |time: Duration, of: usize, what: &str| {
        format!("{of} {what}, {:.0} ms", time.as_secs_f64() * 1e3)
    };

    let (time, frame) = timing::shortest(tries, || psim_frames::events(&batches, &names));
    let shape = format!("events in {} columns", frame.schema().fields().len());
    table.bounded("events, each", nanoseconds(time, events), 250.0, &detail(time, events, &shape));
    drop(frame);

    let (time, frame) = timing::shortest(tries, || psim_frames::transactions(&projection));
    let rows = frame.num_rows();
    let of = detail(time, rows, "payments");
    let each = format!("{:.2}", nanoseconds(time, rows));
    table.row(&["transactions, each", &each, "", "", &of]);

    let (time, frame) = timing::shortest(tries, || by_tick(&batches));
    let rows = frame.num_rows();
    let of = detail(time, rows, "rows, the state followed anew");
    let each = format!("{:.2}", nanoseconds(time, rows));
    table.row(&["agents by tick, each row", &each, "", "", &of]);
    table.finish()
}

fn by_tick(batches: &[EventBatch]) -> psim_frames::Frame {
    let mut fold = AgentsByTick::new();
    for batch in batches {
        fold.observe(batch);
    }
    fold.finish()
}
