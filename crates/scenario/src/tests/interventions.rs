//! Scenario events: what they come to, and what is refused.

use psim_model::event::ScenarioEventType;
use psim_model::{
    AgentNo, CollateralChange, CostRatesChange, Limits, Money, Multiplier, Penalty, Policy,
    Priority, RtgsPriority, ScenarioEvent, Schedule, Tick,
};

use super::{BASE, messages, refused, sound};
use crate::keys;
use crate::shape::Kind;

const A: AgentNo = AgentNo(0);
const B: AgentNo = AgentNo(1);

fn money(minor: i64) -> Money {
    Money::from_minor(minor)
}

/// Two banks of which the first generates payments, on days of 50 ticks from 07:00.
const BUSY: &str = "\
simulation: {ticks_per_day: 50, num_days: 2, rng_seed: 1, opens_at: '07:00', tick_seconds: 60}
agents:
  - id: A
    opening_balance: 100
    arrival_config: {rate_per_tick: 2, amount_distribution: {type: Uniform, min: 1, max: 5}}
  - {id: B, opening_balance: 100}
";

fn event(keys: &str) -> ScenarioEvent {
    let text = format!("{BUSY}scenario_events: [{{schedule: OneTime, tick: 3, {keys}}}]\n");
    sound(&text).events[0].event.clone()
}

fn schedule(keys: &str) -> Schedule {
    let event = "type: ParticipantOutage, agent: A";
    sound(&format!("{BUSY}scenario_events: [{{{event}, {keys}}}]\n")).events[0].schedule
}

#[test]
fn schedules_are_nested_or_flat() {
    let once = |tick| Schedule::OneTime { tick: Tick(tick) };
    let repeating = |start, end: Option<u32>| Schedule::Repeating {
        start_tick: Tick(start),
        interval: 5,
        end_tick: end.map(Tick),
    };
    for (keys, expected) in [
        ("schedule: OneTime, tick: 7", once(7)),
        ("schedule: {type: OneTime, tick: 7}", once(7)),
        ("schedule: OneTime, time: '07:07'", once(7)),
        ("schedule: {type: OneTime, time: '07:07:59', day: 1}", once(57)),
        ("schedule: Repeating, start_tick: 7, interval: 5", repeating(7, None)),
        ("schedule: Repeating, start_tick: 7, interval: 5, end_tick: 99", repeating(7, Some(99))),
        (
            "schedule: {type: Repeating, start_tick: 7, interval: 5, end_tick: 7}",
            repeating(7, Some(7)),
        ),
        ("schedule: Repeating, time: '07:00', day: 1, interval: 5", repeating(50, None)),
    ] {
        assert_eq!(schedule(keys), expected, "{keys}");
    }
}

#[test]
fn every_type_of_event_is_in_the_table() {
    let key = keys::ROOT.key("scenario_events").unwrap();
    let Kind::List { of: Kind::Variant { cases, .. }, .. } = key.kind else { panic!("a list") };
    let declared: Vec<&str> = cases.iter().map(|case| case.name).collect();
    let words: Vec<&str> = ScenarioEventType::ALL.iter().map(|kind| kind.as_str()).collect();
    assert_eq!(declared, words);
}

#[test]
fn transfers_and_payments_are_what_was_written() {
    let (from_agent, to_agent, amount) = (A, B, money(7));
    let pair = "from_agent: A, to_agent: B, amount: 7";
    assert_eq!(
        event(&format!("type: DirectTransfer, {pair}")),
        ScenarioEvent::DirectTransfer { from_agent, to_agent, amount }
    );
    assert_eq!(
        event(&format!("type: ScheduledSettlement, {pair}")),
        ScenarioEvent::ScheduledSettlement { from_agent, to_agent, amount }
    );
    let arrival =
        |priority, rtgs_priority, deadline, is_divisible| ScenarioEvent::CustomTransactionArrival {
            from_agent,
            to_agent,
            amount,
            priority: Priority::clamped(priority),
            rtgs_priority,
            deadline,
            is_divisible,
        };
    let kind = "type: CustomTransactionArrival";
    assert_eq!(event(&format!("{kind}, {pair}")), arrival(5, RtgsPriority::Normal, 5, None));
    assert_eq!(
        event(&format!(
            "{kind}, {pair}, priority: 9, rtgs_priority: HighlyUrgent, deadline: 1, divisible: false"
        )),
        arrival(9, RtgsPriority::HighlyUrgent, 1, Some(false))
    );
    // A tenth of a longer day.
    let text = BUSY.replace("ticks_per_day: 50", "ticks_per_day: 129");
    let text = format!("{text}scenario_events: [{{schedule: OneTime, tick: 3, {kind}, {pair}}}]\n");
    assert_eq!(sound(&text).events[0].event, arrival(5, RtgsPriority::Normal, 12, None));
}

