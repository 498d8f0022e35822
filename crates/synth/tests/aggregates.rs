//! Full-size days meet the figures they aim at, whatever the seed.

use std::collections::BTreeSet;

use psim_synth::{Aggregate, Profile, SynthSpec, Target, Unit, describe, generate};

/// How far a figure may lie from its target: relative for counts and amounts, in absolute terms for
/// shares.
fn tolerance(aggregate: &Aggregate) -> f64 {
    let is = |start: &str| aggregate.name.starts_with(start);
    match aggregate.unit {
        Unit::Count if is("links") => 0.05,
        Unit::Count => 0.0,
        Unit::Currency(_) => 0.005,
        // One day's value hangs on a few hundred payments, and these on which banks they meet.
        Unit::Share if is("value sent") => 0.08,
        Unit::Share if is("value") => 0.02,
        Unit::Share if is("urgent") => 0.006,
        Unit::Share if is("reciprocity") => 0.03,
        Unit::Share => 0.002,
    }
}

fn meets_target(aggregate: &Aggregate) -> bool {
    let scale = |target: f64| if aggregate.unit == Unit::Share { 1.0 } else { target };
    match aggregate.target {
        Some(Target::About(target)) => {
            (aggregate.obtained - target).abs() <= tolerance(aggregate) * scale(target)
        }
        Some(Target::AtLeast(target)) => aggregate.obtained >= target,
        Some(Target::AtMost(target)) => aggregate.obtained <= target,
        None => true,
    }
}

#[track_caller]
fn check(spec: &SynthSpec) -> Vec<Aggregate> {
    let rows = describe(spec, &generate(spec).unwrap());
    for row in &rows {
        assert!(meets_target(row), "{} seed {}: {row:?}", spec.profile, spec.seed);
        assert_eq!(row.source.is_empty(), row.target.is_none(), "{row:?}");
    }
    rows
}

fn obtained(rows: &[Aggregate], name: &str) -> f64 {
    rows.iter().find(|row| row.name == name).unwrap_or_else(|| panic!("no row `{name}`")).obtained
}

#[test]
fn full_days_meet_their_targets() {
    for profile in Profile::ALL {
        for seed in [1, 2, 3] {
            check(&SynthSpec::new(profile, seed));
        }
    }
}

#[test]
fn positions_are_a_modest_part_of_turnover() {
    for profile in Profile::ALL {
        let rows = check(&SynthSpec::new(profile, 4));
        let upper = obtained(&rows, "upper liquidity bound in turnover");
        let lower = obtained(&rows, "lower liquidity bound in turnover");
        assert!((0.02..0.25).contains(&upper), "{profile}: {upper}");
        assert!((0.001..0.12).contains(&lower), "{profile}: {lower}");
    }
}

#[test]
fn hours_add_up_to_the_day() {
    for ticks_per_day in [1, 11, 660, 1_000] {
        let spec = SynthSpec { ticks_per_day, ..SynthSpec::new(Profile::Rits, 5) };
        let rows = describe(&spec, &generate(&spec).unwrap());
        let hours: Vec<&Aggregate> = rows
            .iter()
            .filter(|row| row.name.starts_with("payments ") && row.name.contains('-'))
            .collect();
        let sum: f64 = hours.iter().map(|row| row.obtained).sum();
        assert!((sum - 1.0).abs() < 1e-9, "{ticks_per_day}: {sum}");
        for row in hours {
            assert!(meets_target(row), "{ticks_per_day}: {row:?}");
        }
    }
}

#[test]
fn a_requested_size_is_the_target() {
    let spec = SynthSpec {
        payments: Some(5_000),
        participants: Some(100),
        ..SynthSpec::new(Profile::T2, 1)
    };
    let rows = describe(&spec, &generate(&spec).unwrap());
    let row = |name: &str| rows.iter().find(|row| row.name == name);
    let sized = |name: &str| row(name).map(|row| (row.target, row.source));
    assert_eq!(sized("payments"), Some((Some(Target::About(5_000.0)), "requested")));
    assert_eq!(sized("participants"), Some((Some(Target::About(100.0)), "requested")));
    // The known concentration is that of a thousand participants.
    assert_eq!(sized("value sent by the 5 largest senders"), Some((None, "")));
    // A small sample still has the shares, and nearly the mean, of a large one.
    for row in rows.iter().filter(|row| row.name.starts_with("payments ")) {
        assert!(meets_target(row), "{row:?}");
    }
    let mean = obtained(&rows, "mean amount");
    assert!((4e6..7e6).contains(&mean), "{mean}");
}

#[test]
fn hubs_know_most_banks_and_small_banks_know_few() {
    let day = generate(&SynthSpec::new(Profile::T2, 6)).unwrap();
    let mut known = vec![BTreeSet::new(); day.participants.len()];
    let mut large = vec![0; day.participants.len()];
    for payment in &day.payments {
        known[payment.sender as usize].insert(payment.receiver);
        known[payment.receiver as usize].insert(payment.sender);
        large[payment.sender as usize] += u32::from(payment.amount.minor() >= 100_000_000_000);
    }
    let mut degrees: Vec<usize> = known.iter().map(BTreeSet::len).collect();
    degrees.sort_unstable();
    assert!(degrees[500] <= 12, "{}", degrees[500]);
    assert!(degrees[999] >= 150, "{}", degrees[999]);
    // Payments of a billion and more are the hubs' business.
    let by_hubs: u32 = large[..30].iter().sum();
    let by_all: u32 = large.iter().sum();
    assert!(by_hubs * 5 >= by_all * 4, "{by_hubs} of {by_all}");
}
