//! What was asked for between ticks, what befell the system, and the terms that hold since.

use psim_model::Total;
use psim_model::event::{EventBatch, FundsTransferred, InstructionGiven, ScenarioEventExecuted};

use super::listing::write_largest;
use super::sorted::Sorted;
use super::{arguments, distance, terms, tick};
use crate::phrases::{instruction_phrase, origin_phrase, scenario_event_phrase, transfer_phrase};
use crate::table::Grid;
use crate::text::count;
use crate::wording::Wording;

/// Writes the instructions and whether they were carried out.
pub(super) fn write_instructions(
    text: &mut String,
    batch: &EventBatch,
    sorted: &Sorted,
    wording: &Wording,
) {
    let given = &sorted.instructions;
    let refused = given.iter().filter(|event| event.refusal.is_some()).count();
    let title = with_rest("Instructions", given.len(), refused, "refused");
    write_largest(text, &title, Grid::new("lllll"), given, first, |event: &&InstructionGiven| {
        let kind = instruction_phrase(event.instruction_type);
        let arguments = batch.text_of(event.arguments);
        let agent = event.agent_id.map(|agent| wording.agent(agent).to_owned());
        let payment = event.tx_id.map(|payment| wording.payment(payment).into_owned());
        let whom = payment.or(agent).or_else(|| arguments::payment(arguments));
        let status = match event.refusal {
            None => "carried out".to_owned(),
            Some(refusal) => format!("refused: {}", refusal.phrase()),
        };
        vec![
            whom.unwrap_or_default(),
            with_details(kind, &arguments::of_instruction(event.instruction_type, arguments)),
            origin_phrase(event.origin).to_owned(),
            status,
        ]
    });
}

/// Writes the scenario events, the money they moved, the terms that changed and whom that left
/// beyond its permission.
pub(super) fn write_scenario_events(
    text: &mut String,
    batch: &EventBatch,
    sorted: &Sorted,
    wording: &Wording,
) {
    let executed = &sorted.scenario_events;
    let not_applied = executed.iter().filter(|event| !event.applied).count();
    let title = with_rest("Scenario events", executed.len(), not_applied, "not applied");
    let row = |event: &&ScenarioEventExecuted| {
        let whom = match (event.agent_id, event.counterparty_id) {
            (Some(agent), Some(counterparty)) => wording.way(agent, counterparty),
            (Some(agent), None) => wording.agent(agent).to_owned(),
            _ => "all".to_owned(),
        };
        let kind = event.scenario_event_type;
        let details = arguments::of_scenario_event(kind, batch.text_of(event.details_json));
        let status = match event.reason {
            None => "applied".to_owned(),
            Some(reason) => format!("not applied: {}", reason.phrase()),
        };
        vec![whom, with_details(scenario_event_phrase(kind), &details), status]
    };
    write_largest(text, &title, Grid::new("lll"), executed, first, row);
    write_transfers(text, &sorted.transfers, wording);
    terms::write(text, batch, sorted, wording);
    tick::write_over_extended(text, &sorted.over_extended, wording);
}

fn write_transfers(text: &mut String, transfers: &[&FundsTransferred], wording: &Wording) {
    let all: Total = transfers.iter().map(|event| event.amount).sum();
    let title = format!("Moved without a payment: {}", wording.amount(all));
    let size = |event: &&FundsTransferred| distance(event.amount);
    write_largest(text, &title, Grid::new("lrll"), transfers, size, |event| {
        let sender = wording.agent(event.sender_id);
        let balance = wording.amount(event.sender_balance_after);
        vec![
            wording.way(event.sender_id, event.receiver_id),
            wording.amount(event.amount),
            transfer_phrase(event.kind).to_owned(),
            format!("{sender} has {balance}"),
        ]
    });
}

/// Takes items that have no size for equally large, so that the first are shown.
fn first<T>(_: &T) -> u64 {
    0
}

fn with_rest(title: &str, number: usize, rest: usize, word: &str) -> String {
    let number = count(number as u64);
    match rest {
        0 => format!("{title}: {number}"),
        rest => format!("{title}: {number}, {} {word}", count(rest as u64)),
    }
}

fn with_details(kind: &str, details: &str) -> String {
    match details {
        "" => kind.to_owned(),
        details => format!("{kind}: {details}"),
    }
}
