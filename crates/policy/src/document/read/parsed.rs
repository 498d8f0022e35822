//! Text into JSON. Numbers that no float holds are told with all other faults.

use std::borrow::Cow;
use std::ops::Range;

use super::{MAX_BYTES, MAX_DEPTH};
use crate::fault::{Fault, Faults, Path};
use crate::json::Json;

/// Most numbers that no float holds and that are told before anything else.
const MOST: usize = 20;
/// What stands for such a number while the rest is read; none of those is shorter.
const STANDS_IN: &str = "1e308";

/// Parses a text; returns what is wrong with it though it is JSON.
///
/// # Errors
///
/// Why it is no JSON.
pub(super) fn parsed(text: &str) -> Result<(Json, Vec<Fault>), Faults> {
    if text.len() > MAX_BYTES {
        let (length, most) = (text.len(), MAX_BYTES);
        return Err(whole(format!("the document has {length} bytes; at most {most} are read")));
    }
    let mut text = Cow::Borrowed(text);
    let mut faults = Vec::new();
    loop {
        let error = match serde_json::from_str(&text) {
            Ok(json) => return Ok((json, faults)),
            Err(error) => error,
        };
        let message = error.to_string();
        let reason = message.rsplit_once(" at line ").map_or(&*message, |(reason, _)| reason);
        let at = (error.line(), error.column());
        let number = (reason == "number out of range").then(|| number_at(&text, at)).flatten();
        let message = match reason {
            "recursion limit exceeded" => too_deep(),
            "number out of range" => "a number is finite: at most 1.8e308 in size".to_owned(),
            reason => format!("this is not JSON: {reason}"),
        };
        let start = number.as_ref().map_or(0, |number| number.start);
        let column = number.as_ref().map_or(at.1, |_| column_of(&text, start));
        let fault = Fault::new(Path::default(), message);
        faults.push(Fault { position: Some((at.0, column)), ..fault });
        match number {
            Some(number) if faults.len() < MOST => exchange(text.to_mut(), number),
            _ => return Err(Faults(faults)),
        }
    }
}

pub(super) fn whole(message: String) -> Faults {
    Faults(vec![Fault::new(Path::default(), message)])
}

pub(super) fn too_deep() -> String {
    format!("the document nests deeper than {MAX_DEPTH} levels")
}

/// Returns where the number stands that ends at a line and column, both from 1.
fn number_at(text: &str, (line, column): (usize, usize)) -> Option<Range<usize>> {
    let start = match line.checked_sub(2) {
        None => 0,
        Some(breaks) => text.match_indices('\n').nth(breaks)?.0.checked_add(1)?,
    };
    let is_of_number = |byte: &u8| byte.is_ascii_digit() || b"+-.eE".contains(byte);
    let bytes = text.as_bytes();
    let before = bytes.get(start..start.checked_add(column)?.min(bytes.len()))?;
    // The parser stops at the last byte of the number or behind it.
    let behind = before.iter().rev().take(2).position(is_of_number)?;
    let end = start.checked_add(before.len().checked_sub(behind)?)?;
    let (before, after) = (bytes.get(start..end)?, bytes.get(end..)?);
    let length = before.iter().rev().take_while(|byte| is_of_number(byte)).count();
    let more = after.iter().take_while(|byte| is_of_number(byte)).count();
    Some(end.checked_sub(length)?..end.checked_add(more)?)
}

/// Returns the column, from 1, of a place in a text.
fn column_of(text: &str, at: usize) -> usize {
    let before = text.get(..at).unwrap_or(text);
    before.rsplit('\n').next().map_or(0, str::len).saturating_add(1)
}

/// Puts another number in place of one, without moving what follows.
fn exchange(text: &mut String, number: Range<usize>) {
    let sign = if text[number.clone()].starts_with('-') { "-" } else { "" };
    let length = number.len();
    text.replace_range(number, &format!("{:length$}", format!("{sign}{STANDS_IN}")));
}
