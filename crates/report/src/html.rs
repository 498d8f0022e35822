//! The page in HTML: a template, its style and script, and the data that the script shows.

mod agents;
mod assets;
mod data;
mod network;
mod payments;

use std::io::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::Value;

use crate::measured::Measured;
use crate::picture::Picture;

pub(crate) use data::{calendar, chart_moments};

/// Returns the page of a run.
pub(crate) fn report(run: &Measured, picture: &Picture) -> String {
    page(&run.facts.simulation_id, &data::report(run, picture))
}

/// Returns the page that shows this data.
pub(crate) fn page(title: &str, data: &Value) -> String {
    let script = assets::script();
    let parts = [
        ("{{title}}", escaped(title)),
        ("{{style}}", assets::style()),
        ("{{script}}", script),
        ("{{data}}", packed(data)),
    ];
    // One placeholder after the other, so that nothing within a part is taken for one.
    let mut page = String::new();
    let mut rest = assets::PAGE;
    while let Some((at, (placeholder, part))) =
        parts.iter().filter_map(|part| Some((rest.find(part.0)?, part))).min_by_key(|(at, _)| *at)
    {
        page.push_str(&rest[..at]);
        page.push_str(part);
        rest = &rest[at + placeholder.len()..];
    }
    page.push_str(rest);
    page
}

/// Returns the data as base64 of its gzip form: a tenth of its size.
fn packed(data: &Value) -> String {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    let written = serde_json::to_writer(&mut encoder, data).map_err(std::io::Error::from);
    let bytes = written.and_then(|()| encoder.flush()).and_then(|()| encoder.finish());
    STANDARD.encode(bytes.expect("Invariant: memory takes what is written"))
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
