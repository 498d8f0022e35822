//! Ctrl-C: the first asks for a clean stop, the second ends the process at once.

use std::sync::atomic::{AtomicBool, Ordering};

static ASKED: AtomicBool = AtomicBool::new(false);

/// Starts listening. Without a handler Ctrl-C still ends the process, only less politely.
pub(crate) fn listen() {
    let _ = ctrlc::set_handler(|| {
        if ASKED.swap(true, Ordering::Relaxed) {
            leave();
        }
    });
}

/// Returns whether a stop was asked for.
pub(crate) fn asked() -> bool {
    ASKED.load(Ordering::Relaxed)
}

#[expect(clippy::exit, reason = "the user has asked twice")]
fn leave() {
    std::process::exit(130);
}
