//! What is decided about a payment in a random world.

use psim_model::{PaymentAction, Tick};

use super::draws::Draws;

/// Returns changes of priority, often none, and mostly something else after them.
pub(super) fn actions(draws: &mut Draws) -> Vec<PaymentAction> {
    let mut actions = Vec::new();
    while draws.once_in(4) {
        actions.push(PaymentAction::Reprioritize { new_priority: draws.priority() });
    }
    if actions.is_empty() || draws.below(3) != 0 {
        actions.push(last_action(draws));
    }
    actions
}

fn last_action(draws: &mut Draws) -> PaymentAction {
    let (class, priority) = (draws.class(), draws.priority());
    let num_splits = draws.pick(&[2, 2, 3, 4, 7]);
    match draws.below(12) {
        0 | 1 => PaymentAction::Release {
            rtgs_priority: draws.pick(&[None, Some(class)]),
            priority: draws.pick(&[None, Some(priority)]),
            timed_for_tick: draws.pick(&[None, None, Some(Tick(0)), Some(Tick(4))]),
        },
        2 => PaymentAction::Hold,
        3..=5 => PaymentAction::Split { num_splits },
        6..=8 => PaymentAction::StaggerSplit {
            num_splits,
            stagger_first_now: draws.between(0, num_splits),
            stagger_gap_ticks: draws.pick(&[1, 1, 2, 5]),
            priority_boost_children: draws.pick(&[0, 1, 4, 200]),
        },
        9 => PaymentAction::Drop,
        10 => PaymentAction::WithdrawFromRtgs,
        _ => PaymentAction::ResubmitToRtgs { rtgs_priority: class },
    }
}
