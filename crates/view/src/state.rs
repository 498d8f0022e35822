//! The state of a run, rebuilt from its events alone.
//!
//! This is the core that every fold with a memory stands on. It follows what the events say and
//! decides nothing: no settlement rule, no cost formula lives here. Agents and payments that the
//! stream never introduced are passed over, so that a damaged stream cannot bring a fold down.

mod agent;
mod costs;
mod flows;
mod lines;
mod money;
mod ordering;
mod payment;
mod place;
mod policy;
mod queues;
mod setting;
mod settlement;
mod tally;
mod wait_reason;

use std::cmp::Reverse;
use std::collections::BTreeMap;

use psim_model::event::{
    AgentOpened, Arrival, CollateralPost, CollateralTimerWithdrawn, CollateralValueChanged,
    CollateralWithdraw, CostAccrual, CreditLimitChanged, DeferredCreditApplied, Event, EventBatch,
    LimitsSet, LiquidityAllocation, LiquidityReturn, ParticipantOutage, ParticipantRecovery,
    PolicyDrop, PolicyFollowed, PolicyHold, PolicyReplaced, PolicySplit, PriorityEscalated,
    Queue2LiquidityRelease, QueuedRtgs, ReservationsSet, RtgsImmediateSettlement, RtgsResubmission,
    RtgsSubmission, RtgsWithdrawal, SplitCompleted, StateRegisterSet, TransactionReprioritized,
    TransactionWentOverdue,
};
use psim_model::{AgentNo, Day, Money, PaymentNo, PriorityBand, Tick, Total};

pub use agent::AgentState;
pub use costs::{CostKind, Costs};
use flows::Flows;
use ordering::Ordering;
pub use payment::Payment;
pub use place::Place;
pub(crate) use place::{Queue, drop_phrase};
use policy::PolicyText;
use queues::{Line, Queues};
pub(crate) use setting::Setting;
pub use settlement::Settlement;
pub(crate) use tally::Size;
pub use tally::Tally;
pub use wait_reason::WaitReason;

/// Everything that can be known of a run after its last event.
#[derive(Clone, Debug, Default)]
pub(crate) struct State {
    /// The tick of the last batch; `None` before the first.
    pub(crate) tick: Option<Tick>,
    pub(crate) day: Day,
    pub(crate) setting: Setting,
    pub(crate) agents: Vec<AgentState>,
    pub(crate) payments: Vec<Payment>,
    pub(crate) queue1: Tally,
    pub(crate) queue2: Tally,
    pub(crate) ended: bool,
    queues: Queues,
    ordering: Ordering,
    flows: Flows,
}

impl State {
    /// Moves on to the tick of a batch; returns whether a new day begins with it.
    pub(crate) fn begin(&mut self, batch: &EventBatch) -> bool {
        let new_day = self.tick.is_some() && batch.day() != self.day;
        self.tick = Some(batch.tick());
        self.day = batch.day();
        self.ordering.begin(&self.setting);
        if new_day {
            self.flows.clear();
            for agent in &mut self.agents {
                agent.costs_today = Costs::default();
            }
        }
        new_day
    }