#[test]
fn changes_of_means_are_what_was_written() {
    for kind in ["CreditLimitChange", "CollateralAdjustment"] {
        assert_eq!(
            event(&format!("type: {kind}, agent: B, delta: -3")),
            ScenarioEvent::CreditLimitChange { agent: B, delta: money(-3) }
        );
    }
    let change = |change| ScenarioEvent::CollateralValueChange { agent: A, change };
    assert_eq!(
        event("type: CollateralValueChange, agent: A, posted_delta: -5"),
        change(CollateralChange::PostedDelta(money(-5)))
    );
    assert_eq!(
        event("type: CollateralValueChange, agent: A, haircut: 1"),
        change(CollateralChange::Haircut("1".parse().unwrap()))
    );
    let limits = Limits { multilateral: Some(money(9)), bilateral: vec![(A, money(0))] };
    assert_eq!(
        event(
            "type: LimitChange, agent: B, limits: {multilateral_limit: 9, bilateral_limits: {A: 0}}"
        ),
        ScenarioEvent::LimitChange { agent: B, limits }
    );
    assert_eq!(
        event("type: LimitChange, agent: B, limits: {}"),
        ScenarioEvent::LimitChange { agent: B, limits: Limits::default() }
    );
}

#[test]
fn changes_of_arrivals_are_what_was_written() {
    assert_eq!(
        event("type: GlobalArrivalRateChange, multiplier: 0"),
        ScenarioEvent::GlobalArrivalRateChange { multiplier: 0.0 }
    );
    assert_eq!(
        event("type: AgentArrivalRateChange, agent: A, multiplier: 2.5"),
        ScenarioEvent::AgentArrivalRateChange { agent: A, multiplier: 2.5 }
    );
    let weight = |auto_balance_others| ScenarioEvent::CounterpartyWeightChange {
        agent: A,
        counterparty: B,
        new_weight: 0.5,
        auto_balance_others,
    };
    let keys = "type: CounterpartyWeightChange, agent: A, counterparty: B, new_weight: 0.5";
    assert_eq!(event(keys), weight(false));
    assert_eq!(event(&format!("{keys}, auto_balance_others: true")), weight(true));
    assert_eq!(
        event("type: DeadlineWindowChange, max_ticks_multiplier: 0.5"),
        ScenarioEvent::DeadlineWindowChange {
            min_ticks_multiplier: None,
            max_ticks_multiplier: Some(0.5)
        }
    );
}

#[test]
fn changes_of_rules_are_what_was_written() {
    for (type_word, expected) in [
        ("ParticipantOutage", ScenarioEvent::ParticipantOutage { agent: B }),
        ("ParticipantRecovery", ScenarioEvent::ParticipantRecovery { agent: B }),
    ] {
        assert_eq!(event(&format!("type: {type_word}, agent: B")), expected);
    }
    for tick_in_day in ["30", "'07:30:59'"] {
        assert_eq!(
            event(&format!("type: CutOffChange, tick_in_day: {tick_in_day}")),
            ScenarioEvent::CutOffChange { tick_in_day: 30 }
        );
    }
    assert_eq!(
        event("type: PolicyChange, agent: B, policy: {type: Hold}"),
        ScenarioEvent::PolicyChange { agent: B, policy: Policy::hold() }
    );
    assert_eq!(
        event("type: LsmConfigChange, lsm_config: {enable_cycles: false}"),
        ScenarioEvent::LsmConfigChange { enable_bilateral: None, enable_cycles: Some(false) }
    );
    let rates = CostRatesChange {
        // 50 bp / 360 / 1,440 ticks of a minute = 0.000096450617...
        overdraft_bps_per_tick: Some("0.000096450617".parse().unwrap()),
        eod_penalty: Some(Penalty::Fixed(money(3))),
        split_friction_cost: Some(money(0)),
        priority_delay_multipliers: [None, None, Some("2.5".parse().unwrap())],
        overdue_delay_multiplier: Some(Multiplier::ONE),
        ..CostRatesChange::default()
    };
    assert_eq!(
        event(
            "type: CostRateChange, rates: {overdraft_bps_per_tick: {per_year: 50bp}, \
             eod_penalty_per_transaction: 3, split_friction_cost: 0, overdue_delay_multiplier: 1, \
             priority_delay_multipliers: {urgent_multiplier: 2.5}}"
        ),
        ScenarioEvent::CostRateChange { rates }
    );
}

