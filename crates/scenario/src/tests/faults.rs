//! Broken scenarios and what is said about them.

use super::{BASE, Folder, messages, refused};

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
            "this is a clock time, but the scenario sets none (`opens_at`)",
        ),
        ("algorithm_sequencing: true", "`algorithm_sequencing` has no effect without `lsm_config`"),
        ("deferred_crediting: 1", "`deferred_crediting` must be `true` or `false`, found `1`"),
        (
            "queue1_ordering: deadline",
            "`queue1_ordering` must be `fifo` or `priority_deadline`, found `deadline`",
        ),
        ("priority_blocking: true", "`priority_blocking` needs `priority_mode: true`"),
        ("priority_escalation: {enabled: true, max_boost: 11}", "`max_boost` is above 10: `11`"),
        (
            "priority_escalation: {curve: steep}",
            "`curve` must be `linear`, `exponential` or `step`, found `steep`",
        ),
        (
            "priority_escalation: {start_escalating_at_ticks: -1}",
            "`start_escalating_at_ticks` is below 0: `-1`",
        ),
        ("max_splits: 1", "`max_splits` is below 2: `1`"),
        ("limits_basis: none", "`limits_basis` must be `gross` or `net`, found `none`"),
        ("limits_basis: net", "`limits_basis` has no effect: no agent has limits"),
        ("limits_apply_to: all", "`limits_apply_to` has no effect: no agent has limits"),
        ("collateral: {timer_buffer: -1}", "`timer_buffer` is below 0: `-1`"),
        (
            "collateral: {holding_period_ticks: 1.5}",
            "`holding_period_ticks` must be a whole number, found `1.5`",
        ),
        ("reservations: {urgent: -1}", "`urgent` is below 0: `-1`"),
        ("reservations: {normal: 1}", "unknown key `normal` in `reservations`"),
        (
            "reservations: {highly_urgent: 5, urgent: 5}",
            "reserved for `HighlyUrgent`, and no payment here is declared so",
        ),
        (
            "scenario_events: [{type: DirectTransfr}]",
            "`type` must be `DirectTransfer`, `CustomTransactionArrival`, `ScheduledSettlement`, `CreditLimitChange`, `GlobalArrivalRateChange`, `AgentArrivalRateChange`, `CounterpartyWeightChange`, `DeadlineWindowChange`, `CollateralValueChange`, `ParticipantOutage`, `ParticipantRecovery`, `CutOffChange`, `CostRateChange`, `LsmConfigChange`, `LimitChange` or `PolicyChange`, found `DirectTransfr`",
        ),
        ("lsm_config: {max_cycle_length: 11}", "`max_cycle_length` is above 10: `11`"),
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
        ("cost_rates: {split_friction_cost: -7}", "`split_friction_cost` is below 0: `-7`"),
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
        ("<<: 5", "`<<` merges a map or a list of maps"),
        ("<<: [{currency: EUR}, 5]", "`<<` merges a map or a list of maps"),
        ("'<<': {currency: EUR}", "unknown key `<<` in a scenario"),
        ("currency_decimals: !!int 5", "YAML tags have no meaning here"),
        ("currency: !!str 5", "YAML tags have no meaning here"),
        ("payments: ''", "`payments` is blank: the text `\"\"`"),
        ("payments: {}", "`payments` lacks `file` or `synth`"),
        (
            "agent_configs: [{id: C, opening_balance: 1}]",
            "`agent_configs` means `agents`, which is also given",
        ),
        (
            "cutoff_tick_in_day: 4294967296",
            "`cutoff_tick_in_day` is above 4,294,967,295: `4294967296`",
        ),
        (
            "rate_profile: [{from: 0, to: 5, factor: [1]}]",
            "`factor` must be a number, found a list",
        ),
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
#[expect(clippy::too_many_lines, reason = "a table")]
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
            "policy: {type: Deadline, urgency_threshold: 0}",
            &["`urgency_threshold` must be above 0, found `0`"],
        ),
        ("policy: Fifo", &["`policy` must be a map with `type`, found `Fifo`"]),
        ("limits: {multilateral_limit: -5}", &["`multilateral_limit` is below 0: `-5`"]),
        (
            "limits: {bilateral_limits: {BB: 5, A: 5, B: -5}}",
            &[
                "unknown agent `BB` in `bilateral_limits`",
                "`A` has a limit for payments to itself",
                "`B` is below 0: `-5`",
            ],
        ),
        (
            "reservations: {urgent: 2}",
            &[
                "`reservations` of 2 are above the liquidity that `A` has at the start, 1",
                "reserved for `Urgent`, and no payment here is declared so",
            ],
        ),
        ("reservations: {urgent: 3}, unsecured_cap: -1", &["`unsecured_cap` is below 0: `-1`"]),
        (
            "reservations: {urgent: 9223372036854775807, highly_urgent: 9223372036854775807}",
            &[
                "`reservations` of 18,446,744,073,709,551,614 are more than all liquidity in reach, 2: no balance can reach them",
                "reserved for `HighlyUrgent`, and no payment here is declared so",
            ],
        ),
        (
            "limits: {bilateral_limits: []}",
            &["`bilateral_limits` must be a map with names as keys, found a list"],
        ),
        (
            "arrival_config: {rate_per_tick: 0, amount_distribution: {type: Exponential, lambda: 1}, deadline_range: [2, 1]}, arrival_bands: {low: {rate_per_tick: 0, amount_distribution: {type: Exponential, lambda: 1}, deadline_offset_min: 4, deadline_offset_max: 3}}",
            &[
                "the latest deadline, 1, comes before the earliest, 2",
                "`arrival_bands` and `arrival_config` exclude each other",
                "the latest deadline, 3, comes before the earliest, 4",
            ],
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
        ("arrival_bands: {}", &["`arrival_bands` lacks `urgent`, `normal` or `low`"]),
    ] {
        check_agent(keys, expected);
    }
}

