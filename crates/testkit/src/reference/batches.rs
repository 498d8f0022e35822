//! The algorithms that look at all of queue 2: `gridlock_resolution` and `all_or_nothing`, and
//! whether the queue is blocked.

use psim_model::event::{
    BlockKind, Event, LsmAlgorithm, LsmBatchSettlement, QueueBlocked, SettledSet,
};

use super::Reference;
use super::limits::clamped;
use super::liquidity_saving::Run;

impl Reference {
    /// Runs `gridlock_resolution`: settles the most that can settle in queue order.
    pub(super) fn resolve_gridlock(&mut self, run: &mut Run) {
        let queues = self.by_sender(&self.eligible());
        let Some(kept) = self.largest_prefixes(&queues, run) else { return };
        let payments = kept.concat();
        if !payments.is_empty() {
            self.settle_batch(LsmAlgorithm::GridlockResolution, &payments, run);
        }
    }

    /// Runs `all_or_nothing`: settles everything, if nothing has to be left out.
    pub(super) fn settle_all_or_nothing(&mut self, run: &mut Run) {
        let payments = self.by_sender(&self.eligible()).concat();
        if !payments.is_empty() && self.may_settle(&self.flows(&payments)) {
            self.settle_batch(LsmAlgorithm::AllOrNothing, &payments, run);
        }
    }

    /// Says so if payments wait that could be tested and nothing at all has settled in this tick.
    pub(super) fn report_block(&mut self) {
        let before = self.saving.block.take();
        let waiting = self.eligible();
        if self.has_settled || waiting.is_empty() {
            return;
        }
        let queues = self.by_sender(&waiting);
        let kept = self.largest_prefixes(&queues, &mut Run::new(None));
        let could_settle = kept.expect("Invariant: nothing bounds this run").concat().len();
        let kind = if could_settle > 0 { BlockKind::Gridlock } else { BlockKind::Deadlock };
        self.saving.block = Some(kind);
        if before != Some(kind) {
            let number = |count| u32::try_from(count).expect("Invariant: counts fit 32 bits");
            self.log.push(QueueBlocked {
                kind,
                payments: number(waiting.len()),
                value: clamped(self.sum_of(&waiting)),
                could_settle: number(could_settle),
            });
        }
    }
}

/// Returns the event of a batch that an algorithm has found.
pub(super) fn batch_settlement(algorithm: LsmAlgorithm, set: SettledSet) -> Event {
    Event::from(LsmBatchSettlement {
        algorithm,
        tx_ids: set.tx_ids,
        tx_amounts: set.tx_amounts,
        agents: set.agents,
        net_positions: set.net_positions,
        total_value: set.total_value,
        max_net_outflow: set.max_net_outflow,
        max_net_outflow_agent: set.max_net_outflow_agent,
    })
}
