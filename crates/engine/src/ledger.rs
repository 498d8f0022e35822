//! The ledger: the only code that changes a balance.

use psim_model::{
    Agent, AgentNo, Fraction, MONEY_LIMIT, Money, PaymentNo, RtgsPriority, Scenario, Total,
};
use serde::{Deserialize, Serialize};

/// Balances and permissions of all agents.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Ledger {
    accounts: Vec<Account>,
    credit: Vec<Credit>,
    /// What agents keep back from lower classes; `None` where nobody does.
    kept: Option<Vec<Kept>>,
    /// What was received in this tick; `None` where receipts can be used at once.
    deferred: Option<Vec<Deferred>>,
    /// How often a balance or a permission has changed.
    changes: u64,
}

/// What settling looks at.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
struct Account {
    balance: Money,
    /// How far below zero the balance may go: unsecured cap plus collateral value.
    permission: Money,
    /// What of the balance came from the liquidity pool.
    allocated: Money,
    /// Posted collateral at nominal value.
    posted: Money,
}

/// What the permission is made of, besides the collateral posted.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
struct Credit {
    cap: Money,
    haircut: Fraction,
}

/// What is kept back from payments of a class, indexed by it.
type Kept = [Money; RtgsPriority::ALL.len()];

/// Receipts that cannot be used yet, and the payments they come from.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
struct Deferred {
    pending: Money,
    sources: Vec<PaymentNo>,
}

impl Ledger {
    /// Opens the accounts, in agent order.
    pub(crate) fn open(agents: &[Agent], defers_credits: bool) -> Self {
        let account = |agent: &Agent| Account {
            balance: agent.opening_balance,
            permission: Money::ZERO,
            allocated: Money::ZERO,
            posted: agent.posted_collateral,
        };
        let credit =
            |agent: &Agent| Credit { cap: agent.unsecured_cap, haircut: agent.collateral_haircut };
        let reserves = agents.iter().any(|agent| kept(agent) != [Money::ZERO; 3]);
        let mut ledger = Self {
            accounts: agents.iter().map(account).collect(),
            credit: agents.iter().map(credit).collect(),
            kept: reserves.then(|| agents.iter().map(kept).collect()),
            deferred: defers_credits.then(|| vec![Deferred::default(); agents.len()]),
            changes: 0,
        };
        for agent in 0..agents.len() {
            ledger.permit(AgentNo::from_index(agent));
        }
        ledger
    }

    /// Returns whether these can be the accounts of a scenario.
    pub(crate) fn fits(&self, scenario: &Scenario) -> bool {
        let fresh = Self::open(&scenario.agents, scenario.rules.deferred_crediting);
        let is_bounded =
            |amount: Money| Total::from_minor(i128::from(amount.minor()).abs()) < MONEY_LIMIT;
        let pending = self.deferred.iter().flatten().map(|deferred| deferred.pending);
        let amounts = (self.accounts.iter())
            .flat_map(|it| [it.balance, it.permission, it.allocated, it.posted])
            .chain(self.credit.iter().map(|credit| credit.cap))
            .chain(pending);
        self.accounts.len() == fresh.accounts.len()
            && self.credit.len() == fresh.credit.len()
            && self.kept == fresh.kept
            && self.deferred.as_ref().map(Vec::len) == fresh.deferred.as_ref().map(Vec::len)
            && amounts.into_iter().all(is_bounded)
    }

    /// Returns how often a balance or a permission has changed.
    pub(crate) const fn changes(&self) -> u64 {
        self.changes
    }

    /// Returns an agent's balance.
    pub(crate) fn balance(&self, agent: AgentNo) -> Money {
        self.accounts[agent.index()].balance
    }

    /// Returns what an agent could pay if it kept nothing back: its balance and unused permission,
    /// never below zero.
    pub(crate) fn available(&self, agent: AgentNo) -> Money {
        let account = &self.accounts[agent.index()];
        (account.balance + account.permission).or_zero()
    }

    /// Returns what an agent can pay with payments of a class.
    pub(crate) fn available_for(&self, agent: AgentNo, class: RtgsPriority) -> Money {
        let available = self.available(agent);
        match &self.kept {
            None => available,
            Some(kept) => (available - kept[agent.index()][class as usize]).or_zero(),
        }
    }

    /// Returns whether agents keep anything back from lower classes.
    pub(crate) const fn keeps_back(&self) -> bool {
        self.kept.is_some()
    }

    /// Returns how far an agent is beyond its permission.
    pub(crate) fn shortfall(&self, agent: AgentNo) -> Money {
        let account = &self.accounts[agent.index()];
        (account.balance + account.permission).shortfall()
    }

    /// Returns how far an agent's balance may go below zero.
    pub(crate) fn permission(&self, agent: AgentNo) -> Money {
        self.accounts[agent.index()].permission
    }

