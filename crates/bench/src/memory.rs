//! How much memory something takes, as the kernel sees it.

use std::fs;
use std::process::Command;

/// Asks this program for the memory section alone.
pub(crate) const MEMORY: &str = "--memory";
/// Asks this program for the section on the largest days alone.
pub(crate) const LOADS: &str = "--loads";
/// Asks this program for the section on waiting payments alone.
pub(crate) const WAITING: &str = "--waiting";

/// The sections that are measured in a child.
pub(crate) const IN_CHILD: [&str; 3] = [MEMORY, LOADS, WAITING];
/// Tells this program that it is such a child.
pub(crate) const CHILD: &str = "--child";

/// Measures in a child whose allocator gives freed memory back at once: in this process a run would
/// get the remains of earlier cases, or not, depending on its size.
pub(crate) fn section_of_child(flag: &str) -> String {
    let child = std::env::current_exe().and_then(|program| {
        Command::new(program).args([flag, CHILD]).env("MALLOC_MMAP_THRESHOLD_", "65536").output()
    });
    match child {
        Ok(output) if output.status.success() => {
            String::from_utf8_lossy(&output.stdout).into_owned()
        }
        _ => format!("Not measured: `{flag}` failed.\n"),
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
