//! Calls: such as can be carried out, and such as cannot.

use psim_model::{
    AgentNo, CheckedScenario, Instruction, Limits, Money, PaymentAction, PaymentNo, PaymentRef,
    Policy, Priority, ReleaseBudget, RtgsPriority, ScheduledInstruction, Submission, Tick,
};
use psim_policy::library;
use psim_testkit::worlds::document;

use crate::dice::Dice;
use crate::mutate;

const AMOUNTS: &[i64] =
    &[0, -1, 1, 2, 5, 99, 1_000, 1 << 54, 1 << 60, (1 << 61) - 1, i64::MAX, i64::MIN];
const TICKS: &[u32] = &[0, 1, 2, 3, 5, 8, 20, 1_000, u32::MAX - 1, u32::MAX];
const CLASSES: [RtgsPriority; 3] =
    [RtgsPriority::HighlyUrgent, RtgsPriority::Urgent, RtgsPriority::Normal];

/// Someone who calls, and knows who takes part.
pub(super) struct Caller<'a> {
    scenario: &'a CheckedScenario,
    /// Calls that make sense.
    planned: &'a [ScheduledInstruction],
    /// Documents that name nobody, or agents of other worlds.
    policies: Vec<Policy>,
}

impl<'a> Caller<'a> {
    pub(super) fn new(
        scenario: &'a CheckedScenario,
        planned: &'a [ScheduledInstruction],
        dice: &mut Dice,
    ) -> Self {
        let mut policies: Vec<Policy> = library::names().filter_map(library::named).collect();
        let mut agents: Vec<String> =
            scenario.agents.iter().map(|agent| agent.id.clone()).collect();
        policies.push(Policy::new(document(dice.number(), &agents, 1)));
        agents.push("Nobody".to_owned());
        policies.extend((0..3).map(|_| Policy::new(document(dice.number(), &agents, 1))));
        Self { scenario, planned, policies }
    }

    /// Returns one of the calls that make sense, or one that was spoiled.
    pub(super) fn any(&self, dice: &mut Dice) -> Instruction {
        let planned = self.planned.get(dice.below(self.planned.len()));
        let call = match planned {
            Some(planned) if dice.once_in(2) => planned.instruction.clone(),
            _ => Instruction::SubmitTransaction(self.submission(dice)),
        };
        if dice.once_in(3) { self.spoiled(call, dice) } else { call }
    }

    /// Returns some payments to submit together.
    pub(super) fn batch(&self, dice: &mut Dice) -> Vec<Submission> {
        (0..dice.below(5)).map(|_| self.submission(dice)).collect()
    }

    /// Returns the id of an agent, or another word.
    pub(super) fn agent_id(&self, dice: &mut Dice) -> String {
        let agents = &self.scenario.agents;
        if dice.once_in(4) {
            return mutate::word(dice).to_owned();
        }
        agents[dice.below(agents.len())].id.clone()
    }

    /// Returns an id that a payment may have.
    pub(super) fn payment_id(&self, dice: &mut Dice) -> String {
        let given = &self.scenario.payments.ids;
        match dice.below(6) {
            0 => mutate::word(dice).to_owned(),
            1 => given.get(dice.below(given.len())).unwrap_or("p").to_owned(),
            2 => format!("Anruf/{}", dice.below(6)),
            3 => format!("Auftrag/{}", dice.below(20)),
            4 => "x".repeat(254 + dice.below(5)),
            _ => format!("tx-{}", dice.below(60)),
        }
    }

    fn submission(&self, dice: &mut Dice) -> Submission {
        let last = self.scenario.calendar.horizon() as usize;
        let agents = self.scenario.agents.len();
        let sender = dice.below(agents);
        // Seldom to itself.
        let receiver = (sender + dice.below(agents * 8)).max(1) % agents;
        let amount = if dice.once_in(8) { any(AMOUNTS, dice) } else { 1 + self.modest(dice) };
        Submission {
            id: dice.once_in(3).then(|| self.payment_id(dice)),
            sender: AgentNo::from_index(sender),
            receiver: AgentNo::from_index(receiver),
            amount: Money::from_minor(amount),
            deadline_tick: Tick(dice.below_32(last + 4)),
            earliest_tick: dice.once_in(4).then(|| Tick(any(TICKS, dice))),
            priority: Priority::clamped(dice.byte() % 11),
            rtgs_priority: any(&CLASSES, dice),
            divisible: any(&[None, Some(true), Some(false)], dice),
        }
    }

    /// An amount such as others in this world.
    fn modest(&self, dice: &mut Dice) -> i64 {
        let rows = &self.scenario.payments.rows;
        let row = rows.get(dice.below(rows.len()));
        row.map_or(i64::from(dice.byte() % 20), |row| row.amount.minor())
    }

