//! What the dependencies are: licences, sources, bans and known weaknesses, held against
//! `deny.toml`.
//!
//! cargo-deny judges. It is installed into `target/tools` if it is not there, which takes some
//! minutes once. What cannot be reached is said to be skipped, never passed over in silence.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread::sleep;
use std::time::Duration;

use crate::cargo::cargo;
use crate::report;
use crate::suite::stage;

/// What is installed.
const CARGO_DENY: &str = "cargo-deny@^0.20";
/// Longest time that the installation may take; on two busy cores it took six and a half minutes.
const INSTALL_AT_MOST: Duration = Duration::from_secs(20 * 60);
/// Longest time that fetching the advisories may take.
const FETCH_AT_MOST: Duration = Duration::from_secs(2 * 60);

/// Checks the dependencies against `deny.toml`.
pub(crate) fn check(root: &Path) -> Result<(), String> {
    stage("supply chain: licences, bans, sources");
    let Some(deny) = find(root) else {
        return Ok(());
    };
    let judge = |what: &[&str]| {
        let mut command = Command::new(&deny);
        command.args(["--log-level", "error"]).args(what).current_dir(root);
        command
    };
    if !succeeds(judge(&["check", "licenses", "bans", "sources"]), Duration::MAX) {
        return Err("a dependency is not as deny.toml wants it".to_owned());
    }
    stage("supply chain: advisories");
    let mut fetch = judge(&["fetch", "db"]);
    fetch.stdout(Stdio::null()).stderr(Stdio::null());
    if !succeeds(fetch, FETCH_AT_MOST) {
        report("SKIPPED: the advisory database (github.com/RustSec) cannot be reached");
        return Ok(());
    }
    if succeeds(judge(&["check", "--disable-fetch", "advisories"]), Duration::MAX) {
        Ok(())
    } else {
        Err("there are advisories against a dependency".to_owned())
    }
}

/// Finds cargo-deny, or installs it.
fn find(root: &Path) -> Option<PathBuf> {
    let tools = root.join("target").join("tools");
    let own = tools.join("bin").join(format!("cargo-deny{}", std::env::consts::EXE_SUFFIX));
    let answers = |path: &Path| {
        let mut command = Command::new(path);
        command.arg("--version").stdout(Stdio::null()).stderr(Stdio::null());
        succeeds(command, Duration::MAX)
    };
    if let Some(path) = [own.clone(), "cargo-deny".into()].into_iter().find(|path| answers(path)) {
        return Some(path);
    }
    report("cargo-deny is not there: it is installed into target/tools, once, in some minutes");
    let build = tools.join("build");
    let mut install = cargo(root);
    // Without optimization and debug information it is there in half the time, and quick enough.
    install.env("CARGO_PROFILE_DEV_DEBUG", "false");
    install.args(["install", "--locked", "--quiet", "--debug", "--root"]).arg(&tools);
    install.arg("--target-dir").arg(&build).arg(CARGO_DENY);
    let installed = succeeds(install, INSTALL_AT_MOST) && answers(&own);
    // What it was built from is of no further use, and large.
    let _ = std::fs::remove_dir_all(&build);
    if !installed {
        let way = "cargo install --locked cargo-deny";
        report(&format!("SKIPPED: cargo-deny could not be installed; `{way}` says why"));
    }
    installed.then_some(own)
}

/// Runs a command; one that takes longer than it may is ended, and has failed.
fn succeeds(mut command: Command, at_most: Duration) -> bool {
    const PAUSE: Duration = Duration::from_millis(50);
    let Ok(mut child) = command.spawn() else { return false };
    let mut waited = Duration::ZERO;
    while waited < at_most {
        match child.try_wait() {
            Ok(None) => sleep(PAUSE),
            Ok(Some(status)) => return status.success(),
            Err(_) => return false,
        }
        waited += PAUSE;
    }
    let _ = child.kill();
    let _ = child.wait();
    false
}
