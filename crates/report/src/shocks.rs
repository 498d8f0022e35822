//! Which scenario events were applied and which were not, for the story and the charts.

use std::collections::BTreeMap;

use psim_model::Tick;
use psim_model::event::{Event, EventBatch, Names, Refusal, ScenarioEventExecuted};
use psim_view::{Moment, scenario_event_phrase};
use serde::Serialize;

use crate::style::Style;

/// Most scenario events that are told one by one; of more, only how many there were is.
const MOST_TOLD: usize = 4;
/// Most ticks that are marked for their scenario events; of more, none.
const MOST_MARKED: usize = 24;

/// The first scenario events that were applied, and the first that were not, in order.
#[derive(Clone, Debug, Default)]
pub(crate) struct Shocks {
    names: Names,
    applied: Vec<Shock>,
    refused: Vec<Shock>,
    marked: Vec<Marked>,
}

/// The scenario events that were applied in a tick: the first of them, and how many others.
#[derive(Clone, Debug)]
struct Marked {
    tick: Tick,
    first: String,
    others: u32,
}

#[derive(Clone, Debug)]
struct Shock {
    tick: Tick,
    what: String,
    why_not: Option<Refusal>,
}

/// Scenario events in words, one by one; none of those that are too many.
#[derive(Clone, Debug, Default)]
pub(crate) struct ShocksTold {
    pub(crate) applied: Vec<String>,
    pub(crate) refused: Vec<String>,
    /// The ticks in which they were applied, in order.
    pub(crate) marks: Vec<ShockMark>,
}

/// A tick that charts mark because scenario events were applied in it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct ShockMark {
    pub(crate) tick: u32,
    /// `outage of HUB`.
    pub(crate) label: String,
}

impl Shocks {
    pub(crate) fn observe(&mut self, batch: &EventBatch) {
        self.names.observe(batch);
        for event in batch.events() {
            let Event::ScenarioEventExecuted(executed) = event else { continue };
            if executed.applied {
                self.mark(batch.tick(), executed);
            }
            let first = if executed.applied { &mut self.applied } else { &mut self.refused };
            // One more than are told says that there are too many.
            if first.len() <= MOST_TOLD {
                let what = phrase(&self.names, executed);
                first.push(Shock { tick: batch.tick(), what, why_not: executed.reason });
            }
        }
    }

    fn mark(&mut self, tick: Tick, executed: &ScenarioEventExecuted) {
        let is_enough = self.marked.len() > MOST_MARKED; // one more says that they are too many
        match self.marked.last_mut() {
            Some(last) if last.tick == tick => last.others += 1,
            _ if is_enough => {}
            _ => {
                let first = phrase(&self.names, executed);
                self.marked.push(Marked { tick, first, others: 0 });
            }
        }
    }

    /// Returns what is told of each: `outage of HUB in tick 20 (12:00)`.
    pub(crate) fn told(&self, style: &Style) -> ShocksTold {
        let told = |first: &[Shock]| match first.len() {
            0..=MOST_TOLD => first.iter().map(|shock| shock.told(style)).collect(),
            _ => Vec::new(),
        };
        ShocksTold {
            applied: told(&self.applied),
            refused: told(&self.refused),
            marks: few(self.marked.iter().map(Marked::mark).collect()),
        }
    }
}

impl Marked {
    fn mark(&self) -> ShockMark {
        let label = match self.others {
            0 => self.first.clone(),
            others => format!("{} and {others} more", self.first),
        };
        ShockMark { tick: self.tick.0, label }
    }
}

/// Returns the marks unless they are too many to be told apart in a chart.
fn few(marks: Vec<ShockMark>) -> Vec<ShockMark> {
    if marks.len() > MOST_MARKED { Vec::new() } else { marks }
}

/// Returns the marks of several runs, each under its letter; what all have stands once, without.
pub(crate) fn marks_of_all<'a>(
    runs: impl Iterator<Item = (&'a str, &'a [ShockMark])> + Clone,
) -> Vec<ShockMark> {
    let number = runs.clone().count();
    let mut of_runs: BTreeMap<(u32, &str), Vec<&str>> = BTreeMap::new();
    for (letter, marks) in runs {
        for mark in marks {
            of_runs.entry((mark.tick, &mark.label)).or_default().push(letter);
        }
    }
    let mut ticks: BTreeMap<u32, Vec<String>> = BTreeMap::new();
    for ((tick, label), letters) in of_runs {
        ticks.entry(tick).or_default().push(match letters.len() {
            all if all == number => label.to_owned(),
            _ => format!("{}: {label}", letters.join(", ")),
        });
    }
    few(ticks.into_iter().map(|(tick, told)| ShockMark { tick, label: told.join("; ") }).collect())
}

impl Shock {
    fn told(&self, style: &Style) -> String {
        let at = style.moment(&Moment::of(style.calendar.as_ref(), self.tick));
        let why = self.why_not.map_or_else(String::new, |why| format!(" ({})", why.phrase()));
        format!("{} in {at}{why}", self.what)
    }
}

fn phrase(names: &Names, executed: &ScenarioEventExecuted) -> String {
    let kind = scenario_event_phrase(executed.scenario_event_type);
    let agent = |no| names.agent(no);
    match (executed.agent_id.map(agent), executed.counterparty_id.map(agent)) {
        (Some(agent), Some(other)) => format!("{kind} from {agent} to {other}"),
        (Some(agent), None) => format!("{kind} of {agent}"),
        _ => kind.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::{MOST_MARKED, ShockMark, marks_of_all};

    fn marks(all: &[(u32, &str)]) -> Vec<ShockMark> {
        let mark = |(tick, label): &(u32, &str)| ShockMark { tick: *tick, label: (*label).into() };
        all.iter().map(mark).collect()
    }

    #[test]
    fn what_all_runs_have_is_marked_once() {
        let a = marks(&[(3, "outage of X"), (5, "recovery of X")]);
        let b = marks(&[(3, "outage of X"), (5, "change of limits of Y")]);
        let c = marks(&[(3, "outage of X"), (9, "recovery of X")]);
        let both = [("A", a.as_slice()), ("B", &b)];
        assert_eq!(
            marks_of_all(both.into_iter()),
            marks(&[(3, "outage of X"), (5, "B: change of limits of Y; A: recovery of X")])
        );
        let all = [("A", a.as_slice()), ("B", &b), ("C", &c), ("D", &c)];
        assert_eq!(
            marks_of_all(all.into_iter()),
            marks(&[
                (3, "outage of X"),
                (5, "B: change of limits of Y; A: recovery of X"),
                (9, "C, D: recovery of X"),
            ])
        );
    }

    #[test]
    fn of_too_many_none_is_marked() {
        let few: Vec<_> = (0..).take(MOST_MARKED).map(|tick| (tick, "outage of X")).collect();
        let one = marks(&few);
        let other = marks(&[(1_000, "outage of X")]);
        assert_eq!(
            marks_of_all([("A", one.as_slice()), ("B", &[])].into_iter()).len(),
            MOST_MARKED
        );
        assert_eq!(marks_of_all([("A", one.as_slice()), ("B", &other)].into_iter()), []);
    }
}
