//! What a branch of a run may change.

use crate::{Scenario, ScheduledEvent, ScheduledInstruction, Tick};

impl Scenario {
    /// Takes from another scenario what a branch may change: liquidity saving, offsetting on entry,
    /// and events and instructions from `from` on. Earlier ones stay as they are.
    pub fn take_later(&mut self, other: &Self, from: Tick) {
        self.liquidity_saving.clone_from(&other.liquidity_saving);
        self.rules.entry_disposition_offsetting = other.rules.entry_disposition_offsetting;
        let is_earlier = |event: &ScheduledEvent| event.schedule.first() < from;
        take_others(&mut self.events, &other.events, is_earlier);
        let is_earlier = |given: &ScheduledInstruction| given.tick < from;
        take_others(&mut self.instructions, &other.instructions, is_earlier);
    }
}

/// Takes a list in its order, but for what stays: there it has what it had.
fn take_others<T: Clone>(own: &mut Vec<T>, other: &[T], stays: impl Fn(&T) -> bool) {
    let mut kept = std::mem::take(own).into_iter().filter(|it| stays(it));
    for it in other {
        let next = if stays(it) { kept.next() } else { Some(it.clone()) };
        own.extend(next);
    }
    own.extend(kept);
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
        let told = "scenario_events[0] (ParticipantOutage on tick 3): is new";
        assert_eq!(scenario.differences(&with_both), [told]);
        let mut scenario = with_both.clone();
        scenario.take_later(&plain(), Tick(4));
        let told = "scenario_events[0] (ParticipantOutage on tick 3): is missing";
        assert_eq!(scenario.differences(&plain()), [told]);
        // What comes later in the run may stand earlier in the file.
        let (mut own, mut wanted) = (plain(), plain());
        own.events = vec![outage(6), outage(3)];
        wanted.events = vec![outage(7), outage(2)];
        own.take_later(&wanted, Tick(4));
        let told = "scenario_events[1] (ParticipantOutage on tick 2)";
        assert_eq!(own.differences(&wanted), [told]);
    }
}
