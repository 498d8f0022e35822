//! The soundness of limits, scheduled events and instructions.

use rustc_hash::FxHashMap;

use super::{fault, is_weight};
use crate::{
    AgentNo, CollateralChange, Instruction, Limits, MAX_ID_CHARS, Money, PaymentAction, PaymentRef,
    Penalty, Policy, Scenario, ScenarioEvent, ScenarioFault, Schedule, Submission, agent_called,
    id_fits,
};

/// What is wrong, in words.
type Problem = Result<(), &'static str>;

const LONG_ID: &str = "an id has at most 256 characters";
const _: () = assert!(MAX_ID_CHARS == 256, "`LONG_ID` says another number");

fn ensure(holds: bool, rule: &'static str) -> Problem {
    if holds { Ok(()) } else { Err(rule) }
}

impl Scenario {
    pub(super) fn check_interventions(&self) -> Result<(), ScenarioFault> {
        for (index, scheduled) in self.events.iter().enumerate() {
            let sound = self.check_schedule(scheduled.schedule);
            if let Err(problem) = sound.and_then(|()| self.check_event(&scheduled.event)) {
                return fault(format!("scenario event {index}: {problem}"));
            }
        }
        if !self.instructions.is_sorted_by_key(|scheduled| scheduled.tick) {
            return fault("instructions must ascend by tick");
        }
        for (index, scheduled) in self.instructions.iter().enumerate() {
            let in_time = scheduled.tick <= self.calendar.last_tick();
            let sound = ensure(in_time, "its tick lies beyond the run");
            let sound = sound.and_then(|()| self.check_instruction(&scheduled.instruction));
            if let Err(problem) = sound {
                return fault(format!("instruction {index}: {problem}"));
            }
        }
        Ok(())
    }

    /// Checks the limits of an agent.
    pub(super) fn check_limits(&self, agent: AgentNo, limits: &Limits) -> Problem {
        let amounts = limits.bilateral.iter().map(|(_, limit)| *limit).chain(limits.multilateral);
        ensure(!amounts.into_iter().any(Money::is_negative), "a limit is negative")?;
        let ascend = limits.bilateral.is_sorted_by(|a, b| a.0 < b.0);
        ensure(ascend, "bilateral limits ascend by receiver, each once")?;
        let known = |(receiver, _): &(AgentNo, Money)| {
            *receiver != agent && receiver.index() < self.agents.len()
        };
        ensure(limits.bilateral.iter().all(known), "a limit is for another agent")
    }

    fn check_schedule(&self, schedule: Schedule) -> Problem {
        let in_time = schedule.first() <= self.calendar.last_tick();
        ensure(in_time, "it is scheduled beyond the run")?;
        match schedule {
            Schedule::OneTime { .. } => Ok(()),
            Schedule::Repeating { start_tick, interval, end_tick } => {
                ensure(interval > 0, "an interval is at least 1")?;
                ensure(end_tick.is_none_or(|end| end >= start_tick), "it ends before it begins")
            }
        }
    }

