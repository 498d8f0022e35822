//! Money is conserved, and nobody settles beyond its permission.
//!
//! The books are kept from the amounts that move alone: what events say of balances is for others
//! to compare.

use psim_engine::Engine;
use psim_model::event::{Event, EventBatch, FundsTransferred, Names, SettledSet, TransferKind};
use psim_model::{AgentNo, CheckedScenario, Fraction, Money, Tick, Total};

use super::Broken;

/// What every agent has by the amounts that moved.
#[derive(Clone, Debug)]
pub(super) struct Books {
    accounts: Vec<Account>,
    /// Opening balances and what was brought in from pools.
    came_in: Total,
    /// Whether receipts of a tick can be used from the next one only.
    is_deferred: bool,
}

#[derive(Clone, Copy, Debug)]
struct Account {
    balance: Total,
    unsecured_cap: Money,
    posted_collateral: Money,
    collateral_haircut: Fraction,
}

impl Books {
    pub(super) fn new(scenario: &CheckedScenario) -> Self {
        let accounts = scenario.agents.iter().map(|agent| Account {
            balance: agent.opening_balance.into(),
            unsecured_cap: agent.unsecured_cap,
            posted_collateral: agent.posted_collateral,
            collateral_haircut: agent.collateral_haircut,
        });
        Self {
            accounts: accounts.collect(),
            came_in: scenario.agents.iter().map(|agent| agent.opening_balance).sum(),
            is_deferred: scenario.rules.deferred_crediting,
        }
    }

    /// Takes in a tick, event by event: a permission may change between two settlements.
    pub(super) fn observe(&mut self, batch: &EventBatch, names: &Names) -> Result<(), Broken> {
        for event in batch.events() {
            self.follow_money(batch, event, names)?;
            self.follow_permission(event);
        }
        Ok(())
    }

    /// Compares the money that came in with what the engine has after the tick.
    pub(super) fn compare(&self, tick: Tick, engine: &Engine) -> Result<(), Broken> {
        let agents = (0..self.accounts.len()).map(AgentNo::from_index);
        let held = |agent| [engine.balance(agent), engine.pending(agent)];
        let found: Total = agents.flat_map(held).flatten().sum();
        if found == self.came_in {
            return Ok(());
        }
        Err(Broken::Money { tick, came_in: self.came_in, found })
    }

    fn follow_money(
        &mut self,
        batch: &EventBatch,
        event: &Event,
        names: &Names,
    ) -> Result<(), Broken> {
        let tick = batch.tick();
        match event {
            Event::LiquidityAllocation(allocation) => {
                self.came_in += allocation.amount;
                self.credit(allocation.agent_id, allocation.amount);
            }
            Event::LiquidityReturn(returned) => {
                self.came_in -= returned.amount;
                self.debit(returned.agent_id, returned.amount);
            }
            Event::RtgsImmediateSettlement(settled) => {
                self.settle(settled.sender_id, settled.receiver_id, settled.amount);
                let what = || format!("`{}`", names.payment(settled.tx_id));
                self.check(tick, settled.sender_id, names, what)?;
            }
            Event::Queue2LiquidityRelease(settled) => {
                self.settle(settled.sender_id, settled.receiver_id, settled.amount);
                let what = || format!("`{}`", names.payment(settled.tx_id));
                self.check(tick, settled.sender_id, names, what)?;
            }
            Event::FundsTransferred(transfer) => self.transfer(tick, transfer, names)?,
            Event::DeferredCreditApplied(credit) => self.credit(credit.agent_id, credit.amount),
            event => {
                if let Some(set) = event.settled_set() {
                    self.settle_set(batch, &set, names)?;
                }
            }
        }
        Ok(())
    }

