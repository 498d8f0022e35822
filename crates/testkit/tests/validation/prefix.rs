//! V11: what gridlock resolution takes of given queues; V14: money is not spent twice.

use psim_model::event::{Event, EventBatch};

use crate::case::{Case, Row, files, tuple};
use crate::scene::Scene;

pub(crate) fn v11() -> Case {
    let scenario = "simulation: {ticks_per_day: 1, num_days: 1}
queue_discipline: fifo
payments: payments.csv
agents:
  - {id: A, opening_balance: 0}
  - {id: B, opening_balance: 50}
  - {id: C, opening_balance: 0}
lsm_config: {algorithms: [gridlock_resolution]}
";
    let payments = "tick,sender,receiver,amount
0,A,B,60
0,A,C,50
0,B,C,80
0,B,A,30
0,C,A,40
0,C,B,20
";
    let outcome = Scene::new(scenario, payments).run(&[]);
    let sets: Vec<_> = outcome
        .batches
        .iter()
        .flat_map(|batch| batch.events().iter().map(move |event| (batch, event)))
        .filter_map(|(batch, event)| match event {
            Event::LsmBatchSettlement(set) => Some((batch, set)),
            _ => None,
        })
        .collect();
    let mut taken = [0; 3];
    let mut value = 0;
    for (batch, set) in &sets {
        for payment in set.tx_ids.of(batch.columns()) {
            taken[outcome.end.payment(*payment).expect("it arrived").sender.index()] += 1;
        }
        value += set.total_value.minor();
    }
    let by_itself = outcome.summary.payments.settled_on_entry.count
        + outcome.summary.payments.settled_from_queue2.count;
    Case {
        title: "V11: what gridlock resolution takes of given queues",
        source: "Worked out by hand: the algorithm of Bech and Soramäki (as V6), all queued payments \
            less the last of a bank that would be left below zero, until none is",
        input: files(scenario, payments),
        rows: vec![
            Row::new("payments settled by themselves", 0, by_itself),
            Row::new("sets settled", 1, sets.len()),
            Row::new("payments taken of A, B, C", "(1, 2, 2)", tuple(taken)),
            Row::new("payments settled", 5, outcome.summary.payments.settled.count),
            Row::new("value", 230, value),
            Row::new("balances at the end", "(10, 20, 20)", tuple(outcome.balances())),
            Row::new("payments left", 1, outcome.queued()),
        ],
        remark: "Queue discipline `fifo`: no first payment of a bank can move by itself, so that the \
            algorithm finds the queues as they are given. Only A would be left below zero by all \
            six (by 40); without its second payment nobody is.",
    }
}

pub(crate) fn v14() -> Case {
    let scenario = "simulation: {ticks_per_day: 1, num_days: 1}
queue_discipline: bypass
payments: payments.csv
agents:
  - {id: A, opening_balance: 100}
  - {id: B, opening_balance: 0}
  - {id: C, opening_balance: 0}
";
    let payments = "tick,sender,receiver,amount\n0,A,B,80\n0,A,C,80\n";
    let outcome = Scene::new(scenario, payments).run(&[]);
    let balances_after =
        outcome.batches.iter().flat_map(EventBatch::events).filter_map(|event| match event {
            Event::RtgsImmediateSettlement(settled) => Some(settled.sender_balance_after.minor()),
            Event::Queue2LiquidityRelease(settled) => Some(settled.sender_balance_after.minor()),
            _ => None,
        });
    let lowest = balances_after.min().unwrap_or(100);
    Case {
        title: "V14: the same money is not spent twice",
        source: "Arithmetic",
        input: files(scenario, payments),
        rows: vec![
            Row::new("payments settled", 1, outcome.summary.payments.settled.count),
            Row::new("payments queued", 1, outcome.queued()),
            Row::new("lowest balance of A", 20, lowest),
            Row::new("balances at the end", "(20, 80, 0)", tuple(outcome.balances())),
        ],
        remark: "Queue discipline `bypass`. A simulator that tests both payments against the balance \
            at the start of the tick would leave A at −60.",
    }
}
