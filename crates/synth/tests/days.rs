//! Whole days: determinism, limits of what may be asked for, files.

use std::collections::BTreeSet;

use psim_model::Money;
use psim_random::fnv1a64;
use psim_synth::{
    PARTICIPANTS_MAX, PAYMENTS_MAX, Profile, SynthDay, SynthError, SynthSpec, UnknownProfile,
    generate, write_participants_csv, write_payments_csv,
};

fn small(profile: Profile, payments: u32, participants: u32) -> SynthSpec {
    let (payments, participants) = (Some(payments), Some(participants));
    SynthSpec { payments, participants, ..SynthSpec::new(profile, 42) }
}

fn payments_csv(spec: &SynthSpec, day: &SynthDay) -> String {
    let mut out = Vec::new();
    write_payments_csv(day, spec, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

fn participants_csv(day: &SynthDay) -> String {
    let mut out = Vec::new();
    write_participants_csv(day, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

/// Committed hashes of the files of small days: a change that moves one payment fails here.
#[test]
fn days_are_pinned() {
    let hashes = Profile::ALL.map(|profile| {
        let spec = small(profile, 2_000, 50);
        let day = generate(&spec).unwrap();
        fnv1a64((payments_csv(&spec, &day) + &participants_csv(&day)).as_bytes())
    });
    assert_eq!(hashes, PINNED_DAYS);
}

const PINNED_DAYS: [u64; 4] = [
    7_361_169_956_533_000_510,
    9_257_167_203_005_158_842,
    16_650_621_510_033_682_834,
    16_321_127_678_331_754_385,
];

#[test]
fn every_seed_has_its_own_day() {
    let spec = small(Profile::Chaps, 500, 20);
    let other = SynthSpec { seed: 43, ..spec };
    assert_eq!(generate(&spec), generate(&spec));
    assert_ne!(generate(&spec), generate(&other));
}

#[track_caller]
fn check_well_formed(spec: &SynthSpec) {
    let day = generate(spec).unwrap();
    assert_eq!(day.payments.len(), spec.payment_count() as usize);
    assert_eq!(day.participants.len(), spec.participant_count() as usize);
    assert!(day.participants.is_sorted_by(|left, right| left < right));
    assert!(day.payments.is_sorted_by_key(|payment| payment.tick));
    for payment in &day.payments {
        assert!(payment.tick < spec.ticks_per_day);
        assert!((payment.sender as usize) < day.participants.len());
        assert!((payment.receiver as usize) < day.participants.len());
        assert_ne!(payment.sender, payment.receiver);
        // The largest cut of all profiles is T2's 15.9 bn.
        assert!((1..=1_590_000_000_000).contains(&payment.amount.minor()));
        assert!([5, 8].contains(&payment.priority.get()));
    }
}

#[test]
fn days_of_any_size_are_well_formed() {
    for profile in Profile::ALL {
        for payments in [1, 2, 31, 33, 3_000] {
            for participants in [2, 3, 12, 1_000] {
                check_well_formed(&small(profile, payments, participants));
            }
        }
        for ticks_per_day in [1, 7, 100_000] {
            check_well_formed(&SynthSpec { ticks_per_day, ..small(profile, 500, 30) });
        }
    }
}

#[test]
fn two_banks_pay_each_other() {
    let day = generate(&small(Profile::T2, 200, 2)).unwrap();
    let senders: BTreeSet<u32> = day.payments.iter().map(|payment| payment.sender).collect();
    assert_eq!(senders, BTreeSet::from([0, 1]));
}

#[test]
fn impossible_days_are_refused() {
    let check = |payments, participants, ticks_per_day, expected: SynthError, text: &str| {
        let spec = SynthSpec { ticks_per_day, ..small(Profile::T2, payments, participants) };
        assert_eq!(generate(&spec), Err(expected));
        assert_eq!(expected.to_string(), text);
    };
    let few = "a synthetic day needs at least 2 participants, not 1";
    check(10, 1, 10, SynthError::TooFewParticipants(1), few);
    let many = PARTICIPANTS_MAX + 1;
    let crowd = "a synthetic day has at most 100000 participants, not 100001";
    check(10, many, 10, SynthError::TooManyParticipants(many), crowd);
    check(0, 2, 10, SynthError::NoPayments, "a synthetic day needs at least 1 payment");
    let many = PAYMENTS_MAX + 1;
    let flood = "a synthetic day has at most 5000000 payments, not 5000001";
    check(many, 2, 10, SynthError::TooManyPayments(many), flood);
    check(10, 2, 0, SynthError::NoTicks, "a synthetic day needs at least 1 tick");
}

#[test]
fn profiles_are_known_by_their_names() {
    for profile in Profile::ALL {
        assert_eq!(profile.name().parse(), Ok(profile));
        assert_eq!(profile.to_string(), profile.name());
    }
    let error = "T2".parse::<Profile>().unwrap_err();
    assert_eq!(error, UnknownProfile("T2".to_owned()));
    let text = "unknown profile `T2`, expected one of `t2`, `fedwire`, `chaps`, `rits`";
    assert_eq!(error.to_string(), text);
}

#[test]
fn a_t2_day_has_660_minutes_from_seven() {
    let profile = Profile::T2;
    assert_eq!(profile.ticks_per_day(), 660);
    assert_eq!(profile.opens_at_seconds(), 7 * 3_600);
    assert_eq!((profile.payments(), profile.currency()), (409_444, "EUR"));
}

#[test]
fn files_say_what_the_day_says() {
    let spec = small(Profile::Rits, 300, 12);
    let day = generate(&spec).unwrap();
    let payments = payments_csv(&spec, &day);
    let mut lines = payments.lines();
    assert_eq!(lines.next(), Some("id,tick,sender,receiver,amount,priority"));
    for (number, payment) in (1..).zip(&day.payments) {
        let row = format!(
            "RITS-{number:07},{},RITS-{:04},RITS-{:04},{},{}",
            payment.tick,
            payment.sender + 1,
            payment.receiver + 1,
            payment.amount.minor(),
            payment.priority
        );
        assert_eq!(lines.next(), Some(row.as_str()));
    }
    assert_eq!(lines.next(), None);

    let participants = participants_csv(&day);
    let mut lines = participants.lines();
    assert_eq!(lines.next(), Some("id,opening_balance"));
    for (number, balance) in (1..).zip(&day.bounds().unwrap().upper) {
        assert_eq!(lines.next(), Some(format!("RITS-{number:04},{balance}").as_str()));
    }
    assert_eq!(lines.next(), None);
}

#[test]
fn with_its_opening_balances_everything_settles_at_once() {
    let day = generate(&small(Profile::Fedwire, 2_000, 40)).unwrap();
    let mut balances = day.bounds().unwrap().upper;
    for payment in &day.payments {
        balances[payment.sender as usize] -= payment.amount;
        assert!(balances[payment.sender as usize] >= Money::ZERO);
        balances[payment.receiver as usize] += payment.amount;
    }
}
