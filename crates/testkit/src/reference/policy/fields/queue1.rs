//! Fields about the bank's own queue 1 and what it releases.

use psim_model::Total;
use psim_model::event::RtgsPriority;
use psim_policy::Field;

use super::super::facts::{Facts, count, total, value_of};

impl Facts<'_> {
    pub(in super::super) fn queue1(&self, field: Field) -> Option<f64> {
        let waiting = self.in_queue1();
        let value = value_of(&waiting);
        // Balance and unused credit, of which nothing is kept back.
        let means = Total::from(self.start.available(self.agent, RtgsPriority::HighlyUrgent));
        let account_now = &self.now.accounts[self.agent.index()];
        let released = &account_now.submitted;
        Some(match field {
            Field::OutgoingQueueSize => count(waiting.len()),
            Field::Queue1TotalValue => total(value),
            Field::Queue1LiquidityGap => total((value - means).max(Total::ZERO)),
            Field::Headroom => total(means - value),
            Field::ValueReleasedThisTick => total(released.iter().copied().sum()),
            Field::CountReleasedThisTick => count(released.len()),
            Field::ReleaseBudgetRemaining => match &account_now.budget {
                None => f64::INFINITY,
                Some(budget) => {
                    let charged = account_now.released.iter().map(|(_, amount)| *amount);
                    total(Total::from(budget.max_value_to_release) - charged.sum())
                }
            },
            _ => return None,
        })
    }
}
