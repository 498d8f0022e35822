//! What is exported of a run: its tables, and what is said of it beside them.

use psim_frames::{AgentsByTick, Frame};
use psim_journal::{Journal, StoredRun};
use psim_model::CheckedScenario;
use psim_model::event::EventBatch;
use psim_view::Fold as _;

use super::ExportError;
use crate::altered::read_whole;

/// The names of the tables, which are those of their folders.
pub(super) const NAMES: [&str; 6] =
    ["transactions", "pairs", "agents_by_tick", "ticks", "costs", "events"];

/// The events of a run.
pub(super) struct Log {
    batches: Vec<EventBatch>,
}

impl Log {
    /// Reads a run and checks that it is what was kept.
    pub(super) fn read(
        journal: &Journal,
        run: &StoredRun,
        is_stopped: &dyn Fn() -> bool,
    ) -> Result<Self, ExportError> {
        let mut batches = Vec::new();
        read_whole(journal, run, |batch| {
            if is_stopped() {
                return Err(ExportError::Stopped);
            }
            batches.push(std::mem::take(batch));
            Ok(())
        })?;
        Ok(Self { batches })
    }

    /// Makes one table after the other, each gone before the next is made.
    pub(super) fn each_table(
        &self,
        write: &mut dyn FnMut(&'static str, &Frame) -> Result<(), ExportError>,
    ) -> Result<(), ExportError> {
        let log = &self.batches;
        let mut fold = AgentsByTick::new();
        for batch in log {
            fold.observe(batch);
        }
        let [transactions, pairs, agents_by_tick, ticks, costs, events] = NAMES;
        write(transactions, &psim_frames::transactions(fold.projection()))?;
        write(pairs, &psim_frames::pairs(fold.projection()))?;
        let names = fold.projection().names().clone();
        write(agents_by_tick, &fold.finish())?;
        write(ticks, &psim_frames::ticks(log))?;
        write(costs, &psim_frames::costs(log, &names))?;
        write(events, &psim_frames::events_of_all_kinds(log, &names))
    }
}

/// Returns what each file says of the run, as far as its form has a place for it.
pub(super) fn notes(run: &StoredRun, scenario: &CheckedScenario) -> Vec<(String, String)> {
    let currency = &scenario.currency;
    let notes = [
        ("simulation_id", run.simulation_id.clone()),
        ("source", run.source.clone()),
        ("scenario_hash", run.scenario_hash.clone()),
        ("rng_seed", run.rng_seed.to_string()),
        ("version", run.version.clone()),
        ("currency", currency.code.clone()),
        ("currency_decimals", currency.decimals.to_string()),
        ("ticks_per_day", run.ticks_per_day.to_string()),
        ("ticks_done", run.ticks_done.to_string()),
        ("is_complete", run.is_complete.to_string()),
    ];
    notes.into_iter().map(|(key, value)| (format!("payment_sim.{key}"), value)).collect()
}
