//! The state rebuilt from events: classes, limits, splits, offsets, deferred credits, collateral.

use psim_model::event::{
    AgentOverExtended, CollateralValueChanged, CreditLimitChanged, DropReason, HoldReason, Origin,
    OverExtensionCause, ParticipantOutage, ParticipantRecovery, QueueReason, RtgsPriority,
    RulesSet, SplitOutcome, TransferKind,
};
use psim_model::{
    Limits, LimitsApplyTo, LimitsBasis, Money, PaymentNo, Priority, Queue1Ordering, Tick,
};
use psim_view::{AgentState, Fold, Payment, Place, Projection, Settlement, WaitReason};

use RtgsPriority::{HighlyUrgent, Normal, Urgent};

use crate::stream::{Means, PLAIN, Stream, no};

fn projected(stream: &Stream) -> Projection {
    let mut projection = Projection::new();
    stream.batches.iter().for_each(|batch| projection.observe(batch));
    projection
}

fn numbers(payments: &[u32]) -> Vec<PaymentNo> {
    payments.iter().copied().map(PaymentNo).collect()
}

fn money(minor: i64) -> Money {
    Money::from_minor(minor)
}

fn agent(stream: &Stream, letter: char) -> AgentState {
    projected(stream).agent(no(letter)).unwrap().clone()
}

fn payment(stream: &Stream, number: u32) -> Payment {
    *projected(stream).payment(PaymentNo(number)).unwrap()
}

#[test]
fn receipts_are_pending_until_the_credits_of_the_tick() {
    let mut stream = Stream::new(10, 1);
    stream.rules(RulesSet { deferred_crediting: true, ..PLAIN }).agents(&[100, 0, 50]);
    stream.arrive('A', 'B', 60, 9).settle(0).transfer('C', 'B', 5, TransferKind::DirectTransfer);
    stream.transfer('C', 'B', 7, TransferKind::ScheduledSettlement);
    let receiver = agent(&stream, 'B');
    assert_eq!((receiver.balance, receiver.pending), (money(5), money(67)));
    assert_eq!(receiver.available(), money(5));
    assert_eq!(agent(&stream, 'C').balance, money(38));
    stream.credit('B', &[0]);
    let receiver = agent(&stream, 'B');
    assert_eq!((receiver.balance, receiver.pending), (money(72), money(0)));
}

#[test]
fn an_offset_moves_what_each_agent_gets_on_balance() {
    let check = |is_deferred: bool, balance: i64, pending: i64| {
        let mut stream = Stream::new(10, 1);
        stream.rules(RulesSet { deferred_crediting: is_deferred, ..PLAIN }).agents(&[10, 0]);
        stream.arrive('B', 'A', 50, 9).queue(0, QueueReason::InsufficientLiquidity);
        stream.tick(2).arrive('A', 'B', 58, 9).offset(1, 0);
        for tx in 0..2 {
            let place = Place::Settled { tick: Tick(2), how: Settlement::EntryOffset };
            assert_eq!(payment(&stream, tx).place, place);
        }
        assert_eq!(agent(&stream, 'A').balance, money(2));
        let receiver = agent(&stream, 'B');
        assert_eq!((receiver.balance, receiver.pending), (money(balance), money(pending)));
        assert_eq!(projected(&stream).queue2(), []);
        assert_eq!(projected(&stream).limit_used(no('A'), None), money(58).into());
        assert_eq!(projected(&stream).limit_used(no('B'), Some(no('A'))), money(50).into());
    };
    check(false, 8, 0);
    check(true, 0, 8);
}

#[test]
fn available_keeps_what_is_reserved_for_higher_classes() {
    let mut stream = Stream::new(10, 1);
    stream.agent(100, &Means { cap: 20, ..Means::default() }).reserve('A', 30, 50);
    let state = agent(&stream, 'A');
    assert_eq!(state.available(), money(120));
    let available = [Normal, Urgent, HighlyUrgent].map(|class| state.available_for(class).minor());
    assert_eq!(available, [40, 90, 120]);
    stream.agents(&[0]).arrive('A', 'B', 110, 9).settle(0);
    let state = agent(&stream, 'A');
    let available = [Normal, Urgent, HighlyUrgent].map(|class| state.available_for(class).minor());
    assert_eq!(available, [0, 0, 10]);
}