    /// Changes something in a call.
    pub(super) fn spoiled(&self, call: Instruction, dice: &mut Dice) -> Instruction {
        let mut call = call;
        match &mut call {
            Instruction::SubmitTransaction(submission) => self.spoil_submission(submission, dice),
            Instruction::SetLimits { agent, limits } => match dice.below(3) {
                0 => *agent = self.agent(dice),
                1 => limits.multilateral = Some(self.amount(dice)),
                _ => *limits = self.limits(dice),
            },
            Instruction::UpdateAgentPolicy { agent, policy } => {
                if dice.once_in(2) {
                    *agent = self.agent(dice);
                } else {
                    *policy = self.policies[dice.below(self.policies.len())].clone();
                }
            }
            Instruction::PostCollateral { agent, amount, auto_withdraw_after_ticks, .. } => {
                match dice.below(3) {
                    0 => *agent = self.agent(dice),
                    1 => *amount = self.amount(dice),
                    _ => *auto_withdraw_after_ticks = Some(any(TICKS, dice)),
                }
            }
            Instruction::WithdrawCollateral { agent, amount, .. } => {
                if dice.once_in(2) {
                    *agent = self.agent(dice);
                } else {
                    *amount = self.amount(dice);
                }
            }
            Instruction::SetReleaseBudget { agent, budget } => {
                if dice.once_in(2) {
                    *agent = self.agent(dice);
                } else {
                    *budget = self.budget(dice);
                }
            }
            Instruction::WithdrawFromRtgs { payment } => *payment = self.payment(dice),
            Instruction::ResubmitToRtgs { payment, rtgs_priority } => {
                if dice.once_in(2) {
                    *payment = self.payment(dice);
                }
                *rtgs_priority = any(&CLASSES, dice);
            }
            Instruction::Decide { payment, actions } => {
                if dice.once_in(2) {
                    *payment = self.payment(dice);
                }
                spoil_actions(actions, dice);
            }
        }
        call
    }

    fn spoil_submission(&self, submission: &mut Submission, dice: &mut Dice) {
        match dice.below(6) {
            0 => submission.id = Some(self.payment_id(dice)),
            1 => submission.sender = self.agent(dice),
            2 => submission.receiver = self.agent(dice),
            3 => submission.amount = self.amount(dice),
            4 => submission.deadline_tick = Tick(any(TICKS, dice)),
            _ => submission.earliest_tick = Some(Tick(any(TICKS, dice))),
        }
    }

    /// An agent that need not take part.
    fn agent(&self, dice: &mut Dice) -> AgentNo {
        let count = self.scenario.agents.len();
        if dice.once_in(12) {
            AgentNo(u32::MAX)
        } else {
            AgentNo::from_index(dice.below(count + 1))
        }
    }

    fn amount(&self, dice: &mut Dice) -> Money {
        let amount = if dice.once_in(2) { self.modest(dice) } else { any(AMOUNTS, dice) };
        Money::from_minor(amount)
    }

    /// Limits in any order, of agents that need not take part.
    fn limits(&self, dice: &mut Dice) -> Limits {
        let bilateral = (0..dice.below(4)).map(|_| (self.agent(dice), self.amount(dice))).collect();
        Limits { multilateral: dice.once_in(2).then(|| self.amount(dice)), bilateral }
    }

    fn budget(&self, dice: &mut Dice) -> ReleaseBudget {
        let focus = (0..dice.below(4)).map(|_| self.agent(dice)).collect();
        ReleaseBudget {
            max_value_to_release: self.amount(dice),
            focus_counterparties: dice.once_in(2).then_some(focus),
            max_per_counterparty: dice.once_in(2).then(|| self.amount(dice)),
        }
    }

    fn payment(&self, dice: &mut Dice) -> PaymentRef {
        match dice.below(4) {
            0 => PaymentRef::Number(PaymentNo(any(TICKS, dice))),
            1 => PaymentRef::Number(PaymentNo(dice.below_32(60))),
            _ => PaymentRef::Id(self.payment_id(dice)),
        }
    }
}

/// Changes what is decided about a payment; never into very many parts, each of which is walked.
fn spoil_actions(actions: &mut Vec<PaymentAction>, dice: &mut Dice) {
    const PARTS: &[u32] = &[0, 1, 2, 3, 7];
    let action = match dice.below(8) {
        0 => return actions.clear(),
        1 => PaymentAction::Release {
            rtgs_priority: Some(any(&CLASSES, dice)),
            priority: dice.once_in(2).then(|| Priority::clamped(dice.byte())),
            timed_for_tick: dice.once_in(2).then(|| Tick(any(TICKS, dice))),
        },
        2 => PaymentAction::Split { num_splits: any(PARTS, dice) },
        3 => PaymentAction::StaggerSplit {
            num_splits: any(PARTS, dice),
            stagger_first_now: any(PARTS, dice),
            stagger_gap_ticks: any(TICKS, dice),
            priority_boost_children: dice.byte(),
        },
        4 => PaymentAction::Reprioritize { new_priority: Priority::clamped(dice.byte() % 16) },
        5 => PaymentAction::Drop,
        6 => PaymentAction::WithdrawFromRtgs,
        _ => PaymentAction::ResubmitToRtgs { rtgs_priority: any(&CLASSES, dice) },
    };
    let at = dice.below(actions.len() + 1);
    if dice.once_in(3) {
        actions.insert(at, action);
    } else {
        *actions = vec![action];
    }
}

fn any<T: Copy>(choices: &[T], dice: &mut Dice) -> T {
    choices[dice.below(choices.len())]
}
