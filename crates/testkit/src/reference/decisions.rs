//! Steps 6(c) and 7: what agents do with their payments.

use psim_model::event::{
    DropReason, HoldReason, Origin, PolicyDrop, PolicyHold, RtgsSubmission,
    TransactionReprioritized,
};
use psim_model::{AgentNo, CostOverflow, Money, PaymentAction, PaymentNo, Policy, RtgsPriority};

use super::Reference;
use super::splits::SplitPlan;
use super::state::{Charge, Fate};

/// What the policy `Fifo` decides about every payment.
const AT_ONCE: PaymentAction =
    PaymentAction::Release { rtgs_priority: None, priority: None, timed_for_tick: None };

impl Reference {
    /// Step 6(c): agent by agent, each of its payments in queue 1 once.
    pub(super) fn decide(&mut self) -> Result<(), CostOverflow> {
        for agent in 0..self.accounts.len() {
            for no in self.accounts[agent].queue1.clone() {
                self.decide_about(no)?;
            }
        }
        Ok(())
    }

    fn decide_about(&mut self, no: PaymentNo) -> Result<(), CostOverflow> {
        let payment = &self.payments[no.index()];
        let account = &self.accounts[payment.sender.index()];
        if account.is_out {
            self.hold(no, HoldReason::Outage);
        } else if let Some(time) = payment.release_at {
            if time <= self.now {
                self.release_in_its_time(no);
            }
        } else if let Some(actions) = self.instructed_actions(no) {
            for action in actions {
                self.act(no, &action)?;
            }
        } else {
            match account.policy {
                Policy::fifo() => self.act(no, &AT_ONCE)?,
                Policy::hold() => self.hold(no, HoldReason::PolicyDecision),
            }
        }
        Ok(())
    }

    /// Returns what was decided about a payment for this tick, the last time that something was.
    fn instructed_actions(&self, no: PaymentNo) -> Option<Vec<PaymentAction>> {
        let mut latest_first = self.decisions.iter().rev();
        latest_first.find(|(about, _)| *about == no).map(|(_, actions)| actions.clone())
    }

    /// Releases a part of a staggered split whose time has come.
    fn release_in_its_time(&mut self, no: PaymentNo) {
        if self.is_closed() {
            self.hold(no, HoldReason::CutOff);
        } else {
            self.payments[no.index()].release_at = None;
            self.submit(no);
        }
    }

    /// Does one thing with a payment in queue 1.
    fn act(&mut self, no: PaymentNo, action: &PaymentAction) -> Result<(), CostOverflow> {
        match *action {
            PaymentAction::Reprioritize { new_priority } => self.reprioritize(no, new_priority),
            PaymentAction::Release { timed_for_tick: Some(tick), .. } if tick > self.now => {
                self.hold(no, HoldReason::TimedRelease);
            }
            PaymentAction::Release { rtgs_priority, priority, .. } => {
                self.release(no, rtgs_priority, priority);
            }
            PaymentAction::Hold => self.hold(no, HoldReason::PolicyDecision),
            PaymentAction::Split { num_splits } => {
                self.split(no, &SplitPlan::all_now(num_splits))?;
            }
            PaymentAction::StaggerSplit {
                num_splits: parts,
                stagger_first_now: now,
                stagger_gap_ticks: gap,
                priority_boost_children: boost,
            } => self.split(no, &SplitPlan { parts, now, gap, boost })?,
            PaymentAction::Drop => self.give_up(no)?,
            PaymentAction::WithdrawFromRtgs | PaymentAction::ResubmitToRtgs { .. } => {
                self.hold(no, HoldReason::NotInQueue2);
            }
        }
        Ok(())
    }

    /// Keeps a payment in queue 1, and says so if the reason is a new one.
    pub(super) fn hold(&mut self, no: PaymentNo, reason: HoldReason) {
        let payment = &mut self.payments[no.index()];
        if payment.last_hold != Some(reason) {
            payment.last_hold = Some(reason);
            self.log.push(PolicyHold { tx_id: no, agent_id: payment.sender, reason });
        }
    }

