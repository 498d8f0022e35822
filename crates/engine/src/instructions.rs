//! Instructions: what operators and banks ask for before a tick.

use psim_model::event::{BankBudgetSet, InstructionGiven, Origin, Refusal};
use psim_model::{
    AgentNo, Instruction, Money, PaymentAction, PaymentNo, PaymentRef, PreparedPayment,
    ReleaseBudget, RtgsPriority, Scenario, Submission,
};
use rustc_hash::FxHashSet;

use crate::agenda::Due;
use crate::arrivals;
use crate::changes;
use crate::collateral::{self, Request};
use crate::followers;
use crate::payments::Place;
use crate::transit;
use crate::world::{Step, World};

/// Carries out the instructions that the scenario has for the coming tick.
pub(crate) fn carry_out_due(world: &mut World, step: &mut Step<'_>, due: &Due) {
    for instruction in due.instructions(step.scenario) {
        // One that is refused is recorded, and that is all.
        let _ = carry_out(world, step, instruction, Origin::Scenario);
    }
}

/// Carries out an instruction, or says why it cannot be; that is recorded, except of calls. Returns
/// the payment that was submitted, if one was.
pub(crate) fn carry_out(
    world: &mut World,
    step: &mut Step<'_>,
    instruction: &Instruction,
    origin: Origin,
) -> Result<Option<PaymentNo>, Refusal> {
    let payment = instruction.payment().and_then(|payment| find(world, step.scenario, payment));
    let refusal = refusal(world, step, (instruction, payment), origin);
    if origin == Origin::Scenario || refusal.is_none() {
        let arguments = step.batch.text(&instruction.arguments(&step.scenario.agents));
        step.emit(InstructionGiven {
            origin,
            instruction_type: instruction.kind(),
            agent_id: instruction.agent(),
            tx_id: payment,
            arguments,
            refusal,
        });
    }
    match refusal {
        Some(refusal) => Err(refusal),
        None => Ok(apply(world, step, instruction, payment, origin)),
    }
}

/// Finds a payment by its number or its id.
fn find(world: &World, scenario: &Scenario, payment: &PaymentRef) -> Option<PaymentNo> {
    match payment {
        PaymentRef::Number(no) => (no.index() < world.payments.len()).then_some(*no),
        PaymentRef::Id(id) => called(world, scenario, id),
    }
}

/// Finds a payment by its id.
pub(crate) fn called(world: &World, scenario: &Scenario, id: &str) -> Option<PaymentNo> {
    world.ids.given(id).or_else(|| own_number(world, scenario, id))
}

/// Returns the number in an id `tx-{number}`; a payment with a given id does not answer to it.
fn own_number(world: &World, scenario: &Scenario, id: &str) -> Option<PaymentNo> {
    let no = PaymentNo::from_own_id(id)?;
    let is_there = no.index() < world.payments.len();
    (is_there && !world.ids.is_named(no, scenario)).then_some(no)
}

fn refusal(
    world: &World,
    step: &Step<'_>,
    (instruction, payment): (&Instruction, Option<PaymentNo>),
    origin: Origin,
) -> Option<Refusal> {
    if origin == Origin::Api && world.ids.claims_own_form() && instruction.creates_payments() {
        return Some(Refusal::IdInUse);
    }
    if instruction.payment().is_some() && payment.is_none() {
        return Some(Refusal::UnknownPayment);
    }
    let place = payment.map(|no| world.payments.get(no).place);
    let is_in_queue1 = matches!(place, Some(Place::Arrived | Place::Queue1));
    let is_in_queue2 = place == Some(Place::Queue2);
    let refused = |is_so: bool, refusal: Refusal| is_so.then_some(refusal);
    match instruction {
        Instruction::SubmitTransaction(submission) => {
            refusal_of(world, step, (submission, 0), origin)
        }
        Instruction::SetLimits { agent, limits } => {
            refused(world.limits.are(*agent, limits), Refusal::NoChange)
        }
        Instruction::UpdateAgentPolicy { agent, policy } => {
            refused(world.follows(*agent, policy), Refusal::NoChange)
        }
        Instruction::PostCollateral { agent, amount, .. } => {
            collateral::postable(world, step, *agent, *amount).err()
        }
        Instruction::WithdrawCollateral { agent, amount, .. } => {
            collateral::withdrawable(world, step.moment(), *agent, *amount).err()
        }
        Instruction::WithdrawFromRtgs { .. } => refused(!is_in_queue2, Refusal::NotInQueue2),
        Instruction::ResubmitToRtgs { rtgs_priority, .. } => {
            let has_it = |class: RtgsPriority| {
                payment.is_some_and(|no| world.payments.get(no).class == class)
            };
            refused(!is_in_queue1 && !is_in_queue2, Refusal::NotWaiting)
                .or(refused(is_in_queue1 && has_it(*rtgs_priority), Refusal::NoChange))
        }
        Instruction::SetReleaseBudget { .. } => None,
        Instruction::Decide { .. } => {
            let awaits = payment.is_some_and(|no| world.splits.awaits_time(no));
            refused(!is_in_queue1 && !is_in_queue2, Refusal::NotWaiting)
                .or(refused(awaits, Refusal::AwaitsItsTime))
        }
    }
}

