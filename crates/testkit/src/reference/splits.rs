//! Payments that are replaced by parts, and what completes them.

use psim_model::event::{HoldReason, PolicySplit, SplitCompleted, SplitOutcome};
use psim_model::{CostOverflow, MAX_PARTS_MADE, Money, PaymentNo, Tick, Total};

use super::Reference;
use super::escalation::raised_by;
use super::state::{Charge, Fate, Payment};

/// How a payment is to be split.
#[derive(Clone, Copy, Debug)]
pub(super) struct SplitPlan {
    /// Number of parts.
    pub(super) parts: u32,
    /// How many of them are released now.
    pub(super) now: u32,
    /// Ticks between the releases of the others.
    pub(super) gap: u32,
    /// What is added to the parts' priority.
    pub(super) boost: u8,
}

impl SplitPlan {
    /// Returns the plan of a plain split.
    pub(super) const fn all_now(parts: u32) -> Self {
        Self { parts, now: parts, gap: 0, boost: 0 }
    }

    /// Returns the parts of an amount: all alike, and what is left over on the last.
    fn amounts(&self, whole: Money) -> Vec<Money> {
        let parts = i64::from(self.parts);
        let each = whole.minor() / parts;
        let last = each + whole.minor() % parts;
        let amount = |index| Money::from_minor(if index == parts - 1 { last } else { each });
        (0..parts).map(amount).collect()
    }

    /// Returns when a part is released, if that is not now.
    fn release_of(&self, index: u32, now: Tick) -> Option<Tick> {
        let later = index.checked_sub(self.now)?;
        let wait = later.saturating_add(1).saturating_mul(self.gap);
        Some(Tick(now.0.saturating_add(wait)))
    }
}

impl Reference {
    /// Replaces a payment in queue 1 by its parts, or holds it.
    pub(super) fn split(&mut self, no: PaymentNo, plan: &SplitPlan) -> Result<(), CostOverflow> {
        if let Some(reason) = self.refusal_of_split(no, plan) {
            self.hold_for(no, reason);
            return Ok(());
        }
        self.leave_queue1(no);
        self.payments[no.index()].fate = Some(Fate::Split);
        let parent = self.payments[no.index()].clone();
        let amounts = plan.amounts(parent.amount);
        let friction = friction(self.costs.split_friction_cost, plan.parts)?;
        self.frictions.push(Charge { tick: self.now, agent: parent.sender, amount: friction });
        let first = self.payments.len();
        for (index, amount) in (0..).zip(&amounts) {
            let part = part_of(no, &parent, *amount, plan);
            let release_at = plan.release_of(index, self.now);
            self.payments.push(Payment { release_at, joined_queue1: self.now, ..part });
        }
        let parts: Vec<PaymentNo> =
            (first..self.payments.len()).map(PaymentNo::from_index).collect();
        let (now, later) = parts.split_at(plan.now as usize);
        let event = PolicySplit {
            tx_id: no,
            agent_id: parent.sender,
            num_splits: plan.parts,
            child_ids: self.log.payments(parts.iter().copied()),
            child_amounts: self.log.amounts(amounts.iter().copied()),
            released_now: plan.now,
            gap_ticks: if later.is_empty() { 0 } else { plan.gap },
            child_priority: raised_by(parent.priority, plan.boost),
            child_original_priority: raised_by(parent.original_priority, plan.boost),
            split_friction_cost: friction,
            decision_path: self.decision_path(),
        };
        self.log.push(event);
        for part in now {
            self.charge_budget(parent.sender, parent.receiver, amounts[part.index() - first]);
            self.say_submitted(*part);
        }
        self.accounts[parent.sender.index()].queue1.extend(later);
        Ok(())
    }

    fn refusal_of_split(&self, no: PaymentNo, plan: &SplitPlan) -> Option<HoldReason> {
        let payment = &self.payments[no.index()];
        let too_many = plan.parts > self.scenario.rules.max_splits
            || i64::from(plan.parts) > payment.amount.minor()
            || self.has_made_too_many_parts();
        if self.is_closed() {
            Some(HoldReason::CutOff)
        } else if payment.divisible == Some(false) {
            Some(HoldReason::NotDivisible)
        } else if too_many {
            Some(HoldReason::TooManyParts)
        } else if plan.now == 0 {
            None // no budget has anything to say to what comes later
        } else {
            let amounts = plan.amounts(payment.amount);
            let now = amounts.iter().take(plan.now as usize);
            let now = now.fold(Money::ZERO, |sum, amount| sum + *amount);
            self.refusal_of_budget(payment.sender, payment.receiver, now)
        }
    }

    fn has_made_too_many_parts(&self) -> bool {
        let made = || self.payments.iter().filter(|payment| payment.parent.is_some()).count();
        // Whoever has fewer payments need not count them.
        self.payments.len() > MAX_PARTS_MADE && made() > MAX_PARTS_MADE
    }

    /// Says so if a payment was the last open part of another, and so on for that one.
    pub(super) fn complete_parent_of(&mut self, no: PaymentNo) {
        let Some(parent) = self.payments[no.index()].parent else { return };
        let parts = self.payments.iter().filter(|payment| payment.parent == Some(parent));
        let fates: Vec<Option<Fate>> = parts.map(|part| part.fate).collect();
        if fates.iter().any(|fate| matches!(fate, None | Some(Fate::Split))) {
            return;
        }
        let (fate, outcome) = if fates.contains(&Some(Fate::Dropped)) {
            (Fate::Dropped, SplitOutcome::Dropped)
        } else {
            (Fate::Settled, SplitOutcome::Settled)
        };
        self.payments[parent.index()].fate = Some(fate);
        let agent_id = self.payments[parent.index()].sender;
        self.log.push(SplitCompleted { tx_id: parent, agent_id, outcome });
        self.complete_parent_of(parent);
    }
}

/// Returns a part of a payment, to be released now.
fn part_of(no: PaymentNo, parent: &Payment, amount: Money, plan: &SplitPlan) -> Payment {
    let priority = raised_by(parent.priority, plan.boost);
    Payment {
        given_id: None,
        amount,
        priority,
        original_priority: raised_by(parent.original_priority, plan.boost),
        last_hold: None,
        last_fault: None,
        joined_queue2: None,
        // Overdue with its parent, which has paid for both.
        deadline_penalty: parent.deadline_penalty.map(|_| Money::ZERO),
        parent: Some(no),
        fate: None,
        ..parent.clone()
    }
}

/// Returns what a split costs: the rate for each part beyond the first.
fn friction(rate: Money, parts: u32) -> Result<Money, CostOverflow> {
    let cost = i128::from(rate.minor()) * i128::from(parts - 1);
    Total::from_minor(cost).to_money().ok_or(CostOverflow)
}
