//! What an agent may use: permission, reservations, and what is left of them.

use psim_model::event::{AgentOverExtended, OverExtensionCause, RtgsPriority};
use psim_model::{AgentNo, MONEY_LIMIT, Money, Total};

use super::Reference;

impl Reference {
    /// Returns how far an agent's balance may go below zero.
    pub(super) fn permission(&self, agent: AgentNo) -> Money {
        let account = &self.accounts[agent.index()];
        account.unsecured_cap + account.haircut.complement().floor_of(account.posted)
    }

    /// Returns what an agent can pay now with payments of a declared class.
    pub(super) fn available(&self, agent: AgentNo, class: RtgsPriority) -> Money {
        let balance = self.accounts[agent.index()].balance;
        let credit_left = (self.permission(agent) - balance.shortfall()).or_zero();
        let base = Total::from(balance.or_zero()) + Total::from(credit_left);
        let left = (base - self.kept(agent, class)).to_money();
        left.map_or(Money::ZERO, Money::or_zero)
    }

    /// Returns what an agent's payments of a class leave to those of higher classes.
    fn kept(&self, agent: AgentNo, class: RtgsPriority) -> Total {
        let reserved = self.scenario.agents[agent.index()].reservations;
        match class {
            RtgsPriority::Normal => {
                Total::from(reserved.highly_urgent) + Total::from(reserved.urgent)
            }
            RtgsPriority::Urgent => reserved.highly_urgent.into(),
            RtgsPriority::HighlyUrgent => Total::ZERO,
        }
    }

    /// Notes that an agent's permission was another number, if it was.
    pub(super) fn note_permission(&mut self, agent: AgentNo, before: Money) {
        self.changes += u64::from(self.permission(agent) != before);
    }

    /// Says so if an agent is beyond its permission.
    pub(super) fn say_if_over_extended(&mut self, agent_id: AgentNo, cause: OverExtensionCause) {
        let used = self.accounts[agent_id.index()].balance.shortfall();
        let shortfall = used - self.permission(agent_id);
        if shortfall.is_positive() {
            self.log.push(AgentOverExtended { agent_id, shortfall, cause });
        }
    }

    /// Returns whether the ledger still holds all money in reach if an agent's unsecured cap and
    /// posted collateral come to `credit`, and direct transfers move `more`.
    pub(super) fn money_would_fit(&self, agent: AgentNo, credit: Total, more: Money) -> bool {
        let mut reach = self.transferred;
        reach += more;
        for (index, account) in self.accounts.iter().enumerate() {
            let agent_there = &self.scenario.agents[index];
            reach += Total::from_minor(i128::from(agent_there.opening_balance.minor()).abs());
            reach += agent_there.liquidity_pool.map_or(Money::ZERO, |pool| pool.amount);
            let highest = Total::from(account.highest_credit);
            reach += if index == agent.index() { highest.max(credit) } else { highest };
        }
        reach < MONEY_LIMIT
    }

    /// Remembers how high an agent's unsecured cap and posted collateral have been.
    pub(super) fn note_credit(&mut self, agent: AgentNo) {
        let account = &mut self.accounts[agent.index()];
        let credit = account.unsecured_cap + account.posted;
        account.highest_credit = account.highest_credit.max(credit);
    }
}
