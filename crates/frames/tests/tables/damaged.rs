//! Streams that no sound run tells, and amounts at the limit.

use psim_frames::{AgentsByTick, events, events_of, transactions};
use psim_model::event::{
    Arrival, CollateralPost, DeferredCreditApplied, EventBatch, EventKind, LimitsSet, Names,
    NewAgent, NewPayment, Origin, PolicyDrop, PolicyHold, RtgsPriority,
};
use psim_model::{AgentNo, Day, Fraction, Money, PaymentNo, Priority, Tick};
use psim_view::{Fold, Projection};
use serde_json::{Value, json};

use crate::share::{column, names_of};

const LARGEST: Money = Money::from_minor(i64::MAX);

fn open(batch: &mut EventBatch, no: u32, id: &str) {
    let id = batch.text(id);
    batch.push(psim_model::event::AgentOpened {
        agent_id: NewAgent { no: AgentNo(no), id },
        opening_balance: LARGEST,
        unsecured_cap: LARGEST,
        posted_collateral: LARGEST,
        collateral_haircut: Fraction::ZERO,
        max_collateral_capacity: LARGEST,
        liquidity_pool: LARGEST,
    });
}

fn arrival(no: u32, given_id: Option<psim_model::event::Text>, receiver: u32) -> Arrival {
    Arrival {
        tx_id: NewPayment { no: PaymentNo(no), given_id },
        sender_id: AgentNo(0),
        receiver_id: AgentNo(receiver),
        amount: LARGEST,
        deadline_tick: Tick(u32::MAX),
        earliest_tick: None,
        priority: Priority::MAX,
        rtgs_priority: RtgsPriority::Normal,
        divisible: None,
    }
}

#[test]
fn unknown_agents_are_null_and_unknown_payments_have_their_number() {
    let mut batch = EventBatch::default();
    batch.begin(Tick(u32::MAX), Day(u32::MAX), u64::MAX - 6);
    open(&mut batch, 0, "A");
    batch.push(arrival(4_294_967_295, None, 7));
    let given = batch.text("an id that is longer than twelve bytes");
    batch.push(arrival(3_000_000_000, Some(given), 0));
    let (counterparties, bilateral_limits) =
        (batch.agents([AgentNo(9), AgentNo(0)]), batch.amounts([LARGEST]));
    batch.push(LimitsSet {
        agent_id: AgentNo(u32::MAX),
        multilateral_limit: None,
        counterparties,
        bilateral_limits,
    });
    let source_transactions = batch.payments([PaymentNo(u32::MAX), PaymentNo(3_000_000_000)]);
    batch.push(DeferredCreditApplied {
        agent_id: AgentNo(0),
        amount: LARGEST,
        balance_after: LARGEST,
        source_transactions,
    });
    let batches = [batch];
    let frame = events(&batches, &names_of(&batches));
    assert_eq!(frame.num_rows(), 5);
    let own = "tx-4294967295";
    let given = "an id that is longer than twelve bytes";
    assert_eq!(column(&frame, "seq")[4], json!(u64::MAX - 2));
    assert_eq!(column(&frame, "day")[0], json!(u32::MAX));
    assert_eq!(column(&frame, "tx_id")[1..3], [json!(own), json!(given)]);
    assert_eq!(column(&frame, "receiver_id")[1..3], [Value::Null, json!("A")]);
    assert_eq!(column(&frame, "agent_id")[3], Value::Null);
    assert_eq!(column(&frame, "counterparties")[3], json!([null, "A"]));
    assert_eq!(column(&frame, "bilateral_limits")[3], json!([i64::MAX]));
    assert_eq!(column(&frame, "source_transactions")[4], json!([own, given]));
    assert_eq!(column(&frame, "counterparties")[4], Value::Null);

    // Nobody is known.
    let frame = events(&batches, &Names::default());
    assert_eq!(column(&frame, "sender_id"), vec![Value::Null; 5]);
    assert_eq!(column(&frame, "tx_id")[2], json!("tx-3000000000"));
}

