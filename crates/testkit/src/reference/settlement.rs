//! Steps 8 and 9: released payments enter, waiting ones are tried again.

use psim_model::event::{
    OverdueTransactionSettled, Queue2LiquidityRelease, QueueReason, QueuedRtgs,
    RtgsImmediateSettlement,
};
use psim_model::{AgentNo, Money, PaymentNo, QueueDiscipline};

use super::{Payment, Reference};

impl Reference {
    /// Step 8: each released payment settles or joins queue 2, seeing all before it.
    pub(super) fn enter(&mut self, released: Vec<PaymentNo>) {
        for no in released {
            let payment = self.payments[no.index()];
            match self.obstacle_on_entry(&payment) {
                None => {
                    let before = self.accounts[payment.sender.index()].balance;
                    self.transfer(&payment);
                    self.log.push(RtgsImmediateSettlement {
                        tx_id: no,
                        sender_id: payment.sender,
                        receiver_id: payment.receiver,
                        amount: payment.amount,
                        sender_balance_before: before,
                        sender_balance_after: before - payment.amount,
                    });
                    self.note_if_overdue(no, &payment);
                }
                Some(reason) => {
                    let sender_available = self.available(payment.sender);
                    self.payments[no.index()].joined_queue2 = Some(self.now);
                    self.queue2.push(no);
                    self.log.push(QueuedRtgs {
                        tx_id: no,
                        sender_id: payment.sender,
                        receiver_id: payment.receiver,
                        amount: payment.amount,
                        sender_available,
                        reason,
                    });
                }
            }
        }
    }

    fn obstacle_on_entry(&self, payment: &Payment) -> Option<QueueReason> {
        let is_fifo = self.scenario.rules.queue_discipline == QueueDiscipline::Fifo;
        let is_own = |waiting: &PaymentNo| self.payments[waiting.index()].sender == payment.sender;
        if payment.earliest > self.now {
            Some(QueueReason::NotBefore)
        } else if is_fifo && self.queue2.iter().any(is_own) {
            Some(QueueReason::EarlierPayment)
        } else if payment.amount > self.available(payment.sender) {
            Some(QueueReason::InsufficientLiquidity)
        } else {
            None
        }
    }

    /// Step 9: one pass over queue 2 as it stands now, each payment once.
    pub(super) fn retry(&mut self) {
        for no in self.queue2.clone() {
            let payment = self.payments[no.index()];
            if payment.earliest > self.now
                || self.waits_behind_another(no, &payment)
                || payment.amount > self.available(payment.sender)
            {
                continue;
            }
            let before = self.accounts[payment.sender.index()].balance;
            self.transfer(&payment);
            self.queue2.retain(|waiting| *waiting != no);
            let joined = payment.joined_queue2.expect("Invariant: it is in queue 2");
            self.log.push(Queue2LiquidityRelease {
                tx_id: no,
                sender_id: payment.sender,
                receiver_id: payment.receiver,
                amount: payment.amount,
                queue_wait_ticks: self.now.since(joined),
                sender_balance_before: before,
                sender_balance_after: before - payment.amount,
            });
            self.note_if_overdue(no, &payment);
        }
    }

    /// Returns whether the discipline makes a queued payment wait for another of its sender.
    fn waits_behind_another(&self, no: PaymentNo, payment: &Payment) -> bool {
        let mut before = self.queue2.iter().take_while(|waiting| **waiting != no);
        self.scenario.rules.queue_discipline == QueueDiscipline::Fifo
            && before.any(|waiting| self.payments[waiting.index()].sender == payment.sender)
    }

    /// Returns how far an agent's balance may go below zero.
    pub(super) fn permission(&self, agent: AgentNo) -> Money {
        let agent = &self.scenario.agents[agent.index()];
        let worth = agent.collateral_haircut.complement().floor_of(agent.posted_collateral);
        agent.unsecured_cap + worth
    }

    /// Returns what an agent can pay now.
    fn available(&self, agent: AgentNo) -> Money {
        let balance = self.accounts[agent.index()].balance;
        let credit_left = self.permission(agent) - balance.shortfall();
        balance.or_zero() + credit_left.or_zero()
    }

    fn transfer(&mut self, payment: &Payment) {
        self.accounts[payment.sender.index()].balance -= payment.amount;
        self.accounts[payment.receiver.index()].balance += payment.amount;
    }

    /// Directly after the settling event: says so if the payment was overdue.
    fn note_if_overdue(&mut self, no: PaymentNo, payment: &Payment) {
        let Some(penalty) = payment.deadline_penalty else { return };
        self.log.push(OverdueTransactionSettled {
            tx_id: no,
            sender_id: payment.sender,
            receiver_id: payment.receiver,
            amount: payment.amount,
            settled_amount: payment.amount,
            deadline_tick: payment.deadline,
            overdue_since_tick: payment.deadline.next(),
            total_ticks_overdue: self.now.since(payment.deadline),
            deadline_penalty_cost: penalty,
        });
    }
}
