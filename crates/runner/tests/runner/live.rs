//! The small live run of the tests.

use psim_model::{
    AgentNo, Instruction, Money, Penalty, Priority, RtgsPriority, Scenario, Submission, Tick,
};
use psim_runner::Session;
use psim_testkit::sketch;

/// Two days of four ticks. A has a cap of 50 and collateral of 20 that is worth 10. Delay costs a
/// tenth each tick, twice that when overdue; the deadline penalty is 7.
pub(crate) fn scenario() -> Scenario {
    let mut scenario = sketch::scenario(4, 2, &[("A", 100), ("B", 0), ("C", 30)]);
    let first = &mut scenario.agents[0];
    first.unsecured_cap = Money::from_minor(50);
    first.posted_collateral = Money::from_minor(20);
    first.collateral_haircut = "0.5".parse().unwrap();
    scenario.costs.delay_cost_per_tick_per_cent = "0.1".parse().unwrap();
    scenario.costs.overdue_delay_multiplier = "2".parse().unwrap();
    scenario.costs.deadline_penalty = Penalty::Fixed(Money::from_minor(7));
    scenario
}

pub(crate) fn session() -> Session {
    Session::new(scenario().check().unwrap())
}

pub(crate) fn submission(sender: u32, receiver: u32, amount: i64, deadline: u32) -> Submission {
    Submission {
        id: None,
        sender: AgentNo(sender),
        receiver: AgentNo(receiver),
        amount: Money::from_minor(amount),
        deadline_tick: Tick(deadline),
        earliest_tick: None,
        priority: Priority::DEFAULT,
        rtgs_priority: RtgsPriority::Normal,
        divisible: None,
    }
}

/// Returns the run after one of its stages.
///
/// Stage 1 is before tick 1: A has paid B 120 (`tx-0`), and C cannot pay A 50 (`tx-1`, due at
/// tick 1). Stage 2 is before tick 5: B has paid C 40 (`tx-2`), with which `tx-1` has settled.
pub(crate) fn day(stage: u32) -> Session {
    let mut session = session();
    session.submit_batch(&[submission(0, 1, 120, 6), submission(2, 0, 50, 1)]).unwrap();
    session.tick().unwrap();
    if stage == 2 {
        go_on_to(&mut session, 4);
        session.instruct(&Instruction::SubmitTransaction(submission(1, 2, 40, 7))).unwrap();
        session.tick().unwrap();
    }
    session
}

pub(crate) fn go_on_to(session: &mut Session, tick: u32) {
    while session.now() < Tick(tick) {
        session.tick().unwrap();
    }
}
