//! Ways to spoil an input: as a tree whose words are known, and as bytes.

use crate::dice::Dice;
use crate::tree::Tree;

/// Scalars that programs stumble over.
const SCALARS: &[&str] = &[
    "0",
    "-0",
    "1",
    "-1",
    "2",
    "10",
    "0.5",
    "1.0",
    "-0.0",
    "1e-300",
    "1e300",
    "1e999",
    "-1e999",
    "NaN",
    ".nan",
    ".inf",
    "-.inf",
    "nan",
    "inf",
    "9223372036854775807",
    "-9223372036854775808",
    "9223372036854775808",
    "18446744073709551615",
    "18446744073709551616",
    "2305843009213693951",
    "2305843009213693952",
    "4294967294",
    "4294967295",
    "4294967296",
    "2147483647",
    "2147483648",
    "1_000",
    "1__0",
    "0x10",
    "0o7",
    "+5",
    "007",
    "340282366920938463463374607431768211456",
    "1000000",
    "1000001",
    "100000000",
    "0.000000000001",
    "0.0000000000001",
    "50bp",
    "5%",
    "99999999999999999999bp",
    "true",
    "false",
    "null",
    "~",
    "yes",
    "",
    " ",
    "07:00",
    "24:00",
    "24:01",
    "7:00",
    "99:99:99",
    "A",
    "a",
    "tx-0",
    "tx-4294967295",
    "*",
    "<<",
    "&a",
    "*a",
    "!!str",
    "\u{feff}",
    "\u{0}",
    "\u{1f600}",
    "e\u{301}",
    "\u{202e}abc",
    "\u{2028}",
    "ﬁ",
    "\t",
    "a\nb",
    "../x",
    "/dev/null",
    "/dev/zero",
    "p.csv",
    "d.json",
    ".",
    "Fifo",
    "OneTime",
    "Repeating",
    "Inline",
    "{",
    "[",
    "\"",
    "'",
    "#",
    "- a",
    "a: b",
];

/// Changes a document in one to six places; `words` are keys and values of other documents.
pub(crate) fn tree(tree: &mut Tree, words: &[Tree], dice: &mut Dice) {
    // Half of all change numbers alone: most of these are sound, and run.
    let tame = dice.once_in(2);
    for _ in 0..=few(dice) {
        let mut number = dice.below(tree.count());
        let donor = words.get(dice.below(words.len()));
        match tree.at(&mut number) {
            Some(Tree::Scalar(text, _)) if tame && text.parse::<f64>().is_ok() => {
                *text = tame_scalar(text, dice);
            }
            Some(place) if !tame => change(place, donor, dice),
            _ => {}
        }
    }
}

/// Mostly none, at most five: what is spoiled in many places is refused for the first.
fn few(dice: &mut Dice) -> usize {
    if dice.once_in(3) { dice.below(6) } else { 0 }
}

fn change(place: &mut Tree, donor: Option<&Tree>, dice: &mut Dice) {
    match dice.below(24) {
        0 => *place = nest(place.clone(), dice),
        1 => *place = any_part(donor, dice).unwrap_or(Tree::List(Vec::new())),
        2 => *place = Tree::Map(Vec::new()),
        3 => *place = Tree::List(vec![place.clone(); dice.below(4)]),
        _ => match place {
            Tree::Scalar(text, quoted) => {
                *quoted = dice.once_in(6);
                *text = scalar(text, dice);
            }
            Tree::List(items) => change_list(items, donor, dice),
            Tree::Map(entries) => change_map(entries, donor, dice),
        },
    }
}

/// Returns another number: small, near, or many times as large.
fn tame_scalar(text: &str, dice: &mut Dice) -> String {
    let number = text.parse::<i128>().unwrap_or(1);
    match dice.below(6) {
        0 => number.saturating_add(1).to_string(),
        1 => number.saturating_mul(1_000).to_string(),
        2 => number.saturating_mul(1_000_000_007).to_string(),
        3 => format!("0.{}", dice.below(1_000)),
        _ => dice.below(12).to_string(),
    }
}

/// Returns another scalar: one of those known for trouble, a near one, a long one.
fn scalar(text: &str, dice: &mut Dice) -> String {
    let number = text.parse::<i128>().ok();
    match (dice.below(16), number) {
        (8..=10, Some(_)) => dice.below(12).to_string(),
        (11, Some(number)) => (number / 2).to_string(),
        (12, Some(number)) => number.saturating_mul(2).to_string(),
        (0, Some(number)) => number.saturating_neg().to_string(),
        (1, Some(number)) => number.saturating_add(1).to_string(),
        (2, Some(number)) => number.saturating_mul(1_000_000_007).to_string(),
        (3, _) => text.repeat(1 + dice.below(300)),
        (4, _) => dice.number().to_string(),
        _ => SCALARS[dice.below(SCALARS.len())].to_owned(),
    }
}

