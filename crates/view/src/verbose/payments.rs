//! What happened to payments in a tick.

use std::fmt::Write as _;

use psim_model::event::{
    Arrival, OverdueTransactionSettled, PolicyDrop, PolicyHold, Queue2LiquidityRelease, QueuedRtgs,
    RtgsImmediateSettlement, RtgsPriority, RtgsSubmission, TransactionWentOverdue,
};
use psim_model::{AgentNo, PaymentNo};

use super::saving;
use super::section::{Section, Subject};
use super::sorted::Sorted;
use crate::phrases::class_phrase;
use crate::state::{Place, Tally, WaitReason, drop_phrase};
use crate::text::{plural, quoted};

impl Section<'_> {
    /// Writes what happened to payments before anything was released.
    pub(super) fn before_release(&self, text: &mut String, sorted: &Sorted) {
        self.arrivals(text, &sorted.arrivals);
        self.went_overdue(text, &sorted.went_overdue);
    }

    /// Writes what happened to payments from the decisions about them to their settlement, in the
    /// order in which a tick goes.
    pub(super) fn since_release(&self, text: &mut String, sorted: &Sorted) {
        self.escalations(text, &sorted.escalations);
        self.reprioritizations(text, &sorted.reprioritizations);
        self.holds(text, &sorted.holds);
        self.splits(text, &sorted.splits);
        self.released(text, sorted);
        self.withdrawals(text, &sorted.withdrawals);
        self.resubmissions(text, &sorted.resubmissions);
        self.settled_on_entry(text, &sorted.on_entry);
        self.offsets(text, &sorted.offsets);
        self.bilateral_limit_hits(text, &sorted.bilateral_limit_hits);
        self.multilateral_limit_hits(text, &sorted.multilateral_limit_hits);
        self.queued(text, &sorted.queued);
        self.released_from_queue2(text, &sorted.from_queue2);
        self.sets(text, &sorted.sets);
        self.executions(text, &sorted.executions);
        saving::write_bounds(text, &sorted.bounds);
        self.blocks(text, &sorted.blocks);
        self.overdue_settled(text, &sorted.overdue_settled);
        self.drops(text, &sorted.drops);
        self.completed(text, &sorted.completed);
    }
}

