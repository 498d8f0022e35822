//! What policies may ask of the past; kept only as far as one of them does.

mod flows;
mod run_rate;
mod traffic;

use psim_model::{AgentNo, Money, PaymentNo, Policy, Tick, Total};
use serde::{Deserialize, Serialize};

use crate::limits::Flow;
use crate::reading::Home;
pub(crate) use flows::Flows;
use run_rate::RunRate;
pub(crate) use traffic::Traffic;

/// What is remembered.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct History {
    /// The ticks in which payments arrived, and the coming one, each with the number of its first
    /// payment. Ticks without payments are left out: a long quiet run must not fill memory.
    tick_starts: Vec<(Tick, PaymentNo)>,
    /// The coming tick.
    coming: Tick,
    pub(crate) run_rate: RunRate,
    /// Of this day, by agent.
    pub(crate) flows: Option<Flows>,
    /// Of the run, by pair of agents.
    pub(crate) traffic: Option<Traffic>,
    /// Of this tick, by agent.
    releases: Option<Vec<Releases>>,
}

/// What an agent has released in a tick.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Releases {
    pub(crate) value: Total,
    pub(crate) count: u32,
}

/// The parts of the past that a policy asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Topic {
    Flows,
    Traffic,
    Releases,
    QueuedPairs,
}

/// Returns whether a policy asks for a part of the past.
pub(crate) fn asks_for(policy: &Policy, topic: Topic) -> bool {
    policy.fields().any(|field| Home::of(field).past == Some(topic))
}

impl History {
    /// Returns whether it can be that of so many agents before a tick.
    pub(crate) fn fits(&self, agents: usize, now: Tick) -> bool {
        let ascends = |pair: &[(Tick, PaymentNo)]| pair[0].0 < pair[1].0 && pair[0].1 < pair[1].1;
        self.coming == now.next()
            && self.tick_starts.last().is_some_and(|(tick, _)| *tick == now)
            && self.tick_starts.windows(2).all(ascends)
            && self.run_rate.is_sound()
            && self.flows.as_ref().is_none_or(|flows| flows.fits(agents))
            && self.traffic.as_ref().is_none_or(|traffic| traffic.fits(agents))
            && self.releases.as_ref().is_none_or(|releases| releases.len() == agents)
    }

    /// Remembers with which number the payments of a tick begin.
    pub(crate) fn begin_tick(&mut self, next: PaymentNo) {
        match self.tick_starts.last_mut() {
            // Nothing arrived since: the next payment arrives in this tick.
            Some((tick, first)) if *first == next => *tick = self.coming,
            _ => self.tick_starts.push((self.coming, next)),
        }
        self.coming = self.coming.next();
        if let Some(releases) = &mut self.releases {
            releases.fill(Releases::default());
        }
    }

    /// Ends a tick.
    pub(crate) fn end_tick(&mut self) {
        self.run_rate.end_tick();
    }

    /// Returns when a payment that is no part of another arrived.
    pub(crate) fn arrival_of(&self, no: PaymentNo) -> Tick {
        let begun = self.tick_starts.partition_point(|(_, first)| *first <= no);
        self.tick_starts.get(begun.saturating_sub(1)).map_or(Tick(0), |(tick, _)| *tick)
    }

    /// Returns the number with which the payments of a tick begin.
    pub(crate) fn first_of(&self, tick: Tick) -> PaymentNo {
        let before = self.tick_starts.partition_point(|(other, _)| *other < tick);
        self.tick_starts.get(before).map_or(PaymentNo(u32::MAX), |(_, first)| *first)
    }

    /// Begins to keep what agents release in a tick.
    pub(crate) fn keep_releases(&mut self, agents: usize) {
        self.releases.get_or_insert_with(|| vec![Releases::default(); agents]);
    }

    /// Notes a payment that arrives by itself, not as a part.
    #[inline]
    pub(crate) fn note_arrival(&mut self, sender: AgentNo, amount: Money) {
        if let Some(flows) = &mut self.flows {
            flows.note_arrival(sender, amount);
        }
    }

    /// Notes a payment that settles.
    #[inline]
    pub(crate) fn note_settled(&mut self, flow: &Flow) {
        if let Some(flows) = &mut self.flows {
            flows.note_settled(flow);
        }
        if let Some(traffic) = &mut self.traffic {
            traffic.note(flow);
        }
    }

    /// Notes a payment that its sender releases.
    #[inline]
    pub(crate) fn note_release(&mut self, sender: AgentNo, amount: Money) {
        if let Some(releases) = &mut self.releases {
            let released = &mut releases[sender.index()];
            released.value += amount;
            released.count += 1;
        }
    }

    /// Returns what an agent has released in this tick; nothing if that is not kept.
    pub(crate) fn releases_of(&self, agent: AgentNo) -> Releases {
        self.releases.as_ref().map_or(Releases::default(), |releases| releases[agent.index()])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_without_payments_are_not_kept() {
        // Payments 0 and 1 arrive on tick 2, payment 2 on tick 5.
        let mut history = History::default();
        for next in [0, 0, 0, 2, 2, 2, 3, 3] {
            history.begin_tick(PaymentNo(next));
        }
        assert_eq!([0, 1, 2].map(|no| history.arrival_of(PaymentNo(no)).0), [2, 2, 5]);
        let firsts = [0, 1, 2, 3, 4, 5, 6, 7].map(|tick| history.first_of(Tick(tick)).0);
        assert_eq!(firsts, [0, 0, 0, 2, 2, 2, 3, 3]);
        assert_eq!(history.tick_starts.len(), 3);
    }

    /// A policy that names one field of the past alone gets what that field needs, and no more.
    #[test]
    fn a_policy_asks_for_what_its_fields_need() {
        const ALL: [Topic; 4] = [Topic::Flows, Topic::Traffic, Topic::Releases, Topic::QueuedPairs];
        for (field, topic) in [
            ("my_value_received_today", Some(Topic::Flows)),
            ("tx_is_top_counterparty", Some(Topic::Traffic)),
            ("value_released_this_tick", Some(Topic::Releases)),
            ("incoming_expected_count", Some(Topic::QueuedPairs)),
            ("amount", None),
        ] {
            let text = format!(
                r#"{{"version": "1", "policy_id": "p", "payment_tree": {{
                    "type": "condition", "node_id": "n",
                    "condition": {{
                        "op": ">", "left": {{"field": "{field}"}}, "right": {{"value": 0}}
                    }},
                    "on_true": {{"type": "action", "node_id": "t", "action": "Release"}},
                    "on_false": {{"type": "action", "node_id": "f", "action": "Hold"}}
                }}}}"#
            );
            let policy = Policy::read(&text).unwrap_or_else(|faults| panic!("{faults}"));
            let asked = ALL.map(|it| asks_for(&policy, it));
            assert_eq!(asked, ALL.map(|it| Some(it) == topic), "{field}");
        }
    }
}