#[test]
fn limits_are_used_by_what_settles_on_the_day() {
    let paid = |rules: RulesSet| {
        let mut stream = Stream::new(4, 2);
        stream.rules(rules).agents(&[100, 100, 100]);
        stream.arrive('A', 'B', 10, 7).settle(0); // before there is a limit
        stream.limits('A', Some(90), &[('B', 40), ('C', 0)]);
        stream.arrive('A', 'C', 20, 7).queue(1, QueueReason::BilateralLimit);
        stream.tick(1).release(1);
        stream.arrive_as(('A', 'B', 3), Tick(7), Urgent, 5).settle(2);
        stream.arrive('B', 'A', 5, 7).settle(3);
        stream.transfer('A', 'B', 1, TransferKind::ScheduledSettlement);
        stream.transfer('A', 'B', 50, TransferKind::DirectTransfer);
        stream
    };
    let check = |rules: RulesSet, all: i64, to_b: i64, to_c: i64| {
        let mut stream = paid(rules);
        let used = |stream: &Stream| {
            let projection = projected(stream);
            let receivers = [None, Some(no('B')), Some(no('C'))];
            receivers.map(|receiver| projection.limit_used(no('A'), receiver).minor())
        };
        assert_eq!(used(&stream), [all, to_b, to_c].map(i128::from), "{rules:?}");
        let limits = Limits {
            multilateral: Some(money(90)),
            bilateral: vec![(no('B'), money(40)), (no('C'), money(0))],
        };
        assert_eq!(agent(&stream, 'A').limits, limits);
        stream.tick(4);
        assert_eq!(used(&stream), [0; 3]);
    };
    let (net, normal) = (LimitsBasis::Net, LimitsApplyTo::Normal);
    check(PLAIN, 34, 14, 20);
    check(RulesSet { limits_basis: net, ..PLAIN }, 29, 9, 20);
    check(RulesSet { limits_apply_to: normal, ..PLAIN }, 31, 11, 20);
    check(RulesSet { limits_basis: net, limits_apply_to: normal, ..PLAIN }, 26, 6, 20);
}

#[test]
fn queue_2_goes_by_class_then_band_then_entry() {
    let queued = |priority_mode: bool| {
        let mut stream = Stream::new(10, 1);
        stream.rules(RulesSet { priority_mode, ..PLAIN }).agents(&[0, 0]);
        let payments = [(Normal, 5), (Normal, 9), (HighlyUrgent, 0), (Normal, 7), (Normal, 10)];
        for (tx, (class, priority)) in (0..).zip(payments) {
            stream.arrive_as(('A', 'B', 10), Tick(9), class, priority);
            stream.queue(tx, QueueReason::InsufficientLiquidity);
        }
        stream
    };
    let order = |stream: &Stream| projected(stream).queue2();
    assert_eq!(order(&queued(false)), numbers(&[0, 1, 2, 3, 4]));
    let mut stream = queued(true);
    assert_eq!(order(&stream), numbers(&[2, 1, 4, 0, 3]));
    // A payment that rises a band keeps its entry; one that is declared anew gets another.
    stream.tick(1).escalate(0, 8);
    assert_eq!(order(&stream), numbers(&[2, 0, 1, 4, 3]));
    stream.resubmit(0, HighlyUrgent, Origin::Policy);
    assert_eq!(order(&stream), numbers(&[0, 2, 1, 4, 3]));
    stream.resubmit(0, Normal, Origin::Api);
    assert_eq!(order(&stream), numbers(&[2, 1, 4, 0, 3]));
    let mut stream = queued(false);
    stream.resubmit(1, Urgent, Origin::Scenario);
    assert_eq!(order(&stream), numbers(&[0, 2, 3, 4, 1]));
    assert_eq!(payment(&stream, 1).rtgs_priority, Urgent);
}

#[test]
fn queue_1_is_sorted_once_a_tick_before_decisions() {
    let mut stream = Stream::new(10, 1);
    let queue1_ordering = Queue1Ordering::PriorityDeadline;
    stream.rules(RulesSet { queue1_ordering, ..PLAIN }).agents(&[0, 0]);
    let order = |stream: &Stream| projected(stream).queue1(no('A'));
    for (deadline, priority) in [(9, 3), (8, 5), (7, 5), (8, 5)] {
        stream.arrive_as(('A', 'B', 10), Tick(deadline), Normal, priority);
    }
    assert_eq!(order(&stream), numbers(&[2, 1, 3, 0])); // at the end of the tick
    // What changes after the first decision of a tick waits for the next one.
    stream.tick(1).escalate(0, 6).hold(0, HoldReason::PolicyDecision).reprioritize(3, 10);
    assert_eq!(order(&stream), numbers(&[0, 2, 1, 3]));
    stream.tick(2);
    assert_eq!(order(&stream), numbers(&[3, 0, 2, 1]));
    // A withdrawal that was asked for comes before the sorting, one that was decided on after it.
    stream.queue(3, QueueReason::InsufficientLiquidity);
    stream.queue(0, QueueReason::InsufficientLiquidity);
    stream.tick(3).withdraw(3, Origin::Api).hold(2, HoldReason::PolicyDecision);
    stream.withdraw(0, Origin::Policy);
    assert_eq!(order(&stream), numbers(&[3, 2, 1, 0]));
    stream.tick(4);
    assert_eq!(order(&stream), numbers(&[3, 0, 2, 1]));
}

