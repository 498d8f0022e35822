//! Commands that run beside whatever else is done; what they say is kept until they have ended.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Child, Command};

use crate::report;
use crate::suite::stage;

/// A command as it runs.
pub(crate) struct Beside {
    name: &'static str,
    process: Child,
    told: PathBuf,
}

impl Beside {
    /// Starts a command; what it says goes to a file in `folder`.
    pub(crate) fn begin(
        name: &'static str,
        mut command: Command,
        folder: &Path,
    ) -> Result<Self, String> {
        let told = folder.join(format!("{name}.txt"));
        let fault = |error: std::io::Error| format!("{}: {error}", told.display());
        let file = File::create(&told).map_err(fault)?;
        let errors = file.try_clone().map_err(fault)?;
        stage(&format!("{name}: begin, beside what follows"));
        let process = command.stdout(file).stderr(errors).spawn();
        let process = process.map_err(|error| format!("{name} could not start: {error}"))?;
        Ok(Self { name, process, told })
    }

    /// Waits for the end and reports what was said.
    pub(crate) fn end(mut self) -> Result<(), String> {
        let status = self.process.wait().map_err(|error| error.to_string())?;
        stage(&format!("{}: what they say", self.name));
        report(&fs::read_to_string(&self.told).map_err(|error| error.to_string())?);
        if status.success() { Ok(()) } else { Err(format!("{} failed", self.name)) }
    }
}

impl Drop for Beside {
    /// Ends what nobody waits for.
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
