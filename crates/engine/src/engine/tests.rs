//! Whole small days with outcomes worked out by hand.

mod forged;
mod headroom;
mod rings;

use psim_model::event::{Event, EventBatch, Refusal};
use psim_model::{
    Agent, AgentNo, Algorithm, AmountDistribution, ArrivalStream, Calendar, CheckedScenario,
    Counterparties, EntryOrder, Fraction, Instruction, LiquidityBounds, Money, PaymentAction,
    PaymentRef, Penalty, Policy, PreparedPayment, Priority, PriorityDistribution, QueueDiscipline,
    RtgsPriority, Scenario, ScenarioEvent, Schedule, ScheduledAlgorithm, ScheduledEvent,
    ScheduledInstruction, Submission, Tick, Total,
};

use super::*;
use crate::limits::Flow;
use crate::payments::Place;

fn bank(id: &str, balance: i64) -> Agent {
    Agent::plain(id, Money::from_minor(balance))
}

/// A free world of the given banks and payments `(tick, sender, receiver, amount)`.
fn world(ticks: u32, agents: Vec<Agent>, payments: &[(u32, u32, u32, i64)]) -> Scenario {
    let calendar = Calendar::try_new(ticks, 1, None).unwrap();
    let rows = payments.iter().map(|&(tick, sender, receiver, amount)| PreparedPayment {
        tick: Tick(tick),
        sender: AgentNo(sender),
        receiver: AgentNo(receiver),
        amount: Money::from_minor(amount),
        deadline: calendar.last_tick(),
        earliest: Tick(tick),
        priority: Priority::DEFAULT,
        rtgs_priority: RtgsPriority::Normal,
        divisible: None,
    });
    let mut scenario = Scenario::plain(calendar, agents);
    scenario.payments.rows = rows.collect();
    scenario.rules.queue_discipline = QueueDiscipline::Fifo;
    scenario.rules.entry_order = EntryOrder::Submission;
    scenario
}

/// A stream of two payments a tick, in the mean.
fn two_a_tick() -> ArrivalStream {
    ArrivalStream {
        rate_per_tick: 2.0,
        amount: AmountDistribution::Uniform {
            min: Money::from_minor(10_000),
            max: Money::from_minor(20_000),
        },
        counterparties: Counterparties::Uniform,
        deadline_min: 5,
        deadline_max: 10,
        priority: PriorityDistribution::Fixed(Priority::DEFAULT),
        divisible: None,
    }
}

fn run(scenario: CheckedScenario) -> Vec<Event> {
    let mut engine = Engine::new(scenario);
    let mut batch = EventBatch::default();
    let mut events = Vec::new();
    while !engine.is_finished() {
        engine.tick(&mut batch).unwrap();
        events.extend_from_slice(batch.events());
    }
    events
}

fn count(events: &[Event], is_wanted: impl Fn(&Event) -> bool) -> usize {
    events.iter().filter(|event| is_wanted(event)).count()
}

/// The six payments whose liquidity bounds are 80 and 110.
const RING: [(u32, u32, u32, i64); 6] =
    [(0, 0, 1, 50), (1, 1, 2, 70), (2, 2, 0, 30), (3, 1, 0, 40), (4, 0, 2, 60), (5, 2, 1, 20)];

fn ring_at(alpha: &str) -> CheckedScenario {
    let banks = ["A", "B", "C"].map(|id| bank(id, 0)).to_vec();
    let mut scenario = world(10, banks, &RING);
    let bounds = LiquidityBounds::of(3, &scenario.payments.rows).unwrap();
    for (agent, balance) in scenario.agents.iter_mut().zip(bounds.at(alpha.parse().unwrap())) {
        agent.opening_balance = balance;
    }
    scenario.check().unwrap()
}

