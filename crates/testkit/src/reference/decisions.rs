//! Steps 6(c) and 7: what agents do with their payments.

use psim_model::event::{
    DropReason, HoldReason, Origin, PolicyDrop, PolicyHold, RtgsSubmission,
    TransactionReprioritized,
};
use psim_model::{AgentNo, CostOverflow, Money, PaymentAction, PaymentNo, Priority, RtgsPriority};
use psim_policy::{Node, Tree};

use super::Reference;
use super::policy::{Asked, Order};
use super::splits::SplitPlan;
use super::state::{Charge, Fate, Hold};

/// Where the answer comes from what is to be done with a payment in queue 2.
enum Queue2Decision {
    Instructed(Vec<PaymentAction>),
    Asked(Asked),
}

impl Reference {
    /// Step 6(c): agent by agent, each of its payments in queue 1 once.
    pub(super) fn decide(&mut self) -> Result<(), CostOverflow> {
        let start = self.clone();
        for agent in 0..self.accounts.len() {
            for no in self.accounts[agent].queue1.clone() {
                self.decide_about(no, &start)?;
            }
        }
        Ok(())
    }

    fn decide_about(&mut self, no: PaymentNo, start: &Self) -> Result<(), CostOverflow> {
        let payment = &self.payments[no.index()];
        let sender = payment.sender;
        if self.accounts[sender.index()].is_out {
            self.hold_for(no, HoldReason::Outage);
        } else if let Some(time) = payment.release_at {
            if time <= self.now {
                self.release_in_its_time(no);
            }
        } else if let Some(actions) = self.instructed_actions(no) {
            for action in actions {
                self.act(no, &action)?;
            }
        } else if let Some(asked) = self.ask(start, sender, Tree::Payment, Some(no)) {
            self.in_the_name_of(&asked, |world| world.follow(no, &asked))?;
        } else {
            self.act(no, &PaymentAction::RELEASE)?;
        }
        Ok(())
    }

    /// Does what a tree answers about a payment in queue 1.
    fn follow(&mut self, no: PaymentNo, asked: &Asked) -> Result<(), CostOverflow> {
        match &asked.answer.outcome {
            Ok(orders) => {
                self.payments[no.index()].last_fault = None;
                for order in orders {
                    match order {
                        Order::Pay(action) => self.act(no, action)?,
                        Order::Hold { reason, detail } => {
                            let detail = detail.clone();
                            self.hold(no, Hold { reason: *reason, detail, fault: None });
                        }
                        other => panic!("Invariant: {other:?} is nothing for a payment"),
                    }
                }
            }
            Err(trouble) => {
                self.note_fault(no, asked);
                let (reason, fault) = (HoldReason::PolicyFault, Some(trouble.kind()));
                self.hold(no, Hold { reason, detail: None, fault });
            }
        }
        Ok(())
    }

    /// Says that a tree had no answer about a payment, unless nothing else has come of it since
    /// that was said.
    fn note_fault(&mut self, no: PaymentNo, asked: &Asked) {
        let Err(trouble) = &asked.answer.outcome else { return };
        let kind = Some(trouble.kind());
        let last = std::mem::replace(&mut self.payments[no.index()].last_fault, kind.clone());
        if last != kind || self.traces() {
            self.say_fault(asked, trouble);
        }
    }

    /// Returns what was decided about a payment for this tick, the last time that something was.
    fn instructed_actions(&self, no: PaymentNo) -> Option<Vec<PaymentAction>> {
        let mut latest_first = self.decisions.iter().rev();
        latest_first.find(|(about, _)| *about == no).map(|(_, actions)| actions.clone())
    }

