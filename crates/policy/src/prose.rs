//! Numbers and lines as people read them.

/// Columns that a line of text is broken at.
pub(crate) const COLUMNS: usize = 100;
/// What is left for words however deep a line is indented.
const COLUMNS_MIN: usize = 40;

/// Returns a number without needless digits: `5`, `0.25`, `1e300`.
pub(crate) fn plain(number: f64) -> String {
    const LONG: f64 = 1e15;
    let size = number.abs();
    if size.is_finite() && size != 0.0 && !(1e-6..LONG).contains(&size) {
        format!("{number:e}")
    } else {
        format!("{number}")
    }
}

/// Returns the same with thousands separators: `1,250,000.5`.
pub(crate) fn grouped(number: f64) -> String {
    let text = plain(number);
    let (sign, digits) = text.strip_prefix('-').map_or(("", &*text), |digits| ("-", digits));
    let (whole, rest) = digits.split_at(digits.find('.').unwrap_or(digits.len()));
    if whole.contains('e') || !whole.starts_with(|first: char| first.is_ascii_digit()) {
        return text;
    }
    format!("{sign}{}{rest}", grouped_digits(whole))
}

/// Returns a number of things with thousands separators.
pub(crate) fn count(number: u64) -> String {
    grouped_digits(&number.to_string())
}

fn grouped_digits(digits: &str) -> String {
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// Returns `1 node`, `2 nodes`.
pub(crate) fn plural(number: usize, noun: &str) -> String {
    format!("{number} {noun}{}", if number == 1 { "" } else { "s" })
}

/// Returns `a`, `a and b`, `a, b and c`.
pub(crate) fn listed(items: &[String], word: &str) -> String {
    match items {
        [] => String::new(),
        [only] => only.clone(),
        [before @ .., last] => format!("{} {word} {last}", before.join(", ")),
    }
}

/// Breaks a text at blanks, so that no line is longer than what `indent` leaves of a page; words
/// longer than that stay whole, and so does a word with its remark: `buffer (1500000)`.
pub(crate) fn wrapped(text: &str, indent: usize) -> Vec<String> {
    let room = COLUMNS.saturating_sub(indent).max(COLUMNS_MIN);
    let mut words: Vec<String> = Vec::new();
    for word in text.split(' ') {
        match words.last_mut() {
            Some(last) if is_remark(word) => {
                last.push(' ');
                last.push_str(word);
            }
            _ => words.push(word.to_owned()),
        }
    }
    let mut lines = Vec::new();
    let mut line = String::new();
    for word in words {
        let length = line.chars().count() + 1 + word.chars().count();
        if !line.is_empty() && length > room {
            lines.push(std::mem::take(&mut line));
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(&word);
    }
    lines.push(line);
    lines
}

fn is_remark(word: &str) -> bool {
    word.starts_with('(') && word.contains(')')
}

/// Returns a literal text as it stands if it is one word, else in quotes.
pub(crate) fn word(text: &str) -> String {
    let is_word = |letter: char| letter.is_alphanumeric() || matches!(letter, '_' | '-' | '.');
    if !text.is_empty() && text.chars().all(is_word) {
        text.to_owned()
    } else {
        format!("{text:?}")
    }
}

/// Returns the lines of a text that people wrote, without what a terminal would obey.
pub(crate) fn lines(text: &str) -> impl Iterator<Item = String> {
    text.lines().map(|line| line.replace(char::is_control, " "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_as_short_as_they_can_be() {
        let shown = [5.0, 0.25, -1e300, 1e-9, 0.0, f64::INFINITY].map(plain);
        assert_eq!(shown, ["5", "0.25", "-1e300", "1e-9", "0", "inf"]);
        let shown = [999.0, 1_250_000.5, -1234.0, 1e300, f64::NEG_INFINITY].map(grouped);
        assert_eq!(shown, ["999", "1,250,000.5", "-1,234", "1e300", "-inf"]);
    }

    #[test]
    fn long_words_stay_whole() {
        let text = format!("a {} b", "x".repeat(120));
        assert_eq!(wrapped(&text, 90), ["a", &"x".repeat(120), "b"]);
    }
}
