//! Step 2: the scenario events that are due.

use psim_model::event::{
    CollateralValueChanged, CreditLimitChanged, CutOffChanged, FundsTransferred, Origin,
    OverExtensionCause, ParticipantOutage, ParticipantRecovery, Refusal, RtgsPriority,
    ScenarioEventExecuted, TransferKind,
};
use psim_model::{
    AgentNo, CollateralChange, CostRatesChange, Fraction, Money, ScenarioEvent, Total,
};

use super::Reference;
use super::state::{Flow, Terms};
use super::switches::Switch;

impl Reference {
    /// Executes the scenario's events that are due, in file order.
    pub(super) fn execute_scenario_events(&mut self) {
        let (scenario, now) = (self.scenario.clone(), self.now);
        for scheduled in scenario.events.iter().filter(|s| s.schedule.is_due(now)) {
            let event = &scheduled.event;
            let reason = self.obstacle_to(event);
            let (agent_id, counterparty_id) = event.agents();
            let executed = ScenarioEventExecuted {
                scenario_event_type: event.kind(),
                agent_id,
                counterparty_id,
                details_json: self.log.text(&event.arguments(&scenario.agents)),
                applied: reason.is_none(),
                reason,
            };
            self.log.push(executed);
            if reason.is_none() {
                self.apply(event);
            }
        }
    }

    /// Returns why a scenario event cannot be applied.
    fn obstacle_to(&self, event: &ScenarioEvent) -> Option<Refusal> {
        let refuse = |is_so: bool, refusal| is_so.then_some(refusal);
        match event {
            ScenarioEvent::DirectTransfer { from_agent, amount, .. } => {
                let fits = self.money_would_fit(*from_agent, Total::ZERO, *amount);
                refuse(!fits, Refusal::TooMuchMoney)
            }
            ScenarioEvent::CustomTransactionArrival { .. } => None,
            ScenarioEvent::ScheduledSettlement { from_agent, to_agent, amount } => {
                self.obstacle_to_settlement(&settlement(*from_agent, *to_agent, *amount))
            }
            ScenarioEvent::CreditLimitChange { agent, delta } => {
                let account = &self.accounts[agent.index()];
                self.obstacle_to_credit(*agent, account.unsecured_cap, account.posted, *delta)
            }
            ScenarioEvent::CollateralValueChange { agent, change } => {
                self.obstacle_to_value_change(*agent, *change)
            }
            ScenarioEvent::ParticipantOutage { agent } => {
                refuse(self.accounts[agent.index()].is_out, Refusal::NoChange)
            }
            ScenarioEvent::ParticipantRecovery { agent } => {
                refuse(!self.accounts[agent.index()].is_out, Refusal::NoChange)
            }
            ScenarioEvent::CutOffChange { tick_in_day } => {
                refuse(*tick_in_day == self.cutoff_tick_in_day, Refusal::NoChange)
            }
            ScenarioEvent::CostRateChange { rates } => {
                refuse(rates.applied_to(&self.costs) == self.costs, Refusal::NoChange)
            }
            ScenarioEvent::LsmConfigChange { .. } => self.obstacle_to_switches(&Switch::of(event)),
            ScenarioEvent::LimitChange { agent, limits } => self.refusal_of_limits(*agent, limits),
            ScenarioEvent::PolicyChange { agent, policy } => self.refusal_of_policy(*agent, policy),
            ScenarioEvent::GlobalArrivalRateChange { .. }
            | ScenarioEvent::AgentArrivalRateChange { .. }
            | ScenarioEvent::DeadlineWindowChange { .. }
            | ScenarioEvent::CounterpartyWeightChange { .. } => self.obstacle_to_factor(event),
        }
    }

    fn obstacle_to_settlement(&self, flow: &Flow) -> Option<Refusal> {
        let set = [*flow];
        if self.accounts[flow.sender.index()].is_out {
            Some(Refusal::Outage)
        } else if self.is_closed() {
            Some(Refusal::CutOff)
        } else if !self.is_covered(flow.sender, &set) {
            Some(Refusal::InsufficientLiquidity)
        } else if !self.bilateral_limits_admit(flow.sender, &set) {
            Some(Refusal::BilateralLimit)
        } else if !self.multilateral_limit_admits(flow.sender, &set) {
            Some(Refusal::MultilateralLimit)
        } else {
            None
        }
    }

    /// Returns why one of an agent's two kinds of credit cannot change; `other` stays.
    fn obstacle_to_credit(
        &self,
        agent: AgentNo,
        changing: Money,
        other: Money,
        delta: Money,
    ) -> Option<Refusal> {
        let changed = Total::from(changing) + Total::from(delta);
        if changed < Total::ZERO {
            Some(Refusal::BelowZero)
        } else if !self.money_would_fit(agent, changed + Total::from(other), Money::ZERO) {
            Some(Refusal::TooMuchMoney)
        } else {
            (delta == Money::ZERO).then_some(Refusal::NoChange)
        }
    }

    fn obstacle_to_value_change(
        &self,
        agent: AgentNo,
        change: CollateralChange,
    ) -> Option<Refusal> {
        let account = &self.accounts[agent.index()];
        match change {
            CollateralChange::PostedDelta(delta) => {
                self.obstacle_to_credit(agent, account.posted, account.unsecured_cap, delta)
            }
            CollateralChange::Haircut(haircut) => {
                (haircut == account.haircut).then_some(Refusal::NoChange)
            }
        }
    }

