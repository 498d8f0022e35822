//! Step 6(a) and (b): priorities rise as deadlines come near, and queues 1 are sorted.

use std::cmp::Reverse;

use psim_model::event::PriorityEscalated;
use psim_model::{Escalation, EscalationCurve, Priority, Queue1Ordering, round_ratio};

use super::Reference;

const HIGHEST_PRIORITY: u8 = 10;

impl Reference {
    /// Raises the priorities of all payments in both queues, by number.
    pub(super) fn escalate(&mut self) {
        let Some(escalation) = self.scenario.rules.escalation else { return };
        for no in self.queued_by_number() {
            let payment = &mut self.payments[no.index()];
            let left = payment.deadline.since(self.now);
            let boost = boost(escalation, left);
            if boost == payment.last_boost {
                continue;
            }
            payment.last_boost = boost;
            let raised = raised_by(payment.original_priority, boost).max(payment.priority);
            if raised == payment.priority {
                continue;
            }
            let before = std::mem::replace(&mut payment.priority, raised);
            self.log.push(PriorityEscalated {
                tx_id: no,
                sender_id: payment.sender,
                original_priority: payment.original_priority,
                escalated_priority: raised,
                ticks_until_deadline: left,
                boost_applied: boost,
            });
            self.note_priority(no, before);
        }
    }

    /// Sorts each queue 1 for good, if they are to be sorted.
    pub(super) fn order_queues1(&mut self) {
        if self.scenario.rules.queue1_ordering == Queue1Ordering::PriorityDeadline {
            for account in &mut self.accounts {
                account.queue1.sort_by_key(|no| {
                    let payment = &self.payments[no.index()];
                    (Reverse(payment.priority), payment.deadline)
                });
            }
        }
    }
}

/// Returns a priority and what is added to it, up to the highest there is.
pub(super) fn raised_by(priority: Priority, boost: u8) -> Priority {
    let raised = priority.get().saturating_add(boost).min(HIGHEST_PRIORITY);
    Priority::try_from(raised).expect("Invariant: at most the highest")
}

/// Returns what the curve adds with this many ticks left to the deadline.
fn boost(escalation: Escalation, left: u32) -> u8 {
    let start = escalation.start_escalating_at_ticks;
    let max = escalation.max_boost;
    if left > start {
        return 0;
    }
    if start == 0 {
        return max;
    }
    match escalation.curve {
        EscalationCurve::Linear => {
            let passed = i128::from(max) * i128::from(start - left);
            let boost = round_ratio(passed, i128::from(start));
            u8::try_from(boost).expect("Invariant: a share of the highest boost")
        }
        EscalationCurve::Exponential => {
            let share = libm::exp2(-4.0 * f64::from(left) / f64::from(start));
            let boost = (f64::from(max) * share).round();
            #[expect(clippy::cast_possible_truncation, reason = "a share of the highest boost")]
            #[expect(clippy::cast_sign_loss, reason = "a share of the highest boost")]
            let boost = boost as u8;
            boost
        }
        EscalationCurve::Step if left <= start / 3 => max,
        EscalationCurve::Step if u64::from(left) <= 2 * u64::from(start) / 3 => {
            (2 * max).div_ceil(3)
        }
        EscalationCurve::Step => max.div_ceil(3),
    }
}
