//! Holds `docs/limits.md` against the program: each bound against its constant, each test named.

use std::fs;
use std::path::{Path, PathBuf};

/// A row of a table of the page.
struct Row<'a> {
    bound: &'a str,
    /// Name and file of the constant.
    constant: Option<(&'a str, &'a str)>,
    test: Option<&'a str>,
}

/// Checks the page.
pub(crate) fn check(root: &Path) -> Result<(), String> {
    const PAGE: &str = "docs/limits.md";
    let page = fs::read_to_string(root.join(PAGE)).map_err(|error| format!("{PAGE}: {error}"))?;
    let sources = sources(root);
    let mut faults = Vec::new();
    for (line, row) in rows(&page) {
        let mut fault = |what: String| faults.push(format!("{PAGE}:{line}: {what}"));
        if let Some((name, file)) = row.constant {
            let text = fs::read_to_string(root.join(file)).unwrap_or_default();
            match (value_of(&text, name), amount(row.bound)) {
                (None, _) => fault(format!("no `{name}` with a plain value in {file}")),
                (_, None) => fault(format!("`{}` is no amount", row.bound)),
                (Some(is), Some(said)) if is != said => {
                    fault(format!("`{name}` is {is}, not {}", row.bound));
                }
                _ => {}
            }
        }
        if let Some(test) = row.test {
            let is_there = ["fn ", "def "]
                .iter()
                .any(|word| sources.iter().any(|text| text.contains(&format!("{word}{test}("))));
            if !is_there {
                fault(format!("there is no test `{test}`"));
            }
        }
    }
    if faults.is_empty() { Ok(()) } else { Err(faults.join("\n")) }
}

/// Returns the rows of the page with the numbers of their lines.
fn rows(page: &str) -> impl Iterator<Item = (usize, Row<'_>)> {
    let lines = page.lines().zip(1..).filter(|(line, _)| line.starts_with("| "));
    lines.filter_map(|(line, number)| {
        let cells: Vec<&str> = line.split('|').map(str::trim).collect();
        let [_, _, bound, constant, _, test, _] = cells.as_slice() else { return None };
        let mut quoted = constant.split('`').skip(1).step_by(2);
        let constant = quoted.next().zip(quoted.next());
        let test = test.split('`').nth(1);
        let is_head = *bound == "at most" || bound.starts_with("---");
        (!is_head).then_some((number, Row { bound, constant, test }))
    })
}

/// Reads `1,000`, `32 MiB` or `below 2^61`.
fn amount(text: &str) -> Option<u128> {
    let text = text.strip_prefix("below ").unwrap_or(text).replace(',', "");
    let (text, less) = match text.split_once(" - ") {
        Some((text, less)) => (text.to_owned(), less.parse().ok()?),
        None => (text, 0),
    };
    let whole = if let Some((number, unit)) = text.split_once(' ') {
        let unit = match unit {
            "KiB" => 1 << 10,
            "MiB" => 1 << 20,
            "GiB" => 1 << 30,
            _ => return None,
        };
        number.parse::<u128>().ok()?.checked_mul(unit)?
    } else if let Some(power) = text.strip_prefix("2^") {
        1_u128.checked_shl(power.parse().ok()?)?
    } else {
        text.parse().ok()?
    };
    whole.checked_sub(less)
}

/// Finds a constant in a source and computes its value: whole numbers, products, shifts, and names
/// of other constants of the file.
fn value_of(source: &str, name: &str) -> Option<u128> {
    let start = source.find(&format!("const {name}: "))?;
    let (declaration, _) = source.get(start..)?.split_once(';')?;
    let (_, value) = declaration.split_once('=')?;
    value_in(source, value.trim())
}

fn value_in(source: &str, text: &str) -> Option<u128> {
    let text = text.trim();
    let text = text.strip_prefix("Total::from_minor").unwrap_or(text);
    if let Some((left, right)) = split(text, " - ") {
        return value_in(source, left)?.checked_sub(value_in(source, right)?);
    }
    if let Some((left, right)) = split(text, " << ") {
        let by = u32::try_from(value_in(source, right)?).ok()?;
        return value_in(source, left)?.checked_shl(by);
    }
    if let Some((left, right)) = split(text, " * ") {
        return value_in(source, left)?.checked_mul(value_in(source, right)?);
    }
    if let Some(inner) = text.strip_prefix('(').and_then(|rest| rest.strip_suffix(')')) {
        return value_in(source, inner);
    }
    let digits = text.replace('_', "");
    if let Some((mantissa, exponent)) = digits.split_once('e') {
        let power = 10_u128.checked_pow(exponent.parse().ok()?)?;
        return mantissa.parse::<u128>().ok()?.checked_mul(power);
    }
    if text.starts_with(|first: char| first.is_ascii_uppercase()) {
        return value_of(source, text);
    }
    digits.parse().ok()
}

/// Splits at the last operator that no parentheses enclose.
fn split<'a>(text: &'a str, operator: &str) -> Option<(&'a str, &'a str)> {
    let places = text.rmatch_indices(operator);
    let open = |part: &str| part.matches('(').count() - part.matches(')').count();
    let free = places.map(|(at, _)| (&text[..at], &text[at + operator.len()..]));
    free.into_iter().find(|(left, _)| open(left) == 0)
}

/// All sources that may have tests.
fn sources(root: &Path) -> Vec<String> {
    let mut found = Vec::new();
    let mut folders: Vec<PathBuf> = vec![root.join("crates"), root.join("python/tests")];
    while let Some(folder) = folders.pop() {
        for path in fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path()) {
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|it| it == "rs" || it == "py") {
                found.extend(fs::read_to_string(path));
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_read() {
        for (text, expected) in [
            ("1,000", Some(1_000)),
            ("32 MiB", Some(32 << 20)),
            ("below 2^61", Some(1 << 61)),
            ("2^23 - 1", Some((1 << 23) - 1)),
            ("many", None),
            ("3 miles", None),
        ] {
            assert_eq!(amount(text), expected, "{text}");
        }
    }

    #[test]
    fn constants_are_computed() {
        let source = "pub const A: u64 = 32 * 1024 * 1024;\nconst B: u32 = 40;\n\
                      const C: u64 = 1 << B;\nconst D: i64 = (1 << (63 - B)) - 1;\n\
                      const E: f64 = 1e6;\nconst F: Total = Total::from_minor(1 << 61);\n";
        for (name, expected) in [
            ("A", Some(32 << 20)),
            ("B", Some(40)),
            ("C", Some(1 << 40)),
            ("D", Some((1 << 23) - 1)),
            ("E", Some(1_000_000)),
            ("F", Some(1 << 61)),
            ("G", None),
        ] {
            assert_eq!(value_of(source, name), expected, "{name}");
        }
    }

    #[test]
    fn rows_are_found() {
        let page = "| what | at most | constant | message when exceeded | test |\n\
                    | --- | --- | --- | --- | --- |\n\
                    | a | 1 | `A` in `a.rs` | no | `t` (outside alone) |\n| b | 2 |  | no | |\n";
        let found: Vec<_> =
            rows(page).map(|(n, row)| (n, row.bound, row.constant, row.test)).collect();
        assert_eq!(found, [(3, "1", Some(("A", "a.rs")), Some("t")), (4, "2", None, None)]);
    }
}
