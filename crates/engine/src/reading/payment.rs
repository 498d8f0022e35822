//! Fields about the payment that is decided on.

use psim_model::{PaymentNo, Tick};
use psim_policy::Field;

use super::{Reader, flag, money, penalty, total};
use crate::payments::{Payment, Place};

impl Reader<'_> {
    /// Computes a field that is about a payment.
    #[inline]
    pub(super) fn of_this_payment(&mut self, field: Field, no: PaymentNo) -> Option<f64> {
        let world = self.world;
        let payment = world.payments.get(no);
        let number = match field {
            Field::Amount | Field::RemainingAmount => money(payment.amount),
            Field::SettledAmount => 0.0,
            Field::ArrivalTick => f64::from(self.arrival_of(no).0),
            Field::DeadlineTick => f64::from(payment.deadline.0),
            Field::EarliestTick => f64::from(payment.earliest.0),
            Field::Priority => f64::from(payment.priority.get()),
            Field::OriginalPriority => f64::from(world.payments.terms(no).original_priority.get()),
            Field::RtgsPriority => f64::from(payment.class as u8),
            Field::IsSplit => flag(world.splits.is_part(no)),
            Field::IsDivisible => flag(!world.payments.terms(no).is_indivisible),
            Field::IsPastDeadline | Field::IsOverdue => flag(payment.is_overdue(self.now)),
            Field::OverdueDuration => f64::from(overdue_for(payment, self.now)),
            Field::IsInQueue2 => flag(payment.place == Place::Queue2),
            Field::TicksToDeadline => f64::from(payment.deadline.0) - f64::from(self.now.0),
            Field::QueueAge => f64::from(self.now.since(payment.moved_at)),
            Field::TicksSinceArrival => f64::from(self.now.since(self.arrival_of(no))),
            Field::CostDelayThisTxOneTick => {
                money(payment.amount) * world.rates.delay_cost_per_tick_per_cent.to_f64()
            }
            Field::CostOverdraftThisAmountOneTick => {
                world.rates.overdraft_bps_per_tick.to_f64() / 10_000.0 * money(payment.amount)
            }
            Field::AvailableLiquidity => {
                money(world.ledger.available_for(payment.sender, payment.class))
            }
            Field::CostDeadlinePenalty => penalty(world.rates.deadline_penalty, payment.amount),
            Field::CostEodPenalty => penalty(world.rates.eod_penalty, payment.amount),
            Field::BilateralLimit | Field::BilateralLimitRoom | Field::BilateralLimitUsed => {
                self.bilateral_limit(field, payment)
            }
            _ => return None,
        };
        Some(number)
    }

    /// Returns when a payment arrived; for a part, when the whole did.
    fn arrival_of(&self, no: PaymentNo) -> Tick {
        self.world.history.arrival_of(self.world.splits.root_of(no))
    }

    fn bilateral_limit(&self, field: Field, payment: &Payment) -> f64 {
        let limit = self.world.limits.bilateral(payment.sender, payment.receiver);
        match (field, limit) {
            (Field::BilateralLimit, Some(limit)) => money(limit.limit),
            (Field::BilateralLimitUsed, limit) => limit.map_or(0.0, |limit| total(limit.used)),
            (_, Some(limit)) => total(limit.room()),
            (_, None) => f64::INFINITY,
        }
    }
}

fn overdue_for(payment: &Payment, now: Tick) -> u32 {
    if payment.is_overdue(now) { now.since(payment.deadline.next()) } else { 0 }
}
