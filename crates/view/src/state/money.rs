//! How money moves between agents.

use psim_model::event::{Event, FundsTransferred, LimitsApplyTo, RtgsPriority, TransferKind};
use psim_model::{AgentNo, Money, PaymentNo, Tick};

use super::{Payment, State, minus, plus};

impl State {
    /// Moves the money of a payment that settles by itself.
    pub(super) fn pay(&mut self, no: PaymentNo) {
        let Some(payment) = self.payments.get(no.index()) else { return };
        let Payment { sender, receiver, amount, rtgs_priority, .. } = *payment;
        self.debit(sender, amount);
        self.credit(receiver, amount);
        self.count(sender, receiver, amount, rtgs_priority);
    }

    /// Moves what each agent of a set gets on balance (below zero: pays).
    pub(super) fn move_nets(&mut self, agents: &[AgentNo], nets: &[Money]) {
        for (agent, net) in agents.iter().zip(nets) {
            if net.is_negative() {
                self.debit(*agent, net.shortfall());
            } else {
                self.credit(*agent, *net);
            }
        }
    }

    /// Settles the payments of a set, whose money has moved.
    pub(super) fn settle_set(&mut self, tick: Tick, event: &Event, payments: &[PaymentNo]) {
        for no in payments {
            let Some(payment) = self.payments.get(no.index()) else { continue };
            let Payment { sender, receiver, amount, rtgs_priority, .. } = *payment;
            self.count(sender, receiver, amount, rtgs_priority);
            self.follow(*no, tick, event);
        }
    }

    /// Moves money without a payment.
    pub(super) fn transfer(&mut self, transfer: &FundsTransferred) {
        let FundsTransferred { sender_id, receiver_id, amount, kind, .. } = *transfer;
        self.debit(sender_id, amount);
        match kind {
            TransferKind::DirectTransfer => self.credit_at_once(receiver_id, amount),
            TransferKind::ScheduledSettlement => {
                self.credit(receiver_id, amount);
                self.count(sender_id, receiver_id, amount, RtgsPriority::Normal);
            }
        }
    }

    fn debit(&mut self, agent: AgentNo, amount: Money) {
        if let Some(agent) = self.agents.get_mut(agent.index()) {
            agent.balance = minus(agent.balance, amount);
        }
    }

    /// Credits what a settlement brings, at once or with the deferred credits of the tick.
    fn credit(&mut self, agent: AgentNo, amount: Money) {
        if !self.setting.rules.deferred_crediting {
            self.credit_at_once(agent, amount);
        } else if let Some(agent) = self.agents.get_mut(agent.index()) {
            agent.pending = plus(agent.pending, amount);
        }
    }

    fn credit_at_once(&mut self, agent: AgentNo, amount: Money) {
        if let Some(agent) = self.agents.get_mut(agent.index()) {
            agent.balance = plus(agent.balance, amount);
        }
    }

    /// Counts a settlement for the limits of both sides, if they count its class.
    fn count(&mut self, payer: AgentNo, payee: AgentNo, amount: Money, class: RtgsPriority) {
        let is_counted = match self.setting.rules.limits_apply_to {
            LimitsApplyTo::All => true,
            LimitsApplyTo::Normal => class == RtgsPriority::Normal,
        };
        if is_counted {
            self.flows.note(payer, payee, amount);
        }
    }
}
