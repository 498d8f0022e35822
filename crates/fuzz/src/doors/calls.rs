//! Calls on a live run, sound and unsound, in any order, held against the naive engine.
//!
//! Both must carry out the same calls, refuse the same ones for the same reasons, and tell the same
//! events; every law is checked before and after each tick. In between the run is asked everything,
//! saved, restored from bytes that are sound or damaged, and branched.

mod draw;
mod twins;

use psim_model::{CheckedScenario, Instruction, ScheduledInstruction};
use psim_testkit::worlds::{WorldSize, calls, world};

use crate::dice::Dice;
use draw::Caller;
use twins::Twins;

/// Calls before one tick, beside those that are due.
const MORE_CALLS: usize = 6;
/// Events after which a run is left: some policies split parts of parts without end.
const EVENTS_AT_MOST: u64 = 20_000;

/// Runs a world and calls; returns whether it came to its end with calls that were carried out.
pub(super) fn enter(dice: &mut Dice) -> bool {
    let (scenario, planned) = drawn(dice);
    let horizon = scenario.calendar.horizon();
    let caller = Caller::new(&scenario, &planned, dice);
    let mut twins = Twins::new(&scenario);
    for tick in 0..horizon {
        let due = planned.iter().filter(|call| call.tick.0 == tick);
        let mut due: Vec<Instruction> = due.map(|call| call.instruction.clone()).collect();
        for _ in 0..dice.below(MORE_CALLS) {
            due.push(caller.any(dice));
        }
        while !due.is_empty() {
            let call = due.swap_remove(dice.below(due.len()));
            let call = if dice.once_in(4) { caller.spoiled(call, dice) } else { call };
            twins.call(&call, dice);
            if dice.once_in(8) {
                twins.submit(&caller.batch(dice));
            }
            disturb(&mut twins, &caller, dice);
        }
        disturb(&mut twins, &caller, dice);
        if !twins.tick() || twins.events() > EVENTS_AT_MOST {
            return false;
        }
    }
    twins.end(&caller.any(dice), dice);
    twins.carried_out() > 0
}

/// Does what must not change the run.
fn disturb(twins: &mut Twins<'_>, caller: &Caller<'_>, dice: &mut Dice) {
    if dice.once_in(6) {
        let (agent, payment) = (caller.agent_id(dice), caller.payment_id(dice));
        twins.ask(&agent, &payment, dice);
    }
    match dice.below(24) {
        0 => twins.restore(),
        1 => twins.restore_damaged(dice),
        2 => twins.branch(dice),
        _ => {}
    }
}

/// A world without instructions, and those that it had beside calls of any kind.
fn drawn(dice: &mut Dice) -> (CheckedScenario, Vec<ScheduledInstruction>) {
    let size = WorldSize {
        agents_max: 2 + dice.below_32(6),
        payments_max: 40,
        ticks_per_day_max: 10,
        days_max: 2,
    };
    let seed = dice.number();
    let mut scenario = world(seed, &size);
    let mut planned = calls(seed, &size);
    // Where they stay, calls must not take the ids that they will give.
    if dice.once_in(2) {
        planned.append(&mut scenario.instructions);
    }
    (scenario.check().expect("Invariant: worlds are sound"), planned)
}
