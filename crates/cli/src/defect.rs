//! A broken invariant of our own is told in one line, as what it is.

use std::panic::{self, AssertUnwindSafe};
use std::process::ExitCode;
use std::sync::Mutex;

use crate::output;

/// What the last panic said; only told if nothing contains it.
static LAST: Mutex<String> = Mutex::new(String::new());

/// Runs `work`; should an invariant break in it, says so instead of printing a trace.
pub(crate) fn contain(work: impl FnOnce() -> ExitCode) -> ExitCode {
    panic::set_hook(Box::new(|panic| {
        if let Ok(mut last) = LAST.lock() {
            *last = panic.to_string();
        }
    }));
    panic::catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|_| {
        let last = LAST.lock().map(|last| last.clone()).unwrap_or_default();
        output::defect(&last.replace('\n', " "));
        ExitCode::from(101)
    })
}
