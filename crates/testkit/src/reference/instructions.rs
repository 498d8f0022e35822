//! What is asked for between ticks.

use psim_model::event::{BankBudgetSet, InstructionGiven, Origin, PolicyReplaced, Refusal};
use psim_model::{
    AgentNo, Instruction, Limits, Money, PaymentNo, PaymentRef, Policy, ReleaseBudget,
    ScheduledInstruction, Submission, Total, is_own_id,
};

use super::Reference;
use super::state::Terms;

impl Reference {
    /// Carries out the scenario's instructions for this tick, in file order.
    pub(super) fn take_scheduled_instructions(&mut self) {
        let (scenario, now) = (self.scenario.clone(), self.now);
        for scheduled in scenario.instructions.iter().filter(|s| s.tick == now) {
            let refusal = self.refusal_of(&scheduled.instruction);
            self.say_given(&scheduled.instruction, Origin::Scenario, refusal);
            if refusal.is_none() {
                self.carry_out(&scheduled.instruction, Origin::Scenario);
            }
        }
    }

    /// Carries out a call between ticks, or leaves everything as it is.
    pub(super) fn take_call(&mut self, instruction: &Instruction) -> Result<(), Refusal> {
        if self.takes_a_planned_id(instruction) {
            return Err(Refusal::IdInUse);
        }
        if let Some(refusal) = self.refusal_of(instruction) {
            return Err(refusal);
        }
        self.say_given(instruction, Origin::Api, None);
        self.carry_out(instruction, Origin::Api);
        Ok(())
    }

    fn say_given(&mut self, instruction: &Instruction, origin: Origin, refusal: Option<Refusal>) {
        let tx_id = instruction.payment().and_then(|payment| self.payment_meant(payment));
        let given = InstructionGiven {
            origin,
            instruction_type: instruction.kind(),
            agent_id: instruction.agent(),
            tx_id,
            arguments: self.log.text(&instruction.arguments(&self.scenario.agents)),
            refusal,
        };
        self.log.push(given);
    }

    /// Returns why an instruction cannot be carried out.
    fn refusal_of(&self, instruction: &Instruction) -> Option<Refusal> {
        match instruction {
            Instruction::SubmitTransaction(submission) => self.refusal_of_submission(submission),
            Instruction::SetLimits { agent, limits } => self.refusal_of_limits(*agent, limits),
            Instruction::UpdateAgentPolicy { agent, policy } => {
                self.refusal_of_policy(*agent, policy)
            }
            Instruction::PostCollateral { agent, amount, .. } => {
                self.refusal_of_posting(*agent, *amount)
            }
            Instruction::WithdrawCollateral { agent, amount, .. } => {
                self.refusal_of_withdrawal(*agent, *amount)
            }
            Instruction::SetReleaseBudget { .. } => None,
            Instruction::WithdrawFromRtgs { payment }
            | Instruction::ResubmitToRtgs { payment, .. }
            | Instruction::Decide { payment, .. } => match self.payment_meant(payment) {
                Some(no) => self.refusal_about(no, instruction),
                None => Some(Refusal::UnknownPayment),
            },
        }
    }

    fn refusal_about(&self, no: PaymentNo, instruction: &Instruction) -> Option<Refusal> {
        let payment = &self.payments[no.index()];
        let in_queue1 = self.accounts[payment.sender.index()].queue1.contains(&no);
        let in_queue2 = self.queue2.contains(&no);
        match instruction {
            Instruction::WithdrawFromRtgs { .. } => (!in_queue2).then_some(Refusal::NotInQueue2),
            _ if !in_queue1 && !in_queue2 => Some(Refusal::NotWaiting),
            Instruction::ResubmitToRtgs { rtgs_priority, .. } => {
                let is_so = in_queue1 && payment.class == *rtgs_priority;
                is_so.then_some(Refusal::NoChange)
            }
            _ => payment.release_at.map(|_| Refusal::AwaitsItsTime),
        }
    }

    fn refusal_of_submission(&self, submission: &Submission) -> Option<Refusal> {
        let id = submission.id.as_deref();
        if id.is_some_and(|id| self.payment_called(id).is_some()) {
            Some(Refusal::IdInUse)
        } else if submission.deadline_tick < self.now {
            Some(Refusal::DeadlinePassed)
        } else if submission.deadline_tick == self.now {
            // Who comes in the last tick of a day may still be on time.
            let is_last = (self.now.0 + 1).is_multiple_of(self.scenario.calendar.ticks_per_day());
            (!is_last).then_some(Refusal::DeadlinePassed)
        } else {
            None
        }
    }

    /// Returns whether a payment is to be given an id that will be that of another.
    fn takes_a_planned_id(&self, instruction: &Instruction) -> bool {
        let Instruction::SubmitTransaction(Submission { id: Some(id), .. }) = instruction else {
            return false;
        };
        let is_planned = |scheduled: &ScheduledInstruction| match &scheduled.instruction {
            Instruction::SubmitTransaction(other) => other.id.as_ref() == Some(id),
            _ => false,
        };
        is_own_id(id)
            || self.scenario.payments.ids.iter().any(|given| given == id)
            || self.scenario.instructions.iter().any(is_planned)
    }

    /// Returns why an agent's limits cannot be replaced.
    pub(super) fn refusal_of_limits(&self, agent: AgentNo, limits: &Limits) -> Option<Refusal> {
        (self.accounts[agent.index()].limits == *limits).then_some(Refusal::NoChange)
    }

