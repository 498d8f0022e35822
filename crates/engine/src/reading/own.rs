//! Fields about the agent's own means: balance, credit, collateral, pool, limits, costs.

use psim_model::{Money, Penalty, Total};
use psim_policy::Field;

use super::{Queue1Figures, Reader, flag, money, share, total};
use crate::backlog::Queue;
use crate::collateral;

impl Reader<'_> {
    /// Computes a field about balance, credit, pool or limits.
    pub(super) fn of_means(&self, field: Field) -> Option<f64> {
        let (world, agent) = (self.world, self.agent);
        let ledger = &world.ledger;
        let balance = ledger.balance(agent);
        let cap = ledger.cap(agent);
        let permission = ledger.permission(agent);
        let used = balance.shortfall();
        let sum = |parts: &[Money]| total(parts.iter().copied().sum());
        let less = |a: Money, b: Money| total(Total::from(a) - Total::from(b));
        let number = match field {
            Field::Balance => money(balance),
            Field::UnsecuredCap => money(cap),
            Field::CreditUsed => money(used),
            Field::AvailableLiquidity => money(ledger.available(agent)),
            Field::CreditHeadroom => less(cap, used),
            Field::EffectiveLiquidity => sum(&[balance, permission]),
            Field::IsUsingCredit => flag(balance.is_negative()),
            Field::LiquidityBuffer => money(self.scenario.agents[agent.index()].liquidity_buffer),
            Field::IsOverdraftCapped => 1.0,
            Field::LiquidityPressure => {
                let all = sum(&[balance, cap, ledger.posted(agent)]);
                1.0 - share(money(balance.or_zero()), all, 0.0)
            }
            Field::AllowedOverdraftLimit => money(permission),
            Field::OverdraftHeadroom => less(permission, used),
            Field::OverdraftUtilization => share(money(used), money(permission), 0.0),
            Field::LiquidityPool => {
                let pool = self.scenario.agents[agent.index()].liquidity_pool;
                pool.map_or(0.0, |pool| money(pool.amount))
            }
            Field::LiquidityAllocated => money(ledger.allocated(agent)),
            Field::MultilateralLimit => {
                world.limits.multilateral(agent).map_or(f64::INFINITY, |it| money(it.limit))
            }
            Field::MultilateralLimitUsed => {
                world.limits.multilateral(agent).map_or(0.0, |it| total(it.used))
            }
            Field::MultilateralLimitRoom => {
                world.limits.multilateral(agent).map_or(f64::INFINITY, |it| total(it.room()))
            }
            _ => return None,
        };
        Some(number)
    }

    /// Computes a field about collateral.
    pub(super) fn of_collateral(&self, field: Field) -> Option<f64> {
        let (world, agent) = (self.world, self.agent);
        let ledger = &world.ledger;
        let posted = ledger.posted(agent);
        let capacity = self.scenario.agents[agent.index()].collateral_capacity(ledger.cap(agent));
        let number = match field {
            Field::PostedCollateral => money(posted),
            Field::CollateralValue => money(ledger.haircut(agent).complement().floor_of(posted)),
            Field::MaxCollateralCapacity => money(capacity),
            Field::RemainingCollateralCapacity => money((capacity - posted).or_zero()),
            Field::CollateralUtilization => share(money(posted), money(capacity), 0.0),
            Field::CollateralHaircut => ledger.haircut(agent).to_f64(),
            Field::RequiredCollateralForUsage => total(collateral::required(world, agent)),
            Field::ExcessCollateral => {
                let excess = Total::from(posted) - collateral::required(world, agent);
                total(excess.max(Total::ZERO))
            }
            Field::WithdrawableCollateral => {
                let at = (&**self.scenario, self.now);
                money(collateral::withdrawable(world, at, agent, Money::MAX).unwrap_or_default())
            }
            _ => return None,
        };
        Some(number)
    }

    /// Computes a field about what things cost the agent, and have cost it.
    pub(super) fn of_costs(&self, field: Field) -> Option<f64> {
        let (rates, costs) = (&self.world.rates, &self.world.costs[self.agent.index()]);
        let number = match field {
            Field::CostOverdraftBpsPerTick => rates.overdraft_bps_per_tick.to_f64(),
            Field::CostDelayPerTickPerCent => rates.delay_cost_per_tick_per_cent.to_f64(),
            Field::CostCollateralBpsPerTick => rates.collateral_cost_per_tick_bps.to_f64(),
            Field::CostLiquidityBpsPerTick => rates.liquidity_cost_per_tick_bps.to_f64(),
            Field::CostSplitFriction => money(rates.split_friction_cost),
            Field::CostOverdueDelayMultiplier => rates.overdue_delay_multiplier.to_f64(),
            Field::CostDeadlinePenalty => self.mean_penalty(rates.deadline_penalty),
            Field::CostEodPenalty => self.mean_penalty(rates.eod_penalty),
            Field::MyCostToday => total(costs.today.sum()),
            Field::MyCostTotal => total(costs.total.sum()),
            Field::MyLiquidityCostToday => money(costs.today.liquidity_cost),
            Field::MyDelayCostToday => money(costs.today.delay_cost),
            Field::MyCollateralCostToday => money(costs.today.collateral_cost),
            Field::MyPenaltyCostToday => money(costs.today.penalty_cost),
            _ => return None,
        };
        Some(number)
    }

    /// Returns a penalty on the mean amount of the agent's payments in both queues.
    fn mean_penalty(&self, penalty: Penalty) -> f64 {
        let (world, agent) = (self.world, self.agent);
        let queue1 = Queue1Figures::of(world, agent);
        let count = queue1.count + world.queue2.len_of(agent);
        if count == 0 {
            return 0.0;
        }
        let value = queue1.value + world.backlog.value_in(agent, Queue::Two);
        let count = i128::try_from(count).expect("Invariant: payments can be counted");
        let mean = Total::from_minor(value.minor() / count).to_money();
        super::penalty(penalty, mean.expect("Invariant: a mean amount is an amount"))
    }
}
