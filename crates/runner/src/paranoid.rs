//! A run that is checked while it goes: laws that hold whatever the scenario is.
//!
//! What a run must not do is told here by other code than the run itself: a fold of the events on
//! one side, the engine's answers on the other. A broken law is a defect of ours, never an outcome.

mod books;
mod broken;
mod lives;
mod state;

use psim_engine::Engine;
use psim_model::CheckedScenario;
use psim_model::event::EventBatch;
use psim_view::{Fold, Projection};

use books::Books;
use lives::Lives;

pub use broken::Broken;

/// Checks a run after every tick, at the cost of a look at every agent and payment:
///
/// * the events tell the whole state: a [`Projection`] of them equals what the engine says of
///   every agent, queue and payment;
/// * the engine's running sums equal a recount;
/// * money is conserved: balances and pending credits are the opening balances and what was
///   brought in from pools;
/// * nobody settles beyond its permission;
/// * a payment settles at most once, and not after it was dropped or split.
#[derive(Clone, Debug)]
pub struct Paranoid {
    projection: Projection,
    books: Books,
    lives: Lives,
}

impl Paranoid {
    /// Returns the checks of a run of this scenario that has not begun.
    pub fn new(scenario: &CheckedScenario) -> Self {
        Self { projection: Projection::new(), books: Books::new(scenario), lives: Lives::default() }
    }

    /// Takes in a tick and checks the engine that has just run it; ticks come in order from the
    /// first.
    ///
    /// # Errors
    ///
    /// The first law that is found broken.
    pub fn observe(&mut self, engine: &Engine, batch: &EventBatch) -> Result<(), Broken> {
        self.projection.observe(batch);
        let names = self.projection.names();
        self.lives.observe(batch, names)?;
        self.books.observe(batch, names)?;
        self.books.compare(batch.tick(), engine)?;
        state::compare(batch.tick(), &self.projection, engine)?;
        engine.audit().map_err(|what| Broken::Sums { tick: batch.tick(), what })
    }

    /// Returns the state as the events tell it.
    pub const fn projection(&self) -> &Projection {
        &self.projection
    }
}
