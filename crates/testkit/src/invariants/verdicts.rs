//! What each event means to the laws.

use psim_model::event::{
    DropReason, EntryDispositionOffset, Event, EventBatch, EventKind, FundsTransferred, HoldReason,
    LiquidityReturn, Origin, PolicyDrop, PolicyFault, PolicyHold, Queue2LiquidityRelease,
    QueueReason, QueuedRtgs, RtgsImmediateSettlement, RtgsPriority, RtgsSubmission, RulesSet,
    TransferKind,
};
use psim_model::{AgentNo, EndOfDay, Money, PaymentNo};

use super::limits::Flow;
use super::order::Due;
use super::saving::tells_set;
use super::{Laws, Verdict, ensure};

impl Laws<'_> {
    pub(super) fn dispatch(&mut self, event: &Event, batch: &EventBatch) -> Verdict {
        let columns = batch.columns();
        match event {
            Event::RunStarted(_) | Event::DelayRatesSet(_) => Ok(()),
            Event::PolicyFollowed(e) => self.policies.follow(e, batch),
            Event::PolicyReplaced(e) => self.policies.replace(e, batch),
            Event::StateRegisterSet(e) => self.policies.write(e, batch),
            Event::RulesSet(e) => self.take_rules(*e),
            Event::AgentOpened(e) => self.books.open(e),
            Event::LimitsSet(e) => self.limits.set(e, columns),
            Event::ReservationsSet(e) => self.books.reserve(e),
            Event::LiquidityAllocation(e) => self.books.bring_in(e),
            Event::LiquidityReturn(e) => self.take_return(e),
            Event::AgentOverExtended(e) => self.books.note_over_extended(e),
            Event::InstructionGiven(e) => {
                ensure(e.origin != Origin::Policy, "policies do not instruct")?;
                self.due.extend(Due::after_instruction(e));
                Ok(())
            }
            Event::ScenarioEventExecuted(e) => {
                ensure(e.applied == e.reason.is_none(), "what was not applied has a reason")?;
                self.due.extend(Due::after_scenario_event(e));
                Ok(())
            }
            Event::FundsTransferred(e) => self.take_transfer(e),
            Event::CreditLimitChanged(e) => {
                if self.books.change_cap(e)? {
                    self.expect_over_extended(e.agent_id);
                }
                Ok(())
            }
            Event::CollateralValueChanged(e) => {
                if self.books.revalue(e)? {
                    self.expect_over_extended(e.agent_id);
                }
                Ok(())
            }
            Event::ParticipantOutage(e) => {
                ensure(!self.out.contains(&e.agent_id), "who is out cannot go out")?;
                self.out.push(e.agent_id);
                Ok(())
            }
            Event::ParticipantRecovery(e) => {
                ensure(self.out.contains(&e.agent_id), "only who is out comes back")?;
                self.out.retain(|agent| *agent != e.agent_id);
                Ok(())
            }
            Event::CutOffChanged(e) => {
                ensure(e.cutoff_tick_in_day != self.cutoff_tick_in_day, "no change, no event")?;
                self.cutoff_tick_in_day = e.cutoff_tick_in_day;
                Ok(())
            }
            Event::CollateralPost(e) => self.books.post(e),
            Event::CollateralWithdraw(e) => self.books.withdraw(e),
            Event::CollateralTimerScheduled(e) => self.books.schedule(e, self.tick),
            Event::CollateralTimerWithdrawn(e) => self.books.withdraw_timed(e, self.tick),
            Event::CollateralTimerBlocked(e) => self.books.block_timed(e, self.tick),
            Event::BankBudgetSet(e) => self.budgets.set(e, columns),
            Event::DeferredCreditApplied(e) => self.books.apply_credit(e, columns),
            Event::CostAccrual(e) => self.charges.book(e),
            Event::EndOfDay(e) => {
                self.charges.close_day(e)?;
                self.policies.close_day()?;
                self.lives.count_unsettled(e.unsettled_count)
            }
            Event::RunEnded(e) => self.lives.count_unsettled(e.unsettled_count),
            payment => self.dispatch_payment(payment, batch),
        }
    }

    fn dispatch_payment(&mut self, event: &Event, batch: &EventBatch) -> Verdict {
        let now = self.tick;
        match event {
            Event::Arrival(e) => self.lives.arrive(e, now),
            Event::TransactionWentOverdue(e) => {
                self.charges.owe(e.sender_id, e.deadline_penalty_cost)?;
                self.lives.go_overdue(e, now)
            }
            Event::PriorityEscalated(e) => self.lives.escalate(e, now),
            Event::TransactionReprioritized(e) => self.lives.reprioritize(e),
            Event::PolicyHold(e) => self.take_hold(e, batch),
            Event::PolicyFault(e) => self.take_fault(e, batch),
            Event::PolicyDecision(e) => {
                let is_out = self.out.contains(&e.agent_id);
                ensure(!is_out, "who is out decides nothing")
            }
            Event::RtgsSubmission(e) => self.take_submission(e),
            Event::PolicySplit(e) => {
                ensure(self.is_open(), "nothing is split after the cut-off")?;
                self.charges.owe_friction(e.agent_id, e.split_friction_cost)?;
                let released = self.lives.split(e, batch.columns(), now)?;
                self.due.extend(released.into_iter().map(Due::Submission));
                Ok(())
            }
            Event::SplitCompleted(e) => self.lives.complete(e),
            Event::RtgsWithdrawal(e) => self.lives.withdraw(e),
            Event::RtgsResubmission(e) => self.lives.resubmit(e),
            Event::BilateralLimitExceeded(e) => {
                self.lives.keeps_terms(e.tx_id, (e.sender_id, e.receiver_id, e.amount))?;
                self.limits.check_bilateral(e, self.lives.flow(e.tx_id)?)
            }
            Event::MultilateralLimitExceeded(e) => {
                self.lives.keeps_terms(e.tx_id, (e.sender_id, e.receiver_id, e.amount))?;
                self.limits.check_multilateral(e, self.lives.flow(e.tx_id)?)
            }
            Event::RtgsImmediateSettlement(e) => self.take_immediate(e),
            Event::QueuedRtgs(e) => self.take_queued(e),
            Event::EntryDispositionOffset(e) => self.take_offset(e, batch),
            Event::Queue2LiquidityRelease(e) => self.take_release(e),
            Event::OverdueTransactionSettled(e) => self.lives.settled_overdue(e, now),
            Event::EndOfDayPenalty(e) => {
                self.charges.owe(e.agent_id, e.amount)?;
                self.lives.pay_for_the_night(e, now)
            }
            Event::PolicyDrop(e) => self.take_drop(e),
            saving => self.dispatch_saving(saving, batch),
        }
    }

    fn take_rules(&self, event: RulesSet) -> Verdict {
        let rules = &self.scenario.rules;
        let are_said = event.queue1_ordering == rules.queue1_ordering
            && event.priority_mode == rules.priority_mode
            && event.deferred_crediting == rules.deferred_crediting
            && event.limits_basis == rules.limits_basis
            && event.limits_apply_to == rules.limits_apply_to;
        ensure(are_said, "the rules said are those of the scenario")
    }

    fn is_open(&self) -> bool {
        self.scenario.calendar.tick_in_day(self.tick) <= self.cutoff_tick_in_day
    }

    fn take_hold(&mut self, event: &PolicyHold, batch: &EventBatch) -> Verdict {
        let is_out = self.out.contains(&event.agent_id);
        ensure(is_out == (event.reason == HoldReason::Outage), "who is out holds for that")?;
        let is_late = event.reason == HoldReason::CutOff;
        ensure(!is_late || !self.is_open(), "the cut-off holds nothing before it has passed")?;
        let is_by_tree = matches!(
            event.reason,
            HoldReason::InsufficientLiquidity
                | HoldReason::AwaitingInflows
                | HoldReason::LowPriority
                | HoldReason::NearDeadline
                | HoldReason::Custom
                | HoldReason::PolicyFault
        );
        let is_told = event.decision_path.is_some() || !self.policies.traces();
        ensure(is_told || !is_by_tree, "traced decisions tell their ways")?;
        self.lives.hold(event, batch)
    }

    fn take_fault(&mut self, event: &PolicyFault, batch: &EventBatch) -> Verdict {
        let is_out = self.out.contains(&event.agent_id);
        ensure(!is_out, "who is out decides nothing")?;
        self.policies.fault(event, batch)?;
        self.due.extend(self.lives.what_follows_fault(event)?);
        Ok(())
    }

    fn take_submission(&mut self, event: &RtgsSubmission) -> Verdict {
        ensure(self.is_open(), "nothing enters after the cut-off")?;
        ensure(!self.out.contains(&event.sender_id), "nobody sends who is out")?;
        let had_waited = self.lives.release(event, self.tick)?;
        if had_waited {
            return Ok(()); // a part that is released in its time uses no budget
        }
        self.budgets.release(event)
    }

    fn take_immediate(&mut self, event: &RtgsImmediateSettlement) -> Verdict {
        let flow = self.lives.flow(event.tx_id)?;
        self.lives.keeps_terms(event.tx_id, (event.sender_id, event.receiver_id, event.amount))?;
        ensure(self.lives.obstacle(event.tx_id, self.tick)?.is_none(), "nothing overtakes unduly")?;
        self.lives.settle_on_entry(event.tx_id)?;
        let balances = (event.sender_balance_before, event.sender_balance_after);
        self.settle(flow, balances, Some(event.tx_id))
    }

    fn take_release(&mut self, event: &Queue2LiquidityRelease) -> Verdict {
        let flow = self.lives.flow(event.tx_id)?;
        ensure(!self.out.contains(&event.sender_id), "nobody sends who is out")?;
        self.lives.keeps_terms(event.tx_id, (event.sender_id, event.receiver_id, event.amount))?;
        self.lives.settle_from_queue2(event, self.tick)?;
        let balances = (event.sender_balance_before, event.sender_balance_after);
        self.settle(flow, balances, Some(event.tx_id))
    }

    /// Moves the money of a single settlement, and expects what must follow it.
    fn settle(
        &mut self,
        flow: Flow,
        balances: (Money, Money),
        payment: Option<PaymentNo>,
    ) -> Verdict {
        self.books.has_balances(flow.sender, flow.amount, balances)?;
        self.books.settle(&[flow], payment.as_slice())?;
        self.limits.settle(&[flow])?;
        if let Some(no) = payment {
            self.runs.settle(flow.amount);
            self.due.extend(self.lives.what_follows_settlement(no)?);
        }
        Ok(())
    }

    fn take_transfer(&mut self, event: &FundsTransferred) -> Verdict {
        ensure(event.amount.is_positive(), "an amount is positive")?;
        let class = RtgsPriority::Normal;
        let flow = Flow {
            sender: event.sender_id,
            receiver: event.receiver_id,
            amount: event.amount,
            class,
        };
        let balances = (event.sender_balance_before, event.sender_balance_after);
        match event.kind {
            TransferKind::DirectTransfer => {
                self.books.has_balances(flow.sender, flow.amount, balances)?;
                self.books.transfer(flow)?;
                self.expect_over_extended(flow.sender);
                Ok(())
            }
            TransferKind::ScheduledSettlement => {
                ensure(self.is_open(), "nothing settles by schedule after the cut-off")?;
                ensure(!self.out.contains(&event.sender_id), "nobody sends who is out")?;
                self.settle(flow, balances, None)
            }
        }
    }

    fn take_offset(&mut self, event: &EntryDispositionOffset, batch: &EventBatch) -> Verdict {
        let columns = batch.columns();
        let is_on = self.scenario.rules.entry_disposition_offsetting;
        ensure(is_on, "nothing is offset where nothing is to be")?;
        let [entering, queued] = *event.tx_ids.of(columns) else {
            return Err("an offset is of two payments");
        };
        let set = [self.lives.flow(entering)?, self.lives.flow(queued)?];
        let is_counter = (set[0].sender, set[0].receiver) == (set[1].receiver, set[1].sender);
        ensure(is_counter, "an offset is of two payments between the same agents")?;
        ensure(!self.out.contains(&set[1].sender), "nobody sends who is out")?;
        let is_told = event.agents.of(columns) == [set[0].sender, set[0].receiver];
        ensure(is_told, "an offset tells who sends what enters, then who receives it")?;
        let told = Event::from(*event).settled_set().ok_or("an offset is of a set")?;
        tells_set(told, &set, columns)?;
        self.lives.settle_by_offset(entering, queued, self.tick)?;
        self.books.settle(&set, &[entering, queued])?;
        self.limits.settle(&set)?;
        for (no, flow) in [entering, queued].into_iter().zip(set) {
            self.runs.settle(flow.amount);
            self.due.extend(self.lives.what_follows_settlement(no)?);
        }
        Ok(())
    }

    fn take_queued(&mut self, event: &QueuedRtgs) -> Verdict {
        let flow = self.lives.flow(event.tx_id)?;
        self.lives.keeps_terms(event.tx_id, (event.sender_id, event.receiver_id, event.amount))?;
        let available = self.books.available(flow.sender, flow.class)?;
        let told = event.sender_available == available;
        ensure(told, "what is available is the recomputed one")?;
        let exceeded = self.limits.exceeded_by(flow);
        let tested = match (self.lives.obstacle(event.tx_id, self.tick)?, exceeded.first()) {
            (Some(obstacle), _) => Err(obstacle),
            (None, _) if flow.amount > available => Ok(Some(QueueReason::InsufficientLiquidity)),
            (None, Some(EventKind::BilateralLimitExceeded)) => {
                Ok(Some(QueueReason::BilateralLimit))
            }
            (None, Some(_)) => Ok(Some(QueueReason::MultilateralLimit)),
            (None, None) => Ok(None),
        };
        let reason = tested.unwrap_or_else(Some);
        ensure(reason == Some(event.reason), "the reason for waiting is the true one")?;
        let due = if tested.is_ok() { exceeded } else { Vec::new() };
        let said = std::mem::take(&mut self.exceeded);
        ensure(
            said.into_iter().map(|(kind, _)| kind).eq(due),
            "the limits that do not admit a payment are said",
        )?;
        self.lives.join_queue2(event, self.tick)
    }

    /// After a limit was said to be exceeded, only the other one and the queueing can follow.
    pub(super) fn keep_exceeded(&mut self, event: &Event) -> Verdict {
        let (subject, is_limit) = match event {
            Event::BilateralLimitExceeded(e) => (Some(e.tx_id), true),
            Event::MultilateralLimitExceeded(e) => (Some(e.tx_id), true),
            Event::QueuedRtgs(e) => (Some(e.tx_id), false),
            _ => (None, false),
        };
        let may_follow = self.exceeded.iter().all(|(_, payment)| Some(*payment) == subject);
        ensure(may_follow, "what exceeds a limit joins queue 2")?;
        self.exceeded.extend(subject.filter(|_| is_limit).map(|no| (event.kind(), no)));
        Ok(())
    }

    fn take_return(&mut self, event: &LiquidityReturn) -> Verdict {
        self.books.take_back(event)?;
        self.expect_over_extended(event.agent_id);
        Ok(())
    }

    /// Expects to be told that an agent is beyond its permission, if it is.
    fn expect_over_extended(&mut self, agent: AgentNo) {
        if self.books.is_over_extended(agent) {
            self.due.push_back(Due::OverExtended(agent));
        }
    }

    fn take_drop(&mut self, event: &PolicyDrop) -> Verdict {
        match event.reason {
            DropReason::Closed => {
                let cancels = self.scenario.rules.end_of_day == EndOfDay::Cancel;
                let closes = self.scenario.calendar.is_last_of_day(self.tick);
                ensure(cancels && closes, "payments are cancelled at the end of a day only")?;
                let is_free = event.deadline_penalty_cost == Money::ZERO;
                ensure(is_free, "what is cancelled owes nothing more")?;
            }
            DropReason::PolicyDecision => {
                ensure(!self.out.contains(&event.agent_id), "who is out decides nothing")?;
                self.charges.owe(event.agent_id, event.deadline_penalty_cost)?;
            }
        }
        self.due.extend(self.lives.give_up(event)?);
        Ok(())
    }
}