#[test]
fn words_and_texts_of_one_name_share_a_column_of_words() {
    let mut batch = EventBatch::default();
    let reason = batch.text("a reason of its own, at some length");
    let again = batch.text("PolicyDecision");
    for reason in [reason, again, reason] {
        batch.push(CollateralPost {
            agent_id: AgentNo(0),
            amount: LARGEST,
            requested_amount: LARGEST,
            reason,
            new_total: LARGEST,
            origin: Origin::Policy,
            decision_path: None,
        });
    }
    batch.push(PolicyDrop {
        tx_id: PaymentNo(0),
        agent_id: AgentNo(0),
        reason: psim_model::event::DropReason::PolicyDecision,
        deadline_penalty_cost: Money::ZERO,
        decision_path: Some(reason),
    });
    batch.push(PolicyHold {
        tx_id: PaymentNo(0),
        agent_id: AgentNo(0),
        reason: psim_model::event::HoldReason::Custom,
        detail: Some(reason),
        decision_path: Some(reason),
    });
    let batches = [batch];
    let own = "a reason of its own, at some length";
    let frame = events(&batches, &Names::default());
    let reasons = [own, "PolicyDecision", own, "PolicyDecision", "Custom"];
    assert_eq!(column(&frame, "reason"), reasons);
    assert_eq!(column(&frame, "decision_path")[3..], [own, own]);
    let posts = events_of(EventKind::CollateralPost, &batches, &Names::default());
    assert_eq!(column(&posts, "reason"), reasons[..3]);
}

#[test]
fn sums_beyond_64_bits_make_a_column_of_decimals() {
    let mut batch = EventBatch::default();
    open(&mut batch, 0, "A");
    open(&mut batch, 1, "B");
    batch.push(arrival(0, None, 1));
    let mut next = EventBatch::default();
    next.begin(Tick(1), Day(0), 3);
    next.push(arrival(1, None, 1));
    let (mut fold, mut projection) = (AgentsByTick::new(), Projection::new());
    for batch in [&batch, &next] {
        fold.observe(batch);
        projection.observe(batch);
    }
    let frame = fold.finish();
    let sum = (2 * i128::from(i64::MAX)).to_string();
    let one = i64::MAX.to_string();
    assert_eq!(column(&frame, "queue1_value"), [&one, "0", &sum, "0"]);
    assert_eq!(column(&frame, "queue2_value"), [0; 4]);
    assert_eq!(column(&transactions(&projection), "status"), ["queue1"; 2]);
}

#[test]
fn agents_that_join_late_have_rows_from_then_on() {
    let mut batch = EventBatch::default();
    open(&mut batch, 0, "A");
    let mut next = EventBatch::default();
    next.begin(Tick(1), Day(0), 1);
    open(&mut next, 1, "B");
    let mut fold = AgentsByTick::new();
    fold.observe(&batch);
    assert_eq!(fold.balances(), Some(&[i64::MAX][..]));
    fold.observe(&next);
    assert_eq!(fold.balances(), None);
    assert_eq!(column(&fold.finish(), "agent_id"), ["A", "A", "B"]);
}

#[test]
fn nothing_makes_tables_without_rows() {
    let names = Names::default();
    assert_eq!(events(&[], &names).num_rows(), 0);
    assert_eq!(events_of(EventKind::Arrival, &[], &names).num_rows(), 0);
    assert_eq!(transactions(&Projection::new()).num_rows(), 0);
    assert_eq!(AgentsByTick::new().finish().num_rows(), 0);
    assert_eq!(psim_frames::costs(&[], &names).num_rows(), 0);
}

#[test]
fn a_long_table_comes_in_parts() {
    const ROWS: u32 = (1 << 17) + 3;
    let mut batch = EventBatch::default();
    for no in 0..ROWS {
        batch.push(PolicyDrop {
            tx_id: PaymentNo(no),
            agent_id: AgentNo(0),
            reason: psim_model::event::DropReason::Closed,
            deadline_penalty_cost: Money::from_minor(i64::from(no)),
            decision_path: None,
        });
    }
    let sources = [batch.payments([PaymentNo(7)]), batch.payments([])];
    for source_transactions in sources {
        batch.push(DeferredCreditApplied {
            agent_id: AgentNo(0),
            amount: LARGEST,
            balance_after: LARGEST,
            source_transactions,
        });
    }
    let frame = events(&[batch], &Names::default());
    let lengths: Vec<usize> =
        frame.batches().iter().map(arrow_array::RecordBatch::num_rows).collect();
    assert_eq!(lengths, [1 << 17, 5]);
    let seq: Vec<Value> = (0..ROWS + 2).map(Value::from).collect();
    assert_eq!(column(&frame, "seq"), seq);
    let ids = column(&frame, "tx_id");
    assert!((0..ROWS).zip(&ids).all(|(no, id)| *id == json!(format!("tx-{no}"))));
    let costs = column(&frame, "deadline_penalty_cost");
    assert_eq!(costs[..ROWS as usize], seq[..ROWS as usize]);
    assert_eq!(costs[ROWS as usize..], [Value::Null, Value::Null]);
    let sources = column(&frame, "source_transactions");
    assert_eq!(sources[ROWS as usize - 1..], [Value::Null, json!(["tx-7"]), json!([])]);
    assert!(sources[..ROWS as usize].iter().all(Value::is_null));
    assert_eq!(frame.select(["amount"]).unwrap().batches().len(), 2);
}
