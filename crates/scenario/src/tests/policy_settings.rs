//! What policies are told, and warnings about what they do.

use psim_model::{Fraction, PolicySettings};

use super::policies::{DOCUMENT, with_agent};
use super::{BASE, Folder, messages, sound};
use crate::{Overrides, load};

#[test]
fn settings_are_read() {
    assert_eq!(sound(BASE).policies, PolicySettings::default());
    let text = "\
simulation: {ticks_per_day: 10, num_days: 2, opens_at: '07:00', tick_seconds: 60}
agents: [{id: A, opening_balance: 1, liquidity_buffer: 7}]
eod_rush_threshold: 0.9
trace_decisions: true
throughput_guideline: [{tick_in_day: 2, fraction: 0.1}, {time: '07:05', fraction: 0.1}, {tick_in_day: 9, fraction: 1}]
";
    let scenario = sound(text);
    let tenth: Fraction = "0.1".parse().unwrap();
    let expected = PolicySettings {
        eod_rush_threshold: 0.9,
        throughput_guideline: vec![(2, tenth), (5, tenth), (9, Fraction::ONE)],
        trace_decisions: true,
    };
    assert_eq!(scenario.policies, expected);
    assert_eq!(scenario.agents[0].liquidity_buffer.minor(), 7);
}

#[test]
fn a_flag_traces_decisions() {
    let folder = Folder::new().with("s.yaml", format!("{BASE}trace_decisions: false\n"));
    let overrides = Overrides { trace_decisions: true, ..Overrides::default() };
    let loaded = load(&folder.path("s.yaml"), &overrides).unwrap();
    assert!(loaded.scenario.policies.trace_decisions);
}

#[test]
fn settings_are_checked() {
    for (addition, expected) in [
        ("eod_rush_threshold: 1.5", "`eod_rush_threshold` is above 1: `1.5`"),
        ("eod_rush_threshold: .nan", "`eod_rush_threshold` must be a number, found `.nan`"),
        ("trace_decisions: 1", "`trace_decisions` must be `true` or `false`, found `1`"),
        (
            "throughput_guideline: [{fraction: 0.1}]",
            "a point of `throughput_guideline` lacks `tick_in_day` or `time`",
        ),
        (
            "throughput_guideline: [{tick_in_day: 10, fraction: 0.1}]",
            "`tick_in_day` is 10, above 9: a day has 10 ticks",
        ),
        (
            "throughput_guideline: [{time: '07:00', fraction: 0.1}]",
            "this is a clock time, but the scenario sets none (`opens_at`)",
        ),
        (
            "throughput_guideline: [{time: '07:00', tick_in_day: 1, fraction: 0.1}]",
            "`time` and `tick_in_day` exclude each other",
        ),
        ("throughput_guideline: [{tick_in_day: 1, fraction: 2}]", "`fraction` is above 1: `2`"),
        (
            "throughput_guideline: [{tick_in_day: 3, fraction: 0.1}, {tick_in_day: 3, fraction: 0.2}]",
            "tick 3 is not after the point before it, tick 3",
        ),
        (
            "throughput_guideline: [{tick_in_day: 3, fraction: 0.3}, {tick_in_day: 4, fraction: 0.2}]",
            "`fraction` 0.2 is below that of the point before it, 0.3",
        ),
    ] {
        assert_eq!(messages(&format!("{BASE}{addition}\n")), [expected], "{addition}");
    }
}

/// Returns the warnings of a scenario whose agents follow `document`.
fn warned(document: &str, agent: &str, rest: &str) -> String {
    let rest = format!("policy: {{type: FromJson, json_path: p.json}}\n{rest}");
    let folder = Folder::new().with("s.yaml", with_agent(agent, &rest)).with("p.json", document);
    match folder.load("s.yaml") {
        Ok(loaded) => folder.shown(&loaded.warnings),
        Err(faults) => panic!("{}", folder.shown(&faults)),
    }
}

#[test]
fn an_explicit_share_of_the_pool_wins_with_a_warning() {
    let document = DOCUMENT.replace("share", "initial_liquidity_fraction");
    let pool = "liquidity_pool: 5, liquidity_allocation_fraction: 0.1";
    insta::assert_snapshot!(warned(&document, pool, ""), @r"
    warning: `liquidity_allocation_fraction` of `A` wins over `initial_liquidity_fraction` of `patient`
     --> s.yaml:3:85
      |
    3 |   - {id: A, opening_balance: 100, liquidity_pool: 5, liquidity_allocation_fraction: 0.1}
      |                                                                                     ^^^

    1 warning
    ");
    assert_eq!(warned(&document, "liquidity_pool: 5", ""), "");
    assert_eq!(warned(DOCUMENT, pool, ""), "");
    let agents: Vec<String> =
        ["A", "B", "C"].map(|id| format!("{{id: {id}, opening_balance: 0, {pool}}}")).into();
    let text = format!(
        "simulation: {{ticks_per_day: 10, num_days: 2}}\nagents: [{}]\n\
         policy: {{type: FromJson, json_path: p.json}}\n",
        agents.join(", ")
    );
    let folder = Folder::new().with("s.yaml", text).with("p.json", document);
    let loaded = folder.load("s.yaml").unwrap();
    let said: Vec<&str> = loaded.warnings.iter().map(|it| it.message.as_str()).collect();
    assert_eq!(
        said,
        ["`liquidity_allocation_fraction` of `A` and 2 other agents wins over \
          `initial_liquidity_fraction` of `patient`"]
    );
    let tenth: Fraction = "0.1".parse().unwrap();
    assert_eq!(loaded.scenario.agents[0].liquidity_pool.unwrap().fraction, Some(tenth));
}

#[test]
fn policies_that_drop_for_free_are_warned_of() {
    let document = DOCUMENT.replace("\"Hold\"", "\"Drop\"");
    let free = "cost_rates: {deadline_penalty: 0, eod_penalty: 0}\n";
    insta::assert_snapshot!(warned(&document, "unsecured_cap: 0", free), @r"
    warning: `patient` may drop payments, and that costs nothing: both penalties are 0
     --> s.yaml:6:9
      |
    6 | policy: {type: FromJson, json_path: p.json}
      |         ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
      |
      = hint: give `cost_rates.deadline_penalty` or `cost_rates.eod_penalty`

    1 warning
    ");
    assert_eq!(warned(&document, "unsecured_cap: 0", ""), "");
    assert_eq!(warned(DOCUMENT, "unsecured_cap: 0", free), "");
    // Nobody follows it.
    let folder = Folder::new().with("p.json", document).with(
        "s.yaml",
        BASE.replace("100}", "100, policy: {type: Fifo}}")
            + free
            + "policy: {type: FromJson, json_path: p.json}\n",
    );
    assert!(folder.load("s.yaml").unwrap().warnings.is_empty());
}
