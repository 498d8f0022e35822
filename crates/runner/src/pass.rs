//! One pass over a stored run: it is read on this thread and folded on another.

use std::sync::mpsc::{channel, sync_channel};
use std::thread;

use psim_journal::{Journal, JournalError, StoredRun};
use psim_model::event::EventBatch;
use psim_view::Fold;

/// Ticks that are read ahead at most.
const AHEAD: usize = 4;

/// Feeds a run, as far as it is stored, to a fold. `is_stopped` is asked before each tick; returns
/// whether all ticks have passed.
pub fn pass(
    journal: &Journal,
    run: &StoredRun,
    fold: &mut (impl Fold + Send),
    is_stopped: &dyn Fn() -> bool,
) -> Result<bool, JournalError> {
    let mut reader = journal.read(run)?;
    thread::scope(|scope| {
        let (to_fold, to_observe) = sync_channel::<EventBatch>(AHEAD);
        let (used, to_fill) = channel();
        scope.spawn(move || {
            for batch in to_observe {
                fold.observe(&batch);
                // Its memory is used again; at the end nobody wants it.
                let _ = used.send(batch);
            }
        });
        loop {
            if is_stopped() {
                return Ok(false);
            }
            let mut batch = to_fill.try_recv().unwrap_or_default();
            if !reader.next(&mut batch)? {
                return Ok(true);
            }
            // Refused only if the fold has panicked, which the scope passes on.
            if to_fold.send(batch).is_err() {
                return Ok(false);
            }
        }
    })
}