fn change_list(items: &mut Vec<Tree>, donor: Option<&Tree>, dice: &mut Dice) {
    let at = dice.below(items.len());
    let other = dice.below(items.len());
    match dice.below(5) {
        0 if !items.is_empty() => drop(items.remove(at)),
        1 if !items.is_empty() => items.swap(at, other),
        2 if !items.is_empty() => {
            let copies = vec![items[at].clone(); 1 + dice.below(20)];
            items.extend(copies);
        }
        3 => items.clear(),
        _ => items.extend(any_part(donor, dice)),
    }
}

fn change_map(entries: &mut Vec<(String, Tree)>, donor: Option<&Tree>, dice: &mut Dice) {
    let at = dice.below(entries.len());
    let other = dice.below(entries.len());
    match dice.below(6) {
        0 if !entries.is_empty() => drop(entries.remove(at)),
        1 if !entries.is_empty() => entries.push(entries[at].clone()),
        2 if !entries.is_empty() => {
            let value = entries[other].1.clone();
            entries[at].1 = value;
        }
        3 if !entries.is_empty() => {
            let name = SCALARS[dice.below(SCALARS.len())];
            entries[at].0 = if dice.once_in(2) { name.to_owned() } else { near(&entries[at].0) };
        }
        4 => {
            if let Some(Tree::Map(others)) = donor
                && let Some(taken) = others.get(dice.below(others.len()))
            {
                entries.push(taken.clone());
            }
        }
        _ => {
            let name = SCALARS[dice.below(SCALARS.len())].to_owned();
            entries
                .push((name, Tree::Scalar(SCALARS[dice.below(SCALARS.len())].to_owned(), false)));
        }
    }
}

/// Returns a name that is nearly another.
fn near(name: &str) -> String {
    name.chars().rev().skip(1).collect::<String>().chars().rev().collect()
}

fn any_part(donor: Option<&Tree>, dice: &mut Dice) -> Option<Tree> {
    let mut donor = donor?.clone();
    let mut number = dice.below(donor.count());
    donor.at(&mut number).cloned()
}

/// Puts a value deep into lists or maps.
fn nest(value: Tree, dice: &mut Dice) -> Tree {
    let levels = [1, 2, 20, 130, 1_000][dice.below(5)];
    let is_map = dice.once_in(2);
    (0..levels).fold(value, |inner, _| {
        if is_map { Tree::Map(vec![("a".to_owned(), inner)]) } else { Tree::List(vec![inner]) }
    })
}

/// Changes bytes in one to six places, whatever they mean.
pub(crate) fn bytes(bytes: &mut Vec<u8>, dice: &mut Dice) {
    for _ in 0..=few(dice) {
        let length = bytes.len();
        let at = dice.below(length);
        let end = (at + 1 + dice.below(64)).min(length);
        match dice.below(8) {
            0 => bytes.truncate(at),
            1 if length > 0 => bytes[at] ^= 1 << dice.below(8),
            2 if length > 0 => bytes[at] = dice.byte(),
            3 => drop(bytes.drain(at..end)),
            4 => {
                let part = bytes[at..end].to_vec();
                let to = dice.below(length);
                bytes.splice(to..to, part);
            }
            5 => {
                let word = SCALARS[dice.below(SCALARS.len())].bytes();
                bytes.splice(at..at, word);
            }
            6 if length > 0 => bytes[at..end].fill(if dice.once_in(2) { 0 } else { 0xff }),
            _ => {
                let noise: Vec<u8> = (0..dice.below(16)).map(|_| dice.byte()).collect();
                bytes.splice(at..at, noise);
            }
        }
    }
}

/// Changes cells of a table of text, columns and rows; if `tame`, numbers alone.
pub(crate) fn cells(text: &str, tame: bool, dice: &mut Dice) -> String {
    let mut rows: Vec<Vec<String>> =
        text.lines().map(|line| line.split(',').map(str::to_owned).collect()).collect();
    for _ in 0..=few(dice) {
        let (count, row) = (rows.len(), dice.below(rows.len()));
        let Some(cells) = rows.get_mut(row) else { continue };
        let at = dice.below(cells.len());
        if tame {
            if let Some(cell) = cells.get_mut(at).filter(|cell| cell.parse::<f64>().is_ok()) {
                *cell = tame_scalar(cell, dice);
            }
            continue;
        }
        match dice.below(7) {
            0 => drop(cells.pop()),
            1 => cells.push(SCALARS[dice.below(SCALARS.len())].to_owned()),
            2 => {
                let copy = cells.clone();
                rows.insert(dice.below(count), copy);
            }
            3 => drop(rows.remove(row)),
            _ => {
                if let Some(cell) = cells.get_mut(at) {
                    *cell = scalar(cell, dice);
                }
            }
        }
    }
    let end = if dice.once_in(4) { "\r\n" } else { "\n" };
    rows.iter().map(|row| row.join(",") + end).collect()
}

/// Returns a scalar that is known for trouble.
pub(crate) fn word(dice: &mut Dice) -> &'static str {
    SCALARS[dice.below(SCALARS.len())]
}
