//! Which algorithms save liquidity, and when.

use psim_model::{Algorithm, LiquiditySaving, PairOrder, Pairs, ScheduledAlgorithm};

use super::presets;
use super::time::{DEFAULT_TICK_SECONDS, Time};
use crate::check::Checker;
use crate::typed::{Fields, Item, Typed};

/// Reads `lsm_config`; without it, nothing saves liquidity.
pub(super) fn read(
    checker: &mut Checker<'_>,
    root: &Fields,
    time: Option<&Time>,
) -> Option<LiquiditySaving> {
    if root.given("lsm_config").is_none() {
        warn_of_sequencing(checker, root);
        return Some(LiquiditySaving::NONE);
    }
    let lsm = root.fields("lsm_config")?;
    let algorithms = match presets::of(root) {
        Some(preset) => {
            let tick_seconds = time.and_then(|time| time.tick_seconds);
            Some((preset.algorithms)(tick_seconds.unwrap_or(DEFAULT_TICK_SECONDS)))
        }
        None if lsm.given("algorithms").is_some() => read_list(checker, lsm),
        None => enabled(lsm),
    };
    Some(LiquiditySaving {
        algorithms: algorithms?,
        run_every_ticks: lsm.read("run_every_ticks")?,
        sequencing: root.read("algorithm_sequencing")?,
        max_steps: lsm.optional("max_steps")?,
        max_rounds: lsm.read("max_rounds")?,
        reports_blocks: true,
    })
}

fn warn_of_sequencing(checker: &mut Checker<'_>, root: &Fields) {
    const NAME: &str = "algorithm_sequencing";
    if root.read_given(NAME) == Some(true) {
        let message = "`algorithm_sequencing` has no effect without `lsm_config`";
        checker.warn(root.span_of(NAME), message, None);
    }
}

/// Returns the two algorithms that are switched on and off by a key each.
fn enabled(lsm: &Fields) -> Option<Vec<ScheduledAlgorithm>> {
    let cycles = Algorithm::Cycles {
        max_cycle_length: lsm.read("max_cycle_length")?,
        max_cycles_per_tick: lsm.read("max_cycles_per_tick")?,
    };
    let bilateral = Algorithm::Bilateral(Pairs::default());
    Some(vec![
        ScheduledAlgorithm {
            algorithm: bilateral,
            every: 1,
            enabled: lsm.read("enable_bilateral")?,
        },
        ScheduledAlgorithm { algorithm: cycles, every: 1, enabled: lsm.read("enable_cycles")? },
    ])
}

/// Reads the list of algorithms, each of which stands there once.
fn read_list(checker: &mut Checker<'_>, lsm: &Fields) -> Option<Vec<ScheduledAlgorithm>> {
    let given = lsm.given("algorithms")?;
    let mut complete = true;
    for key in ["enable_bilateral", "enable_cycles"] {
        if let Some(other) = lsm.given(key) {
            let message = format!("`{key}` and `algorithms` both say which algorithms run");
            checker.fault_between(other.key_span, message, given.key_span, "given here");
            complete = false;
        }
    }
    let Typed::List(items) = &given.item.as_ref()?.typed else { return None };
    let mut listed: Vec<(ScheduledAlgorithm, &Item)> = Vec::new();
    for item in items {
        let Some((item, scheduled)) =
            item.as_ref().and_then(|item| Some((item, scheduled(lsm, item)?)))
        else {
            complete = false;
            continue;
        };
        let name = scheduled.algorithm.name();
        if let Some((_, first)) = listed.iter().find(|(it, _)| it.algorithm.name() == name) {
            let message = "an algorithm stands in the list once";
            checker.fault_between(item.span, message, first.span, "stands here already");
            complete = false;
        }
        listed.push((scheduled, item));
    }
    complete.then(|| listed.into_iter().map(|(scheduled, _)| scheduled).collect())
}

fn scheduled(lsm: &Fields, item: &Item) -> Option<ScheduledAlgorithm> {
    let (name, options) = match &item.typed {
        Typed::Choice(name) => (*name, None),
        Typed::Variant(name, options) => (*name, Some(options)),
        _ => return None,
    };
    let algorithm = match name {
        "retry" => Algorithm::Retry,
        "bilateral" => Algorithm::Bilateral(pairs(options)?),
        "cycles" => {
            let read = |key| match options.map(|options| options.optional(key)) {
                Some(option) => option?.or_else(|| lsm.read(key)),
                None => lsm.read(key),
            };
            Algorithm::Cycles {
                max_cycle_length: read("max_cycle_length")?,
                max_cycles_per_tick: read("max_cycles_per_tick")?,
            }
        }
        "gridlock_resolution" => Algorithm::GridlockResolution,
        "partial" => Algorithm::Partial,
        "all_or_nothing" => Algorithm::AllOrNothing,
        _ => return None,
    };
    let every = options.map_or(Some(1), |options| options.read("every"))?;
    Some(ScheduledAlgorithm { algorithm, every, enabled: true })
}

fn pairs(options: Option<&Fields>) -> Option<Pairs> {
    let Some(options) = options else { return Some(Pairs::default()) };
    let orders = [
        ("largest_offset", PairOrder::LargestOffset),
        ("smallest_difference", PairOrder::SmallestDifference),
    ];
    Some(Pairs {
        order: options.word("order", &orders)?,
        max_opposing: options.optional("max_opposing")?,
        min_queue_ticks: options.read("min_queue_ticks")?,
    })
}
