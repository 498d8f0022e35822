//! Step 10: liquidity-saving mechanisms.
//!
//! An algorithm reads what is queued, what is available and what limits leave, and returns sets of
//! payments; only [`apply`] settles them, under the set rule. `CONTRIBUTING.md` shows how to add
//! one.

mod all_or_nothing;
mod apply;
mod bilateral;
mod blocks;
mod cycles;
mod gridlock_resolution;
mod partial;
mod prefixes;
mod retry;
mod schedule;
mod view;

use psim_model::{AgentNo, Algorithm as Kind};

pub(crate) use schedule::{Lsm, run};
pub(crate) use view::Queued;
use view::View;

/// One run of an algorithm.
trait Algorithm {
    /// Returns the next payments that are to settle together; `None` ends the run.
    ///
    /// It is asked again after each set has settled, with what is queued and available then. Every
    /// set that it returns passes the set rule.
    fn next_set(&mut self, view: &View<'_>, steps: &mut Steps) -> Option<Set>;
}

/// Payments that settle together, and how that is told.
#[derive(Debug)]
enum Set {
    /// A payment by itself.
    One(Queued),
    /// Those of two agents to each other, the first agent's first.
    Pair([AgentNo; 2], Vec<Queued>),
    /// Those around a ring of agents, in its order.
    Cycle(Vec<AgentNo>, Vec<Queued>),
    /// Any, agent by agent.
    Batch(Vec<Queued>),
}

/// Begins a run of an algorithm.
fn begin(algorithm: &Kind, settled_cycles: u32) -> Box<dyn Algorithm> {
    match algorithm {
        Kind::Retry => Box::new(retry::Retry::default()),
        Kind::Bilateral(options) => Box::new(bilateral::Bilateral::new(*options)),
        Kind::Cycles { max_cycle_length, max_cycles_per_tick } => {
            let left = max_cycles_per_tick.saturating_sub(settled_cycles);
            Box::new(cycles::Cycles::new(*max_cycle_length, left))
        }
        Kind::GridlockResolution => Box::new(gridlock_resolution::GridlockResolution::default()),
        Kind::Partial => Box::new(partial::Partial::default()),
        Kind::AllOrNothing => Box::new(all_or_nothing::AllOrNothing::default()),
    }
}

/// The steps that a run may still take: pairs and rings tested, payments left out.
#[derive(Clone, Copy, Debug)]
struct Steps {
    left: Option<u64>,
    /// Whether a step was refused.
    ended: bool,
    /// Whether a ring was left untested because no more may settle in this tick.
    rings_ended: bool,
}

impl Steps {
    const fn new(most: Option<u64>) -> Self {
        Self { left: most, ended: false, rings_ended: false }
    }

    /// Returns whether one more step may be taken, and counts it.
    const fn take(&mut self) -> bool {
        match &mut self.left {
            None => true,
            Some(0) => {
                self.ended = true;
                false
            }
            Some(left) => {
                *left -= 1;
                true
            }
        }
    }
}
