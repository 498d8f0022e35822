//! stub
/// Returns the reference page.
pub fn reference_markdown() -> String { String::new() }