    fn check_event(&self, event: &ScenarioEvent) -> Problem {
        let (agent, counterparty) = event.agents();
        let known = |agent: AgentNo| agent.index() < self.agents.len();
        ensure(agent.into_iter().chain(counterparty).all(known), "it names an unknown agent")?;
        ensure(agent.is_none() || agent != counterparty, "an agent cannot pay itself")?;
        match event {
            ScenarioEvent::DirectTransfer { amount, .. }
            | ScenarioEvent::ScheduledSettlement { amount, .. } => {
                ensure(amount.is_positive(), "an amount is positive")
            }
            ScenarioEvent::CustomTransactionArrival { amount, deadline, .. } => {
                ensure(amount.is_positive(), "an amount is positive")?;
                ensure(*deadline > 0, "a deadline is at least one tick away")
            }
            ScenarioEvent::GlobalArrivalRateChange { multiplier }
            | ScenarioEvent::AgentArrivalRateChange { multiplier, .. } => {
                ensure(is_weight(*multiplier), "a multiplier is finite and not negative")
            }
            ScenarioEvent::CounterpartyWeightChange { new_weight, .. } => {
                ensure(is_weight(*new_weight), "a weight is finite and not negative")
            }
            ScenarioEvent::DeadlineWindowChange { min_ticks_multiplier, max_ticks_multiplier } => {
                let mut given = min_ticks_multiplier.iter().chain(max_ticks_multiplier);
                let sound = given.all(|factor| factor.is_finite() && *factor > 0.0);
                ensure(sound, "a multiplier is finite and positive")
            }
            ScenarioEvent::CutOffChange { tick_in_day } => {
                let in_day = *tick_in_day < self.calendar.ticks_per_day();
                ensure(in_day, "the cut-off lies outside the day")
            }
            ScenarioEvent::CostRateChange { rates } => {
                let is_negative = |penalty| match penalty {
                    Some(Penalty::Fixed(charge)) => charge.is_negative(),
                    _ => false,
                };
                let friction = rates.split_friction_cost.is_some_and(Money::is_negative);
                let sound = !is_negative(rates.eod_penalty) && !is_negative(rates.deadline_penalty);
                ensure(sound && !friction, "a penalty or a friction cost is negative")
            }
            ScenarioEvent::LimitChange { agent, limits } => self.check_limits(*agent, limits),
            ScenarioEvent::CreditLimitChange { .. }
            | ScenarioEvent::CollateralValueChange {
                change: CollateralChange::PostedDelta(_) | CollateralChange::Haircut(_),
                ..
            }
            | ScenarioEvent::ParticipantOutage { .. }
            | ScenarioEvent::ParticipantRecovery { .. }
            | ScenarioEvent::LsmConfigChange { .. } => Ok(()),
            ScenarioEvent::PolicyChange { policy, .. } => self.check_policy(policy),
        }
    }

    /// Checks what an instruction asks for, by itself; the state it meets may still refuse it.
    ///
    /// # Errors
    ///
    /// What is wrong with it, in words.
    pub fn check_instruction(&self, instruction: &Instruction) -> Result<(), &'static str> {
        let known = |agent: AgentNo| agent.index() < self.agents.len();
        ensure(instruction.agent().is_none_or(known), "it names an unknown agent")?;
        match instruction {
            Instruction::SubmitTransaction(submission) => self.check_submission(submission),
            Instruction::SetLimits { agent, limits } => self.check_limits(*agent, limits),
            Instruction::PostCollateral { amount, auto_withdraw_after_ticks: timer, .. } => {
                ensure(amount.is_positive(), "an amount is positive")?;
                ensure(*timer != Some(0), "collateral is posted for at least one tick")
            }
            Instruction::WithdrawCollateral { amount, .. } => {
                ensure(amount.is_positive(), "an amount is positive")
            }
            Instruction::SetReleaseBudget { budget, .. } => {
                let caps = [Some(budget.max_value_to_release), budget.max_per_counterparty];
                let negative = caps.into_iter().flatten().any(Money::is_negative);
                ensure(!negative, "a budget is not negative")?;
                let focus = budget.focus_counterparties.as_deref().unwrap_or_default();
                let sound = focus.is_sorted_by(|a, b| a < b) && focus.iter().copied().all(known);
                ensure(sound, "a focus list ascends and names known agents")
            }
            Instruction::Decide { actions, .. } => check_actions(actions),
            Instruction::UpdateAgentPolicy { policy, .. } => self.check_policy(policy),
            Instruction::WithdrawFromRtgs { .. } | Instruction::ResubmitToRtgs { .. } => Ok(()),
        }
    }

    /// Checks that the agents that a policy names take part.
    pub(super) fn check_policy(&self, policy: &Policy) -> Problem {
        let known = |id: &String| agent_called(&self.agents, id).is_some();
        let named = policy.focus_lists().iter().flatten();
        ensure(named.into_iter().all(known), "its policy names an unknown agent")
    }

    fn check_submission(&self, submission: &Submission) -> Problem {
        let known = submission.receiver.index() < self.agents.len();
        ensure(known, "it names an unknown agent")?;
        ensure(submission.sender != submission.receiver, "an agent cannot pay itself")?;
        ensure(submission.amount.is_positive(), "an amount is positive")?;
        let is_sound = |id: &String| !id.trim().is_empty() && !id.chars().any(char::is_control);
        let sound = submission.id.as_ref().is_none_or(is_sound);
        ensure(sound, "an id is not blank and has no control characters")?;
        let fits = submission.id.as_ref().is_none_or(|id| id_fits(id));
        ensure(fits, LONG_ID)
    }

    /// Visits the ids that instructions give to payments.
    pub fn submitted_ids(&self) -> impl Iterator<Item = &str> {
        self.instructions.iter().filter_map(|scheduled| match &scheduled.instruction {
            Instruction::SubmitTransaction(submission) => submission.id.as_deref(),
            _ => None,
        })
    }

    /// Returns whether policies, events or instructions may create payments that are given no id.
    pub(super) fn creates_payments(&self) -> bool {
        self.agents.iter().any(|agent| agent.policy.most_parts() > 0)
            || self.events.iter().any(|it| it.event.creates_payments())
            || self.instructions.iter().any(|it| it.instruction.creates_payments())
    }

    /// Visits the ids by which instructions mean payments.
    pub fn ids_referred_to(&self) -> impl Iterator<Item = &str> {
        self.instructions.iter().filter_map(|scheduled| match scheduled.instruction.payment()? {
            PaymentRef::Id(id) => Some(id.as_str()),
            PaymentRef::Number(_) => None,
        })
    }

    /// Returns the most that scheduled events may multiply rates by.
    pub fn highest_scheduled_factors(&self) -> ScheduledFactors {
        let mut factors = ScheduledFactors { all: 1.0, own: FxHashMap::default() };
        for scheduled in &self.events {
            match scheduled.event {
                ScenarioEvent::GlobalArrivalRateChange { multiplier } => {
                    factors.all = factors.all.max(multiplier);
                }
                ScenarioEvent::AgentArrivalRateChange { agent, multiplier } => {
                    let own = factors.own.entry(agent).or_insert(1.0);
                    *own = own.max(multiplier);
                }
                _ => {}
            }
        }
        factors
    }
}

