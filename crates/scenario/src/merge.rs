//! The merge key of YAML 1.1: `<<: *base` takes over the keys of other maps.
//!
//! A key that the map has itself wins; of several maps in a list the first one does.

use rustc_hash::FxHashSet;

use crate::source::Span;
use crate::tree::{Entry, Node, Value};

/// The key whose value is merged.
pub(crate) const KEY: &str = "<<";

/// Adds what is merged to a map's own entries; the place of what cannot be merged otherwise.
pub(crate) fn into(entries: &mut Vec<Entry>, merged: Node) -> Result<(), Span> {
    let mut taken: FxHashSet<String> = entries.iter().map(|entry| entry.key.clone()).collect();
    let maps = match merged.value {
        Value::List(items) => items,
        _ => vec![merged],
    };
    for map in maps {
        let Value::Map(others) = map.value else { return Err(map.span) };
        let new = others.into_iter().filter(|entry| taken.insert(entry.key.clone()));
        entries.extend(new);
    }
    Ok(())
}
