//! How much liquidity settling took: balances followed through each day, and nothing else.
//!
//! What an agent uses on a day is what the summary says it is: how far its balance falls below that
//! at the start of the day, after its pool was brought in.

use psim_model::event::{Event, EventBatch, TransferKind};
use psim_model::{AgentNo, Day, Money, Total};

use crate::state::{minus, plus};

/// Follows the balance of each agent, by number.
#[derive(Clone, Debug, Default)]
pub(super) struct Balances {
    agents: Vec<Balance>,
    day: Option<Day>,
    /// Whether receipts come at the end of the tick, with an event of their own.
    is_deferred: bool,
}

/// The balance of an agent through a day, and what it used on those before.
#[derive(Clone, Copy, Debug)]
struct Balance {
    now: Money,
    start: Money,
    lowest: Money,
    used_before: Total,
}

impl Balance {
    const fn begin(balance: Money) -> Self {
        Self { now: balance, start: balance, lowest: balance, used_before: Total::ZERO }
    }

    /// Returns what was used on all days.
    fn used(&self) -> Total {
        self.used_before + Total::from(minus(self.start, self.lowest))
    }

    /// Begins a day, or begins it again, with a balance.
    fn start_with(&mut self, balance: Money) {
        *self = Self { used_before: self.used_before, ..Self::begin(balance) };
    }

    fn set(&mut self, balance: Money) {
        self.now = balance;
        self.lowest = self.lowest.min(balance);
    }
}

impl Balances {
    /// Returns what an agent used, summed over days.
    pub(super) fn used(&self, agent: usize) -> Total {
        self.agents.get(agent).map_or(Total::ZERO, Balance::used)
    }

    /// Moves on to the day of a batch.
    pub(super) fn begin(&mut self, batch: &EventBatch) {
        if self.day.replace(batch.day()).is_some_and(|day| day != batch.day()) {
            for agent in &mut self.agents {
                agent.used_before = agent.used();
                agent.start_with(agent.now);
            }
        }
    }

    /// Takes in an event of the day.
    pub(super) fn observe(&mut self, batch: &EventBatch, event: &Event) {
        match event {
            Event::RulesSet(rules) => self.is_deferred = rules.deferred_crediting,
            Event::AgentOpened(opened) => {
                if opened.agent_id.no.index() == self.agents.len() {
                    self.agents.push(Balance::begin(opened.opening_balance));
                }
            }
            Event::LiquidityAllocation(brought) => {
                self.with(brought.agent_id, |agent| agent.start_with(brought.balance_after));
            }
            // Giving the pool back is no use.
            Event::LiquidityReturn(back) => {
                self.with(back.agent_id, |agent| agent.now = back.balance_after);
            }
            Event::DeferredCreditApplied(credit) => {
                self.with(credit.agent_id, |agent| agent.set(credit.balance_after));
            }
            event => self.settle(batch, event),
        }
    }

    /// Moves what payments, sets of them and transfers move.
    fn settle(&mut self, batch: &EventBatch, event: &Event) {
        match event {
            Event::RtgsImmediateSettlement(paid) => {
                self.debit(paid.sender_id, paid.amount);
                self.credit(paid.receiver_id, paid.amount);
            }
            Event::Queue2LiquidityRelease(paid) => {
                self.debit(paid.sender_id, paid.amount);
                self.credit(paid.receiver_id, paid.amount);
            }
            Event::FundsTransferred(moved) => {
                let (receiver, amount) = (moved.receiver_id, moved.amount);
                self.debit(moved.sender_id, amount);
                match moved.kind {
                    TransferKind::DirectTransfer => self.credit_at_once(receiver, amount),
                    TransferKind::ScheduledSettlement => self.credit(receiver, amount),
                }
            }
            event => {
                let Some(set) = event.settled_set() else { return };
                let columns = batch.columns();
                let nets = set.agents.of(columns).iter().zip(set.net_positions.of(columns));
                for (agent, net) in nets {
                    if net.is_negative() {
                        self.debit(*agent, net.shortfall());
                    } else {
                        self.credit(*agent, *net);
                    }
                }
            }
        }
    }

    fn debit(&mut self, agent: AgentNo, amount: Money) {
        self.with(agent, |agent| agent.set(minus(agent.now, amount)));
    }

    fn credit(&mut self, agent: AgentNo, amount: Money) {
        if !self.is_deferred {
            self.credit_at_once(agent, amount);
        }
    }

    fn credit_at_once(&mut self, agent: AgentNo, amount: Money) {
        self.with(agent, |agent| agent.set(plus(agent.now, amount)));
    }

    fn with(&mut self, agent: AgentNo, change: impl FnOnce(&mut Balance)) {
        if let Some(agent) = self.agents.get_mut(agent.index()) {
            change(agent);
        }
    }
}
