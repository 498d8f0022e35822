//! Step 12: what the tick cost, and the end of days and of the run.

use psim_model::event::{
    AgentOverExtended, CostAccrual, DropReason, EndOfDay, EndOfDayPenalty, LiquidityReturn,
    OverExtensionCause, PolicyDrop, RunEnded,
};
use psim_model::{
    AgentNo, CostOverflow, DelayCostQueues, Money, Multiplier, PaymentNo, PriorityBand, Tick, Total,
};

use super::Reference;

impl Reference {
    /// Books each agent's costs of this tick.
    pub(super) fn book_costs(&mut self) -> Result<(), CostOverflow> {
        let costs = self.scenario.costs;
        for index in 0..self.accounts.len() {
            let agent = AgentNo::from_index(index);
            let account = &self.accounts[index];
            let posted = self.scenario.agents[index].posted_collateral;
            let parts = [
                costs.overdraft_bps_per_tick.of_bps(account.balance.shortfall())?,
                self.delay_cost(agent)?,
                costs.collateral_cost_per_tick_bps.of_bps(posted)?,
                self.penalties_of(agent)?,
                costs.liquidity_cost_per_tick_bps.of_bps(account.allocated)?,
            ];
            if parts == [Money::ZERO; 5] {
                continue;
            }
            let [liquidity_cost, delay_cost, collateral_cost, penalty_cost, opportunity] = parts;
            self.log.push(CostAccrual {
                agent_id: agent,
                liquidity_cost,
                delay_cost,
                collateral_cost,
                penalty_cost,
                split_friction_cost: Money::ZERO,
                liquidity_opportunity_cost: opportunity,
                total: sum(parts)?,
            });
        }
        Ok(())
    }

    /// Returns the cost of an agent's waiting payments: exact weights, one rounding.
    fn delay_cost(&self, agent: AgentNo) -> Result<Money, CostOverflow> {
        let costs = self.scenario.costs;
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
                costs.overdue_delay_multiplier
            } else {
                Multiplier::ONE
            };
            let urgency = costs.priority_delay_multipliers.of(PriorityBand::of(payment.priority));
            weighted += lateness.weigh(urgency, payment.amount.into()).ok_or(CostOverflow)?;
        }
        costs.delay_cost_per_tick_per_cent.of_weighted(weighted)
    }

    /// Returns an agent's penalties of this tick: for deadlines that passed, even of payments
    /// that have settled since, and at the end of a day for what is due and still waits.
    fn penalties_of(&self, agent: AgentNo) -> Result<Money, CostOverflow> {
        let at_close = self.end_of_day_penalties()?.into_iter();
        let closing = at_close.filter(|(no, _)| self.payments[no.index()].sender == agent);
        let passing = self.deadline_penalties_from(self.now);
        let passing = passing.into_iter().filter(|(payer, _)| *payer == agent);
        sum(closing.map(|(_, penalty)| penalty).chain(passing.map(|(_, penalty)| penalty)))
    }

    /// Returns who paid which deadline penalty from tick `since` on.
    fn deadline_penalties_from(&self, since: Tick) -> Vec<(AgentNo, Money)> {
        let overdue = self.payments.iter().filter(|payment| payment.deadline.next() >= since);
        overdue.filter_map(|payment| Some((payment.sender, payment.deadline_penalty?))).collect()
    }

    /// Returns the end-of-day penalties of this tick, by payment number; none within a day.
    fn end_of_day_penalties(&self) -> Result<Vec<(PaymentNo, Money)>, CostOverflow> {
        let mut penalties = Vec::new();
        if self.scenario.calendar.is_last_of_day(self.now) {
            for no in self.queued_by_number() {
                let payment = &self.payments[no.index()];
                if payment.deadline <= self.now {
                    penalties.push((no, self.scenario.costs.eod_penalty.on(payment.amount)?));
                }
            }
        }
        Ok(penalties)
    }

    /// On the last tick of a day, after the costs.
    pub(super) fn close_day(&mut self) -> Result<(), CostOverflow> {
        let calendar = self.scenario.calendar;
        let penalties = self.end_of_day_penalties()?;
        for (no, amount) in &penalties {
            if *amount != Money::ZERO {
                let agent_id = self.payments[no.index()].sender;
                self.log.push(EndOfDayPenalty { tx_id: *no, agent_id, amount: *amount });
            }
        }
        let morning = calendar.first_tick_of(calendar.day_of(self.now));
        let passing = self.deadline_penalties_from(morning).into_iter();
        let closing = penalties.into_iter().map(|(_, penalty)| penalty);
        self.log.push(EndOfDay {
            unsettled_count: self.unsettled_count(),
            total_penalties: sum(closing.chain(passing.map(|(_, penalty)| penalty)))?,
        });
        if self.scenario.rules.daily_liquidity_reallocation {
            self.return_pools();
        }
        if self.cancels_at_end_of_day() {
            self.cancel_unsettled();
        }
        Ok(())
    }

    fn return_pools(&mut self) {
        for index in 0..self.accounts.len() {
            let agent_id = AgentNo::from_index(index);
            let account = &mut self.accounts[index];
            let amount = std::mem::take(&mut account.allocated);
            if !amount.is_positive() {
                continue;
            }
            account.balance -= amount;
            let balance_after = account.balance;
            self.log.push(LiquidityReturn { agent_id, amount, balance_after });
            let shortfall = balance_after.shortfall() - self.permission(agent_id);
            if shortfall.is_positive() {
                let cause = OverExtensionCause::LiquidityReturn;
                self.log.push(AgentOverExtended { agent_id, shortfall, cause });
            }
        }
    }

    fn cancel_unsettled(&mut self) {
        for no in self.queued_by_number() {
            let agent_id = self.payments[no.index()].sender;
            self.log.push(PolicyDrop { tx_id: no, agent_id, reason: DropReason::Closed });
        }
        self.queue2.clear();
        for account in &mut self.accounts {
            account.queue1.clear();
        }
    }

    /// After the last tick of the run.
    pub(super) fn end_run(&mut self) {
        self.log.push(RunEnded { unsettled_count: self.unsettled_count() });
    }

    fn unsettled_count(&self) -> u32 {
        let count = self.queued_by_number().len();
        u32::try_from(count).expect("Invariant: payments are numbered in 32 bits")
    }
}

fn sum(amounts: impl IntoIterator<Item = Money>) -> Result<Money, CostOverflow> {
    amounts.into_iter().sum::<Total>().to_money().ok_or(CostOverflow)
}
