//! JSON told from YAML: a file that calls itself JSON is held to it.
//!
//! Only the syntax is checked; what the text means is read from it as YAML, of which JSON is a
//! part.

use serde::de::IgnoredAny;
use serde_json::Value;

/// Finds the first place (a byte offset) where a text is no JSON, and why.
pub(crate) fn fault(text: &str) -> Option<(usize, String)> {
    let error = serde_json::from_str::<IgnoredAny>(text).err()?;
    // A reader that keeps what it reads knows better why it stops.
    let error = serde_json::from_str::<Value>(text).err().unwrap_or(error);
    let reason = error.to_string();
    let reason = reason.split(" at line ").next().unwrap_or_default();
    let line_start = text
        .split_inclusive('\n')
        .take(error.line().saturating_sub(1))
        .map(str::len)
        .sum::<usize>();
    let offset = line_start.saturating_add(error.column().saturating_sub(1)).min(text.len());
    Some((offset, format!("not valid JSON: {reason}")))
}
