//! What was set in each of many runs, as columns of numbers.

use crate::{Column, FrameBuilder};

/// Most settings that have a column, the first that occur.
const MOST_COLUMNS: usize = 64;

/// A number that a scenario was given before it was run.
#[derive(Clone, Debug, PartialEq)]
pub struct Setting {
    path: String,
    value: Number,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Number {
    Whole(i64),
    Real(f64),
}

impl Setting {
    /// Makes a setting of a path and what was written for it; `None` if that is no number.
    pub fn read(path: &str, written: &str) -> Option<Self> {
        let written = written.trim();
        let real = || written.parse().ok().filter(|number: &f64| number.is_finite());
        let whole = written.parse().ok().map(Number::Whole);
        let value = whole.or_else(|| real().map(Number::Real))?;
        Some(Self { path: path.to_owned(), value })
    }
}

impl Number {
    const fn real(self) -> f64 {
        match self {
            Self::Whole(number) => number as f64,
            Self::Real(number) => number,
        }
    }
}

/// Adds a column for each setting, named by its path, unless the table has one of that name. It is
/// null in the runs of which it was not set.
pub(super) fn columns<'a>(
    mut builder: FrameBuilder,
    rows: &(impl Iterator<Item = &'a [Setting]> + Clone),
) -> FrameBuilder {
    for path in paths(rows.clone(), |path| builder.has(path)) {
        let doc = format!("`{path}`, as it was set for the run.");
        let values = values(rows.clone(), path);
        let is_whole = |value| matches!(value, None | Some(Number::Whole(_)));
        builder = if values.clone().all(is_whole) {
            let whole = values.map(|value| match value {
                Some(Number::Whole(number)) => Some(number),
                _ => None,
            });
            builder.i64(Column::new(path, doc), whole)
        } else {
            builder.f64(Column::new(path, doc), values.map(|value| value.map(Number::real)))
        };
    }
    builder
}

/// Returns the paths that have a column, in the order in which they occur first.
fn paths<'a>(
    rows: impl Iterator<Item = &'a [Setting]>,
    is_taken: impl Fn(&str) -> bool,
) -> Vec<&'a str> {
    let mut paths: Vec<&str> = Vec::new();
    let mut last: &[Setting] = &[];
    for settings in rows {
        // The runs of a variant share their settings and follow one another.
        if std::ptr::eq(last, settings) {
            continue;
        }
        last = settings;
        for Setting { path, .. } in settings {
            if paths.len() < MOST_COLUMNS && !paths.contains(&path.as_str()) && !is_taken(path) {
                paths.push(path);
            }
        }
    }
    paths
}

/// Returns what each run was given for a path; of several numbers the last holds.
fn values<'a>(
    rows: impl Iterator<Item = &'a [Setting]> + Clone,
    path: &'a str,
) -> impl Iterator<Item = Option<Number>> + Clone {
    let mut last: (&[Setting], Option<Number>) = (&[], None);
    rows.map(move |settings| {
        if !std::ptr::eq(last.0, settings) {
            let found = settings.iter().rev().find(|setting| setting.path == path);
            last = (settings, found.map(|setting| setting.value));
        }
        last.1
    })
}
