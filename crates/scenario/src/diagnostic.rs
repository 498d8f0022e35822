//! What is wrong with an input, where, and what to do about it.

use psim_policy::nearest::nearest;
use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use rustc_hash::FxHashSet;

use crate::render;
use crate::source::Source;

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// The input is refused.
    Error,
    /// The input is taken, but perhaps not as it was meant.
    Warning,
}

/// Where it is: a file, and within it as much as is known.
#[derive(Clone, Debug)]
pub struct Place {
    /// The file as it was named (or `--set`).
    pub file: String,
    /// Line, from 1.
    pub line: Option<u64>,
    /// Column in characters, from 1.
    pub column: Option<u64>,
    excerpt: Option<Excerpt>,
    /// Whether it concerns what comes after all that was listed.
    at_end: bool,
}

#[derive(Clone, Debug)]
pub(crate) struct Excerpt {
    pub(crate) source: Arc<Source>,
    pub(crate) span: Range<usize>,
}

impl Place {
    /// Makes the place of a whole file.
    pub(crate) fn file(name: &str) -> Self {
        Self { file: name.to_owned(), line: None, column: None, excerpt: None, at_end: false }
    }

    /// Makes the place of a line whose text is not shown.
    pub(crate) fn line(name: &str, line: u64) -> Self {
        Self { line: Some(line), ..Self::file(name) }
    }

    /// Makes the place of what a list of faults leaves out.
    pub(crate) fn end_of(name: &str) -> Self {
        Self { at_end: true, ..Self::file(name) }
    }

    /// Makes the place of a range of bytes of a text.
    pub(crate) fn within(source: Arc<Source>, span: Range<usize>) -> Self {
        let (line, column) = source.position(span.start);
        Self {
            file: source.name().to_owned(),
            line: Some(line),
            column: Some(column),
            excerpt: Some(Excerpt { source, span }),
            at_end: false,
        }
    }

    pub(crate) const fn excerpt(&self) -> Option<&Excerpt> {
        self.excerpt.as_ref()
    }

    /// Writes the line and the column, as far as they are known.
    pub(crate) fn within_file(&self) -> Option<String> {
        let line = self.line?;
        Some(self.column.map_or(line.to_string(), |column| format!("{line}:{column}")))
    }

    /// Returns the range of bytes within its text, if there is a text to show.
    pub fn span(&self) -> Option<Range<usize>> {
        self.excerpt.as_ref().map(|excerpt| excerpt.span.clone())
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.file)?;
        for number in [self.line, self.column].into_iter().flatten() {
            write!(f, ":{number}")?;
        }
        Ok(())
    }
}

/// One fault or warning.
#[derive(Clone, Debug)]
pub struct Diagnostic {
    /// How bad it is.
    pub severity: Severity,
    /// What is wrong: a short phrase.
    pub message: String,
    /// Where it is, if it is anywhere.
    pub place: Option<Place>,
    /// What to do about it.
    pub hint: Option<String>,
    /// Another place that has to do with it, and how.
    pub related: Option<(Place, String)>,
    /// How many it stands for: one, unless it counts those that are left out.
    pub stands_for: usize,
}

impl Diagnostic {
    /// Makes a fault.
    pub(crate) fn error(message: impl Into<String>) -> Self {
        Self::new(Severity::Error, message.into())
    }

    /// Makes a warning.
    pub(crate) fn warning(message: impl Into<String>) -> Self {
        Self::new(Severity::Warning, message.into())
    }

    const fn new(severity: Severity, message: String) -> Self {
        Self { severity, message, place: None, hint: None, related: None, stands_for: 1 }
    }

    #[must_use]
    pub(crate) fn in_file(self, name: &str) -> Self {
        self.at(Some(Place::file(name)))
    }

    #[must_use]
    pub(crate) fn at(mut self, place: Option<Place>) -> Self {
        self.place = place;
        self
    }

    #[must_use]
    pub(crate) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    #[must_use]
    pub(crate) fn maybe_hint(mut self, hint: Option<String>) -> Self {
        self.hint = hint.or(self.hint);
        self
    }

