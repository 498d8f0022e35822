//! The reference engine against streams that were worked out by hand.

mod calls;
mod costs;
mod decisions;
mod rules;
mod scenario_events;
mod settlement;

use psim_model::{
    Instruction, Money, PaymentAction, PaymentNo, PaymentRef, Scenario, ScenarioEvent, Schedule,
    ScheduledEvent, ScheduledInstruction, Tick,
};
use psim_testkit::{invariants, reference, transcript};

/// Events that a world with given payments and instructions has in any case.
const EXPECTED_ANYWAY: [&str; 8] = [
    "RunStarted",
    "RulesSet",
    "DelayRatesSet",
    "AgentOpened",
    "PolicyFollowed",
    "InstructionGiven",
    "Arrival",
    "RtgsSubmission",
];

fn lines_of(scenario: Scenario) -> Vec<String> {
    let checked = scenario.check().unwrap();
    let batches = reference::run(&checked, "v9");
    invariants::check(&batches, &checked).unwrap();
    transcript::lines(&batches)
}

/// Compares all events but those of [`EXPECTED_ANYWAY`] with the lines of `expected`.
fn check(scenario: Scenario, expected: &str) {
    let mut found = lines_of(scenario);
    found.retain(|line| !EXPECTED_ANYWAY.contains(&line.split(' ').nth(1).unwrap()));
    let expected: Vec<&str> = expected.lines().map(str::trim).filter(|l| !l.is_empty()).collect();
    assert_eq!(found, expected, "\n{found:#?}\n{expected:#?}");
}

fn money(minor: i64) -> Money {
    Money::from_minor(minor)
}

fn half() -> psim_model::Fraction {
    "0.5".parse().unwrap()
}

fn instruct(world: &mut Scenario, tick: u32, instruction: Instruction) {
    world.instructions.push(ScheduledInstruction { tick: Tick(tick), instruction });
}

fn decide(world: &mut Scenario, tick: u32, number: u32, actions: &[PaymentAction]) {
    let payment = PaymentRef::Number(PaymentNo(number));
    instruct(world, tick, Instruction::Decide { payment, actions: actions.to_vec() });
}

fn happen(world: &mut Scenario, tick: u32, event: ScenarioEvent) {
    let schedule = Schedule::OneTime { tick: Tick(tick) };
    world.events.push(ScheduledEvent { schedule, event });
}
