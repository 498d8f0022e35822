//! What was asked for between ticks and holds for the coming one: decisions about payments, and
//! caps on what agents release.

use std::collections::BTreeSet;

use psim_model::event::HoldReason;
use psim_model::{AgentNo, Money, PaymentAction, PaymentNo, ReleaseBudget, Total};
use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

/// Decisions and budgets of one tick.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Decisions {
    #[serde(with = "crate::stored::map")]
    actions: FxHashMap<PaymentNo, Vec<PaymentAction>>,
    /// The senders of those payments.
    deciders: BTreeSet<AgentNo>,
    #[serde(with = "crate::stored::map")]
    budgets: FxHashMap<AgentNo, Budget>,
}

/// A release budget and what of it is used.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Budget {
    caps: ReleaseBudget,
    released: Money,
    #[serde(with = "crate::stored::map")]
    released_to: FxHashMap<AgentNo, Money>,
}

impl Decisions {
    /// Keeps what is to be done with a payment; replaces what was said of it before.
    pub(crate) fn decide(&mut self, sender: AgentNo, no: PaymentNo, actions: Vec<PaymentAction>) {
        self.actions.insert(no, actions);
        self.deciders.insert(sender);
    }

    /// Takes out what is to be done with a payment.
    pub(crate) fn take(&mut self, no: PaymentNo) -> Option<Vec<PaymentAction>> {
        if self.actions.is_empty() { None } else { self.actions.remove(&no) }
    }

    /// Returns the payments about which there are decisions left.
    ///
    /// In no particular order.
    pub(crate) fn left(&self) -> impl Iterator<Item = PaymentNo> {
        self.actions.keys().copied()
    }

    /// Returns whether an agent's payments must be looked at one by one.
    pub(crate) fn concern(&self, agent: AgentNo) -> bool {
        !self.budgets.is_empty() && self.budgets.contains_key(&agent)
            || self.deciders.contains(&agent)
    }

    /// Returns what decisions there are, for the most that they can cause.
    ///
    /// In no particular order.
    pub(crate) fn all(&self) -> impl Iterator<Item = &[PaymentAction]> {
        self.actions.values().map(Vec::as_slice)
    }

    /// Caps what an agent releases in this tick.
    pub(crate) fn set_budget(&mut self, agent: AgentNo, caps: ReleaseBudget) {
        let budget = Budget { caps, released: Money::ZERO, released_to: FxHashMap::default() };
        self.budgets.insert(agent, budget);
    }

    /// Returns why an agent's budget does not admit a release.
    pub(crate) fn refusal(
        &self,
        agent: AgentNo,
        receiver: AgentNo,
        amount: Money,
    ) -> Option<HoldReason> {
        let budget = self.budgets.get(&agent)?;
        let focus = budget.caps.focus_counterparties.as_ref();
        if focus.is_some_and(|focus| focus.binary_search(&receiver).is_err()) {
            return Some(HoldReason::NotInFocus);
        }
        let exceeds = |released: Money, cap: Money| {
            released.checked_add(amount).is_none_or(|released| released > cap)
        };
        let released_to = budget.released_to.get(&receiver).copied().unwrap_or_default();
        if budget.caps.max_per_counterparty.is_some_and(|cap| exceeds(released_to, cap)) {
            return Some(HoldReason::CounterpartyBudget);
        }
        let is_exhausted = exceeds(budget.released, budget.caps.max_value_to_release);
        is_exhausted.then_some(HoldReason::BudgetExhausted)
    }

    /// Returns what is left of an agent's budget, if it has one.
    pub(crate) fn budget_left(&self, agent: AgentNo) -> Option<Total> {
        let budget = self.budgets.get(&agent)?;
        Some(Total::from(budget.caps.max_value_to_release) - Total::from(budget.released))
    }

    /// Charges a release that the budget admits, if there is one.
    pub(crate) fn charge(&mut self, agent: AgentNo, receiver: AgentNo, amount: Money) {
        if let Some(budget) = self.budgets.get_mut(&agent) {
            budget.released += amount;
            *budget.released_to.entry(receiver).or_default() += amount;
        }
    }

    /// Forgets everything: the tick is over.
    pub(crate) fn clear(&mut self) {
        self.actions.clear();
        self.deciders.clear();
        self.budgets.clear();
    }
}
