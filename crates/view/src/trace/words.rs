//! Events about one payment in plain words, with the figures behind them.

use psim_model::event::{
    DropReason, Event, EventBatch, HoldReason, InstructionGiven, LsmAlgorithm, PolicyDrop,
    PolicyHold, PolicySplit, QueueReason, QueuedRtgs, RtgsPriority, SettledSet,
};
use psim_model::{AgentNo, Money, Total};

use super::lineage::is_made_by;
use super::story::Story;
use crate::phrases::{
    class_phrase, instruction_phrase, origin_phrase, outcome_phrase, release_phrase,
};
use crate::state::Settlement;
use crate::text::{plural, quoted};
use crate::wording::Wording;

/// Says what an event means to the payment it names.
pub(super) fn meaning(
    batch: &EventBatch,
    event: &Event,
    story: &Story,
    wording: &Wording,
) -> String {
    match event {
        Event::Arrival(arrival) => {
            let class = declared(arrival.rtgs_priority, ", ");
            let earliest = arrival.earliest_tick.map_or_else(String::new, |tick| {
                format!(", may settle from {} on", wording.moment(tick))
            });
            format!("arrived in queue 1 of {}{class}{earliest}", wording.agent(arrival.sender_id))
        }
        Event::PolicyHold(hold) => {
            let words = hold
                .detail
                .map_or_else(String::new, |words| format!(": {}", quoted(batch.text_of(words))));
            format!("held in queue 1{}{words}", why_held(hold, wording))
        }
        Event::PolicyFault(fault) => format!(
            "the policy of {} failed at {}: {}",
            wording.agent(fault.agent_id),
            batch.text_of(fault.node),
            batch.text_of(fault.message)
        ),
        Event::RtgsSubmission(submission) => {
            let class = declared(submission.rtgs_priority, " as ");
            format!("released by {}{class}", wording.agent(submission.sender_id))
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
            format!("joined queue 2: {}", why_queued(queued, story, wording))
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
        Event::PolicySplit(split) => parts(batch, split, story, wording),
        event => match event.settled_set() {
            Some(set) => settled_with(batch, &set, story, wording),
            None => meaning_beside(event, wording),
        },
    }
}

/// Says what an event means that neither makes, releases, queues nor settles a payment.
fn meaning_beside(event: &Event, wording: &Wording) -> String {
    match event {
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
        Event::PolicyDrop(dropped) => why_dropped(dropped, wording),
        Event::PriorityEscalated(escalated) => {
            let left = plural(escalated.ticks_until_deadline.into(), "tick");
            format!("priority raised to {}, {left} to its deadline", escalated.escalated_priority)
        }
        Event::TransactionReprioritized(changed) => format!(
            "priority changed by {} from {} to {}",
            wording.agent(changed.agent_id),
            changed.old_priority,
            changed.new_priority
        ),
        Event::RtgsWithdrawal(withdrawal) => {
            format!("withdrawn from queue 2 to queue 1 {}", origin_phrase(withdrawal.origin))
        }
        Event::RtgsResubmission(resubmission) => format!(
            "declared {} {}, {} before",
            class_phrase(resubmission.new_rtgs_priority),
            origin_phrase(resubmission.origin),
            class_phrase(resubmission.old_rtgs_priority)
        ),
        Event::BilateralLimitExceeded(hit) => {
            let (sender, receiver) = (wording.agent(hit.sender_id), wording.agent(hit.receiver_id));
            let used = used(hit.bilateral_limit, hit.current_bilateral_outflow, wording);
            format!("beyond the limit of {sender} for {receiver}, {used}")
        }
        Event::MultilateralLimitExceeded(hit) => {
            let used = used(hit.multilateral_limit, hit.current_total_outflow, wording);
            format!("beyond the limit of {} for all, {used}", wording.agent(hit.sender_id))
        }
        Event::SplitCompleted(completed) => {
            format!("its parts are done: {}", outcome_phrase(completed.outcome))
        }
        Event::DeferredCreditApplied(credit) => {
            format!("credited to {} at the end of the tick", wording.agent(credit.agent_id))
        }
        Event::InstructionGiven(given) => asked(given),
        Event::PolicyDecision(decision) => {
            format!("looked at by {} and left as it was", wording.agent(decision.agent_id))
        }
        // None of these names a payment. One that comes to do so is told in the catalogue's words.
        other => other.kind().spec().doc.trim().to_owned(),
    }
}

/// Returns the class behind a word, unless it is the usual one.
fn declared(class: RtgsPriority, before: &str) -> String {
    match class {
        RtgsPriority::Normal => String::new(),
        class => format!("{before}{}", class_phrase(class)),
    }
}

fn why_held(hold: &PolicyHold, wording: &Wording) -> String {
    let agent = wording.agent(hold.agent_id);
    match hold.reason {
        HoldReason::PolicyDecision | HoldReason::Custom => format!(" by the policy of {agent}"),
        HoldReason::CutOff => ": the cut-off of the day has passed".to_owned(),
        HoldReason::Outage => format!(": {agent} is out"),
        HoldReason::TimedRelease => ": it is to be released later".to_owned(),
        HoldReason::NotInFocus => {
            format!(": the release budget of {agent} does not name its receiver")
        }
        HoldReason::CounterpartyBudget => {
            format!(": the release budget of {agent} for its receiver does not admit it")
        }
        HoldReason::BudgetExhausted => {
            format!(": the release budget of {agent} does not admit it")
        }
        HoldReason::NotDivisible => {
            ": its policy tried to split it, but it is not divisible".to_owned()
        }
        HoldReason::TooManyParts => ": it was to be split into too many parts".to_owned(),
        HoldReason::NotInQueue2 => ": what was decided is only for queue 2".to_owned(),
        HoldReason::InsufficientLiquidity => {
            format!(" by the policy of {agent}: liquidity does not suffice")
        }
        HoldReason::AwaitingInflows => format!(" by the policy of {agent}: it awaits receipts"),
        HoldReason::LowPriority => format!(" by the policy of {agent}: others go first"),
        HoldReason::NearDeadline => {
            format!(" by the policy of {agent}: it waits for the deadline to come near")
        }
        HoldReason::PolicyFault => format!(": the policy of {agent} failed"),
    }
}

fn why_dropped(dropped: &PolicyDrop, wording: &Wording) -> String {
    match dropped.reason {
        DropReason::Closed => "dropped, since the day closed and cancels what is left".to_owned(),
        DropReason::PolicyDecision => {
            let penalty = match dropped.deadline_penalty_cost {
                Money::ZERO => String::new(),
                penalty => format!(": penalty {}", wording.amount(penalty)),
            };
            format!("dropped by {}{penalty}", wording.agent(dropped.agent_id))
        }
    }
}

fn fall(agent: AgentNo, before: Money, after: Money, wording: &Wording) -> String {
    let (agent, before) = (wording.agent(agent), wording.amount(before));
    format!("the balance of {agent} fell from {before} to {}", wording.amount(after))
}

fn used(limit: Money, used: Money, wording: &Wording) -> String {
    format!("{} of {} used", wording.amount(used), wording.amount(limit))
}

fn why_queued(queued: &QueuedRtgs, story: &Story, wording: &Wording) -> String {
    let sender = wording.agent(queued.sender_id);
    match queued.reason {
        QueueReason::InsufficientLiquidity => {
            let available = wording.amount(queued.sender_available);
            let short = Total::from(queued.amount) - Total::from(queued.sender_available);
            let reserved = match story.reservations.kept_from(story.payment.rtgs_priority) {
                Money::ZERO => String::new(),
                kept => format!("; it reserves {} for higher classes", wording.amount(kept)),
            };
            format!("{sender} had {available} available, {} short{reserved}", wording.amount(short))
        }
        QueueReason::EarlierPayment => {
            format!("another payment of {sender} stood there before it")
        }
        QueueReason::NotBefore => story.payment.earliest.map_or_else(
            || "its earliest tick has not come".to_owned(),
            |earliest| format!("it may not settle before {}", wording.moment(earliest)),
        ),
        QueueReason::BilateralLimit => {
            let receiver = wording.agent(queued.receiver_id);
            format!("the limit of {sender} for {receiver} does not admit it")
        }
        QueueReason::MultilateralLimit => {
            format!("the limit of {sender} for all receivers does not admit it")
        }
        QueueReason::HigherPriority => {
            format!("another payment of {sender} of a higher class stood there")
        }
    }
}

/// Says how, with which others and at what cost in liquidity a payment has settled in a set.
fn settled_with(batch: &EventBatch, set: &SettledSet, story: &Story, wording: &Wording) -> String {
    let mut others = set.tx_ids.of(batch.columns()).to_vec();
    others.retain(|other| *other != story.no);
    let how = Settlement::of_set(set.algorithm).phrase();
    let others = match others.as_slice() {
        [] => String::new(),
        others => format!(" with {}", wording.list(others)),
    };
    let agents = set.agents.of(batch.columns());
    let among = match set.algorithm {
        None | Some(LsmAlgorithm::Bilateral) => String::new(),
        Some(LsmAlgorithm::Cycles) => format!(" around {}", wording.ring(agents)),
        Some(_) => format!(" among {}", wording.agents(agents)),
    };
    let rest = match agents.len() {
        0..=2 => wording.on_balance(set.max_net_outflow_agent, set.max_net_outflow),
        _ => wording.most_on_balance(set.max_net_outflow_agent, set.max_net_outflow),
    };
    format!("settled {how}{others}{among}: {rest}")
}

fn parts(batch: &EventBatch, split: &PolicySplit, story: &Story, wording: &Wording) -> String {
    if is_made_by(story.no, &Event::PolicySplit(*split)) {
        let release = match story.payment.scheduled {
            Some(tick) => format!("to be released in {}", wording.moment(tick)),
            None => "to be released at once".to_owned(),
        };
        return format!("made as a part of {}, {release}", wording.payment(split.tx_id));
    }
    let parts = wording.list(split.child_ids.of(batch.columns()));
    let cost = match split.split_friction_cost {
        Money::ZERO => String::new(),
        cost => format!(": cost {}", wording.amount(cost)),
    };
    format!("split into {parts}, {}{cost}", release_phrase(split))
}

fn asked(given: &InstructionGiven) -> String {
    let kind = instruction_phrase(given.instruction_type);
    let refused = given
        .refusal
        .map_or_else(String::new, |refusal| format!(", refused: {}", refusal.phrase()));
    format!("asked {} to {kind}{refused}", origin_phrase(given.origin))
}
