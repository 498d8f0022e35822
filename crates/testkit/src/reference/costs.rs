//! Step 12: what the tick cost.

use psim_model::event::CostAccrual;
use psim_model::{
    AgentNo, CostOverflow, DelayCostQueues, Money, Multiplier, PaymentNo, PriorityBand, Tick, Total,
};

use super::Reference;
use super::state::Charge;

impl Reference {
    /// Books each agent's costs of this tick.
    pub(super) fn book_costs(&mut self) -> Result<(), CostOverflow> {
        let costs = self.costs;
        for index in 0..self.accounts.len() {
            let agent = AgentNo::from_index(index);
            let account = &self.accounts[index];
            let parts = [
                costs.overdraft_bps_per_tick.of_bps(account.balance.shortfall())?,
                self.delay_cost(agent)?,
                costs.collateral_cost_per_tick_bps.of_bps(account.posted)?,
                self.penalties_of(agent)?,
                sum(charged_since(self.now, &self.frictions, Some(agent)))?,
                costs.liquidity_cost_per_tick_bps.of_bps(account.allocated)?,
            ];
            if parts == [Money::ZERO; 6] {
                continue;
            }
            let [liquidity, delay, collateral, penalties, friction, opportunity] = parts;
            self.log.push(CostAccrual {
                agent_id: agent,
                liquidity_cost: liquidity,
                delay_cost: delay,
                collateral_cost: collateral,
                penalty_cost: penalties,
                split_friction_cost: friction,
                liquidity_opportunity_cost: opportunity,
                total: sum(parts)?,
            });
        }
        Ok(())
    }

    /// Returns the cost of an agent's waiting payments: exact weights, one rounding.
    fn delay_cost(&self, agent: AgentNo) -> Result<Money, CostOverflow> {
        let mut charged = self.accounts[agent.index()].queue1.clone();
        if self.scenario.rules.delay_cost_queues == DelayCostQueues::Both {
            charged.extend(&self.queue2);
        }
        let mut weighted = Total::ZERO;
        for no in charged {
            let payment = &self.payments[no.index()];
            if payment.sender != agent {
                continue;
            }
            let lateness = if payment.deadline < self.now {
                self.costs.overdue_delay_multiplier
            } else {
                Multiplier::ONE
            };
            let band = PriorityBand::of(payment.priority);
            let urgency = self.costs.priority_delay_multipliers.of(band);
            weighted += lateness.weigh(urgency, payment.amount.into()).ok_or(CostOverflow)?;
        }
        self.costs.delay_cost_per_tick_per_cent.of_weighted(weighted)
    }

    /// Returns an agent's penalties of this tick: for deadlines that passed or were given up, and
    /// at the end of a day for what is due and still waits and for what was given up today.
    fn penalties_of(&self, agent: AgentNo) -> Result<Money, CostOverflow> {
        let at_close = self.end_of_day_penalties()?.into_iter();
        let closing = at_close.filter(|(no, _)| self.payments[no.index()].sender == agent);
        let closing = closing.map(|(_, penalty)| penalty);
        sum(closing.chain(charged_since(self.now, &self.penalties, Some(agent))))
    }

    /// Returns the end-of-day penalties of this tick, by payment number; none within a day.
    pub(super) fn end_of_day_penalties(&self) -> Result<Vec<(PaymentNo, Money)>, CostOverflow> {
        let calendar = self.scenario.calendar;
        let mut penalties = Vec::new();
        if !calendar.is_last_of_day(self.now) {
            return Ok(penalties);
        }
        let morning = calendar.first_tick_of(calendar.day_of(self.now));
        let queued = self.queued_by_number();
        for (index, payment) in self.payments.iter().enumerate() {
            let no = PaymentNo::from_index(index);
            let is_due = queued.contains(&no) && payment.deadline <= self.now;
            let was_given_up = payment.given_up.is_some_and(|tick| tick >= morning);
            if is_due || was_given_up {
                penalties.push((no, self.costs.eod_penalty.on(payment.amount)?));
            }
        }
        Ok(penalties)
    }
}

/// Returns the charges from a tick on, of all agents or of one.
pub(super) fn charged_since(
    since: Tick,
    charges: &[Charge],
    agent: Option<AgentNo>,
) -> impl Iterator<Item = Money> {
    let recent = charges.iter().filter(move |charge| charge.tick >= since);
    let own = recent.filter(move |charge| agent.is_none_or(|agent| charge.agent == agent));
    own.map(|charge| charge.amount)
}

pub(super) fn sum(amounts: impl IntoIterator<Item = Money>) -> Result<Money, CostOverflow> {
    amounts.into_iter().sum::<Total>().to_money().ok_or(CostOverflow)
}
