//! How amounts, counts, shares and times are shown.

use psim_model::{Calendar, Clock, Currency, Money, Tick, Total};

use super::{amount, bare_amount, clock_time, count, duration, percent, plural};

fn currency(code: &str, decimals: u8) -> Currency {
    Currency { code: code.to_owned(), decimals }
}

#[test]
fn amounts_are_grouped_and_in_major_units() {
    let check = |minor: i128, decimals: u8, expected: &str| {
        let total = Total::from_minor(minor);
        assert_eq!(amount(total, &currency("EUR", decimals)), format!("EUR {expected}"));
        assert_eq!(amount(total, &currency("", decimals)), expected);
        assert_eq!(bare_amount(total, &currency("EUR", decimals)), expected);
    };
    check(0, 0, "0");
    check(0, 2, "0.00");
    check(0, 3, "0.000");
    check(5, 0, "5");
    check(5, 2, "0.05");
    check(5, 3, "0.005");
    check(-5, 2, "-0.05");
    check(100, 2, "1.00");
    check(99_999, 2, "999.99");
    check(100_000, 2, "1,000.00");
    check(123_456_789, 0, "123,456,789");
    check(123_456_789, 2, "1,234,567.89");
    check(-123_456_789, 0, "-123,456,789");
    check(-123_456_789, 2, "-1,234,567.89");
    check(-123_456_789, 3, "-123,456.789");
    check(i128::from(i64::MIN), 2, "-92,233,720,368,547,758.08");
    check(i128::from(i64::MAX), 0, "9,223,372,036,854,775,807");
    check(i128::MIN, 0, "-170,141,183,460,469,231,731,687,303,715,884,105,728");
}

#[test]
fn an_amount_is_money_or_a_total() {
    assert_eq!(amount(Money::from_minor(-250), &currency("JPY", 0)), "JPY -250");
}

#[test]
fn counts_are_grouped() {
    for (number, expected) in [(0, "0"), (999, "999"), (1_000, "1,000"), (409_444, "409,444")] {
        assert_eq!(count(number), expected);
    }
    assert_eq!(plural(1, "tick"), "1 tick");
    assert_eq!(plural(0, "tick"), "0 ticks");
    assert_eq!(plural(1_234, "tick"), "1,234 ticks");
}

#[test]
fn only_the_whole_is_a_hundred_percent_and_only_nothing_is_none() {
    let check = |part: i128, whole: i128, expected: &str| {
        assert_eq!(percent(Total::from_minor(part), Total::from_minor(whole)), expected);
    };
    check(0, 0, "-");
    check(0, 7, "0.00 %");
    check(7, 7, "100.00 %");
    check(1, 3, "33.33 %");
    check(2, 3, "66.67 %");
    check(5, 4, "125.00 %");
    // 1 of 409,444 is 0.000244 %: the fourth decimal is the first that does not round it away.
    check(409_443, 409_444, "99.9998 %");
    check(1, 409_444, "0.0002 %");
    check(19_999, 20_000, "99.995 %"); // two decimals would round up to the whole
    check(1_000_000_000_000_000 - 1, 1_000_000_000_000_000, "99.999999999 %");
    check(1, 1_000_000_000_000_000, "0.000000001 %");
    check(i128::MAX, i128::MAX, "100.00 %");
    check(i128::MAX - 1, i128::MAX, "99.999999999 %");
    check(i128::MAX / 2, i128::MAX, "50.00 %");
    check(1, i128::MAX, "0.000000001 %");
}

#[test]
fn lengths_of_time_have_at_most_two_units() {
    for (seconds, expected) in [
        (0, "0 s"),
        (45, "45 s"),
        (180, "3 min"),
        (90, "1 min 30 s"),
        (3_600, "1 h"),
        (3_900, "1 h 5 min"),
        (36_059, "10 h"),
        (3_600_000, "1,000 h"),
    ] {
        assert_eq!(duration(seconds), expected);
    }
}

#[test]
fn clock_times_show_seconds_where_ticks_need_them() {
    let check = |opens_at_seconds: u32, tick_seconds: u32, tick: u32, expected: &str| {
        let clock = Clock { opens_at_seconds, tick_seconds };
        let calendar = Calendar::try_new(100, 2, Some(clock)).unwrap();
        assert_eq!(clock_time(&calendar, Tick(tick)).as_deref(), Some(expected));
    };
    check(7 * 3600, 60, 0, "07:00");
    check(7 * 3600, 60, 99, "08:39");
    check(7 * 3600, 60, 100, "07:00");
    check(7 * 3600, 30, 1, "07:00:30");
    check(21 * 3600, 3600, 5, "02:00");
    let timeless = Calendar::try_new(100, 2, None).unwrap();
    assert_eq!(clock_time(&timeless, Tick(5)), None);
}