    /// Takes in one event of the batch that was begun.
    pub(crate) fn apply(&mut self, batch: &EventBatch, event: &Event) {
        if self.ordering.is_due_before(event) {
            self.end();
        }
        match event {
            Event::RunStarted(_) | Event::DelayRatesSet(_) | Event::RulesSet(_) => {
                self.setting.apply(batch, event);
                self.ordering.begin(&self.setting);
            }
            Event::AgentOpened(opened) => self.open_agent(opened),
            Event::PolicyFollowed(followed) => self.follow_policy(batch, followed),
            Event::Arrival(arrival) => self.arrive(batch.tick(), arrival),
            Event::RtgsImmediateSettlement(RtgsImmediateSettlement { tx_id, .. })
            | Event::Queue2LiquidityRelease(Queue2LiquidityRelease { tx_id, .. }) => {
                self.pay(*tx_id);
                self.follow(*tx_id, batch.tick(), event);
            }
            Event::EntryDispositionOffset(_)
            | Event::LsmBilateralOffset(_)
            | Event::LsmCycleSettlement(_)
            | Event::LsmBatchSettlement(_) => {
                let (columns, Some(set)) = (batch.columns(), event.settled_set()) else { return };
                self.move_nets(set.agents.of(columns), set.net_positions.of(columns));
                self.settle_set(batch.tick(), event, set.tx_ids.of(columns));
            }
            Event::FundsTransferred(transfer) => self.transfer(transfer),
            Event::PolicySplit(split) => self.split(batch, event, split),
            Event::TransactionWentOverdue(TransactionWentOverdue { tx_id, .. })
            | Event::PolicyHold(PolicyHold { tx_id, .. })
            | Event::PriorityEscalated(PriorityEscalated { tx_id, .. })
            | Event::TransactionReprioritized(TransactionReprioritized { tx_id, .. })
            | Event::RtgsSubmission(RtgsSubmission { tx_id, .. })
            | Event::QueuedRtgs(QueuedRtgs { tx_id, .. })
            | Event::RtgsWithdrawal(RtgsWithdrawal { tx_id, .. })
            | Event::RtgsResubmission(RtgsResubmission { tx_id, .. })
            | Event::PolicyDrop(PolicyDrop { tx_id, .. })
            | Event::SplitCompleted(SplitCompleted { tx_id, .. }) => {
                self.follow(*tx_id, batch.tick(), event);
            }
            Event::RunEnded(_) => self.ended = true,
            _ => self.follow_agent(batch, event),
        }
    }

    /// Returns how many ticks are over, that of the last batch included.
    pub(crate) fn ticks_done(&self) -> u32 {
        self.tick.map_or(0, |tick| tick.0.saturating_add(1))
    }

    /// Ends the tick: nothing more happens in it.
    pub(crate) fn end(&mut self) {
        self.ordering.sort(&mut self.queues, &self.payments);
    }

    /// Lets an agent take in an event that is about it alone.
    fn follow_agent(&mut self, batch: &EventBatch, event: &Event) {
        match event {
            Event::LiquidityAllocation(LiquidityAllocation { agent_id, .. })
            | Event::LiquidityReturn(LiquidityReturn { agent_id, .. })
            | Event::DeferredCreditApplied(DeferredCreditApplied { agent_id, .. })
            | Event::LimitsSet(LimitsSet { agent_id, .. })
            | Event::ReservationsSet(ReservationsSet { agent_id, .. })
            | Event::CreditLimitChanged(CreditLimitChanged { agent_id, .. })
            | Event::CollateralValueChanged(CollateralValueChanged { agent_id, .. })
            | Event::CollateralPost(CollateralPost { agent_id, .. })
            | Event::CollateralWithdraw(CollateralWithdraw { agent_id, .. })
            | Event::CollateralTimerWithdrawn(CollateralTimerWithdrawn { agent_id, .. })
            | Event::ParticipantOutage(ParticipantOutage { agent_id })
            | Event::ParticipantRecovery(ParticipantRecovery { agent_id })
            | Event::PolicyReplaced(PolicyReplaced { agent_id, .. })
            | Event::StateRegisterSet(StateRegisterSet { agent_id, .. })
            | Event::CostAccrual(CostAccrual { agent_id, .. }) => {
                if let Some(agent) = self.agents.get_mut(agent_id.index()) {
                    agent.follow(batch, event);
                }
            }
            // Taken in before.
            Event::RunStarted(_)
            | Event::RulesSet(_)
            | Event::DelayRatesSet(_)
            | Event::AgentOpened(_)
            | Event::PolicyFollowed(_)
            | Event::Arrival(_)
            | Event::RtgsImmediateSettlement(_)
            | Event::Queue2LiquidityRelease(_)
            | Event::EntryDispositionOffset(_)
            | Event::LsmBilateralOffset(_)
            | Event::LsmCycleSettlement(_)
            | Event::LsmBatchSettlement(_)
            | Event::FundsTransferred(_)
            | Event::PolicySplit(_)
            | Event::TransactionWentOverdue(_)
            | Event::PolicyHold(_)
            | Event::PriorityEscalated(_)
            | Event::TransactionReprioritized(_)
            | Event::RtgsSubmission(_)
            | Event::QueuedRtgs(_)
            | Event::RtgsWithdrawal(_)
            | Event::RtgsResubmission(_)
            | Event::PolicyDrop(_)
            | Event::SplitCompleted(_)
            | Event::RunEnded(_)
            // These explain what other events have booked or will cause, or change nothing.
            | Event::OverdueTransactionSettled(_)
            | Event::EndOfDayPenalty(_)
            | Event::EndOfDay(_)
            | Event::AgentOverExtended(_)
            | Event::InstructionGiven(_)
            | Event::ScenarioEventExecuted(_)
            | Event::CutOffChanged(_)
            | Event::CollateralTimerScheduled(_)
            | Event::CollateralTimerBlocked(_)
            | Event::BankBudgetSet(_)
            | Event::PolicyFault(_)
            | Event::PolicyDecision(_)
            | Event::BilateralLimitExceeded(_)
            | Event::MultilateralLimitExceeded(_)
            | Event::AlgorithmExecution(_)
            | Event::LsmBoundReached(_)
            | Event::QueueBlocked(_) => {}
        }
    }

