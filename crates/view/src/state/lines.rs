//! How payments move from queue to queue.

use psim_model::event::Event;
use psim_model::{PaymentNo, Tick};

use super::queues::Line;
use super::{Payment, Place, State};

impl State {
    /// Adds the payment with the next number, in the place where it is.
    pub(super) fn add_payment(&mut self, payment: Payment) {
        let no = PaymentNo::from_index(self.payments.len());
        self.payments.push(payment);
        self.queues.add_payment();
        self.join(no);
    }

    /// Lets a payment take in an event and moves it from queue to queue accordingly.
    pub(super) fn follow(&mut self, no: PaymentNo, tick: Tick, event: &Event) {
        let Some(payment) = self.payments.get_mut(no.index()) else { return };
        let before = payment.place;
        payment.follow(tick, event);
        let Payment { sender, place, .. } = *payment;
        if place != before {
            self.leave(no, before);
            self.join(no);
            return;
        }
        match (event, place) {
            (Event::RtgsResubmission(_), Place::Queue2) => {
                self.queues.remove(Line::Queue2, no);
                self.queues.append(Line::Queue2, no);
            }
            (Event::PriorityEscalated(_) | Event::TransactionReprioritized(_), Place::Queue1) => {
                self.ordering.disturb(sender);
            }
            _ => {}
        }
    }

    /// Takes a payment out of the queue it was in.
    fn leave(&mut self, no: PaymentNo, before: Place) {
        let Payment { sender, amount, .. } = self.payments[no.index()];
        let agent = &mut self.agents[sender.index()];
        match before {
            Place::Queue1 => {
                self.queues.remove(Line::Queue1(sender), no);
                agent.queue1.take(amount);
                self.queue1.take(amount);
            }
            Place::Queue2 => {
                self.queues.remove(Line::Queue2, no);
                agent.queue2.take(amount);
                self.queue2.take(amount);
            }
            Place::Entering | Place::Split | Place::Settled { .. } | Place::Dropped { .. } => {}
        }
    }

    /// Puts a payment last in the queue that it is in now.
    fn join(&mut self, no: PaymentNo) {
        let Payment { sender, amount, place, .. } = self.payments[no.index()];
        let agent = &mut self.agents[sender.index()];
        match place {
            Place::Queue1 => {
                self.queues.append(Line::Queue1(sender), no);
                self.ordering.disturb(sender);
                agent.queue1.add(amount);
                self.queue1.add(amount);
            }
            Place::Queue2 => {
                self.queues.append(Line::Queue2, no);
                agent.queue2.add(amount);
                self.queue2.add(amount);
            }
            Place::Entering | Place::Split | Place::Settled { .. } | Place::Dropped { .. } => {}
        }
    }
}
