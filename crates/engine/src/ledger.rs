//! The ledger: the only code that changes a balance.

use psim_model::{Agent, AgentNo, Money};

/// Balances and permissions of all agents.
#[derive(Clone, Debug)]
pub(crate) struct Ledger {
    accounts: Vec<Account>,
}

#[derive(Clone, Copy, Debug)]
struct Account {
    balance: Money,
    /// How far below zero the balance may go: unsecured cap plus collateral value.
    permission: Money,
    /// What of the balance came from the liquidity pool.
    allocated: Money,
    /// Posted collateral at nominal value.
    posted: Money,
}

impl Ledger {
    /// Opens the accounts, in agent order.
    pub(crate) fn open(agents: &[Agent]) -> Self {
        let account = |agent: &Agent| {
            let worth = agent.collateral_haircut.complement();
            Account {
                balance: agent.opening_balance,
                permission: agent.unsecured_cap + worth.floor_of(agent.posted_collateral),
                allocated: Money::ZERO,
                posted: agent.posted_collateral,
            }
        };
        Self { accounts: agents.iter().map(account).collect() }
    }

    /// Returns an agent's balance.
    pub(crate) fn balance(&self, agent: AgentNo) -> Money {
        self.accounts[agent.index()].balance
    }

    /// Returns what an agent can pay: its balance and unused permission, never below zero.
    pub(crate) fn available(&self, agent: AgentNo) -> Money {
        let account = &self.accounts[agent.index()];
        (account.balance + account.permission).or_zero()
    }

    /// Returns how far an agent is beyond its permission.
    pub(crate) fn shortfall(&self, agent: AgentNo) -> Money {
        let account = &self.accounts[agent.index()];
        (account.balance + account.permission).shortfall()
    }

    /// Returns an agent's collateral at nominal value.
    pub(crate) fn posted(&self, agent: AgentNo) -> Money {
        self.accounts[agent.index()].posted
    }

    /// Returns what an agent has brought in from its pool.
    pub(crate) fn allocated(&self, agent: AgentNo) -> Money {
        self.accounts[agent.index()].allocated
    }

    /// Takes a payment off the sender's balance.
    pub(crate) fn debit(&mut self, agent: AgentNo, amount: Money) {
        self.accounts[agent.index()].balance -= amount;
    }

    /// Adds a receipt to the receiver's balance.
    pub(crate) fn credit(&mut self, agent: AgentNo, amount: Money) {
        self.accounts[agent.index()].balance += amount;
    }

    /// Notes what of a balance came from the pool (zero once it went back).
    pub(crate) fn set_allocated(&mut self, agent: AgentNo, amount: Money) {
        self.accounts[agent.index()].allocated = amount;
    }
}