    /// Releases a part of a staggered split whose time has come.
    fn release_in_its_time(&mut self, no: PaymentNo) {
        if self.is_closed() {
            self.hold_for(no, HoldReason::CutOff);
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
                self.hold_for(no, HoldReason::TimedRelease);
            }
            PaymentAction::Release { rtgs_priority, priority, .. } => {
                self.release(no, rtgs_priority, priority);
            }
            PaymentAction::Hold => self.hold_for(no, HoldReason::PolicyDecision),
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
                self.hold_for(no, HoldReason::NotInQueue2);
            }
        }
        Ok(())
    }

    pub(super) fn hold_for(&mut self, no: PaymentNo, reason: HoldReason) {
        self.hold(no, Hold { reason, detail: None, fault: None });
    }

    /// Keeps a payment in queue 1, and says so if that was not said last.
    pub(super) fn hold(&mut self, no: PaymentNo, hold: Hold) {
        let traces = self.traces();
        let payment = &mut self.payments[no.index()];
        let agent_id = payment.sender;
        if hold.fault.is_none() {
            payment.last_fault = None;
        }
        let last = payment.last_hold.replace(hold.clone());
        if last.as_ref() != Some(&hold) || traces {
            let held = PolicyHold {
                tx_id: no,
                agent_id,
                reason: hold.reason,
                detail: hold.detail.map(|detail| self.log.text(&detail)),
                decision_path: self.decision_path(),
            };
            self.log.push(held);
        }
    }

    fn release(&mut self, no: PaymentNo, class: Option<RtgsPriority>, priority: Option<Priority>) {
        if self.is_closed() {
            return self.hold_for(no, HoldReason::CutOff);
        }
        let payment = &self.payments[no.index()];
        let (sender, receiver, amount) = (payment.sender, payment.receiver, payment.amount);
        if let Some(reason) = self.refusal_of_budget(sender, receiver, amount) {
            return self.hold_for(no, reason);
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
        let decision_path = self.decision_path();
        let payment = &mut self.payments[no.index()];
        payment.last_hold = None;
        payment.last_fault = None;
        self.accounts[payment.sender.index()].submitted.push(payment.amount);
        self.log.push(RtgsSubmission {
            tx_id: no,
            sender_id: payment.sender,
            receiver_id: payment.receiver,
            amount: payment.amount,
            priority: payment.priority,
            rtgs_priority: payment.class,
            decision_path,
        });
        self.released.push(no);
    }

    fn reprioritize(&mut self, no: PaymentNo, new_priority: Priority) {
        let payment = &mut self.payments[no.index()];
        let old_priority = payment.priority;
        if new_priority != old_priority {
            payment.priority = new_priority;
            let agent_id = payment.sender;
            let decision_path = self.decision_path();
            self.log.push(TransactionReprioritized {
                tx_id: no,
                agent_id,
                old_priority,
                new_priority,
                decision_path,
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
        let decision_path = self.decision_path();
        self.log.push(PolicyDrop {
            tx_id: no,
            agent_id: agent,
            reason: DropReason::PolicyDecision,
            deadline_penalty_cost: penalty,
            decision_path,
        });
        self.complete_parent_of(no);
        Ok(())
    }

    /// Step 7: agent by agent, what is decided about its payments in queue 2; first all that is
    /// asked for, then all that is answered.
    pub(super) fn decide_in_queue2(&mut self) {
        let queue = self.queue2_in_order();
        let mut decisions = Vec::new();
        for agent in (0..self.accounts.len()).map(AgentNo::from_index) {
            for no in &queue {
                if self.payments[no.index()].sender == agent {
                    decisions.extend(self.decision_in_queue2(*no).map(|decision| (*no, decision)));
                }
            }
        }
        for (no, decision) in decisions {
            match decision {
                Queue2Decision::Instructed(actions) => self.act_in_queue2(no, &actions),
                Queue2Decision::Asked(asked) => {
                    self.in_the_name_of(&asked, |world| world.follow_in_queue2(no, &asked));
                }
            }
        }
    }

    fn decision_in_queue2(&self, no: PaymentNo) -> Option<Queue2Decision> {
        let sender = self.payments[no.index()].sender;
        if self.accounts[sender.index()].is_out {
            None
        } else if let Some(actions) = self.instructed_actions(no) {
            Some(Queue2Decision::Instructed(actions))
        } else if self.acts_in_queue2(sender) {
            self.ask(self, sender, Tree::Payment, Some(no)).map(Queue2Decision::Asked)
        } else {
            None
        }
    }

    /// Returns whether an agent's payment tree names anything that is done in queue 2.
    fn acts_in_queue2(&self, agent: AgentNo) -> bool {
        let document = self.accounts[agent.index()].policy.document();
        document.tree(Tree::Payment).is_some_and(|root| {
            root.below().any(|node| match node {
                Node::Action(leaf) => leaf.actions.iter().any(|call| call.action.spec().in_queue2),
                Node::Condition(_) => false,
            })
        })
    }

    /// Does what a tree answers about a payment in queue 2.
    fn follow_in_queue2(&mut self, no: PaymentNo, asked: &Asked) {
        match &asked.answer.outcome {
            Ok(orders) => {
                self.payments[no.index()].last_fault = None;
                let actions: Vec<PaymentAction> = orders
                    .iter()
                    .filter_map(|order| match order {
                        Order::Pay(action) => Some(action.clone()),
                        _ => None,
                    })
                    .collect();
                self.act_in_queue2(no, &actions);
            }
            Err(_) => self.note_fault(no, asked),
        }
    }

    fn act_in_queue2(&mut self, no: PaymentNo, actions: &[PaymentAction]) {
        let acts_here = |action: &PaymentAction| {
            matches!(action, PaymentAction::WithdrawFromRtgs | PaymentAction::ResubmitToRtgs { .. })
        };
        if !actions.iter().any(acts_here) {
            return;
        }
        for action in actions {
            match action {
                PaymentAction::Reprioritize { new_priority } => {
                    self.reprioritize(no, *new_priority);
                }
                PaymentAction::WithdrawFromRtgs => self.withdraw(no, Origin::Policy),
                PaymentAction::ResubmitToRtgs { rtgs_priority } => {
                    self.resubmit(no, *rtgs_priority, Origin::Policy);
                }
                _ => {}
            }
        }
    }
}
