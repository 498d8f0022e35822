//! Step 6(a): priorities rise as deadlines come near.

use std::collections::BTreeMap;

use psim_model::event::PriorityEscalated;
use psim_model::{Escalation as Rule, EscalationCurve, PaymentNo, Priority, Tick, round_ratio};
use serde::{Deserialize, Serialize};

use crate::payments::{Payment, Place, Terms};
use crate::world::{Step, World};

/// When whose priority may rise, found by tick and not by scan.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Escalation {
    /// Ticks left to the deadline from which on each boost holds, the boost of 1 first; empty where
    /// priorities do not rise.
    windows: Vec<u32>,
    by_tick: BTreeMap<Tick, Vec<PaymentNo>>,
}

impl Escalation {
    pub(crate) fn new(rule: Option<Rule>) -> Self {
        let windows = rule.map_or_else(Vec::new, |rule| {
            (1..=rule.max_boost).map(|boost| window_of(rule, boost)).collect()
        });
        Self { windows, by_tick: BTreeMap::new() }
    }

    /// Returns whether it follows a rule.
    pub(crate) fn fits(&self, rule: Option<Rule>) -> bool {
        self.windows == Self::new(rule).windows
    }

    /// Watches a payment whose boost is 0 from tick `from` on.
    pub(crate) fn watch(&mut self, no: PaymentNo, deadline: Tick, from: Tick) {
        self.watch_beyond(no, deadline, 0, from);
    }

    /// Notes when a payment's boost will be more than `boost`, from tick `from` on.
    pub(crate) fn watch_beyond(&mut self, no: PaymentNo, deadline: Tick, boost: u8, from: Tick) {
        if let Some(window) = self.windows.get(usize::from(boost)) {
            let tick = Tick(deadline.0.saturating_sub(*window)).max(from);
            self.by_tick.entry(tick).or_default().push(no);
        }
    }

    /// Returns what is added with so many ticks left.
    fn boost(&self, left: u32) -> u8 {
        let reached = self.windows.iter().take_while(|window| left <= **window).count();
        u8::try_from(reached).expect("Invariant: a boost is at most 10")
    }
}

/// Returns the most ticks left with which a rule adds at least `boost`.
fn window_of(rule: Rule, boost: u8) -> u32 {
    let (mut enough, mut too_many) = (0, u64::from(rule.start_escalating_at_ticks) + 1);
    while too_many - enough > 1 {
        let middle = u64::midpoint(enough, too_many);
        let left = u32::try_from(middle).unwrap_or(u32::MAX);
        if boost_of(rule, left) >= boost { enough = middle } else { too_many = middle }
    }
    u32::try_from(enough).expect("Invariant: within the window")
}

/// Returns what a rule adds with so many ticks left, no more than its window.
fn boost_of(rule: Rule, left: u32) -> u8 {
    let Rule { curve, start_escalating_at_ticks: start, max_boost } = rule;
    if left == 0 {
        return max_boost;
    }
    match curve {
        EscalationCurve::Linear => {
            let gained = i128::from(max_boost) * i128::from(start - left);
            let boost = round_ratio(gained, i128::from(start));
            u8::try_from(boost).expect("Invariant: at most the highest boost")
        }
        EscalationCurve::Exponential => {
            let share = libm::exp2(-4.0 * f64::from(left) / f64::from(start));
            let boost = libm::round(f64::from(max_boost) * share);
            (0..=max_boost).rev().find(|whole| f64::from(*whole) <= boost).unwrap_or(0)
        }
        EscalationCurve::Step => {
            let (start, left) = (u64::from(start), u64::from(left));
            if left <= start / 3 {
                max_boost
            } else if left <= 2 * start / 3 {
                (2 * max_boost).div_ceil(3)
            } else {
                max_boost.div_ceil(3)
            }
        }
    }
}

/// Raises the priorities of waiting payments whose boost has changed, by payment number.
pub(crate) fn raise(world: &mut World, step: &mut Step<'_>) {
    let mut due = Vec::new();
    while let Some(entry) = world.escalation.by_tick.first_entry()
        && *entry.key() <= step.now
    {
        due.append(&mut entry.remove());
    }
    due.sort_unstable();
    let mut moved: Vec<(PaymentNo, Payment, Priority)> = Vec::new();
    for no in due {
        let payment = *world.payments.get(no);
        if !payment.is_waiting() {
            continue;
        }
        let boost = world.escalation.boost(payment.deadline.since(step.now));
        world.escalation.watch_beyond(no, payment.deadline, boost, step.now.next());
        let terms = world.payments.terms(no);
        if terms.boost == boost {
            continue;
        }
        world.payments.set_terms(no, Terms { boost, ..terms });
        let original_priority = terms.original_priority;
        let priority = payment.priority.max(original_priority.raised_by(boost));
        if priority == payment.priority {
            continue;
        }
        world.set_priority(no, priority);
        if payment.place == Place::Queue2 {
            moved.push((no, Payment { priority, ..payment }, payment.priority));
        }
        step.emit(PriorityEscalated {
            tx_id: no,
            sender_id: payment.sender,
            original_priority,
            escalated_priority: priority,
            ticks_until_deadline: payment.deadline.since(step.now),
            boost_applied: boost,
        });
    }
    world.queue2.rerank(&moved, step.now);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn boosts(curve: EscalationCurve, start: u32, max_boost: u8) -> Vec<u8> {
        let rule = Rule { curve, start_escalating_at_ticks: start, max_boost };
        let escalation = Escalation::new(Some(rule));
        (0..=start + 1).rev().map(|left| escalation.boost(left)).collect()
    }

    /// From one tick before the window to the deadline.
    #[test]
    fn curves_rise_as_their_formulas_say() {
        let linear = [0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5];
        assert_eq!(boosts(EscalationCurve::Linear, 10, 5), linear);
        // 10 × 2^(−4 × left / 8), rounded: 0.6, 0.9, 1.25, 1.8, 2.5, 3.5, 5, 7.07, 10.
        let exponential = [0, 1, 1, 1, 2, 3, 4, 5, 7, 10];
        assert_eq!(boosts(EscalationCurve::Exponential, 8, 10), exponential);
        assert_eq!(boosts(EscalationCurve::Step, 7, 4), [0, 2, 2, 2, 3, 3, 4, 4, 4]);
        for curve in [EscalationCurve::Linear, EscalationCurve::Exponential, EscalationCurve::Step]
        {
            assert_eq!(boosts(curve, 0, 3), [0, 3]);
            assert_eq!(boosts(curve, 5, 0), [0; 7]);
        }
    }
}
