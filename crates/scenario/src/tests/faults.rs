//! Broken scenarios and what is said about them.

use super::{BASE, messages, refused};

/// Checks the first message of a scenario that has `addition` behind the base.
fn check(addition: &str, expected: &str) {
    let messages = messages(&format!("{BASE}{addition}\n"));
    assert_eq!(messages, [expected], "{addition}");
}

#[test]
#[expect(clippy::too_many_lines, reason = "a table")]
fn every_fault_is_said_once_and_in_words() {
    for (addition, expected) in [
        ("curency: EUR", "unknown key `curency` in a scenario"),
        ("currency: 5", "`currency` must be a text, found `5`"),
        ("currency_decimals: 12", "`currency_decimals` is above 9: `12`"),
        (
            "deadline_cap_at_eod: yes",
            "`deadline_cap_at_eod` must be `true` or `false`, found `yes`",
        ),
        ("end_of_day: stop", "`end_of_day` must be `carry` or `cancel`, found `stop`"),
        ("cutoff_tick_in_day: 10", "`cutoff_tick_in_day` is 10, above 9: a day has 10 ticks"),
        (
            "cutoff_tick_in_day: '09:30'",
            "`cutoff_tick_in_day` is a time, but ticks have no clock time",
        ),
        (
            "deferred_crediting: true",
            "`deferred_crediting` is not built yet: receipts are credited at once",
        ),
        ("deferred_crediting: 1", "`deferred_crediting` must be `true` or `false`, found `1`"),
        (
            "queue1_ordering: priority_deadline",
            "`queue1_ordering` `priority_deadline` is not built yet: queue 1 is kept in order of arrival",
        ),
        (
            "priority_escalation: {enabled: true}",
            "`enabled` is not built yet: priorities do not change",
        ),
        (
            "scenario_events: [{type: DirectTransfer, amount: 3}]",
            "`type` `DirectTransfer` is not built yet: scheduled interventions are not built",
        ),
        (
            "scenario_events: [{type: DirectTransfr}]",
            "`type` must be `DirectTransfer`, `CustomTransactionArrival`, `ScheduledSettlement`, `CollateralAdjustment`, `CreditLimitChange`, `GlobalArrivalRateChange`, `AgentArrivalRateChange`, `CounterpartyWeightChange`, `DeadlineWindowChange`, `CollateralValueChange`, `ParticipantOutage`, `ParticipantRecovery`, `CutOffChange`, `CostRateChange`, `LsmConfigChange`, `LimitChange` or `PolicyChange`, found `DirectTransfr`",
        ),
        (
            "lsm_config: {max_cycle_length: 5}",
            "`max_cycle_length` is not built yet: no liquidity-saving mechanism is built",
        ),
        (
            "rate_profile: [{from: 0, to: 11, factor: 1}]",
            "`to` is 11, above 10: a day has 10 ticks",
        ),
        ("rate_profile: [{from: 4, to: 4, factor: 1}]", "a window from tick 4 to tick 4 is empty"),
        (
            "rate_profile: [{from: 0, to: 5, factor: 1}, {from: 4, to: 6, factor: 2}]",
            "windows of `rate_profile` overlap: ticks 0 to 5 and 4 to 6",
        ),
        ("rate_profile: [{from: 0, to: 5, factor: -1}]", "`factor` is below 0: `-1`"),
        ("cost_rates: {overdraft_bps_per_tick: -1}", "`overdraft_bps_per_tick` is below 0: `-1`"),
        (
            "cost_rates: {overdraft_bps_per_tick: {per_year: 50bp}}",
            "`overdraft_bps_per_tick` is a yearly rate, but ticks have no length",
        ),
        (
            "cost_rates: {overdue_delay_multiplier: 1.00001}",
            "`overdue_delay_multiplier` is written with more than 4 decimal places: `1.00001`",
        ),
        (
            "cost_rates: {split_friction_cost: 7}",
            "`split_friction_cost` is not built yet: payments are not split",
        ),
        (
            "cost_rates: {eod_penalty: 1.5}",
            "`eod_penalty` must be an amount in whole minor units, found `1.5`",
        ),
        ("cost_rates: {eod_penalty: -1}", "`eod_penalty` is below 0: `-1`"),
        ("cost_rates: {eod_penalty: {mode: fixed}}", "a fixed penalty lacks `amount`"),
        ("cost_rates: {eod_penalty: {amount: 3}}", "`eod_penalty` lacks `mode`"),
        (
            "cost_rates: {eod_penalty: [3]}",
            "`eod_penalty` must be an amount in whole minor units or a map with `mode`, found a list",
        ),
        (
            "cost_rates: {eod_penalty: 3, eod_penalty_per_transaction: 3}",
            "`eod_penalty_per_transaction` means `eod_penalty`, which is also given",
        ),
        (
            "cost_rates: 5",
            "`cost_rates` must be a map (overdraft_bps_per_tick, delay_cost_per_tick_per_cent, collateral_cost_per_tick_bps, liquidity_cost_per_tick_bps, ...), found `5`",
        ),
        ("ticks_per_day: 5", "`ticks_per_day` is also given as `simulation.ticks_per_day`"),
        ("payments: {columns: {amount: X}}", "`payments` lacks `file` or `synth`"),
        ("currency: EUR\ncurrency: USD", "duplicate key `currency`"),
        ("<<: {currency: EUR}", "unknown key `<<` in a scenario"),
    ] {
        check(addition, expected);
    }
}