/// Keys of `arrival_config`, each with what is said of it.
const ARRIVAL_FAULTS: &[(&str, &str)] = &[
    ("amount_distribution: {type: Uniform, min: 0, max: 5}", "`min` is below 1: `0`"),
    (
        "amount_distribution: {type: Uniform, min: 6, max: 5}",
        "amounts from 6 to 5 cannot be drawn: `max` is below `min`",
    ),
    (
        "amount_distribution: {type: Uniform, min: 1, max: 9223372036854775807}",
        "amounts from 1 to 9223372036854775807 cannot be drawn: `max` is too large",
    ),
    (
        "amount_distribution: {type: normal, mean: 1, std_dev: 1}",
        "`type` must be `Normal`, `LogNormal`, `Uniform` or `Exponential`, found `normal`",
    ),
    ("amount_distribution: {type: Normal, mean: -3, std_dev: 1}", "`mean` is below 0: `-3`"),
    ("amount_distribution: {type: Exponential, lambda: 0}", "`lambda` must be above 0, found `0`"),
    (
        "amount_distribution: {type: Exponential, lambda: 1e-320}",
        "`lambda` 1e-320 means amounts beyond 64-bit minor units",
    ),
    (
        "amount_distribution: {type: LogNormal, mean: 1000, std_dev: 1e160}",
        "a log-normal amount of mean 1e3 and standard deviation 1e160 cannot be drawn",
    ),
    (
        "amount_distribution: {type: LogNormal, mean: 11.51, std_dev: 1}",
        "a log-normal mean of 11.51 gives amounts of a few cents",
    ),
    ("deadline_range: [5, 4]", "the latest deadline, 4, comes before the earliest, 5"),
    ("deadline_range: [0, 4]", "`deadline_range` is below 1: `0`"),
    (
        "deadline_range: [1, 2, 3]",
        "`deadline_range` must be a list of two values, low and high, found a list of 3",
    ),
    (
        "deadline_range: [0]",
        "`deadline_range` must be a list of two values, low and high, found a list of one",
    ),
    (
        "priority_distribution: {type: Categorical, values: [], weights: [1]}",
        "`values` must not be empty",
    ),
    ("rate_per_tick: 2e6", "`rate_per_tick` is above 1,000,000: `2e6`"),
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
        "2 values, but 1 weight",
    ),
    (
        "priority_distribution: {type: Categorical, values: [1, 2], weights: [0, 0]}",
        "`weights` must have a positive, finite sum",
    ),
];