/// Case V7: with the upper bound everything settles on entry.
#[test]
fn at_the_upper_bound_nothing_waits() {
    let events = run(ring_at("1"));
    assert_eq!(count(&events, |e| matches!(e, Event::RtgsImmediateSettlement(_))), 6);
    assert_eq!(count(&events, |e| matches!(e, Event::QueuedRtgs(_))), 0);
    let mut balances = [50, 60, 0];
    for event in &events {
        if let Event::RtgsImmediateSettlement(settled) = event {
            balances[settled.sender_id.index()] -= settled.amount.minor();
            balances[settled.receiver_id.index()] += settled.amount.minor();
            let after = settled.sender_balance_after.minor();
            assert_eq!(after, balances[settled.sender_id.index()]);
        }
    }
    assert_eq!(balances, [10, 20, 80]);
}

/// Case V8: with the lower bound and strict queues nothing settles at all.
#[test]
fn at_the_lower_bound_strict_queues_lock() {
    let events = run(ring_at("0"));
    assert_eq!(count(&events, |e| matches!(e, Event::QueuedRtgs(_))), 6);
    assert_eq!(count(&events, |e| matches!(e, Event::RtgsImmediateSettlement(_))), 0);
    assert_eq!(count(&events, |e| matches!(e, Event::Queue2LiquidityRelease(_))), 0);
}

/// What is blocked stays so under other algorithms, and is not told again.
#[test]
fn a_branch_does_not_tell_again_what_is_blocked() {
    let mut scenario = Scenario::clone(&ring_at("0"));
    scenario.liquidity_saving.reports_blocks = true;
    let mut engine = Engine::new(scenario.clone().check().unwrap());
    let mut batch = EventBatch::default();
    let mut blocks_told = |engine: &mut Engine, ticks: u32| {
        let mut told = 0;
        for _ in 0..ticks {
            engine.tick(&mut batch).unwrap();
            told += count(batch.events(), |event| matches!(event, Event::QueueBlocked(_)));
        }
        told
    };
    assert_eq!(blocks_told(&mut engine, 8), 2); // one way, and the other
    scenario.liquidity_saving.max_rounds += 1;
    let mut branch = engine.branch(scenario.check().unwrap()).unwrap();
    assert_eq!(blocks_told(&mut branch, 2), 0);
}

/// Case V14: two payments in one tick cannot spend the same money.
#[test]
fn the_same_money_is_not_spent_twice() {
    let banks = vec![bank("A", 100), bank("B", 0), bank("C", 0)];
    let events = run(world(3, banks, &[(0, 0, 1, 80), (0, 0, 2, 80)]).check().unwrap());
    assert_eq!(count(&events, |e| matches!(e, Event::RtgsImmediateSettlement(_))), 1);
    assert_eq!(count(&events, |e| matches!(e, Event::QueuedRtgs(_))), 1);
    assert!(events.iter().all(|event| match event {
        Event::RtgsImmediateSettlement(settled) => !settled.sender_balance_after.is_negative(),
        _ => true,
    }));
}

/// The published check value of the arrival recipe.
#[test]
fn generated_arrivals_have_their_published_values() {
    let mut banks = ["A", "B", "C"].map(|id| bank(id, 0)).to_vec();
    banks[0].arrivals.push(two_a_tick());
    let mut engine = Engine::new(world(100, banks, &[]).check().unwrap());
    let mut batch = EventBatch::default();
    engine.tick(&mut batch).unwrap();
    let arrived: Vec<(i64, u32, u32)> = batch
        .events()
        .iter()
        .filter_map(|event| match event {
            Event::Arrival(a) => Some((a.amount.minor(), a.receiver_id.0, a.deadline_tick.0)),
            _ => None,
        })
        .collect();
    let expected = [(19_304, 2, 9), (12_941, 2, 8), (12_334, 2, 7), (10_627, 1, 6), (15_671, 2, 6)];
    assert_eq!(arrived, expected);
    assert_eq!(engine.arrivals.generator_states(), [14_371_302_075_300_581_341]);
}

