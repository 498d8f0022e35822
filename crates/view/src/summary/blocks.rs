//! How long queue 2 could not move.
//!
//! The stream says when a block begins and when it becomes the other kind. It ends with the next
//! tick in which a payment settles, and when nothing is left in queue 2; that the payments left in
//! it may not settle yet, or that their senders are out, is not looked at.

use psim_model::event::{BlockKind, DropReason, Event, QueueBlocked};

use super::BlockSummary;
use crate::state::State;

/// The blocks so far, and what has happened in the tick under way.
#[derive(Clone, Debug, Default)]
pub(super) struct BlockWatch {
    pub(super) gridlock: BlockSummary,
    pub(super) deadlock: BlockSummary,
    /// The block that is not over.
    now: Option<BlockKind>,
    /// Whether a payment has settled in this tick.
    has_settled: bool,
    /// Whether the close of the day found payments in queue 2.
    found_at_close: bool,
}

impl BlockWatch {
    /// Looks at an event that the state has not taken in.
    pub(super) fn before(&mut self, event: &Event, state: &State) {
        match event {
            Event::QueueBlocked(QueueBlocked { kind, .. }) => {
                self.now = Some(*kind);
                self.of(*kind).episodes += 1;
            }
            Event::RtgsImmediateSettlement(_) | Event::Queue2LiquidityRelease(_) => {
                self.has_settled = true;
            }
            Event::PolicyDrop(dropped) if dropped.reason == DropReason::Closed => {
                self.found_at_close |= state.queue2.count > 0;
            }
            event => self.has_settled |= event.settled_set().is_some(),
        }
    }

    /// Counts the tick if queue 2 was blocked in it.
    pub(super) fn end_tick(&mut self, state: &State) {
        let is_left = state.queue2.count > 0;
        let could_not_move = !self.has_settled && (is_left || self.found_at_close);
        if let Some(kind) = self.now.filter(|_| could_not_move) {
            self.of(kind).ticks += 1;
        }
        if !could_not_move || !is_left {
            self.now = None;
        }
        (self.has_settled, self.found_at_close) = (false, false);
    }

    const fn of(&mut self, kind: BlockKind) -> &mut BlockSummary {
        match kind {
            BlockKind::Gridlock => &mut self.gridlock,
            BlockKind::Deadlock => &mut self.deadlock,
        }
    }
}
