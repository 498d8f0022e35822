//! The day in plain sentences.

mod settlement;
mod system;
mod waiting;

use crate::measured::Measured;

/// Tells what happened, the most important first. Sentences about what did not occur are left out.
pub(crate) fn story(run: &Measured) -> Vec<String> {
    let told = [
        Some(settlement::arrivals(run)),
        settlement::paths(run),
        settlement::unsettled(run),
        system::liquidity(run),
        waiting::delay(run),
        waiting::queue(run),
        waiting::blocks(run),
        system::guideline(run),
        system::shocks(run),
        system::concentration(run),
        system::costs(run),
    ];
    told.into_iter().flatten().collect()
}

/// Returns `A`, `A and B`, `A, B and C`.
pub(crate) fn listed(items: &[String]) -> String {
    match items {
        [first @ .., last] if !first.is_empty() => format!("{} and {last}", first.join(", ")),
        items => items.concat(),
    }
}

#[cfg(test)]
mod tests {
    use super::listed;

    #[test]
    fn lists_read_as_sentences() {
        let list = |items: &[&str]| {
            listed(&items.iter().map(|item| (*item).to_owned()).collect::<Vec<_>>())
        };
        assert_eq!(list(&[]), "");
        assert_eq!(list(&["a"]), "a");
        assert_eq!(list(&["a", "b"]), "a and b");
        assert_eq!(list(&["a", "b", "c"]), "a, b and c");
    }
}
