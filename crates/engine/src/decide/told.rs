//! What was decided between ticks, as a policy would say it: one code carries out both.

use psim_model::{PaymentAction, Priority};
use psim_policy::{HoldCause, PaymentAct, PaymentDecision};

/// Returns the decision that actions make: any number of `Reprioritize`, then at most one other.
pub(super) fn decision_of(actions: &[PaymentAction]) -> PaymentDecision {
    let mut decision = PaymentDecision { reprioritize: Vec::new(), then: PaymentAct::Stay };
    for action in actions {
        match action_as_act(action) {
            Act::Reprioritize(priority) => decision.reprioritize.push(priority),
            Act::Then(act) => decision.then = act,
        }
    }
    decision
}

/// What an action is to a policy.
enum Act {
    Reprioritize(Priority),
    Then(PaymentAct),
}

fn action_as_act(action: &PaymentAction) -> Act {
    Act::Then(match *action {
        PaymentAction::Reprioritize { new_priority } => return Act::Reprioritize(new_priority),
        PaymentAction::Release { rtgs_priority, priority, timed_for_tick } => PaymentAct::Release {
            class: rtgs_priority,
            priority,
            timed_for_tick: timed_for_tick.map(|tick| tick.0),
        },
        PaymentAction::Hold => PaymentAct::Hold(HoldCause::Unsaid),
        PaymentAction::Split { num_splits } => PaymentAct::Split { parts: num_splits },
        PaymentAction::StaggerSplit {
            num_splits,
            stagger_first_now,
            stagger_gap_ticks,
            priority_boost_children,
        } => PaymentAct::StaggerSplit {
            parts: num_splits,
            now: stagger_first_now,
            gap: stagger_gap_ticks,
            boost: priority_boost_children,
        },
        PaymentAction::Drop => PaymentAct::Drop,
        PaymentAction::WithdrawFromRtgs => PaymentAct::Withdraw,
        PaymentAction::ResubmitToRtgs { rtgs_priority } => PaymentAct::Resubmit(rtgs_priority),
    })
}
