//! Watches over processes that are given hostile input.

use std::io::{BufRead, BufReader, Read};
use std::process::{Child, Command, ExitCode, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread;
use std::time::Duration;

use crate::case::TAKEN;
use crate::doors::Door;
use crate::say;

/// Longest time that an input may take.
const AT_MOST: Duration = Duration::from_secs(120);
/// Most memory that a process may ask for: an input that takes more is a finding.
const KIBIBYTES_AT_MOST: u64 = 6 * 1024 * 1024;
/// Findings after which a door is left alone.
const FINDINGS_AT_MOST: usize = 10;

/// Gives seeded input to all doors, or to one; each finding is told with the line that repeats it.
pub(crate) fn fuzz(door: Option<Door>, first: u64, seeds: u64) -> ExitCode {
    let doors = door.map_or(Door::all(), |door| vec![door]);
    let mut findings = 0;
    for door in doors {
        let (found, taken) = watch(door, first, seeds);
        let name = door.name();
        say(&format!("{name}: {seeds} inputs, {taken} of them taken, {found} findings"));
        findings += found;
    }
    if findings == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Runs the seeds of a door, in a new process after each finding; returns how many there were, and
/// how many inputs were taken for sound ones.
fn watch(door: Door, first: u64, seeds: u64) -> (usize, u64) {
    let end = first.saturating_add(seeds);
    let (mut next, mut findings, mut taken) = (first, 0, 0);
    while next < end && findings < FINDINGS_AT_MOST {
        let Err((seed, what)) = run(door, next, end - next, &mut taken) else { break };
        say(&format!(
            "{what}\n  again: cargo xtask fuzz --door {} --first {seed} --seeds 1",
            door.name()
        ));
        findings += 1;
        next = seed + 1;
    }
    (findings, taken)
}

/// Runs some seeds in a process; returns the one that it did not come through, and how it ended.
fn run(door: Door, first: u64, seeds: u64, taken: &mut u64) -> Result<(), (u64, String)> {
    let mut child = start(door, first, seeds).map_err(|error| (first, error.to_string()))?;
    let (lines, errors) = (lines(&mut child), errors(&mut child));
    let mut seed = first;
    loop {
        match lines.recv_timeout(AT_MOST) {
            Ok(line) if line == TAKEN => *taken += 1,
            Ok(line) => seed = line.parse().unwrap_or(seed),
            Err(RecvTimeoutError::Timeout) => {
                let _ = child.kill();
                return Err((seed, format!("more than {AT_MOST:?} for one input")));
            }
            Err(RecvTimeoutError::Disconnected) => break,
        }
    }
    match child.wait() {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err((seed, format!("{status}\n{}", errors.join().unwrap_or_default()))),
        Err(error) => Err((seed, error.to_string())),
    }
}

fn start(door: Door, first: u64, seeds: u64) -> std::io::Result<Child> {
    let program = std::env::current_exe()?;
    // The shell holds the memory; where there is none, nothing does.
    let mut command = if cfg!(unix) {
        let mut shell = Command::new("sh");
        let limit = format!("ulimit -v {KIBIBYTES_AT_MOST}; exec \"$0\" \"$@\"");
        shell.args(["-c", &limit]).arg(program);
        shell
    } else {
        Command::new(program)
    };
    command.args(["case", "--door", &door.name()]);
    command.args(["--first", &first.to_string(), "--seeds", &seeds.to_string()]);
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn()
}

/// The lines that a child says, as they come.
fn lines(child: &mut Child) -> Receiver<String> {
    let (sender, receiver) = channel();
    if let Some(stream) = child.stdout.take() {
        thread::spawn(move || {
            for line in BufReader::new(stream).lines().map_while(Result::ok) {
                if sender.send(line).is_err() {
                    return;
                }
            }
        });
    }
    receiver
}

/// All that a child says on stderr.
fn errors(child: &mut Child) -> thread::JoinHandle<String> {
    let stream = child.stderr.take();
    thread::spawn(move || {
        let mut bytes = Vec::new();
        if let Some(mut stream) = stream {
            let _ = stream.read_to_end(&mut bytes);
        }
        String::from_utf8_lossy(&bytes).into_owned()
    })
}