impl Section<'_> {
    fn arrivals(&self, text: &mut String, arrivals: &[&Arrival]) {
        let subject = |event: &&Arrival| Subject {
            payment: event.tx_id.no,
            sender: event.sender_id,
            receiver: event.receiver_id,
            amount: event.amount,
        };
        self.list(text, "Arrived", arrivals, subject, |event| {
            let class = match event.rtgs_priority {
                RtgsPriority::Normal => String::new(),
                class => format!(", {}", class_phrase(class)),
            };
            let urgency = format!("priority {}{class}", event.priority);
            vec![urgency, self.wording.due(event.deadline_tick)]
        });
    }

    fn went_overdue(&self, text: &mut String, overdue: &[&TransactionWentOverdue]) {
        let subject = |event: &&TransactionWentOverdue| Subject {
            payment: event.tx_id,
            sender: event.sender_id,
            receiver: event.receiver_id,
            amount: event.amount,
        };
        self.list(text, "Went overdue", overdue, subject, |event| {
            let penalty = self.wording.amount(event.deadline_penalty_cost);
            vec![self.wording.due(event.deadline_tick), format!("penalty {penalty}")]
        });
    }

    fn holds(&self, text: &mut String, holds: &[&PolicyHold]) {
        let subject = |event: &&PolicyHold| self.recall(event.tx_id);
        self.list(text, "Held in queue 1", holds, subject, |event| {
            let reason = match event.detail {
                Some(words) => format!("held by policy: {}", quoted(self.batch.text_of(words))),
                None => WaitReason::Hold(event.reason).phrase().to_owned(),
            };
            [Some(reason), self.path(event.decision_path)].into_iter().flatten().collect()
        });
    }

    fn released(&self, text: &mut String, sorted: &Sorted) {
        let mut all = Tally::default();
        let mut senders: Vec<AgentNo> = Vec::with_capacity(sorted.submissions.len());
        for submission in &sorted.submissions {
            all.add(submission.amount);
            senders.push(submission.sender_id);
        }
        senders.sort_unstable();
        senders.dedup();
        if all.count > 0 {
            let agents = plural(senders.len() as u64, "agent");
            let payments = self.wording.payments(all);
            let title = format!("Released: {payments}, by {agents}");
            self.releases(text, &title, &sorted.submissions);
        }
    }

    /// Writes the payments that are released if decisions are traced, else the title alone.
    fn releases(&self, text: &mut String, title: &str, submissions: &[&RtgsSubmission]) {
        if submissions.iter().all(|event| event.decision_path.is_none()) {
            let _ = writeln!(text, "{title}");
            return;
        }
        let subject = |event: &&RtgsSubmission| Subject {
            payment: event.tx_id,
            sender: event.sender_id,
            receiver: event.receiver_id,
            amount: event.amount,
        };
        let path = |event: &&RtgsSubmission| self.path(event.decision_path).into_iter().collect();
        self.lines(text, title, submissions, subject, path);
    }

    fn settled_on_entry(&self, text: &mut String, settled: &[&RtgsImmediateSettlement]) {
        let subject = |event: &&RtgsImmediateSettlement| Subject {
            payment: event.tx_id,
            sender: event.sender_id,
            receiver: event.receiver_id,
            amount: event.amount,
        };
        self.list(text, "Settled on entry", settled, subject, |event| {
            vec![self.left(event.sender_id, event.sender_balance_after)]
        });
    }

    fn queued(&self, text: &mut String, queued: &[&QueuedRtgs]) {
        let subject = |event: &&QueuedRtgs| Subject {
            payment: event.tx_id,
            sender: event.sender_id,
            receiver: event.receiver_id,
            amount: event.amount,
        };
        self.list(text, "Joined queue 2", queued, subject, |event| {
            vec![WaitReason::Queue(event.reason).phrase().to_owned()]
        });
    }

    fn released_from_queue2(&self, text: &mut String, settled: &[&Queue2LiquidityRelease]) {
        let subject = |event: &&Queue2LiquidityRelease| Subject {
            payment: event.tx_id,
            sender: event.sender_id,
            receiver: event.receiver_id,
            amount: event.amount,
        };
        self.list(text, "Settled from queue 2", settled, subject, |event| {
            let waited = plural(event.queue_wait_ticks.into(), "tick");
            vec![self.left(event.sender_id, event.sender_balance_after), format!("waited {waited}")]
        });
    }

    fn overdue_settled(&self, text: &mut String, settled: &[&OverdueTransactionSettled]) {
        let subject = |event: &&OverdueTransactionSettled| Subject {
            payment: event.tx_id,
            sender: event.sender_id,
            receiver: event.receiver_id,
            amount: event.amount,
        };
        self.list(text, "Settled late", settled, subject, |event| {
            let late = plural(event.total_ticks_overdue.into(), "tick");
            let penalty = self.wording.amount(event.deadline_penalty_cost);
            vec![format!("{late} late"), format!("penalty {penalty}")]
        });
    }

    fn drops(&self, text: &mut String, drops: &[&PolicyDrop]) {
        let subject = |event: &&PolicyDrop| self.recall(event.tx_id);
        let payments = &self.state.payments;
        self.list(text, "Dropped", drops, subject, |event| {
            let waited = payments.get(event.tx_id.index()).and_then(|payment| payment.last_reason);
            let mut notes = vec![drop_phrase(Some(event.reason)).to_owned()];
            notes.extend(waited.map(|reason| reason.phrase().to_owned()));
            notes.extend(self.path(event.decision_path));
            notes
        });
    }

    /// Writes what still waits close to its deadline.
    pub(super) fn near_deadline(&self, text: &mut String, due: &[PaymentNo]) {
        let state = self.state;
        let subject = |payment: &PaymentNo| self.recall(*payment);
        self.list(text, "Still waiting near the deadline", due, subject, |payment| {
            let Some(payment) = state.payments.get(payment.index()) else { return Vec::new() };
            let left = payment.deadline.since(state.tick.unwrap_or_default());
            let when = match left {
                0 => "now".to_owned(),
                ticks => format!("in {}", plural(ticks.into(), "tick")),
            };
            let queue = if payment.place == Place::Queue1 { "queue 1" } else { "queue 2" };
            vec![format!("in {queue}"), format!("{}, {when}", self.wording.due(payment.deadline))]
        });
    }
}
