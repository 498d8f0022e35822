//! Types of events by name.

use std::fmt;

use psim_model::event::EventKind;

use crate::nearest::nearest;

/// A name that no type of event has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownEventKind {
    /// The name.
    pub name: String,
    /// Names like it, the likest first; all names if none is like it.
    pub near: Vec<&'static str>,
}

impl fmt::Display for UnknownEventKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { name, near } = self;
        let is_guess = near.len() < EventKind::ALL.len();
        let (lead, end) = if is_guess { ("did you mean", "?") } else { ("there are", "") };
        write!(f, "no type of event is called `{name}`; {lead} ")?;
        for (index, near) in near.iter().enumerate() {
            let before = if index == 0 { "" } else { ", " };
            write!(f, "{before}`{near}`")?;
        }
        f.write_str(end)
    }
}

impl std::error::Error for UnknownEventKind {}

/// Reads types of events separated by commas (`Arrival,QueuedRtgs`).
///
/// # Errors
///
/// [`UnknownEventKind`]: a word names no kind.
pub fn event_kinds(list: &str) -> Result<Vec<EventKind>, UnknownEventKind> {
    let kind = |name: &str| EventKind::from_name(name).ok_or_else(|| unknown(name));
    list.split(',').map(str::trim).map(kind).collect()
}

fn unknown(name: &str) -> UnknownEventKind {
    let all = EventKind::ALL.iter().map(|kind| kind.spec().name);
    let mut near = nearest(name, all.clone());
    if near.is_empty() {
        near = all.collect();
    }
    UnknownEventKind { name: name.to_owned(), near }
}
