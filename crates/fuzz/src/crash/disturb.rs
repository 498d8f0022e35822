//! What can happen to a command: it is killed, or what it writes is refused.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread::sleep;
use std::time::Duration;

use super::means::Means;
use crate::dice::Dice;

/// Something that is done to a command while it works.
pub(super) enum Disturbance {
    /// It is killed after so long, without a word (SIGKILL).
    Kill(Duration),
    /// It is killed so long after its new file has appeared, when it makes the tables.
    KillEarly(Duration),
    /// No file may become longer than so many blocks of 512 bytes: writes beyond fail.
    Limit(usize),
    /// It works on a file system that has so many KiB left.
    Full(usize),
    /// From its n-th call that writes on, so many calls fail in this way.
    Fail { at: usize, calls: usize, how: &'static str },
}

/// How a command ended.
pub(super) enum Ended {
    Killed,
    Done {
        /// Whether one of its calls had failed.
        though: bool,
    },
    Refused {
        code: i32,
        stderr: String,
    },
}

impl Ended {
    /// What was refused was refused in words, and as the environment's fault or the user's.
    pub(super) fn was_refused_well(&self) {
        if let Self::Refused { code, stderr } = self {
            assert!(matches!(code, 1 | 3), "code {code}: {stderr}");
            assert!(!stderr.is_empty() && !stderr.contains("panicked"), "code {code}: {stderr}");
        }
    }
}

/// The tables are made within so many microseconds after the file has appeared, as a power of two;
/// on a busy machine it takes longer than elsewhere.
const EARLY: usize = 17;
/// Time for a new file to appear, in steps of [`LOOK_EVERY`].
const LOOKS: u32 = 50_000;
const LOOK_EVERY: Duration = Duration::from_micros(100);

/// Mounts a file system, has the command work there, and brings back all that is left of it.
const ON_A_FULL_DISK: &str = r#"
mount -t tmpfs -o size="$ROOM"k none "$PLACE" && cp -a . "$PLACE" || exit 99
(cd "$PLACE" && exec "$0" "$@")
code=$?
find . -mindepth 1 -delete && cp -a "$PLACE"/. . || exit 99
exit $code
"#;

impl Disturbance {
    /// Returns anything that can happen to a command that takes about so long.
    pub(super) fn any(dice: &mut Dice, takes: Duration, means: &Means) -> Self {
        match dice.below(8) {
            0 if cfg!(unix) => Self::Limit(up_to(dice, 14)),
            1 if means.apart.is_some() => Self::Full(up_to(dice, 12)),
            2 | 3 if means.shim.is_some() => Self::Fail {
                at: up_to(dice, 13),
                calls: if dice.once_in(2) { 1 } else { up_to(dice, 10) },
                how: dice.pick(&["EIO", "ENOSPC", "short"]),
            },
            _ => Self::kill(dice, takes),
        }
    }

    /// Returns a kill within somewhat more than so long.
    pub(super) fn kill(dice: &mut Dice, takes: Duration) -> Self {
        let micros = usize::try_from(takes.as_micros()).unwrap_or(usize::MAX);
        Self::Kill(micros_of(dice.below(micros.saturating_mul(11) / 10)))
    }

    /// Returns a kill as the tables of a new file are made.
    pub(super) fn kill_early(dice: &mut Dice) -> Self {
        Self::KillEarly(micros_of(up_to(dice, EARLY)))
    }

    /// Calls the command, which works on `runs.db` in a folder, and disturbs it.
    pub(super) fn during(&self, folder: &Path, arguments: &[String], means: &Means) -> Ended {
        let mut command = self.command(folder, means);
        command.args(["command", "--"]).args(arguments).current_dir(folder);
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped());
        let _ = fs::remove_file(means.note()); // mostly there is none
        let mut child = command.spawn().expect("Condition failed: this program can be started");
        match self {
            Self::Kill(after) => {
                sleep(*after);
                let _ = child.kill(); // it may have ended
            }
            Self::KillEarly(after) => {
                let file = folder.join("runs.db");
                for _ in 0..LOOKS {
                    if file.exists() || !matches!(child.try_wait(), Ok(None)) {
                        break;
                    }
                    sleep(LOOK_EVERY);
                }
                sleep(*after);
                let _ = child.kill();
            }
            Self::Limit(_) | Self::Full(_) | Self::Fail { .. } => {}
        }
        let output = child.wait_with_output().expect("Condition failed: a child can be waited for");
        match output.status.code() {
            None => Ended::Killed,
            Some(0) => Ended::Done { though: means.note().exists() },
            Some(code) => {
                let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
                Ended::Refused { code, stderr }
            }
        }
    }

    /// Returns how this program is started to be disturbed so.
    fn command(&self, folder: &Path, means: &Means) -> Command {
        let program = std::env::current_exe().expect("Condition failed: this program has a path");
        match self {
            Self::Kill(_) | Self::KillEarly(_) => Command::new(program),
            Self::Limit(blocks) => {
                // The signal is ignored, so that the write fails as it does on a full disk.
                let mut command = Command::new("sh");
                let script = format!("trap '' XFSZ; ulimit -f {blocks}; exec \"$0\" \"$@\"");
                command.args(["-c", &script]).arg(program);
                command
            }
            Self::Full(room) => {
                let mut command = Command::new("env");
                command.args(means.apart.unwrap_or_default());
                command.args(["sh", "-c", ON_A_FULL_DISK]).arg(program);
                command.env("ROOM", (kib_in(folder) + room).to_string());
                command.env("PLACE", means.place());
                command
            }
            Self::Fail { at, calls, how } => {
                let mut command = Command::new(program);
                command.envs(means.shim.as_ref().map(|shim| ("LD_PRELOAD", shim)));
                command.env("FAIL_AT", at.to_string()).env("FAIL_FOR", calls.to_string());
                command.env("FAIL_HOW", how).env("FAIL_NOTE", means.note());
                command
            }
        }
    }
}

/// Returns a number from 1 to below a power of two, small ones as often as large ones.
fn up_to(dice: &mut Dice, power: usize) -> usize {
    let scale = 1_usize << dice.below(power);
    scale + dice.below(scale)
}

fn micros_of(number: usize) -> Duration {
    Duration::from_micros(u64::try_from(number).unwrap_or(u64::MAX))
}

/// Returns the room that the files of a folder take, in KiB of whole pages.
fn kib_in(folder: &Path) -> usize {
    const PAGE: u64 = 4_096;
    let entries = fs::read_dir(folder).expect("Condition failed: the folder can be read").flatten();
    let pages = entries.map(|entry| match entry.metadata() {
        Ok(it) if it.is_dir() => kib_in(&entry.path()) as u64 / 4,
        Ok(it) => it.len().div_ceil(PAGE),
        Err(_) => 0,
    });
    usize::try_from(pages.sum::<u64>() * 4).unwrap_or(usize::MAX)
}
