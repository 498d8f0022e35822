//! What keys come to in the model.

use psim_model::{
    AgentNo, AmountDistribution, CollateralRules, CostRates, Counterparties, DelayCostQueues,
    EntryOrder, Escalation, EscalationCurve, Limits, LimitsApplyTo, LimitsBasis, Money, Multiplier,
    Penalty, Policy, Priority, PriorityDistribution, PriorityMultipliers, Queue1Ordering, Rate,
    Reservations, RngStreams, Rules,
};

use super::{BASE, Folder, messages, refused, sound, taken};

fn rate(text: &str) -> Rate {
    text.parse().unwrap()
}

#[test]
fn what_is_not_said_has_its_default() {
    let scenario = sound(BASE);
    let expected = CostRates {
        overdraft_bps_per_tick: rate("0.001"),
        delay_cost_per_tick_per_cent: rate("0.0001"),
        collateral_cost_per_tick_bps: rate("0.0002"),
        liquidity_cost_per_tick_bps: Rate::ZERO,
        eod_penalty: Penalty::Fixed(Money::from_minor(10_000)),
        deadline_penalty: Penalty::Fixed(Money::from_minor(50_000)),
        split_friction_cost: Money::from_minor(1_000),
        overdue_delay_multiplier: "5".parse().unwrap(),
        priority_delay_multipliers: PriorityMultipliers([Multiplier::ONE; 3]),
    };
    assert_eq!(scenario.costs, expected);
    assert_eq!(scenario.rules, Rules::plain(10));
    assert_eq!(scenario.rng_streams, RngStreams::Shared);
    assert_eq!((scenario.currency.code.as_str(), scenario.currency.decimals), ("", 2));
    let agent = &scenario.agents[0];
    assert_eq!(agent.collateral_haircut, "0.02".parse().unwrap());
    assert_eq!(agent.max_collateral_capacity, None);
    assert_eq!((agent.policy.clone(), agent.liquidity_pool), (Policy::fifo(), None));
}

#[test]
fn every_built_key_is_understood() {
    let scenario = sound(
        "ticks_per_day: 660
num_days: 1
rng_seed: 18446744073709551615
opens_at: '07:00'
tick_seconds: 60
currency: EUR
currency_decimals: 0
rng_streams: per_agent
rate_profile:
  - {from: '12:00', to: '24:00', factor: 2.5}
  - {from: 0, to: '09:30', factor: 0}
queue_discipline: fifo
entry_order: submission
end_of_day: cancel
cutoff_tick_in_day: '17:00:59'
deadline_cap_at_eod: true
daily_liquidity_reallocation: false
lsm_config: {enable_bilateral: false, enable_cycles: false, max_cycle_length: 4}
scenario_events: []
deferred_crediting: false
queue1_ordering: arrival
cost_rates:
  overdraft_bps_per_tick: {per_year: 0.5%, day_count: 360}
  delay_cost_per_tick_per_cent: {per_year: 360bp}
  liquidity_cost_per_tick_bps: 1e-3
  eod_penalty_per_transaction: {mode: rate, bps_per_event: 2.5}
  deadline_penalty: {mode: fixed, amount: 1_000}
  split_friction_cost: 1000
  priority_delay_multipliers: {urgent_multiplier: 2.5}
  delay_cost_queues: queue1
agent_configs:
  - id: B
    opening_balance: -5
    unsecured_cap: 9223372036854775
    liquidity_pool: 100
    liquidity_allocation_fraction: 0.25
    limits: {}
  - {id: A, opening_balance: 0, policy: {type: Hold}}
",
    );
    assert_eq!(scenario.rng_seed, u64::MAX);
    assert_eq!(scenario.currency.decimals, 0);
    let windows: Vec<(u32, u32, f64)> =
        scenario.rate_profile.iter().map(|w| (w.from, w.to, w.factor)).collect();
    assert_eq!(windows, [(0, 150, 0.0), (300, 660, 2.5)]);
    assert_eq!(scenario.rules.cutoff_tick_in_day, 600);
    assert_eq!(scenario.rules.entry_order, EntryOrder::Submission);
    // 50 bp / 360 / 1,440 ticks of a minute = 0.000096450617...
    assert_eq!(scenario.costs.overdraft_bps_per_tick, rate("0.000096450617"));
    // 0.036 / 360 / 1,440 = 0.0000000694444...
    assert_eq!(scenario.costs.delay_cost_per_tick_per_cent, rate("0.000000069444"));
    assert_eq!(scenario.costs.eod_penalty, Penalty::Bps(rate("2.5")));
    assert_eq!(scenario.costs.deadline_penalty, Penalty::Fixed(Money::from_minor(1_000)));
    assert_eq!(scenario.rules.delay_cost_queues, DelayCostQueues::Queue1);
    let (a, b) = (&scenario.agents[0], &scenario.agents[1]);
    assert_eq!((a.policy.clone(), b.policy.clone()), (Policy::hold(), Policy::fifo()));
    let capacity = b.collateral_capacity(b.unsecured_cap);
    assert_eq!(capacity, Money::from_minor(92_233_720_368_547_750));
    assert_eq!(b.liquidity_pool.unwrap().fraction, Some("0.25".parse().unwrap()));
    assert_eq!(scenario.draw_order, [AgentNo(1), AgentNo(0)]);
}

