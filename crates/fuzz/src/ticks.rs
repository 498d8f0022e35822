//! A small world for a million ticks: memory must not grow with them.

use std::fs;
use std::process::ExitCode;

use psim_engine::Engine;
use psim_model::event::EventBatch;
use psim_model::{Calendar, CheckedScenario, Money, Tick};
use psim_testkit::sketch;
use psim_view::{Fold as _, StreamHash, SummaryFold};

use crate::say;

/// By how much resident memory may grow from the first tenth to the end of a run without payments,
/// however many ticks it has.
const BYTES_AT_MOST: u64 = 1 << 20;
/// By how much for each day more where the run is folded into a summary, which has figures of days.
const BYTES_A_DAY_AT_MOST: u64 = 8 * 1024;
/// By how much for each payment more, in a run with them.
const BYTES_A_PAYMENT_AT_MOST: u64 = 400;
/// Length of a day.
const TICKS_A_DAY: u32 = 1_000;

/// Runs a world of four banks: the engine alone and with a summary, with a few payments at the
/// start and with one every tick.
pub(crate) fn run(ticks: u32) -> ExitCode {
    let days = u64::from(ticks.div_ceil(TICKS_A_DAY));
    let mut is_flat = true;
    for (name, folded, busy, most) in [
        ("engine alone, few payments", false, false, BYTES_AT_MOST),
        ("with a summary, few payments", true, false, BYTES_AT_MOST + BYTES_A_DAY_AT_MOST * days),
        ("engine alone, a payment each", false, true, BYTES_A_PAYMENT_AT_MOST * u64::from(ticks)),
        ("with a summary, a payment each", true, true, BYTES_A_PAYMENT_AT_MOST * u64::from(ticks)),
    ] {
        let (growth, hash) = growth(ticks, folded, busy);
        is_flat &= growth.is_none_or(|bytes| bytes <= most);
        say(&format!("{ticks} ticks, {name}: {}; stream hash {hash}", shown(growth)));
    }
    if is_flat { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn shown(growth: Option<u64>) -> String {
    let kibibytes = growth.map(|bytes| format!("resident memory grew by {} KiB", bytes / 1024));
    kibibytes.unwrap_or_else(|| "the kernel does not tell the memory".to_owned())
}

/// Returns by how many bytes resident memory grew after the first tenth of a run, and its hash.
fn growth(ticks: u32, folded: bool, busy: bool) -> (Option<u64>, String) {
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
        if folded {
            summary.observe(&batch);
        }
    }
    let end = resident();
    (begin.zip(end).map(|(begin, end)| end.saturating_sub(begin)), hash.total())
}

/// Four banks that pay around; the amounts return, so that all can settle.
fn scenario(ticks: u32, busy: bool) -> CheckedScenario {
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
