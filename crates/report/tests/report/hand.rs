//! The page of a run that can be worked out by hand.

use super::{checked, run, seen};

/// Six payments among three banks with the liquidity at which all settle on entry.
#[test]
fn a_page_reads_as_it_should() {
    let scenario = checked(psim_testkit::sketch::six_payments([50, 60, 0]));
    let batches = run(&scenario, u32::MAX);
    let (measured, _) = seen("six", &scenario, &batches);
    insta::assert_snapshot!(measured.to_text());
}

/// The same with the lower bound: a deadlock, then a gridlock.
#[test]
fn a_page_tells_of_gridlock() {
    let scenario = checked(psim_testkit::sketch::six_payments([40, 40, 0]));
    let batches = run(&scenario, u32::MAX);
    let (measured, _) = seen("six", &scenario, &batches);
    insta::assert_snapshot!(measured.to_text());
}
