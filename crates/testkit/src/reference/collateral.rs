//! Collateral: posting, withdrawing, and the timers of step 5.

use psim_model::event::{
    CollateralPost, CollateralTimerBlocked, CollateralTimerScheduled, CollateralTimerWithdrawn,
    CollateralWithdraw, Origin,
};
use psim_model::{AgentNo, Fraction, Money, Tick, Total};

use super::Reference;
use super::state::Timer;

impl Reference {
    /// Returns the most collateral that an agent may post now in all.
    pub(super) fn capacity(&self, agent: AgentNo) -> Money {
        let cap = self.accounts[agent.index()].unsecured_cap;
        self.scenario.agents[agent.index()].collateral_capacity(cap)
    }

    /// Returns what of an amount fits under an agent's capacity.
    pub(super) fn postable(&self, agent: AgentNo, amount: Money) -> Money {
        let room = self.capacity(agent) - self.accounts[agent.index()].posted;
        amount.min(room).or_zero()
    }

    /// Returns how much an agent could withdraw and leave `buffer` of its credit unused.
    pub(super) fn withdrawable(&self, agent: AgentNo, buffer: Money) -> Money {
        let account = &self.accounts[agent.index()];
        let worth = Fraction::ONE.trillionths() - account.haircut.trillionths();
        if worth == 0 {
            return account.posted;
        }
        let used = Total::from(account.balance.shortfall()) + Total::from(buffer);
        let needed = (used - Total::from(account.unsecured_cap)).minor().max(0);
        // The least amount of which the share that it is worth comes to what is needed.
        let whole = i128::from(Fraction::ONE.trillionths());
        let worth = i128::from(worth);
        let required = (needed * whole + worth - 1) / worth;
        let left = Total::from(account.posted) - Total::from_minor(required);
        left.to_money().map_or(Money::ZERO, Money::or_zero)
    }

    /// Posts collateral that fits, with a timer if it is to be withdrawn again.
    pub(super) fn post_collateral(
        &mut self,
        agent_id: AgentNo,
        requested_amount: Money,
        reason: &str,
        timer: Option<u32>,
        origin: Origin,
    ) {
        let amount = self.postable(agent_id, requested_amount);
        let decision_path = self.decision_path();
        let before = self.permission(agent_id);
        let account = &mut self.accounts[agent_id.index()];
        account.posted += amount;
        account.last_posting = Some(self.now);
        let posted = CollateralPost {
            agent_id,
            amount,
            requested_amount,
            reason: self.log.text(reason),
            new_total: account.posted,
            origin,
            decision_path,
        };
        self.log.push(posted);
        if let Some(ticks) = timer {
            let due = Tick(self.now.0.saturating_add(ticks));
            let reason = reason.to_owned();
            account.timers.push(Timer { amount, due, posted_at: self.now, reason });
            self.log.push(CollateralTimerScheduled { agent_id, amount, due_tick: due });
        }
        self.note_credit(agent_id);
        self.note_permission(agent_id, before);
    }

    /// Returns whether an agent has posted collateral too recently to withdraw any.
    pub(super) fn is_in_holding_period(&self, agent: AgentNo) -> bool {
        let holding = self.scenario.rules.collateral.holding_period_ticks;
        let last_posting = self.accounts[agent.index()].last_posting;
        last_posting.is_some_and(|posted| self.now.since(posted) < holding)
    }

    /// Returns what of an amount an agent may withdraw now.
    pub(super) fn withdrawable_of(&self, agent: AgentNo, amount: Money) -> Money {
        amount.min(self.withdrawable(agent, Money::ZERO))
    }

    /// Withdraws collateral as far as it is not needed.
    pub(super) fn withdraw_collateral(
        &mut self,
        agent_id: AgentNo,
        requested_amount: Money,
        reason: &str,
        origin: Origin,
    ) {
        let amount = self.withdrawable_of(agent_id, requested_amount);
        let decision_path = self.decision_path();
        let before = self.permission(agent_id);
        let account = &mut self.accounts[agent_id.index()];
        account.posted -= amount;
        let withdrawn = CollateralWithdraw {
            agent_id,
            amount,
            requested_amount,
            reason: self.log.text(reason),
            new_total: account.posted,
            origin,
            decision_path,
        };
        self.log.push(withdrawn);
        self.note_permission(agent_id, before);
    }

    /// Withdraws what an agent's timers say that are due, in order of posting.
    pub(super) fn ask_timers(&mut self, agent: AgentNo) {
        for timer in self.accounts[agent.index()].timers.clone() {
            if timer.due == self.now {
                self.ask_timer(agent, &timer);
            }
        }
    }

    fn ask_timer(&mut self, agent_id: AgentNo, timer: &Timer) {
        let buffer = self.scenario.rules.collateral.timer_buffer;
        let wanted = timer.amount.min(self.accounts[agent_id.index()].posted);
        if wanted == Money::ZERO {
            return;
        }
        let amount = wanted.min(self.withdrawable(agent_id, buffer));
        let original_reason = self.log.text(&timer.reason);
        if amount == Money::ZERO {
            self.log.push(CollateralTimerBlocked {
                agent_id,
                requested_amount: timer.amount,
                original_reason,
                posted_at_tick: timer.posted_at,
            });
            return;
        }
        let before = self.permission(agent_id);
        let account = &mut self.accounts[agent_id.index()];
        account.posted -= amount;
        self.log.push(CollateralTimerWithdrawn {
            agent_id,
            amount,
            requested_amount: timer.amount,
            original_reason,
            posted_at_tick: timer.posted_at,
            new_total: account.posted,
        });
        self.note_permission(agent_id, before);
    }
}
