//! What can be typed about file formats.

use clap::{Args, Subcommand, ValueEnum};

use super::policy::TreeName;

#[derive(Debug, Subcommand)]
pub(crate) enum SchemaCommand {
    /// Scenario files: all keys, as JSON Schema for editors
    Scenario(FormatArguments),
    /// The policy language: trees, fields, actions, computations, and a JSON Schema of documents
    Policy(PolicySchemaArguments),
    /// Costs: each kind, when it is charged, and its formula
    Costs(FormatArguments),
    /// Events: all types with their fields
    Events(FormatArguments),
}

#[derive(Args, Debug)]
pub(crate) struct FormatArguments {
    /// Format of the description
    #[arg(long, short, value_enum, default_value_t = Format::Json)]
    pub(crate) format: Format,
}

#[derive(Args, Debug)]
#[command(after_help = "For editors use --format json-schema.")]
pub(crate) struct PolicySchemaArguments {
    /// Format of the description
    #[arg(long, short, value_enum, default_value_t = PolicyFormat::Json)]
    pub(crate) format: PolicyFormat,

    /// Only what this tree may use (repeatable)
    #[arg(long, value_enum)]
    pub(crate) tree: Vec<TreeName>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// One JSON object
    Json,
    /// Text for people, in Markdown
    Markdown,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum PolicyFormat {
    /// One JSON object that describes the language
    Json,
    /// Text for people, in Markdown
    Markdown,
    /// A JSON Schema of policy files
    JsonSchema,
}