#[test]
fn a_day_across_midnight_goes_on_after_it() {
    let windows = |opens_at: &str, window: &str| -> Vec<(u32, u32)> {
        let text = format!(
            "{{ticks_per_day: 8, num_days: 1, opens_at: '{opens_at}', tick_seconds: 3600,
            rate_profile: [{window}], agents: [{{id: A, opening_balance: 0}}]}}"
        );
        sound(&text).rate_profile.iter().map(|window| (window.from, window.to)).collect()
    };
    let evening = "{from: '20:00', to: '24:00', factor: 2}";
    assert_eq!(windows("20:00", evening), [(0, 4)]);
    assert_eq!(windows("20:00", "{from: '24:00', to: 8, factor: 2}"), [(4, 8)]);
    // A day that ends at midnight or before.
    assert_eq!(windows("16:00", evening), [(4, 8)]);
    assert_eq!(windows("15:00", evening), [(5, 8)]);
}

#[test]
fn rules_are_what_was_written() {
    let scenario = sound(&format!(
        "{BASE}queue1_ordering: priority_deadline
priority_mode: true
priority_blocking: true
priority_escalation: {{enabled: true, curve: exponential, start_escalating_at_ticks: 0, max_boost: 7}}
deferred_crediting: true
entry_disposition_offsetting: true
max_splits: 2
collateral: {{holding_period_ticks: 0, timer_buffer: 0}}
cost_rates: {{split_friction_cost: 7}}
"
    ));
    let escalation = Escalation {
        curve: EscalationCurve::Exponential,
        start_escalating_at_ticks: 0,
        max_boost: 7,
    };
    let expected = Rules {
        queue1_ordering: Queue1Ordering::PriorityDeadline,
        priority_mode: true,
        priority_blocking: true,
        escalation: Some(escalation),
        deferred_crediting: true,
        entry_disposition_offsetting: true,
        max_splits: 2,
        collateral: CollateralRules { holding_period_ticks: 0, timer_buffer: Money::ZERO },
        ..Rules::plain(10)
    };
    assert_eq!(scenario.rules, expected);
    assert_eq!(scenario.costs.split_friction_cost, Money::from_minor(7));
    let escalation =
        |keys: &str| sound(&format!("{BASE}priority_escalation: {{{keys}}}\n")).rules.escalation;
    let usual =
        Escalation { curve: EscalationCurve::Linear, start_escalating_at_ticks: 20, max_boost: 3 };
    assert_eq!(escalation("enabled: true"), Some(usual));
    assert_eq!(escalation("curve: step, max_boost: 9"), None);
    assert_eq!(escalation("enabled: false, curve: step"), None);
}

