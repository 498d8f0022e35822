//! Queue 2: its order, the retry of step 9, and what takes payments out or moves them.

use std::cmp::Reverse;

use psim_model::event::{
    Origin, Queue2LiquidityRelease, RtgsPriority, RtgsResubmission, RtgsWithdrawal,
};
use psim_model::{PaymentNo, Priority, PriorityBand, QueueDiscipline};

use super::Reference;
use super::state::Flow;

impl Reference {
    /// Returns queue 2 in its order.
    pub(super) fn queue2_in_order(&self) -> Vec<PaymentNo> {
        let mut queue = self.queue2.clone();
        if self.scenario.rules.priority_mode {
            // Stable: what is alike keeps the order of entry.
            queue.sort_by_key(|no| {
                let payment = &self.payments[no.index()];
                Reverse((payment.class, PriorityBand::of(payment.priority)))
            });
        }
        queue
    }

    /// Step 9.
    pub(super) fn retry(&mut self) {
        let has_come = |no: &&PaymentNo| self.payments[no.index()].earliest == self.now;
        let come = self.queue2.iter().filter(has_come).count();
        self.changes += come as u64;
        self.pass_queue2();
    }

    /// Tests each payment of queue 2 once, as it stands now; returns what has settled.
    pub(super) fn pass_queue2(&mut self) -> Vec<Flow> {
        let mut settled = Vec::new();
        for no in self.queue2_in_order() {
            if self.can_settle_alone(no) {
                settled.push(self.release_from_queue2(no));
            }
        }
        settled
    }

    /// Returns whether a payment in queue 2 is tested in a pass, and may settle by itself.
    fn can_settle_alone(&self, no: PaymentNo) -> bool {
        self.may_be_tested(no) && self.may_settle(&[self.flow(no)])
    }

    /// Settles a payment out of queue 2, by itself.
    fn release_from_queue2(&mut self, no: PaymentNo) -> Flow {
        let flow = self.flow(no);
        let before = self.accounts[flow.sender.index()].balance;
        self.leave_queue2(no);
        self.settle(&[flow]);
        let joined = self.payments[no.index()].joined_queue2;
        self.log.push(Queue2LiquidityRelease {
            tx_id: no,
            sender_id: flow.sender,
            receiver_id: flow.receiver,
            amount: flow.amount,
            queue_wait_ticks: self.now.since(joined.expect("Invariant: it is in queue 2")),
            sender_balance_before: before,
            sender_balance_after: before - flow.amount,
        });
        self.follow_settlement(no);
        flow
    }

    /// Puts a payment at the end of queue 2.
    pub(super) fn enter_queue2(&mut self, no: PaymentNo) {
        self.queue2.push(no);
        self.changes += 1;
    }

    /// Takes a payment out of queue 2, if it is there.
    pub(super) fn leave_queue2(&mut self, no: PaymentNo) {
        if self.queue2.contains(&no) {
            self.queue2.retain(|waiting| *waiting != no);
            self.changes += 1;
        }
    }

    /// Notes that a payment's priority was another: in queue 2 its band may have changed.
    pub(super) fn note_priority(&mut self, no: PaymentNo, before: Priority) {
        let band = PriorityBand::of(self.payments[no.index()].priority);
        if self.queue2.contains(&no) && band != PriorityBand::of(before) {
            self.changes += 1;
        }
    }

    /// Returns whether a payment in queue 2 is tested in a pass.
    fn may_be_tested(&self, no: PaymentNo) -> bool {
        let payment = &self.payments[no.index()];
        let is_out = self.accounts[payment.sender.index()].is_out;
        payment.earliest <= self.now
            && !is_out
            && !self.waits_behind_another(no)
            && !self.is_held_back(no)
    }

    /// Returns whether `fifo` makes a payment in queue 2 wait for another before it.
    fn waits_behind_another(&self, no: PaymentNo) -> bool {
        if self.scenario.rules.queue_discipline != QueueDiscipline::Fifo {
            return false;
        }
        let sender = self.payments[no.index()].sender;
        let queue = self.queue2_in_order();
        let mut before = queue.iter().take_while(|waiting| **waiting != no);
        before.any(|waiting| self.payments[waiting.index()].sender == sender)
    }

    /// Returns whether a payment of a higher class of the same sender waits in queue 2.
    pub(super) fn is_held_back(&self, no: PaymentNo) -> bool {
        let payment = &self.payments[no.index()];
        let mut waiting = self.queue2.iter().map(|waiting| &self.payments[waiting.index()]);
        self.scenario.rules.priority_blocking
            && waiting.any(|w| w.sender == payment.sender && w.class > payment.class)
    }

    /// Takes a payment out of queue 2, to the end of its sender's queue 1.
    pub(super) fn withdraw(&mut self, no: PaymentNo, origin: Origin) {
        self.leave_queue2(no);
        let decision_path = self.decision_path();
        let payment = &mut self.payments[no.index()];
        payment.joined_queue1 = self.now;
        payment.last_fault = None;
        self.accounts[payment.sender.index()].queue1.push(no);
        self.log.push(RtgsWithdrawal {
            tx_id: no,
            sender_id: payment.sender,
            original_rtgs_priority: payment.class,
            origin,
            decision_path,
        });
    }

    /// Gives a payment another class and, in queue 2, a new entry.
    pub(super) fn resubmit(&mut self, no: PaymentNo, class: RtgsPriority, origin: Origin) {
        if self.queue2.contains(&no) {
            self.leave_queue2(no);
            self.enter_queue2(no);
        }
        let decision_path = self.decision_path();
        let payment = &mut self.payments[no.index()];
        self.log.push(RtgsResubmission {
            tx_id: no,
            sender_id: payment.sender,
            old_rtgs_priority: payment.class,
            new_rtgs_priority: class,
            origin,
            decision_path,
        });
        payment.class = class;
    }
}
