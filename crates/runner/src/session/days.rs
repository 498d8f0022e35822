//! Questions about a day.

use psim_model::event::{DropReason, Event};
use psim_model::{Calendar, Day, Money, PaymentNo, Priority, Tick};
use psim_view::{AgentDay, Fold, Payment, Place};
use serde::Serialize;

use super::Session;
use super::by_day::Moved;
use super::payments::{Status, class_in_system, settled};

/// A payment that arrived on a day, as it is now. Amounts are minor units.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct DayTransaction {
    /// Its id.
    pub tx_id: String,
    /// Who pays.
    pub sender_id: String,
    /// Who is paid.
    pub receiver_id: String,
    /// How much.
    pub amount: Money,
    /// Priority now, 0 to 10.
    pub priority: Priority,
    /// Whether it may be split, if anything was said of it.
    pub is_divisible: Option<bool>,
    /// Tick on which it arrived; a part's is that of the payment that was split.
    pub arrival_tick: Tick,
    /// The day of that.
    pub arrival_day: Day,
    /// Last tick on which it is on time.
    pub deadline_tick: Tick,
    /// Tick on which it settled, the last of its parts if it was split.
    pub settlement_tick: Option<Tick>,
    /// The day of that.
    pub settlement_day: Option<Day>,
    /// `pending`, `partially_settled`, `settled`, `overdue` (unsettled) or `dropped`.
    pub status: &'static str,
    /// Tick on which it became overdue, also of one that has settled since.
    pub overdue_since_tick: Option<Tick>,
    /// Why it was dropped, if it was; none for one that was split, whose parts have reasons.
    pub drop_reason: Option<&'static str>,
    /// What of it has settled.
    pub amount_settled: Money,
    /// Ticks at whose end it stood in queue 1.
    pub queue1_ticks: u32,
    /// Ticks at whose end it stood in queue 2.
    pub queue2_ticks: u32,
    /// Ticks from arrival to settlement; `None` for one that has not settled.
    pub total_delay_ticks: Option<u32>,
    /// Its share of its sender's delay cost so far, before the rounding with which that is booked.
    pub delay_cost: f64,
    /// The payment of which it is a part.
    pub parent_tx_id: Option<String>,
    /// Which part it is, from 0.
    pub split_index: Option<u32>,
    /// The class with which it is in the system, or was when it settled.
    pub rtgs_priority: Option<&'static str>,
    /// Tick on which it entered the system.
    pub rtgs_submission_tick: Option<Tick>,
    /// The class that it is declared with.
    pub declared_rtgs_priority: &'static str,
}

/// Collateral that was posted or withdrawn. Amounts are nominal values in minor units.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CollateralMove {
    /// The agent.
    pub agent_id: String,
    /// When.
    pub tick: Tick,
    /// The day of that.
    pub day: Day,
    /// `post` or `withdraw`.
    pub action: &'static str,
    /// How much.
    pub amount: Money,
    /// How much was asked for.
    pub requested_amount: Money,
    /// Why, in the words of who asked for it; of a timer, why it was posted.
    pub reason: String,
    /// Who asked for it: `Policy`, `Api`, `Scenario`, or `Timer`.
    pub origin: &'static str,
    /// The agent's balance at that moment.
    pub balance_before: Money,
    /// What was posted before.
    pub posted_collateral_before: Money,
    /// What was posted afterwards.
    pub posted_collateral_after: Money,
    /// What could still be posted afterwards.
    pub available_capacity_after: Money,
}

impl Session {
    /// Returns the payments that arrived on a day, and the parts of those, as they are now; by
    /// number. Empty for a day that has not begun.
    pub fn transactions_of_day(&mut self, day: Day) -> Vec<DayTransaction> {
        self.catch_up();
        let calendar = &self.engine.scenario().calendar;
        let payments = self.told.by_day().payments(day).iter();
        let row = |no: &PaymentNo| {
            let payment = self.told.projection().payment(*no)?;
            Some(self.row(calendar, *no, payment))
        };
        payments.filter_map(row).collect()
    }

