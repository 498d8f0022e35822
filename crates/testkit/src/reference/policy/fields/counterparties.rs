//! Fields about counterparties and liquidity saving.

use std::cmp::Reverse;

use psim_model::{AgentNo, Total};
use psim_policy::Field;

use super::super::facts::{Facts, count, flag, total, value_of};
use crate::reference::state::Payment;

/// Ticks that the run rate looks back on.
const TICKS_BACK: usize = 10;
/// Counterparties that count as the largest.
const TOP: usize = 5;

impl Facts<'_> {
    pub(in super::super) fn counterparties(&self, field: Field) -> Option<f64> {
        let incoming = self.queue2_between(None, Some(self.agent));
        if let Some(ranked) = self.ranked(field) {
            return Some(ranked);
        }
        Some(match field {
            Field::IncomingExpectedCount => count(incoming.len()),
            Field::IncomingExpectedValue => total(value_of(&incoming)),
            Field::LsmRunRateLast10Ticks => {
                let last = self.start.settled_in_sets.iter().rev().take(TICKS_BACK);
                count(last.sum()) / 10.0
            }
            Field::TxCounterpartyId => self.id_hash(Some(self.own().receiver)),
            Field::TxIsTopCounterparty => {
                flag(self.largest_counterparties().contains(&self.own().receiver))
            }
            Field::MyQ2OutValueToCounterparty => total(self.out_to(self.own().receiver)),
            Field::MyQ2InValueFromCounterparty => total(self.in_from(self.own().receiver)),
            Field::MyBilateralNetQ2 => total(self.net_with(self.own().receiver)),
            _ => return None,
        })
    }

    fn ranked(&self, field: Field) -> Option<f64> {
        Some(match field {
            Field::MyQ2OutValueTop1 => self.top_out(1),
            Field::MyQ2OutValueTop2 => self.top_out(2),
            Field::MyQ2OutValueTop3 => self.top_out(3),
            Field::MyQ2OutValueTop4 => self.top_out(4),
            Field::MyQ2OutValueTop5 => self.top_out(5),
            Field::MyQ2InValueTop1 => self.top_in(1),
            Field::MyQ2InValueTop2 => self.top_in(2),
            Field::MyQ2InValueTop3 => self.top_in(3),
            Field::MyQ2InValueTop4 => self.top_in(4),
            Field::MyQ2InValueTop5 => self.top_in(5),
            Field::MyBilateralNetQ2Top1 => self.top_net(1),
            Field::MyBilateralNetQ2Top2 => self.top_net(2),
            Field::MyBilateralNetQ2Top3 => self.top_net(3),
            Field::MyBilateralNetQ2Top4 => self.top_net(4),
            Field::MyBilateralNetQ2Top5 => self.top_net(5),
            Field::TopCpty1IdHash => self.top_hash(1),
            Field::TopCpty2IdHash => self.top_hash(2),
            Field::TopCpty3IdHash => self.top_hash(3),
            Field::TopCpty4IdHash => self.top_hash(4),
            Field::TopCpty5IdHash => self.top_hash(5),
            _ => return None,
        })
    }

    fn others(&self) -> Vec<AgentNo> {
        let all = (0..self.start.accounts.len()).map(AgentNo::from_index);
        all.filter(|agent| *agent != self.agent).collect()
    }

    /// Returns the payments in queue 2 from one agent (or any) to another (or any).
    fn queue2_between(&self, from: Option<AgentNo>, to: Option<AgentNo>) -> Vec<&Payment> {
        let mut waiting = self.in_queue2();
        waiting.retain(|payment| {
            from.is_none_or(|from| payment.sender == from)
                && to.is_none_or(|to| payment.receiver == to)
        });
        waiting
    }

    fn out_to(&self, other: AgentNo) -> Total {
        value_of(&self.queue2_between(Some(self.agent), Some(other)))
    }

    fn in_from(&self, other: AgentNo) -> Total {
        value_of(&self.queue2_between(Some(other), Some(self.agent)))
    }

    fn net_with(&self, other: AgentNo) -> Total {
        self.out_to(other) - self.in_from(other)
    }

    fn top_out(&self, place: usize) -> f64 {
        let mut values: Vec<Total> = self.others().iter().map(|it| self.out_to(*it)).collect();
        values.sort_by_key(|value| Reverse(*value));
        values.get(place - 1).map_or(0.0, |value| total(*value))
    }

    fn top_in(&self, place: usize) -> f64 {
        let mut values: Vec<Total> = self.others().iter().map(|it| self.in_from(*it)).collect();
        values.sort_by_key(|value| Reverse(*value));
        values.get(place - 1).map_or(0.0, |value| total(*value))
    }

    fn top_net(&self, place: usize) -> f64 {
        let mut values: Vec<Total> = self.others().iter().map(|it| self.net_with(*it)).collect();
        // Stable: of equally large ones the lower id comes first.
        values.sort_by_key(|value| Reverse(value.minor().abs()));
        values.get(place - 1).map_or(0.0, |value| total(*value))
    }

    /// Returns those with whom most has settled since the start, the largest first.
    fn largest_counterparties(&self) -> Vec<AgentNo> {
        let settled_with = |other: AgentNo| -> Total {
            let between = self.start.settled_ever.iter().filter(|flow| {
                [(flow.sender, flow.receiver), (flow.receiver, flow.sender)]
                    .contains(&(self.agent, other))
            });
            between.map(|flow| flow.amount).sum()
        };
        let mut others = self.others();
        others.retain(|other| settled_with(*other) > Total::ZERO);
        others.sort_by_key(|other| Reverse(settled_with(*other)));
        others.truncate(TOP);
        others
    }

    fn top_hash(&self, place: usize) -> f64 {
        self.id_hash(self.largest_counterparties().get(place - 1).copied())
    }

    /// Returns a number that stands for an agent's id, 0 for nobody's.
    fn id_hash(&self, agent: Option<AgentNo>) -> f64 {
        let Some(agent) = agent else { return 0.0 };
        let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
        for byte in self.start.scenario.agents[agent.index()].id.bytes() {
            hash ^= u64::from(byte);
            hash = hash.wrapping_mul(0x0000_0100_0000_01b3);
        }
        (hash >> 11) as f64
    }
}