    #[must_use]
    pub(crate) fn standing_for(mut self, count: usize) -> Self {
        self.stands_for = count;
        self
    }

    #[must_use]
    pub(crate) fn related(mut self, place: Option<Place>, label: impl Into<String>) -> Self {
        self.related = place.map(|place| (place, label.into()));
        self
    }
}

/// Faults and warnings of a load, sorted by place; of each so many that nobody misses the rest,
/// which is counted.
#[derive(Clone, Debug, Default)]
pub struct Diagnostics {
    kept: Vec<Diagnostic>,
    /// How many faults and warnings were kept, before what repeats another was left out.
    taken: [usize; 2],
    /// How many more faults and warnings there are.
    beyond: [usize; 2],
    /// What is to be said of all of them, once.
    notes: Vec<&'static str>,
}

/// Returns which of two counts is that of faults or of warnings.
fn of_severity([errors, warnings]: &mut [usize; 2], severity: Severity) -> &mut usize {
    if severity == Severity::Error { errors } else { warnings }
}

/// Most faults, and most warnings, that are kept.
const MOST_KEPT: usize = 1_000;

impl Diagnostics {
    pub(crate) fn push(&mut self, diagnostic: Diagnostic) {
        let taken = of_severity(&mut self.taken, diagnostic.severity);
        if *taken >= MOST_KEPT {
            *of_severity(&mut self.beyond, diagnostic.severity) += diagnostic.stands_for;
            return;
        }
        *taken += 1;
        self.kept.push(diagnostic);
    }

    /// Adds what is said once, however many it concerns.
    pub(crate) fn note(&mut self, note: &'static str) {
        if !self.notes.contains(&note) {
            self.notes.push(note);
        }
    }

    /// Sorts by place: what has none comes last, what has the same keeps its order.
    pub(crate) fn sorted(mut self) -> Self {
        let files: Vec<String> =
            self.kept.iter().filter_map(|d| Some(d.place.as_ref()?.file.clone())).collect();
        let file_rank = |file: &str| files.iter().position(|other| other == file);
        self.kept.sort_by_key(|diagnostic| match &diagnostic.place {
            Some(p) => (0, file_rank(&p.file), p.at_end, p.line, p.column),
            None => (1, None, false, None, None),
        });
        self.merge_repeated();
        self.tell_beyond();
        self
    }

    /// Says how many were not kept.
    fn tell_beyond(&mut self) {
        for severity in [Severity::Error, Severity::Warning] {
            let beyond = std::mem::take(of_severity(&mut self.beyond, severity));
            if beyond > 0 {
                let message = format!("{beyond} more like these");
                self.kept.push(Diagnostic::new(severity, message).standing_for(beyond));
            }
        }
    }

    /// Keeps one of those that say the same of the same place, as aliases make them.
    fn merge_repeated(&mut self) {
        let mut seen = FxHashSet::default();
        self.kept.retain(|diagnostic| {
            let Some(place) = &diagnostic.place else { return true };
            let Some(span) = place.span() else { return true };
            let message = diagnostic.message.clone();
            seen.insert((place.file.clone(), place.line, span.start, message))
        });
    }

    /// Returns what is said here and not in `other`, where the place and the words tell.
    #[must_use]
    pub fn beyond(&self, other: &Self) -> Self {
        let said = |it: &Diagnostic| {
            let place = it.place.as_ref().map(ToString::to_string);
            (it.severity, it.message.clone(), place)
        };
        let known: FxHashSet<_> = other.iter().map(said).collect();
        let mut more = self.clone();
        more.kept.retain(|it| !known.contains(&said(it)));
        more
    }

    /// Returns whether there is nothing to say.
    pub fn is_empty(&self) -> bool {
        self.kept.is_empty()
    }

    /// Returns how many it holds; one may stand for several.
    pub fn len(&self) -> usize {
        self.kept.len()
    }

    /// Returns the number of faults, those included that are only counted.
    pub fn errors(&self) -> usize {
        self.count(Severity::Error)
    }

