//! Payments that settle twice, or after their end.

use psim_model::event::{
    Arrival, DropReason, EntryDispositionOffset, Event, EventBatch, Names, NewPayment, PolicyDrop,
    PolicySplit, RtgsImmediateSettlement, RtgsPriority,
};
use psim_model::{AgentNo, Day, Money, PaymentNo, Priority, Tick};

use super::Lives;

const PAYER: AgentNo = AgentNo(0);
const PAYEE: AgentNo = AgentNo(1);
const AMOUNT: Money = Money::from_minor(9);

fn arrival(no: u32) -> Event {
    Arrival {
        tx_id: NewPayment { no: PaymentNo(no), given_id: None },
        sender_id: PAYER,
        receiver_id: PAYEE,
        amount: AMOUNT,
        deadline_tick: Tick(9),
        earliest_tick: None,
        priority: Priority::DEFAULT,
        rtgs_priority: RtgsPriority::Normal,
        divisible: None,
    }
    .into()
}

fn settlement(no: u32) -> Event {
    RtgsImmediateSettlement {
        tx_id: PaymentNo(no),
        sender_id: PAYER,
        receiver_id: PAYEE,
        amount: AMOUNT,
        sender_balance_before: AMOUNT,
        sender_balance_after: Money::ZERO,
    }
    .into()
}

fn drop_of(no: u32) -> Event {
    PolicyDrop {
        tx_id: PaymentNo(no),
        agent_id: PAYER,
        reason: DropReason::PolicyDecision,
        deadline_penalty_cost: Money::ZERO,
        decision_path: None,
    }
    .into()
}

fn split(batch: &mut EventBatch, no: u32, parts: &[u32]) -> Event {
    PolicySplit {
        tx_id: PaymentNo(no),
        agent_id: PAYER,
        num_splits: 2,
        child_ids: batch.payments(parts.iter().copied().map(PaymentNo)),
        child_amounts: batch.amounts(parts.iter().map(|_| AMOUNT)),
        released_now: 2,
        gap_ticks: 0,
        child_priority: Priority::DEFAULT,
        child_original_priority: Priority::DEFAULT,
        split_friction_cost: Money::ZERO,
        decision_path: None,
    }
    .into()
}

fn offset(batch: &mut EventBatch, payments: [u32; 2]) -> Event {
    EntryDispositionOffset {
        tx_ids: batch.payments(payments.map(PaymentNo)),
        tx_amounts: batch.amounts([AMOUNT; 2]),
        agents: batch.agents([PAYER, PAYEE]),
        net_positions: batch.amounts([Money::ZERO; 2]),
        total_value: AMOUNT + AMOUNT,
        max_net_outflow: Money::ZERO,
        max_net_outflow_agent: None,
    }
    .into()
}

/// Feeds a tick; returns what is found broken.
fn found(make: impl FnOnce(&mut EventBatch) -> Vec<Event>) -> Option<String> {
    let mut batch = EventBatch::default();
    batch.begin(Tick(3), Day(0), 0);
    for event in make(&mut batch) {
        batch.push(event);
    }
    let outcome = Lives::default().observe(&batch, &Names::default());
    outcome.err().map(|broken| broken.to_string())
}

#[test]
fn each_payment_may_settle_once() {
    assert_eq!(found(|_| vec![arrival(0), arrival(1), settlement(1), settlement(0)]), None);
    assert_eq!(
        found(|batch| vec![arrival(0), split(batch, 0, &[1, 2]), settlement(2), settlement(1)]),
        None
    );
    assert_eq!(found(|batch| vec![arrival(0), arrival(1), offset(batch, [1, 0])]), None);
}

#[test]
fn whoever_settles_again_or_after_its_end_is_named() {
    let message = |payment: &str, before: &str| {
        Some(format!(
            "tick 3: a payment settles at most once, but `{payment}` settles after it was {before}"
        ))
    };
    let twice = found(|_| vec![arrival(0), settlement(0), settlement(0)]);
    assert_eq!(twice, message("tx-0", "settled at tick 3"));
    let offset_too =
        found(|batch| vec![arrival(0), arrival(1), settlement(1), offset(batch, [0, 1])]);
    assert_eq!(offset_too, message("tx-1", "settled at tick 3"));
    let dropped = found(|_| vec![arrival(0), drop_of(0), settlement(0)]);
    assert_eq!(dropped, message("tx-0", "dropped at tick 3"));
    let whole = found(|batch| vec![arrival(0), split(batch, 0, &[1, 2]), settlement(0)]);
    assert_eq!(whole, message("tx-0", "split at tick 3"));
    assert_eq!(found(|_| vec![settlement(0)]), message("tx-0", "never announced"));
}