/// Checks what is said about one event of the busy scenario.
fn check(keys: &str, expected: &[&str]) {
    let text = format!("{BUSY}scenario_events: [{{{keys}}}]\n");
    assert_eq!(messages(&text), expected, "{keys}");
}

#[test]
fn schedules_are_checked() {
    for (keys, expected) in [
        ("", &["`ParticipantOutage` lacks `schedule`"][..]),
        ("schedule: OneTime", &["`ParticipantOutage` lacks `tick` or `time`"]),
        ("schedule: {type: OneTime}", &["a point in time lacks `tick` or `time`"]),
        (
            "schedule: Repeating",
            &[
                "`ParticipantOutage` lacks `start_tick` or `time`",
                "a repeating schedule lacks `interval`",
            ],
        ),
        (
            "schedule: {type: Repeating}",
            &[
                "a repeating schedule lacks `interval`",
                "a repeating schedule lacks `start_tick` or `time`",
            ],
        ),
        (
            "schedule: Daily, tick: 3",
            &["`schedule` must be `OneTime` or `Repeating`, found `Daily`"],
        ),
        ("schedule: OneTime, tick: 100", &["`tick` is 100, above 99: the run has 100 ticks"]),
        ("schedule: OneTime, tick: -1", &["`tick` is below 0: `-1`"]),
        (
            "schedule: OneTime, tick: 1, interval: 2",
            &["`interval` belongs to `schedule: Repeating`"],
        ),
        ("schedule: Repeating, tick: 1, interval: 2", &["`tick` belongs to `schedule: OneTime`"]),
        ("schedule: {type: OneTime, tick: 1}, tick: 1", &["`tick` belongs into `schedule`"]),
        (
            "schedule: {type: OneTime, tick: 1, interval: 2}",
            &["unknown key `interval` in a point in time"],
        ),
        ("schedule: Repeating, start_tick: 1, interval: 0", &["`interval` is below 1: `0`"]),
        (
            "schedule: Repeating, start_tick: 9, interval: 1, end_tick: 8",
            &["`end_tick` 8 comes before the first tick, 9"],
        ),
        (
            "schedule: Repeating, start_tick: 100, interval: 1, end_tick: 101",
            &[
                "`start_tick` is 100, above 99: the run has 100 ticks",
                "`end_tick` is 101, above 99: the run has 100 ticks",
            ],
        ),
        ("schedule: OneTime, tick: 1, time: '07:00'", &["`time` and `tick` exclude each other"]),
        ("schedule: OneTime, tick: 1, day: 1", &["`day` is given without `time`"]),
        (
            "schedule: OneTime, time: '07:50', day: 2",
            &[
                "`time` `07:50` lies outside the day, 07:00 to 07:50",
                "`day` is 2, above 1: the run has 2 days",
            ],
        ),
    ] {
        check(&format!("type: ParticipantOutage, agent: A, {keys}"), expected);
    }
    let text = format!(
        "{BASE}scenario_events: [{{type: ParticipantOutage, agent: A, schedule: OneTime, time: '07:00'}}]\n"
    );
    assert_eq!(messages(&text), ["this is a clock time, but the scenario sets none (`opens_at`)"]);
}

