//! The state rebuilt from events.

use psim_model::event::{DropReason, HoldReason, QueueReason};
use psim_model::{Money, PaymentNo, Tick, Total};
use psim_view::{Fold, Place, Projection, Settlement, WaitReason};

use crate::stream::{Means, Stream, no};

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

#[test]
fn queues_keep_their_order_when_payments_leave_from_anywhere() {
    let mut stream = Stream::new(10, 1);
    stream.agents(&[100, 100, 0]);
    for _ in 0..6 {
        stream.arrive('A', 'B', 30, 9);
    }
    stream.arrive('B', 'A', 10, 9);
    assert_eq!(projected(&stream).queue1(no('A')), numbers(&[0, 1, 2, 3, 4, 5]));
    // The middle, the first and the last leave queue 1; they join queue 2 in that order.
    for payment in [2, 0, 5] {
        stream.queue(payment, QueueReason::EarlierPayment);
    }
    let projection = projected(&stream);
    assert_eq!(projection.queue1(no('A')), numbers(&[1, 3, 4]));
    assert_eq!(projection.queue1(no('B')), numbers(&[6]));
    assert_eq!(projection.queue2(), numbers(&[2, 0, 5]));
    // The middle of queue 2 settles, a newcomer joins behind.
    stream.tick(1).release(0).queue(6, QueueReason::InsufficientLiquidity);
    let projection = projected(&stream);
    assert_eq!(projection.queue2(), numbers(&[2, 5, 6]));
    assert_eq!(projection.queue1(no('B')), numbers(&[]));
    let sender = projection.agent(no('A')).unwrap();
    assert_eq!((sender.queue1.count, sender.queue1.value), (3, Total::from_minor(90)));
    assert_eq!((sender.queue2.count, sender.queue2.value), (2, Total::from_minor(60)));
    stream.tick(2).release(2).release(5).release(6);
    assert_eq!(projected(&stream).queue2(), numbers(&[]));
    stream.tick(3).queue(4, QueueReason::InsufficientLiquidity);
    assert_eq!(projected(&stream).queue2(), numbers(&[4]));
}

#[test]
fn a_payment_keeps_the_marks_of_its_life() {
    let mut stream = Stream::new(10, 1);
    stream.agents(&[100, 0]);
    stream.arrive('A', 'B', 60, 1).hold(0, HoldReason::CutOff);
    stream.arrive('A', 'B', 70, 9).queue(1, QueueReason::InsufficientLiquidity);
    stream.tick(2).overdue(0, 5);
    stream.tick(4).settle(0).overdue_settled(0, 5);
    stream.tick(9).drop_closed(1);
    let projection = projected(&stream);

    let late = projection.payment(PaymentNo(0)).unwrap();
    assert_eq!(late.place, Place::Settled { tick: Tick(4), how: Settlement::OnEntry });
    assert_eq!((late.arrival, late.deadline), (Tick(0), Tick(1)));
    assert_eq!(late.overdue_since, Some(Tick(2)));
    assert_eq!(late.queued_since, None);
    assert_eq!(late.last_reason, Some(WaitReason::Hold(HoldReason::CutOff)));

    let dropped = projection.payment(PaymentNo(1)).unwrap();
    assert_eq!(dropped.place, Place::Dropped { tick: Tick(9), reason: Some(DropReason::Closed) });
    assert_eq!(dropped.queued_since, Some(Tick(0)));
    let reason = WaitReason::Queue(QueueReason::InsufficientLiquidity);
    assert_eq!(dropped.last_reason, Some(reason));
    assert_eq!(projection.queue2(), numbers(&[]));
    assert_eq!(projection.payment(PaymentNo(2)), None);
}

#[test]
fn agents_hold_balance_pool_credit_and_collateral() {
    let mut stream = Stream::new(10, 2);
    // 1,000 collateral at a haircut of 12.5 % is worth 875; with the cap that makes 975.
    stream.agent(50, &Means { cap: 100, collateral: 1_000, haircut: "0.125", pool: 400 });
    stream.agent(0, &Means::default());
    stream.allocate('A', 400);
    let projection = projected(&stream);
    let agent = projection.agent(no('A')).unwrap();
    assert_eq!(projection.balance(no('A')), Some(money(450)));
    assert_eq!(agent.allocated_pool, money(400));
    assert_eq!(agent.collateral_value(), money(875));
    assert_eq!(agent.credit_permission(), money(975));
    assert_eq!(agent.available(), money(450 + 975));

    stream.arrive('A', 'B', 600, 9).settle(0);
    let projection = projected(&stream);
    let agent = projection.agent(no('A')).unwrap();
    assert_eq!(agent.balance, money(-150));
    assert_eq!(agent.credit_used(), money(150));
    assert_eq!(agent.available(), money(825));
    assert_eq!(projection.balance(no('B')), Some(money(600)));

    // The return of the pool leaves it beyond no permission, but 550 in credit.
    stream.tick(9).give_back('A', 400);
    let projection = projected(&stream);
    let agent = projection.agent(no('A')).unwrap();
    assert_eq!((agent.balance, agent.allocated_pool), (money(-550), money(0)));
    assert_eq!(agent.available(), money(425));
}

#[test]
fn costs_of_today_begin_anew_each_day() {
    let mut stream = Stream::new(2, 2);
    stream.agents(&[0, 0]);
    stream.cost('A', [1, 2, 3, 4, 5, 6]);
    stream.tick(1).cost('A', [10, 0, 0, 0, 0, 0]);
    let costs = |stream: &Stream| {
        let projection = projected(stream);
        let agent = projection.agent(no('A')).unwrap();
        (agent.costs_today.total().minor(), agent.costs.total().minor())
    };
    assert_eq!(costs(&stream), (31, 31));
    stream.tick(2);
    assert_eq!(costs(&stream), (0, 31));
    stream.cost('A', [0, 7, 0, 0, 0, 0]);
    assert_eq!(costs(&stream), (7, 38));
}

#[test]
fn names_come_from_the_stream() {
    let mut stream = Stream::new(2, 2);
    stream.agents(&[0, 0]).arrive('A', 'B', 1, 1);
    let projection = projected(&stream);
    assert_eq!(projection.names().agent(no('B')), "B");
    assert_eq!(projection.names().payment(PaymentNo(0)), "tx-0");
    assert_eq!(projection.currency().code, "EUR");
    assert_eq!(projection.calendar().unwrap().horizon(), 4);
    assert!(!projection.has_ended());
}

#[test]
fn a_stream_without_its_opening_is_passed_over() {
    let mut stream = Stream::new(10, 1);
    stream.agents(&[100, 100]);
    stream.tick(1).arrive('A', 'B', 50, 9).queue(0, QueueReason::InsufficientLiquidity);
    stream.tick(2).release(0).overdue(0, 1).cost('B', [1; 6]).drop_closed(0);
    stream.batches.remove(0);
    let projection = projected(&stream);
    assert_eq!(projection.agents(), []);
    assert_eq!(projection.payments(), []);
    assert_eq!(projection.balance(no('A')), None);
}
