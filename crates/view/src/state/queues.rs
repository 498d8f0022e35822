//! The order of payments in all queues.
//!
//! A payment stands in at most one queue, so one pair of neighbours for each payment is enough
//! for every queue there is, and joining or leaving one costs the same however long it is. Queue 2
//! is kept in order of entry, whatever order the rules give it.

use psim_model::{AgentNo, PaymentNo};

/// One queue among all.
#[derive(Clone, Copy, Debug)]
pub(super) enum Line {
    /// Queue 1 of an agent.
    Queue1(AgentNo),
    /// The one queue 2.
    Queue2,
}

#[derive(Clone, Copy, Debug, Default)]
struct Neighbours {
    before: Option<PaymentNo>,
    after: Option<PaymentNo>,
}

#[derive(Clone, Copy, Debug, Default)]
struct Ends {
    first: Option<PaymentNo>,
    last: Option<PaymentNo>,
}

/// All queues.
#[derive(Clone, Debug, Default)]
pub(super) struct Queues {
    neighbours: Vec<Neighbours>,
    queue1: Vec<Ends>,
    queue2: Ends,
}

impl Queues {
    pub(super) fn add_agent(&mut self) {
        self.queue1.push(Ends::default());
    }

    pub(super) fn add_payment(&mut self) {
        self.neighbours.push(Neighbours::default());
    }

    /// Puts a payment that is in no queue last in one.
    pub(super) fn append(&mut self, line: Line, payment: PaymentNo) {
        let ends = self.ends_mut(line);
        let before = ends.last.replace(payment);
        if before.is_none() {
            ends.first = Some(payment);
        }
        if let Some(before) = before {
            self.neighbours[before.index()].after = Some(payment);
        }
        self.neighbours[payment.index()] = Neighbours { before, after: None };
    }

    /// Takes a payment out of the queue it is in.
    pub(super) fn remove(&mut self, line: Line, payment: PaymentNo) {
        let Neighbours { before, after } = std::mem::take(&mut self.neighbours[payment.index()]);
        match before {
            Some(before) => self.neighbours[before.index()].after = after,
            None => self.ends_mut(line).first = after,
        }
        match after {
            Some(after) => self.neighbours[after.index()].before = before,
            None => self.ends_mut(line).last = before,
        }
    }

    /// Returns the payments of a queue, first to last.
    pub(super) fn iter(&self, line: Line) -> impl Iterator<Item = PaymentNo> {
        let first = match line {
            Line::Queue1(agent) => self.queue1.get(agent.index()).and_then(|ends| ends.first),
            Line::Queue2 => self.queue2.first,
        };
        std::iter::successors(first, |payment| self.neighbours[payment.index()].after)
    }

    /// Puts a queue in the order of a key; payments with equal keys keep their order.
    pub(super) fn sort_by_key<K: Ord>(&mut self, line: Line, key: impl Fn(PaymentNo) -> K) {
        let mut payments: Vec<PaymentNo> = self.iter(line).collect();
        if payments.is_sorted_by_key(|payment| key(*payment)) {
            return;
        }
        payments.sort_by_key(|payment| key(*payment));
        *self.ends_mut(line) = Ends::default();
        for payment in payments {
            self.append(line, payment);
        }
    }

    fn ends_mut(&mut self, line: Line) -> &mut Ends {
        match line {
            Line::Queue1(agent) => &mut self.queue1[agent.index()],
            Line::Queue2 => &mut self.queue2,
        }
    }
}
