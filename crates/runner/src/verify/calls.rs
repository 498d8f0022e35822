//! Instructions that were given to a stored run by calls between ticks: part of its input, kept
//! nowhere but in its events.

use psim_engine::Engine;
use psim_model::Instruction;
use psim_model::event::{Event, EventBatch, Origin};

use super::Difference;

/// Gives the engine the calls that came before the tick of a stored batch.
pub(crate) fn repeat(engine: &mut Engine, stored: &EventBatch) -> Result<(), Difference> {
    for (seq, event) in (stored.first_seq()..).zip(stored.events()) {
        let Event::InstructionGiven(given) = event else { continue };
        // A call that was refused left no event.
        if given.origin != Origin::Api || given.refusal.is_some() {
            continue;
        }
        let kind = given.instruction_type.as_str();
        let arguments = stored.text_of(given.arguments);
        let instruction = Instruction::from_arguments(kind, arguments, &engine.scenario().agents);
        let outcome = match instruction {
            Some(instruction) => engine.instruct(&instruction).map(|_| ()).map_err(Some),
            None => Err(None),
        };
        outcome.map_err(|refusal| {
            let (tick, arguments) = (stored.tick(), arguments.to_owned());
            Difference::Call { tick, seq, kind, arguments, refusal }
        })?;
    }
    Ok(())
}
