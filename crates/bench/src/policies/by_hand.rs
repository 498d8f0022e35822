//! The same decision twice: a document of 30 nodes over 20 fields, and a function.

use std::hint::black_box;

use psim_policy::{Context, Field, PaymentAct, Policy, Unobserved};

use crate::timing;

/// Nanoseconds a decision.
pub(super) struct Measured {
    pub(super) compiled: f64,
    pub(super) by_hand: f64,
}

/// A bank and one of its payments, kept as an engine keeps them.
#[derive(Clone, Debug)]
struct Bank {
    now: u32,
    ticks_per_day: u32,
    balance: i64,
    permission: i64,
    cap: i64,
    posted: i64,
    queue1_count: u64,
    queue1_value: i128,
    queue2_count: u64,
    own_queue2_count: u64,
    delay_rate: i64,
    overdraft_rate: i64,
    payment: Payment,
}

#[derive(Clone, Debug)]
struct Payment {
    amount: i64,
    deadline: u32,
    moved_at: u32,
    priority: u8,
}

/// Says how each field is computed, once for both.
macro_rules! fields {
    ($( $field:ident $name:ident |$bank:ident| $number:expr; )*) => {
        /// The fields that the decision is about.
        const FIELDS: [Field; 20] = [$( Field::$field, )*];

        impl Bank {
            $(
                #[inline]
                fn $name(&self) -> f64 {
                    let $bank = self;
                    $number
                }
            )*
        }

        impl Context for Bank {
            #[inline]
            fn field(&mut self, field: Field) -> f64 {
                match field {
                    $( Field::$field => self.$name(), )*
                    _ => 0.0,
                }
            }

            fn register(&mut self, _: usize) -> f64 {
                0.0
            }
        }
    };
}

fields! {
    Amount amount |bank| bank.payment.amount as f64;
    TicksToDeadline ticks_to_deadline |bank| f64::from(bank.payment.deadline) - f64::from(bank.now);
    Priority priority |bank| f64::from(bank.payment.priority);
    IsOverdue is_overdue |bank| f64::from(u8::from(bank.now > bank.payment.deadline));
    QueueAge queue_age |bank| f64::from(bank.now - bank.payment.moved_at);
    Balance balance |bank| bank.balance as f64;
    AvailableLiquidity available_liquidity |bank| (bank.balance + bank.permission).max(0) as f64;
    CreditUsed credit_used |bank| (-bank.balance).max(0) as f64;
    EffectiveLiquidity effective_liquidity |bank| {
        (i128::from(bank.balance) + i128::from(bank.permission)) as f64
    };
    OutgoingQueueSize outgoing_queue_size |bank| bank.queue1_count as f64;
    Queue1TotalValue queue1_total_value |bank| bank.queue1_value as f64;
    Headroom headroom |bank| {
        (i128::from((bank.balance + bank.permission).max(0)) - bank.queue1_value) as f64
    };
    RtgsQueueSize rtgs_queue_size |bank| bank.queue2_count as f64;
    Queue2CountForAgent queue2_count_for_agent |bank| bank.own_queue2_count as f64;
    PostedCollateral posted_collateral |bank| bank.posted as f64;
    CostDelayPerTickPerCent cost_delay_per_tick_per_cent |bank| bank.delay_rate as f64 / 1e12;
    CostOverdraftBpsPerTick cost_overdraft_bps_per_tick |bank| bank.overdraft_rate as f64 / 1e12;
    DayProgressFraction day_progress_fraction |bank| {
        f64::from(bank.now % bank.ticks_per_day) / f64::from(bank.ticks_per_day)
    };
    TicksRemainingInDay ticks_remaining_in_day |bank| {
        f64::from(bank.ticks_per_day - bank.now % bank.ticks_per_day - 1)
    };
    LiquidityPressure liquidity_pressure |bank| {
        1.0 - bank.balance.max(0) as f64 / (bank.balance + bank.cap + bank.posted) as f64
    };
}

/// As many conditions, the first five of which look at two fields.
const TESTS: usize = 15;

