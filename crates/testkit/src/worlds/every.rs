//! All worlds of a small kind, none left out.

use psim_model::{
    Algorithm, LiquiditySaving, Money, Pairs, QueueDiscipline, Scenario, ScheduledAlgorithm, Tick,
};

use crate::sketch;

/// A kind of world small enough that all of them can be run.
#[derive(Clone, Copy, Debug)]
pub struct SmallWorlds<'a> {
    /// Number of agents, 2 or 3.
    pub agents: usize,
    /// Length of the one day.
    pub ticks: u32,
    /// Most payments.
    pub payments_max: usize,
    /// Amounts that payments may have, in minor units.
    pub amounts: &'a [i64],
    /// Opening balances that agents may have, in minor units.
    pub balances: &'a [i64],
}

/// Visits every world of a kind: all balances, all lists of payments in order of arrival, and
/// both queue disciplines.
pub fn every_small_world(kind: &SmallWorlds<'_>) -> impl Iterator<Item = Scenario> {
    let mut counters = Counters::default();
    let mut done = false;
    std::iter::from_fn(move || {
        if done {
            return None;
        }
        let world = small_world(kind, &mut counters);
        done = !counters.advance();
        Some(world)
    })
}

/// Returns liquidity saving by each algorithm alone, and by all of them in sequence.
pub fn every_saving() -> Vec<LiquiditySaving> {
    let each = [
        Algorithm::Retry,
        Algorithm::Bilateral(Pairs::default()),
        Algorithm::Cycles { max_cycle_length: 3, max_cycles_per_tick: 1_000 },
        Algorithm::GridlockResolution,
        Algorithm::Partial,
        Algorithm::AllOrNothing,
    ];
    let scheduled = each.map(|algorithm| ScheduledAlgorithm { algorithm, every: 1, enabled: true });
    let mut every: Vec<LiquiditySaving> = scheduled
        .iter()
        .map(|scheduled| LiquiditySaving {
            algorithms: vec![*scheduled],
            reports_blocks: true,
            ..LiquiditySaving::NONE
        })
        .collect();
    let algorithms = scheduled.to_vec();
    every.push(LiquiditySaving { algorithms, sequencing: true, ..LiquiditySaving::NONE });
    every
}

fn small_world(kind: &SmallWorlds<'_>, counters: &mut Counters) -> Scenario {
    let names = ["A", "B", "C"];
    let agents: Vec<(&str, i64)> =
        names[..kind.agents].iter().map(|name| (*name, counters.pick(kind.balances))).collect();
    let mut scenario = sketch::scenario(kind.ticks, 1, &agents);
    scenario.rules.queue_discipline =
        counters.pick(&[QueueDiscipline::Bypass, QueueDiscipline::Fifo]);
    let mut tick = 0;
    for _ in 0..counters.below(kind.payments_max + 1) {
        tick += u32::try_from(counters.below((kind.ticks - tick) as usize)).unwrap_or(0);
        let sender = counters.below(kind.agents);
        let receiver = (sender + 1 + counters.below(kind.agents - 1)) % kind.agents;
        let mut row = sketch::payment(tick, 0, 0, 0);
        row.sender.0 = u32::try_from(sender).unwrap_or(0);
        row.receiver.0 = u32::try_from(receiver).unwrap_or(0);
        row.amount = Money::from_minor(counters.pick(kind.amounts));
        row.deadline = Tick(tick);
        scenario.payments.rows.push(row);
    }
    scenario
}

/// Answers each question with every answer in turn, over all runs of the same questions.
///
/// The first run answers 0 everywhere. [`Counters::advance`] moves on the last question that has
/// an answer left and forgets those after it, which may be other questions next time.
#[derive(Debug, Default)]
struct Counters {
    /// Answer and number of answers, by question.
    answers: Vec<(usize, usize)>,
    asked: usize,
}

impl Counters {
    fn below(&mut self, count: usize) -> usize {
        if self.asked == self.answers.len() {
            self.answers.push((0, count));
        }
        self.asked += 1;
        self.answers[self.asked - 1].0
    }

    fn pick<T: Copy>(&mut self, items: &[T]) -> T {
        items[self.below(items.len())]
    }

    /// Prepares the next run; returns false if there is none.
    fn advance(&mut self) -> bool {
        self.asked = 0;
        while let Some((answer, count)) = self.answers.pop() {
            if answer + 1 < count {
                self.answers.push((answer + 1, count));
                return true;
            }
        }
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counters_give_every_run_once() {
        let mut counters = Counters::default();
        let mut runs = Vec::new();
        loop {
            let length = counters.below(3);
            runs.push((0..length).map(|_| counters.pick(&['x', 'y'])).collect::<String>());
            if !counters.advance() {
                break;
            }
        }
        assert_eq!(runs, ["", "x", "y", "xx", "xy", "yx", "yy"]);
    }

    #[test]
    fn small_worlds_are_all_there() {
        let kind =
            SmallWorlds { agents: 2, ticks: 1, payments_max: 2, amounts: &[1, 2], balances: &[0] };
        // Two disciplines; a payment has two directions and two amounts: 1 + 4 + 16 lists.
        assert_eq!(every_small_world(&kind).count(), 42);
    }
}
