//! Limits: what is used of them, and that no settlement goes beyond.

use psim_model::event::{
    BilateralLimitExceeded, Columns, EventKind, LimitsApplyTo, LimitsBasis, LimitsSet,
    MultilateralLimitExceeded, RtgsPriority,
};
use psim_model::{AgentNo, Limits, Money, Rules, Total};

use super::{Verdict, ensure};

/// Money from one agent to another, as a payment of a class.
#[derive(Clone, Copy, Debug)]
pub(super) struct Flow {
    pub(super) sender: AgentNo,
    pub(super) receiver: AgentNo,
    pub(super) amount: Money,
    pub(super) class: RtgsPriority,
}

/// Every agent's limits and what has settled today, as the events tell it.
#[derive(Debug)]
pub(super) struct LimitBook {
    rules: Rules,
    limits: Vec<Limits>,
    settled_today: Vec<Flow>,
}

impl LimitBook {
    pub(super) fn new(rules: Rules, agents: usize) -> Self {
        Self { rules, limits: vec![Limits::default(); agents], settled_today: Vec::new() }
    }

    pub(super) fn begin_day(&mut self) {
        self.settled_today.clear();
    }

    pub(super) fn set(&mut self, event: &LimitsSet, columns: &Columns) -> Verdict {
        let receivers = event.counterparties.of(columns);
        let amounts = event.bilateral_limits.of(columns);
        ensure(receivers.len() == amounts.len(), "each receiver has its limit")?;
        let bilateral = receivers.iter().copied().zip(amounts.iter().copied()).collect();
        let new = Limits { multilateral: event.multilateral_limit, bilateral };
        let limits = self.limits.get_mut(event.agent_id.index());
        let limits = limits.ok_or("events name agents that have opened")?;
        ensure(*limits != new, "no change, no event")?;
        *limits = new;
        Ok(())
    }

    /// Counts a set that settles, which no limit may forbid.
    pub(super) fn settle(&mut self, set: &[Flow]) -> Verdict {
        for agent in set.iter().flat_map(|flow| [flow.sender, flow.receiver]) {
            let limits = &self.limits[agent.index()];
            let bilateral = limits.bilateral.iter().map(|(other, limit)| (Some(*other), *limit));
            let multilateral = limits.multilateral.iter().map(|limit| (None, *limit));
            for (other, limit) in bilateral.chain(multilateral) {
                let admitted = self.admits(agent, other, limit, set);
                ensure(admitted, "no settlement takes an agent beyond its limits")?;
            }
        }
        self.settled_today.extend(set);
        Ok(())
    }

    /// Returns the kinds of limits of its sender that do not admit a payment by itself.
    pub(super) fn exceeded_by(&self, flow: Flow) -> Vec<EventKind> {
        let set = [flow];
        let limits = &self.limits[flow.sender.index()];
        let mut exceeded = Vec::new();
        let mut bilateral = limits.bilateral.iter().filter(|(other, _)| *other == flow.receiver);
        if bilateral.any(|(other, limit)| !self.admits(flow.sender, Some(*other), *limit, &set)) {
            exceeded.push(EventKind::BilateralLimitExceeded);
        }
        if limits.multilateral.is_some_and(|limit| !self.admits(flow.sender, None, limit, &set)) {
            exceeded.push(EventKind::MultilateralLimitExceeded);
        }
        exceeded
    }

    pub(super) fn check_bilateral(&self, event: &BilateralLimitExceeded, flow: Flow) -> Verdict {
        let mut limits = self.limits[flow.sender.index()].bilateral.iter();
        let limit = limits.find(|(other, _)| *other == flow.receiver).map(|entry| entry.1);
        ensure(limit == Some(event.bilateral_limit), "a limit is the one that was set")?;
        let used = self.used(flow.sender, Some(flow.receiver));
        check_room(event.bilateral_limit, used, event.current_bilateral_outflow, event.room)?;
        let is_exceeded = self.exceeded_by(flow).contains(&EventKind::BilateralLimitExceeded);
        ensure(is_exceeded, "only what a limit does not admit exceeds it")
    }

    pub(super) fn check_multilateral(
        &self,
        event: &MultilateralLimitExceeded,
        flow: Flow,
    ) -> Verdict {
        let limit = self.limits[flow.sender.index()].multilateral;
        ensure(limit == Some(event.multilateral_limit), "a limit is the one that was set")?;
        let used = self.used(flow.sender, None);
        check_room(event.multilateral_limit, used, event.current_total_outflow, event.room)?;
        let is_exceeded = self.exceeded_by(flow).contains(&EventKind::MultilateralLimitExceeded);
        ensure(is_exceeded, "only what a limit does not admit exceeds it")
    }

    fn admits(&self, agent: AgentNo, other: Option<AgentNo>, limit: Money, set: &[Flow]) -> bool {
        let room = Total::from(limit) - self.used(agent, other);
        self.paid(agent, other, set) <= room.max(Total::ZERO)
    }

    fn used(&self, agent: AgentNo, other: Option<AgentNo>) -> Total {
        self.paid(agent, other, &self.settled_today)
    }

    /// Returns what an agent pays to another (or to all), as its limits count it.
    fn paid(&self, agent: AgentNo, other: Option<AgentNo>, flows: &[Flow]) -> Total {
        let counts = |flow: &&Flow| {
            self.rules.limits_apply_to == LimitsApplyTo::All || flow.class == RtgsPriority::Normal
        };
        let is_other = |agent: AgentNo| other.is_none_or(|other| other == agent);
        let mut paid = Total::ZERO;
        for flow in flows.iter().filter(counts) {
            if flow.sender == agent && is_other(flow.receiver) {
                paid += flow.amount;
            } else if flow.receiver == agent
                && is_other(flow.sender)
                && self.rules.limits_basis == LimitsBasis::Net
            {
                paid -= flow.amount;
            }
        }
        paid
    }
}

/// Compares what an event says of the use of a limit.
fn check_room(limit: Money, used: Total, said: Money, room: Money) -> Verdict {
    ensure(used == said.into(), "what is used of a limit is the recomputed one")?;
    ensure(Total::from(limit) - used == room.into(), "room is what is left of a limit")
}
