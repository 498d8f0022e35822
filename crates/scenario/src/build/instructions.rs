//! What operators and banks are scheduled to ask for.

use psim_model::{
    AgentNo, Instruction, MAX_ID_CHARS, PaymentAction, PaymentRef, ReleaseBudget,
    ScheduledInstruction, Submission, Tick, id_fits,
};

use rustc_hash::FxHashMap;

use super::interventions::{Reader, class};
use super::when;
use crate::diagnostic::quoted;
use crate::source::Span;
use crate::typed::{Fields, FromTyped, Item, Typed};

/// Reads one instruction of a given type.
pub(super) fn read(reader: &mut Reader<'_, '_>, kind: &str) -> Option<ScheduledInstruction> {
    let tick = when::moment(reader.checker, reader.fields, "tick", reader.known.time);
    let instruction = instruction(reader, kind, tick)?;
    Some(ScheduledInstruction { tick: tick?, instruction })
}

fn instruction(reader: &mut Reader<'_, '_>, kind: &str, tick: Option<Tick>) -> Option<Instruction> {
    let fields = reader.fields;
    Some(match kind {
        "SubmitTransaction" => Instruction::SubmitTransaction(submission(reader, tick)?),
        "SetLimits" => {
            let (agent, limits) = reader.limits()?;
            Instruction::SetLimits { agent, limits }
        }
        "UpdateAgentPolicy" => {
            let (agent, policy) = reader.policy()?;
            Instruction::UpdateAgentPolicy { agent, policy }
        }
        "PostCollateral" => {
            let (agent, reason) = (reader.agent("agent"), text(reader, "reason"));
            Instruction::PostCollateral {
                agent: agent?,
                amount: reader.amount()?,
                reason: reason?,
                auto_withdraw_after_ticks: fields.optional("auto_withdraw_after_ticks")?,
            }
        }
        "WithdrawCollateral" => {
            let (agent, reason) = (reader.agent("agent"), text(reader, "reason"));
            let (agent, reason) = (agent?, reason?);
            Instruction::WithdrawCollateral { agent, amount: reader.amount()?, reason }
        }
        "WithdrawFromRtgs" => Instruction::WithdrawFromRtgs { payment: payment(reader)? },
        "ResubmitToRtgs" => Instruction::ResubmitToRtgs {
            payment: payment(reader)?,
            rtgs_priority: class(fields, "rtgs_priority")?,
        },
        "SetReleaseBudget" => budget(reader)?,
        "Decide" => {
            let (payment, actions) = (payment(reader), actions(reader));
            Instruction::Decide { payment: payment?, actions: actions? }
        }
        _ => return None,
    })
}

fn submission(reader: &mut Reader<'_, '_>, tick: Option<Tick>) -> Option<Submission> {
    let fields = reader.fields;
    let id = text(reader, "id");
    let agents = reader.agents("sender", "receiver");
    let deadline_tick = deadline(reader, tick);
    let earliest_tick = run_tick(reader, fields, "earliest_tick");
    let (sender, receiver) = agents?;
    Some(Submission {
        id: id?,
        sender,
        receiver,
        amount: reader.amount()?,
        deadline_tick: deadline_tick?,
        earliest_tick: earliest_tick?,
        priority: fields.read("priority")?,
        rtgs_priority: class(fields, "rtgs_priority")?,
        divisible: fields.optional("divisible")?,
    })
}

/// Reads a deadline, which may lie beyond the run as in payment files.
fn deadline(reader: &mut Reader<'_, '_>, tick: Option<Tick>) -> Option<Tick> {
    const NAME: &str = "deadline_tick";
    let (fields, tick) = (reader.fields, tick?);
    let calendar = &reader.known.time?.calendar;
    let Some(deadline) = fields.optional::<u32>(NAME)?.map(Tick) else {
        return Some(calendar.last_tick_of(calendar.day_of(tick)));
    };
    if !calendar.admits_deadline(tick, deadline) {
        let message = format!("`{NAME}` {deadline} is not after the submission at tick {tick}");
        let hint = "deadlines are ticks of the run, counted from 0 over all days".to_owned();
        reader.checker.fault(fields.span_of(NAME), message, Some(hint));
        return None;
    }
    Some(deadline)
}

/// Reads a tick of the run that need not be given.
#[expect(clippy::option_option, reason = "not given is not the same as faulty")]
fn run_tick(reader: &mut Reader<'_, '_>, fields: &Fields, name: &str) -> Option<Option<Tick>> {
    match fields.given(name) {
        Some(_) => when::tick(reader.checker, fields, name, reader.known.time).map(Some),
        None => Some(None),
    }
}

/// Reads a text that need not be given and is printed as it is.
#[expect(clippy::option_option, reason = "not given is not the same as faulty")]
fn text(reader: &mut Reader<'_, '_>, name: &str) -> Option<Option<String>> {
    let fields = reader.fields;
    let text: Option<String> = fields.optional(name)?;
    if text.as_ref().is_some_and(|text| text.chars().any(char::is_control)) {
        let message = format!("`{name}` contains a control character");
        reader.checker.fault(fields.span_of(name), message, None);
        return None;
    }
    if text.as_ref().is_some_and(|text| !id_fits(text)) {
        let message = format!("`{name}` has more than {MAX_ID_CHARS} characters");
        reader.checker.fault(fields.span_of(name), message, None);
        return None;
    }
    Some(text)
}

