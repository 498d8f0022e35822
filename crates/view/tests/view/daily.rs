//! The figures of agents' days, worked out by hand.

use psim_model::event::{HoldReason, TransferKind};
use psim_model::{Day, Money, Total};
use psim_view::{AgentDay, DailyMetricsFold, Fold};

use crate::stream::{Means, Stream};

fn folded(stream: &Stream) -> DailyMetricsFold {
    let mut fold = DailyMetricsFold::new();
    for batch in &stream.batches {
        fold.observe(batch);
    }
    fold
}

fn money(minor: i64) -> Money {
    Money::from_minor(minor)
}

fn total(minor: i128) -> Total {
    Total::from_minor(minor)
}

/// Writes a day of four ticks and the first tick of the next.
fn written() -> Stream {
    let mut stream = Stream::new(4, 2);
    stream.agent(100, &Means { cap: 40, collateral: 10, pool: 50, ..Means::default() });
    stream.agent(0, &Means::default());
    stream.allocate('A', 50); // A has 150
    stream.arrive('A', 'B', 130, 3).settle(0); // 20 and 130
    stream.arrive('B', 'A', 10, 3).hold(1, HoldReason::PolicyDecision);
    stream.tick(1).post('A', 15, 25, "more").arrive('A', 'B', 60, 3).settle(2); // -40 and 190
    stream.tick(2).settle(1).cost('A', [3, 0, 1, 0, 0, 5]); // -30 and 180
    stream.tick(3).transfer('B', 'A', 5, TransferKind::DirectTransfer); // -25 and 175
    stream.arrive('B', 'A', 70, 3).hold(3, HoldReason::PolicyDecision);
    stream.cost('B', [0, 2, 0, 4, 0, 0]).end_of_day(1, 4);
    stream.give_back('A', 50).drop_closed(3); // -75
    stream.tick(4).allocate('A', 50); // -25
    stream
}

#[test]
fn a_day_has_the_figures_of_its_events() {
    let fold = folded(&written());
    let [a, b] = fold.day(Day(0)).expect("the day is over") else { panic!("two agents") };
    assert_eq!(
        *a,
        AgentDay {
            agent_id: "A".to_owned(),
            day: Day(0),
            opening_balance: money(150),
            closing_balance: money(-25),
            min_balance: money(-40),
            max_balance: money(150),
            unsecured_cap: money(40),
            peak_overdraft: money(40),
            opening_posted_collateral: money(10),
            closing_posted_collateral: money(25),
            peak_posted_collateral: money(25),
            collateral_capacity: money(10),
            num_collateral_posts: 1,
            num_arrivals: 2,
            num_sent: 2,
            num_received: 1,
            num_settled: 2,
            liquidity_cost: total(3),
            collateral_cost: total(1),
            liquidity_opportunity_cost: total(5),
            total_cost: total(9),
            ..AgentDay::default()
        }
    );
    assert_eq!(
        *b,
        AgentDay {
            agent_id: "B".to_owned(),
            closing_balance: money(175),
            max_balance: money(190),
            num_arrivals: 2,
            num_sent: 1,
            num_received: 2,
            num_settled: 1,
            num_dropped: 1,
            queue1_peak_size: 1,
            delay_cost: total(2),
            penalty_cost: total(4),
            deadline_penalty_cost: total(4),
            total_cost: total(6),
            ..AgentDay::default()
        }
    );
}

#[test]
fn a_day_begins_with_what_was_brought_in_that_morning() {
    let mut stream = written();
    assert!(folded(&stream).day(Day(1)).is_none(), "the day is not over");
    stream.tick(7);
    let fold = folded(&stream);
    let a = &fold.day(Day(1)).expect("the day is over")[0];
    let balances = [a.opening_balance, a.closing_balance, a.min_balance, a.max_balance];
    assert_eq!(balances, [money(-25); 4]);
    assert_eq!((a.peak_overdraft, a.opening_posted_collateral), (money(25), money(25)));
    let counts = [a.num_arrivals, a.num_sent, a.num_settled, a.num_collateral_posts];
    assert_eq!((counts, a.total_cost), ([0; 4], Total::ZERO));
}