/// Checks the messages of a scenario whose first agent has `keys` too.
fn check_agent(keys: &str, expected: &[&str]) {
    let text = format!(
        "simulation: {{ticks_per_day: 10, num_days: 2, rng_seed: 1}}\nagents:\n  \
         - {{id: A, opening_balance: 1, {keys}}}\n  - {{id: B, opening_balance: 1}}\n"
    );
    assert_eq!(messages(&text), expected, "{keys}");
}

#[test]
fn agents_are_checked() {
    for (keys, expected) in [
        ("unsecured_cap: -1", &["`unsecured_cap` is below 0: `-1`"][..]),
        (
            "unsecured_cap: '5'",
            &["`unsecured_cap` must be an amount in whole minor units, found the text `\"5\"`"],
        ),
        (
            "unsecured_cap: 9223372036854775808",
            &["`unsecured_cap` is above 9,223,372,036,854,775,807: `9223372036854775808`"],
        ),
        (
            "unsecured_cap: 3.0",
            &["`unsecured_cap` must be an amount in whole minor units, found `3.0`"],
        ),
        ("collateral_haircut: 1.01", &["`collateral_haircut` is above 1: `1.01`"]),
        (
            "posted_collateral: 5, max_collateral_capacity: 4",
            &["`max_collateral_capacity` 4 is below `posted_collateral` 5"],
        ),
        (
            "liquidity_allocation_fraction: 0.5",
            &["`A` has a `liquidity_allocation_fraction` but no `liquidity_pool`"],
        ),
        (
            "policy: {type: Deadline, urgency_threshold: 3}",
            &["`type` `Deadline` is not built yet: only the policies Fifo and Hold are built"],
        ),
        ("policy: Fifo", &["`policy` must be a map with `type`, found `Fifo`"]),
        (
            "limits: {multilateral_limit: 5}",
            &["`multilateral_limit` is not built yet: limits are not built"],
        ),
        (
            "limits: {bilateral_limits: {B: 5}}",
            &["`bilateral_limits` is not built yet: limits are not built"],
        ),
        (
            "unsecured_cap: 2305843009213693952",
            &[
                "opening balances, credit, collateral and pools together are 2,305,843,009,213,693,954 minor units; the ledger holds less than 2^61 (2,305,843,009,213,693,952)",
            ],
        ),
        (
            "arrival_config: {}",
            &[
                "`arrival_config` lacks `rate_per_tick`",
                "`arrival_config` lacks `amount_distribution`",
            ],
        ),
        ("arrival_bands: {}", &["`arrival_bands` names no band"]),
    ] {
        check_agent(keys, expected);
    }
}

#[test]
fn arrivals_are_checked() {
    for (keys, expected) in [
        ("amount_distribution: {type: Uniform, min: 0, max: 5}", "`min` is below 1: `0`"),
        (
            "amount_distribution: {type: Uniform, min: 6, max: 5}",
            "amounts from 6 to 5 cannot be drawn",
        ),
        (
            "amount_distribution: {type: Uniform, min: 1, max: 9223372036854775807}",
            "amounts from 1 to 9223372036854775807 cannot be drawn",
        ),
        (
            "amount_distribution: {type: normal, mean: 1, std_dev: 1}",
            "`type` must be `Normal`, `LogNormal`, `Uniform` or `Exponential`, found `normal`",
        ),
        ("amount_distribution: {type: Normal, mean: -3, std_dev: 1}", "`mean` is below 0: `-3`"),
        ("amount_distribution: {type: Exponential, lambda: 0}", "`lambda` is not above 0: `0`"),
        (
            "amount_distribution: {type: LogNormal, mean: 11.51, std_dev: 1}",
            "a log-normal mean of 11.51 gives amounts of a few cents",
        ),
        ("deadline_range: [5, 4]", "the latest deadline, 4, comes before the earliest, 5"),
        ("deadline_range: [0, 4]", "`deadline_range` is below 1: `0`"),
        (
            "deadline_range: [1, 2, 3]",
            "`deadline_range` must be a list of two values, low and high, found a list",
        ),
        ("counterparty_weights: {C: 1}", "unknown agent `C` in `counterparty_weights`"),
        ("counterparty_weights: {A: 1}", "`A` cannot pay itself"),
        ("counterparty_weights: {B: 0}", "`counterparty_weights` must have a positive, finite sum"),
        ("counterparty_weights: {B: .inf}", "`B` must be a number, found `.inf`"),
        ("priority: 11", "`priority` is above 10: `11`"),
        (
            "priority_distribution: {type: Uniform, min: 5, max: 4}",
            "the highest priority, 4, is below the lowest, 5",
        ),
        (
            "priority_distribution: {type: Categorical, values: [1, 2], weights: [1]}",
            "2 values, but 1 weights",
        ),
        (
            "priority_distribution: {type: Categorical, values: [1, 2], weights: [0, 0]}",
            "`weights` must have a positive, finite sum",
        ),
    ] {
        let rest = if keys.starts_with("amount") {
            ""
        } else {
            "amount_distribution: {type: Uniform, min: 1, max: 5}, "
        };
        check_agent(&format!("arrival_config: {{rate_per_tick: 1, {rest}{keys}}}"), &[expected]);
    }
}