#[test]
#[expect(clippy::too_many_lines, reason = "a table")]
fn events_are_checked() {
    for (keys, expected) in [
        ("DirectTransfer, from_agent: A, to_agent: A, amount: 1", &["`A` cannot pay itself"][..]),
        (
            "DirectTransfer, from_agent: AA, to_agent: C, amount: 0",
            &["unknown agent `AA`", "unknown agent `C`", "`amount` is below 1: `0`"],
        ),
        (
            "DirectTransfer",
            &[
                "`DirectTransfer` lacks `from_agent`",
                "`DirectTransfer` lacks `to_agent`",
                "`DirectTransfer` lacks `amount`",
            ],
        ),
        (
            "ScheduledSettlement, from_agent: A, to_agent: B, amount: -1",
            &["`amount` is below 1: `-1`"],
        ),
        (
            "CustomTransactionArrival, from_agent: A, to_agent: B, amount: 1, deadline: 0, priority: 11, rtgs_priority: Low",
            &[
                "`deadline` is below 1: `0`",
                "`priority` is above 10: `11`",
                "`rtgs_priority` must be `Normal`, `Urgent` or `HighlyUrgent`, found `Low`",
            ],
        ),
        ("CreditLimitChange, agent: A", &["`CreditLimitChange` lacks `delta`"]),
        (
            "CreditLimitChange, agent: A, multiplier: 3, delta: 1",
            &["unknown key `multiplier` in `CreditLimitChange`"],
        ),
        ("GlobalArrivalRateChange, multiplier: -1", &["`multiplier` is below 0: `-1`"]),
        (
            "GlobalArrivalRateChange, multiplier: .inf",
            &["`multiplier` must be a number, found `.inf`"],
        ),
        (
            "GlobalArrivalRateChange, multiplier: 500_001",
            &["`multiplier` raises an arrival rate of `A` above 1,000,000"],
        ),
        (
            "AgentArrivalRateChange, agent: A, multiplier: 1e300",
            &["`multiplier` raises an arrival rate of `A` above 1,000,000"],
        ),
        (
            "AgentArrivalRateChange, agent: B, multiplier: 1e300",
            &[
                "`AgentArrivalRateChange` will be recorded as not applied: `B` generates no payments",
            ],
        ),
        (
            "CounterpartyWeightChange, agent: A, counterparty: A, new_weight: -1",
            &["`A` cannot pay itself", "`new_weight` is below 0: `-1`"],
        ),
        (
            "CounterpartyWeightChange, agent: B, counterparty: A, new_weight: 1, auto_balance_others: true",
            &[
                "`CounterpartyWeightChange` will be recorded as not applied: `B` generates no payments",
            ],
        ),
        (
            "DeadlineWindowChange",
            &["`DeadlineWindowChange` lacks `min_ticks_multiplier` or `max_ticks_multiplier`"],
        ),
        (
            "DeadlineWindowChange, min_ticks_multiplier: 0",
            &["`min_ticks_multiplier` must be above 0, found `0`"],
        ),
        (
            "CollateralValueChange, agent: A",
            &["`CollateralValueChange` lacks `posted_delta` or `haircut`"],
        ),
        (
            "CollateralValueChange, agent: A, posted_delta: 1, haircut: 0.5",
            &["`haircut` and `posted_delta` exclude each other"],
        ),
        ("CollateralValueChange, agent: A, haircut: 1.5", &["`haircut` is above 1: `1.5`"]),
        ("ParticipantOutage, agent: a", &["unknown agent `a`"]),
        ("CutOffChange, tick_in_day: 50", &["`tick_in_day` is 50, above 49: a day has 50 ticks"]),
        (
            "CutOffChange, tick_in_day: '06:00'",
            &["`tick_in_day` `06:00` lies outside the day, 07:00 to 07:50"],
        ),
        ("CostRateChange, rates: {}", &["`rates` is empty"]),
        (
            "CostRateChange, rates: {eod_penalty: -1, delay_cost_queues: both}",
            &[
                "`eod_penalty` is below 0: `-1`",
                "unknown key `delay_cost_queues` in a change of cost rates",
            ],
        ),
        (
            "LsmConfigChange, lsm_config: {enable_bilateral: true}",
            &["`LsmConfigChange` will be recorded as not applied: `bilateral` is not listed"],
        ),
        (
            "LsmConfigChange, lsm_config: {}",
            &["a change of liquidity saving lacks `enable_bilateral` or `enable_cycles`"],
        ),
        (
            "LimitChange, agent: A, limits: {bilateral_limits: {A: 1, C: 1}}",
            &["`A` has a limit for payments to itself", "unknown agent `C` in `bilateral_limits`"],
        ),
        (
            "PolicyChange, agent: C, policy: {type: Deadline, params: {x: 1}}",
            &["unknown agent `C`", "`deadline` has no parameter `x`"],
        ),
    ] {
        let mut said = messages(&format!(
            "{BUSY}scenario_events: [{{schedule: OneTime, tick: 3, type: {keys}}}]\n"
        ));
        let mut expected = expected.to_vec();
        said.sort_unstable();
        expected.sort_unstable();
        assert_eq!(said, expected, "{keys}");
    }
}

