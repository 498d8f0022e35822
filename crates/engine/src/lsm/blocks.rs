//! Ticks in which queued payments cannot move: gridlock, or deadlock.

use psim_model::event::{BlockKind, QueueBlocked};
use psim_model::{Money, Total};
use serde::{Deserialize, Serialize};

use super::view::View;
use super::{Steps, prefixes};
use crate::world::{Changes, Step, World};

/// What is remembered from one tick to the next.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Blocks {
    /// Payments settled so far.
    settled: u64,
    /// The kind that was told last, if payments have been blocked since, and how things stood.
    last: Option<(BlockKind, Changes)>,
}

/// Tells when queued payments begin to be blocked, and when it becomes the other kind.
pub(super) fn watch(world: &mut World, step: &mut Step<'_>) {
    let settled = std::mem::replace(&mut world.lsm.blocks.settled, world.settled);
    if settled != world.settled || world.queue2.len() == 0 {
        world.lsm.blocks.last = None;
        return;
    }
    let (last, changes) = (world.lsm.blocks.last, world.changes());
    if last.is_some_and(|(_, then)| then == changes) {
        return;
    }
    let view = View::new(world, step.now);
    let queues: Vec<_> = view.senders().map(|sender| (sender, view.queue_of(sender))).collect();
    let payments: usize = queues.iter().map(|(_, queue)| queue.len()).sum();
    if payments == 0 {
        world.lsm.blocks.last = None;
        return;
    }
    let queued = queues.iter().flat_map(|(_, queue)| queue);
    let value: Total = queued.map(|queued| queued.flow.amount).sum();
    let kept = prefixes::longest(view, queues, &mut Steps::new(None)).unwrap_or_default();
    let could_settle: usize = kept.iter().map(Vec::len).sum();
    let kind = if could_settle > 0 { BlockKind::Gridlock } else { BlockKind::Deadlock };
    world.lsm.blocks.last = Some((kind, changes));
    if last.is_none_or(|(before, _)| before != kind) {
        let count = |payments| u32::try_from(payments).expect("Invariant: payments are numbered");
        step.emit(QueueBlocked {
            kind,
            payments: count(payments),
            value: value.to_money().unwrap_or(Money::MAX),
            could_settle: count(could_settle),
        });
    }
}