    /// Returns the number of warnings, those included that are only counted.
    pub fn warnings(&self) -> usize {
        self.count(Severity::Warning)
    }

    fn count(&self, severity: Severity) -> usize {
        let kept = self.iter().filter(|it| it.severity == severity).map(|it| it.stands_for);
        let [errors, warnings] = self.beyond;
        kept.sum::<usize>() + if severity == Severity::Error { errors } else { warnings }
    }

    /// Returns what is to be said of all of them.
    pub(crate) fn notes(&self) -> &[&'static str] {
        &self.notes
    }

    /// Visits the faults and warnings in order.
    pub fn iter(&self) -> std::slice::Iter<'_, Diagnostic> {
        self.kept.iter()
    }

    /// Renders them for a terminal: each with its place, the offending line and a hint.
    pub fn render(&self, color: bool) -> String {
        render::all(self, color)
    }
}

impl<'a> IntoIterator for &'a Diagnostics {
    type Item = &'a Diagnostic;
    type IntoIter = std::slice::Iter<'a, Diagnostic>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl From<Box<Diagnostic>> for Diagnostics {
    fn from(diagnostic: Box<Diagnostic>) -> Self {
        let mut diagnostics = Self::default();
        diagnostics.push(*diagnostic);
        diagnostics
    }
}

impl fmt::Display for Diagnostics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.render(false))
    }
}

impl std::error::Error for Diagnostics {}

/// Quotes a piece of input for a message: clipped, on one line, without control characters.
pub(crate) fn quoted(text: &str) -> String {
    format!("`{}`", clipped(text, 60))
}

/// Makes words that hold input fit for a terminal: clipped to so many characters, on one line,
/// without control characters.
pub(crate) fn clipped(text: &str, longest: usize) -> String {
    let mut shown = String::new();
    for (count, character) in text.chars().enumerate() {
        if count == longest {
            shown.push_str("...");
            break;
        }
        if character.is_control() {
            shown.extend(character.escape_default());
        } else {
            shown.push(character);
        }
    }
    shown
}

/// Counts things in words: `1 row`, `2 rows`.
pub(crate) fn counted(count: impl std::fmt::Display, noun: &str) -> String {
    let count = count.to_string();
    let plural = if count == "1" { "" } else { "s" };
    format!("{count} {noun}{plural}")
}

/// Suggests the nearest of `known` to a name that is not among them.
pub(crate) fn did_you_mean<'a>(
    name: &str,
    known: impl IntoIterator<Item = &'a str>,
) -> Option<String> {
    nearest(name, known).map(|near| format!("did you mean {}?", quoted(near)))
}

/// Most names that a hint lists; more are counted.
const NAMES_LISTED: usize = 12;

/// Suggests the nearest of `known` to a name that is not among them, or lists them after what they
/// are: `the agents are`.
pub(crate) fn did_you_mean_or_list<'a>(
    name: &str,
    are: &str,
    known: impl Iterator<Item = &'a str> + Clone,
) -> Option<String> {
    did_you_mean(name, known.clone()).or_else(|| {
        let names: Vec<String> = known.clone().take(NAMES_LISTED).map(quoted).collect();
        let more = known.skip(NAMES_LISTED).count();
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        (!names.is_empty()).then(|| format!("{are} {}{more}", names.join(", ")))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_faults_and_of_warnings_so_many_are_kept() {
        let mut diagnostics = Diagnostics::default();
        for _ in 0..MOST_KEPT + 2 {
            diagnostics.push(Diagnostic::error("e"));
        }
        diagnostics.push(Diagnostic::warning("w").standing_for(3));
        let counts = |it: &Diagnostics| (it.len(), it.errors(), it.warnings());
        assert_eq!(counts(&diagnostics), (MOST_KEPT + 1, MOST_KEPT + 2, 3));
        assert_eq!(counts(&diagnostics.sorted()), (MOST_KEPT + 2, MOST_KEPT + 2, 3));
    }
}
