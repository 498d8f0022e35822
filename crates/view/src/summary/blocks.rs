//! How long queue 2 could not move.
//!
//! The stream says when a block begins and when it becomes the other kind. It ends with the next
//! tick in which a payment settles, and when nothing is left in queue 2; that the payments left in
//! it may not settle yet, or that their senders are out, is not looked at.

use psim_model::event::{BlockKind, DropReason, Event, QueueBlocked};

use psim_model::Tick;

use super::BlockSummary;
use crate::moves::settles;
use crate::state::State;

/// The blocks so far, and what has happened in the tick under way.
#[derive(Clone, Debug, Default)]
pub(crate) struct BlockWatch {
    blocks: Vec<Block>,
    /// Whether the last block is not over.
    is_blocked: bool,
    /// Whether a payment has settled in this tick.
    has_settled: bool,
    /// Whether the close of the day found payments in queue 2.
    found_at_close: bool,
}

/// A time in which queue 2 could not move, and what stood in it when that began.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Block {
    pub(crate) kind: BlockKind,
    pub(crate) from: Tick,
    pub(crate) ticks: u64,
    pub(crate) told: QueueBlocked,
}

impl BlockWatch {
    /// Returns all blocks, in order.
    pub(crate) fn all(&self) -> &[Block] {
        &self.blocks
    }

    /// Returns how many there were of a kind, and how long they were together.
    pub(crate) fn summary(&self, kind: BlockKind) -> BlockSummary {
        let blocks = self.blocks.iter().filter(|block| block.kind == kind);
        blocks.fold(BlockSummary::default(), |BlockSummary { episodes, ticks }, block| {
            BlockSummary { episodes: episodes + 1, ticks: ticks + block.ticks }
        })
    }

    /// Looks at an event that the state has not taken in.
    pub(super) fn before(&mut self, event: &Event, state: &State) {
        match event {
            Event::QueueBlocked(told) => {
                let (kind, from) = (told.kind, state.tick.unwrap_or_default());
                self.blocks.push(Block { kind, from, ticks: 0, told: *told });
                self.is_blocked = true;
            }
            Event::PolicyDrop(dropped) if dropped.reason == DropReason::Closed => {
                self.found_at_close |= state.queue2.count > 0;
            }
            event => self.has_settled |= settles(event),
        }
    }

    /// Counts the tick if queue 2 was blocked in it.
    pub(super) fn end_tick(&mut self, state: &State) {
        let is_left = state.queue2.count > 0;
        let could_not_move = !self.has_settled && (is_left || self.found_at_close);
        if let Some(block) = self.blocks.last_mut().filter(|_| self.is_blocked && could_not_move) {
            block.ticks += 1;
        }
        self.is_blocked &= could_not_move && is_left;
        (self.has_settled, self.found_at_close) = (false, false);
    }
}
