//! Where a payment waited, and why.

use psim_model::Tick;

use crate::state::{Payment, Queue, WaitReason};

/// One time in a queue.
#[derive(Clone, Debug)]
pub(super) struct Stay {
    pub(super) queue: Queue,
    /// When it joined.
    pub(super) from: Tick,
    /// When it left; `None` while it is there.
    pub(super) to: Option<Tick>,
    /// Ticks at whose end it stood there.
    pub(super) ticks: u32,
    /// Why, in order; the same reason twice is one.
    pub(super) reasons: Vec<Reason>,
}

/// Why a payment waited.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Reason {
    pub(super) reason: WaitReason,
    /// The policy's own words, if the reason is that it has some.
    pub(super) words: Option<String>,
}

/// All times in queues, in order; at most the last is not over.
#[derive(Clone, Debug, Default)]
pub(super) struct Stays(Vec<Stay>);

impl Stays {
    pub(super) fn all(&self) -> &[Stay] {
        &self.0
    }

    /// Follows the payment to where an event has put it.
    /// What is given as `words` belongs to the reason that the event gives.
    pub(super) fn follow(&mut self, tick: Tick, payment: &Payment, words: Option<&str>) {
        let queue = payment.place.queue();
        if let Some(open) = self.open().filter(|stay| Some(stay.queue) != queue) {
            open.to = Some(tick);
        }
        let Some(queue) = queue else { return };
        if self.open().is_none() {
            self.0.push(Stay { queue, from: tick, to: None, ticks: 0, reasons: Vec::new() });
        }
        let reason = payment.last_reason.filter(|reason| belongs_to(*reason, queue));
        let (Some(stay), Some(reason)) = (self.open(), reason) else { return };
        let is_new = match stay.reasons.last() {
            Some(last) => {
                last.reason != reason || words.is_some() && last.words.as_deref() != words
            }
            None => true,
        };
        if is_new {
            stay.reasons.push(Reason { reason, words: words.map(str::to_owned) });
        }
    }

    /// Counts ticks that end while the payment waits.
    pub(super) fn end_ticks(&mut self, ticks: u32) {
        if let Some(open) = self.open() {
            open.ticks = open.ticks.saturating_add(ticks);
        }
    }

    fn open(&mut self) -> Option<&mut Stay> {
        self.0.last_mut().filter(|stay| stay.to.is_none())
    }
}

/// Returns whether a reason keeps a payment in this queue.
const fn belongs_to(reason: WaitReason, queue: Queue) -> bool {
    matches!(
        (reason, queue),
        (WaitReason::Hold(_) | WaitReason::Scheduled, Queue::One)
            | (WaitReason::Queue(_), Queue::Two)
    )
}
