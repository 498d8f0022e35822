//! What happened to payments in a tick.

use std::fmt::Write as _;

use psim_model::event::{
    Arrival, OverdueTransactionSettled, PolicyDrop, PolicyHold, Queue2LiquidityRelease, QueuedRtgs,
    RtgsImmediateSettlement, TransactionWentOverdue,
};
use psim_model::{AgentNo, Money, PaymentNo};

use super::listing::write_largest;
use super::sorted::Sorted;
use crate::state::{Place, State, Tally, WaitReason, drop_phrase};
use crate::table::Grid;
use crate::text::plural;
use crate::wording::Wording;

/// Writes the sections about payments, in the order in which a tick goes.
pub(super) fn write(
    text: &mut String,
    sorted: &Sorted,
    due: &[PaymentNo],
    state: &State,
    wording: &Wording,
) {
    let section = Section { state, wording };
    section.arrivals(text, &sorted.arrivals);
    section.went_overdue(text, &sorted.went_overdue);
    section.holds(text, &sorted.holds);
    section.released(text, sorted);
    section.settled_on_entry(text, &sorted.on_entry);
    section.queued(text, &sorted.queued);
    section.released_from_queue2(text, &sorted.from_queue2);
    section.overdue_settled(text, &sorted.overdue_settled);
    section.drops(text, &sorted.drops);
    section.near_deadline(text, due);
}

struct Section<'a> {
    state: &'a State,
    wording: &'a Wording<'a>,
}

impl Section<'_> {
    /// Writes a section about payments: number and value in the title, a line each.
    fn list<T>(
        &self,
        text: &mut String,
        title: &str,
        events: &[T],
        subject: impl Fn(&T) -> Subject,
        notes: impl Fn(&T) -> Vec<String>,
    ) {
        let mut all = Tally::default();
        for event in events {
            all.add(subject(event).amount);
        }
        let wording = self.wording;
        let title = format!("{title}: {}", wording.payments(all));
        let size = |event: &T| subject(event).amount.minor().unsigned_abs();
        write_largest(text, &title, Grid::new("llrll"), events, size, |event| {
            let Subject { payment, sender, receiver, amount } = subject(event);
            let mut row = vec![
                wording.payment(payment).into_owned(),
                wording.way(sender, receiver),
                wording.amount(amount),
            ];
            row.extend(notes(event));
            row
        });
    }

    /// Returns what a payment is about that an event only names; agents that nobody has named
    /// stand for those of a payment that never arrived.
    fn recall(&self, payment: PaymentNo) -> Subject {
        match self.state.payments.get(payment.index()) {
            Some(known) => Subject {
                payment,
                sender: known.sender,
                receiver: known.receiver,
                amount: known.amount,
            },
            None => Subject {
                payment,
                sender: AgentNo(u32::MAX),
                receiver: AgentNo(u32::MAX),
                amount: Money::ZERO,
            },
        }
    }

    fn arrivals(&self, text: &mut String, arrivals: &[&Arrival]) {
        let subject = |event: &&Arrival| Subject {
            payment: event.tx_id.no,
            sender: event.sender_id,
            receiver: event.receiver_id,
            amount: event.amount,
        };
        self.list(text, "Arrived", arrivals, subject, |event| {
            vec![format!("priority {}", event.priority), self.wording.due(event.deadline_tick)]
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
            vec![WaitReason::Hold(event.reason).phrase().to_owned()]
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
            let _ = writeln!(text, "Released: {payments}, by {agents}");
        }
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
            let reason = waited.map_or("not yet decided on", WaitReason::phrase);
            vec![drop_phrase(Some(event.reason)).to_owned(), reason.to_owned()]
        });
    }

    fn near_deadline(&self, text: &mut String, due: &[PaymentNo]) {
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

    fn left(&self, sender: AgentNo, balance: Money) -> String {
        format!("{} has {}", self.wording.agent(sender), self.wording.amount(balance))
    }
}

/// The payment that a line is about.
struct Subject {
    payment: PaymentNo,
    sender: AgentNo,
    receiver: AgentNo,
    amount: Money,
}
