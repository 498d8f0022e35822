//! The ids that instructions give to payments and by which they mean them.

use psim_model::{
    Instruction, PaymentRef, PreparedPayments, ScheduledInstruction, Submission, is_own_id,
};
use rustc_hash::{FxHashMap, FxHashSet};

use super::interventions::Placed;
use crate::check::Checker;
use crate::diagnostic::quoted;
use crate::source::Span;

/// Most ids among which a near one is looked for.
const MOST_COMPARED: usize = 10_000;

type Instructions<'a, 'f> = [&'a Placed<'f, ScheduledInstruction>];

/// Checks that each id is given once and is none of the simulator's own, and warns of those that
/// no payment will have. With `numbered` the run makes payments that it gives ids to.
pub(super) fn check(
    checker: &mut Checker<'_>,
    instructions: &Instructions<'_, '_>,
    payments: &PreparedPayments,
    numbered: bool,
) {
    if instructions.is_empty() {
        return;
    }
    let in_data = in_data(instructions, payments);
    let named = payments.ids.iter().filter(|id| !id.is_empty()).count();
    let numbered = numbered || named < payments.rows.len();
    let mut given: FxHashMap<&str, Span> = FxHashMap::default();
    for placed in instructions {
        let Instruction::SubmitTransaction(Submission { id: Some(id), .. }) =
            &placed.subject.instruction
        else {
            continue;
        };
        let span = placed.fields.span_of("id");
        if let Some(first) = given.get(id.as_str()) {
            let message = format!("payment id {} is given twice", quoted(id));
            checker.fault_between(span, message, *first, "given here");
            continue;
        }
        given.insert(id, span);
        if in_data.contains(id.as_str()) {
            let message = format!("payment id {} is given in the payment data too", quoted(id));
            checker.fault(span, message, None);
        } else if numbered && is_own_id(id) {
            let message =
                format!("payment id {} is what the simulator calls its own payments", quoted(id));
            checker.fault(span, message, None);
        }
    }
    for placed in instructions {
        if let Some(PaymentRef::Id(id)) = placed.subject.instruction.payment()
            && !(is_own_id(id) || in_data.contains(id.as_str()) || given.contains_key(id.as_str()))
        {
            let names = payments.ids.iter().filter(|id| !id.is_empty()).take(MOST_COMPARED);
            // In the order of the file: that of a hash map is nobody's.
            let submitted = instructions.iter().filter_map(|placed| submitted(placed));
            let hint = checker.suggest(id, submitted.chain(names));
            let message = format!("no payment is called {}", quoted(id));
            checker.warn(placed.fields.span_of("payment"), message, hint);
        }
    }
}

fn submitted<'a>(placed: &'a Placed<'_, ScheduledInstruction>) -> Option<&'a str> {
    match &placed.subject.instruction {
        Instruction::SubmitTransaction(submission) => submission.id.as_deref(),
        _ => None,
    }
}

/// Returns those ids in instructions that payments from data have.
fn in_data<'a>(
    instructions: &Instructions<'a, '_>,
    payments: &PreparedPayments,
) -> FxHashSet<&'a str> {
    let meant = |placed: &&'a Placed<'_, ScheduledInstruction>| match placed
        .subject
        .instruction
        .payment()
    {
        Some(PaymentRef::Id(id)) => Some(id.as_str()),
        _ => None,
    };
    let named: FxHashSet<&str> = instructions
        .iter()
        .filter_map(|placed| submitted(placed).or_else(|| meant(placed)))
        .collect();
    payments.ids.iter().filter_map(|id| named.get(id).copied()).collect()
}
