//! A scene in which most fields are something else than nothing.
//!
//! B is looked at in step 7 of tick 14, the fifth of the second day of ten. What it released before
//! is on its way or has settled; a part of one of its payments is overdue in queue 2.

use psim_model::{
    AgentNo, Fraction, Instruction, Limits, Money, PaymentAction, PaymentRef, Penalty, Policy,
    Pool, PreparedPayment, Priority, ReleaseBudget, Reservations, RtgsPriority, Scenario,
    ScheduledInstruction, Tick,
};
use psim_testkit::sketch;

/// The tick that is looked at.
pub(crate) const NOW: u32 = 14;

const B: u32 = 1;

fn money(minor: i64) -> Money {
    Money::from_minor(minor)
}

fn agent(id: char) -> u32 {
    "ABCDEFGHI".find(id).and_then(|index| u32::try_from(index).ok()).expect("one of ours")
}

/// Returns a payment of priority 5 that may take until the end.
fn payment(tick: u32, between: &str, amount: i64) -> PreparedPayment {
    let mut ends = between.chars().map(agent);
    let (sender, receiver) = (ends.next().unwrap(), ends.next().unwrap());
    sketch::payment(tick, sender, receiver, amount)
}

/// Waits in queue 2 from tick 11 or 12 on, as it may not settle before tick 19.
fn waiting(tick: u32, between: &str, amount: i64) -> PreparedPayment {
    PreparedPayment { earliest: Tick(19), ..payment(tick, between, amount) }
}

fn payments() -> Vec<PreparedPayment> {
    let first_day = [
        payment(0, "BA", 500),
        payment(1, "CB", 300),
        payment(2, "BD", 200),
        payment(3, "EB", 100),
        payment(4, "BF", 50),
        payment(5, "GB", 10),
        // held in queue 1
        PreparedPayment { priority: Priority::clamped(1), ..payment(8, "BC", 40) },
        payment(9, "HI", 40), // H has nothing
    ];
    let second_day = [
        payment(10, "IH", 40), // nor has I: these two offset each other
        payment(10, "BC", 1_900),
        payment(10, "BA", 100),
        // held in queue 1
        PreparedPayment { priority: Priority::clamped(2), ..payment(11, "BD", 660) },
        payment(11, "DB", 90),
        PreparedPayment {
            priority: Priority::clamped(3),
            deadline: Tick(12),
            rtgs_priority: RtgsPriority::Urgent,
            ..waiting(11, "BA", 500) // held, then split
        },
        waiting(11, "BC", 120),
        waiting(11, "BD", 110),
        waiting(11, "BE", 70),
        waiting(11, "BF", 30),
        waiting(12, "CB", 45),
        waiting(12, "AB", 140),
        waiting(12, "DB", 25),
        waiting(12, "GB", 95),
        waiting(12, "EB", 5),
        payment(14, "BG", 20), // both released in the tick that is looked at
        payment(14, "BE", 15),
    ];
    first_day.into_iter().chain(second_day).collect()
}

/// Returns the scene, in which B follows a policy that holds what has a priority below 5.
pub(crate) fn scene(policy: Policy) -> Scenario {
    let ids = ["A", "B", "C", "D", "E", "F", "G", "H", "I"];
    let rich: Vec<(&str, i64)> =
        ids.iter().map(|id| (*id, if "HI".contains(id) { 0 } else { 10_000 })).collect();
    let mut scene = sketch::scenario(10, 2, &rich);
    scene.rules.cutoff_tick_in_day = 8;
    scene.rules.entry_disposition_offsetting = true;
    scene.policies.trace_decisions = true;
    scene.policies.eod_rush_threshold = 0.4;
    let share = |text: &str| text.parse::<Fraction>().unwrap();
    scene.policies.throughput_guideline = vec![(2, share("0.1")), (6, share("0.5"))];
    scene.costs.overdraft_bps_per_tick = "10".parse().unwrap();
    scene.costs.delay_cost_per_tick_per_cent = "0.1".parse().unwrap();
    scene.costs.collateral_cost_per_tick_bps = "11".parse().unwrap();
    scene.costs.liquidity_cost_per_tick_bps = "20".parse().unwrap();
    scene.costs.split_friction_cost = money(7);
    scene.costs.overdue_delay_multiplier = "1.5".parse().unwrap();
    scene.costs.deadline_penalty = Penalty::Bps("100".parse().unwrap());
    scene.costs.eod_penalty = Penalty::Bps("200".parse().unwrap());
    scene.payments.rows = payments();
    let bank = &mut scene.agents[B as usize];
    bank.opening_balance = money(1_000);
    bank.unsecured_cap = money(500);
    bank.posted_collateral = money(1_000);
    bank.collateral_haircut = share("0.2");
    bank.max_collateral_capacity = Some(money(3_000));
    bank.liquidity_pool = Some(Pool { amount: money(1_000), fraction: Some(share("0.5")) });
    bank.liquidity_buffer = money(77);
    bank.reservations = Reservations { highly_urgent: money(30), urgent: Money::ZERO };
    bank.limits =
        Limits { multilateral: Some(money(9_000)), bilateral: vec![(AgentNo(0), money(5_000))] };
    bank.policy = policy;
    scene.instructions = vec![
        ScheduledInstruction {
            tick: Tick(12),
            instruction: Instruction::Decide {
                payment: PaymentRef::Number(psim_model::PaymentNo(13)),
                actions: vec![
                    PaymentAction::Reprioritize { new_priority: Priority::clamped(4) },
                    PaymentAction::Split { num_splits: 2 },
                ],
            },
        },
        ScheduledInstruction {
            tick: Tick(NOW),
            instruction: Instruction::SetReleaseBudget {
                agent: AgentNo(B),
                budget: ReleaseBudget {
                    max_value_to_release: money(100),
                    focus_counterparties: None,
                    max_per_counterparty: None,
                },
            },
        },
    ];
    scene
}
