//! Fields about the bank: its balance and its credit.

use psim_model::event::RtgsPriority;
use psim_model::{Money, Total};
use psim_policy::Field;

use super::super::facts::{Facts, flag, money, total};

impl Facts<'_> {
    pub(in super::super) fn bank(&self, field: Field) -> Option<f64> {
        let agent = &self.start.scenario.agents[self.agent.index()];
        let account = self.account();
        let used = account.balance.shortfall();
        let permission = self.start.permission(self.agent);
        Some(match field {
            Field::Balance => money(account.balance),
            Field::UnsecuredCap => money(account.unsecured_cap),
            Field::CreditUsed => money(used),
            Field::AvailableLiquidity => {
                // Nothing is kept back from payments of the highest class.
                let class = self.payment.map_or(RtgsPriority::HighlyUrgent, |_| self.own().class);
                money(self.start.available(self.agent, class))
            }
            Field::CreditHeadroom => total(Total::from(account.unsecured_cap) - used.into()),
            Field::EffectiveLiquidity => {
                total(Total::from(account.balance) + Total::from(permission))
            }
            Field::IsUsingCredit => flag(account.balance.is_negative()),
            Field::LiquidityBuffer => money(agent.liquidity_buffer),
            Field::IsOverdraftCapped => 1.0,
            Field::LiquidityPressure => {
                let means = [account.balance, account.unsecured_cap, account.posted];
                let means: Total = means.into_iter().sum();
                if means == Total::ZERO {
                    1.0
                } else {
                    1.0 - money(account.balance.or_zero()) / total(means)
                }
            }
            Field::AllowedOverdraftLimit => money(permission),
            Field::OverdraftHeadroom => total(Total::from(permission) - used.into()),
            Field::OverdraftUtilization => {
                if permission.is_positive() {
                    money(used) / money(permission)
                } else {
                    0.0
                }
            }
            Field::LiquidityPool => {
                money(agent.liquidity_pool.map_or(Money::ZERO, |pool| pool.amount))
            }
            Field::LiquidityAllocated => money(account.allocated),
            _ => return None,
        })
    }
}