/// Offsetting takes away the first payment of a strict queue: the next one is tested.
#[test]
fn after_an_offset_the_next_of_a_strict_queue_is_tested() {
    // R owes S 100 and X 10, and holds 20; S cannot pay R 100 by itself.
    let banks = vec![bank("R", 20), bank("S", 0), bank("X", 0)];
    let payments = [(0, 0, 1, 100), (0, 0, 2, 10), (1, 1, 0, 100)];
    let mut scenario = world(3, banks, &payments);
    scenario.rules.entry_disposition_offsetting = true;
    let events = run(scenario.check().unwrap());
    assert_eq!(count(&events, |e| matches!(e, Event::EntryDispositionOffset(_))), 1);
    assert_eq!(count(&events, |e| matches!(e, Event::Queue2LiquidityRelease(_))), 1);
}

#[test]
fn a_tick_beyond_the_run_is_an_error() {
    let mut engine = Engine::new(world(1, vec![bank("A", 0)], &[]).check().unwrap());
    let mut batch = EventBatch::default();
    engine.tick(&mut batch).unwrap();
    let refused = TickError::BeyondHorizon { tick: Tick(1), last_tick: Tick(0) };
    assert_eq!(engine.tick(&mut batch), Err(refused));
}

/// All money there is, in one place and out again: nothing overflows.
#[test]
fn the_largest_admitted_balances_settle() {
    let half = (1 << 60) - 1;
    let payments = [(0, 0, 1, half), (1, 1, 0, 2 * half)];
    let events = run(world(3, vec![bank("A", half), bank("B", half)], &payments).check().unwrap());
    assert_eq!(count(&events, |e| matches!(e, Event::RtgsImmediateSettlement(_))), 2);
    let too_much = world(3, vec![bank("A", i64::MAX), bank("B", 1)], &[]);
    assert!(too_much.check().is_err());
}

#[test]
fn a_run_with_a_payment_of_any_amount_can_be_kept() {
    let payments = [(0, 0, 1, i64::MAX)];
    let scenario = world(3, vec![bank("A", 0), bank("B", 0)], &payments).check().unwrap();
    let mut engine = Engine::new(scenario.clone());
    engine.tick(&mut EventBatch::default()).unwrap();
    let restored = Engine::restore(scenario, &engine.checkpoint()).unwrap();
    assert_eq!(restored.checkpoint(), engine.checkpoint());
}

/// Submitting nothing is no fault, whether or not ticks are left; submitting something is then.
/// A payment that a call submits.
fn submission(id: Option<&str>) -> Submission {
    Submission {
        id: id.map(str::to_owned),
        sender: AgentNo(0),
        receiver: AgentNo(1),
        amount: Money::from_minor(1),
        deadline_tick: Tick(9),
        earliest_tick: None,
        priority: Priority::DEFAULT,
        rtgs_priority: RtgsPriority::Normal,
        divisible: None,
    }
}

#[test]
fn an_id_is_given_once() {
    let banks = vec![bank("A", 100), bank("B", 0)];
    let mut engine = Engine::new(world(9, banks, &[]).check().unwrap());
    let named = submission(Some("rent"));
    assert_eq!(engine.submit_batch(std::slice::from_ref(&named)), Ok(vec![PaymentNo(0)]));
    for _ in 0..2 {
        let fault = InstructionError::Refused(Refusal::IdInUse);
        let instruction = Instruction::SubmitTransaction(named.clone());
        assert_eq!(engine.instruct(&instruction), Err(fault.clone()));
        let batch = [submission(None), named.clone()];
        assert_eq!(engine.submit_batch(&batch), Err(BatchFault { index: 1, error: fault }));
        engine.tick(&mut EventBatch::default()).unwrap();
    }
}

#[test]
fn an_empty_batch_is_no_fault_even_after_the_end() {
    let banks = vec![bank("A", 100), bank("B", 0)];
    let mut engine = Engine::new(world(1, banks, &[]).check().unwrap());
    assert_eq!(engine.submit_batch(&[]), Ok(Vec::new()));
    engine.tick(&mut EventBatch::default()).unwrap();
    assert_eq!(engine.submit_batch(&[]), Ok(Vec::new()));
    let fault = BatchFault { index: 0, error: InstructionError::RunOver };
    assert_eq!(engine.submit_batch(&[submission(None)]), Err(fault));
}

