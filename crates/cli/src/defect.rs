//! A broken invariant of our own is told in one line, as what it is.

use std::panic::{self, UnwindSafe};
use std::sync::Mutex;

use crate::failure::DEFECT;
use crate::output;

/// What the last panic said; only told if nothing contains it.
static LAST: Mutex<String> = Mutex::new(String::new());

/// Runs `work`; should an invariant break in it, says so instead of printing a trace.
pub(crate) fn contain(work: impl FnOnce() -> u8 + UnwindSafe) -> u8 {
    panic::set_hook(Box::new(|panic| {
        if let Ok(mut last) = LAST.lock() {
            *last = panic.to_string();
        }
    }));
    panic::catch_unwind(work).unwrap_or_else(|_| {
        let last = LAST.lock().map(|last| last.clone()).unwrap_or_default();
        output::defect(&last.replace('\n', " "));
        DEFECT
    })
}
