//! Numbers as they are typed, and what is said of those that are none.

/// Reads the number of a tick.
pub(super) fn tick(text: &str) -> Result<u32, String> {
    let problem = if text.contains(':') {
        "a tick is given by its number; `run --verbose` shows each with its time"
    } else {
        "a tick is a whole number from 0 on"
    };
    text.parse().map_err(|_| problem.to_owned())
}

/// Reads the number of a tick that has one before it.
pub(super) fn later_tick(text: &str) -> Result<u32, String> {
    match tick(text)? {
        0 => Err("nothing is before tick 0; give one from 1 on".to_owned()),
        tick => Ok(tick),
    }
}

/// Reads a seed.
pub(super) fn seed(text: &str) -> Result<u64, String> {
    text.parse().map_err(|_| format!("a seed is a whole number from 0 to {}", u64::MAX))
}
