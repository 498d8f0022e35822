//! Which known name somebody may have meant.

/// Longest name that is compared, in bytes: comparing takes time that grows with the square of it.
const LONGEST: usize = 100;
/// Most names that one is compared with.
const MOST: usize = 1_000;
/// Least likeness of a name that may have been meant.
pub const LIKE: f64 = 0.6;

/// Returns how much a name is like a known one, in upper or lower case: from 0 (nothing in common)
/// to 1 (the same).
pub fn likeness(name: &str, known: &str) -> f64 {
    if name.len().max(known.len()) > LONGEST {
        return 0.0;
    }
    let (name, known) = (name.to_lowercase(), known.to_lowercase());
    let alike = strsim::normalized_damerau_levenshtein(&name, &known);
    let shorter = name.len().min(known.len());
    let begins = shorter >= 3 && (known.starts_with(&name) || name.starts_with(&known));
    let is_part = shorter >= 4 && (known.contains(&name) || name.contains(&known));
    // A name that only lacks or adds a word is near, whatever its length.
    if begins || is_part { alike.max(0.75) } else { alike }
}

/// Returns the nearest of some known names (of equally near ones the first), if any is near enough
/// to be meant.
pub fn nearest<'w>(name: &str, known: impl IntoIterator<Item = &'w str>) -> Option<&'w str> {
    let mut best: Option<(f64, &str)> = None;
    for known in known.into_iter().take(MOST) {
        let score = likeness(name, known);
        if score >= LIKE && best.is_none_or(|(highest, _)| score > highest) {
            best = Some((score, known));
        }
    }
    best.map(|(_, known)| known)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_a_person_may_have_typed_is_compared() {
        let known = "x".repeat(LONGEST);
        let near = |word: &str| nearest(word, [known.as_str()]).is_some();
        assert!(near(&known) && near(&known[1..]));
        assert!(!near(&(known.clone() + "x")));
        let mut compared = 0;
        let many = std::iter::repeat_n("balance", 300_000).inspect(|_| compared += 1);
        assert_eq!(nearest("balanse", many), Some("balance"));
        assert_eq!(compared, MOST);
        assert_eq!(nearest("balanse", [known.as_str()]), None);
    }

    #[test]
    fn a_word_of_a_name_stands_for_it() {
        let known = ["agents", "rng_seed", "scenario_events", "ticks_to_deadline", "time_in_queue"];
        for (name, meant) in [
            ("seed", Some("rng_seed")),
            ("events", Some("scenario_events")),
            ("agent", Some("agents")),
            ("AGENTS", Some("agents")),
            ("time_to_deadline", Some("ticks_to_deadline")),
            ("colour", None),
        ] {
            assert_eq!(nearest(name, known), meant, "{name}");
        }
    }
}
