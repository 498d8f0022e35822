//! Release budgets: caps on what an agent releases in one tick.

use psim_model::event::HoldReason;
use psim_model::{AgentNo, Money, Total};

use super::Reference;

impl Reference {
    /// Returns why an agent's budget for this tick does not admit one more release.
    pub(super) fn refusal_of_budget(
        &self,
        sender: AgentNo,
        receiver: AgentNo,
        amount: Money,
    ) -> Option<HoldReason> {
        let account = &self.accounts[sender.index()];
        let budget = account.budget.as_ref()?;
        let with_it = |released: Total| released + Total::from(amount);
        let all = with_it(account.released.iter().map(|(_, amount)| *amount).sum());
        let same = account.released.iter().filter(|(paid, _)| *paid == receiver);
        let same = with_it(same.map(|(_, amount)| *amount).sum());
        let in_focus = budget.focus_counterparties.as_ref();
        if in_focus.is_some_and(|focus| !focus.contains(&receiver)) {
            Some(HoldReason::NotInFocus)
        } else if budget.max_per_counterparty.is_some_and(|cap| same > cap.into()) {
            Some(HoldReason::CounterpartyBudget)
        } else if all > budget.max_value_to_release.into() {
            Some(HoldReason::BudgetExhausted)
        } else {
            None
        }
    }

    /// Counts a release against an agent's budget.
    pub(super) fn charge_budget(&mut self, sender: AgentNo, receiver: AgentNo, amount: Money) {
        self.accounts[sender.index()].released.push((receiver, amount));
    }
}
