//! What can happen to a command: it is killed, or the disk has no more room.

use std::path::Path;
use std::process::{Command, Stdio};
use std::thread::sleep;
use std::time::Duration;

use crate::dice::Dice;

/// Something that is done to a command while it works.
pub(super) enum Disturbance {
    /// It is killed after so long, without a word (SIGKILL).
    Kill(Duration),
    /// No file may become longer than so many blocks of 512 bytes: writes beyond fail.
    Limit(usize),
}

/// How a command ended.
pub(super) enum Ended {
    Killed,
    Done,
    Refused { code: i32, stderr: String },
}

impl Disturbance {
    /// Returns anything that can happen to a command that takes about so long.
    pub(super) fn any(dice: &mut Dice, takes: Duration) -> Self {
        if cfg!(unix) && dice.once_in(4) {
            // From nothing at all to more than the whole run.
            let blocks = 1_usize << (1 + dice.below(13));
            return Self::Limit(blocks + dice.below(blocks));
        }
        Self::kill(dice, takes)
    }

    /// Returns a kill within somewhat more than so long.
    pub(super) fn kill(dice: &mut Dice, takes: Duration) -> Self {
        let micros = usize::try_from(takes.as_micros()).unwrap_or(usize::MAX);
        let within = dice.below(micros.saturating_mul(11) / 10);
        Self::Kill(Duration::from_micros(u64::try_from(within).unwrap_or(u64::MAX)))
    }

    /// Calls the command and disturbs it.
    pub(super) fn during(&self, folder: &Path, arguments: &[String]) -> Ended {
        let program = std::env::current_exe().expect("Condition failed: this program has a path");
        let mut command = match self {
            Self::Kill(_) => Command::new(&program),
            Self::Limit(blocks) => {
                // The signal is ignored, so that the write fails as it does on a full disk.
                let mut command = Command::new("sh");
                let script = format!("trap '' XFSZ; ulimit -f {blocks}; exec \"$0\" \"$@\"");
                command.args(["-c", &script]).arg(&program);
                command
            }
        };
        command.args(["command", "--"]).args(arguments).current_dir(folder);
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped());
        let mut child = command.spawn().expect("Condition failed: this program can be started");
        if let Self::Kill(after) = self {
            sleep(*after);
            let _ = child.kill(); // it may have ended
        }
        let output = child.wait_with_output().expect("Condition failed: a child can be waited for");
        match output.status.code() {
            None => Ended::Killed,
            Some(0) => Ended::Done,
            Some(code) => {
                let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
                Ended::Refused { code, stderr }
            }
        }
    }
}
