//! `payment-sim compare`

use std::io::Write;
use std::path::Path;

use psim_journal::{Journal, JournalError, StoredRun};
use psim_runner::write_file;

use crate::arguments::{CompareArguments, NamedRun};
use crate::failure::Failure;
use crate::stored::warn_if_incomplete;
use crate::{interrupt, output};

/// Sets the measures of stored runs side by side.
pub(crate) fn compare(arguments: &CompareArguments) -> Result<(), Failure> {
    if let Some(page) = &arguments.output {
        output::check_page(page, arguments.force)?; // before the work
    }
    let named: Vec<NamedRun> =
        arguments.runs.iter().map(|text| NamedRun::new(text, None)).collect();
    let mut journals = Vec::with_capacity(named.len());
    for NamedRun { db, .. } in &named {
        let journal = Journal::open(db).map_err(|error| is_a_run_of(db, &named, error))?;
        journals.push(journal);
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

/// Says what to write where what should be a database is the id of a run of the first one.
fn is_a_run_of(word: &Path, named: &[NamedRun], error: JournalError) -> Failure {
    let first = named
        .first()
        .filter(|first| matches!(error, JournalError::Missing { .. }) && first.db != word);
    let id = word.to_str();
    if let (Some(NamedRun { db, .. }), Some(id)) = (first, id)
        && Journal::open(db).is_ok_and(|journal| journal.run(id).is_ok())
    {
        let db = db.display();
        return Failure::Mistake(format!(
            "there is no run database at `{id}`, but a run of `{db}` is called so: `{db}:{id}`"
        ));
    }
    error.into()
}

/// Finds the runs: of a single database all of its own, if no id is given.
fn resolve<'j>(
    journals: &'j [Journal],
    named: &[NamedRun],
) -> Result<Vec<(&'j Journal, StoredRun)>, Failure> {
    if let ([journal], [NamedRun { db, simulation_id: None }]) = (journals, named) {
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
    if let [NamedRun { simulation_id: Some(id), .. }] = named {
        return Err(Failure::Mistake(format!(
            "`{id}` is one run; name another as well, `DB` or `DB:ID`"
        )));
    }
    let mut runs = Vec::with_capacity(named.len());
    for (journal, NamedRun { db, simulation_id }) in journals.iter().zip(named) {
        let run = journal.resolve(simulation_id.as_deref()).map_err(|error| match error {
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
