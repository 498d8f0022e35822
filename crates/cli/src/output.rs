//! What is written where.

use std::io::{self, BufWriter, IsTerminal, Write};
use std::path::Path;

use anstream::AutoStream;
use psim_runner::check_file;
use psim_scenario::Diagnostics;

use crate::failure::Failure;

/// Endings of files that are no HTML, whoever asks for one of them.
const NO_PAGES: [&str; 7] = ["csv", "docx", "json", "pdf", "png", "svg", "xlsx"];

/// Returns stdout, buffered: what was asked for.
pub(crate) fn stdout() -> BufWriter<io::StdoutLock<'static>> {
    BufWriter::new(io::stdout().lock())
}

/// Returns whether stderr is watched by a person.
pub(crate) fn stderr_is_terminal() -> bool {
    io::stderr().is_terminal()
}

/// Shows faults or warnings of a file, with color where it can be seen.
pub(crate) fn diagnostics(diagnostics: &Diagnostics) {
    let color = AutoStream::choice(&io::stderr()) != anstream::ColorChoice::Never;
    let text = diagnostics.render(color);
    // Nobody is left to tell if stderr is gone.
    let _ = io::stderr().write_all(text.as_bytes());
}

/// Says how the program is used, as asked for or because it was used otherwise; returns the exit
/// code.
pub(crate) fn usage(answer: &clap::Error) -> u8 {
    let _ = answer.print();
    u8::try_from(answer.exit_code()).unwrap_or(2)
}

/// Refuses to write an HTML page over a file, unless it may be replaced, or under the name of
/// something else.
pub(crate) fn check_page(page: &Path, force: bool) -> Result<(), Failure> {
    let ending = page.extension().and_then(|ending| ending.to_str()).map(str::to_lowercase);
    if ending.is_some_and(|ending| NO_PAGES.contains(&ending.as_str())) {
        return Err(Failure::Mistake(format!(
            "`{}`: this writes an HTML page, which a browser prints as PDF; tables, JSON and \
             pictures have options of their own, see `--help`",
            page.display()
        )));
    }
    Ok(check_file(page, force)?)
}

/// Says one thing that is wrong.
pub(crate) fn problem(severity: &str, text: &str) {
    let _ = writeln!(io::stderr(), "{severity}: {text}");
}

/// Says that something is wrong with the program itself.
pub(crate) fn defect(text: &str) {
    problem("internal error", &format!("{text}; this is a defect, please report it"));
}

/// Says something beside the output.
pub(crate) fn line(text: &str) {
    let _ = writeln!(io::stderr(), "{text}");
}
