//! Step 6: each bank decides which of its payments to release.

use psim_model::event::{HoldReason, PolicyHold, RtgsSubmission};
use psim_model::{AgentNo, EntryOrder, Policy};

use crate::backlog::Queue;
use crate::payments::Place;
use crate::world::{Step, World};

/// What a bank answers about all its payments.
enum Decision {
    Release,
    Hold(HoldReason),
}

/// Asks each bank about its queue-1 payments and collects what is released, in the order in which
/// entry will test it.
pub(crate) fn decide(world: &mut World, step: &mut Step<'_>) {
    // (a) escalation and (b) ordering of queue 1 stand here
    world.released.clear();
    let mut from = AgentNo(0);
    while let Some(agent) = world.queue1.next_asked(from) {
        match answer(step, agent) {
            Decision::Release => release(world, step, agent),
            Decision::Hold(reason) => hold(world, step, agent, reason),
        }
        from = agent;
    }
    if step.scenario.rules.entry_order == EntryOrder::Submission {
        world.released.sort_unstable();
    }
}

fn answer(step: &Step<'_>, agent: AgentNo) -> Decision {
    let closed =
        step.scenario.calendar.tick_in_day(step.now) > step.scenario.rules.cutoff_tick_in_day;
    match step.scenario.agents[agent.index()].policy {
        Policy::Hold => Decision::Hold(HoldReason::PolicyDecision),
        Policy::Fifo if closed => Decision::Hold(HoldReason::CutOff),
        Policy::Fifo => Decision::Release,
    }
}

fn release(world: &mut World, step: &mut Step<'_>, agent: AgentNo) {
    let first = world.released.len();
    world.queue1.release_all(agent, &mut world.released);
    for &no in &world.released[first..] {
        let payment = world.payments.get_mut(no);
        if payment.place == Place::Queue1 {
            world.backlog.remove(payment, Queue::One, payment.is_overdue(step.now));
        }
        payment.place = Place::Released;
        step.emit(RtgsSubmission {
            tx_id: no,
            sender_id: payment.sender,
            receiver_id: payment.receiver,
            amount: payment.amount,
            priority: payment.priority,
        });
    }
}

fn hold(world: &mut World, step: &mut Step<'_>, agent: AgentNo, reason: HoldReason) {
    for &no in world.queue1.hold_all(agent) {
        let payment = world.payments.get_mut(no);
        payment.place = Place::Queue1;
        world.backlog.add(payment, Queue::One, payment.is_overdue(step.now));
        step.emit(PolicyHold { tx_id: no, agent_id: agent, reason });
    }
}

/// Asks banks again whose payments a new day lets out.
pub(crate) fn reopen(world: &mut World, step: &Step<'_>) {
    for (index, agent) in step.scenario.agents.iter().enumerate() {
        if agent.policy == Policy::Fifo {
            world.queue1.ask_again(AgentNo::from_index(index));
        }
    }
}