    fn row(&self, calendar: &Calendar, no: PaymentNo, payment: &Payment) -> DayTransaction {
        let (told, names) = (&self.told, self.told.projection().names());
        let wait = told.waits().of(no, self.ticks_done()).unwrap_or_default();
        let settlement_tick = payment.settled_at();
        let drop_reason = match payment.place {
            Place::Dropped { reason, .. } => reason.map(DropReason::as_str),
            _ => None,
        };
        DayTransaction {
            tx_id: names.payment(no).into_owned(),
            sender_id: self.id(payment.sender).to_owned(),
            receiver_id: self.id(payment.receiver).to_owned(),
            amount: payment.amount,
            priority: payment.priority,
            is_divisible: payment.divisible,
            arrival_tick: payment.arrival,
            arrival_day: calendar.day_of(payment.arrival),
            deadline_tick: payment.deadline,
            settlement_tick,
            settlement_day: settlement_tick.map(|tick| calendar.day_of(tick)),
            status: Status::of(told, no, payment).in_tables(),
            overdue_since_tick: payment.overdue_since,
            drop_reason,
            amount_settled: settled(told, no, payment),
            queue1_ticks: wait.queue1_ticks,
            queue2_ticks: wait.queue2_ticks,
            total_delay_ticks: settlement_tick.map(|tick| tick.since(payment.arrival)),
            delay_cost: wait.delay.as_f64(),
            parent_tx_id: payment.parent.map(|parent| names.payment(parent).into_owned()),
            split_index: payment.parent.and_then(|parent| told.totals().part_index(no, parent)),
            rtgs_priority: class_in_system(payment),
            rtgs_submission_tick: payment.submitted,
            declared_rtgs_priority: payment.rtgs_priority.as_str(),
        }
    }

    /// Returns what each agent did on a day that is over, in order of the agents; `None` for any
    /// other day.
    ///
    /// The first question folds the run so far, later ones what came since.
    pub fn daily_agent_metrics(&mut self, day: Day) -> Option<&[AgentDay]> {
        for batch in &self.log[self.daily_ticks..] {
            self.daily.observe(batch);
        }
        self.daily_ticks = self.log.len();
        self.daily.day(day)
    }

    /// Returns the collateral that was posted and withdrawn on a day, in order, also what waits for
    /// the coming tick.
    pub fn collateral_events_of_day(&mut self, day: Day) -> Vec<CollateralMove> {
        self.catch_up();
        let moves = self.told.by_day().moves(day).iter();
        moves.filter_map(|moved| self.collateral_move(moved)).collect()
    }

    /// Tells of a move of collateral.
    fn collateral_move(&self, moved: &Moved) -> Option<CollateralMove> {
        let batch = self.log.get(moved.tick.0 as usize).or_else(|| self.waiting_batch())?;
        let (action, (amount, requested_amount), reason, origin) =
            match batch.events().get(moved.event)? {
                Event::CollateralPost(it) => {
                    ("post", (it.amount, it.requested_amount), it.reason, it.origin.as_str())
                }
                Event::CollateralWithdraw(it) => {
                    ("withdraw", (it.amount, it.requested_amount), it.reason, it.origin.as_str())
                }
                Event::CollateralTimerWithdrawn(it) => {
                    ("withdraw", (it.amount, it.requested_amount), it.original_reason, "Timer")
                }
                _ => return None,
            };
        let after = moved.posted;
        Some(CollateralMove {
            agent_id: self.id(moved.agent).to_owned(),
            tick: batch.tick(),
            day: batch.day(),
            action,
            amount,
            requested_amount,
            reason: batch.text_of(reason).to_owned(),
            origin,
            balance_before: moved.balance,
            posted_collateral_before: if action == "post" {
                after - amount
            } else {
                after + amount
            },
            posted_collateral_after: after,
            available_capacity_after: (moved.capacity - after).or_zero(),
        })
    }
}
