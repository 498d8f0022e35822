//! Lists of payments in a tick's account.

use psim_model::event::{EventBatch, Text};
use psim_model::{AgentNo, Money, PaymentNo};

use super::listing::write_largest;
use crate::state::{State, Tally};
use crate::table::Grid;
use crate::wording::Wording;

/// What lists of payments are written with.
pub(super) struct Section<'a> {
    pub(super) batch: &'a EventBatch,
    pub(super) state: &'a State,
    pub(super) wording: &'a Wording<'a>,
}

/// The payment that a line is about.
pub(super) struct Subject {
    pub(super) payment: PaymentNo,
    pub(super) sender: AgentNo,
    pub(super) receiver: AgentNo,
    pub(super) amount: Money,
}

impl Section<'_> {
    /// Writes a section about payments: number and value in the title, a line each.
    pub(super) fn list<T>(
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
        self.lines(text, &title, events, subject, notes);
    }

    /// Writes a title and a line for each payment.
    pub(super) fn lines<T>(
        &self,
        text: &mut String,
        title: &str,
        events: &[T],
        subject: impl Fn(&T) -> Subject,
        notes: impl Fn(&T) -> Vec<String>,
    ) {
        let wording = self.wording;
        let size = |event: &T| subject(event).amount.minor().unsigned_abs();
        write_largest(text, title, Grid::new("llrlll"), events, size, |event| {
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

    /// Returns the note about the way through a tree that led to an event, if that is traced.
    pub(super) fn path(&self, path: Option<Text>) -> Option<String> {
        path_note(self.batch, path)
    }

    /// Returns what a payment is about that an event only names; agents that nobody has named
    /// stand for those of a payment that never arrived.
    pub(super) fn recall(&self, payment: PaymentNo) -> Subject {
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

    /// Returns `A has EUR 5.00`.
    pub(super) fn left(&self, sender: AgentNo, balance: Money) -> String {
        format!("{} has {}", self.wording.agent(sender), self.wording.amount(balance))
    }
}

/// Returns `path: is_urgent(true) → release`, if decisions are traced.
pub(super) fn path_note(batch: &EventBatch, path: Option<Text>) -> Option<String> {
    path.map(|path| format!("path: {}", batch.text_of(path)))
}