#[test]
fn arrivals_are_checked() {
    for (keys, expected) in ARRIVAL_FAULTS {
        let mut rest = String::new();
        if !keys.starts_with("rate") {
            rest.push_str("rate_per_tick: 1, ");
        }
        if !keys.starts_with("amount") {
            rest.push_str("amount_distribution: {type: Uniform, min: 1, max: 5}, ");
        }
        check_agent(&format!("arrival_config: {{{rest}{keys}}}"), &[*expected]);
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
        (
            "delay_cost_queues: queue1",
            "`delay_cost_queues` is a key of `cost_rates`: `cost_rates: {delay_cost_queues: …}`",
        ),
        (
            "reservations: {preset: t2}",
            "`preset` is a key of `lsm_config`: `lsm_config: {preset: …}`; here the keys are \
             `highly_urgent`, `urgent`",
        ),
        ("multilateral_limit: 5", "`multilateral_limit` is a key of `limits`"),
        ("lsm: {}", "did you mean `lsm_config`?"),
        ("costs: {}", "it is called `cost_rates`"),
        ("cost_config: {}", "the predecessor had this key and did not read it; delete it"),
        ("priority_escalation: {threshold_ticks: 1}", "it is called `start_escalating_at_ticks`"),
        ("deadline_cap: true", "did you mean `deadline_cap_at_eod`?"),
        ("num_day: 1", "did you mean `num_days`?"),
        ("tick_per_day: 4", "did you mean `ticks_per_day`?"),
        ("rng_sed: 4", "did you mean `rng_seed`?"),
        (
            "cost_rates: {eod_penalty: {mode: rate, bps_per_event: 1, amount: 5}}",
            "`amount` belongs to `mode: fixed`",
        ),
        ("limits: {}", "did you mean `limits_basis`? `limits` is a key of an agent"),
        ("reservations: {colour: 1}", "its keys are `highly_urgent`, `urgent`"),
        (
            "cost_rates: {eod_penalty: 10000000.0}",
            "amounts are integers, in minor units: `10000000`, in Python `int(…)`",
        ),
        (
            "currency_decimals: 2\nreservations: {urgent: 5,000}",
            "a comma ends a value: group digits with `_`, as in 250_000",
        ),
    ] {
        let text = refused(&format!("{BASE}{addition}\n"));
        assert!(text.contains(&format!("hint: {hint}\n")), "{text}");
    }
    assert!(!refused(&format!("{BASE}colour: red\n")).contains("hint"));
}

#[test]
fn what_was_meant_by_a_value_is_written_out() {
    let event = "type: DirectTransfer, from_agent: A, to_agent: B, amount: 5, schedule";
    for (addition, hint) in [
        (
            format!("scenario_events: [{{{event}: '11:00'}}]"),
            "write `schedule: {type: OneTime, time: \"11:00\"}`",
        ),
        (
            format!("scenario_events: [{{{event}: 5}}]"),
            "write `schedule: {type: OneTime, tick: 5}`",
        ),
        (
            format!("scenario_events: [{{{event}: noon}}]"),
            "write `schedule: {type: OneTime, …}`; `type` is `OneTime` or `Repeating`",
        ),
        (format!("scenario_events: [{{{event}: Onetime}}]"), "did you mean `OneTime`?"),
        ("lsm_config: {preset: TARGET2}".to_owned(), "did you mean `t2`?"),
        ("policy: {type: Hold, name: x}".to_owned(), "`name` belongs to `type: Library`"),
    ] {
        let text = refused(&format!("{BASE}{addition}\n"));
        assert!(text.contains(&format!("hint: {hint}\n")), "{text}");
    }
}

#[test]
fn places_of_the_same_are_listed_to_50_and_counted_beyond() {
    let agents = (0..151).map(|no| format!("  - {{id: X{no}, opening_balance: 1, colour: 1}}\n"));
    let text = refused(&format!("{BASE}{}", agents.collect::<Vec<_>>().concat()));
    assert_eq!(text.matches("error: ").count(), 1, "{text}");
    assert!(text.contains("note: the same in s.yaml at 6:34, 7:34, "), "{text}");
    assert!(text.ends_with(", 55:35 and 100 more\n\n151 errors\n"), "{text}");
}