/// Returns why one of several payments that are submitted by one call cannot be, given their ids
/// before it.
pub(crate) fn refusal_in_batch(
    world: &World,
    step: &Step<'_>,
    (submission, earlier): (&Submission, usize),
    ids_before: &FxHashSet<&str>,
) -> Option<Refusal> {
    let id = submission.id.as_deref();
    if id.is_none() && world.ids.claims_own_form() || id.is_some_and(|id| ids_before.contains(id)) {
        return Some(Refusal::IdInUse);
    }
    refusal_of(world, step, (submission, earlier), Origin::Api)
}

/// Returns why a payment cannot be submitted after so many others that are about to be.
fn refusal_of(
    world: &World,
    step: &Step<'_>,
    (submission, earlier): (&Submission, usize),
    origin: Origin,
) -> Option<Refusal> {
    let id = submission.id.as_deref();
    if id.is_some_and(|id| world.ids.is_taken(id, origin == Origin::Api)) {
        Some(Refusal::IdInUse)
    } else if !step.scenario.calendar.admits_deadline(step.now, submission.deadline_tick) {
        Some(Refusal::DeadlinePassed)
    } else if u32::try_from(world.payments.len() + earlier + 1).is_err() {
        Some(Refusal::TooManyPayments)
    } else {
        None
    }
}

fn apply(
    world: &mut World,
    step: &mut Step<'_>,
    instruction: &Instruction,
    payment: Option<PaymentNo>,
    origin: Origin,
) -> Option<PaymentNo> {
    match instruction {
        Instruction::SubmitTransaction(submission) => {
            return Some(submit(world, step, submission));
        }
        Instruction::SetLimits { agent, limits } => {
            changes::set_limits(world, step, *agent, limits);
        }
        Instruction::UpdateAgentPolicy { agent, policy } => {
            followers::replace(world, step, *agent, policy, origin);
        }
        Instruction::PostCollateral { agent, amount, reason, auto_withdraw_after_ticks } => {
            let request = request(*agent, *amount, reason.as_deref(), origin);
            collateral::post(world, step, request, *auto_withdraw_after_ticks);
        }
        Instruction::WithdrawCollateral { agent, amount, reason } => {
            collateral::withdraw(world, step, request(*agent, *amount, reason.as_deref(), origin));
        }
        Instruction::SetReleaseBudget { agent, budget } => set_budget(world, step, *agent, budget),
        Instruction::WithdrawFromRtgs { .. } => {
            transit::withdraw(world, step, found(payment), origin);
        }
        Instruction::ResubmitToRtgs { rtgs_priority, .. } => {
            transit::resubmit(world, step, found(payment), *rtgs_priority, origin);
        }
        Instruction::Decide { actions, .. } => decide(world, found(payment), actions),
    }
    None
}

/// Returns the payment that an instruction is about.
fn found(payment: Option<PaymentNo>) -> PaymentNo {
    payment.expect("Invariant: an instruction about an unknown payment is refused")
}

fn request(agent: AgentNo, amount: Money, reason: Option<&str>, origin: Origin) -> Request<'_> {
    Request { agent, amount, reason: reason.unwrap_or_default(), origin }
}

fn submit(world: &mut World, step: &mut Step<'_>, submission: &Submission) -> PaymentNo {
    let newcomer = PreparedPayment {
        tick: step.now,
        sender: submission.sender,
        receiver: submission.receiver,
        amount: submission.amount,
        deadline: submission.deadline_tick,
        earliest: submission.earliest_tick.map_or(step.now, |tick| tick.max(step.now)),
        priority: submission.priority,
        rtgs_priority: submission.rtgs_priority,
        divisible: submission.divisible,
    };
    let no = arrivals::arrive(world, step, &newcomer, submission.id.as_deref());
    if let Some(id) = &submission.id {
        world.ids.note_submitted(id, no);
    }
    world.settle_into_queue1(no);
    no
}

pub(crate) fn set_budget(
    world: &mut World,
    step: &mut Step<'_>,
    agent: AgentNo,
    budget: &ReleaseBudget,
) {
    world.decisions.set_budget(agent, budget.clone());
    world.queue1.ask_again(agent);
    let focus = budget.focus_counterparties.as_ref();
    let event = BankBudgetSet {
        agent_id: agent,
        max_value_to_release: budget.max_value_to_release,
        has_focus: focus.is_some(),
        focus_counterparties: step.batch.agents(focus.into_iter().flatten().copied()),
        max_per_counterparty: budget.max_per_counterparty,
        decision_path: step.path,
    };
    step.emit(event);
}

fn decide(world: &mut World, no: PaymentNo, actions: &[PaymentAction]) {
    let payment = *world.payments.get(no);
    world.decisions.decide(payment.sender, no, actions.to_vec());
    if payment.place != Place::Queue2 {
        world.queue1.ask_again(payment.sender);
    }
}
