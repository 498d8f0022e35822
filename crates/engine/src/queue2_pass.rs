//! Step 9: one pass over queue 2.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use psim_model::event::Queue2LiquidityRelease;
use psim_model::{AgentNo, PaymentNo, RtgsPriority};

use crate::backlog::Queue;
use crate::limits::Flow;
use crate::queue2::{Aside, Key};
use crate::settle;
use crate::world::{Step, World};

/// Tests each payment of queue 2 once, in order, against the state left by all before it.
///
/// The outcome is that of the plain walk from front to back. The work is not: only senders for whom
/// something has changed since their last test are looked at, and of each only the next payment
/// that fits. Money and room gained at a place in the queue are offered to later places only; what
/// they could do for earlier ones the next pass will see.
pub(crate) fn run(world: &mut World, step: &mut Step<'_>) {
    world.queue2.admit_due(step.now);
    let mut walk = Walk::default();
    let mut from = AgentNo(0);
    while let Some(sender) = world.queue2.next_touched(from) {
        walk.plan(world, sender, None);
        from = sender;
    }
    while let Some((key, sender, no)) = walk.next() {
        // A sender may be planned more than once; only what still waits and fits counts.
        if next_payable(world, sender, key.before()) != Some((key, no)) {
            continue;
        }
        settle_queued(world, step, key, no);
        walk.plan(world, sender, Some(key));
        walk.plan(world, world.payments.get(no).receiver, Some(key));
    }
}

/// Returns a sender's first payment after a place that may settle by itself. What a bilateral limit
/// keeps from it is set aside until there may be room.
fn next_payable(
    world: &mut World,
    sender: AgentNo,
    after: Option<Key>,
) -> Option<(Key, PaymentNo)> {
    if world.in_outage[sender.index()] {
        return None;
    }
    if !world.limits.is_active() {
        let ledger = &world.ledger;
        return world.queue2.next_fit(sender, after, |class| ledger.available_for(sender, class));
    }
    loop {
        let (ledger, limits) = (&world.ledger, &world.limits);
        let found = world.queue2.next_fit(sender, after, |class| {
            ledger.available_for(sender, class).min(limits.most_of(sender, class))
        });
        let Some(found) = found else {
            world.queue2.await_room(sender, limits.most_of(sender, RtgsPriority::Normal));
            return None;
        };
        let payment = world.payments.get(found.1);
        if limits.admit(&Flow::from(payment)).is_ok() {
            return Some(found);
        }
        let receiver = payment.receiver;
        let aside = Aside { sender, key: found.0, amount: payment.amount };
        if !world.queue2.set_aside(&aside) {
            return None;
        }
        world.limits.set_aside(receiver, aside);
    }
}

/// Settles a payment of queue 2 by itself.
pub(crate) fn settle_queued(world: &mut World, step: &mut Step<'_>, key: Key, no: PaymentNo) {
    let payment = *world.payments.get(no);
    world.backlog.remove(&payment, Queue::Two, payment.is_overdue(step.now));
    world.queue2.remove(key, &payment);
    let admission = world.limits.admission_of(&Flow::from(&payment));
    let (before, after) = settle::settle(world, step, no, &payment, admission);
    step.emit(Queue2LiquidityRelease {
        tx_id: no,
        sender_id: payment.sender,
        receiver_id: payment.receiver,
        amount: payment.amount,
        queue_wait_ticks: step.now.since(payment.moved_at),
        sender_balance_before: before,
        sender_balance_after: after,
    });
    settle::follow_up(world, step, no, &payment);
}

/// The next place in the queue at which each sender has something to settle.
#[derive(Default)]
struct Walk {
    planned: BinaryHeap<Reverse<(Key, AgentNo, PaymentNo)>>,
}

impl Walk {
    /// Plans the sender's first payment after a place that may settle with what there is now.
    fn plan(&mut self, world: &mut World, sender: AgentNo, after: Option<Key>) {
        if let Some((key, no)) = next_payable(world, sender, after) {
            self.planned.push(Reverse((key, sender, no)));
        }
    }

    fn next(&mut self) -> Option<(Key, AgentNo, PaymentNo)> {
        self.planned.pop().map(|Reverse(place)| place)
    }
}
