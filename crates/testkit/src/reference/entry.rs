//! Step 8: released payments settle, offset another, or join queue 2.

use psim_model::event::{QueueReason, QueuedRtgs, RtgsImmediateSettlement};
use psim_model::{EntryOrder, PaymentNo, QueueDiscipline};

use super::Reference;

impl Reference {
    /// Lets each released payment enter, seeing all before it.
    pub(super) fn enter(&mut self) {
        let mut released = std::mem::take(&mut self.released);
        if self.scenario.rules.entry_order == EntryOrder::Submission {
            released.sort_by_key(|no| self.wholes_of(*no));
        }
        for no in released {
            match self.obstacle_on_entry(no) {
                None => self.settle_on_entry(no),
                Some(reason) => {
                    if !self.settles_by_offset(no, reason) {
                        self.join_queue2(no, reason);
                    }
                }
            }
        }
    }

    /// Returns a payment's number after those of the payments that it is a part of.
    fn wholes_of(&self, no: PaymentNo) -> Vec<PaymentNo> {
        let parent = self.payments[no.index()].parent;
        let mut wholes = parent.map_or(Vec::new(), |parent| self.wholes_of(parent));
        wholes.push(no);
        wholes
    }

    /// Returns the first reason for which a payment cannot settle on entry.
    fn obstacle_on_entry(&self, no: PaymentNo) -> Option<QueueReason> {
        let is_fifo = self.scenario.rules.queue_discipline == QueueDiscipline::Fifo;
        let payment = &self.payments[no.index()];
        let is_own = |waiting: &PaymentNo| self.payments[waiting.index()].sender == payment.sender;
        let set = [self.flow(no)];
        if payment.earliest > self.now {
            Some(QueueReason::NotBefore)
        } else if is_fifo && self.queue2.iter().any(is_own) {
            Some(QueueReason::EarlierPayment)
        } else if self.is_held_back(no) {
            Some(QueueReason::HigherPriority)
        } else if !self.is_covered(payment.sender, &set) {
            Some(QueueReason::InsufficientLiquidity)
        } else if !self.bilateral_limits_admit(payment.sender, &set) {
            Some(QueueReason::BilateralLimit)
        } else if !self.multilateral_limit_admits(payment.sender, &set) {
            Some(QueueReason::MultilateralLimit)
        } else {
            None
        }
    }

    fn settle_on_entry(&mut self, no: PaymentNo) {
        let flow = self.flow(no);
        let before = self.accounts[flow.sender.index()].balance;
        self.settle(&[flow]);
        self.log.push(RtgsImmediateSettlement {
            tx_id: no,
            sender_id: flow.sender,
            receiver_id: flow.receiver,
            amount: flow.amount,
            sender_balance_before: before,
            sender_balance_after: before - flow.amount,
        });
        self.follow_settlement(no);
    }

    fn join_queue2(&mut self, no: PaymentNo, reason: QueueReason) {
        let was_tested = !matches!(
            reason,
            QueueReason::NotBefore | QueueReason::EarlierPayment | QueueReason::HigherPriority
        );
        if was_tested {
            self.say_limits_exceeded(no);
        }
        let flow = self.flow(no);
        self.log.push(QueuedRtgs {
            tx_id: no,
            sender_id: flow.sender,
            receiver_id: flow.receiver,
            amount: flow.amount,
            sender_available: self.available(flow.sender, flow.class),
            reason,
        });
        self.payments[no.index()].joined_queue2 = Some(self.now);
        self.enter_queue2(no);
    }
}
