//! Queue 2: what was released and could not settle.

use std::collections::{BTreeMap, VecDeque};

use psim_model::{AgentNo, Money, PaymentNo, QueueDiscipline, Tick};

use crate::agent_set::AgentSet;
use crate::fit_index::FitIndex;

/// The system's queue: one line a sender, all in one order of entry.
///
/// A sender's line is looked at again only after something it depends on has changed: a credit, a
/// payment whose earliest tick has come.
#[derive(Clone, Debug)]
pub(crate) struct Queue2 {
    lines: Vec<Line>,
    next_entry: u64,
    len: usize,
    touched: AgentSet,
    /// Payments that may not settle yet, by the tick from which they may.
    not_before: BTreeMap<Tick, Vec<Delayed>>,
}

#[derive(Clone, Copy, Debug)]
struct Delayed {
    sender: AgentNo,
    entry: u64,
    amount: Money,
}

/// One sender's payments, in order of entry.
#[derive(Clone, Debug)]
enum Line {
    /// Each is tested by itself.
    Bypass(FitIndex),
    /// Only the first is tested.
    Fifo(VecDeque<Waiting>),
}

#[derive(Clone, Copy, Debug)]
struct Waiting {
    entry: u64,
    payment: PaymentNo,
    /// `None` while it may not be tested.
    amount: Option<Money>,
}

impl Queue2 {
    pub(crate) fn new(agents: usize, discipline: QueueDiscipline) -> Self {
        let line = match discipline {
            QueueDiscipline::Bypass => Line::Bypass(FitIndex::default()),
            QueueDiscipline::Fifo => Line::Fifo(VecDeque::new()),
        };
        Self {
            lines: vec![line; agents],
            next_entry: 0,
            len: 0,
            touched: AgentSet::new(agents),
            not_before: BTreeMap::new(),
        }
    }

    /// Returns the number of payments waiting.
    pub(crate) fn len(&self) -> usize {
        self.len
    }

    /// Returns whether a newcomer of this sender must join behind another, untested.
    pub(crate) fn blocks_newcomer(&self, sender: AgentNo) -> bool {
        matches!(&self.lines[sender.index()], Line::Fifo(line) if !line.is_empty())
    }

    /// Appends a payment; with `not_before` it is not tested until that tick.
    pub(crate) fn push(
        &mut self,
        sender: AgentNo,
        payment: PaymentNo,
        amount: Money,
        not_before: Option<Tick>,
    ) {
        let entry = self.next_entry;
        self.next_entry += 1;
        self.len += 1;
        let testable = if not_before.is_none() { Some(amount) } else { None };
        match &mut self.lines[sender.index()] {
            Line::Bypass(line) => line.push(entry, payment, testable),
            Line::Fifo(line) => line.push_back(Waiting { entry, payment, amount: testable }),
        }
        if let Some(tick) = not_before {
            self.not_before.entry(tick).or_default().push(Delayed { sender, entry, amount });
        }
    }

    /// Lets payments be tested whose earliest tick is `now`.
    pub(crate) fn admit_due(&mut self, now: Tick) {
        while let Some(due) = self.not_before.first_entry()
            && *due.key() <= now
        {
            for Delayed { sender, entry, amount } in due.remove() {
                match &mut self.lines[sender.index()] {
                    Line::Bypass(line) => line.admit(entry, amount),
                    Line::Fifo(line) => {
                        if let Ok(place) = line.binary_search_by_key(&entry, |w| w.entry) {
                            line[place].amount = Some(amount);
                        }
                    }
                }
                self.touch(sender);
            }
        }
    }

    /// Remembers that a sender's line is worth another test.
    pub(crate) fn touch(&mut self, sender: AgentNo) {
        let waits = match &self.lines[sender.index()] {
            Line::Bypass(line) => !line.is_empty(),
            Line::Fifo(line) => !line.is_empty(),
        };
        if waits {
            self.touched.insert(sender);
        }
    }

    /// Removes and returns the next sender at or after `from` whose line is worth a test.
    pub(crate) fn next_touched(&mut self, from: AgentNo) -> Option<AgentNo> {
        self.touched.take_next(from)
    }

    /// Returns the sender's first payment that entered after `after`, may be tested by itself and
    /// is at most `available`.
    pub(crate) fn next_fit(
        &self,
        sender: AgentNo,
        after: Option<u64>,
        available: Money,
    ) -> Option<(u64, PaymentNo)> {
        match &self.lines[sender.index()] {
            Line::Bypass(line) => line.next_fit(after, available),
            Line::Fifo(line) => {
                let first = line.front()?;
                let is_ahead = after.is_none_or(|after| first.entry > after);
                let fits = first.amount.is_some_and(|amount| amount <= available);
                (is_ahead && fits).then_some((first.entry, first.payment))
            }
        }
    }

    /// Takes a payment out that [`Queue2::next_fit`] found.
    pub(crate) fn remove(&mut self, sender: AgentNo, entry: u64) {
        match &mut self.lines[sender.index()] {
            Line::Bypass(line) => line.remove(entry),
            Line::Fifo(line) => {
                if let Ok(place) = line.binary_search_by_key(&entry, |waiting| waiting.entry) {
                    line.remove(place);
                }
            }
        }
        self.len -= 1;
    }

    /// Visits all payments, sender by sender.
    pub(crate) fn payments(&self) -> impl Iterator<Item = PaymentNo> {
        self.lines.iter().flat_map(Line::iter).map(|(_, payment)| payment)
    }

    /// Returns all payments in order of entry.
    pub(crate) fn in_order(&self) -> Vec<PaymentNo> {
        let mut waiting: Vec<(u64, PaymentNo)> = self.lines.iter().flat_map(Line::iter).collect();
        waiting.sort_unstable();
        waiting.into_iter().map(|(_, payment)| payment).collect()
    }

    /// Removes everything.
    pub(crate) fn clear(&mut self) {
        for line in &mut self.lines {
            match line {
                Line::Bypass(line) => *line = FitIndex::default(),
                Line::Fifo(line) => line.clear(),
            }
        }
        self.not_before.clear();
        self.len = 0;
    }
}

impl Line {
    fn iter(&self) -> Box<dyn Iterator<Item = (u64, PaymentNo)> + '_> {
        match self {
            Self::Bypass(line) => Box::new(line.iter()),
            Self::Fifo(line) => Box::new(line.iter().map(|w| (w.entry, w.payment))),
        }
    }
}