    fn apply(&mut self, event: &ScenarioEvent) {
        match event {
            ScenarioEvent::DirectTransfer { from_agent, to_agent, amount } => {
                self.transfer(*from_agent, *to_agent, *amount);
            }
            ScenarioEvent::CustomTransactionArrival { .. } => self.take_custom_arrival(event),
            ScenarioEvent::ScheduledSettlement { from_agent, to_agent, amount } => {
                let flow = settlement(*from_agent, *to_agent, *amount);
                let before = self.accounts[from_agent.index()].balance;
                self.settle(&[flow]);
                self.say_transferred(&flow, TransferKind::ScheduledSettlement, before);
            }
            ScenarioEvent::CreditLimitChange { agent, delta } => {
                self.change_credit_limit(*agent, *delta);
            }
            ScenarioEvent::CollateralValueChange { agent, change } => {
                self.change_collateral_value(*agent, *change);
            }
            ScenarioEvent::ParticipantOutage { agent } => {
                self.accounts[agent.index()].is_out = true;
                self.changes += 1;
                self.log.push(ParticipantOutage { agent_id: *agent });
            }
            ScenarioEvent::ParticipantRecovery { agent } => {
                self.accounts[agent.index()].is_out = false;
                self.changes += 1;
                self.log.push(ParticipantRecovery { agent_id: *agent });
            }
            ScenarioEvent::CutOffChange { tick_in_day } => {
                self.cutoff_tick_in_day = *tick_in_day;
                self.log.push(CutOffChanged { cutoff_tick_in_day: *tick_in_day });
            }
            ScenarioEvent::CostRateChange { rates } => self.change_costs(rates),
            ScenarioEvent::LsmConfigChange { .. } => self.switch(&Switch::of(event)),
            ScenarioEvent::LimitChange { agent, limits } => self.replace_limits(*agent, limits),
            ScenarioEvent::PolicyChange { agent, policy } => {
                self.replace_policy(*agent, policy, Origin::Scenario);
            }
            ScenarioEvent::GlobalArrivalRateChange { .. }
            | ScenarioEvent::AgentArrivalRateChange { .. }
            | ScenarioEvent::DeadlineWindowChange { .. }
            | ScenarioEvent::CounterpartyWeightChange { .. } => self.apply_factor(event),
        }
    }

    /// Moves balance at once, whatever is available.
    fn transfer(&mut self, from: AgentNo, to: AgentNo, amount: Money) {
        let before = self.accounts[from.index()].balance;
        self.accounts[from.index()].balance -= amount;
        self.accounts[to.index()].balance += amount;
        self.changes += u64::from(amount != Money::ZERO);
        self.transferred += amount;
        let flow = settlement(from, to, amount);
        self.say_transferred(&flow, TransferKind::DirectTransfer, before);
        self.say_if_over_extended(from, OverExtensionCause::DirectTransfer);
    }

    fn say_transferred(&mut self, flow: &Flow, kind: TransferKind, before: Money) {
        self.log.push(FundsTransferred {
            sender_id: flow.sender,
            receiver_id: flow.receiver,
            amount: flow.amount,
            kind,
            sender_balance_before: before,
            sender_balance_after: before - flow.amount,
        });
    }

    fn take_custom_arrival(&mut self, event: &ScenarioEvent) {
        if let ScenarioEvent::CustomTransactionArrival {
            from_agent,
            to_agent,
            amount,
            priority,
            rtgs_priority,
            deadline,
            is_divisible,
        } = *event
        {
            let terms = Terms {
                sender: from_agent,
                receiver: to_agent,
                amount,
                deadline: u64::from(self.now.0) + u64::from(deadline),
                earliest: self.now,
                priority,
                class: rtgs_priority,
                divisible: is_divisible,
            };
            self.arrive(&terms, None);
        }
    }

    fn change_credit_limit(&mut self, agent_id: AgentNo, delta: Money) {
        let before = self.permission(agent_id);
        self.accounts[agent_id.index()].unsecured_cap += delta;
        self.note_credit(agent_id);
        self.note_permission(agent_id, before);
        self.log.push(CreditLimitChanged {
            agent_id,
            unsecured_cap: self.accounts[agent_id.index()].unsecured_cap,
            max_collateral_capacity: self.capacity(agent_id),
        });
        if delta.is_negative() {
            self.say_if_over_extended(agent_id, OverExtensionCause::CreditLimitChange);
        }
    }

    fn change_collateral_value(&mut self, agent_id: AgentNo, change: CollateralChange) {
        let before = self.permission(agent_id);
        let account = &mut self.accounts[agent_id.index()];
        match change {
            CollateralChange::PostedDelta(delta) => account.posted += delta,
            CollateralChange::Haircut(haircut) => account.haircut = haircut,
        }
        let (posted_collateral, collateral_haircut): (Money, Fraction) =
            (account.posted, account.haircut);
        self.note_credit(agent_id);
        self.note_permission(agent_id, before);
        self.log.push(CollateralValueChanged { agent_id, posted_collateral, collateral_haircut });
        if self.permission(agent_id) < before {
            self.say_if_over_extended(agent_id, OverExtensionCause::CollateralValueChange);
        }
    }

    fn change_costs(&mut self, change: &CostRatesChange) {
        let before = self.delay_rates();
        self.costs = change.applied_to(&self.costs);
        let rates = self.delay_rates();
        if rates != before {
            self.log.push(rates);
        }
    }
}

/// Returns what a transfer without a payment moves.
fn settlement(sender: AgentNo, receiver: AgentNo, amount: Money) -> Flow {
    Flow { payment: None, sender, receiver, amount, class: RtgsPriority::Normal }
}
