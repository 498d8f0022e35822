//! Reservations for classes that no payment is declared with.

use psim_model::{Instruction, PaymentAction, Policy, RtgsPriority, Scenario, ScenarioEvent};
use rustc_hash::FxHashSet;

use super::limits::Kept;
use crate::check::Checker;

/// Warns where agents reserve liquidity that no payment of the scenario may use.
pub(super) fn warn(checker: &mut Checker<'_>, kept: &[Kept], scenario: &Scenario) {
    let highest = declared(scenario).max().unwrap_or(RtgsPriority::Normal);
    // Those of the top level are spoken of once, whatever the number of agents.
    let mut spoken = FxHashSet::default();
    for kept in kept {
        let class = if kept.reservations.highly_urgent.is_positive() {
            RtgsPriority::HighlyUrgent
        } else if kept.reservations.urgent.is_positive() {
            RtgsPriority::Urgent
        } else {
            continue;
        };
        if class > highest && spoken.insert((kept.span.source, kept.span.start)) {
            let class = class.as_str();
            let message = format!("reserved for `{class}`, and no payment here is declared so");
            let hint = "`rtgs_priority` declares a class; a `priority`, however high, does not";
            checker.warn(kept.span, message, Some(hint.to_owned()));
        }
    }
}

/// Returns the classes that payments arrive with or may get.
fn declared(scenario: &Scenario) -> impl Iterator<Item = RtgsPriority> {
    let rows = scenario.payments.rows.iter().map(|row| row.rtgs_priority);
    let arriving = scenario.events.iter().filter_map(|scheduled| match scheduled.event {
        ScenarioEvent::CustomTransactionArrival { rtgs_priority, .. } => Some(rtgs_priority),
        _ => None,
    });
    let instructions = scenario.instructions.iter().map(|scheduled| &scheduled.instruction);
    let instructed = instructions.filter_map(of_instruction);
    let decided = scenario.policies_followed().filter_map(Policy::highest_class);
    rows.chain(arriving).chain(instructed).chain(decided)
}

fn of_instruction(instruction: &Instruction) -> Option<RtgsPriority> {
    match instruction {
        Instruction::SubmitTransaction(submission) => Some(submission.rtgs_priority),
        Instruction::ResubmitToRtgs { rtgs_priority, .. } => Some(*rtgs_priority),
        Instruction::Decide { actions, .. } => actions.iter().filter_map(of_action).max(),
        _ => None,
    }
}

fn of_action(action: &PaymentAction) -> Option<RtgsPriority> {
    match action {
        PaymentAction::Release { rtgs_priority, .. } => *rtgs_priority,
        PaymentAction::ResubmitToRtgs { rtgs_priority } => Some(*rtgs_priority),
        _ => None,
    }
}