    fn release(&mut self, no: PaymentNo, class: Option<RtgsPriority>, priority: Option<u8>) {
        if self.is_closed() {
            return self.hold(no, HoldReason::CutOff);
        }
        let payment = &self.payments[no.index()];
        let (sender, receiver, amount) = (payment.sender, payment.receiver, payment.amount);
        if let Some(reason) = self.refusal_of_budget(sender, receiver, amount) {
            return self.hold(no, reason);
        }
        if let Some(priority) = priority {
            self.reprioritize(no, priority);
        }
        let payment = &mut self.payments[no.index()];
        payment.class = class.unwrap_or(payment.class);
        self.charge_budget(sender, receiver, amount);
        self.submit(no);
    }

    /// Takes a payment out of queue 1 and releases it.
    fn submit(&mut self, no: PaymentNo) {
        self.leave_queue1(no);
        self.say_submitted(no);
    }

    pub(super) fn leave_queue1(&mut self, no: PaymentNo) {
        let sender = self.payments[no.index()].sender;
        self.accounts[sender.index()].queue1.retain(|waiting| *waiting != no);
    }

    /// Hands a payment that is in no queue to the system.
    pub(super) fn say_submitted(&mut self, no: PaymentNo) {
        let payment = &mut self.payments[no.index()];
        payment.last_hold = None;
        self.log.push(RtgsSubmission {
            tx_id: no,
            sender_id: payment.sender,
            receiver_id: payment.receiver,
            amount: payment.amount,
            priority: payment.priority,
            rtgs_priority: payment.class,
        });
        self.released.push(no);
    }

    fn reprioritize(&mut self, no: PaymentNo, new_priority: u8) {
        let payment = &mut self.payments[no.index()];
        let old_priority = payment.priority;
        if new_priority != old_priority {
            payment.priority = new_priority;
            let agent_id = payment.sender;
            self.log.push(TransactionReprioritized {
                tx_id: no,
                agent_id,
                old_priority,
                new_priority,
            });
            self.note_priority(no, old_priority);
        }
    }

    fn give_up(&mut self, no: PaymentNo) -> Result<(), CostOverflow> {
        self.leave_queue1(no);
        let payment = &mut self.payments[no.index()];
        payment.fate = Some(Fate::Dropped);
        payment.given_up = Some(self.now);
        let agent = payment.sender;
        let penalty = match payment.deadline_penalty {
            Some(_) => Money::ZERO,
            None => self.costs.deadline_penalty.on(payment.amount)?,
        };
        self.penalties.push(Charge { tick: self.now, agent, amount: penalty });
        self.log.push(PolicyDrop {
            tx_id: no,
            agent_id: agent,
            reason: DropReason::PolicyDecision,
            deadline_penalty_cost: penalty,
        });
        self.complete_parent_of(no);
        Ok(())
    }

    /// Step 7: agent by agent, what was decided about its payments in queue 2.
    pub(super) fn decide_in_queue2(&mut self) {
        let queue = self.queue2_in_order();
        for agent in (0..self.accounts.len()).map(AgentNo::from_index) {
            let is_out = self.accounts[agent.index()].is_out;
            for no in queue.iter().filter(|_| !is_out) {
                if self.payments[no.index()].sender == agent {
                    self.act_in_queue2(*no);
                }
            }
        }
    }

    fn act_in_queue2(&mut self, no: PaymentNo) {
        let Some(actions) = self.instructed_actions(no) else { return };
        let acts_here = |action: &PaymentAction| {
            matches!(action, PaymentAction::WithdrawFromRtgs | PaymentAction::ResubmitToRtgs { .. })
        };
        if !actions.iter().any(acts_here) {
            return;
        }
        for action in actions {
            match action {
                PaymentAction::Reprioritize { new_priority } => self.reprioritize(no, new_priority),
                PaymentAction::WithdrawFromRtgs => self.withdraw(no, Origin::Policy),
                PaymentAction::ResubmitToRtgs { rtgs_priority } => {
                    self.resubmit(no, rtgs_priority, Origin::Policy);
                }
                _ => {}
            }
        }
    }
}
