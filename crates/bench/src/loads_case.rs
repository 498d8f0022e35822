//! The largest days: how long they take, and how much memory with all that is read and checked.

use psim_model::QueueDiscipline;

use crate::cases::{T2_PAYMENTS, count, milliseconds, starve};
use crate::table::Table;
use crate::{days, memory, timing};

/// Payments and banks of a day of Switzerland's SIC.
const SIC: (u32, u32) = (3_800_000, 300);
/// Payments of a T2 day among as many banks as a whole continent has.
const MANY_BANKS: (u32, u32) = (T2_PAYMENTS, 10_000);

/// Time and memory of each, in one try.
pub(crate) fn section() -> String {
    let mut table = Table::new(
        "Loads",
        "The largest days, run once: time of the run, and peak resident memory from before the\n\
         day was made, so that the payments and their making are in it.",
        &["payments", "banks", "liquidity", "run", "peak memory", "events"],
    );
    for (payments, banks) in [SIC, MANY_BANKS] {
        for is_scarce in [false, true] {
            let mut figures = None;
            let peak = memory::growth(|| figures = Some(run(payments, banks, is_scarce)));
            let (time, events) = figures.unwrap_or_default();
            let liquidity = if is_scarce { "scarce, `fifo`" } else { "ample" };
            let mebibytes = |bytes: u64| format!("{} MiB", bytes >> 20);
            table.row(&[
                &payments.to_string(),
                &banks.to_string(),
                liquidity,
                &time,
                &peak.map_or_else(|| "needs /proc".to_owned(), mebibytes),
                &events,
            ]);
        }
    }
    table.finish()
}

/// Makes a day and runs it; returns the time of the run and the number of its events.
fn run(payments: u32, banks: u32, is_scarce: bool) -> (String, String) {
    let mut scenario = days::ample(payments, banks, 1);
    if is_scarce {
        scenario.rules.queue_discipline = QueueDiscipline::Fifo;
        starve(&mut scenario);
    }
    let checked = days::checked(scenario);
    let (time, counts) = timing::shortest(1, || count(&checked));
    (milliseconds(time), counts.events.to_string())
}
