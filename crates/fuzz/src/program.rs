//! The `payment-sim` command, called as a person would, by this program in another process.

use std::io::Read;
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread::{self, sleep};
use std::time::Duration;

/// Longest time that a call may take.
const AT_MOST: Duration = Duration::from_secs(60);

/// What a call came to.
pub(crate) struct Called {
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

/// Calls the command in a folder; one that panics, dies or takes too long is a panic here.
pub(crate) fn call(folder: &Path, arguments: &[String]) -> Called {
    let program = std::env::current_exe().expect("Condition failed: this program has a path");
    let mut command = Command::new(program);
    command.args(["command", "--"]).args(arguments).current_dir(folder);
    command.env("NO_COLOR", "1").stdin(Stdio::null());
    let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn();
    let mut child = child.expect("Condition failed: this program can be started");
    let out = gather(child.stdout.take());
    let err = gather(child.stderr.take());
    let mut waited = Duration::ZERO;
    let status = loop {
        const PAUSE: Duration = Duration::from_millis(2);
        match child.try_wait().expect("Condition failed: a child can be waited for") {
            Some(status) => break status,
            None if waited > AT_MOST => {
                let _ = child.kill();
                panic!("a call took more than {AT_MOST:?}: {arguments:?}");
            }
            None => sleep(PAUSE),
        }
        waited += PAUSE;
    };
    let text = |gathered: thread::JoinHandle<Vec<u8>>| {
        String::from_utf8_lossy(&gathered.join().unwrap_or_default()).into_owned()
    };
    let called = Called { code: status.code(), stdout: text(out), stderr: text(err) };
    let is_known = matches!(called.code, Some(0..=3));
    assert!(
        is_known && !called.stderr.contains("panicked"),
        "{status}: {arguments:?}\n{}",
        called.stderr
    );
    called
}

/// Reads all that a child says, so that it does not wait for a reader.
fn gather(stream: Option<impl Read + Send + 'static>) -> thread::JoinHandle<Vec<u8>> {
    thread::spawn(move || {
        let mut bytes = Vec::new();
        if let Some(mut stream) = stream {
            let _ = stream.read_to_end(&mut bytes);
        }
        bytes
    })
}
