//! Queue 2: what was released and could not settle.

mod line;
mod pairs;

use std::collections::BTreeMap;

use psim_model::{AgentNo, Money, PaymentNo, Priority, RtgsPriority, Rules, Tick};
use serde::{Deserialize, Serialize};

use crate::agent_set::AgentSet;
use crate::fit_index::Waiting;
use crate::payments::Payment;
pub(crate) use line::Key;
use line::{Discipline, Line};
use pairs::Pairs;

/// The system's queue: one line a sender, all in one order.
///
/// A sender's line is looked at again only after something it depends on has changed: a credit, a
/// limit, a payment whose earliest tick has come, a class.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Queue2 {
    discipline: Discipline,
    lines: Vec<Line>,
    next_entry: u64,
    /// By payment number, where lines tell classes apart: the entry of what waits.
    entries: Vec<u64>,
    len: usize,
    /// How often a payment has joined, left, changed its band or come to its earliest tick.
    changes: u64,
    touched: AgentSet,
    /// Senders for whose payments money is not what is missing.
    need_room: AgentSet,
    /// Payments that may not settle yet, by the tick from which they may.
    not_before: BTreeMap<Tick, Vec<Aside>>,
    /// Payments by their two agents; only where these are offset on entry.
    pairs: Option<Pairs>,
}

/// A payment that may not be tested for now.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(crate) struct Aside {
    pub(crate) sender: AgentNo,
    pub(crate) key: Key,
    pub(crate) amount: Money,
}

impl Queue2 {
    /// `keeps_back` is whether the classes of an agent have different liquidity.
    pub(crate) fn new(agents: usize, rules: &Rules, keeps_back: bool) -> Self {
        let discipline = Discipline::new(rules, keeps_back);
        Self {
            lines: vec![Line::new(discipline); agents],
            discipline,
            next_entry: 0,
            entries: Vec::new(),
            len: 0,
            changes: 0,
            touched: AgentSet::new(agents),
            need_room: AgentSet::new(agents),
            not_before: BTreeMap::new(),
            pairs: rules.entry_disposition_offsetting.then(Pairs::default),
        }
    }

    /// Returns whether it can be the queue of so many agents under these rules.
    pub(crate) fn fits(&self, agents: usize, rules: &Rules, keeps_back: bool) -> bool {
        let discipline = Discipline::new(rules, keeps_back);
        self.lines.len() == agents
            && self.discipline == discipline
            && self.lines.iter().all(|line| line.fits(discipline))
            && Key::can_have(self.next_entry)
            && self.touched.fits(agents)
            && self.need_room.fits(agents)
            && self.pairs.is_some() == rules.entry_disposition_offsetting
    }

