//! Diagnostics as people read them: rustc's look, one excerpt each.

use std::fmt::Write;
use std::ops::Range;

use annotate_snippets::{AnnotationKind, Group, Level, Origin, Renderer, Snippet};
use rustc_hash::FxHashMap;

use crate::diagnostic::{Diagnostic, Diagnostics, Place, Severity, counted};
use crate::source::Source;

/// Most diagnostics that are printed; the rest is counted.
pub(crate) const MOST_SHOWN: usize = 100;
/// Longest excerpt of a line, in bytes; longer lines are shown around the offending part.
const LONGEST_LINE: usize = 160;

/// Most places that are listed of what is the same in several.
const PLACES_LISTED: usize = 50;

/// Renders all diagnostics, at most [`MOST_SHOWN`], and then says how many there are. What is the
/// same in several places is shown in the first, and said once.
pub(crate) fn all(diagnostics: &Diagnostics, color: bool) -> String {
    if diagnostics.is_empty() {
        return String::new();
    }
    let renderer = if color { Renderer::styled() } else { Renderer::plain() };
    let mut text = String::new();
    let alike = alike(diagnostics);
    for (diagnostic, others) in alike.iter().take(MOST_SHOWN) {
        text.push_str(&one(diagnostic, others, &renderer));
        text.push_str("\n\n");
    }
    let beyond = alike.iter().skip(MOST_SHOWN);
    let more: usize = beyond.map(|(it, others)| it.stands_for + others.len()).sum();
    if more > 0 {
        let _ = write!(text, "... and {more} more\n\n");
    }
    for note in diagnostics.notes() {
        let group = Group::with_title(Level::NOTE.primary_title(*note));
        let _ = write!(text, "{}\n\n", renderer.render(&[group]));
    }
    text.push_str(&count(diagnostics));
    text.push('\n');
    text
}

/// A diagnostic, and where else there is the same.
type Alike<'a> = (&'a Diagnostic, Vec<&'a Place>);

/// Puts together what says the same of several places, at the first of them.
fn alike(diagnostics: &Diagnostics) -> Vec<Alike<'_>> {
    let mut found: Vec<Alike<'_>> = Vec::new();
    let mut known = FxHashMap::default();
    for diagnostic in diagnostics {
        let Diagnostic { severity, message, hint, place, related, stands_for } = diagnostic;
        let next = found.len();
        let first = match (place, related, stands_for) {
            (Some(_), None, 1) => *known.entry((severity, message, hint)).or_insert(next),
            _ => next, // it says where by itself
        };
        match (found.get_mut(first), place) {
            (Some((_, others)), Some(place)) => others.push(place),
            _ => found.push((diagnostic, Vec::new())),
        }
    }
    found
}

/// Lists further places, those of one file together: `in s.yaml at 4:12, 5:12`.
fn listed(places: &[&Place]) -> String {
    let (listed, more) = places.split_at(places.len().min(PLACES_LISTED));
    let mut text = String::new();
    for of_file in listed.chunk_by(|one, other| one.file == other.file) {
        let at: Vec<String> = of_file.iter().filter_map(|place| place.within_file()).collect();
        let file = of_file.first().map_or("", |place| place.file.as_str());
        let and = if text.is_empty() { "" } else { ", " };
        let _ = write!(text, "{and}in {file}");
        if !at.is_empty() {
            let _ = write!(text, " at {}", at.join(", "));
        }
    }
    if !more.is_empty() {
        let _ = write!(text, " and {} more", more.len());
    }
    text
}

fn count(diagnostics: &Diagnostics) -> String {
    let some = |count: usize, noun: &str| (count > 0).then(|| counted(count, noun));
    let parts = [some(diagnostics.errors(), "error"), some(diagnostics.warnings(), "warning")];
    parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
}

fn one(diagnostic: &Diagnostic, others: &[&Place], renderer: &Renderer) -> String {
    let level = match diagnostic.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    };
    let excerpts: Vec<Shown> = [
        diagnostic.place.as_ref().map(|place| Shown::new(place, AnnotationKind::Primary, None)),
        diagnostic
            .related
            .as_ref()
            .map(|(place, label)| Shown::new(place, AnnotationKind::Context, Some(label))),
    ]
    .into_iter()
    .flatten()
    .collect();
    let mut group = Group::with_title(level.primary_title(diagnostic.message.as_str()));
    for shown in &excerpts {
        group = shown.add_to(group);
    }
    if let Some(hint) = &diagnostic.hint {
        group = group.element(Level::HELP.with_name("hint").message(hint.as_str()));
    }
    let same = format!("the same {}", listed(others));
    if !others.is_empty() {
        group = group.element(Level::NOTE.message(same.as_str()));
    }
    renderer.render(&[group])
}

/// A place with the part of its line that is shown.
struct Shown<'a> {
    place: &'a Place,
    kind: AnnotationKind,
    label: Option<&'a str>,
    line: Option<Line>,
}

/// A line, perhaps clipped, and the offending part of it.
struct Line {
    text: String,
    span: Range<usize>,
    clipped: bool,
}

impl<'a> Shown<'a> {
    fn new(place: &'a Place, kind: AnnotationKind, label: Option<&'a String>) -> Self {
        let line = place.excerpt().map(|excerpt| clip(&excerpt.source, &excerpt.span));
        Self { place, kind, label: label.map(String::as_str), line }
    }

    fn add_to<'b>(&'b self, group: Group<'b>) -> Group<'b> {
        let number = self.place.line.and_then(|line| usize::try_from(line).ok());
        let Some(line) = &self.line else {
            let origin = Origin::path(self.place.file.as_str());
            return group.element(match number {
                Some(number) => origin.line(number),
                None => origin,
            });
        };
        let mut annotation = self.kind.span(line.span.clone());
        if let Some(label) = self.label {
            annotation = annotation.label(label);
        }
        let number = number.unwrap_or(1);
        let snippet = Snippet::source(line.text.as_str()).line_start(number).annotation(annotation);
        if !line.clipped {
            return group.element(snippet.path(self.place.file.as_str()));
        }
        // The column of a clipped line is not that of the file, so it is given by itself.
        let column = self.place.column.and_then(|column| usize::try_from(column).ok());
        let origin = Origin::path(self.place.file.as_str()).line(number);
        group.element(origin.char_column(column.unwrap_or(1))).element(snippet)
    }
}

/// Returns the first line of a span, at most [`LONGEST_LINE`] long, and the span within it.
fn clip(source: &Source, span: &Range<usize>) -> Line {
    let line = source.line_range(span.start);
    let start = source.floor_boundary(span.start).clamp(line.start, line.end);
    let end = source.floor_boundary(span.end).clamp(start, line.end);
    let clipped = line.len() > LONGEST_LINE;
    let (from, to) = if clipped {
        let from = source.floor_boundary(start.saturating_sub(LONGEST_LINE / 3)).max(line.start);
        (from, source.floor_boundary(from + LONGEST_LINE).min(line.end))
    } else {
        (line.start, line.end)
    };
    let end = end.min(to);
    // Control characters would move the cursor; each becomes one blank, so that places hold.
    let visible = |c: char| if c.is_ascii_control() { ' ' } else { c };
    let text = source.text().get(from..to).unwrap_or_default().chars().map(visible).collect();
    Line { text, span: start - from..end - from, clipped }
}
