//! Release budgets: what an agent releases in a tick stays within what it has set for it.

use psim_model::event::{BankBudgetSet, Columns, RtgsSubmission};
use psim_model::{AgentNo, Money, Total};

use super::{Verdict, ensure};

/// The budgets of this tick.
#[derive(Debug, Default)]
pub(super) struct Budgets {
    budgets: Vec<Budget>,
    /// Who released how much to whom in this tick.
    released: Vec<(AgentNo, AgentNo, Money)>,
}

#[derive(Debug)]
struct Budget {
    agent: AgentNo,
    total: Money,
    focus: Option<Vec<AgentNo>>,
    each: Option<Money>,
}

impl Budgets {
    pub(super) fn begin_tick(&mut self) {
        self.budgets.clear();
        self.released.clear();
    }

    pub(super) fn set(&mut self, event: &BankBudgetSet, columns: &Columns) -> Verdict {
        let focus = event.focus_counterparties.of(columns).to_vec();
        ensure(event.has_focus || focus.is_empty(), "a list without a focus is empty")?;
        self.budgets.retain(|budget| budget.agent != event.agent_id);
        self.budgets.push(Budget {
            agent: event.agent_id,
            total: event.max_value_to_release,
            focus: event.has_focus.then_some(focus),
            each: event.max_per_counterparty,
        });
        Ok(())
    }

    pub(super) fn release(&mut self, event: &RtgsSubmission) -> Verdict {
        let (agent, receiver) = (event.sender_id, event.receiver_id);
        self.released.push((agent, receiver, event.amount));
        let Some(budget) = self.budgets.iter().find(|budget| budget.agent == agent) else {
            return Ok(());
        };
        let own = || self.released.iter().filter(|(sender, ..)| *sender == agent);
        let all: Total = own().map(|(_, _, amount)| *amount).sum();
        let same = own().filter(|(_, paid, _)| *paid == receiver);
        let same: Total = same.map(|(_, _, amount)| *amount).sum();
        let is_in_focus = budget.focus.as_ref().is_none_or(|focus| focus.contains(&receiver));
        let is_within = all <= budget.total.into()
            && budget.each.is_none_or(|each| same <= each.into())
            && is_in_focus;
        ensure(is_within, "what is released stays within the budget")
    }
}
