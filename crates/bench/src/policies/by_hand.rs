//! The same decision twice: a document of 30 nodes over 20 fields, and a function.

use std::hint::black_box;

use psim_policy::{Context, Field, PaymentAct, Policy, Unobserved};

use crate::timing;

/// Nanoseconds a decision.
pub(super) struct Measured {
    pub(super) compiled: f64,
    pub(super) by_hand: f64,
}

/// The fields that the decision is about.
const FIELDS: [Field; 20] = [
    Field::Amount,
    Field::TicksToDeadline,
    Field::Priority,
    Field::IsOverdue,
    Field::QueueAge,
    Field::Balance,
    Field::AvailableLiquidity,
    Field::CreditUsed,
    Field::EffectiveLiquidity,
    Field::OutgoingQueueSize,
    Field::Queue1TotalValue,
    Field::Headroom,
    Field::RtgsQueueSize,
    Field::Queue2CountForAgent,
    Field::PostedCollateral,
    Field::CostDelayPerTickPerCent,
    Field::CostOverdraftBpsPerTick,
    Field::DayProgressFraction,
    Field::TicksRemainingInDay,
    Field::LiquidityPressure,
];

/// Conditions in infix form: each field in turn against a number that it does not reach, the last
/// five together with another.
const TESTS: usize = 15;

/// Returns the document: 15 conditions in a row, each with a leaf, and a leaf at the end.
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

fn limit(no: usize) -> f64 {
    1e15 + no as f64
}

/// Fields that are numbers in an array.
struct Numbers([f64; Field::ALL.len()]);

impl Context for Numbers {
    #[inline]
    fn field(&mut self, field: Field) -> f64 {
        self.0[field as usize]
    }

    fn register(&mut self, _: usize) -> f64 {
        0.0
    }
}

/// Returns whether the payment is released, as the document says it.
#[inline(never)]
fn decide(numbers: &Numbers) -> bool {
    let field = |no: usize| numbers.0[FIELDS[no] as usize];
    for no in 0..TESTS {
        let other = if no + TESTS < FIELDS.len() { field(no + TESTS) } else { 0.0 };
        if field(no) + other > limit(no) {
            return true;
        }
    }
    false
}

pub(super) fn measure(tries: u32) -> Measured {
    const MANY: u32 = 200_000;
    let policy = document();
    let mut numbers: Vec<Numbers> = (0..16).map(|_| Numbers([0.0; Field::ALL.len()])).collect();
    for (index, numbers) in numbers.iter_mut().enumerate() {
        for field in FIELDS {
            numbers.0[field as usize] = (index * 7 + field as usize * 13) as f64;
        }
    }
    let (compiled, held) = timing::shortest(tries, || {
        let mut held = 0;
        for no in 0..MANY as usize {
            let numbers = black_box(&mut numbers[no % 16]);
            let decision = policy.decide_payment(numbers, &mut Unobserved);
            held += u32::from(decision.is_ok_and(|it| matches!(it.then, PaymentAct::Hold(_))));
        }
        held
    });
    assert_eq!(held, MANY, "the longest way ends in a hold");
    let (by_hand, held) = timing::shortest(tries, || {
        (0..MANY as usize).filter(|no| !decide(black_box(&numbers[no % 16]))).count()
    });
    assert_eq!(held, MANY as usize, "the function decides as the document does");
    let each = |time: std::time::Duration| time.as_secs_f64() * 1e9 / f64::from(MANY);
    Measured { compiled: each(compiled), by_hand: each(by_hand) }
}
