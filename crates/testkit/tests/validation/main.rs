//! `docs/validation.md`: published and provable results, computed anew and compared.
//!
//! What must come out is a figure of a paper, a closed form or a search by brute force, written
//! down here apart from the simulator; the engine's own output is never the yardstick. The page and
//! its picture are committed; after a change that is meant, write them anew with
//! `PSIM_UPDATE_VALIDATION=1`.

mod case;
mod castro;
mod curve;
mod half_days;
mod oracle;
mod page;
mod paper;
mod picture;
mod prefix;
mod queues;
mod scene;
mod six;

use std::fs;
use std::path::Path;

use case::Case;

fn cases() -> Vec<Case> {
    vec![
        castro::v1(),
        castro::v2(),
        castro::v5(),
        six::v6(),
        six::v7(),
        six::v8(),
        six::v10(),
        prefix::v11(),
        queues::v13(),
        prefix::v14(),
        half_days::v15(),
        half_days::v16(),
    ]
}

#[test]
fn what_is_obtained_is_what_is_expected_and_the_page_says_so() {
    // The curve takes as long as all else, so both go at once.
    let (cases, curve) = std::thread::scope(|scope| {
        let curve = scope.spawn(curve::compute);
        (cases(), curve.join().expect("no run of the curve fails"))
    });
    let curve_rows = curve.rows();
    let rows = cases.iter().flat_map(|case| case.rows.iter().map(|row| (case.title, row)));
    let rows = rows.chain(curve_rows.iter().map(|row| ("Liquidity and delay", row)));
    let faults: Vec<String> =
        rows.filter_map(|(title, row)| Some(format!("{title}: {}", row.fault()?))).collect();
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    for (sentence, is_so) in curve.seen() {
        assert!(is_so, "the page says what is not so: {sentence}");
    }
    keep("docs/validation.md", &page::write(&cases, &curve));
    keep("docs/images/liquidity_delay.svg", &picture::draw(&curve));
}

/// Compares a committed file with what it should be, or writes it anew.
fn keep(file: &str, text: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(file);
    if std::env::var_os("PSIM_UPDATE_VALIDATION").is_some() {
        fs::write(&path, text).expect("the file can be written");
    }
    let committed = fs::read_to_string(&path).unwrap_or_default();
    let line = committed.lines().zip(text.lines()).position(|(was, is)| was != is);
    assert!(
        committed == text,
        "{file} is not what is computed, from line {} on; if that is meant, write it anew with\n    \
         PSIM_UPDATE_VALIDATION=1 cargo test -p psim-testkit --test validation",
        line.map_or_else(|| committed.lines().count().min(text.lines().count()) + 1, |at| at + 1),
    );
}
