//! Algorithms, presets, and what contradicts them.

use psim_model::{
    Algorithm, LiquiditySaving, PairOrder, Pairs, QueueDiscipline, ScheduledAlgorithm,
};

use super::{messages, sound};

const BASE: &str = "\
simulation: {ticks_per_day: 60, num_days: 1}
agents: [{id: A, opening_balance: 1}, {id: B, opening_balance: 1}]
";

fn saving(keys: &str) -> LiquiditySaving {
    sound(&format!("{BASE}{keys}\n")).liquidity_saving.clone()
}

fn faults(keys: &str) -> Vec<String> {
    messages(&format!("{BASE}{keys}\n"))
}

fn each_tick(algorithm: Algorithm) -> ScheduledAlgorithm {
    ScheduledAlgorithm { algorithm, every: 1, enabled: true }
}

#[test]
fn nothing_runs_unless_it_is_asked_for() {
    assert_eq!(saving(""), LiquiditySaving::NONE);
    assert_eq!(saving("lsm_config: {algorithms: []}").algorithms, []);
    assert!(saving("lsm_config: {algorithms: []}").reports_blocks);
}

#[test]
fn an_empty_section_switches_pairs_and_cycles_on() {
    let cycles = Algorithm::Cycles { max_cycle_length: 4, max_cycles_per_tick: 10 };
    let usual = [each_tick(Algorithm::Bilateral(Pairs::default())), each_tick(cycles)];
    assert_eq!(saving("lsm_config: {}").algorithms, usual);
    let changed = saving("lsm_config: {enable_bilateral: false, max_cycle_length: 10}");
    assert!(!changed.algorithms[0].enabled && changed.algorithms[1].enabled);
    let longest = Algorithm::Cycles { max_cycle_length: 10, max_cycles_per_tick: 10 };
    assert_eq!(changed.algorithms[1].algorithm, longest);
}

#[test]
fn algorithms_are_listed_with_options_of_their_own() {
    let saving = saving(
        "algorithm_sequencing: true
lsm_config:
  run_every_ticks: 2
  max_steps: 7
  max_rounds: 3
  max_cycles_per_tick: 5
  algorithms:
    - retry
    - {name: bilateral, order: smallest_difference, max_opposing: 10, min_queue_ticks: 2}
    - {name: cycles, every: 4, max_cycle_length: 3}
    - gridlock_resolution
    - partial
    - {name: all_or_nothing, every: 6}",
    );
    let pairs =
        Pairs { order: PairOrder::SmallestDifference, max_opposing: Some(10), min_queue_ticks: 2 };
    let cycles = Algorithm::Cycles { max_cycle_length: 3, max_cycles_per_tick: 5 };
    let expected = LiquiditySaving {
        algorithms: vec![
            each_tick(Algorithm::Retry),
            each_tick(Algorithm::Bilateral(pairs)),
            ScheduledAlgorithm { every: 4, ..each_tick(cycles) },
            each_tick(Algorithm::GridlockResolution),
            each_tick(Algorithm::Partial),
            ScheduledAlgorithm { every: 6, ..each_tick(Algorithm::AllOrNothing) },
        ],
        run_every_ticks: 2,
        sequencing: true,
        max_steps: Some(7),
        max_rounds: 3,
        reports_blocks: true,
    };
    assert_eq!(saving, expected);
}

#[test]
fn a_preset_sets_what_runs_and_the_rules_around_it() {
    for (preset, discipline, sequencing, algorithms) in [
        ("plain", QueueDiscipline::Fifo, false, 0),
        ("t2", QueueDiscipline::Bypass, true, 3),
        ("rits", QueueDiscipline::Bypass, false, 1),
        ("chaps", QueueDiscipline::Bypass, false, 2),
        ("lynx", QueueDiscipline::Bypass, false, 2),
    ] {
        let text = format!("{BASE}lsm_config: {{preset: {preset}}}\n");
        let (scenario, messages) = super::taken(&text);
        assert_eq!(scenario.rules.queue_discipline, discipline, "{preset}");
        assert_eq!(scenario.liquidity_saving.sequencing, sequencing, "{preset}");
        assert_eq!(scenario.liquidity_saving.algorithms.len(), algorithms, "{preset}");
        let [message] = &messages[..] else { panic!("one warning, found {messages:?}") };
        assert!(message.starts_with(&format!("`preset: {preset}` leaves out ")), "{message}");
    }
}

#[test]
fn intervals_of_a_preset_follow_the_length_of_a_tick() {
    let every = |tick_seconds: u32| {
        let text =
            BASE.replace("num_days: 1", &format!("num_days: 1, tick_seconds: {tick_seconds}"));
        let (scenario, _) = super::taken(&format!("{text}lsm_config: {{preset: lynx}}\n"));
        scenario.liquidity_saving.algorithms[1].every
    };
    assert_eq!([every(60), every(300), every(7), every(3_600)], [15, 3, 129, 1]);
}

#[test]
fn what_contradicts_or_does_not_exist_is_refused() {
    let leaves_out =
        "all offsetting and priorities: each sender's payments settle one by one, in order";
    for (keys, expected) in [
        (
            "lsm_config: {preset: swift}",
            vec!["`preset` must be `plain`, `t2`, `rits`, `chaps` or `lynx`, found `swift`".to_owned()],
        ),
        (
            "lsm_config: {algorithms: [netting]}",
            vec!["`algorithms` must be `bilateral`, `cycles`, `gridlock_resolution`, `partial`, `all_or_nothing` or `retry`, found `netting`".to_owned()],
        ),
        (
            "lsm_config: {algorithms: [retry, {name: retry, every: 2}]}",
            vec!["an algorithm stands in the list once".to_owned()],
        ),
        (
            "lsm_config: {run_every_ticks: 0, max_steps: 0, max_rounds: 0, algorithms: [{name: partial, every: 0}]}",
            ["run_every_ticks", "max_steps", "max_rounds", "every"]
                .map(|key| format!("`{key}` is below 1: `0`"))
                .to_vec(),
        ),
        (
            "lsm_config: {algorithms: [{name: cycles, max_cycle_length: 2}]}",
            vec!["`max_cycle_length` is below 3: `2`".to_owned()],
        ),
        (
            "lsm_config: {algorithms: [{name: cycles, max_opposing: 2}]}",
            vec!["unknown key `max_opposing` in `cycles`".to_owned()],
        ),
        (
            "lsm_config: {enable_cycles: false, algorithms: [bilateral]}",
            vec!["`enable_cycles` and `algorithms` both say which algorithms run".to_owned()],
        ),
        (
            "queue_discipline: bypass\nlsm_config: {preset: plain, run_every_ticks: 2}",
            vec![
                "`queue_discipline` contradicts `preset: plain`, which sets it to `fifo`".to_owned(),
                format!("`preset: plain` leaves out {leaves_out}"),
                "`run_every_ticks` contradicts `preset: plain`, which says what runs".to_owned(),
            ],
        ),
        (
            "queue_discipline: fifo\nlsm_config: {preset: plain, max_steps: 5}",
            vec![format!("`preset: plain` leaves out {leaves_out}")],
        ),
        (
            "algorithm_sequencing: true",
            vec!["`algorithm_sequencing` has no effect without `lsm_config`".to_owned()],
        ),
    ] {
        assert_eq!(faults(keys), expected, "{keys}");
    }
}