/// A day in which one payment waits in queue 2, another is held in queue 1 and a third has settled.
fn waiting() -> Engine {
    let mut limited = bank("A", 100);
    limited.limits.multilateral = Some(Money::from_minor(1_000));
    let mut holding = bank("B", 0);
    holding.policy = Policy::hold();
    let payments = [(0, 0, 1, 30), (0, 0, 1, 500), (0, 1, 0, 7)];
    let mut scenario = world(3, vec![limited, holding], &payments);
    scenario.rules.deferred_crediting = true;
    scenario.rules.entry_disposition_offsetting = true;
    let mut engine = Engine::new(scenario.check().unwrap());
    engine.tick(&mut EventBatch::default()).unwrap();
    engine
}

#[test]
fn an_audit_finds_whatever_is_not_as_a_recount_says() {
    const A: AgentNo = AgentNo(0);
    const SETTLED: PaymentNo = PaymentNo(0);
    const IN_QUEUE_2: PaymentNo = PaymentNo(1);
    const IN_QUEUE_1: PaymentNo = PaymentNo(2);
    type Damage = (&'static str, fn(&mut World));
    let damages: [Damage; 9] = [
        ("payments by their two agents differ", |world| {
            let mut other = *world.payments.get(IN_QUEUE_2);
            std::mem::swap(&mut other.sender, &mut other.receiver);
            world.queue2.keep_pairs(false, |_| &other);
            world.queue2.keep_pairs(true, |_| &other);
        }),
        ("delay weights differ", |world| world.backlog.clear()),
        ("balances and pending credits are 101, 100 came in", |world| {
            world.ledger.credit(A, Money::from_minor(1));
        }),
        ("has credits pending over a tick", |world| {
            world.ledger.debit(A, Money::from_minor(1));
            world.ledger.defer(A, Money::from_minor(1), &[]);
        }),
        ("the use of limits of agent 0 differs", |world| {
            let flow = Flow::from(world.payments.get(SETTLED));
            let admission = world.limits.admission_of(&flow);
            world.limits.count(&flow, admission);
        }),
        ("stands in the wrong queue", |world| {
            world.payments.get_mut(IN_QUEUE_2).place = Place::Settled;
        }),
        ("stands in a queue twice", |world| world.queue1.push(A, IN_QUEUE_1)),
        ("waits in no queue", |world| world.queue2.clear()),
        ("waits in no queue", |world| {
            let payment = world.payments.get_mut(SETTLED);
            payment.place = Place::Queue1;
        }),
    ];
    assert_eq!(waiting().audit(), Ok(()));
    for (expected, damage) in damages {
        let mut engine = waiting();
        damage(&mut engine.world);
        let found = engine.audit().unwrap_err();
        assert!(found.contains(expected), "{expected}: {found}");
    }
}

/// A payment that is given another class as its earliest time comes is tested at once.
#[test]
fn a_payment_resubmitted_as_its_time_comes_settles_at_once() {
    let payments = [(0, 0, 1, 30)];
    let mut scenario = world(4, vec![bank("A", 100), bank("B", 0)], &payments);
    scenario.payments.rows[0].earliest = Tick(2);
    let payment = PaymentRef::Id("tx-0".to_owned());
    let rtgs_priority = RtgsPriority::Urgent;
    let instruction = Instruction::ResubmitToRtgs { payment, rtgs_priority };
    scenario.instructions = vec![ScheduledInstruction { tick: Tick(2), instruction }];
    let mut engine = Engine::new(scenario.check().unwrap());
    let mut batch = EventBatch::default();
    let mut settled = Vec::new();
    while !engine.is_finished() {
        engine.tick(&mut batch).unwrap();
        let is_settled = |event: &&Event| {
            matches!(event, Event::Queue2LiquidityRelease(_) | Event::RtgsImmediateSettlement(_))
        };
        settled.extend(batch.events().iter().filter(is_settled).map(|_| batch.tick()));
        engine.audit().unwrap();
    }
    assert_eq!(settled, [Tick(2)]);
}

type Damage = fn(&mut World);