    /// Moves what a set leaves to pay: who pays needs the permission to, after all of it.
    fn settle_set(
        &mut self,
        batch: &EventBatch,
        set: &SettledSet,
        names: &Names,
    ) -> Result<(), Broken> {
        let agents = set.agents.of(batch.columns());
        let nets = set.net_positions.of(batch.columns());
        let payments = set.tx_ids.of(batch.columns());
        let what = || {
            let ids: Vec<_> = payments.iter().map(|no| names.payment(*no)).collect();
            format!("the set of `{}`", ids.join("` and `"))
        };
        for (agent, net) in agents.iter().zip(nets) {
            if net.is_negative() {
                self.debit(*agent, net.shortfall());
                self.check(batch.tick(), *agent, names, what)?;
            } else {
                self.receive(*agent, *net);
            }
        }
        Ok(())
    }

    fn transfer(
        &mut self,
        tick: Tick,
        transfer: &FundsTransferred,
        names: &Names,
    ) -> Result<(), Broken> {
        match transfer.kind {
            TransferKind::DirectTransfer => {
                self.debit(transfer.sender_id, transfer.amount);
                self.credit(transfer.receiver_id, transfer.amount);
                Ok(())
            }
            TransferKind::ScheduledSettlement => {
                self.settle(transfer.sender_id, transfer.receiver_id, transfer.amount);
                let what = || "a scheduled settlement".to_owned();
                self.check(tick, transfer.sender_id, names, what)
            }
        }
    }

    fn follow_permission(&mut self, event: &Event) {
        match event {
            Event::CreditLimitChanged(changed) => {
                if let Some(account) = self.account(changed.agent_id) {
                    account.unsecured_cap = changed.unsecured_cap;
                }
            }
            Event::CollateralValueChanged(changed) => {
                if let Some(account) = self.account(changed.agent_id) {
                    account.posted_collateral = changed.posted_collateral;
                    account.collateral_haircut = changed.collateral_haircut;
                }
            }
            Event::CollateralPost(moved) => self.post(moved.agent_id, moved.new_total),
            Event::CollateralWithdraw(moved) => self.post(moved.agent_id, moved.new_total),
            Event::CollateralTimerWithdrawn(moved) => self.post(moved.agent_id, moved.new_total),
            _ => {}
        }
    }

    fn post(&mut self, agent: AgentNo, total: Money) {
        if let Some(account) = self.account(agent) {
            account.posted_collateral = total;
        }
    }

    fn settle(&mut self, payer: AgentNo, payee: AgentNo, amount: Money) {
        self.debit(payer, amount);
        self.receive(payee, amount);
    }

    /// Credits a receipt, unless `DeferredCreditApplied` will.
    fn receive(&mut self, agent: AgentNo, amount: Money) {
        if !self.is_deferred {
            self.credit(agent, amount);
        }
    }

    fn credit(&mut self, agent: AgentNo, amount: Money) {
        if let Some(account) = self.account(agent) {
            account.balance += amount;
        }
    }

    fn debit(&mut self, agent: AgentNo, amount: Money) {
        if let Some(account) = self.account(agent) {
            account.balance -= amount;
        }
    }

    /// Checks that `what` has left its payer within its permission.
    fn check(
        &self,
        tick: Tick,
        payer: AgentNo,
        names: &Names,
        what: impl FnOnce() -> String,
    ) -> Result<(), Broken> {
        let Some(account) = self.accounts.get(payer.index()) else { return Ok(()) };
        let permission = account.permission();
        let balance = account.balance;
        if balance + Total::from(permission) >= Total::ZERO {
            return Ok(());
        }
        let agent = names.agent(payer).to_owned();
        Err(Broken::Permission { tick, what: what(), agent, balance, permission })
    }

    fn account(&mut self, agent: AgentNo) -> Option<&mut Account> {
        self.accounts.get_mut(agent.index())
    }
}

impl Account {
    fn permission(&self) -> Money {
        let value = self.collateral_haircut.complement().floor_of(self.posted_collateral);
        self.unsecured_cap + value
    }
}

#[cfg(test)]
mod tests;