#[test]
fn faults_are_shown_where_they_stand() {
    let text = "\
simulation: {ticks_per_day: 10, num_days: 2}
agents:
  - id: BANK_A
    opening_balance: 12.34
  - id: BANK_A
    opening_balance: 5
cost_rates:
  overdraft_bps_per_tck: 3
";
    insta::assert_snapshot!(refused(text), @r"
    error: `opening_balance` must be an amount in whole minor units, found `12.34`
     --> s.yaml:4:22
      |
    4 |     opening_balance: 12.34
      |                      ^^^^^
      |
      = hint: amounts are whole minor units: 12.34 is written 1234

    error: duplicate agent id `BANK_A`
     --> s.yaml:5:9
      |
    5 |   - id: BANK_A
      |         ^^^^^^
      |
     ::: s.yaml:3:9
      |
    3 |   - id: BANK_A
      |         ------ first used here

    error: unknown key `overdraft_bps_per_tck` in `cost_rates`
     --> s.yaml:8:3
      |
    8 |   overdraft_bps_per_tck: 3
      |   ^^^^^^^^^^^^^^^^^^^^^
      |
      = hint: did you mean `overdraft_bps_per_tick`?

    3 errors
    ");
}

#[test]
fn unknown_keys_come_with_what_may_be_meant() {
    for (addition, hint) in [
        ("curency: EUR", "did you mean `currency`?"),
        ("delay_cost_queues: queue1", "`delay_cost_queues` is a key of `cost_rates`"),
        ("multilateral_limit: 5", "`multilateral_limit` is a key of `limits`"),
        ("lsm: {}", "did you mean `lsm_config`?"),
        ("deadline_cap: true", "did you mean `deadline_cap_at_eod`?"),
    ] {
        let text = refused(&format!("{BASE}{addition}\n"));
        assert!(text.contains(&format!("hint: {hint}\n")), "{text}");
    }
    assert!(!refused(&format!("{BASE}colour: red\n")).contains("hint"));
}

#[test]
fn a_scenario_with_fifty_faults_lists_fifty() {
    let mut text = String::from("simulation: {ticks_per_day: 0, num_days: 2}\nagents:\n");
    for agent in 0..49 {
        let keys = "opening_balance: 1, unsecured_cap: -1";
        text.push_str(&["  - {id: BANK_", &agent.to_string(), ", ", keys, "}\n"].concat());
    }
    let faults = messages(&text);
    assert_eq!(faults.len(), 50, "{faults:?}");
}

#[test]
fn one_missing_section_has_no_consequences() {
    assert_eq!(
        messages("agents: []\n"),
        ["a scenario lacks `simulation`", "a scenario needs at least one agent",]
    );
    assert_eq!(
        messages("simulation: {ticks_per_day: 10, num_days: 2}\n"),
        ["a scenario lacks `agents`"]
    );
    assert_eq!(
        messages(
            "simulation: {ticks_per_day: x, num_days: 2}\nagents: [{id: A, opening_balance: 1}]\ncutoff_tick_in_day: 12\nrate_profile: [{from: 50, to: 60, factor: 1}]\npayments: p.csv\n"
        ),
        ["`ticks_per_day` must be a whole number, found `x`"]
    );
}

#[test]
fn a_seed_is_demanded_only_where_something_is_drawn() {
    let quiet = "simulation: {ticks_per_day: 10, num_days: 2}\nagents: [{id: A, opening_balance: 1}, {id: B, opening_balance: 1}]\n";
    assert_eq!(messages(quiet), [] as [&str; 0]);
    let arrivals = quiet.replace("}]", ", arrival_config: {rate_per_tick: 1, amount_distribution: {type: Exponential, lambda: 0.001}}}]");
    assert_eq!(
        messages(&arrivals),
        ["`simulation` lacks `rng_seed`, and payments are drawn at random"]
    );
}

#[test]
fn long_lines_are_shown_in_part() {
    let text = format!(
        "{{\"simulation\": {{\"ticks_per_day\": 10, \"num_days\": 2}}, \"agents\": [{}, {{\"id\": 5}}]}}",
        (0..60)
            .map(|n| format!("{{\"id\": \"B{n}\", \"opening_balance\": 1}}"))
            .collect::<Vec<_>>()
            .join(", ")
    );
    let shown = refused(&text);
    assert!(shown.lines().all(|line| line.chars().count() < 200), "{shown}");
    assert!(shown.contains("s.yaml:1:2"), "{shown}");
}