/// Returns the document: conditions in a row, each with a leaf, and a leaf at the end.
pub(super) fn document() -> Policy {
    let mut tree = r#"{"type": "action", "node_id": "last", "action": "Hold"}"#.to_owned();
    for no in (0..TESTS).rev() {
        let left = format!(r#"{{"field": "{}"}}"#, FIELDS[no].name());
        let left = match FIELDS.get(no + TESTS) {
            Some(other) => format!(
                r#"{{"compute": {{"op": "+", "left": {left}, "right": {{"field": "{}"}}}}}}"#,
                other.name()
            ),
            None => left,
        };
        tree = format!(
            r#"{{"type": "condition", "node_id": "c{no}", "condition":
               {{"op": ">", "left": {left}, "right": {{"value": {}}}}},
               "on_true": {{"type": "action", "node_id": "a{no}", "action": "Release"}},
               "on_false": {tree}}}"#,
            limit(no)
        );
    }
    let text = format!(r#"{{"version": "1", "policy_id": "by_hand", "payment_tree": {tree}}}"#);
    Policy::read(&text).expect("the benchmark's own document is sound")
}

/// A number that no field reaches.
fn limit(no: usize) -> f64 {
    1e15 + no as f64
}

/// Returns whether the payment is released, as the document says it: over the same fields, asked
/// for in the same way.
#[inline(never)]
fn decide(bank: &mut Bank) -> bool {
    use Field as F;
    bank.field(F::Amount) + bank.field(F::CostDelayPerTickPerCent) > limit(0)
        || bank.field(F::TicksToDeadline) + bank.field(F::CostOverdraftBpsPerTick) > limit(1)
        || bank.field(F::Priority) + bank.field(F::DayProgressFraction) > limit(2)
        || bank.field(F::IsOverdue) + bank.field(F::TicksRemainingInDay) > limit(3)
        || bank.field(F::QueueAge) + bank.field(F::LiquidityPressure) > limit(4)
        || bank.field(F::Balance) > limit(5)
        || bank.field(F::AvailableLiquidity) > limit(6)
        || bank.field(F::CreditUsed) > limit(7)
        || bank.field(F::EffectiveLiquidity) > limit(8)
        || bank.field(F::OutgoingQueueSize) > limit(9)
        || bank.field(F::Queue1TotalValue) > limit(10)
        || bank.field(F::Headroom) > limit(11)
        || bank.field(F::RtgsQueueSize) > limit(12)
        || bank.field(F::Queue2CountForAgent) > limit(13)
        || bank.field(F::PostedCollateral) > limit(14)
}

pub(super) fn measure(tries: u32) -> Measured {
    const MANY: u32 = 200_000;
    let policy = document();
    let bank = |no: u32| Bank {
        now: 100 + no,
        ticks_per_day: 660,
        balance: i64::from(no) * 1_000_000 - 3_000_000,
        permission: 5_000_000,
        cap: 4_000_000,
        posted: 1_000_000,
        queue1_count: 12,
        queue1_value: 7_000_000,
        queue2_count: 40,
        own_queue2_count: 3,
        delay_rate: 100_000_000,
        overdraft_rate: 2_000_000_000,
        payment: Payment { amount: 1_000_000, deadline: 105, moved_at: 90, priority: 5 },
    };
    let mut banks: Vec<Bank> = (0..16).map(bank).collect();
    let (compiled, held) = timing::shortest(tries, || {
        let mut held = 0;
        for no in 0..MANY as usize {
            let bank = black_box(&mut banks[no % 16]);
            let decision = policy.decide_payment(bank, &mut Unobserved);
            held += u32::from(decision.is_ok_and(|it| matches!(it.then, PaymentAct::Hold(_))));
        }
        held
    });
    assert_eq!(held, MANY, "the longest way ends in a hold");
    let (by_hand, held) = timing::shortest(tries, || {
        (0..MANY as usize).filter(|no| !decide(black_box(&mut banks[no % 16]))).count()
    });
    assert_eq!(held, MANY as usize, "the function decides as the document does");
    let each = |time: std::time::Duration| time.as_secs_f64() * 1e9 / f64::from(MANY);
    Measured { compiled: each(compiled), by_hand: each(by_hand) }
}
