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
use psim_view::Projection;

use books::Books;
use lives::Lives;
use state::Today;

pub use broken::Broken;

/// Checks a run after every tick, at the cost of a look at every agent and payment and, for each
/// limit, at everything settled that day:
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
    /// Events that the projection has taken in of the coming tick.
    told: usize,
    books: Books,
    lives: Lives,
}

impl Paranoid {
    /// Returns the checks of a run of this scenario that has not begun.
    pub fn new(scenario: &CheckedScenario) -> Self {
        let (projection, lives) = (Projection::new(), Lives::default());
        Self { projection, told: 0, books: Books::new(scenario), lives }
    }

    /// Takes in a tick and checks the engine that has just run it; ticks come in order from the
    /// first.
    ///
    /// # Errors
    ///
    /// The first law that is found broken.
    pub fn observe(&mut self, engine: &Engine, batch: &EventBatch) -> Result<(), Broken> {
        self.pass(batch)?;
        self.books.compare(batch.tick(), engine)?;
        state::compare((batch.tick(), Today::Counts), &self.projection, engine)?;
        engine.audit().map_err(|what| Broken::Sums { tick: batch.tick(), what })
    }

    /// Takes in a tick that was run elsewhere, such as one before a checkpoint: what its events
    /// tell by themselves is checked, there is no engine to compare with. Ticks come in order.
    ///
    /// # Errors
    ///
    /// The first law that is found broken.
    pub fn pass(&mut self, batch: &EventBatch) -> Result<(), Broken> {
        let told = std::mem::take(&mut self.told);
        self.projection.observe_from(batch, told, |_, _| {});
        self.projection.end_tick();
        let names = self.projection.names();
        self.lives.observe(batch, names)?;
        self.books.observe(batch, names)
    }

    /// Takes in what waits for the coming tick, such as what instructions have caused, and checks
    /// that the events tell the whole state there, too. May be called any number of times between
    /// ticks, also before the first.
    ///
    /// # Errors
    ///
    /// The first difference that is found.
    pub fn observe_told(&mut self, engine: &Engine) -> Result<(), Broken> {
        let batch = engine.coming_events();
        if engine.is_finished() {
            return Ok(());
        }
        self.projection.observe_from(batch, self.told, |_, _| {});
        self.told = batch.events().len();
        let begins_day = engine.scenario().calendar.is_first_of_day(batch.tick());
        let today = if begins_day { Today::StillYesterday } else { Today::Counts };
        state::compare((batch.tick(), today), &self.projection, engine)
    }

    /// Returns the state as the events tell it.
    pub const fn projection(&self) -> &Projection {
        &self.projection
    }
}
