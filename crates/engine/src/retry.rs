//! Step 9: one pass over queue 2.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use psim_model::event::Queue2LiquidityRelease;
use psim_model::{AgentNo, PaymentNo};

use crate::backlog::Queue;
use crate::settle::{self, Settled};
use crate::world::{Step, World};

/// Tests each payment of queue 2 once, in order, against the state left by all before it.
///
/// The outcome is that of the plain walk from front to back. The work is not: only senders whose
/// liquidity has risen since their last test are looked at, and of each only the next payment that
/// fits. Money gained at a place in the queue is offered to later places only; what it could do for
/// earlier ones the next pass will see.
pub(crate) fn pass(world: &mut World, step: &mut Step<'_>) {
    world.queue2.admit_due(step.now);
    let mut walk = Walk::default();
    let mut from = AgentNo(0);
    while let Some(sender) = world.queue2.next_touched(from) {
        walk.plan(world, sender, None);
        from = sender;
    }
    while let Some((entry, sender, no)) = walk.next() {
        // A sender may be planned more than once; only what still waits and fits counts.
        let available = world.ledger.available(sender);
        let after = entry.checked_sub(1);
        if world.queue2.next_fit(sender, after, available) != Some((entry, no)) {
            continue;
        }
        release(world, step, sender, entry, no);
        walk.plan(world, sender, Some(entry));
        walk.plan(world, world.payments.get(no).receiver, Some(entry));
    }
}

fn release(world: &mut World, step: &mut Step<'_>, sender: AgentNo, entry: u64, no: PaymentNo) {
    let overdue = world.payments.get(no).is_overdue(step.now);
    world.backlog.remove(world.payments.get(no), Queue::Two, overdue);
    world.queue2.remove(sender, entry);
    let Settled { payment, before, after } = settle::settle(world, no);
    step.emit(Queue2LiquidityRelease {
        tx_id: no,
        sender_id: sender,
        receiver_id: payment.receiver,
        amount: payment.amount,
        queue_wait_ticks: step.now.since(payment.queued_at),
        sender_balance_before: before,
        sender_balance_after: after,
    });
    settle::report_lateness(step, no, &payment);
}

/// The next place in the queue at which each sender has something to settle.
#[derive(Default)]
struct Walk {
    planned: BinaryHeap<Reverse<(u64, AgentNo, PaymentNo)>>,
}

impl Walk {
    /// Plans the sender's first payment after a place that fits what it has now.
    fn plan(&mut self, world: &World, sender: AgentNo, after: Option<u64>) {
        let available = world.ledger.available(sender);
        if let Some((entry, no)) = world.queue2.next_fit(sender, after, available) {
            self.planned.push(Reverse((entry, sender, no)));
        }
    }

    fn next(&mut self) -> Option<(u64, AgentNo, PaymentNo)> {
        self.planned.pop().map(|Reverse(place)| place)
    }
}
