//! The naive evaluator against the compiled one, on random documents that are told random numbers:
//! the same decision, fault and way, to the last bit.

use std::collections::BTreeMap;

use psim_model::event::HoldReason;
use psim_model::{Money, PaymentAction, Policy, Tick};
use psim_policy::{
    BankAct, CollateralAct, Context, Field, HoldCause, PaymentAct, PaymentDecision, RunFault,
    TextNo, Trail, Tree,
};
use psim_random::Generator;

use super::{Known, Order, ask};
use crate::worlds::{document, requested_seeds};

/// Numbers that fields may have: exact fits, near misses, and what is hard to compute with.
const NUMBERS: [f64; 22] = [
    0.0,
    0.0,
    1.0,
    1.0,
    2.0,
    3.0,
    5.0,
    10.0,
    1_000.0,
    2_000.0,
    -1.0,
    -2_500.0,
    0.1,
    0.5,
    -0.7,
    1e-10,
    1e-16,
    9e18,
    9.3e18,
    1e300,
    f64::INFINITY,
    f64::NEG_INFINITY,
];

/// What trees are told.
#[derive(Clone, Debug)]
struct Told {
    fields: BTreeMap<Field, f64>,
    registers: BTreeMap<String, f64>,
}

impl Told {
    fn draw(generator: &mut Generator, policy: &Policy) -> Self {
        // What is often 0 or 1 only is compared with that.
        let few = if generator.index(2) == 0 { NUMBERS.len() } else { 14 };
        let mut number = || NUMBERS[generator.index(few)];
        let fields = Field::ALL.iter().map(|field| (*field, number())).collect();
        let finite = |number: f64| if number.is_finite() { number } else { 1.5 };
        let registers =
            policy.registers().iter().map(|name| (name.clone(), finite(number()))).collect();
        Self { fields, registers }
    }
}

impl Known for Told {
    fn field(&self, field: Field) -> f64 {
        self.fields[&field]
    }

    fn register(&self, name: &str) -> f64 {
        self.registers[name]
    }
}

/// The same for the compiled policy.
struct Numbered<'a> {
    told: &'a Told,
    policy: &'a Policy,
}

impl Context for Numbered<'_> {
    fn field(&mut self, field: Field) -> f64 {
        self.told.fields[&field]
    }

    fn register(&mut self, register: usize) -> f64 {
        self.told.registers[&self.policy.registers()[register]]
    }
}

/// What has been decided, in words that both evaluators can be put into.
type Decided = (String, Result<Vec<Order>, (String, String)>);

fn naively(policy: &Policy, tree: Tree, told: &Told) -> Option<Decided> {
    let answer = ask(policy.document(), tree, told)?;
    let outcome = answer.outcome.map_err(|trouble| (trouble.node, trouble.cause.to_string()));
    Some((answer.path, outcome))
}

fn compiled(policy: &Policy, tree: Tree, told: &Told) -> Decided {
    let mut trail = Trail::default();
    let mut context = Numbered { told, policy };
    let outcome: Result<Vec<Order>, RunFault> = match tree {
        Tree::Payment => {
            let decision = policy.decide_payment(&mut context, &mut trail);
            decision.map(|decision| payment_orders(policy, &decision))
        }
        Tree::Bank => {
            let acts = policy.decide_bank(&mut context, &mut trail);
            acts.map(|acts| acts.into_iter().map(|act| bank_order(policy, act)).collect())
        }
        tree => {
            let acts = policy.decide_collateral(tree, &mut context, &mut trail);
            acts.map(|acts| acts.into_iter().map(|act| collateral_order(policy, act)).collect())
        }
    };
    let fault =
        |fault: RunFault| (policy.node_ids()[fault.node as usize].clone(), fault.cause.to_string());
    (policy.path(&trail.0), outcome.map_err(fault))
}

fn payment_orders(policy: &Policy, decision: &PaymentDecision) -> Vec<Order> {
    let first = decision.reprioritize.iter();
    let mut orders: Vec<Order> = first
        .map(|new_priority| Order::Pay(PaymentAction::Reprioritize { new_priority: *new_priority }))
        .collect();
    orders.extend(match decision.then {
        PaymentAct::Stay => None,
        PaymentAct::Hold(cause) => Some(hold_order(policy, cause)),
        PaymentAct::Release { class: rtgs, priority, timed_for_tick } => {
            Some(Order::Pay(PaymentAction::Release {
                rtgs_priority: rtgs,
                priority,
                timed_for_tick: timed_for_tick.map(Tick),
            }))
        }
        PaymentAct::Split { parts } => Some(Order::Pay(PaymentAction::Split { num_splits: parts })),
        PaymentAct::StaggerSplit { parts, now, gap, boost } => {
            Some(Order::Pay(PaymentAction::StaggerSplit {
                num_splits: parts,
                stagger_first_now: now,
                stagger_gap_ticks: gap,
                priority_boost_children: boost,
            }))
        }
        PaymentAct::Drop => Some(Order::Pay(PaymentAction::Drop)),
        PaymentAct::Withdraw => Some(Order::Pay(PaymentAction::WithdrawFromRtgs)),
        PaymentAct::Resubmit(rtgs_priority) => {
            Some(Order::Pay(PaymentAction::ResubmitToRtgs { rtgs_priority }))
        }
    });
    orders
}

