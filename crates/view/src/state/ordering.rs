//! When queues 1 are put in order.
//!
//! Where the rules say so, each agent's queue 1 is sorted once a tick: after all escalations and
//! before the first decision. No event says that it happened, so the first event that can only
//! come later brings it about, or the end of the tick.

use std::cmp::Reverse;

use psim_model::AgentNo;
use psim_model::event::{
    Event, Origin, PolicyDecision, PolicyFault, PolicyTree, Queue1Ordering, RtgsResubmission,
    RtgsWithdrawal,
};

use super::queues::{Line, Queues};
use super::{Payment, Setting};

/// Whose queue 1 may be out of order, and whether this tick's sorting is still to come.
#[derive(Clone, Debug, Default)]
pub(super) struct Ordering {
    is_wanted: bool,
    is_due: bool,
    unsorted: Vec<AgentNo>,
}

impl Ordering {
    /// Begins a tick under the rules as they are.
    pub(super) fn begin(&mut self, setting: &Setting) {
        self.is_wanted = setting.rules.queue1_ordering == Queue1Ordering::PriorityDeadline;
        self.is_due = self.is_wanted;
    }

    /// Takes note that a payment has joined an agent's queue 1 or changed its priority there.
    pub(super) fn disturb(&mut self, agent: AgentNo) {
        if self.is_wanted {
            self.unsorted.push(agent);
        }
    }

    /// Returns whether queues 1 are to be sorted before this event is taken in.
    pub(super) const fn is_due_before(&self, event: &Event) -> bool {
        self.is_due && !comes_before_decisions(event)
    }

    /// Sorts what may be out of order, unless that was done in this tick.
    pub(super) fn sort(&mut self, queues: &mut Queues, payments: &[Payment]) {
        if !std::mem::take(&mut self.is_due) {
            return;
        }
        self.unsorted.sort_unstable();
        self.unsorted.dedup();
        for agent in self.unsorted.drain(..) {
            queues.sort_by_key(Line::Queue1(agent), |no| {
                let Payment { priority, deadline, .. } = payments[no.index()];
                (Reverse(priority), deadline)
            });
        }
    }
}

/// Returns whether an event belongs to a step before the decisions about queues 1, or may do so and
/// leaves all queues 1 as they are.
///
/// What changes no queue 1 may well be taken in before they are sorted though it comes later, such
/// as collateral at the end of the tick; to sort them too early, before the priorities have risen,
/// would be wrong.
const fn comes_before_decisions(event: &Event) -> bool {
    match event {
        Event::RunStarted(_)
        | Event::RulesSet(_)
        | Event::DelayRatesSet(_)
        | Event::AgentOpened(_)
        | Event::PolicyFollowed(_)
        | Event::LimitsSet(_)
        | Event::ReservationsSet(_)
        | Event::InstructionGiven(_)
        | Event::PolicyReplaced(_)
        | Event::BankBudgetSet(_)
        | Event::StateRegisterSet(_)
        | Event::CollateralPost(_)
        | Event::CollateralWithdraw(_)
        | Event::CollateralTimerScheduled(_)
        | Event::CollateralTimerWithdrawn(_)
        | Event::CollateralTimerBlocked(_)
        | Event::LiquidityAllocation(_)
        | Event::ScenarioEventExecuted(_)
        | Event::FundsTransferred(_)
        | Event::AgentOverExtended(_)
        | Event::CreditLimitChanged(_)
        | Event::CollateralValueChanged(_)
        | Event::ParticipantOutage(_)
        | Event::ParticipantRecovery(_)
        | Event::CutOffChanged(_)
        | Event::Arrival(_)
        | Event::TransactionWentOverdue(_)
        | Event::PriorityEscalated(_) => true,
        // Those that an instruction causes come first, those that are decided on come later.
        Event::RtgsWithdrawal(RtgsWithdrawal { origin, .. })
        | Event::RtgsResubmission(RtgsResubmission { origin, .. }) => {
            !matches!(origin, Origin::Policy)
        }
        Event::PolicyFault(PolicyFault { tree, .. })
        | Event::PolicyDecision(PolicyDecision { tree, .. }) => match tree {
            PolicyTree::Bank | PolicyTree::StrategicCollateral => true,
            PolicyTree::Payment | PolicyTree::EndOfTickCollateral => false,
        },
        _ => false,
    }
}