    /// Returns an agent's unsecured cap.
    pub(crate) fn cap(&self, agent: AgentNo) -> Money {
        self.credit[agent.index()].cap
    }

    /// Returns the share of its nominal value that an agent's collateral is not worth.
    pub(crate) fn haircut(&self, agent: AgentNo) -> Fraction {
        self.credit[agent.index()].haircut
    }

    /// Returns an agent's collateral at nominal value.
    pub(crate) fn posted(&self, agent: AgentNo) -> Money {
        self.accounts[agent.index()].posted
    }

    /// Returns what an agent has brought in from its pool.
    pub(crate) fn allocated(&self, agent: AgentNo) -> Money {
        self.accounts[agent.index()].allocated
    }

    /// Returns what an agent has received and cannot use yet.
    pub(crate) fn pending(&self, agent: AgentNo) -> Money {
        self.deferred.as_ref().map_or(Money::ZERO, |deferred| deferred[agent.index()].pending)
    }

    /// Returns whether receipts can be used from the next tick only.
    pub(crate) const fn defers_credits(&self) -> bool {
        self.deferred.is_some()
    }

    /// Takes off a balance what its agent may pay; returns it before and after.
    pub(crate) fn pay(&mut self, agent: AgentNo, amount: Money) -> (Money, Money) {
        self.changes += 1;
        let account = &mut self.accounts[agent.index()];
        let before = account.balance;
        account.balance -= amount;
        let left = account.balance + account.permission;
        assert!(!left.is_negative(), "Invariant: no settlement goes beyond the permission");
        (before, account.balance)
    }

    /// Takes money off a balance, whatever is left.
    pub(crate) fn debit(&mut self, agent: AgentNo, amount: Money) {
        self.changes += 1;
        self.accounts[agent.index()].balance -= amount;
    }

    /// Adds money to a balance.
    pub(crate) fn credit(&mut self, agent: AgentNo, amount: Money) {
        self.changes += u64::from(amount != Money::ZERO);
        self.accounts[agent.index()].balance += amount;
    }

    /// Notes a receipt that cannot be used yet, and the payments it comes from; returns false
    /// where receipts are not deferred.
    pub(crate) fn defer(&mut self, agent: AgentNo, amount: Money, sources: &[PaymentNo]) -> bool {
        let Some(deferred) = &mut self.deferred else { return false };
        let deferred = &mut deferred[agent.index()];
        deferred.pending += amount;
        deferred.sources.extend_from_slice(sources);
        true
    }

    /// Adds to an agent's balance what it has received, and returns that and where it comes from;
    /// `None` if there is nothing.
    pub(crate) fn credit_deferred(&mut self, agent: AgentNo) -> Option<(Money, Vec<PaymentNo>)> {
        let deferred = std::mem::take(&mut self.deferred.as_mut()?[agent.index()]);
        if deferred.pending == Money::ZERO {
            return None;
        }
        self.credit(agent, deferred.pending);
        Some((deferred.pending, deferred.sources))
    }

    /// Notes what of a balance came from the pool (zero once it went back).
    pub(crate) fn set_allocated(&mut self, agent: AgentNo, amount: Money) {
        self.accounts[agent.index()].allocated = amount;
    }

    /// Changes an agent's unsecured cap.
    pub(crate) fn set_cap(&mut self, agent: AgentNo, cap: Money) {
        self.credit[agent.index()].cap = cap;
        self.permit(agent);
    }

    /// Changes what an agent has posted.
    pub(crate) fn set_posted(&mut self, agent: AgentNo, posted: Money) {
        self.accounts[agent.index()].posted = posted;
        self.permit(agent);
    }

    /// Changes the haircut of an agent's collateral.
    pub(crate) fn set_haircut(&mut self, agent: AgentNo, haircut: Fraction) {
        self.credit[agent.index()].haircut = haircut;
        self.permit(agent);
    }

    /// Returns balances and pending receipts of all agents together.
    pub(crate) fn money(&self) -> Total {
        let balances: Total = self.accounts.iter().map(|account| account.balance).sum();
        let deferred = self.deferred.iter().flatten();
        balances + deferred.map(|deferred| deferred.pending).sum()
    }

    fn permit(&mut self, agent: AgentNo) {
        let credit = self.credit[agent.index()];
        let account = &mut self.accounts[agent.index()];
        let permission = credit.cap + credit.haircut.complement().floor_of(account.posted);
        self.changes += u64::from(permission != account.permission);
        account.permission = permission;
    }
}

/// Returns what an agent keeps back from payments of each class.
fn kept(agent: &Agent) -> Kept {
    let mut kept = [Money::ZERO; RtgsPriority::ALL.len()];
    for class in RtgsPriority::ALL {
        kept[*class as usize] = agent.reservations.kept_from(*class);
    }
    kept
}
