//! How much memory something takes, as the kernel sees it.

use std::fs;

/// Returns by how many bytes peak resident memory rose while `work` ran, or `None` where the kernel
/// does not tell.
pub(crate) fn growth<T>(work: impl FnOnce() -> T) -> Option<u64> {
    // Forgets the peak so far.
    fs::write("/proc/self/clear_refs", "5").ok()?;
    let before = status("VmRSS:")?;
    drop(work());
    Some(status("VmHWM:")?.saturating_sub(before))
}

/// Reads a figure of this process, in bytes.
fn status(name: &str) -> Option<u64> {
    let text = fs::read_to_string("/proc/self/status").ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix(name))?;
    let kibibytes: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kibibytes * 1024)
}
