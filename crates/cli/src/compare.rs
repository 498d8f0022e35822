//! `payment-sim compare`

use std::io::Write;
use std::path::{Path, PathBuf};

use psim_journal::{Journal, StoredRun};
use psim_runner::write_file;

use crate::arguments::CompareArguments;
use crate::failure::Failure;
use crate::stored::warn_if_incomplete;
use crate::{interrupt, output};

/// Sets the measures of stored runs side by side.
pub(crate) fn compare(arguments: &CompareArguments) -> Result<(), Failure> {
    if let Some(page) = &arguments.output {
        output::check_page(page, arguments.force)?; // before the work
    }
    let named: Vec<(PathBuf, Option<String>)> =
        arguments.runs.iter().map(|text| database_and_id(text)).collect();
    let mut journals = Vec::with_capacity(named.len());
    for (db, _) in &named {
        journals.push(Journal::open(db)?);
    }
    let runs = resolve(&journals, &named)?;
    for (_, run) in &runs {
        warn_if_incomplete(run);
    }
    let comparison = psim_runner::compare(&runs, &interrupt::asked)?;
    let mut out = output::stdout();
    if arguments.json {
        writeln!(out, "{:#}", comparison.to_json())?;
    } else if arguments.output.is_none() {
        write!(out, "{}", comparison.to_text())?;
    }
    out.flush()?;
    if let Some(page) = &arguments.output {
        let html = comparison.to_html();
        write_file(page, arguments.force, |file| file.write_all(html.as_bytes()))?;
        output::line(&format!("wrote `{}`", page.display()));
    }
    Ok(())
}

/// Takes `DB:ID` apart; a file that is called like the whole is a database.
fn database_and_id(text: &str) -> (PathBuf, Option<String>) {
    if Path::new(text).exists() {
        return (PathBuf::from(text), None);
    }
    let split = text.char_indices().filter(|(_, letter)| *letter == ':');
    let mut pairs = split.map(|(at, _)| (&text[..at], &text[at + 1..]));
    match pairs.find(|(db, _)| Path::new(db).is_file()) {
        Some((db, id)) => (PathBuf::from(db), Some(id.to_owned())),
        None => (PathBuf::from(text), None),
    }
}

/// Finds the runs: of a single database all of its own, if no id is given.
fn resolve<'j>(
    journals: &'j [Journal],
    named: &[(PathBuf, Option<String>)],
) -> Result<Vec<(&'j Journal, StoredRun)>, Failure> {
    if let ([journal], [(db, None)]) = (journals, named) {
        let runs = journal.runs()?;
        if runs.len() < 2 {
            let db = db.display();
            return Err(Failure::Mistake(format!(
                "`{db}` holds {} to compare; name another as well, `DB` or `DB:ID`",
                match runs.len() {
                    0 => "no run",
                    _ => "one run and nothing",
                }
            )));
        }
        return Ok(runs.into_iter().map(|run| (journal, run)).collect());
    }
    if let [(_, Some(id))] = named {
        return Err(Failure::Mistake(format!(
            "`{id}` is one run; name another as well, `DB` or `DB:ID`"
        )));
    }
    let mut runs = Vec::with_capacity(named.len());
    for (journal, (db, id)) in journals.iter().zip(named) {
        let run = journal.resolve(id.as_deref()).map_err(|error| match error {
            psim_journal::JournalError::WhichRun { known, .. } if known.len() > 1 => {
                let db = db.display();
                let ids: Vec<String> = known.iter().map(|id| format!("`{db}:{id}`")).collect();
                Failure::Mistake(format!("`{db}` holds several runs: {}", ids.join(", ")))
            }
            error => error.into(),
        })?;
        runs.push((journal, run));
    }
    Ok(runs)
}
