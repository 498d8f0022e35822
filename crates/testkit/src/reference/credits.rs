//! Step 11: receipts that were held back are credited.

use psim_model::event::DeferredCreditApplied;
use psim_model::{AgentNo, Money};

use super::Reference;

impl Reference {
    /// Adds each agent's pending receipts to its balance.
    pub(super) fn apply_credits(&mut self) {
        for (index, account) in self.accounts.iter_mut().enumerate() {
            let pending = std::mem::take(&mut account.pending);
            if pending.is_empty() {
                continue;
            }
            let amount = pending.iter().fold(Money::ZERO, |sum, credit| sum + credit.amount);
            account.balance += amount;
            self.changes += u64::from(amount != Money::ZERO);
            let sources = pending.iter().flat_map(|credit| credit.sources.iter().copied());
            let applied = DeferredCreditApplied {
                agent_id: AgentNo::from_index(index),
                amount,
                balance_after: account.balance,
                source_transactions: self.log.payments(sources),
            };
            self.log.push(applied);
        }
    }
}