#[test]
fn limits_and_reservations_are_what_was_written() {
    let scenario = sound(
        "simulation: {ticks_per_day: 10, num_days: 1}
limits_basis: net
limits_apply_to: normal
reservations: {highly_urgent: 3, urgent: 1}
agents:
  - id: C
    opening_balance: 10
    limits: {multilateral_limit: 0, bilateral_limits: {B: 5, A: 6}}
    reservations: {urgent: 2}
  - {id: B, opening_balance: 10, max_collateral_capacity: 7}
  - {id: A, opening_balance: 10, reservations: {}}
",
    );
    let money = Money::from_minor;
    let [a, b, c] = scenario.agents.as_slice() else { panic!("three agents") };
    let reservations = |highly_urgent, urgent| Reservations {
        highly_urgent: money(highly_urgent),
        urgent: money(urgent),
    };
    assert_eq!(a.reservations, reservations(0, 0));
    assert_eq!(b.reservations, reservations(3, 1));
    assert_eq!(c.reservations, reservations(0, 2));
    let bilateral = vec![(AgentNo(0), money(6)), (AgentNo(1), money(5))];
    assert_eq!(c.limits, Limits { multilateral: Some(money(0)), bilateral });
    assert!(a.limits.is_empty() && b.limits.is_empty());
    assert_eq!((a.max_collateral_capacity, b.max_collateral_capacity), (None, Some(money(7))));
    let rules = scenario.rules;
    assert_eq!(
        (rules.limits_basis, rules.limits_apply_to),
        (LimitsBasis::Net, LimitsApplyTo::Normal)
    );
}

