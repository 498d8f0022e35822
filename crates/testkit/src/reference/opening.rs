//! What the stream opens with, and step 1: the start of a day.

use psim_model::event::{
    AgentOpened, DelayRatesSet, LimitsSet, LiquidityAllocation, NewAgent, PolicyFollowed,
    ReservationsSet, RulesSet, RunStarted,
};
use psim_model::{AgentNo, Fraction, Money, Policy, PriorityBand, Tick};

use super::Reference;

impl Reference {
    /// Before tick 0: the rules, and who takes part with what.
    pub(super) fn open(&mut self) {
        self.log.begin(Tick(0), self.scenario.calendar.day_of(Tick(0)), 0);
        self.say_run_started();
        let rules = self.scenario.rules;
        self.log.push(RulesSet {
            queue1_ordering: rules.queue1_ordering,
            priority_mode: rules.priority_mode,
            deferred_crediting: rules.deferred_crediting,
            limits_basis: rules.limits_basis,
            limits_apply_to: rules.limits_apply_to,
        });
        self.log.push(self.delay_rates());
        let scenario = self.scenario.clone();
        let agents = || (0..).map(AgentNo::from_index).zip(&scenario.agents);
        for (no, agent) in agents() {
            let opened = AgentOpened {
                agent_id: NewAgent { no, id: self.log.text(&agent.id) },
                opening_balance: agent.opening_balance,
                unsecured_cap: agent.unsecured_cap,
                posted_collateral: agent.posted_collateral,
                collateral_haircut: agent.collateral_haircut,
                max_collateral_capacity: agent.collateral_capacity(agent.unsecured_cap),
                liquidity_pool: agent.liquidity_pool.map_or(Money::ZERO, |pool| pool.amount),
            };
            self.log.push(opened);
        }
        for (no, _) in agents().filter(|(_, agent)| !agent.limits.is_empty()) {
            self.say_limits(no);
        }
        for (agent_id, agent) in agents() {
            let kept = agent.reservations;
            if kept.highly_urgent.is_positive() || kept.urgent.is_positive() {
                let (highly_urgent, urgent) = (kept.highly_urgent, kept.urgent);
                self.log.push(ReservationsSet { agent_id, highly_urgent, urgent });
            }
        }
        self.say_policies();
    }

    /// Says which policies are followed, in order of the first agent that follows one.
    fn say_policies(&mut self) {
        let mut said = vec![Policy::fifo()];
        let agents = self.scenario.clone();
        for agent in &agents.agents {
            let policy = &agent.policy;
            if said.contains(policy) {
                continue;
            }
            said.push(policy.clone());
            let all = (0..).map(AgentNo::from_index).zip(&agents.agents);
            let followers = all.filter(|(_, other)| other.policy == *policy).map(|(no, _)| no);
            let followed = PolicyFollowed {
                policy: self.log.text(policy.id()),
                document: self.log.text(policy.text()),
                agents: self.log.agents(followers),
            };
            self.log.push(followed);
        }
    }

    fn say_run_started(&mut self) {
        let scenario = self.scenario.clone();
        let clock = scenario.calendar.clock();
        let started = RunStarted {
            rng_seed: scenario.rng_seed,
            version: self.log.text(&self.version),
            scenario_hash: self.log.text(&scenario.fingerprint().to_string()),
            ticks_per_day: scenario.calendar.ticks_per_day(),
            num_days: scenario.calendar.num_days(),
            opens_at_seconds: clock.map(|clock| clock.opens_at_seconds),
            tick_seconds: clock.map(|clock| clock.tick_seconds),
            currency: self.log.text(&scenario.currency.code),
            currency_decimals: scenario.currency.decimals,
        };
        self.log.push(started);
    }

    /// Returns what delay costs now.
    pub(super) fn delay_rates(&self) -> DelayRatesSet {
        let urgency = |band| self.costs.priority_delay_multipliers.of(band);
        DelayRatesSet {
            delay_cost_per_tick_per_cent: self.costs.delay_cost_per_tick_per_cent,
            overdue_delay_multiplier: self.costs.overdue_delay_multiplier,
            urgent_multiplier: urgency(PriorityBand::Urgent),
            normal_multiplier: urgency(PriorityBand::Normal),
            low_multiplier: urgency(PriorityBand::Low),
            delay_cost_queues: self.scenario.rules.delay_cost_queues,
        }
    }

    /// Says an agent's limits as they are now.
    pub(super) fn say_limits(&mut self, agent_id: AgentNo) {
        let limits = &self.accounts[agent_id.index()].limits;
        let set = LimitsSet {
            agent_id,
            multilateral_limit: limits.multilateral,
            counterparties: self.log.agents(limits.bilateral.iter().map(|(agent, _)| *agent)),
            bilateral_limits: self.log.amounts(limits.bilateral.iter().map(|(_, limit)| *limit)),
        };
        self.log.push(set);
    }

    /// Step 1: each morning limits and cut-off begin anew, and pools are brought in.
    pub(super) fn start_day(&mut self) {
        if !self.scenario.calendar.is_first_of_day(self.now) {
            return;
        }
        self.settled_today.clear();
        self.count_left_over();
        self.cutoff_tick_in_day = self.scenario.rules.cutoff_tick_in_day;
        // What was used of limits is free again.
        if self.accounts.iter().any(|account| !account.limits.is_empty()) {
            self.changes += 1;
        }
        if self.now == Tick(0) || self.scenario.rules.daily_liquidity_reallocation {
            self.bring_in_pools();
        }
    }

    /// Adds up what each agent has in both queues from the days before.
    fn count_left_over(&mut self) {
        let queued = self.queued_by_number();
        for index in 0..self.accounts.len() {
            let payments = queued.iter().map(|no| &self.payments[no.index()]);
            let own = payments.filter(|payment| payment.sender.index() == index);
            let older = own.filter(|payment| payment.arrived < self.now);
            self.accounts[index].left_over = older.map(|payment| payment.amount).sum();
        }
    }

    fn bring_in_pools(&mut self) {
        for (index, agent) in self.scenario.agents.iter().enumerate() {
            let Some(pool) = agent.liquidity_pool else { continue };
            let account = &mut self.accounts[index];
            let parameter = account.policy.document().parameter("initial_liquidity_fraction");
            let written = parameter.map(|number| number.to_string().parse::<Fraction>());
            let of_policy = written.map(|fraction| fraction.expect("Invariant: it is a share"));
            let fraction = pool.fraction.or(of_policy).unwrap_or(Fraction::ONE);
            let amount = fraction.floor_of(pool.amount);
            account.balance += amount;
            self.changes += u64::from(amount != Money::ZERO);
            account.allocated = amount;
            self.log.push(LiquidityAllocation {
                agent_id: AgentNo::from_index(index),
                fraction,
                amount,
                balance_after: account.balance,
            });
        }
    }
}
