//! `payment-sim policy`

mod coverage;
mod source;

use std::io::Write;

use psim_policy::{Situation, Survey, diff, drawing, english, explain, library, title};

use crate::arguments::{
    CheckPolicyArguments, DiffArguments, ExplainArguments, OutputForm, PolicyCommand,
    ShowPolicyArguments,
};
use crate::failure::Failure;
use crate::output;

/// Looks at policies.
pub(crate) fn policy(command: &PolicyCommand) -> Result<(), Failure> {
    match command {
        PolicyCommand::Check(arguments) => check(arguments),
        PolicyCommand::List => list(),
        PolicyCommand::Show(arguments) => show(arguments),
        PolicyCommand::Explain(arguments) => explained(arguments),
        PolicyCommand::Diff(arguments) => differences(arguments),
        PolicyCommand::Coverage(arguments) => coverage::coverage(arguments),
    }
}

/// Says what is in a policy file. What was made of a predecessor's file is the output then.
fn check(arguments: &CheckPolicyArguments) -> Result<(), Failure> {
    let file = &arguments.file;
    if let Some(name) = file.to_str().filter(|name| library::has(name) && !file.exists()) {
        return Err(Failure::Mistake(format!(
            "`{name}` is no file but a policy of the library, which has no faults; \
             `payment-sim policy show {name}` shows it, with `--json` as a file"
        )));
    }
    let policy = source::file(file, arguments.predecessor)?;
    let survey = Survey::of(&policy);
    let mut out = output::stdout();
    let line = format!("{}: no faults; {survey}", arguments.file.display());
    if arguments.predecessor {
        writeln!(out, "{}", policy.text())?;
        output::line(&line);
    } else {
        writeln!(out, "{line}")?;
    }
    if !survey.unused_parameters.is_empty() {
        let names: Vec<String> =
            survey.unused_parameters.iter().map(|name| format!("`{name}`")).collect();
        output::problem("note", &format!("no node names {}", names.join(", ")));
    }
    Ok(out.flush()?)
}

fn list() -> Result<(), Failure> {
    let mut out = output::stdout();
    let width = library::names().map(str::len).max().unwrap_or_default();
    for name in library::names() {
        let policy = library::named(name);
        let intent = policy.as_ref().and_then(|policy| policy.document().description.as_deref());
        let intent = intent.unwrap_or_default().lines().next().unwrap_or_default();
        writeln!(out, "{name:width$}  {intent}")?;
    }
    Ok(out.flush()?)
}

fn show(arguments: &ShowPolicyArguments) -> Result<(), Failure> {
    let policy = source::policy(&arguments.policy)?;
    let document = policy.document();
    let mut out = output::stdout();
    if arguments.json {
        writeln!(out, "{}", policy.text())?;
    } else {
        let (title, drawing) = (title(document), drawing(document));
        write!(out, "{title}\n{drawing}\n{}", english(document))?;
    }
    Ok(out.flush()?)
}

fn explained(arguments: &ExplainArguments) -> Result<(), Failure> {
    let policy = source::policy(&arguments.policy)?;
    let policy = source::with_parameters(policy, &arguments.param)?;
    let mut situation = Situation::default();
    for at in &arguments.at {
        situation.read(at).map_err(Failure::mistake)?;
    }
    let unknown =
        situation.registers().find(|name| policy.registers().iter().all(|known| known != name));
    if let Some(name) = unknown {
        return Err(Failure::Mistake(format!("`{}` names no register `{name}`", policy.id())));
    }
    let explanation =
        explain(&policy, arguments.tree.tree(), &situation).map_err(Failure::mistake)?;
    let mut out = output::stdout();
    match arguments.output {
        OutputForm::Text => write!(out, "{}", explanation.to_text())?,
        OutputForm::Json => writeln!(out, "{}", explanation.to_json(policy.document()))?,
    }
    Ok(out.flush()?)
}

fn differences(arguments: &DiffArguments) -> Result<(), Failure> {
    let (before, after) =
        match (source::policy(&arguments.before), source::policy(&arguments.after)) {
            (Ok(before), Ok(after)) => (before, after),
            (Ok(_), Err(failure)) | (Err(failure), Ok(_)) => return Err(failure),
            (Err(first), Err(second)) => {
                first.report();
                return Err(second);
            }
        };
    let mut out = output::stdout();
    write!(out, "{}", diff(before.document(), after.document()))?;
    Ok(out.flush()?)
}
