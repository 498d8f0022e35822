//! Fields about the payment that is decided on.

use psim_policy::Field;

use super::super::facts::{Facts, flag, money, rate};

impl Facts<'_> {
    pub(in super::super) fn transaction(&self, field: Field) -> Option<f64> {
        let payment = self.own();
        let now = self.start.now;
        let costs = &self.start.costs;
        let amount = money(payment.amount);
        Some(match field {
            Field::Amount | Field::RemainingAmount => amount,
            Field::SettledAmount => 0.0,
            Field::ArrivalTick => payment.arrived.0.into(),
            Field::DeadlineTick => payment.deadline.0.into(),
            Field::EarliestTick => payment.earliest.0.into(),
            Field::Priority => payment.priority.get().into(),
            Field::OriginalPriority => payment.original_priority.get().into(),
            Field::RtgsPriority => f64::from(payment.class as u8),
            Field::IsSplit => flag(payment.parent.is_some()),
            Field::IsDivisible => flag(payment.divisible != Some(false)),
            Field::IsPastDeadline => flag(now > payment.deadline),
            Field::IsOverdue => flag(payment.deadline_penalty.is_some()),
            Field::OverdueDuration => match payment.deadline_penalty {
                Some(_) => f64::from(now.0) - f64::from(payment.deadline.next().0),
                None => 0.0,
            },
            Field::IsInQueue2 => flag(self.is_in_queue2()),
            Field::TicksToDeadline => f64::from(payment.deadline.0) - f64::from(now.0),
            Field::QueueAge => {
                let joined_queue2 = payment.joined_queue2.filter(|_| self.is_in_queue2());
                now.since(joined_queue2.unwrap_or(payment.joined_queue1)).into()
            }
            Field::TicksSinceArrival => now.since(payment.arrived).into(),
            Field::CostDelayThisTxOneTick => amount * rate(costs.delay_cost_per_tick_per_cent),
            Field::CostOverdraftThisAmountOneTick => {
                amount * (rate(costs.overdraft_bps_per_tick) / 10_000.0)
            }
            _ => return None,
        })
    }

    fn is_in_queue2(&self) -> bool {
        self.start.queue2.contains(&self.own_no())
    }
}
