//! Costs: the one booking event is the sum of its parts, and every penalty and every
//! split in it is explained.

use psim_model::event::{CostAccrual, EndOfDay};
use psim_model::{AgentNo, Money, Total};

use super::{Verdict, ensure};

/// What agents owe and what was booked.
#[derive(Debug, Default)]
pub(super) struct Charges {
    /// Penalties of this tick that an event has named, by agent.
    owed: Vec<Total>,
    /// Penalties of this tick in `CostAccrual`, by agent, once there was one.
    booked: Vec<Option<Money>>,
    /// Costs of splitting in this tick that an event has named, by agent.
    friction_owed: Vec<Total>,
    /// Costs of splitting of this tick in `CostAccrual`, by agent.
    friction_booked: Vec<Total>,
    /// All penalties booked today before this tick.
    earlier_today: Total,
    last_booked: Option<AgentNo>,
}

impl Charges {
    pub(super) fn begin_tick(&mut self, agents: usize, is_morning: bool) {
        if is_morning {
            self.earlier_today = Total::ZERO;
        }
        self.owed = vec![Total::ZERO; agents];
        self.booked = vec![None; agents];
        self.friction_owed = vec![Total::ZERO; agents];
        self.friction_booked = vec![Total::ZERO; agents];
        self.last_booked = None;
    }

    pub(super) fn owe(&mut self, agent: AgentNo, penalty: Money) -> Verdict {
        ensure(!penalty.is_negative(), "a penalty is not negative")?;
        *self.owed.get_mut(agent.index()).ok_or("events name known agents")? += penalty;
        Ok(())
    }

    pub(super) fn owe_friction(&mut self, agent: AgentNo, cost: Money) -> Verdict {
        ensure(!cost.is_negative(), "a cost is not negative")?;
        *self.friction_owed.get_mut(agent.index()).ok_or("events name known agents")? += cost;
        Ok(())
    }

    pub(super) fn book(&mut self, event: &CostAccrual) -> Verdict {
        let parts = [
            event.liquidity_cost,
            event.delay_cost,
            event.collateral_cost,
            event.penalty_cost,
            event.split_friction_cost,
            event.liquidity_opportunity_cost,
        ];
        ensure(!parts.iter().any(|part| part.is_negative()), "a cost is not negative")?;
        let sum: Total = parts.into_iter().sum();
        ensure(sum == event.total.into(), "a cost is the sum of its parts")?;
        ensure(event.total.is_positive(), "no cost, no event")?;
        ensure(self.last_booked < Some(event.agent_id), "costs are booked once, in agent order")?;
        self.last_booked = Some(event.agent_id);
        let booked = self.booked.get_mut(event.agent_id.index());
        *booked.ok_or("events name known agents")? = Some(event.penalty_cost);
        self.friction_booked[event.agent_id.index()] += event.split_friction_cost;
        Ok(())
    }

    pub(super) fn close_day(&self, event: &EndOfDay) -> Verdict {
        let today = self.earlier_today + self.booked_now();
        ensure(today == event.total_penalties.into(), "a day's penalties are those booked")
    }

    pub(super) fn finish_tick(&mut self) -> Verdict {
        let mut agents = self.owed.iter().zip(&self.booked);
        let explained =
            agents.all(|(owed, booked)| *owed == Total::from(booked.unwrap_or(Money::ZERO)));
        ensure(explained, "every penalty is booked and every booked penalty explained")?;
        let friction_is = self.friction_owed == self.friction_booked;
        ensure(friction_is, "every split is booked and every booked split explained")?;
        self.earlier_today += self.booked_now();
        Ok(())
    }

    fn booked_now(&self) -> Total {
        self.booked.iter().flatten().copied().sum()
    }
}
