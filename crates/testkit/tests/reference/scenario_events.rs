//! Scenario events.

use psim_model::{
    AgentNo, AmountDistribution, ArrivalStream, Counterparties, Priority, PriorityDistribution,
    ScenarioEvent,
};
use psim_testkit::sketch::{payment, scenario};

use super::{check, happen, lines_of, money};

#[test]
fn scenario_events_say_what_they_did_and_why_not() {
    let mut world = scenario(2, 1, &[("A", 3), ("B", 0)]);
    let (from_agent, to_agent) = (AgentNo(0), AgentNo(1));
    let transfer = ScenarioEvent::DirectTransfer { from_agent, to_agent, amount: money(5) };
    happen(&mut world, 0, transfer);
    let settlement = |from_agent, to_agent, amount| ScenarioEvent::ScheduledSettlement {
        from_agent,
        to_agent,
        amount: money(amount),
    };
    happen(&mut world, 0, settlement(to_agent, from_agent, 6));
    happen(&mut world, 1, settlement(to_agent, from_agent, 4));
    happen(&mut world, 1, ScenarioEvent::ParticipantOutage { agent: from_agent });
    happen(&mut world, 1, settlement(from_agent, to_agent, 1));
    world.rules.deferred_crediting = true;
    world.payments.rows = vec![payment(1, 0, 1, 1)];
    check(
        world,
        r#"0 ScenarioEventExecuted DirectTransfer A B {"amount":5,"from_agent":"A","to_agent":"B"} true -
         0 FundsTransferred A B 5 DirectTransfer 3 -2
         0 AgentOverExtended A 2 DirectTransfer
         0 ScenarioEventExecuted ScheduledSettlement B A {"amount":6,"from_agent":"B","to_agent":"A"} false InsufficientLiquidity
         1 ScenarioEventExecuted ScheduledSettlement B A {"amount":4,"from_agent":"B","to_agent":"A"} true -
         1 FundsTransferred B A 4 ScheduledSettlement 5 1
         1 ScenarioEventExecuted ParticipantOutage A - {"agent":"A"} true -
         1 ParticipantOutage A
         1 ScenarioEventExecuted ScheduledSettlement A B {"amount":1,"from_agent":"A","to_agent":"B"} false Outage
         1 PolicyHold tx-0 A Outage - -
         1 DeferredCreditApplied A 4 2 []
         1 EndOfDay 1 0
         1 RunEnded 1"#,
    );
}

#[test]
fn a_weight_of_nothing_is_never_drawn() {
    let mut world = scenario(30, 1, &[("A", 0), ("B", 0), ("C", 0), ("D", 0)]);
    world.agents[0].arrivals.push(ArrivalStream {
        rate_per_tick: 2.0,
        amount: AmountDistribution::Uniform { min: money(1), max: money(1) },
        counterparties: Counterparties::Uniform,
        deadline_min: 1,
        deadline_max: 1,
        priority: PriorityDistribution::Fixed(Priority::DEFAULT),
        divisible: None,
    });
    let weight = |counterparty, new_weight| ScenarioEvent::CounterpartyWeightChange {
        agent: AgentNo(0),
        counterparty: AgentNo(counterparty),
        new_weight,
        auto_balance_others: true,
    };
    // Of weights 1, 1, 1 first B's goes, then D takes all that is left; more it cannot have.
    happen(&mut world, 0, weight(1, 0.0));
    happen(&mut world, 10, weight(3, 3.0));
    happen(&mut world, 20, weight(3, 4.0));
    let lines = lines_of(world);
    let paid = |receiver: &str, ticks: std::ops::Range<u32>| {
        let arrivals = lines.iter().filter(|line| line.contains(" Arrival "));
        arrivals
            .filter(|line| {
                let words: Vec<&str> = line.split(' ').collect();
                words[4] == receiver && ticks.contains(&words[0].parse().unwrap())
            })
            .count()
    };
    assert_eq!((paid("B", 0..30), paid("C", 10..30)), (0, 0));
    assert!(paid("C", 0..10) > 3 && paid("D", 0..10) > 3 && paid("D", 10..30) > 20);
    assert!(lines.iter().any(|line| line.ends_with("false NoWeightLeft")));
}
