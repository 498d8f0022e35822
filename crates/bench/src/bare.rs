//! The yardstick: the least that settling a day of payments can cost.
//!
//! Balances in an array, prepared payments, a strict queue for each sender that is retried when its
//! owner is credited, and a 24-byte record for each arrival, queueing and settlement. No ticks, no
//! costs, no deadlines, no names.

use std::collections::VecDeque;

use psim_model::PreparedPayment;

/// What the loop writes down.
#[expect(dead_code, reason = "a log is written whether or not it is read")]
#[derive(Clone, Copy, Debug)]
pub(crate) struct Record {
    pub(crate) amount: i64,
    pub(crate) payment: u32,
    pub(crate) sender: u32,
    pub(crate) receiver: u32,
    pub(crate) what: u32,
}

/// What came of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Outcome {
    pub(crate) settled: usize,
    pub(crate) peak_waiting: usize,
}

const ARRIVED: u32 = 0;
const QUEUED: u32 = 1;
const SETTLED: u32 = 2;

/// Settles `payments` from `balances`, one after another.
pub(crate) fn run(
    payments: &[PreparedPayment],
    mut balances: Vec<i64>,
    log: &mut Vec<Record>,
) -> Outcome {
    let mut queues: Vec<VecDeque<u32>> = vec![VecDeque::new(); balances.len()];
    let mut credited: Vec<u32> = Vec::new();
    let (mut settled, mut waiting, mut peak_waiting) = (0, 0, 0);
    log.clear();
    for (number, payment) in payments.iter().enumerate() {
        let number = u32::try_from(number).unwrap_or(u32::MAX);
        let (sender, amount) = (payment.sender.index(), payment.amount.minor());
        log.push(record(payment, number, ARRIVED));
        if !queues[sender].is_empty() || balances[sender] < amount {
            queues[sender].push_back(number);
            log.push(record(payment, number, QUEUED));
            waiting += 1;
            peak_waiting = waiting.max(peak_waiting);
            continue;
        }
        balances[sender] -= amount;
        balances[payment.receiver.index()] += amount;
        log.push(record(payment, number, SETTLED));
        settled += 1;
        credited.push(payment.receiver.0);
        while let Some(agent) = credited.pop() {
            while let Some(&first) = queues[agent as usize].front() {
                let queued = &payments[first as usize];
                if balances[agent as usize] < queued.amount.minor() {
                    break;
                }
                balances[agent as usize] -= queued.amount.minor();
                balances[queued.receiver.index()] += queued.amount.minor();
                queues[agent as usize].pop_front();
                log.push(record(queued, first, SETTLED));
                settled += 1;
                waiting -= 1;
                if queued.receiver.0 != agent {
                    credited.push(queued.receiver.0);
                }
            }
        }
    }
    Outcome { settled, peak_waiting }
}

fn record(payment: &PreparedPayment, number: u32, what: u32) -> Record {
    Record {
        amount: payment.amount.minor(),
        payment: number,
        sender: payment.sender.0,
        receiver: payment.receiver.0,
        what,
    }
}
