//! What is looked up by day: which payments arrived on it, and how collateral moved.

use psim_model::event::{Event, EventBatch};
use psim_model::{AgentNo, Calendar, Day, Money, PaymentNo, Tick};
use psim_view::Projection;

/// Places of what happened on each day, taken in as it happens.
#[derive(Clone, Debug, Default)]
pub(super) struct ByDay {
    /// By day of arrival, in order; parts arrived with the payment that was split.
    payments: Vec<Vec<PaymentNo>>,
    /// Payments taken in.
    known: usize,
    /// In order.
    moves: Vec<Moved>,
}

/// A move of collateral: the place of its event, and how its agent stood afterwards.
#[derive(Clone, Copy, Debug)]
pub(super) struct Moved {
    day: Day,
    pub(super) tick: Tick,
    /// Which event of its tick it is.
    pub(super) event: usize,
    pub(super) agent: AgentNo,
    pub(super) balance: Money,
    pub(super) posted: Money,
    pub(super) capacity: Money,
}

impl ByDay {
    /// Takes in an event of which the projection knows already.
    pub(super) fn after(
        &mut self,
        batch: &EventBatch,
        (index, event): (usize, &Event),
        projection: &Projection,
    ) {
        let agent = match event {
            Event::CollateralPost(moved) => moved.agent_id,
            Event::CollateralWithdraw(moved) => moved.agent_id,
            Event::CollateralTimerWithdrawn(moved) => moved.agent_id,
            _ => return,
        };
        let Some(state) = projection.agent(agent) else { return };
        self.moves.push(Moved {
            day: batch.day(),
            tick: batch.tick(),
            event: index,
            agent,
            balance: state.balance,
            posted: state.posted_collateral,
            capacity: state.max_collateral_capacity,
        });
    }

    /// Takes in the payments that are new.
    pub(super) fn sort_in(&mut self, calendar: &Calendar, projection: &Projection) {
        let payments = projection.payments();
        for (index, payment) in payments.iter().enumerate().skip(self.known) {
            let day = calendar.day_of(payment.arrival).0 as usize;
            if self.payments.len() <= day {
                self.payments.resize_with(day + 1, Vec::new);
            }
            self.payments[day].push(PaymentNo::from_index(index));
        }
        self.known = payments.len();
    }

    /// Returns the payments that arrived on a day, by number.
    pub(super) fn payments(&self, day: Day) -> &[PaymentNo] {
        self.payments.get(day.0 as usize).map_or(&[], Vec::as_slice)
    }

    /// Returns how collateral moved on a day, in order.
    pub(super) fn moves(&self, day: Day) -> &[Moved] {
        let from = self.moves.partition_point(|moved| moved.day < day);
        let to = self.moves.partition_point(|moved| moved.day <= day);
        &self.moves[from..to]
    }
}
