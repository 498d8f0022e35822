//! Every payment of the run, by number.

use psim_model::event::HoldReason;
use psim_model::{AgentNo, Money, PaymentNo, Priority, PriorityBand, RtgsPriority, Tick};
use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

use crate::backlog::Queue;
use crate::words::WordNo;

/// A payment: what it is and where it stands. What is looked at rarely is in [`Terms`].
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(crate) struct Payment {
    pub(crate) amount: Money,
    pub(crate) sender: AgentNo,
    pub(crate) receiver: AgentNo,
    /// Last tick on which it is on time.
    pub(crate) deadline: Tick,
    /// First tick on which it may settle.
    pub(crate) earliest: Tick,
    /// When it came where it stands: arrived, or was made as a part; joined queue 2, or was
    /// withdrawn from it; settled.
    pub(crate) moved_at: Tick,
    /// Current priority.
    pub(crate) priority: Priority,
    /// Declared class.
    pub(crate) class: RtgsPriority,
    /// The last reason given for holding it.
    pub(crate) last_hold: Option<HoldReason>,
    pub(crate) place: Place,
}

/// What is rarely looked at of a payment.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(crate) struct Terms {
    /// The priority it came with.
    pub(crate) original_priority: Priority,
    /// What escalation adds to that by now.
    pub(crate) boost: u8,
    /// Whether it must not be split.
    pub(crate) is_indivisible: bool,
}

/// Where a payment stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Place {
    /// With its sender, arrived in this tick and not weighed for costs yet.
    Arrived,
    /// With its sender.
    Queue1,
    /// Released, on its way into the system.
    Released,
    /// In the system, waiting.
    Queue2,
    /// Final.
    Settled,
    /// Left unsettled.
    Dropped,
    /// Replaced by its parts.
    Split,
    /// Replaced by its parts, all of which have settled.
    Completed,
}

impl Payment {
    pub(crate) const fn band(&self) -> PriorityBand {
        PriorityBand::of(self.priority)
    }

    pub(crate) fn is_overdue(&self, now: Tick) -> bool {
        now > self.deadline
    }

    /// Returns whether it waits in one of the queues.
    pub(crate) const fn is_waiting(&self) -> bool {
        matches!(self.place, Place::Arrived | Place::Queue1 | Place::Queue2)
    }
}

impl Place {
    /// Returns the queue in which it counts as waiting.
    pub(crate) const fn queue(self) -> Option<Queue> {
        match self {
            Self::Queue1 => Some(Queue::One),
            Self::Queue2 => Some(Queue::Two),
            _ => None,
        }
    }
}

/// All payments, dense by number.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Payments {
    all: Vec<Payment>,
    /// Those that differ from the usual: the payment's own priority, no boost, divisible.
    #[serde(with = "crate::stored::map")]
    terms: FxHashMap<PaymentNo, Terms>,
    /// The words in which payments were held last, where the reason alone does not say it.
    #[serde(with = "crate::stored::map")]
    last_words: FxHashMap<PaymentNo, WordNo>,
}

impl Payments {
    pub(crate) fn len(&self) -> usize {
        self.all.len()
    }

    pub(crate) fn push(&mut self, payment: Payment) -> PaymentNo {
        let no = PaymentNo::from_index(self.all.len());
        self.all.push(payment);
        no
    }

    pub(crate) fn get(&self, no: PaymentNo) -> &Payment {
        &self.all[no.index()]
    }

    pub(crate) fn get_mut(&mut self, no: PaymentNo) -> &mut Payment {
        &mut self.all[no.index()]
    }

    pub(crate) fn terms(&self, no: PaymentNo) -> Terms {
        self.terms.get(&no).copied().unwrap_or_else(|| self.own_terms(no))
    }

    /// Sets the terms of a payment.
    pub(crate) fn set_terms(&mut self, no: PaymentNo, terms: Terms) {
        self.terms.insert(no, terms);
    }

    /// Remembers what a payment came with before its priority changes.
    pub(crate) fn keep_terms(&mut self, no: PaymentNo) {
        let own = self.own_terms(no);
        self.terms.entry(no).or_insert(own);
    }

    fn own_terms(&self, no: PaymentNo) -> Terms {
        let original_priority = self.get(no).priority;
        Terms { original_priority, boost: 0, is_indivisible: false }
    }

    /// Returns the words in which a payment was held last, if the reason alone does not say it.
    pub(crate) fn last_word(&self, no: PaymentNo) -> Option<WordNo> {
        if self.last_words.is_empty() { None } else { self.last_words.get(&no).copied() }
    }

    /// Notes the words in which a payment is held.
    pub(crate) fn set_last_word(&mut self, no: PaymentNo, word: Option<WordNo>) {
        match word {
            Some(word) => drop(self.last_words.insert(no, word)),
            None if self.last_words.is_empty() => {}
            None => drop(self.last_words.remove(&no)),
        }
    }

    /// Visits all payments by number.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (PaymentNo, &Payment)> {
        self.iter_from(PaymentNo(0))
    }

    /// Visits the payments from a number on.
    pub(crate) fn iter_from(
        &self,
        first: PaymentNo,
    ) -> impl Iterator<Item = (PaymentNo, &Payment)> {
        (first.0..).map(PaymentNo).zip(&self.all[first.index()..])
    }
}
