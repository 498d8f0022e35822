//! Fields about what things cost and what the bank has been charged.

use psim_model::event::CostAccrual;
use psim_model::{Money, Penalty, Total};
use psim_policy::Field;

use super::super::facts::{Facts, money, rate, total};

impl Facts<'_> {
    pub(in super::super) fn cost(&self, field: Field) -> Option<f64> {
        let costs = &self.start.costs;
        Some(match field {
            Field::CostOverdraftBpsPerTick => rate(costs.overdraft_bps_per_tick),
            Field::CostDelayPerTickPerCent => rate(costs.delay_cost_per_tick_per_cent),
            Field::CostCollateralBpsPerTick => rate(costs.collateral_cost_per_tick_bps),
            Field::CostLiquidityBpsPerTick => rate(costs.liquidity_cost_per_tick_bps),
            Field::CostSplitFriction => money(costs.split_friction_cost),
            Field::CostOverdueDelayMultiplier => costs.overdue_delay_multiplier.to_f64(),
            Field::CostDeadlinePenalty => self.penalty(costs.deadline_penalty),
            Field::CostEodPenalty => self.penalty(costs.eod_penalty),
            Field::MyCostToday => self.booked(true, |costs| costs.total),
            Field::MyCostTotal => self.booked(false, |costs| costs.total),
            Field::MyLiquidityCostToday => self.booked(true, |costs| costs.liquidity_cost),
            Field::MyDelayCostToday => self.booked(true, |costs| costs.delay_cost),
            Field::MyCollateralCostToday => self.booked(true, |costs| costs.collateral_cost),
            Field::MyPenaltyCostToday => self.booked(true, |costs| costs.penalty_cost),
            _ => return None,
        })
    }

    /// Returns a penalty on the payment, or on one of the mean amount of those that wait.
    fn penalty(&self, penalty: Penalty) -> f64 {
        let amount = match self.payment {
            Some(_) => self.own().amount,
            None => match self.mean_waiting() {
                Some(mean) => mean,
                None => return 0.0,
            },
        };
        money(penalty.on(amount).unwrap_or(Money::MAX))
    }

    /// Returns the mean amount of the agent's payments in both queues, rounded down.
    fn mean_waiting(&self) -> Option<Money> {
        let queued = self.in_queue1().into_iter().chain(self.in_queue2());
        let own = queued.filter(|payment| payment.sender == self.agent);
        let amounts: Vec<Money> = own.map(|payment| payment.amount).collect();
        let sum: Total = amounts.iter().copied().sum();
        let mean = sum.minor().checked_div(amounts.len() as i128)?;
        Total::from_minor(mean).to_money()
    }

    /// Returns what was booked today or ever, up to the tick before this one.
    fn booked(&self, today: bool, part: impl Fn(&CostAccrual) -> Money) -> f64 {
        let calendar = self.start.scenario.calendar;
        let day = calendar.day_of(self.start.now);
        let booked = self.start.accruals.iter().filter(|(tick, accrual)| {
            accrual.agent_id == self.agent && (!today || calendar.day_of(*tick) == day)
        });
        total(booked.map(|(_, accrual)| part(accrual)).sum())
    }
}
