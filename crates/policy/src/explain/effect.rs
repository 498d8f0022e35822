//! Decisions that have no effect in the queue that the payment is in.

use std::fmt;

use super::Situation;
use crate::document::Leaf;
use crate::fields::Field;
use crate::policy::Policy;

/// Why nothing comes of a decision about a payment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoEffect {
    /// It is for payments in queue 2; in queue 1 the payment is held.
    OnlyInQueue2,
    /// The same, where it is not said which queue the payment is in.
    OnlyInQueue2IfThere,
    /// It is not for payments in queue 2: the payment stays there as it is.
    OnlyInQueue1,
    /// The tree has no action for payments in queue 2, and is not asked about them.
    NotAsked,
}

/// Writes it as `none: the payment is in queue 1 and is held, NotInQueue2`.
impl fmt::Display for NoEffect {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Self::OnlyInQueue2 => "none: the payment is in queue 1 and is held, NotInQueue2",
            Self::OnlyInQueue2IfThere => {
                "if the payment is in queue 2; in queue 1 it is held, NotInQueue2"
            }
            Self::OnlyInQueue1 => {
                "none: in queue 2 nothing is done but WithdrawFromRtgs and ResubmitToRtgs"
            }
            Self::NotAsked => {
                "none: a tree without WithdrawFromRtgs and ResubmitToRtgs is not asked in queue 2"
            }
        })
    }
}

/// Returns why nothing comes of what a payment tree decided at a leaf, if that is so.
pub(super) fn no_effect(policy: &Policy, leaf: &Leaf, situation: &Situation) -> Option<NoEffect> {
    let is_for_queue2 = leaf.actions.iter().any(|call| call.action.spec().in_queue2);
    match (is_in_queue2(situation), is_for_queue2) {
        (Some(true), _) if !policy.acts_in_queue2() => Some(NoEffect::NotAsked),
        (Some(true), false) => Some(NoEffect::OnlyInQueue1),
        (Some(false), true) => Some(NoEffect::OnlyInQueue2),
        (None, true) => Some(NoEffect::OnlyInQueue2IfThere),
        _ => None,
    }
}

/// Returns whether the payment is in queue 2, if that is said.
fn is_in_queue2(situation: &Situation) -> Option<bool> {
    situation.field(Field::IsInQueue2).map(|number| number != 0.0)
}
