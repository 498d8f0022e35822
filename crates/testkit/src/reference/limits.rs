//! Bilateral and multilateral limits.

use psim_model::event::{
    BilateralLimitExceeded, LimitsApplyTo, LimitsBasis, MultilateralLimitExceeded, RtgsPriority,
};
use psim_model::{AgentNo, Money, PaymentNo, Total};

use super::Reference;
use super::state::Flow;

impl Reference {
    /// Returns whether an agent's limit for each receiver admits its part of a set.
    pub(super) fn bilateral_limits_admit(&self, agent: AgentNo, set: &[Flow]) -> bool {
        let limits = &self.accounts[agent.index()].limits.bilateral;
        limits.iter().all(|(receiver, limit)| self.admits(*limit, agent, Some(*receiver), set))
    }

    /// Returns whether an agent's limit for all receivers together admits its part of a set.
    pub(super) fn multilateral_limit_admits(&self, agent: AgentNo, set: &[Flow]) -> bool {
        let limit = self.accounts[agent.index()].limits.multilateral;
        limit.is_none_or(|limit| self.admits(limit, agent, None, set))
    }

    /// Returns whether a limit of an agent for another (or for all) admits its part of a set.
    pub(super) fn admits(
        &self,
        limit: Money,
        agent: AgentNo,
        other: Option<AgentNo>,
        set: &[Flow],
    ) -> bool {
        let room = Total::from(limit) - self.paid(agent, other, &self.settled_today);
        self.paid(agent, other, set) <= room.max(Total::ZERO)
    }

    /// Returns what an agent pays to another (or to all), as limits count it.
    pub(super) fn paid(&self, agent: AgentNo, other: Option<AgentNo>, flows: &[Flow]) -> Total {
        let rules = &self.scenario.rules;
        let is_meant = |party: AgentNo| other.is_none_or(|other| other == party);
        let mut paid = Total::ZERO;
        for flow in flows {
            let is_normal = flow.class == RtgsPriority::Normal;
            if rules.limits_apply_to == LimitsApplyTo::Normal && !is_normal {
                continue;
            }
            if flow.sender == agent && is_meant(flow.receiver) {
                paid += flow.amount;
            }
            let is_net = rules.limits_basis == LimitsBasis::Net;
            if is_net && flow.receiver == agent && is_meant(flow.sender) {
                paid -= flow.amount;
            }
        }
        paid
    }

    /// Says which limits do not admit a payment that joins queue 2.
    pub(super) fn say_limits_exceeded(&mut self, no: PaymentNo) {
        let flow = self.flow(no);
        let Flow { sender: sender_id, receiver: receiver_id, amount, .. } = flow;
        let limits = self.accounts[sender_id.index()].limits.clone();
        let bilateral = limits.bilateral.iter().find(|(receiver, _)| *receiver == receiver_id);
        if let Some((_, limit)) = bilateral
            && !self.admits(*limit, sender_id, Some(receiver_id), &[flow])
        {
            let used = self.paid(sender_id, Some(receiver_id), &self.settled_today);
            self.log.push(BilateralLimitExceeded {
                tx_id: no,
                sender_id,
                receiver_id,
                amount,
                bilateral_limit: *limit,
                current_bilateral_outflow: clamped(used),
                room: clamped(Total::from(*limit) - used),
            });
        }
        if let Some(limit) = limits.multilateral
            && !self.admits(limit, sender_id, None, &[flow])
        {
            let used = self.paid(sender_id, None, &self.settled_today);
            self.log.push(MultilateralLimitExceeded {
                tx_id: no,
                sender_id,
                receiver_id,
                amount,
                multilateral_limit: limit,
                current_total_outflow: clamped(used),
                room: clamped(Total::from(limit) - used),
            });
        }
    }
}

/// Returns a sum as money, or the nearest money there is: what settles in a day is bounded by no
/// balance.
pub(super) fn clamped(total: Total) -> Money {
    let nearest = total.minor().clamp(i64::MIN.into(), i64::MAX.into());
    Total::from_minor(nearest).to_money().expect("Invariant: it was clamped")
}
