//! A small world for a million ticks: memory must not grow with them.

use std::fs;
use std::process::ExitCode;

use psim_engine::Engine;
use psim_model::event::EventBatch;
use psim_model::{Calendar, CheckedScenario, Money, Tick};
use psim_testkit::sketch;
use psim_view::{Fold as _, StreamHash, SummaryFold};

use crate::say;

/// By how much resident memory may grow from the first tenth to the end of a run without payments.
const BYTES_AT_MOST: u64 = 1 << 20;
/// By how much for each payment, in a run with them.
const BYTES_A_PAYMENT_AT_MOST: u64 = 400;

/// Runs a world of four banks, once with a few payments at the start and once with one every tick.
pub(crate) fn run(ticks: u32) -> ExitCode {
    let (quiet, quiet_hash) = growth(ticks, false);
    say(&format!("{ticks} ticks, few payments: {}; stream hash {quiet_hash}", shown(quiet)));
    let (busy, busy_hash) = growth(ticks, true);
    let each = busy.map(|bytes| bytes / u64::from(ticks.max(1)));
    say(&format!(
        "{ticks} ticks, a payment each: {}, {} bytes a payment; stream hash {busy_hash}",
        shown(busy),
        each.map_or_else(|| "unknown".to_owned(), |each| each.to_string())
    ));
    let is_flat = quiet.is_none_or(|bytes| bytes <= BYTES_AT_MOST)
        && each.is_none_or(|bytes| bytes <= BYTES_A_PAYMENT_AT_MOST);
    if is_flat { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn shown(growth: Option<u64>) -> String {
    let kibibytes = growth.map(|bytes| format!("resident memory grew by {} KiB", bytes / 1024));
    kibibytes.unwrap_or_else(|| "the kernel does not tell the memory".to_owned())
}

/// Returns by how many bytes resident memory grew after the first tenth of a run, and its hash.
fn growth(ticks: u32, busy: bool) -> (Option<u64>, String) {
    let mut engine = Engine::new(scenario(ticks, busy));
    let (mut batch, mut hash) = (EventBatch::default(), StreamHash::new());
    let mut summary = SummaryFold::new();
    let mut begin = None;
    for tick in 0..ticks {
        if tick == ticks / 10 {
            begin = resident();
        }
        engine.tick(&mut batch).expect("Invariant: so little money fits");
        hash.observe(&batch);
        summary.observe(&batch);
    }
    let end = resident();
    (begin.zip(end).map(|(begin, end)| end.saturating_sub(begin)), hash.total())
}

/// Four banks that pay around; the amounts return, so that all can settle.
fn scenario(ticks: u32, busy: bool) -> CheckedScenario {
    const TICKS_A_DAY: u32 = 1_000;
    let agents = [("A", 100), ("B", 100), ("C", 100), ("D", 100)];
    let mut scenario = sketch::scenario(1, 1, &agents);
    scenario.calendar = Calendar::try_new(TICKS_A_DAY, ticks.div_ceil(TICKS_A_DAY).max(1), None)
        .expect("Condition failed: so many ticks can be numbered");
    scenario.rules.cutoff_tick_in_day = TICKS_A_DAY - 1;
    let payments = if busy { ticks } else { ticks.min(100) };
    scenario.payments.rows = (0..payments)
        .map(|tick| {
            let mut row = sketch::payment(tick, tick % 4, (tick + 1) % 4, 7);
            row.deadline = Tick(tick + 5).min(scenario.calendar.last_tick());
            row.amount = Money::from_minor(1 + i64::from(tick / 4 % 90));
            row
        })
        .collect();
    scenario.check().expect("Invariant: it is sound")
}

/// Returns the resident memory of this process in bytes, where the kernel tells it.
fn resident() -> Option<u64> {
    let text = fs::read_to_string("/proc/self/status").ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kibibytes: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kibibytes * 1024)
}
