//! `cargo xtask bench`: measures in a release build and writes the page.

use std::fs;
use std::io::{self, Write};
use std::path::Path;
use std::process::Stdio;

use crate::cargo::{cargo, not_started};
use crate::python;

pub(crate) fn run(root: &Path, quick: bool) -> Result<(), String> {
    let mut command = cargo(root);
    command.args(["run", "--quiet", "--release", "--package", "psim-bench", "--"]);
    if quick {
        command.arg("--quick");
    }
    let output = command.stderr(Stdio::inherit()).output().map_err(|error| not_started(&error))?;
    if !output.status.success() {
        return Err("the benchmark failed".to_owned());
    }
    let mut text = output.stdout;
    text.push(b'\n');
    text.extend(python::bench(root, quick)?);
    if quick {
        io::stdout().write_all(&text).map_err(|error| error.to_string())
    } else {
        let page = root.join("docs/performance.md");
        fs::write(&page, text).map_err(|error| format!("{}: {error}", page.display()))
    }
}
