//! Collateral in the books: what is posted is what was posted and not withdrawn.

use psim_model::Tick;
use psim_model::event::{
    CollateralPost, CollateralTimerBlocked, CollateralTimerScheduled, CollateralTimerWithdrawn,
    CollateralValueChanged, CollateralWithdraw, CreditLimitChanged,
};
use psim_model::{AgentNo, Money};

use super::books::Books;
use super::{Verdict, ensure};

/// Collateral that will be withdrawn again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Timer {
    agent: AgentNo,
    amount: Money,
    posted_at: Tick,
    due: Tick,
}

impl Books {
    pub(super) fn post(&mut self, event: &CollateralPost) -> Verdict {
        ensure(event.amount.is_positive(), "nothing moved, no event")?;
        ensure(event.amount <= event.requested_amount, "no more is posted than was to be")?;
        let account = self.account(event.agent_id)?;
        account.posted += event.amount;
        ensure(account.posted <= account.capacity, "no more is posted than fits")?;
        ensure(event.new_total == account.posted, "what is posted is the recomputed sum")
    }

    pub(super) fn withdraw(&mut self, event: &CollateralWithdraw) -> Verdict {
        let (agent, amount) = (event.agent_id, event.amount);
        self.take_collateral(agent, amount, event.requested_amount, event.new_total)
    }

    pub(super) fn schedule(&mut self, event: &CollateralTimerScheduled, now: Tick) -> Verdict {
        ensure(event.amount.is_positive(), "nothing moved, no timer")?;
        ensure(event.due_tick > now, "a timer is due later")?;
        let (agent, amount, due) = (event.agent_id, event.amount, event.due_tick);
        self.timers.push(Timer { agent, amount, posted_at: now, due });
        Ok(())
    }

    pub(super) fn withdraw_timed(
        &mut self,
        event: &CollateralTimerWithdrawn,
        now: Tick,
    ) -> Verdict {
        let (agent, requested) = (event.agent_id, event.requested_amount);
        self.ask_timer(agent, requested, event.posted_at_tick, now)?;
        self.take_collateral(agent, event.amount, requested, event.new_total)
    }

    pub(super) fn block_timed(&mut self, event: &CollateralTimerBlocked, now: Tick) -> Verdict {
        let account = self.account(event.agent_id)?;
        ensure(account.posted.is_positive(), "only what is posted can be blocked")?;
        self.ask_timer(event.agent_id, event.requested_amount, event.posted_at_tick, now)
    }

    /// Takes note of another unsecured cap; returns whether it is a lower one.
    pub(super) fn change_cap(&mut self, event: &CreditLimitChanged) -> Result<bool, &'static str> {
        let account = self.account(event.agent_id)?;
        ensure(event.unsecured_cap != account.cap, "no change, no event")?;
        ensure(!event.unsecured_cap.is_negative(), "a cap is not negative")?;
        let fell = event.unsecured_cap < account.cap;
        account.cap = event.unsecured_cap;
        account.capacity = event.max_collateral_capacity;
        Ok(fell)
    }

    /// Takes note of another worth of collateral; returns whether the permission fell.
    pub(super) fn revalue(&mut self, event: &CollateralValueChanged) -> Result<bool, &'static str> {
        let account = self.account(event.agent_id)?;
        let (posted, haircut) = (event.posted_collateral, event.collateral_haircut);
        ensure((posted, haircut) != (account.posted, account.haircut), "no change, no event")?;
        ensure(!posted.is_negative(), "collateral is not negative")?;
        let before = account.permission();
        account.posted = posted;
        account.haircut = haircut;
        Ok(account.permission() < before)
    }

    /// Expects a timer that is due now, and forgets it.
    fn ask_timer(&mut self, agent: AgentNo, amount: Money, from: Tick, now: Tick) -> Verdict {
        let timer = Timer { agent, amount, posted_at: from, due: now };
        let known = self.timers.iter().position(|known| *known == timer);
        self.timers.remove(known.ok_or("only a timer that is due is asked, once")?);
        Ok(())
    }

    fn take_collateral(
        &mut self,
        agent: AgentNo,
        amount: Money,
        requested: Money,
        left: Money,
    ) -> Verdict {
        ensure(amount.is_positive(), "nothing moved, no event")?;
        ensure(amount <= requested, "no more is withdrawn than was to be")?;
        let account = self.account(agent)?;
        let before = account.permission();
        account.posted -= amount;
        ensure(!account.posted.is_negative(), "only what is posted is withdrawn")?;
        ensure(left == account.posted, "what is posted is the recomputed sum")?;
        let is_needed = account.permission() < before && self.is_over_extended(agent);
        ensure(!is_needed, "no withdrawal takes an agent beyond its permission")
    }
}
