//! Step 4, passed deadlines, and the end of days and of the run.

use psim_model::event::{
    DropReason, EndOfDay, EndOfDayPenalty, LiquidityReturn, OverExtensionCause, PolicyDrop,
    RunEnded, TransactionWentOverdue,
};
use psim_model::{AgentNo, CostOverflow, EndOfDay as AtClose, Money};

use super::Reference;
use super::costs::{charged_since, sum};
use super::state::{Charge, Fate};

impl Reference {
    /// Step 4: what was due in the last tick and still waits is overdue now.
    pub(super) fn pass_deadlines(&mut self) -> Result<(), CostOverflow> {
        for no in self.queued_by_number() {
            let payment = &mut self.payments[no.index()];
            if payment.deadline.next() != self.now {
                continue;
            }
            let penalty = self.costs.deadline_penalty.on(payment.amount)?;
            payment.deadline_penalty = Some(penalty);
            let agent = payment.sender;
            self.penalties.push(Charge { tick: self.now, agent, amount: penalty });
            self.log.push(TransactionWentOverdue {
                tx_id: no,
                sender_id: payment.sender,
                receiver_id: payment.receiver,
                amount: payment.amount,
                remaining_amount: payment.amount,
                deadline_tick: payment.deadline,
                ticks_overdue: 1,
                deadline_penalty_cost: penalty,
            });
        }
        Ok(())
    }

    /// On the last tick of a day, after the costs.
    pub(super) fn close_day(&mut self) -> Result<(), CostOverflow> {
        let calendar = self.scenario.calendar;
        let closing = self.end_of_day_penalties()?;
        for (no, amount) in &closing {
            if *amount != Money::ZERO {
                let agent_id = self.payments[no.index()].sender;
                self.log.push(EndOfDayPenalty { tx_id: *no, agent_id, amount: *amount });
            }
        }
        self.empty_registers();
        let morning = calendar.first_tick_of(calendar.day_of(self.now));
        let passing = charged_since(morning, &self.penalties, None);
        let total_penalties = sum(closing.into_iter().map(|(_, penalty)| penalty).chain(passing))?;
        let unsettled_count = self.unsettled_count();
        self.log.push(EndOfDay { unsettled_count, total_penalties });
        if self.scenario.rules.daily_liquidity_reallocation {
            self.return_pools();
        }
        if self.scenario.rules.end_of_day == AtClose::Cancel {
            self.cancel_unsettled();
        }
        Ok(())
    }

    fn return_pools(&mut self) {
        for index in 0..self.accounts.len() {
            let agent_id = AgentNo::from_index(index);
            let account = &mut self.accounts[index];
            let amount = std::mem::take(&mut account.allocated);
            if !amount.is_positive() {
                continue;
            }
            account.balance -= amount;
            let balance_after = account.balance;
            self.changes += 1;
            self.log.push(LiquidityReturn { agent_id, amount, balance_after });
            self.say_if_over_extended(agent_id, OverExtensionCause::LiquidityReturn);
        }
    }

    fn cancel_unsettled(&mut self) {
        for no in self.queued_by_number() {
            self.leave_queue2(no);
            self.leave_queue1(no);
            let payment = &mut self.payments[no.index()];
            payment.fate = Some(Fate::Dropped);
            self.log.push(PolicyDrop {
                tx_id: no,
                agent_id: payment.sender,
                reason: DropReason::Closed,
                deadline_penalty_cost: Money::ZERO,
                decision_path: None,
            });
            self.complete_parent_of(no);
        }
    }

    /// After the last tick of the run.
    pub(super) fn end_run(&mut self) {
        let unsettled_count = self.unsettled_count();
        self.log.push(RunEnded { unsettled_count });
    }

    fn unsettled_count(&self) -> u32 {
        let count = self.queued_by_number().len();
        u32::try_from(count).expect("Invariant: payments are numbered in 32 bits")
    }
}