#[test]
fn changes_of_arrivals_want_arrivals() {
    for event in
        ["GlobalArrivalRateChange, multiplier: 2", "DeadlineWindowChange, min_ticks_multiplier: 2"]
    {
        let text =
            format!("{BASE}scenario_events: [{{schedule: OneTime, tick: 3, type: {event}}}]\n");
        let kind = event.split(',').next().unwrap_or_default();
        let expected =
            format!("`{kind}` will be recorded as not applied: nobody generates payments");
        assert_eq!(messages(&text), [expected]);
    }
}

#[test]
fn factors_of_rates_are_weighed_together() {
    let profile = "rate_profile: [{from: 0, to: 5, factor: 10}]\n";
    let events = "scenario_events:
  - {type: GlobalArrivalRateChange, multiplier: 100, schedule: OneTime, tick: 1}
  - {type: AgentArrivalRateChange, agent: A, multiplier: 501, schedule: OneTime, tick: 1}
  - {type: AgentArrivalRateChange, agent: A, multiplier: 0.5, schedule: OneTime, tick: 2}
";
    assert_eq!(
        messages(&format!("{BUSY}{profile}{events}")),
        [
            "`multiplier` raises an arrival rate of `A` above 1,000,000",
            "`multiplier` raises an arrival rate of `A` above 1,000,000",
        ]
    );
    assert_eq!(messages(&format!("{BUSY}{profile}{}", events.replace("501", "500"))), [""; 0]);
}

#[test]
fn limit_rules_are_used_by_later_limits_too() {
    let text = format!(
        "{BASE}limits_basis: net\nscenario_events: [{{type: LimitChange, agent: A, limits: {{}}, \
         schedule: OneTime, tick: 1}}]\n"
    );
    assert_eq!(messages(&text), [""; 0]);
}

#[test]
fn liquidity_that_comes_later_can_reach_reservations() {
    let text = format!("{BASE}reservations: {{urgent: 201}}\n");
    let idle = "reserved for `Urgent`, and no payment here is declared so";
    assert!(messages(&text)[0].contains("no balance can reach them"));
    let event = "scenario_events: [{type: CreditLimitChange, agent: A, delta: 1, schedule: OneTime, tick: 1}]\n";
    assert_eq!(
        messages(&format!("{text}{event}")),
        [
            "`reservations` of 201 are above the liquidity that `A` and 1 other agent have at the start",
            idle
        ]
    );
    // Nor is it said of what a faulty event may bring.
    let faulty = messages(&(text + &event.replace("delta: 1", "delta: x")));
    assert!(faulty.iter().all(|fault| !fault.contains("no balance")), "{faulty:?}");
}

#[test]
fn faulty_events_are_shown_where_they_stand() {
    let text = format!(
        "{BASE}scenario_events:
  - type: DirectTransfer
    from_agent: A
    to_agent: BB
    amount: 5
    schedule: {{type: Repeating, start_tick: 8, interval: 2, end_tick: 5}}
"
    );
    insta::assert_snapshot!(refused(&text), @r"
    error: unknown agent `BB`
     --> s.yaml:8:15
      |
    8 |     to_agent: BB
      |               ^^
      |
      = hint: the agents are `A`, `B`

    error: `end_tick` 5 comes before the first tick, 8
      --> s.yaml:10:71
       |
    10 |     schedule: {type: Repeating, start_tick: 8, interval: 2, end_tick: 5}
       |                                                                       ^

    2 errors
    ");
}
