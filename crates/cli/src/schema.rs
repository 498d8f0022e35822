//! `payment-sim schema`

use std::io::Write;

use psim_policy::Tree;

use crate::arguments::{Format, PolicyFormat, PolicySchemaArguments, SchemaCommand, TreeName};
use crate::failure::Failure;
use crate::output;

/// Prints the schema of a file format.
pub(crate) fn schema(command: &SchemaCommand) -> Result<(), Failure> {
    let mut out = output::stdout();
    match command {
        SchemaCommand::Scenario(asked) => match asked.format {
            Format::Json => writeln!(out, "{:#}", psim_scenario::json_schema())?,
            Format::Markdown => write!(out, "{}", psim_scenario::reference_markdown())?,
        },
        SchemaCommand::Policy(asked) => write!(out, "{}", policy(asked))?,
        SchemaCommand::Costs(asked) => match asked.format {
            Format::Json => writeln!(out, "{:#}", psim_scenario::costs_json())?,
            Format::Markdown => write!(out, "{}", psim_scenario::costs_markdown())?,
        },
        SchemaCommand::Events(asked) => match asked.format {
            Format::Json => writeln!(out, "{:#}", psim_view::events_json())?,
            Format::Markdown => write!(out, "{}", psim_view::events_markdown())?,
        },
    }
    Ok(out.flush()?)
}

fn policy(asked: &PolicySchemaArguments) -> String {
    let is_asked = |tree: &Tree| {
        asked.tree.is_empty()
            || asked.tree.iter().copied().map(TreeName::tree).any(|it| it == *tree)
    };
    let trees: Vec<Tree> = Tree::ALL.into_iter().filter(is_asked).collect();
    match asked.format {
        PolicyFormat::Json => format!("{}\n", psim_policy::language_json(&trees)),
        PolicyFormat::Markdown => {
            format!("# The policy language\n\n{}", psim_policy::language_markdown(&trees))
        }
        PolicyFormat::JsonSchema => format!("{}\n", psim_policy::json_schema()),
    }
}
