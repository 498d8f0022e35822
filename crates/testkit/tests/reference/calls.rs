//! Calls between ticks.

use psim_model::event::Refusal;
use psim_model::{
    AgentNo, Instruction, PaymentAction, PaymentRef, Policy, Priority, RtgsPriority, Submission,
    Tick,
};
use psim_testkit::sketch::scenario;
use psim_testkit::{invariants, reference, transcript};

use super::{instruct, money};

#[test]
fn calls_come_between_ticks_or_leave_no_trace() {
    let mut world = scenario(2, 1, &[("A", 5), ("B", 0)]);
    let agent = AgentNo(0);
    instruct(&mut world, 0, Instruction::UpdateAgentPolicy { agent, policy: Policy::hold() });
    let checked = world.check().unwrap();
    let mut run = reference::Reference::new(&checked, "v9");
    let submission = |deadline, id: &str| {
        Instruction::SubmitTransaction(Submission {
            id: Some(id.to_owned()),
            sender: agent,
            receiver: AgentNo(1),
            amount: money(5),
            deadline_tick: Tick(deadline),
            earliest_tick: None,
            priority: Priority::DEFAULT,
            rtgs_priority: RtgsPriority::Urgent,
            divisible: None,
        })
    };
    assert_eq!(run.instruct(&submission(0, "call")), Err(Refusal::DeadlinePassed));
    assert_eq!(run.instruct(&submission(9, "call")), Ok(()));
    assert_eq!(run.instruct(&submission(9, "call")), Err(Refusal::IdInUse));
    let first = run.next().unwrap().unwrap();
    let payment = PaymentRef::Id("call".to_owned());
    let actions = vec![PaymentAction::Release {
        rtgs_priority: None,
        priority: Some(Priority::clamped(9)),
        timed_for_tick: None,
    }];
    assert_eq!(run.instruct(&Instruction::Decide { payment, actions }), Ok(()));
    let batches = [first, run.next().unwrap().unwrap()];
    invariants::check(&batches, &checked).unwrap();
    let lines = transcript::lines(&batches);
    let from = lines.iter().position(|line| line.contains("InstructionGiven")).unwrap();
    let without_arguments: Vec<String> = lines[from..]
        .iter()
        .map(|line| {
            let Some((before, arguments)) = line.split_once(" {") else { return line.clone() };
            let after = arguments.rsplit_once('}').map_or("", |(_, after)| after);
            format!("{before}{after}")
        })
        .collect();
    assert_eq!(
        without_arguments,
        [
            "0 InstructionGiven Api SubmitTransaction A - -",
            "0 Arrival call A B 5 1 - 5 Urgent -",
            "0 InstructionGiven Scenario UpdateAgentPolicy A - -",
            "0 PolicyReplaced A hold Scenario",
            "0 PolicyHold call A PolicyDecision - -",
            "1 InstructionGiven Api Decide - call -",
            "1 TransactionReprioritized call A 5 9 -",
            "1 RtgsSubmission call A B 5 9 Urgent -",
            "1 RtgsImmediateSettlement call A B 5 5 0",
            "1 EndOfDay 0 0",
            "1 RunEnded 0",
        ]
    );
}
