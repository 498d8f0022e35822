//! Which column of a payment file is which.

use crate::diagnostic::{Diagnostic, Diagnostics, clipped, did_you_mean, quoted};
use crate::keys;
use crate::source::{Sources, Span};
use crate::typed::Fields;
use psim_policy::nearest::nearest;

/// Most characters of a mapping of columns in a hint.
const LONGEST_MAPPING: usize = 600;

/// A column of a payment file; the order is that of the declared keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Column {
    Id,
    Day,
    Tick,
    Time,
    Sender,
    Receiver,
    Amount,
    AmountDecimal,
    Priority,
    RtgsPriority,
    DeadlineTick,
    EarliestTick,
    Divisible,
}

impl Column {
    pub(super) const COUNT: usize = 13;
    pub(super) const ALL: [Self; Self::COUNT] = [
        Self::Id,
        Self::Day,
        Self::Tick,
        Self::Time,
        Self::Sender,
        Self::Receiver,
        Self::Amount,
        Self::AmountDecimal,
        Self::Priority,
        Self::RtgsPriority,
        Self::DeadlineTick,
        Self::EarliestTick,
        Self::Divisible,
    ];

    pub(super) const fn index(self) -> usize {
        self as usize
    }

    /// Returns the declared name.
    pub(super) fn name(self) -> &'static str {
        keys::PAYMENT_FILE.keys.get(self.index()).map_or("", |key| key.name)
    }
}

/// Where each column stands in a file.
#[derive(Clone, Debug, Default)]
pub(super) struct Layout {
    places: [Option<usize>; Column::COUNT],
}

impl Layout {
    pub(super) fn place(&self, column: Column) -> Option<usize> {
        self.places.get(column.index()).copied().flatten()
    }

    pub(super) fn has(&self, column: Column) -> bool {
        self.place(column).is_some()
    }
}

/// The names that a scenario gives to columns, and where it does so.
pub(super) struct Mapping<'a> {
    pub(super) columns: Option<&'a Fields>,
    pub(super) sources: Option<&'a Sources>,
}

impl Mapping<'_> {
    fn name_in_file(&self, column: Column) -> Option<(String, Span)> {
        let columns = self.columns?;
        let name: String = columns.read_given(column.name())?;
        Some((name, columns.span_of(column.name())))
    }
}

/// Finds the columns of a file by its header; faults are reported.
pub(super) fn layout(
    file: &str,
    header: &[String],
    mapping: &Mapping<'_>,
    faults: &mut Diagnostics,
) -> Option<Layout> {
    let before = faults.errors();
    let mut layout = Layout::default();
    let mut used = vec![false; header.len()];
    for column in Column::ALL {
        let mapped = mapping.name_in_file(column);
        let name = mapped.as_ref().map_or(column.name(), |(name, _)| name);
        let mut places = header.iter().enumerate().filter(|(_, other)| *other == name);
        match (places.next(), mapped.as_ref()) {
            (Some((place, _)), _) => {
                if let Some(slot) = layout.places.get_mut(column.index()) {
                    *slot = Some(place);
                }
                if let Some(used) = used.get_mut(place) {
                    *used = true;
                }
                if places.next().is_some() {
                    let message = format!("more than one column {}", quoted(name));
                    faults.push(Diagnostic::error(message).in_file(file));
                }
            }
            (None, Some((_, span))) => {
                let message = format!("{} has no column {}", quoted(file), quoted(name));
                let hint = did_you_mean(name, header.iter().map(String::as_str))
                    .unwrap_or_else(|| format!("it has {}", listed(header)));
                let place = mapping.sources.and_then(|sources| sources.place(*span));
                faults.push(Diagnostic::error(message).at(place).hint(hint));
            }
            (None, None) => {}
        }
    }
    // A column that the scenario names and the file lacks is not reported a second time.
    if faults.errors() == before {
        require(file, (header, &used), &layout, faults);
    }
    if faults.errors() > before {
        return None;
    }
    warn_of_unused(file, header, &used, faults);
    Some(layout)
}

fn require(
    file: &str,
    (header, used): (&[String], &[bool]),
    layout: &Layout,
    faults: &mut Diagnostics,
) {
    let mut missing: Vec<&[Column]> = Vec::new();
    for choice in [
        &[Column::Tick, Column::Time][..],
        &[Column::Sender],
        &[Column::Receiver],
        &[Column::Amount, Column::AmountDecimal],
    ] {
        let given = choice.iter().filter(|column| layout.has(**column)).count();
        if given == 0 {
            missing.push(choice);
        } else if given > 1 {
            let message = format!("columns {} exclude each other", joined(choice, " and "));
            faults.push(Diagnostic::error(message).in_file(file));
        }
    }
    if missing.is_empty() {
        return;
    }
    let columns = if missing.len() == 1 { "column" } else { "columns" };
    let lacking: Vec<String> = missing.iter().map(|choice| joined(choice, " or ")).collect();
    let its = its_columns(header, used);
    let message = format!("lacks the {columns} {}; {its}", lacking.join(", "));
    let hint = match header {
        [only] if only.contains(';') => "cells are separated by commas, not by semicolons".into(),
        [only] if only.contains('\t') => "cells are separated by commas, not by tabs".into(),
        _ => mapping(header, layout, &missing),
    };
    faults.push(Diagnostic::error(message).in_file(file).hint(hint));
}