    /// Returns why an agent's policy cannot be replaced.
    pub(super) fn refusal_of_policy(&self, agent: AgentNo, policy: &Policy) -> Option<Refusal> {
        (self.accounts[agent.index()].policy == *policy).then_some(Refusal::NoChange)
    }

    /// Returns why an agent cannot post collateral.
    pub(super) fn refusal_of_posting(&self, agent: AgentNo, requested: Money) -> Option<Refusal> {
        let account = &self.accounts[agent.index()];
        let amount = self.postable(agent, requested);
        let credit = [account.unsecured_cap, account.posted, amount].into_iter().sum::<Total>();
        if amount == Money::ZERO {
            Some(Refusal::NothingToMove)
        } else if !self.money_would_fit(agent, credit, Money::ZERO) {
            Some(Refusal::TooMuchMoney)
        } else {
            None
        }
    }

    /// Returns why an agent cannot withdraw collateral.
    pub(super) fn refusal_of_withdrawal(
        &self,
        agent: AgentNo,
        requested: Money,
    ) -> Option<Refusal> {
        if self.is_in_holding_period(agent) {
            Some(Refusal::HoldingPeriod)
        } else if self.withdrawable_of(agent, requested) == Money::ZERO {
            Some(Refusal::NothingToMove)
        } else {
            None
        }
    }

    /// Does what an instruction asks for, which can be done.
    fn carry_out(&mut self, instruction: &Instruction, origin: Origin) {
        let meant = |payment| {
            let no: Option<PaymentNo> = self.payment_meant(payment);
            no.expect("Invariant: it was found when the instruction was tested")
        };
        match instruction {
            Instruction::SubmitTransaction(submission) => self.take_submission(submission),
            Instruction::SetLimits { agent, limits } => self.replace_limits(*agent, limits),
            Instruction::UpdateAgentPolicy { agent, policy } => {
                self.replace_policy(*agent, policy, origin);
            }
            Instruction::PostCollateral { agent, amount, reason, auto_withdraw_after_ticks } => {
                let reason = reason.as_deref().unwrap_or_default();
                self.post_collateral(*agent, *amount, reason, *auto_withdraw_after_ticks, origin);
            }
            Instruction::WithdrawCollateral { agent, amount, reason } => {
                let reason = reason.as_deref().unwrap_or_default();
                self.withdraw_collateral(*agent, *amount, reason, origin);
            }
            Instruction::SetReleaseBudget { agent, budget } => self.set_budget(*agent, budget),
            Instruction::WithdrawFromRtgs { payment } => self.withdraw(meant(payment), origin),
            Instruction::ResubmitToRtgs { payment, rtgs_priority } => {
                self.resubmit(meant(payment), *rtgs_priority, origin);
            }
            Instruction::Decide { payment, actions } => {
                self.decisions.push((meant(payment), actions.clone()));
            }
        }
    }

    fn take_submission(&mut self, submission: &Submission) {
        let terms = Terms {
            sender: submission.sender,
            receiver: submission.receiver,
            amount: submission.amount,
            deadline: u64::from(submission.deadline_tick.0),
            earliest: submission.earliest_tick.map_or(self.now, |tick| tick.max(self.now)),
            priority: submission.priority,
            class: submission.rtgs_priority,
            divisible: submission.divisible,
        };
        self.arrive(&terms, submission.id.as_deref());
    }

    /// Gives an agent other limits.
    pub(super) fn replace_limits(&mut self, agent: AgentNo, limits: &Limits) {
        self.accounts[agent.index()].limits = limits.clone();
        self.changes += 1;
        self.say_limits(agent);
    }

    /// Gives an agent another policy.
    pub(super) fn replace_policy(&mut self, agent_id: AgentNo, policy: &Policy, origin: Origin) {
        let account = &mut self.accounts[agent_id.index()];
        account.policy = policy.clone();
        account.last_faults = [const { None }; 4]; // those of another policy
        let replaced = PolicyReplaced {
            agent_id,
            policy: self.log.text(policy.id()),
            document: self.log.text(policy.text()),
            origin,
        };
        self.log.push(replaced);
        self.empty_unnamed_registers(agent_id);
    }

    /// Caps what an agent releases in this tick.
    pub(super) fn set_budget(&mut self, agent_id: AgentNo, budget: &ReleaseBudget) {
        self.accounts[agent_id.index()].budget = Some(budget.clone());
        let focus = budget.focus_counterparties.iter().flatten().copied();
        let set = BankBudgetSet {
            agent_id,
            max_value_to_release: budget.max_value_to_release,
            has_focus: budget.focus_counterparties.is_some(),
            focus_counterparties: self.log.agents(focus),
            max_per_counterparty: budget.max_per_counterparty,
            decision_path: self.decision_path(),
        };
        self.log.push(set);
    }

    /// Returns the payment that is meant, if there is one.
    fn payment_meant(&self, meant: &PaymentRef) -> Option<PaymentNo> {
        match meant {
            PaymentRef::Number(no) => (no.index() < self.payments.len()).then_some(*no),
            PaymentRef::Id(id) => self.payment_called(id),
        }
    }

    /// Returns the payment with an id: the one it was given, else `tx-{number}`.
    fn payment_called(&self, id: &str) -> Option<PaymentNo> {
        let called = |index: &usize| match &self.payments[*index].given_id {
            Some(given) => given == id,
            None => format!("tx-{index}") == id,
        };
        (0..self.payments.len()).find(called).map(PaymentNo::from_index)
    }
}