/// The most that scheduled events may multiply arrival rates by.
#[derive(Clone, Debug)]
pub struct ScheduledFactors {
    /// Those of all agents.
    all: f64,
    /// Those of one agent.
    own: FxHashMap<AgentNo, f64>,
}

impl ScheduledFactors {
    /// Returns the most for an agent, at least 1.
    pub fn of(&self, agent: AgentNo) -> f64 {
        self.all * self.own.get(&agent).copied().unwrap_or(1.0)
    }
}

/// Refuses what no decision about a payment can be.
///
/// # Errors
///
/// What is wrong with them, in words.
pub fn check_actions(actions: &[PaymentAction]) -> Result<(), &'static str> {
    let Some((_, before)) = actions.split_last() else {
        return Err("a decision has at least one action");
    };
    let in_order = before.iter().all(|action| matches!(action, PaymentAction::Reprioritize { .. }));
    ensure(in_order, "only `Reprioritize` can come before another action")?;
    for action in actions {
        match action {
            PaymentAction::Split { num_splits } => {
                ensure(*num_splits >= 2, "a split has at least two parts")?;
            }
            PaymentAction::StaggerSplit {
                num_splits,
                stagger_first_now,
                stagger_gap_ticks,
                priority_boost_children: _,
            } => {
                ensure(*num_splits >= 2, "a split has at least two parts")?;
                ensure(stagger_first_now <= num_splits, "no more parts go now than there are")?;
                ensure(*stagger_gap_ticks >= 1, "a gap is at least one tick")?;
            }
            PaymentAction::Reprioritize { .. }
            | PaymentAction::Release { .. }
            | PaymentAction::Hold
            | PaymentAction::Drop
            | PaymentAction::WithdrawFromRtgs
            | PaymentAction::ResubmitToRtgs { .. } => {}
        }
    }
    Ok(())
}