/// The scenario lacks one thing, which is said once.
#[test]
fn what_is_the_same_in_many_places_is_said_once() {
    let point = "{from: '07:00', to: '08:00', factor: 2}";
    let text = format!("{BASE}rate_profile:\n  - {point}\n  - {point}\n  - {point}\n");
    insta::assert_snapshot!(refused(&text), @r"
    error: this is a clock time, but the scenario sets none (`opens_at`)
     --> s.yaml:6:12
      |
    6 |   - {from: '07:00', to: '08:00', factor: 2}
      |            ^^^^^^^
      |
      = hint: give `opens_at` and `tick_seconds` under `simulation`
      = note: the same in s.yaml at 6:25, 7:12, 7:25, 8:12, 8:25

    6 errors
    ");
}

/// Of a payment from data, a shock, an instruction, or what a policy declares.
#[test]
fn reservations_are_for_payments_that_are_declared_so() {
    let arrival = |class: &str| {
        format!(
            "scenario_events: [{{type: CustomTransactionArrival, from_agent: A, to_agent: B, \
             amount: 5, rtgs_priority: {class}, schedule: OneTime, tick: 1}}]"
        )
    };
    let instruction = |action: &str| {
        let decide = format!("{{type: Decide, tick: 2, payment: tx-0, actions: [{action}]}}");
        format!("{}\ninstructions: [{decide}]", arrival("Normal"))
    };
    let policy = "policy: {type: Library, name: overdue_triage}".to_owned();
    for (what, reserved, expected) in [
        (arrival("Urgent"), "urgent: 5", None),
        (arrival("HighlyUrgent"), "urgent: 5", None),
        (arrival("Urgent"), "highly_urgent: 5", Some("HighlyUrgent")),
        (arrival("Normal"), "urgent: 5", Some("Urgent")),
        (arrival("Normal"), "urgent: 0", None),
        (instruction("{action: Release, rtgs_priority: Urgent}"), "urgent: 5", None),
        (instruction("{action: Release}"), "urgent: 5", Some("Urgent")),
        (policy, "highly_urgent: 5", None),
    ] {
        let text = format!("{BASE}priority_mode: true\nreservations: {{{reserved}}}\n{what}\n");
        let expected: Vec<String> = expected
            .map(|class| format!("reserved for `{class}`, and no payment here is declared so"))
            .into_iter()
            .collect();
        assert_eq!(messages(&text), expected, "{text}");
    }
}

#[test]
fn values_come_with_how_they_are_written() {
    for (addition, hint) in [
        (
            "cost_rates: {eod_penalty: 50,000}",
            "a comma ends a value: group digits with `_`, as in 250_000",
        ),
        ("cost_rates:\n  eod_penalty: 50,000", "group digits with `_`: 50_000"),
        ("cost_rates:\n  eod_penalty: \"1,250,000\"", "group digits with `_`: 1_250_000"),
        ("eod_rush_threshold: 80%", "write it without `%`: 5 % is 0.05"),
        (
            "cost_rates: {overdraft_bps_per_tick: 0.5%}",
            "write a plain number in the unit of the key; where a rate may be for a year, \
             `{per_year: \"0.5%\"}`",
        ),
        (
            "policy: careful",
            "write `{type: Library, name: ...}` for a policy of the library, \
             `{type: FromJson, json_path: ...}` for a file",
        ),
        ("policy: Fifo", "write `{type: Fifo}`"),
        ("policy: hold", "write `{type: Library, name: hold}`"),
        ("lsm_config: {algorithms: cycles}", "write a list: `[cycles]`"),
        ("cutoff_tick_in_day: 09.30", "write `\"09:30\"`"),
        (
            "lsm_config: {run_every_ticks: '00:10'}",
            "a clock time has a key of its own, such as `time`",
        ),
    ] {
        let text = refused(&format!("{BASE}{addition}\n"));
        assert!(text.contains(&format!("hint: {hint}\n")), "{text}");
    }
    let text = refused(&format!("{BASE}cost_rates:\n  eod_penalty: 50,00\n"));
    assert!(!text.contains("group digits"), "{text}");
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
        ["a scenario lacks `simulation`", "`agents` must not be empty"]
    );
    assert_eq!(
        messages("simulation: {ticks_per_day: 10, num_days: 2}\n"),
        ["a scenario lacks `agents`"]
    );
    assert_eq!(
        messages(
            "simulation: {ticks_per_day: x, num_days: 2}\nagents: [{id: A, opening_balance: 1}]\ncutoff_tick_in_day: 12\nrate_profile: [{from: 50, to: 60, factor: 1}]\npayments: p.csv\n"
        ),
        ["`ticks_per_day` must be a whole number, found `x`", "`p.csv`: no such file"]
    );
}

