//! How much memory something takes, as the kernel sees it.

use std::fs;
use std::process::Command;

/// Asks this program for the memory section alone.
pub(crate) const FLAG: &str = "--memory";

/// Measures in a child whose allocator gives freed memory back at once; in this process the
/// remains of earlier cases would hide what a run takes.
pub(crate) fn section_of_child() -> String {
    let child = std::env::current_exe().and_then(|program| {
        Command::new(program).arg(FLAG).env("MALLOC_MMAP_THRESHOLD_", "65536").output()
    });
    match child {
        Ok(output) if output.status.success() => {
            String::from_utf8_lossy(&output.stdout).into_owned()
        }
        _ => "## Memory\n\nNot measured: the child process failed.\n".to_owned(),
    }
}

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
