//! One pass over a stored run: it is read on this thread and folded on another.

use std::sync::mpsc::{channel, sync_channel};
use std::thread;

use psim_journal::{Journal, JournalError, RunReader, StoredRun};
use psim_model::event::EventBatch;
use psim_view::Fold;

/// Ticks that are read ahead at most.
const AHEAD: usize = 4;

/// Feeds a run, as far as it is stored, to a fold. `is_stopped` is asked before each tick; returns
/// whether all ticks have passed.
///
/// # Errors
///
/// [`JournalError`]: the run cannot be read.
pub fn pass(
    journal: &Journal,
    run: &StoredRun,
    fold: &mut (impl Fold + Send),
    is_stopped: &dyn Fn() -> bool,
) -> Result<bool, JournalError> {
    let mut reader = journal.read(run)?;
    let ahead = thread::scope(|scope| {
        let (to_fold, to_observe) = sync_channel::<EventBatch>(AHEAD);
        let (used, to_fill) = channel();
        let folding = &mut *fold;
        let observe = move || {
            for batch in to_observe {
                folding.observe(&batch);
                // Its memory is used again; at the end nobody wants it.
                let _ = used.send(batch);
            }
        };
        thread::Builder::new().spawn_scoped(scope, observe).ok()?;
        let next_batch = || to_fill.try_recv().unwrap_or_default();
        // Refused only if the fold has panicked, which the scope passes on.
        Some(read(&mut reader, is_stopped, next_batch, |batch| to_fold.send(batch).is_ok()))
    });
    ahead.unwrap_or_else(|| {
        // The system has no other thread to give.
        read(&mut reader, is_stopped, EventBatch::default, |batch| {
            fold.observe(&batch);
            true
        })
    })
}

/// Reads all batches, each into one that `next` gives; ends early where one is not `taken`.
fn read(
    reader: &mut RunReader<'_>,
    is_stopped: &dyn Fn() -> bool,
    next: impl Fn() -> EventBatch,
    mut taken: impl FnMut(EventBatch) -> bool,
) -> Result<bool, JournalError> {
    loop {
        if is_stopped() {
            return Ok(false);
        }
        let mut batch = next();
        if !reader.next(&mut batch)? {
            return Ok(true);
        }
        if !taken(batch) {
            return Ok(false);
        }
    }
}