fn joined(columns: &[Column], word: &str) -> String {
    let names: Vec<String> = columns.iter().map(|it| format!("`{}`", it.name())).collect();
    names.join(word)
}

/// Says which columns a file has, and which of them say nothing here.
fn its_columns(header: &[String], used: &[bool]) -> String {
    let of = |wanted: bool| {
        let columns = header.iter().zip(used).filter(|(_, used)| **used == wanted);
        columns.map(|(name, _)| name.clone()).collect::<Vec<String>>()
    };
    match (of(true).as_slice(), of(false).as_slice()) {
        ([], unknown) => format!("it has {}, none of them known", listed(unknown)),
        (known, []) => format!("it has {}", listed(known)),
        (known, unknown) => {
            format!("it has {}, and unknown ones: {}", listed(known), listed(unknown))
        }
    }
}

/// Says how the columns of a file are given the names that they are known by: those that may be
/// meant as they are called, others that it lacks as `NAME`.
fn mapping(header: &[String], layout: &Layout, missing: &[&[Column]]) -> String {
    let near = near_columns(header, layout);
    let is_near = |column: &Column| near.iter().any(|(_, meant)| *meant == column.name());
    let others = missing.iter().filter(|choice| !choice.iter().any(is_near));
    let mapped = near.iter().map(|(name, meant)| format!("{meant}: {name}"));
    let others = others.filter_map(|choice| Some(format!("{}: NAME", choice.first()?.name())));
    let columns = mapped.chain(others).collect::<Vec<_>>().join(", ");
    let columns = clipped(&format!("columns: {{{columns}}}"), LONGEST_MAPPING);
    if near.is_empty() {
        return format!("`payments: {{file: ..., {columns}}}` maps names");
    }
    let renamed = near.iter().map(|(name, meant)| format!("{} to {}", quoted(name), quoted(meant)));
    format!("rename {}, or map: `{columns}`", renamed.collect::<Vec<_>>().join(", "))
}

/// Returns which columns of a file may be meant for those that it lacks.
fn near_columns<'h>(header: &'h [String], layout: &Layout) -> Vec<(&'h String, &'static str)> {
    let known = |name: &&str| Column::ALL.iter().any(|column| column.name() == *name);
    let lacking: Vec<&str> =
        Column::ALL.into_iter().filter(|c| !layout.has(*c)).map(Column::name).collect();
    let unknown = header.iter().filter(|name| !known(&name.as_str()));
    unknown.filter_map(|name| Some((name, meant(name, &lacking)?))).collect()
}

/// Returns the column that a name says with a word more, as `arrival_tick` says `tick`, or else the
/// one that is spelt nearest.
fn meant<'a>(name: &str, columns: &[&'a str]) -> Option<&'a str> {
    let words =
        |name: &str| name.to_lowercase().split(['_', ' ', '-']).map(str::to_owned).collect();
    let given: Vec<String> = words(name);
    let says = |column: &&&str| words(column).iter().all(|word| given.contains(word));
    let said = columns.iter().filter(says).max_by_key(|column| column.len());
    said.copied().or_else(|| nearest(name, columns.iter().copied()))
}

fn warn_of_unused(file: &str, header: &[String], used: &[bool], faults: &mut Diagnostics) {
    let unused: Vec<String> =
        header.iter().zip(used).filter(|(_, used)| !**used).map(|(name, _)| name.clone()).collect();
    if unused.is_empty() {
        return;
    }
    let known = Column::ALL.map(Column::name);
    let near = unused.iter().filter_map(|name| {
        let meant = meant(name, &known)?;
        Some(format!("{}: did you mean {}?", quoted(name), quoted(meant)))
    });
    let near: Vec<String> = near.collect();
    let near = (!near.is_empty()).then(|| near.join(" "));
    let message = format!("columns that are not read: {}", listed(&unused));
    faults.push(Diagnostic::warning(message).in_file(file).maybe_hint(near));
}

fn listed(names: &[String]) -> String {
    const MOST: usize = 16;
    let mut shown: Vec<String> = names.iter().take(MOST).map(|name| quoted(name)).collect();
    if names.len() > MOST {
        shown.push(format!("and {} more", names.len().saturating_sub(MOST)));
    }
    shown.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_declared_in_their_order() {
        assert_eq!(Column::COUNT, keys::PAYMENT_FILE.keys.len());
        for (index, column) in Column::ALL.into_iter().enumerate() {
            assert_eq!(column.index(), index);
        }
        assert_eq!(Column::AmountDecimal.name(), "amount_decimal");
        assert_eq!(Column::Divisible.name(), "divisible");
    }
}