#[test]
fn parts_inherit_from_the_payment_that_is_split() {
    let mut stream = Stream::new(10, 1);
    stream.agents(&[40, 0]);
    stream.arrive_as(('A', 'B', 100), Tick(1), Urgent, 4).arrive('A', 'B', 5, 9);
    stream.tick(2).overdue(0, 5);
    stream.tick(3).split(0, &[33, 33, 34], 1, 2).settle(2).overdue_settled(2, 0);
    assert_eq!(payment(&stream, 0).place, Place::Split);
    let part = payment(&stream, 3);
    let inherited = (part.sender, part.receiver, part.arrival, part.deadline, part.rtgs_priority);
    assert_eq!(inherited, (no('A'), no('B'), Tick(0), Tick(1), Urgent));
    assert_eq!(
        (part.priority, part.original_priority),
        (Priority::clamped(4), Priority::clamped(4))
    );
    assert_eq!((part.amount, part.parent), (money(33), Some(PaymentNo(0))));
    assert_eq!((part.scheduled, part.overdue_since), (Some(Tick(5)), Some(Tick(2))));
    assert_eq!(part.last_reason, Some(WaitReason::Scheduled));
    assert_eq!(payment(&stream, 4).scheduled, Some(Tick(7)));
    // The others wait at the end of the sender's queue 1.
    let projection = projected(&stream);
    assert_eq!(projection.queue1(no('A')), numbers(&[1, 3, 4]));
    assert_eq!(projection.agent(no('A')).unwrap().queue1.value.minor(), 72);
    assert_eq!(agent(&stream, 'B').balance, money(33));

    stream.tick(5).queue(3, QueueReason::InsufficientLiquidity);
    assert_eq!(payment(&stream, 3).scheduled, None);
    stream.tick(6).release(3);
    stream.tick(7).settle(4).completed(0, SplitOutcome::Settled);
    let place = Place::Settled { tick: Tick(7), how: Settlement::InParts };
    assert_eq!(payment(&stream, 0).place, place);
    assert_eq!(agent(&stream, 'B').balance, money(100));
}

#[test]
fn a_split_payment_of_which_a_part_is_dropped_is_dropped() {
    let mut stream = Stream::new(10, 1);
    stream.agents(&[100, 0]).arrive('A', 'B', 10, 9).split(0, &[5, 5], 2, 0).settle(1);
    stream.queue(2, QueueReason::MultilateralLimit).withdraw(2, Origin::Scenario);
    assert_eq!(projected(&stream).queue1(no('A')), numbers(&[2]));
    assert_eq!(payment(&stream, 2).last_reason, None);
    stream.tick(1).give_up(2, 3).completed(0, SplitOutcome::Dropped);
    let reason = Some(DropReason::PolicyDecision);
    assert_eq!(payment(&stream, 2).place, Place::Dropped { tick: Tick(1), reason });
    assert_eq!(payment(&stream, 0).place, Place::Dropped { tick: Tick(1), reason: None });
}

#[test]
fn queued_since_is_the_latest_joining() {
    let mut stream = Stream::new(10, 1);
    stream.agents(&[0, 0]).arrive('A', 'B', 10, 9).queue(0, QueueReason::InsufficientLiquidity);
    stream.tick(2).resubmit(0, Urgent, Origin::Api);
    assert_eq!(payment(&stream, 0).queued_since, Some(Tick(0)));
    stream.tick(3).withdraw(0, Origin::Api).queue(0, QueueReason::InsufficientLiquidity);
    assert_eq!(payment(&stream, 0).queued_since, Some(Tick(3)));
}

#[test]
fn agents_change_by_shocks_and_instructions() {
    let mut stream = Stream::new(10, 1);
    stream.agent(0, &Means { cap: 10, collateral: 40, haircut: "0.5", pool: 0 });
    let agent_id = no('A');
    stream.push(CreditLimitChanged {
        agent_id,
        unsecured_cap: money(6),
        max_collateral_capacity: money(60),
    });
    stream.post('A', 20, 60, "more");
    let state = agent(&stream, 'A');
    assert_eq!((state.unsecured_cap, state.max_collateral_capacity), (money(6), money(60)));
    assert_eq!((state.posted_collateral, state.available()), (money(60), money(36)));
    let haircut = "0.75".parse().unwrap();
    stream.push(CollateralValueChanged {
        agent_id,
        posted_collateral: money(60),
        collateral_haircut: haircut,
    });
    let cause = OverExtensionCause::CollateralValueChange;
    stream.push(AgentOverExtended { agent_id, shortfall: money(1), cause });
    assert_eq!(agent(&stream, 'A').available(), money(21));
    stream.push(ParticipantOutage { agent_id });
    assert!(agent(&stream, 'A').is_out);
    stream.push(ParticipantRecovery { agent_id });
    assert!(!agent(&stream, 'A').is_out);
}
