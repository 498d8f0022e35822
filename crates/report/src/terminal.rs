//! The page for the terminal.

use std::fmt::Write as _;

use psim_view::Grid;

use crate::measured::Measured;
use crate::sections::{Section, sections};
use crate::story::story;

/// Rows of a table that are shown.
const ROWS_MAX: usize = 10;
/// Columns of a sentence, as wide as the tables about are.
const WIDTH: usize = 98;

/// Writes the page of a run.
pub(crate) fn page(run: &Measured) -> String {
    let facts = &run.facts;
    let mut page = format!("{}: {}\n", facts.simulation_id, facts.source);
    if let Some(origin) = facts.origin(&run.style) {
        let _ = writeln!(page, "  {origin}");
    }
    if !facts.overrides.is_empty() {
        let _ = writeln!(page, "  with {}", facts.overrides.join(", "));
    }
    let about = &run.measures.run;
    let _ = writeln!(page, "  seed {}, version {}", about.rng_seed, about.version);
    if let Some(notice) = facts.notice() {
        page.push('\n');
        wrap(&mut page, &notice);
    }
    page.push('\n');
    for sentence in story(run) {
        wrap(&mut page, &sentence);
    }
    for section in sections(run) {
        write(&mut page, &section, run);
    }
    let _ = writeln!(page, "\nStream hash\n  {}", about.stream_hash);
    page
}

fn write(page: &mut String, section: &Section, run: &Measured) {
    if !section.figures.is_empty() {
        let _ = writeln!(page, "\n{}", section.title);
        let mut grid = Grid::new("lrl");
        for figure in &section.figures {
            let value = figure.value.map_or("-".to_owned(), |value| value.text(&run.style));
            grid.row([figure.label, &value, &figure.note]);
        }
        grid.write_to(page);
    }
    for table in &section.tables {
        table.write_to(page, ROWS_MAX);
    }
}

/// Appends a sentence, broken between words.
pub(crate) fn wrap(page: &mut String, sentence: &str) {
    let mut width = 0;
    for word in sentence.split(' ') {
        let length = word.chars().count();
        if width > 0 && width + 1 + length > WIDTH {
            page.push('\n');
            width = 0;
        } else if width > 0 {
            page.push(' ');
            width += 1;
        }
        page.push_str(word);
        width += length;
    }
    page.push('\n');
}
