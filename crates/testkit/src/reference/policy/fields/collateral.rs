//! Fields about collateral.

use psim_model::{Fraction, Money, Total};
use psim_policy::Field;

use super::super::facts::{Facts, fraction, money, total};

impl Facts<'_> {
    pub(in super::super) fn collateral(&self, field: Field) -> Option<f64> {
        let account = self.account();
        let capacity = self.start.capacity(self.agent);
        let posted = Total::from(account.posted);
        Some(match field {
            Field::PostedCollateral => money(account.posted),
            Field::CollateralValue => money(account.haircut.complement().floor_of(account.posted)),
            Field::MaxCollateralCapacity => money(capacity),
            Field::RemainingCollateralCapacity => money((capacity - account.posted).or_zero()),
            Field::CollateralUtilization => {
                if capacity.is_positive() {
                    money(account.posted) / money(capacity)
                } else {
                    0.0
                }
            }
            Field::CollateralHaircut => fraction(account.haircut),
            Field::RequiredCollateralForUsage => total(self.required_collateral()),
            Field::ExcessCollateral => {
                total((posted - self.required_collateral()).max(Total::ZERO))
            }
            Field::WithdrawableCollateral => {
                if self.start.is_in_holding_period(self.agent) {
                    0.0
                } else {
                    money(self.start.withdrawable(self.agent, Money::ZERO))
                }
            }
            _ => return None,
        })
    }

    /// Returns the least amount of collateral that is worth the credit used beyond the cap.
    fn required_collateral(&self) -> Total {
        let account = self.account();
        let worth = i128::from(account.haircut.complement().trillionths());
        if worth == 0 {
            return Total::ZERO;
        }
        let beyond = (account.balance.shortfall() - account.unsecured_cap).or_zero();
        let whole = i128::from(Fraction::ONE.trillionths());
        let exact = i128::from(beyond.minor()) * whole;
        Total::from_minor((exact + worth - 1) / worth)
    }
}
