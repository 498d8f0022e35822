//! `payment-sim report`

use std::io::Write;
use std::path::Path;

use psim_report::{FIGURES, Measured, Picture, TABLES};
use psim_runner::{FilesError, ReportError, write_file, write_folder};
use psim_view::plural;

use crate::arguments::ReportArguments;
use crate::failure::Failure;
use crate::stored::warn_if_incomplete;
use crate::{interrupt, output};

/// Shows the measures of a stored run in the forms that were asked for; in the terminal if none
/// was.
pub(crate) fn report(arguments: &ReportArguments) -> Result<(), Failure> {
    let force = arguments.force;
    if let Some(page) = &arguments.output {
        output::check_page(page, force)?; // before the work
    }
    let (journal, run) = arguments.run.open()?;
    let stored = psim_runner::report(&journal, &run, &interrupt::asked)?;
    let is_drawn = arguments.output.is_some() || arguments.figures.is_some();
    let picture = is_drawn.then(|| stored.picture(&interrupt::asked)).transpose()?;
    let report = stored.finish();
    warn_if_incomplete(&run);
    if let Some(folder) = &arguments.csv {
        let tables = report.to_csv().into_iter();
        let files = tables.map(|table| (format!("{}.csv", table.name), table.text.into_bytes()));
        let known = TABLES.map(|name| format!("{name}.csv"));
        write(folder, &files.collect::<Vec<_>>(), (&known, force))?;
    }
    if let Some(picture) = picture {
        if let Some(page) = &arguments.output {
            let html = report.to_html(&picture);
            write_file(page, force, |file| file.write_all(html.as_bytes()))?;
            output::line(&format!("wrote `{}`", page.display()));
        }
        if let Some(folder) = &arguments.figures {
            let known = FIGURES.map(|name| format!("{name}.svg"));
            write(folder, &figures(&report, &picture), (&known, force))?;
        }
    }
    // Last: what cannot be written is refused before anything is said.
    let mut out = output::stdout();
    if arguments.json {
        writeln!(out, "{:#}", report.to_json())?;
    } else if !arguments.writes_files() {
        write!(out, "{}", report.to_text())?;
    }
    Ok(out.flush()?)
}

fn figures(report: &Measured, picture: &Picture) -> Vec<(String, Vec<u8>)> {
    let figures = report.figures(picture).into_iter();
    figures.map(|figure| (format!("{}.svg", figure.name), figure.svg.into_bytes())).collect()
}

/// Writes files of which all `known` names may be, and says so.
fn write(
    folder: &Path,
    files: &[(String, Vec<u8>)],
    (known, force): (&[String], bool),
) -> Result<(), Failure> {
    let removed = write_folder(folder, files, known, force)?;
    let written = plural(files.len() as u64, "file");
    let others = match removed {
        0 => String::new(),
        _ => format!(", removed {} of an earlier report", plural(removed as u64, "file")),
    };
    output::line(&format!("wrote {written} to `{}`{others}", folder.display()));
    Ok(())
}

impl From<ReportError> for Failure {
    fn from(error: ReportError) -> Self {
        match error {
            ReportError::Journal(error) => error.into(),
            ReportError::Altered(altered) => altered.into(),
            ReportError::Stopped => {
                output::problem("interrupted", "nothing was written");
                Self::Interrupted
            }
        }
    }
}

impl From<FilesError> for Failure {
    fn from(error: FilesError) -> Self {
        match error {
            FilesError::Exists(_) => {
                Self::Mistake(format!("{error}; choose another name or replace it with `--force`"))
            }
            FilesError::Write { .. } => Self::Environment(error.to_string()),
        }
    }
}
