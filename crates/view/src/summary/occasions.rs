//! What is counted as it happens, since no state remembers it.

use std::collections::BTreeSet;

use psim_model::event::{Event, EventBatch};
use psim_model::{AgentNo, PaymentNo, Tick, Total};

use super::{
    CollateralSummary, InstructionSummary, LimitSummary, Moment, PeakCollateral,
    ScenarioEventSummary,
};
use crate::state::{State, Tally};

/// What a policy failed for: an agent's tree, and the payment if it is about one.
type Failed = (AgentNo, u8, Option<PaymentNo>);

/// Counts of events, and the collateral posted when it was most.
#[derive(Clone, Debug, Default)]
pub(super) struct Occasions {
    pub(super) deadline_penalties: Tally,
    pub(super) end_of_day_penalties: Tally,
    pub(super) limits: LimitSummary,
    pub(super) scenario_events: ScenarioEventSummary,
    pub(super) instructions: InstructionSummary,
    failures: BTreeSet<Failed>,
    posted: Tally,
    withdrawn: Tally,
    peak_posted: Option<(Total, Tick)>,
}

impl Occasions {
    /// Counts an event.
    pub(super) fn count(&mut self, event: &Event) {
        if let Some((_, penalty)) = event.deadline_penalty() {
            self.deadline_penalties.add(penalty);
        }
        match event {
            Event::EndOfDayPenalty(penalty) => self.end_of_day_penalties.add(penalty.amount),
            Event::BilateralLimitExceeded(hit) => self.limits.stopped_by_bilateral.add(hit.amount),
            Event::MultilateralLimitExceeded(hit) => {
                self.limits.stopped_by_multilateral.add(hit.amount);
            }
            Event::CollateralPost(moved) => self.posted.add(moved.amount),
            Event::CollateralWithdraw(moved) => self.withdrawn.add(moved.amount),
            Event::CollateralTimerWithdrawn(moved) => self.withdrawn.add(moved.amount),
            Event::ScenarioEventExecuted(executed) if executed.applied => {
                self.scenario_events.applied += 1;
            }
            Event::ScenarioEventExecuted(_) => self.scenario_events.not_applied += 1,
            Event::InstructionGiven(given) => {
                self.instructions.given += 1;
                self.instructions.refused += u64::from(given.refusal.is_some());
            }
            Event::PolicyFault(fault) => {
                self.failures.insert((fault.agent_id, fault.tree as u8, fault.tx_id));
            }
            _ => {}
        }
    }

    /// Returns for how many payments and trees of agents a policy failed. How often it did is told
    /// only where decisions are traced.
    pub(super) fn failures(&self) -> u64 {
        self.failures.len() as u64
    }

    /// Looks at the collateral at the end of a tick, if it can have become more in it.
    pub(super) fn end_tick(&mut self, batch: &EventBatch, state: &State) {
        let adds_collateral = |event: &Event| {
            matches!(
                event,
                Event::AgentOpened(_) | Event::CollateralPost(_) | Event::CollateralValueChanged(_)
            )
        };
        if !batch.events().iter().any(adds_collateral) {
            return;
        }
        let posted: Total = state.agents.iter().map(|agent| agent.posted_collateral).sum();
        if posted > self.peak_posted.map_or(Total::ZERO, |(peak, _)| peak) {
            self.peak_posted = Some((posted, batch.tick()));
        }
    }

    /// Returns what happened to collateral.
    pub(super) fn collateral(&self, moment: impl Fn(Tick) -> Moment) -> CollateralSummary {
        CollateralSummary {
            peak_posted: self
                .peak_posted
                .map(|(amount, tick)| PeakCollateral { amount, at: moment(tick) }),
            posted: self.posted,
            withdrawn: self.withdrawn,
        }
    }
}