fn hold_order(policy: &Policy, cause: HoldCause) -> Order {
    let (reason, detail) = match cause {
        HoldCause::Unsaid => (HoldReason::PolicyDecision, None),
        HoldCause::InsufficientLiquidity => (HoldReason::InsufficientLiquidity, None),
        HoldCause::AwaitingInflows => (HoldReason::AwaitingInflows, None),
        HoldCause::LowPriority => (HoldReason::LowPriority, None),
        HoldCause::NearDeadline => (HoldReason::NearDeadline, None),
        HoldCause::Custom(text) => (HoldReason::Custom, Some(policy.text_of(text).to_owned())),
    };
    Order::Hold { reason, detail }
}

fn text(policy: &Policy, text: Option<TextNo>) -> String {
    text.map_or(String::new(), |text| policy.text_of(text).to_owned())
}

fn bank_order(policy: &Policy, act: BankAct) -> Order {
    match act {
        BankAct::SetBudget(budget) => Order::SetBudget {
            total: Money::from_minor(budget.max_value_to_release),
            focus: budget.focus.map(|list| policy.focus_lists()[list].clone()),
            each: budget.max_per_counterparty.map(Money::from_minor),
        },
        BankAct::Write(change) => Order::SetRegister {
            key: policy.registers()[change.register].clone(),
            value: change.value,
            reason: text(policy, change.reason),
        },
    }
}

fn collateral_order(policy: &Policy, act: CollateralAct) -> Order {
    match act {
        CollateralAct::Post { amount, reason, auto_withdraw_after_ticks: timer } => {
            Order::Post { amount: Money::from_minor(amount), reason: text(policy, reason), timer }
        }
        CollateralAct::Withdraw { amount, reason } => {
            Order::Withdraw { amount: Money::from_minor(amount), reason: text(policy, reason) }
        }
    }
}

fn without_figures(message: &str) -> String {
    let words = message.split([' ', ',']).filter(|it| !it.is_empty());
    words.filter(|it| it.parse::<f64>().is_err()).collect::<Vec<_>>().join(" ")
}

fn bits(decided: &Decided) -> Vec<u64> {
    let orders = decided.1.iter().flatten();
    let values = orders.filter_map(|order| match order {
        // There is one zero only in what is told.
        Order::SetRegister { value, .. } => Some((value + 0.0).to_bits()),
        _ => None,
    });
    values.collect()
}

#[test]
fn both_evaluators_decide_alike() {
    let agents = ["A", "B", "C"].map(str::to_owned);
    let (mut decisions, mut faults) = (0, BTreeMap::new());
    for seed in requested_seeds(3_000) {
        let policy = Policy::read(&document(seed, &agents, 1_000).to_json().to_string());
        let policy = policy.expect("random documents are sound");
        let mut generator = Generator::named(seed, "told");
        for round in 0..8 {
            let told = Told::draw(&mut generator, &policy);
            for tree in Tree::ALL {
                let Some(expected) = naively(&policy, tree, &told) else {
                    assert!(!policy.has(tree));
                    continue;
                };
                let found = compiled(&policy, tree, &told);
                let place = || {
                    let (tree, text) = (tree.key(), policy.text());
                    format!("PSIM_SEED={seed}, round {round}, {tree}\n{told:?}\n{text}")
                };
                assert_eq!(found, expected, "{}", place());
                assert_eq!(bits(&found), bits(&expected), "{}", place());
                decisions += 1;
                if let Err((_, message)) = found.1 {
                    *faults.entry(without_figures(&message)).or_insert(0) += 1;
                }
            }
        }
    }
    let failed: u32 = faults.values().sum();
    assert!(decisions > 20_000 && failed * 50 > decisions, "{decisions}: {faults:?}");
    for kind in [
        "division by zero",
        "the result is not a number",
        "the register would be",
        "num_splits is which is not from to",
        "stagger_first_now is which is not from to",
        "stagger_gap_ticks is which is not from to",
        "amount is which is no amount of money",
        "max_value_to_release is which is no amount of money",
    ] {
        assert!(faults.contains_key(kind), "{kind}: {faults:?}");
    }
}