    /// Keeps payments by their two agents from now on, or no more.
    pub(crate) fn keep_pairs<'p>(
        &mut self,
        keep: bool,
        payment: impl Fn(PaymentNo) -> &'p Payment,
    ) {
        if keep == self.pairs.is_some() {
            return;
        }
        self.pairs = keep.then(|| self.pairs_of(payment));
    }

    fn pairs_of<'p>(&self, payment: impl Fn(PaymentNo) -> &'p Payment) -> Pairs {
        let mut pairs = Pairs::default();
        for (entry, no) in self.lines.iter().flat_map(Line::iter) {
            pairs.insert(payment(no), self.discipline.key(payment(no), entry), no);
        }
        pairs
    }

    /// Returns whether payments by their two agents, if they are kept, are those that wait.
    pub(crate) fn pairs_agree<'p>(&self, payment: impl Fn(PaymentNo) -> &'p Payment) -> bool {
        self.pairs.as_ref().is_none_or(|pairs| *pairs == self.pairs_of(payment))
    }

    /// Returns how often a payment has joined, left, changed its band or come to its earliest tick.
    pub(crate) const fn changes(&self) -> u64 {
        self.changes
    }

    /// Counts a change of what is known of a payment.
    pub(crate) const fn note_change(&mut self) {
        self.changes += 1;
    }

    /// Returns whether only a sender's first payment is tested.
    pub(crate) const fn is_fifo(&self) -> bool {
        self.discipline.is_fifo
    }

    /// Returns whether a sender has no payment waiting.
    pub(crate) fn is_clear(&self, sender: AgentNo) -> bool {
        self.lines[sender.index()].is_empty()
    }

    /// Visits the payments of a sender in order.
    pub(crate) fn visit(&self, sender: AgentNo, visitor: impl FnMut(Key, PaymentNo)) {
        self.lines[sender.index()].visit(self.discipline, visitor);
    }

    /// Returns the number of a sender's payments waiting.
    pub(crate) fn len_of(&self, sender: AgentNo) -> usize {
        self.lines[sender.index()].len()
    }

    /// Returns the number of payments waiting.
    pub(crate) fn len(&self) -> usize {
        self.len
    }

    /// Returns whether, under `fifo`, a newcomer of this sender must join untested.
    pub(crate) fn has_earlier(&self, sender: AgentNo) -> bool {
        self.discipline.is_fifo && !self.lines[sender.index()].is_empty()
    }

    /// Returns whether, under `priority_blocking`, a payment of a higher class holds back this one.
    pub(crate) fn has_higher(&self, sender: AgentNo, class: RtgsPriority) -> bool {
        self.discipline.is_blocking && self.lines[sender.index()].has_above(class)
    }

    /// Appends a payment; with `not_before` it is not tested until that tick.
    pub(crate) fn push(&mut self, no: PaymentNo, payment: &Payment, not_before: Option<Tick>) {
        let key = self.discipline.key(payment, self.next_entry);
        let sender = payment.sender;
        self.next_entry += 1;
        self.changes += 1;
        self.len += 1;
        self.need_room.remove(sender);
        let amount = if not_before.is_none() { Some(payment.amount) } else { None };
        let line = &mut self.lines[sender.index()];
        line.push(self.discipline, payment, Waiting { entry: key.entry(), no, amount });
        if let Some(tick) = not_before {
            let aside = Aside { sender, key, amount: payment.amount };
            self.not_before.entry(tick).or_default().push(aside);
        }
        if let Some(pairs) = &mut self.pairs {
            pairs.insert(payment, key, no);
        }
        if self.discipline.is_ranked {
            if self.entries.len() <= no.index() {
                self.entries.resize(no.index() + 1, 0);
            }
            self.entries[no.index()] = key.entry();
            // Among classes a newcomer may have gone before those that were tested.
            self.touch(sender);
        }
    }

    /// Lets payments be tested whose earliest tick is `now`.
    pub(crate) fn admit_due(&mut self, now: Tick) {
        while let Some(due) = self.not_before.first_entry()
            && *due.key() <= now
        {
            for aside in due.remove() {
                if self.readmit(&aside) {
                    self.changes += 1;
                }
            }
        }
    }

    /// Lets a payment be tested again, unless it has left its place; returns whether it is there.
    pub(crate) fn readmit(&mut self, aside: &Aside) -> bool {
        let line = &mut self.lines[aside.sender.index()];
        let is_there = line.admit(self.discipline, aside.key, aside.amount);
        self.touch(aside.sender);
        is_there
    }

    /// Lets a payment be tested no more, until it is readmitted; returns false where its sender's
    /// others are not tested before it either.
    pub(crate) fn set_aside(&mut self, aside: &Aside) -> bool {
        self.lines[aside.sender.index()].park(self.discipline, aside.key)
    }

    /// Remembers that a sender's line is worth another test.
    pub(crate) fn touch(&mut self, sender: AgentNo) {
        if self.len > 0 && !self.lines[sender.index()].is_empty() {
            self.touched.insert(sender);
            self.need_room.remove(sender);
        }
    }

    /// Remembers that a sender has more money, which may make its line worth another test.
    pub(crate) fn touch_for_money(&mut self, sender: AgentNo) {
        if self.len > 0 && !self.need_room.contains(sender) {
            self.touch(sender);
        }
    }

    /// Notes whether more money alone lets no payment of a sender settle: each is more than `most`,
    /// what its limits admit at all, or may not be tested.
    pub(crate) fn await_room(&mut self, sender: AgentNo, most: Money) {
        if self.lines[sender.index()].are_all_above(most) {
            self.need_room.insert(sender);
        }
    }

    /// Removes and returns the next sender at or after `from` whose line is worth a test.
    pub(crate) fn next_touched(&mut self, from: AgentNo) -> Option<AgentNo> {
        self.touched.take_next(from)
    }

    /// Returns the sender's first payment after `after` that may be tested by itself and is at most
    /// what its class can afford.
    pub(crate) fn next_fit(
        &self,
        sender: AgentNo,
        after: Option<Key>,
        affordable: impl Fn(RtgsPriority) -> Money,
    ) -> Option<(Key, PaymentNo)> {
        self.lines[sender.index()].next_fit(self.discipline, after, affordable)
    }

    /// Takes a payment out of its place and lets its sender's others be tested: under `fifo`,
    /// another is the first now.
    pub(crate) fn take_out(&mut self, key: Key, payment: &Payment) {
        self.remove(key, payment);
        self.touch(payment.sender);
    }

    /// Takes a payment out of its place. Its sender's others are worth a test then: the caller goes
    /// on along the line, or [touches](Self::touch) it.
    pub(crate) fn remove(&mut self, key: Key, payment: &Payment) {
        let line = &mut self.lines[payment.sender.index()];
        line.remove(self.discipline, payment, key);
        self.len -= 1;
        self.changes += 1;
        if let Some(pairs) = &mut self.pairs {
            pairs.remove(payment, key);
        }
        if self.discipline.is_ranked {
            self.touch(payment.sender);
        }
    }

    /// Takes out all payments of a sender at once, if it has exactly `count` and no index of pairs
    /// is kept; returns whether it did.
    pub(crate) fn remove_all(&mut self, sender: AgentNo, count: usize) -> bool {
        let line = &mut self.lines[sender.index()];
        let is_all = self.pairs.is_none() && line.len() == count;
        if is_all {
            line.clear();
            self.len -= count;
            self.changes += 1;
        }
        is_all
    }

    /// Returns where a payment that is there stands. Where lines tell no classes apart, and it is
    /// not often asked, that takes a walk along its sender's line.
    pub(crate) fn place_of(&self, no: PaymentNo, payment: &Payment) -> Option<Key> {
        let entry = if self.discipline.is_ranked {
            *self.entries.get(no.index())?
        } else {
            let line = &self.lines[payment.sender.index()];
            line.iter().find(|(_, waiting)| *waiting == no)?.0
        };
        Some(self.discipline.key(payment, entry))
    }

    /// Moves payments whose priority has changed to where they now belong; each comes as it is
    /// now, with the priority it had.
    pub(crate) fn rerank(&mut self, moved: &[(PaymentNo, Payment, Priority)], now: Tick) {
        let mut newcomers: BTreeMap<AgentNo, Vec<(u64, PaymentNo, Payment)>> = BTreeMap::new();
        for (no, payment, old_priority) in moved {
            let before = Payment { priority: *old_priority, ..*payment };
            if self.discipline.lane(&before) == self.discipline.lane(payment) {
                continue;
            }
            let Some(key) = self.place_of(*no, &before) else { continue };
            self.lines[payment.sender.index()].remove(self.discipline, &before, key);
            if let Some(pairs) = &mut self.pairs {
                pairs.remove(&before, key);
                pairs.insert(payment, self.discipline.key(payment, key.entry()), *no);
            }
            newcomers.entry(payment.sender).or_default().push((key.entry(), *no, *payment));
        }
        for (sender, mut newcomers) in newcomers {
            newcomers.sort_unstable_by_key(|(entry, ..)| *entry);
            let line = &mut self.lines[sender.index()];
            line.insert(self.discipline, &newcomers, now);
            for (entry, _, payment) in &newcomers {
                if payment.earliest > now {
                    let key = self.discipline.key(payment, *entry);
                    let aside = Aside { sender, key, amount: payment.amount };
                    self.not_before.entry(payment.earliest).or_default().push(aside);
                }
            }
            self.touch(sender);
        }
    }

    /// Visits the payments from one agent back to another, in order.
    pub(crate) fn between(
        &self,
        sender: AgentNo,
        receiver: AgentNo,
    ) -> impl Iterator<Item = (Key, PaymentNo)> {
        self.pairs.iter().flat_map(move |pairs| pairs.between(sender, receiver))
    }

    /// Visits all payments, sender by sender.
    pub(crate) fn payments(&self) -> impl Iterator<Item = PaymentNo> {
        self.lines.iter().flat_map(Line::iter).map(|(_, payment)| payment)
    }

    /// Returns all payments in order, given what they are.
    pub(crate) fn in_order<'p>(
        &self,
        payment: impl Fn(PaymentNo) -> &'p Payment,
    ) -> Vec<PaymentNo> {
        let waiting = self.lines.iter().flat_map(Line::iter);
        let mut waiting: Vec<(Key, PaymentNo)> =
            waiting.map(|(entry, no)| (self.discipline.key(payment(no), entry), no)).collect();
        waiting.sort_unstable();
        waiting.into_iter().map(|(_, payment)| payment).collect()
    }

    /// Removes everything.
    pub(crate) fn clear(&mut self) {
        for line in &mut self.lines {
            line.clear();
        }
        self.not_before.clear();
        self.changes += 1;
        if let Some(pairs) = &mut self.pairs {
            *pairs = Pairs::default();
        }
        self.len = 0;
    }
}
