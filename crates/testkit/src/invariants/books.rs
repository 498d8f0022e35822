//! Balances and permissions: money is conserved and nobody settles beyond what is allowed.

use psim_model::event::{
    AgentOpened, AgentOverExtended, LiquidityAllocation, LiquidityReturn, QueueReason, QueuedRtgs,
};
use psim_model::{AgentNo, Money, Total};

use super::{Verdict, ensure};

/// Every agent's money as the events tell it.
#[derive(Debug, Default)]
pub(super) struct Books {
    accounts: Vec<Account>,
    /// Opening balances, plus what pools brought in, minus what went back.
    in_system: Total,
}

#[derive(Debug)]
struct Account {
    balance: Money,
    /// How far the balance may go below zero.
    permission: Money,
    pool: Money,
    allocated: Money,
}

impl Books {
    pub(super) fn open(&mut self, event: &AgentOpened) -> Verdict {
        let expected = AgentNo::from_index(self.accounts.len());
        ensure(event.agent_id.no == expected, "agents open in order")?;
        let collateral = event.collateral_haircut.complement().floor_of(event.posted_collateral);
        self.accounts.push(Account {
            balance: event.opening_balance,
            permission: event.unsecured_cap + collateral,
            pool: event.liquidity_pool,
            allocated: Money::ZERO,
        });
        self.in_system += event.opening_balance;
        Ok(())
    }

    pub(super) fn bring_in(&mut self, event: &LiquidityAllocation) -> Verdict {
        let account = self.account(event.agent_id)?;
        let share = event.fraction.floor_of(account.pool);
        ensure(event.amount == share, "what comes in is the floor of the share of the pool")?;
        ensure(account.allocated == Money::ZERO, "a pool is brought in once")?;
        account.allocated = event.amount;
        account.balance += event.amount;
        ensure(event.balance_after == account.balance, "the balance is the recomputed one")?;
        self.in_system += event.amount;
        Ok(())
    }

    pub(super) fn take_back(&mut self, event: &LiquidityReturn) -> Verdict {
        let account = self.account(event.agent_id)?;
        ensure(event.amount.is_positive(), "nothing moved, no event")?;
        ensure(event.amount == account.allocated, "what was brought in goes back")?;
        account.allocated = Money::ZERO;
        account.balance -= event.amount;
        ensure(event.balance_after == account.balance, "the balance is the recomputed one")?;
        self.in_system -= event.amount;
        Ok(())
    }

    pub(super) fn settle(
        &mut self,
        sender: AgentNo,
        receiver: AgentNo,
        amount: Money,
        (before, after): (Money, Money),
    ) -> Verdict {
        let account = self.account(sender)?;
        ensure(before == account.balance, "the balance before is the recomputed one")?;
        account.balance -= amount;
        ensure(after == account.balance, "the balance after is the recomputed one")?;
        let allowed = after.shortfall() <= account.permission;
        ensure(allowed, "no settlement takes an agent beyond its permission")?;
        self.account(receiver)?.balance += amount;
        Ok(())
    }

    pub(super) fn note_queued(&mut self, event: &QueuedRtgs) -> Verdict {
        let account = self.account(event.sender_id)?;
        let available = (account.balance + account.permission).or_zero();
        ensure(event.sender_available == available, "what is available is the recomputed one")?;
        let is_short = event.reason == QueueReason::InsufficientLiquidity;
        ensure(!is_short || event.amount > available, "only what is not covered lacks liquidity")
    }

    pub(super) fn is_over_extended(&self, agent: AgentNo) -> bool {
        let account = self.accounts.get(agent.index());
        account.is_some_and(|account| account.balance.shortfall() > account.permission)
    }

    pub(super) fn note_over_extended(&mut self, event: &AgentOverExtended) -> Verdict {
        let account = self.account(event.agent_id)?;
        let beyond = account.balance.shortfall() - account.permission;
        ensure(event.shortfall == beyond, "the shortfall is credit used beyond permission")
    }

    pub(super) fn are_balanced(&self) -> Verdict {
        let held: Total = self.accounts.iter().map(|account| account.balance).sum();
        ensure(held == self.in_system, "money is conserved")
    }

    fn account(&mut self, agent: AgentNo) -> Result<&mut Account, &'static str> {
        self.accounts.get_mut(agent.index()).ok_or("events name agents that have opened")
    }
}
