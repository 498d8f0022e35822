//! Settings near to a real system, by one word.

use psim_model::{Algorithm, PairOrder, Pairs, ScheduledAlgorithm};

use crate::check::Checker;
use crate::typed::{Fields, Given, Item, Typed};

/// A system and how near these rules come to it.
pub(super) struct Preset {
    pub(super) name: &'static str,
    /// Keys of the top level that it sets, and what to.
    settings: &'static [(&'static str, Setting)],
    /// What runs, given the length of a tick in seconds.
    pub(super) algorithms: fn(u32) -> Vec<ScheduledAlgorithm>,
    /// What the system has and these rules have not.
    leaves_out: &'static str,
}

#[derive(Clone, Copy)]
enum Setting {
    Is(bool),
    Word(&'static str),
}

use Setting::{Is, Word};

/// The systems, each with where its rules are described.
static PRESETS: [Preset; 5] = [
    // No saving at all: the yardstick of the literature.
    Preset {
        name: "plain",
        settings: &[
            ("queue_discipline", Word("fifo")),
            ("priority_mode", Is(false)),
            ("priority_blocking", Is(false)),
            ("entry_disposition_offsetting", Is(false)),
            ("algorithm_sequencing", Is(false)),
        ],
        algorithms: |_| Vec::new(),
        leaves_out: "all offsetting and priorities: each sender's payments settle one by one, in \
                     order",
    },
    // TARGET2 Guideline ECB/2012/27, Annex II, Appendix I, and UDFS book 1: optimisation algorithms
    // 1 to 3, entry disposition with offsetting, limits against normal payments.
    Preset {
        name: "t2",
        settings: &[
            ("queue_discipline", Word("bypass")),
            ("priority_mode", Is(true)),
            ("priority_blocking", Is(true)),
            ("entry_disposition_offsetting", Is(true)),
            ("algorithm_sequencing", Is(true)),
            ("limits_basis", Word("net")),
            ("limits_apply_to", Word("normal")),
        ],
        algorithms: |_| {
            let pairs = Pairs { order: PairOrder::SmallestDifference, ..Pairs::default() };
            vec![
                each_tick(Algorithm::AllOrNothing),
                each_tick(Algorithm::Partial),
                each_tick(Algorithm::Bilateral(pairs)),
            ]
        },
        leaves_out: "the algorithms of ancillary systems, bypassing in the normal queue only, the \
                     check of the front of the queue before the rest of it on entry, and the \
                     shortest time between runs",
    },
    // RBA RDP 2012-05, section on the Australian system and appendix A.
    Preset {
        name: "rits",
        settings: &[
            ("queue_discipline", Word("bypass")),
            ("priority_blocking", Is(false)),
            ("entry_disposition_offsetting", Is(false)),
            ("algorithm_sequencing", Is(false)),
        ],
        algorithms: |tick_seconds| {
            vec![each_tick(Algorithm::Bilateral(Pairs {
                max_opposing: Some(10),
                min_queue_ticks: ticks(60, tick_seconds),
                ..Pairs::default()
            }))]
        },
        leaves_out: "the offsetting of one payment at a time (here each side brings in up to ten) \
                     and deferred payments; sub-limits are `reservations` with declared classes",
    },
    // Bank of England, Quarterly Bulletin 2014 Q2, on the liquidity-saving mechanism of CHAPS:
    // matching cycles every two minutes.
    Preset {
        name: "chaps",
        settings: &[
            ("queue_discipline", Word("bypass")),
            ("priority_mode", Is(true)),
            ("priority_blocking", Is(false)),
            ("entry_disposition_offsetting", Is(false)),
            ("algorithm_sequencing", Is(false)),
        ],
        algorithms: |tick_seconds| {
            let every = ticks(120, tick_seconds);
            vec![
                ScheduledAlgorithm { every, ..each_tick(Algorithm::Bilateral(Pairs::default())) },
                ScheduledAlgorithm { every, ..each_tick(Algorithm::GridlockResolution) },
            ]
        },
        leaves_out: "the pause of single settlement during a matching cycle, the promotion of \
                     payments that are left at 17:30, and the throughput rules",
    },
    // Bank of Canada SDP 2020-9 and SDP 2022-3 on Lynx: one mechanism that bypasses and offsets all
    // the time, and a multilateral run every quarter of an hour.
    Preset {
        name: "lynx",
        settings: &[
            ("queue_discipline", Word("bypass")),
            ("priority_mode", Is(true)),
            ("priority_blocking", Is(false)),
            ("entry_disposition_offsetting", Is(true)),
            ("algorithm_sequencing", Is(false)),
        ],
        algorithms: |tick_seconds| {
            let every = ticks(900, tick_seconds);
            vec![
                each_tick(Algorithm::Bilateral(Pairs::default())),
                ScheduledAlgorithm { every, ..each_tick(Algorithm::GridlockResolution) },
            ]
        },
        leaves_out: "the conditional release before the queues, and separate liquidity for urgent \
                     payments; `reservations` with declared classes stand in for it",
    },
];

const fn each_tick(algorithm: Algorithm) -> ScheduledAlgorithm {
    ScheduledAlgorithm { algorithm, every: 1, enabled: true }
}

/// Returns how many ticks last as long, at least one.
const fn ticks(seconds: u32, tick_seconds: u32) -> u32 {
    let ticks = seconds.div_ceil(tick_seconds);
    if ticks == 0 { 1 } else { ticks }
}

/// Finds the preset that a scenario names.
pub(super) fn of(root: &Fields) -> Option<&'static Preset> {
    let name: &str = root.fields("lsm_config")?.read_given("preset")?;
    PRESETS.iter().find(|preset| preset.name == name)
}

/// Gives a scenario what its preset sets, says what that leaves out, and refuses what contradicts
/// it.
pub(super) fn apply(checker: &mut Checker<'_>, root: &mut Fields) {
    const ALSO_SET: [&str; 6] = [
        "enable_bilateral",
        "enable_cycles",
        "max_cycle_length",
        "max_cycles_per_tick",
        "algorithms",
        "run_every_ticks",
    ];
    let (Some(preset), Some(lsm)) = (of(root), root.fields("lsm_config")) else { return };
    let span = lsm.span_of("preset");
    let name = preset.name;
    for key in ALSO_SET {
        if let Some(given) = lsm.given(key) {
            let message = format!("`{key}` contradicts `preset: {name}`, which says what runs");
            checker.fault_between(given.key_span, message, span, "given here");
        }
    }
    for (key, setting) in preset.settings {
        let typed = match setting {
            Is(value) => Typed::Bool(*value),
            Word(word) => Typed::Choice(word),
        };
        let Some(given) = root.given(key) else {
            let item = Some(Item { typed, span });
            root.given.push(Given { name: key, key_span: span, item });
            continue;
        };
        let differs = match (given.item.as_ref().map(|item| &item.typed), setting) {
            (Some(Typed::Bool(given)), Is(value)) => given != value,
            (Some(Typed::Choice(given)), Word(word)) => given != word,
            _ => false, // faulty, which has been reported
        };
        if differs {
            let value = match setting {
                Is(value) => value.to_string(),
                Word(word) => (*word).to_owned(),
            };
            let message =
                format!("`{key}` contradicts `preset: {name}`, which sets it to `{value}`");
            checker.fault_between(root.span_of(key), message, span, "given here");
        }
    }
    let message = format!("`preset: {name}` leaves out {}", preset.leaves_out);
    checker.warn(span, message, None);
}