    /// Returns the payments of an agent's queue 1, in order.
    pub(crate) fn queue1_of(&self, agent: AgentNo) -> impl Iterator<Item = PaymentNo> {
        self.queues.iter(Line::Queue1(agent))
    }

    /// Returns the payments of queue 2 in the order of the rules.
    pub(crate) fn queue2(&self) -> Vec<PaymentNo> {
        let mut queue: Vec<PaymentNo> = self.queues.iter(Line::Queue2).collect();
        if self.setting.rules.priority_mode {
            queue.sort_by_key(|no| {
                let Payment { rtgs_priority, priority, .. } = self.payments[no.index()];
                Reverse((rtgs_priority, PriorityBand::of(priority)))
            });
        }
        queue
    }

    /// Returns what is used today of an agent's limit for a receiver, or for all of them.
    pub(crate) fn limit_used(&self, agent: AgentNo, receiver: Option<AgentNo>) -> Total {
        self.flows.used(agent, receiver, self.setting.rules.limits_basis)
    }

    /// Returns what is used today of the limits of all agents for all others.
    pub(crate) fn limits_used(&self) -> BTreeMap<(AgentNo, AgentNo), Total> {
        self.flows.used_by_pair(self.setting.rules.limits_basis)
    }

    /// Returns what an agent has paid today to each receiver, as limits count it.
    pub(crate) fn paid_today(&self, agent: AgentNo) -> BTreeMap<AgentNo, Total> {
        self.flows.paid(agent)
    }

    fn knows(&self, agent: AgentNo) -> bool {
        agent.index() < self.agents.len()
    }

    fn open_agent(&mut self, opened: &AgentOpened) {
        if opened.agent_id.no.index() == self.agents.len() {
            self.agents.push(AgentState::opened(opened));
            self.queues.add_agent();
        }
    }

    fn follow_policy(&mut self, batch: &EventBatch, followed: &PolicyFollowed) {
        let policy = PolicyText::of(batch, followed.policy, followed.document);
        for agent in followed.agents.of(batch.columns()) {
            if let Some(agent) = self.agents.get_mut(agent.index()) {
                agent.following.follow(policy.clone());
            }
        }
    }

    fn arrive(&mut self, tick: Tick, arrival: &Arrival) {
        let in_order = arrival.tx_id.no.index() == self.payments.len();
        if in_order && self.knows(arrival.sender_id) && self.knows(arrival.receiver_id) {
            self.add_payment(Payment::arrived(tick, arrival));
        }
    }

    /// Replaces a payment by its parts.
    fn split(&mut self, batch: &EventBatch, event: &Event, split: &PolicySplit) {
        let Some(parent) = self.payments.get(split.tx_id.index()).copied() else { return };
        self.follow(split.tx_id, batch.tick(), event);
        let columns = batch.columns();
        let parts = split.child_ids.of(columns).iter().zip(split.child_amounts.of(columns));
        for (index, (no, amount)) in (0..).zip(parts) {
            if no.index() == self.payments.len() {
                self.add_payment(parent.part(batch.tick(), split, index, *amount));
            }
        }
    }
}

/// Adds; stops at the largest amount, which only a damaged stream can reach.
pub(crate) const fn plus(a: Money, b: Money) -> Money {
    Money::from_minor(a.minor().saturating_add(b.minor()))
}

/// Subtracts; stops at the smallest amount, which only a damaged stream can reach.
pub(crate) const fn minus(a: Money, b: Money) -> Money {
    Money::from_minor(a.minor().saturating_sub(b.minor()))
}
