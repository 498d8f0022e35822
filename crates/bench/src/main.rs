//! `cargo xtask bench`: what the engine costs, as ratios to a bare loop over the same payments.
//!
//! Machines differ and are noisy, so no figure here is a time by itself: each is measured beside
//! the loop in one process and divided by it. The page it prints is `docs/performance.md`.

mod bare;
mod cases;
mod days;
mod frames_case;
mod journal_case;
mod liquidity_saving;
mod loads_case;
mod mechanisms;
mod memory;
mod memory_case;
mod policies;
mod report_case;
mod table;
mod timing;

use std::io::{self, Write};

fn main() -> io::Result<()> {
    let asked = |flag: &str| std::env::args().any(|argument| argument == flag);
    let of_child = memory::IN_CHILD.into_iter().find(|flag| asked(flag));
    let page = match of_child {
        Some(flag) if !asked(memory::CHILD) => memory::section_of_child(flag),
        _ => section(asked),
    };
    io::stdout().lock().write_all(page.as_bytes())
}

/// Measures what is asked for: by default, all.
fn section(asked: impl Fn(&str) -> bool) -> String {
    match () {
        () if asked(memory::MEMORY) => memory_case::section(),
        () if asked(memory::LOADS) => loads_case::section(),
        () if asked(memory::WAITING) => cases::waiting(),
        () if asked("--liquidity-saving") => liquidity_saving::section(7),
        () if asked("--policies") => policies::section(7),
        () if asked("--report") => report_case::section(7),
        () if asked("--frames") => frames_case::section(7),
        () if asked("--ratios") => cases::ratios_only(),
        () => cases::page(asked("--quick")),
    }
}
