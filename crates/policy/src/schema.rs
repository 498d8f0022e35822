//! The language described from its tables: for programs, for people, for editors.

mod documents;
mod examples;
mod listing;
mod markdown;
mod words;

pub use documents::json_schema;
pub use listing::language_json;
pub use markdown::language_markdown;

#[cfg(test)]
mod tests;
