//! How long payments waited in which queue, and what that cost: of all payments at once.
//!
//! A payment is charged for a tick by where it stands at its end. So it is looked at when an event
//! names it, and the ticks since the last such event are counted by what it was until then. The
//! rule what a tick costs is that of [`DelayShare`].

use psim_model::event::{DelayRatesSet, DropReason, Event, EventBatch};
use psim_model::{PaymentNo, Tick};

use crate::mentions::{Mention, mentions};
use crate::state::{Payment, Queue};
use crate::trace::Charged;
use crate::{DelayShare, Projection};

/// What is counted beside a [`Projection`] that takes in the events one by one.
#[derive(Clone, Debug, Default)]
pub struct Waits {
    payments: Vec<RunningWait>,
    /// From when on they hold, ascending.
    rates: Vec<(Tick, DelayRatesSet)>,
}

/// How long one payment waited.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Wait {
    /// Ticks at whose end it stood in queue 1.
    pub queue1_ticks: u32,
    /// Ticks at whose end it stood in queue 2.
    pub queue2_ticks: u32,
    /// Its share of its sender's delay cost.
    pub delay: DelayShare,
}

/// What is charged for a payment as it was after the last event that named it. There is one for
/// each payment, so it is kept small.
#[derive(Clone, Copy, Debug)]
struct RunningWait {
    /// The first tick that is not counted.
    since: Tick,
    queue: Option<Queue>,
    charged: Charged,
    wait: Wait,
}

impl Waits {
    /// Takes note of an event that `projection` has just taken in.
    pub fn after(&mut self, batch: &EventBatch, event: &Event, projection: &Projection) {
        self.note(batch, event, projection.payments());
    }

    /// Takes note of an event that `payments` have just taken in.
    pub(crate) fn note(&mut self, batch: &EventBatch, event: &Event, payments: &[Payment]) {
        if let Event::DelayRatesSet(rates) = event {
            self.rates.push((batch.tick(), *rates));
            return;
        }
        // What is dropped at the close has been charged for the tick already.
        let is_charged = matches!(event, Event::PolicyDrop(d) if d.reason == DropReason::Closed);
        let until = if is_charged { batch.tick().next() } else { batch.tick() };
        mentions(batch, event, |mention| {
            let Mention::Payment(no) = mention else { return };
            let Some(payment) = payments.get(no.index()) else { return };
            if let Some(wait) = self.payments.get_mut(no.index()) {
                wait.count_to(until, &self.rates);
                wait.put(payment);
            } else if no.index() == self.payments.len() {
                self.payments.push(RunningWait::begin(batch.tick(), payment));
            }
        });
    }

    /// Returns how long a payment waited in a run of which so many ticks are over.
    pub fn of(&self, payment: PaymentNo, ticks_done: u32) -> Option<Wait> {
        let mut wait = *self.payments.get(payment.index())?;
        wait.count_to(Tick(ticks_done), &self.rates);
        Some(wait.wait)
    }
}

impl RunningWait {
    fn begin(since: Tick, payment: &Payment) -> Self {
        let (queue, charged) = (payment.place.queue(), Charged::of(payment));
        Self { since, queue, charged, wait: Wait::default() }
    }

    /// Takes note of where a payment stands from now on, and as what.
    const fn put(&mut self, payment: &Payment) {
        self.queue = payment.place.queue();
        self.charged = Charged::of(payment);
    }

    /// Counts the ticks before `tick`, in which nothing has happened to the payment.
    fn count_to(&mut self, tick: Tick, rates: &[(Tick, DelayRatesSet)]) {
        let since = self.since;
        self.since = since.max(tick);
        let Some(queue) = self.queue else { return };
        let ticks = tick.since(since);
        match queue {
            Queue::One => self.wait.queue1_ticks += ticks,
            Queue::Two => self.wait.queue2_ticks += ticks,
        }
        let (mut from, mut changes) = (since, rates.partition_point(|(start, _)| *start <= since));
        while from < tick {
            let until = rates.get(changes).map_or(tick, |(start, _)| tick.min(*start));
            let in_force = changes.checked_sub(1).map(|last| &rates[last].1);
            let share = in_force.and_then(|rates| self.charged.in_a_tick(rates, queue));
            self.wait.delay.add(share.unwrap_or_default().times(until.since(from)));
            (from, changes) = (until, changes + 1);
        }
    }
}