fn payment(reader: &mut Reader<'_, '_>) -> Option<PaymentRef> {
    text(reader, "payment")?.map(PaymentRef::Id)
}

fn budget(reader: &mut Reader<'_, '_>) -> Option<Instruction> {
    let fields = reader.fields;
    let agent = reader.agent("agent");
    let focus_counterparties = match fields.given("focus_counterparties") {
        None => None,
        Some(_) => focus(reader, agent)?,
    };
    let budget = ReleaseBudget {
        max_value_to_release: fields.read("max_value_to_release")?,
        focus_counterparties,
        max_per_counterparty: fields.optional("max_per_counterparty")?,
    };
    Some(Instruction::SetReleaseBudget { agent: agent?, budget })
}

/// Reads a focus list; an empty one means none, as if it were not given.
#[expect(clippy::option_option, reason = "no focus is not the same as a faulty one")]
fn focus(reader: &mut Reader<'_, '_>, agent: Option<AgentNo>) -> Option<Option<Vec<AgentNo>>> {
    let Typed::List(items) = &reader.fields.item("focus_counterparties")?.typed else {
        return None;
    };
    let mut sound = true;
    let mut found: FxHashMap<AgentNo, Span> = FxHashMap::default();
    for item in items {
        let Some((receiver, id, span)) = item.as_ref().and_then(|item| {
            let id = String::from_typed(&item.typed)?;
            Some((reader.find(&id, item.span)?, id, item.span))
        }) else {
            sound = false;
            continue;
        };
        if let Some(first) = found.get(&receiver) {
            let message = format!("{} is named twice", quoted(&id));
            reader.checker.fault_between(span, message, *first, "named here");
            sound = false;
        }
        if Some(receiver) == agent {
            let message = format!("{} cannot pay itself", quoted(&id));
            reader.checker.fault(span, message, None);
            sound = false;
        }
        found.entry(receiver).or_insert(span);
    }
    let mut receivers: Vec<AgentNo> = found.into_keys().collect();
    receivers.sort_unstable();
    sound.then(|| Some(receivers).filter(|receivers| !receivers.is_empty()))
}

fn actions(reader: &mut Reader<'_, '_>) -> Option<Vec<PaymentAction>> {
    let Typed::List(items) = &reader.fields.item("actions")?.typed else { return None };
    let actions: Vec<Option<PaymentAction>> =
        items.iter().map(|item| action(reader, item.as_ref()?)).collect();
    let before = items.iter().zip(&actions).take(items.len().saturating_sub(1));
    let mut in_order = true;
    for (item, action) in before {
        let (Some(item), Some(action)) = (item, action) else { continue };
        if !matches!(action, PaymentAction::Reprioritize { .. }) {
            let message = "only `Reprioritize` can come before another action";
            reader.checker.fault(item.span, message, None);
            in_order = false;
        }
    }
    let actions = actions.into_iter().collect::<Option<Vec<_>>>()?;
    in_order.then_some(actions)
}

fn action(reader: &mut Reader<'_, '_>, item: &Item) -> Option<PaymentAction> {
    let Typed::Variant(kind, fields) = &item.typed else { return None };
    Some(match *kind {
        "Release" => PaymentAction::Release {
            rtgs_priority: match fields.given("rtgs_priority") {
                Some(_) => Some(class(fields, "rtgs_priority")?),
                None => None,
            },
            priority: fields.optional("priority")?,
            timed_for_tick: run_tick(reader, fields, "timed_for_tick")?,
        },
        "Hold" => PaymentAction::Hold,
        "Reprioritize" => {
            PaymentAction::Reprioritize { new_priority: fields.read("new_priority")? }
        }
        "Split" => PaymentAction::Split { num_splits: fields.read("num_splits")? },
        "StaggerSplit" => stagger(reader, fields)?,
        "Drop" => PaymentAction::Drop,
        "WithdrawFromRtgs" => PaymentAction::WithdrawFromRtgs,
        "ResubmitToRtgs" => {
            PaymentAction::ResubmitToRtgs { rtgs_priority: class(fields, "rtgs_priority")? }
        }
        _ => return None,
    })
}

fn stagger(reader: &mut Reader<'_, '_>, fields: &Fields) -> Option<PaymentAction> {
    let (num_splits, now): (u32, u32) =
        (fields.read("num_splits")?, fields.read("stagger_first_now")?);
    if now > num_splits {
        let message = format!("`stagger_first_now` is {now}, but there are {num_splits} parts");
        reader.checker.fault(fields.span_of("stagger_first_now"), message, None);
        return None;
    }
    Some(PaymentAction::StaggerSplit {
        num_splits,
        stagger_first_now: now,
        stagger_gap_ticks: fields.read("stagger_gap_ticks")?,
        priority_boost_children: fields.read("priority_boost_children")?,
    })
}
