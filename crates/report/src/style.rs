//! How the figures of a run are written.

use psim_model::{Calendar, Currency, Total, round_ratio};
use psim_view::{Measures, Moment, amount, percent};

/// The currency and calendar that figures are written with.
#[derive(Clone, Debug)]
pub(crate) struct Style {
    pub(crate) currency: Currency,
    /// `None` before the run has started.
    pub(crate) calendar: Option<Calendar>,
}

impl Style {
    pub(crate) fn of(measures: &Measures) -> Self {
        Self { currency: measures.currency.clone(), calendar: measures.run.calendar }
    }

    pub(crate) fn amount(&self, value: impl Into<Total>) -> String {
        amount(value, &self.currency)
    }

    /// Returns an amount of millions and more with two decimals, rounded: `EUR 149.93 billion`.
    pub(crate) fn short_amount(&self, value: Total) -> String {
        const WORDS: [(u32, &str); 3] = [(12, "trillion"), (9, "billion"), (6, "million")];
        let decimals = u32::from(self.currency.decimals);
        for (digits, word) in WORDS {
            let unit = 10_i128.saturating_pow(digits + decimals);
            if value.minor().abs() >= unit {
                let hundredths = round_ratio(value.minor(), unit / 100);
                let short = Currency { code: self.currency.code.clone(), decimals: 2 };
                return format!("{} {word}", amount(Total::from_minor(hundredths), &short));
            }
        }
        self.amount(value)
    }

    /// Returns `tick 20 (07:20)`, with the day where there are several.
    pub(crate) fn moment(&self, at: &Moment) -> String {
        at.phrase(self.calendar.map_or(1, |calendar| calendar.num_days()))
    }
}

/// Returns a share of 1 as percent; only the whole is shown as 100 %, only nothing as 0 %.
pub(crate) fn share(share: f64) -> String {
    const WHOLE: i128 = 1_000_000_000_000;
    if !share.is_finite() {
        return "-".to_owned();
    }
    #[expect(clippy::cast_possible_truncation, reason = "casts of floats saturate")]
    let mut part = (share * WHOLE as f64).round() as i128;
    if share > 0.0 && part == 0 {
        part = 1;
    }
    if share < 1.0 && part == WHOLE {
        part = WHOLE - 1;
    }
    percent(Total::from_minor(part), Total::from_minor(WHOLE))
}

#[cfg(test)]
mod tests {
    use psim_model::{Currency, Total};

    use super::{Style, share};

    #[test]
    fn large_amounts_are_short_in_major_units() {
        let short = |decimals: u8, minor: i128| {
            let currency = Currency { code: "EUR".to_owned(), decimals };
            Style { currency, calendar: None }.short_amount(Total::from_minor(minor))
        };
        assert_eq!(short(2, 14_992_886_427_893), "EUR 149.93 billion");
        assert_eq!(short(2, -150_000_000), "EUR -1.50 million");
        assert_eq!(short(0, 999_999), "EUR 999,999");
        assert_eq!(short(2, 99_999_999), "EUR 999,999.99");
        assert_eq!(short(0, 3_000_000_000_000), "EUR 3.00 trillion");
    }

    #[test]
    fn shares_are_rounded_honestly() {
        assert_eq!(share(0.5), "50.00 %");
        assert_eq!(share(1.0), "100.00 %");
        assert_eq!(share(1.25), "125.00 %");
        assert_eq!(share(-0.0312), "-3.12 %");
        assert_eq!(share(0.999_999), "99.9999 %");
        assert_eq!(share(1e-15), "0.000000001 %");
        assert_eq!(share(f64::NAN), "-");
    }
}
