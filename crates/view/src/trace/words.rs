//! Events about one payment in plain words, with the figures behind them.

use psim_model::event::{DropReason, Event, HoldReason, QueueReason, QueuedRtgs};
use psim_model::{AgentNo, Money, Total};

use crate::state::Payment;
use crate::text::plural;
use crate::wording::Wording;

/// Says what an event means to the payment it names.
pub(super) fn meaning(event: &Event, payment: &Payment, wording: &Wording) -> String {
    match event {
        Event::Arrival(arrival) => {
            let earliest = arrival.earliest_tick.map_or_else(String::new, |tick| {
                format!(", may settle from {} on", wording.moment(tick))
            });
            format!("arrived in queue 1 of {}{earliest}", wording.agent(arrival.sender_id))
        }
        Event::PolicyHold(hold) => match hold.reason {
            HoldReason::PolicyDecision => {
                format!("held in queue 1 by the policy of {}", wording.agent(hold.agent_id))
            }
            HoldReason::CutOff => "held in queue 1: the cut-off of the day has passed".to_owned(),
            reason => {
                format!("held in queue 1: {}", crate::state::WaitReason::Hold(reason).phrase())
            }
        },
        Event::RtgsSubmission(submission) => {
            format!("released by {}", wording.agent(submission.sender_id))
        }
        Event::RtgsImmediateSettlement(settled) => format!(
            "settled on entry: {}",
            fall(
                settled.sender_id,
                settled.sender_balance_before,
                settled.sender_balance_after,
                wording
            )
        ),
        Event::QueuedRtgs(queued) => {
            format!("joined queue 2: {}", why_queued(queued, payment, wording))
        }
        Event::Queue2LiquidityRelease(settled) => format!(
            "settled from queue 2 after {}: {}",
            plural(settled.queue_wait_ticks.into(), "tick"),
            fall(
                settled.sender_id,
                settled.sender_balance_before,
                settled.sender_balance_after,
                wording
            )
        ),
        Event::TransactionWentOverdue(overdue) => format!(
            "went overdue, {} after its deadline: penalty {}",
            plural(overdue.ticks_overdue.into(), "tick"),
            wording.amount(overdue.deadline_penalty_cost)
        ),
        Event::OverdueTransactionSettled(settled) => {
            format!("was {} late", plural(settled.total_ticks_overdue.into(), "tick"))
        }
        Event::EndOfDayPenalty(penalty) => {
            format!("unsettled as the day closed: penalty {}", wording.amount(penalty.amount))
        }
        Event::PolicyDrop(dropped) => match dropped.reason {
            DropReason::Closed => {
                "dropped, since the day closed and cancels what is left".to_owned()
            }
            DropReason::PolicyDecision => "dropped by its sender".to_owned(),
        },
        // None of these names a payment. One that comes to do so is told in the catalogue's words.
        other => other.kind().spec().doc.trim().to_owned(),
    }
}

fn fall(agent: AgentNo, before: Money, after: Money, wording: &Wording) -> String {
    let (agent, before) = (wording.agent(agent), wording.amount(before));
    format!("the balance of {agent} fell from {before} to {}", wording.amount(after))
}

fn why_queued(queued: &QueuedRtgs, payment: &Payment, wording: &Wording) -> String {
    let sender = wording.agent(queued.sender_id);
    match queued.reason {
        QueueReason::InsufficientLiquidity => {
            let available = wording.amount(queued.sender_available);
            let short = Total::from(queued.amount) - Total::from(queued.sender_available);
            format!("{sender} had {available} available, {} short", wording.amount(short))
        }
        QueueReason::EarlierPayment => {
            format!("another payment of {sender} stood there before it")
        }
        QueueReason::NotBefore => payment.earliest.map_or_else(
            || "its earliest tick has not come".to_owned(),
            |earliest| format!("it may not settle before {}", wording.moment(earliest)),
        ),
        reason => crate::state::WaitReason::Queue(reason).phrase().to_owned(),
    }
}