#[test]
fn priority_blocking_is_told_from_priority_mode() {
    let text = format!("{BASE}priority_mode: false\npriority_blocking: true\n");
    insta::assert_snapshot!(refused(&text), @r"
    error: `priority_blocking` needs `priority_mode: true`
     --> s.yaml:6:20
      |
    6 | priority_blocking: true
      |                    ^^^^
      |
     ::: s.yaml:5:1
      |
    5 | priority_mode: false
      | ------------- given here

    1 error
    ");
}

#[test]
fn merge_keys_take_over_what_is_not_given() {
    let scenario = sound(
        "simulation: {ticks_per_day: 10, num_days: 1}
agents:
  - &a {id: A, opening_balance: 1, unsecured_cap: 2}
  - &b {<<: *a, id: B, unsecured_cap: 3}
  - {<<: [{posted_collateral: 4}, *b, {posted_collateral: 5, collateral_haircut: 0.5}], id: C}
",
    );
    let funds: Vec<(&str, i64, i64, i64, String)> = scenario
        .agents
        .iter()
        .map(|agent| {
            let money = |amount: Money| amount.minor();
            let haircut = agent.collateral_haircut.to_string();
            let (cap, posted) = (money(agent.unsecured_cap), money(agent.posted_collateral));
            (agent.id.as_str(), money(agent.opening_balance), cap, posted, haircut)
        })
        .collect();
    let expected = [
        ("A", 1, 2, 0, "0.02".to_owned()),
        ("B", 1, 3, 0, "0.02".to_owned()),
        ("C", 1, 3, 4, "0.5".to_owned()),
    ];
    assert_eq!(funds, expected);
}

#[test]
fn arrivals_come_to_streams() {
    let scenario = sound(
        "simulation: {ticks_per_day: 10, num_days: 1, rng_seed: 1}
agents:
  - id: C
    opening_balance: 0
    arrival_config:
      rate_per_tick: 0.5
      amount_distribution: {type: LogNormal, mean: 10000, std_dev: 5000}
      counterparty_weights: {A: 1, B: 0, D: 2}
      priority_distribution: {type: Categorical, values: [0, 9], weights: [1, 3]}
  - {id: D, opening_balance: 0}
  - id: A
    opening_balance: 0
    arrival_bands:
      low: &band {rate_per_tick: 2, amount_distribution: {type: Uniform, min: 1, max: 5},
                  deadline_offset_min: 2, deadline_offset_max: 3, counterparty_weights: {}}
      urgent: *band
  - {id: B, opening_balance: 0}
",
    );
    let [c] = scenario.agents[2].arrivals.as_slice() else { panic!("one stream") };
    assert_eq!(c.amount, AmountDistribution::LogNormal { mean: 10_000.0, std_dev: 5_000.0 });
    // In draw order: D stands before A in the file.
    assert_eq!(
        c.counterparties,
        Counterparties::Weighted(vec![(AgentNo(3), 2.0), (AgentNo(0), 1.0)])
    );
    assert_eq!((c.deadline_min, c.deadline_max), (10, 50));
    assert_eq!(
        c.priority,
        PriorityDistribution::Categorical(vec![(Priority::MIN, 1.0), (Priority::clamped(9), 3.0)])
    );
    let priorities: Vec<_> =
        scenario.agents[0].arrivals.iter().map(|stream| stream.priority.clone()).collect();
    let uniform = |min, max| PriorityDistribution::Uniform {
        min: Priority::clamped(min),
        max: Priority::clamped(max),
    };
    assert_eq!(priorities, [uniform(8, 10), uniform(0, 3)]);
    assert_eq!(scenario.agents[0].arrivals[0].counterparties, Counterparties::Uniform);
}

#[test]
fn balances_follow_from_bounds() {
    // The ring of six payments has lower bounds 40, 40, 0 and upper bounds 50, 60, 0.
    let folder = Folder::new()
        .with(
            "p.csv",
            "tick,sender,receiver,amount\n0,A,B,50\n1,B,C,70\n2,C,A,30\n3,B,A,40\n4,A,C,60\n5,C,B,20\n",
        )
        .with(
            "s.yaml",
            "simulation: {ticks_per_day: 10, num_days: 1}\nagents: [{id: C}, {id: B}, {id: A}]\n\
             payments: p.csv\nopening_balances: {bounds: 0.5}\n",
        );
    let scenario = folder.load("s.yaml").unwrap().scenario;
    let balances: Vec<i64> = scenario.agents.iter().map(|a| a.opening_balance.minor()).collect();
    assert_eq!(balances, [45, 50, 0]);
    assert_eq!(scenario.rules.entry_order, EntryOrder::Submission);
}

#[test]
fn balances_are_given_once() {
    assert_eq!(
        messages(
            "simulation: {ticks_per_day: 10, num_days: 1}\nagents: [{id: A, opening_balance: 1}, \
             {id: B}]\n"
        ),
        ["agent `B` lacks `opening_balance`"]
    );
    assert_eq!(
        messages(&format!("{BASE}opening_balances: {{bounds: 0.5}}\n")),
        [
            "agent `A` has an `opening_balance` and `opening_balances` too",
            "agent `B` has an `opening_balance` and `opening_balances` too",
            "`opening_balances` by bounds needs `payments` from data",
        ]
    );
}

const SYNTH: &str = "\
simulation: {ticks_per_day: 660, num_days: 2, rng_seed: 7}
payments: {synth: {profile: t2, payments: 500, participants: 20}}
opening_balances: {bounds: 0.5}
";

#[test]
fn a_synthetic_day_needs_no_agents() {
    let scenario = sound(SYNTH);
    assert_eq!((scenario.agents.len(), scenario.payments.rows.len()), (20, 1_000));
    let first_day: Vec<_> = scenario.payments.rows.iter().filter(|p| p.tick.0 < 660).collect();
    assert_eq!(first_day.len(), 500);
    assert!(first_day.iter().all(|payment| payment.deadline.0 == 659));
    // The seed of the scenario and a seed of its own mean the same.
    let own =
        SYNTH.replace("profile: t2", "profile: t2, seed: 7").replace("rng_seed: 7", "rng_seed: 8");
    assert_eq!(sound(&own).payments, scenario.payments);
}

#[test]
fn a_synthetic_run_fits_memory() {
    let years = SYNTH.replace("num_days: 2", "num_days: 300_000");
    assert_eq!(
        messages(&years),
        ["300000 days of 520 payments and participants are more than 100000000"]
    );
}

#[test]
fn a_synthetic_day_takes_listed_agents() {
    let agents = "agents: [{id: Z}, {id: Y}, {id: X}]\n";
    let three = format!("{}{agents}", SYNTH.replace(", participants: 20", ""));
    let scenario = sound(&three);
    assert_eq!(scenario.agents.len(), 3);
    assert_eq!(
        messages(&format!("{SYNTH}{agents}")),
        ["`participants` is 20, but `agents` names 3"]
    );
    assert_eq!(
        messages(&SYNTH.replace("opening_balances: {bounds: 0.5}\n", "")),
        ["the participants of `synth` have no opening balances"]
    );
}

#[test]
fn what_nothing_reads_is_warned_of() {
    let (_, warnings) = taken(&format!("{BASE}cost_feature_toggles: {{include: [Delay]}}\n"));
    assert_eq!(warnings, ["`cost_feature_toggles` has no effect"]);
}
