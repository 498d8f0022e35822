//! Settlements up to a permission, and beyond it.

use psim_model::event::{
    CreditLimitChanged, DeferredCreditApplied, EntryDispositionOffset, Event, EventBatch,
    FundsTransferred, Names, Queue2LiquidityRelease, TransferKind,
};
use psim_model::{
    Agent, AgentNo, Calendar, CheckedScenario, CostRates, Currency, Day, LiquiditySaving, Money,
    PaymentNo, PolicySettings, PreparedPayments, RngStreams, Rules, Scenario, Tick,
};

use super::Books;

const A: AgentNo = AgentNo(0);
const B: AgentNo = AgentNo(1);

/// A has 10 and a cap of 5; B has nothing.
fn scenario(deferred_crediting: bool) -> CheckedScenario {
    let mut first = Agent::plain("A", Money::from_minor(10));
    first.unsecured_cap = Money::from_minor(5);
    let scenario = Scenario {
        calendar: Calendar::try_new(10, 1, None).unwrap(),
        currency: Currency { code: String::new(), decimals: 2 },
        rng_seed: 1,
        rng_streams: RngStreams::default(),
        rate_profile: Vec::new(),
        agents: vec![first, Agent::plain("B", Money::ZERO)],
        draw_order: vec![A, B],
        payments: PreparedPayments::default(),
        rules: Rules { deferred_crediting, ..Rules::plain(10) },
        costs: CostRates::FREE,
        liquidity_saving: LiquiditySaving::NONE,
        policies: PolicySettings::default(),
        events: Vec::new(),
        instructions: Vec::new(),
    };
    scenario.check().unwrap()
}

fn release(sender: AgentNo, receiver: AgentNo, amount: i64) -> Event {
    Queue2LiquidityRelease {
        tx_id: PaymentNo(7),
        sender_id: sender,
        receiver_id: receiver,
        amount: Money::from_minor(amount),
        queue_wait_ticks: 0,
        sender_balance_before: Money::ZERO,
        sender_balance_after: Money::ZERO,
    }
    .into()
}

fn transfer(kind: TransferKind, amount: i64) -> Event {
    FundsTransferred {
        sender_id: A,
        receiver_id: B,
        amount: Money::from_minor(amount),
        kind,
        sender_balance_before: Money::ZERO,
        sender_balance_after: Money::ZERO,
    }
    .into()
}

fn cap(amount: i64) -> Event {
    let max_collateral_capacity = Money::ZERO;
    let unsecured_cap = Money::from_minor(amount);
    CreditLimitChanged { agent_id: A, unsecured_cap, max_collateral_capacity }.into()
}

fn credit(amount: i64) -> Event {
    DeferredCreditApplied {
        agent_id: B,
        amount: Money::from_minor(amount),
        balance_after: Money::ZERO,
        source_transactions: psim_model::event::PaymentList::default(),
    }
    .into()
}

fn offset(batch: &mut EventBatch, net: i64) -> Event {
    EntryDispositionOffset {
        tx_ids: batch.payments([PaymentNo(1), PaymentNo(2)]),
        tx_amounts: batch.amounts([Money::ZERO; 2]),
        agents: batch.agents([A, B]),
        net_positions: batch.amounts([-net, net].map(Money::from_minor)),
        total_value: Money::ZERO,
        max_net_outflow: Money::ZERO,
        max_net_outflow_agent: None,
    }
    .into()
}

/// Feeds a tick; returns what is found broken.
fn found(deferred: bool, make: impl FnOnce(&mut EventBatch) -> Vec<Event>) -> Option<String> {
    let mut names = Names::default();
    names.introduce_agent("A");
    names.introduce_agent("B");
    let mut batch = EventBatch::default();
    batch.begin(Tick(3), Day(0), 0);
    for event in make(&mut batch) {
        batch.push(event);
    }
    let outcome = Books::new(&scenario(deferred)).observe(&batch, &names);
    outcome.err().map(|broken| broken.to_string())
}

fn beyond(what: &str, agent: &str, balance: i64, permission: i64) -> String {
    format!(
        "tick 3: nobody settles beyond its permission, but {what} leaves `{agent}` with a balance \
         of {balance} and a permission of {permission}"
    )
}

#[test]
fn a_payer_may_go_to_its_permission_and_no_further() {
    assert_eq!(found(false, |_| vec![release(A, B, 15)]), None);
    assert_eq!(found(false, |_| vec![release(A, B, 16)]), Some(beyond("`tx-7`", "A", -6, 5)));
    assert_eq!(found(false, |_| vec![cap(6), release(A, B, 16)]), None);
    let lowered = found(false, |_| vec![release(A, B, 12), cap(0), release(A, B, 1)]);
    assert_eq!(lowered, Some(beyond("`tx-7`", "A", -3, 0)));
}

#[test]
fn a_set_counts_what_its_payer_gets() {
    assert_eq!(found(false, |batch| vec![offset(batch, 15)]), None);
    let set = found(false, |batch| vec![offset(batch, 16)]);
    assert_eq!(set, Some(beyond("the set of `tx-1` and `tx-2`", "A", -6, 5)));
}

#[test]
fn transfers_ask_for_permission_if_they_settle() {
    assert_eq!(found(false, |_| vec![transfer(TransferKind::DirectTransfer, 99)]), None);
    let settled = found(false, |_| vec![transfer(TransferKind::ScheduledSettlement, 16)]);
    assert_eq!(settled, Some(beyond("a scheduled settlement", "A", -6, 5)));
}

#[test]
fn deferred_receipts_cannot_be_paid_out_before_they_are_credited() {
    assert_eq!(found(false, |_| vec![release(A, B, 8), release(B, A, 8)]), None);
    let early = found(true, |_| vec![release(A, B, 8), release(B, A, 8)]);
    assert_eq!(early, Some(beyond("`tx-7`", "B", -8, 0)));
    assert_eq!(found(true, |_| vec![release(A, B, 8), credit(8), release(B, A, 8)]), None);
}
