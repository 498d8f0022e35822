//! What can be typed about file formats.

use clap::{Args, Subcommand, ValueEnum};

use super::policy::TreeName;

#[derive(Debug, Subcommand)]
pub(crate) enum SchemaCommand {
    /// Scenario files: all keys, as JSON Schema for editors
    Scenario(FormatArguments),
    /// The policy language: trees, fields, actions, computations, and a JSON Schema of documents
    Policy(PolicySchemaArguments),
    /// What costs, when it is charged, and by which formula
    Costs(FormatArguments),
    /// All events with their fields
    Events(FormatArguments),
}

#[derive(Args, Debug)]
pub(crate) struct FormatArguments {
    /// Form of the description
    #[arg(long, short, value_enum, default_value_t = Format::Json)]
    pub(crate) format: Format,
}

#[derive(Args, Debug)]
#[command(after_help = "Editors want --format json-schema.")]
pub(crate) struct PolicySchemaArguments {
    /// Form of the description
    #[arg(long, short, value_enum, default_value_t = PolicyFormat::Json)]
    pub(crate) format: PolicyFormat,

    /// Only what this tree may name (repeatable)
    #[arg(long, value_enum)]
    pub(crate) tree: Vec<TreeName>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// One JSON object
    Json,
    /// A page for people
    Markdown,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum PolicyFormat {
    /// One JSON object that describes the language
    Json,
    /// A page for people
    Markdown,
    /// A JSON Schema of policy files
    JsonSchema,
}
