//! What a branch of a run may change.

use crate::{Scenario, ScheduledEvent, ScheduledInstruction, Tick};

impl Scenario {
    /// Takes from another scenario what a branch may change: liquidity saving, offsetting on entry,
    /// and events and instructions from `from` on, if all earlier ones are the same.
    pub fn take_later(&mut self, other: &Self, from: Tick) {
        self.liquidity_saving.clone_from(&other.liquidity_saving);
        self.rules.entry_disposition_offsetting = other.rules.entry_disposition_offsetting;
        let is_earlier = |event: &&ScheduledEvent| event.schedule.first() < from;
        if self.events.iter().filter(is_earlier).eq(other.events.iter().filter(is_earlier)) {
            self.events.clone_from(&other.events);
        }
        let is_earlier = |given: &&ScheduledInstruction| given.tick < from;
        let (own, others) = (self.instructions.iter(), other.instructions.iter());
        if own.filter(is_earlier).eq(others.filter(is_earlier)) {
            self.instructions.clone_from(&other.instructions);
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::{
        Agent, AgentNo, Calendar, Money, Scenario, ScenarioEvent, Schedule, ScheduledEvent, Tick,
    };

    fn plain() -> Scenario {
        let agent = Agent::plain("A", Money::ZERO);
        Scenario::plain(Calendar::try_new(10, 1, None).unwrap(), vec![agent])
    }

    fn outage(tick: u32) -> ScheduledEvent {
        ScheduledEvent {
            schedule: Schedule::OneTime { tick: Tick(tick) },
            event: ScenarioEvent::ParticipantOutage { agent: AgentNo(0) },
        }
    }

    #[test]
    fn later_events_are_taken_unless_earlier_ones_differ() {
        let mut with_both = plain();
        with_both.events = vec![outage(3), outage(6)];
        let mut with_first = plain();
        with_first.events = vec![outage(3)];
        let mut scenario = with_first.clone();
        scenario.take_later(&with_both, Tick(4));
        assert_eq!(scenario.events, with_both.events);
        let mut scenario = plain();
        scenario.take_later(&with_both, Tick(4));
        assert_eq!(scenario.differences(&with_both), ["scenario_events"]);
    }
}
