//! The instructions of a random world: all types, many of which will be refused.

use psim_model::{
    AgentNo, Instruction, Money, PaymentNo, PaymentRef, ReleaseBudget, Scenario,
    ScheduledInstruction, Submission, Tick,
};

use super::draws::Draws;
use super::{WorldSize, banks, decisions, policies};

/// The ids that instructions give.
#[derive(Clone, Copy, Debug)]
pub(super) struct GivenIds {
    /// What they begin with.
    pub(super) prefix: &'static str,
    /// How many there are; they come again after that.
    pub(super) count: u32,
}

/// Returns instructions, about one for each payment, in order of their ticks.
pub(super) fn instructions(
    draws: &mut Draws,
    scenario: &Scenario,
    size: &WorldSize,
    ids: GivenIds,
    unit: i64,
) -> Vec<ScheduledInstruction> {
    let last = scenario.calendar.last_tick();
    let count = draws.between(1, size.payments_max.max(1));
    let mut instructions: Vec<ScheduledInstruction> = (0..count)
        .map(|index| {
            let tick = Tick(draws.between(0, last.0));
            let is_about_payment = draws.below(3) != 0;
            let id = format!("{}/{}", ids.prefix, index % ids.count);
            let (tick, instruction) = if is_about_payment {
                let (tick, payment) = payment(draws, scenario, tick, ids.prefix);
                (tick.min(last), about_payment(draws, payment))
            } else {
                (tick, for_agent(draws, scenario, tick, id, unit))
            };
            ScheduledInstruction { tick, instruction }
        })
        .collect();
    instructions.sort_by_key(|scheduled| scheduled.tick);
    instructions
}

/// Returns a payment and a tick on which it may be waiting.
fn payment(draws: &mut Draws, scenario: &Scenario, tick: Tick, prefix: &str) -> (Tick, PaymentRef) {
    let payments = &scenario.payments;
    if payments.rows.is_empty() || draws.once_in(6) {
        let number = draws.between(0, 60);
        return match draws.below(3) {
            0 => (tick, PaymentRef::Number(PaymentNo(number))),
            1 => (tick, PaymentRef::Id(format!("tx-{number}"))),
            _ => (tick, PaymentRef::Id(format!("{prefix}/{number}"))),
        };
    }
    let index = draws.below(payments.rows.len());
    let soon = Tick(payments.rows[index].tick.0 + draws.pick(&[0, 1, 1, 2, 4]));
    match payments.given_id(index) {
        Some(id) if draws.below(3) != 0 => (soon, PaymentRef::Id(id.to_owned())),
        _ => (soon, PaymentRef::Number(PaymentNo::from_index(index))),
    }
}

fn about_payment(draws: &mut Draws, payment: PaymentRef) -> Instruction {
    match draws.below(6) {
        0 => Instruction::WithdrawFromRtgs { payment },
        1 => Instruction::ResubmitToRtgs { payment, rtgs_priority: draws.class() },
        _ => Instruction::Decide { payment, actions: decisions::actions(draws) },
    }
}

fn for_agent(
    draws: &mut Draws,
    scenario: &Scenario,
    tick: Tick,
    id: String,
    unit: i64,
) -> Instruction {
    let agents = scenario.agents.len();
    let (agent, other) = draws.pair(agents);
    match draws.below(8) {
        0 | 1 => Instruction::SubmitTransaction(Submission {
            id: draws.once_in(2).then_some(id),
            ..submission(draws, (agent, other), tick, unit)
        }),
        2 => {
            let limits = banks::limits(draws, agent, agents, unit);
            Instruction::SetLimits { agent, limits }
        }
        3 => {
            let policy = policies::another(draws, scenario, unit);
            Instruction::UpdateAgentPolicy { agent, policy }
        }
        4 => Instruction::PostCollateral {
            agent,
            amount: draws.amount(unit),
            reason: draws.once_in(2).then(|| "morning".to_owned()),
            auto_withdraw_after_ticks: draws.pick(&[None, Some(1), Some(2), Some(5)]),
        },
        5 => Instruction::WithdrawCollateral {
            agent,
            amount: draws.amount(unit),
            reason: draws.once_in(2).then(|| "surplus".to_owned()),
        },
        _ => Instruction::SetReleaseBudget { agent, budget: budget(draws, other, agents, unit) },
    }
}

fn submission(
    draws: &mut Draws,
    (sender, receiver): (AgentNo, AgentNo),
    tick: Tick,
    unit: i64,
) -> Submission {
    Submission {
        id: None,
        sender,
        receiver,
        amount: draws.amount(unit),
        deadline_tick: Tick(tick.0 + draws.pick(&[0, 1, 1, 2, 5, 40])),
        earliest_tick: draws.pick(&[None, None, None, Some(Tick(0)), Some(Tick(tick.0 + 2))]),
        priority: draws.priority(),
        rtgs_priority: draws.class(),
        divisible: draws.pick(&[None, Some(true), Some(false)]),
    }
}

fn budget(draws: &mut Draws, other: AgentNo, agents: usize, unit: i64) -> ReleaseBudget {
    let mut focus = vec![other, AgentNo::from_index(draws.below(agents))];
    focus.sort_unstable();
    focus.dedup();
    focus.truncate(draws.below(focus.len() + 1));
    ReleaseBudget {
        max_value_to_release: Money::from_minor(draws.pick(&[0, 2, 5, 20, 99]) * unit),
        focus_counterparties: draws.once_in(3).then_some(focus),
        max_per_counterparty: draws
            .once_in(2)
            .then(|| Money::from_minor(draws.pick(&[0, 2, 4, 9]) * unit)),
    }
}
