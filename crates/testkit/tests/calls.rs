//! Calls between ticks: the real engine and the naive one answer alike and go on alike.
//!
//! The instructions of random worlds are taken out of the scenario and given as calls.

use psim_engine::{Engine, InstructionError, VERSION};
use psim_model::event::{Event, EventBatch, Origin};
use psim_model::{Instruction, Scenario};
use psim_testkit::compare::Comparison;
use psim_testkit::reference::Reference;
use psim_testkit::worlds::{WorldSize, requested_seeds, world};

#[test]
fn engines_agree_on_calls() {
    let mut answers = Answers::default();
    for seed in requested_seeds(300) {
        follow(seed, world(seed, &WorldSize::default()), &mut answers);
    }
    let Answers { carried_out, refused } = answers;
    assert!(carried_out > 100 && refused > 100, "{carried_out} calls, {refused} refused");
}

/// How many calls were carried out, and how many refused.
#[derive(Debug, Default)]
struct Answers {
    carried_out: u32,
    refused: u32,
}

fn follow(seed: u64, mut scenario: Scenario, answers: &mut Answers) {
    let calls = std::mem::take(&mut scenario.instructions);
    let checked = scenario.check().expect("worlds are sound");
    let mut engine = Engine::new(checked.clone());
    let mut reference = Reference::new(&checked, VERSION);
    let mut comparison = Comparison::default();
    let mut batch = EventBatch::default();
    while !engine.is_finished() {
        let tick = engine.now();
        for call in calls.iter().filter(|call| call.tick == tick) {
            let place = format!("PSIM_SEED={seed}, tick {tick}, {:?}", call.instruction);
            let expected = reference.instruct(&call.instruction);
            match (expected, engine.instruct(&call.instruction)) {
                (Ok(()), Ok(_)) => answers.carried_out += 1,
                (Err(expected), Err(InstructionError::Refused(found))) => {
                    assert_eq!(expected, found, "{place}");
                    answers.refused += 1;
                }
                answers => panic!("{place}: {answers:?}"),
            }
        }
        let Some(Ok(expected)) = reference.next() else { return }; // the twin test compares refusals
        if engine.tick(&mut batch).is_err() {
            return; // by its coarse bound, which the twin test looks at
        }
        if let Err(difference) = comparison.next(&expected, &batch) {
            panic!("PSIM_SEED={seed} cargo test -p psim-testkit --test calls\n{difference}");
        }
    }
}

/// What a call is told by is enough to make it again: `verify` does so.
#[test]
fn a_call_can_be_read_from_its_event() {
    let mut read = 0;
    for seed in requested_seeds(100) {
        let mut scenario = world(seed, &WorldSize::default());
        let calls = std::mem::take(&mut scenario.instructions);
        let mut engine = Engine::new(scenario.check().expect("worlds are sound"));
        let mut batch = EventBatch::default();
        while !engine.is_finished() {
            let tick = engine.now();
            let due = calls.iter().filter(|call| call.tick == tick);
            let given: Vec<&Instruction> = due
                .map(|call| &call.instruction)
                .filter(|call| engine.instruct(call).is_ok())
                .collect();
            if engine.tick(&mut batch).is_err() {
                break;
            }
            let told: Vec<Instruction> = batch
                .events()
                .iter()
                .filter_map(|event| match event {
                    Event::InstructionGiven(given) if given.origin == Origin::Api => {
                        let kind = given.instruction_type.as_str();
                        let agents = &engine.scenario().agents;
                        Instruction::from_arguments(kind, batch.text_of(given.arguments), agents)
                    }
                    _ => None,
                })
                .collect();
            assert!(told.iter().eq(given.iter().copied()), "seed {seed}, tick {tick}: {told:?}");
            read += told.len();
        }
    }
    assert!(read > 100, "{read} calls");
}

/// A refused call changes nothing, and neither does one that could never be carried out.
#[test]
fn a_refused_call_changes_nothing() {
    let scenario = world(3, &WorldSize::default());
    let mut engine = Engine::new(scenario.check().expect("worlds are sound"));
    let mut batch = EventBatch::default();
    let unknown = Instruction::WithdrawFromRtgs {
        payment: psim_model::PaymentRef::Number(psim_model::PaymentNo(u32::MAX)),
    };
    let unsound = Instruction::PostCollateral {
        agent: psim_model::AgentNo(0),
        amount: psim_model::Money::ZERO,
        reason: None,
        auto_withdraw_after_ticks: None,
    };
    while !engine.is_finished() {
        // The first call of a run makes room for looking ids up; after it nothing may change.
        assert!(engine.instruct(&unknown).is_err());
        let before = format!("{engine:?}");
        assert!(matches!(engine.instruct(&unknown), Err(InstructionError::Refused(_))));
        assert!(matches!(engine.instruct(&unsound), Err(InstructionError::Unsound(_))));
        assert_eq!(format!("{engine:?}"), before);
        engine.tick(&mut batch).expect("the costs of this world fit");
    }
    assert_eq!(engine.instruct(&unknown), Err(InstructionError::RunOver));
}
