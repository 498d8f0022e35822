//! Which known word somebody may have meant.

/// Longest word that is compared, in bytes: comparing takes time that grows with the square of it.
const LONGEST: usize = 100;
/// Most words that one is compared with.
const MOST: usize = 1_000;

/// Returns the nearest of some known words, if any is near enough to be meant.
pub(crate) fn nearest<'w>(word: &str, known: impl Iterator<Item = &'w str>) -> Option<&'w str> {
    const NEAR: f64 = 0.8;
    if word.len() > LONGEST {
        return None;
    }
    let known = known.filter(|known| known.len() <= LONGEST).take(MOST);
    let scored = known.map(|known| (strsim::jaro_winkler(word, known), known));
    let (score, nearest) = scored.max_by(|a, b| a.0.total_cmp(&b.0))?;
    (score >= NEAR).then_some(nearest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_a_person_may_have_typed_is_compared() {
        let known = "x".repeat(LONGEST);
        let near = |word: &str| nearest(word, [known.as_str()].into_iter()).is_some();
        assert!(near(&known) && near(&known[1..]));
        assert!(!near(&(known.clone() + "x")));
        let mut compared = 0;
        let many = std::iter::repeat_n("balance", 300_000).inspect(|_| compared += 1);
        assert_eq!(nearest("balanse", many), Some("balance"));
        assert_eq!(compared, MOST);
        assert_eq!(nearest("balanse", std::iter::once(known.as_str())), None);
    }
}