#[test]
fn a_day_is_checked_without_the_number_of_days() {
    let text = BASE.replace("num_days: 2, ", "");
    for (addition, expected) in [
        ("cutoff_tick_in_day: 10", "`cutoff_tick_in_day` is 10, above 9: a day has 10 ticks"),
        (
            "rate_profile: [{from: 0, to: 11, factor: 1}]",
            "`to` is 11, above 10: a day has 10 ticks",
        ),
        ("rate_profile: [{from: 4, to: 4, factor: 1}]", "a window from tick 4 to tick 4 is empty"),
        ("payments: p.csv", "`p.csv`: no such file"),
        ("payments: {synth: {profile: t2, participants: 1}}", "`participants` is below 2: `1`"),
    ] {
        let expected = ["`simulation` lacks `num_days`", expected];
        assert_eq!(messages(&format!("{text}{addition}\n")), expected, "{addition}");
    }
}

#[test]
fn a_day_is_no_longer_than_one() {
    let day = |clock: &str| messages(&BASE.replace("ticks_per_day: 10", clock));
    assert_eq!(
        day("ticks_per_day: 10, opens_at: '07:00', tick_seconds: 8641"),
        ["a day of 10 ticks of 8641 seconds is longer than 24 hours"]
    );
    assert_eq!(
        day("ticks_per_day: 1441, opens_at: '07:00'"),
        ["a day of 1441 ticks of 60 seconds is longer than 24 hours"]
    );
    assert_eq!(day("ticks_per_day: 10, opens_at: '07:00', tick_seconds: 8640"), [] as [&str; 0]);
    let text = BASE.replace("ticks_per_day: 10", "ticks_per_day: 1") + "cutoff_tick_in_day: 1\n";
    assert_eq!(messages(&text), ["`cutoff_tick_in_day` is 1, above 0: a day has 1 tick"]);
}

#[test]
fn arrival_rates_are_bounded_with_their_profile() {
    let agent = |id: &str, rate: &str| {
        format!(
            "  - {{id: {id}, opening_balance: 1, arrival_config: {{rate_per_tick: {rate}, \
             amount_distribution: {{type: Uniform, min: 1, max: 5}}}}}}\n"
        )
    };
    let text = format!(
        "simulation: {{ticks_per_day: 10, num_days: 2, rng_seed: 1}}\nagents:\n{}{}{}\
         rate_profile: [{{from: 0, to: 5, factor: 4}}]\ncurency: EUR\n",
        agent("A", "250001"),
        agent("B", "2000000"),
        agent("C", "250000"),
    );
    let folder = Folder::new().with("s.yaml", text);
    let faults = folder.load("s.yaml").unwrap_err();
    let said: Vec<(Option<u64>, Option<u64>, &str)> = faults
        .iter()
        .map(|fault| {
            let place = fault.place.as_ref().unwrap();
            (place.line, place.column, fault.message.as_str())
        })
        .collect();
    assert_eq!(
        said,
        [
            (
                Some(3),
                Some(65),
                "`rate_per_tick` is above 1,000,000 where the rate profile multiplies it by 4"
            ),
            (Some(4), Some(65), "`rate_per_tick` is above 1,000,000: `2000000`"),
            (Some(7), Some(1), "unknown key `curency` in a scenario"),
        ]
    );
}

#[test]
fn tags_hide_no_other_fault() {
    assert_eq!(
        messages(&format!("{BASE}currency_decimals: !!int 5\ncurency: ! 5\n")),
        [
            "YAML tags have no meaning here",
            "unknown key `curency` in a scenario",
            "YAML tags have no meaning here",
        ]
    );
}

#[test]
fn faults_behind_aliases_are_said_once() {
    let text = "\
simulation: {ticks_per_day: 10, num_days: 2}
agents:
  - &a {id: A, opening_balance: 1, unsecured_cap: -1}
  - *a
";
    insta::assert_snapshot!(refused(text), @r"
    error: `unsecured_cap` is below 0: `-1`
     --> s.yaml:3:51
      |
    3 |   - &a {id: A, opening_balance: 1, unsecured_cap: -1}
      |                                                   ^^

    error: duplicate agent id `A`
     --> s.yaml:4:5
      |
    4 |   - *a
      |     ^^
      |
     ::: s.yaml:3:13
      |
    3 |   - &a {id: A, opening_balance: 1, unsecured_cap: -1}
      |             - first used here

    2 errors
    ");
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
