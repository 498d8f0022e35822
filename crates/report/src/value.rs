//! Figures, and how they and their differences are written.

use psim_model::Total;
use psim_view::{count, grouped, plural};

use crate::style::{Style, share};

/// A figure in its unit.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Value {
    /// Minor units.
    Money(Total),
    /// Things counted.
    Count(u64),
    /// A share of 1, shown as percent.
    Share(f64),
    /// A plain number with so many decimal places.
    Number(f64, usize),
    /// A length of time in ticks.
    Ticks(f64),
    /// One in whole ticks.
    WholeTicks(u32),
    /// A length of time in minutes.
    Minutes(f64),
    /// Seconds after midnight.
    Time(f64),
}

impl Value {
    /// Returns a share of 1 as a figure, if there is one.
    pub(crate) fn share(share: Option<f64>) -> Option<Self> {
        share.map(Self::Share)
    }

    /// Returns the figure as people read it.
    pub(crate) fn text(self, style: &Style) -> String {
        match self {
            Self::Money(total) => style.amount(total),
            Self::Count(number) => count(number),
            Self::Share(part) => share(part),
            Self::Number(number, places) => decimal(number, places),
            Self::Ticks(ticks) => format!("{} ticks", decimal(ticks, 2)),
            Self::WholeTicks(ticks) => plural(ticks.into(), "tick"),
            Self::Minutes(minutes) => format!("{} minutes", decimal(minutes, 1)),
            Self::Time(seconds) => clock(seconds),
        }
    }

    /// Returns how much more this is than another figure of the same kind, with its sign: of
    /// shares in percentage points, of times in minutes. Nothing where they are not of one kind.
    pub(crate) fn beyond(self, other: Self, style: &Style) -> Option<String> {
        let (is_less, size) = match (self, other) {
            (Self::Money(one), Self::Money(other)) => {
                let difference = one - other;
                let size =
                    if difference < Total::ZERO { Total::ZERO - difference } else { difference };
                (difference < Total::ZERO, style.amount(size))
            }
            (Self::Count(one), Self::Count(other)) => (one < other, count(one.abs_diff(other))),
            (Self::Share(one), Self::Share(other)) => {
                let points = (one - other) * 100.0;
                (points < 0.0, format!("{} pp", decimal(points.abs(), 2)))
            }
            (Self::Number(one, places), Self::Number(other, _)) => {
                (one < other, decimal((one - other).abs(), places))
            }
            (Self::Ticks(one), Self::Ticks(other)) => {
                (one < other, format!("{} ticks", decimal((one - other).abs(), 2)))
            }
            (Self::WholeTicks(one), Self::WholeTicks(other)) => {
                (one < other, plural(one.abs_diff(other).into(), "tick"))
            }
            (Self::Minutes(one), Self::Minutes(other)) => {
                (one < other, format!("{} minutes", decimal((one - other).abs(), 1)))
            }
            (Self::Time(one), Self::Time(other)) => {
                (one < other, format!("{} minutes", decimal((one - other).abs() / 60.0, 1)))
            }
            _ => return None,
        };
        Some(match (self == other, is_less) {
            (true, _) => "same".to_owned(),
            (false, true) => format!("-{size}"),
            (false, false) => format!("+{size}"),
        })
    }
}

/// Returns a number with so many decimal places, thousands separated.
pub(crate) fn decimal(number: f64, places: usize) -> String {
    let text = format!("{number:.places$}");
    let (sign, digits) = text.strip_prefix('-').map_or(("", text.as_str()), |rest| ("-", rest));
    match digits.split_once('.') {
        Some((whole, rest)) => format!("{sign}{}.{rest}", grouped(whole)),
        None => format!("{sign}{}", grouped(digits)),
    }
}

/// Returns a time of day to the nearest minute.
fn clock(seconds: f64) -> String {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "they saturate")]
    let minutes = (seconds / 60.0).round() as u64;
    format!("{:02}:{:02}", minutes / 60 % 24, minutes % 60)
}

#[cfg(test)]
mod tests {
    use psim_model::{Currency, Total};

    use super::Value;
    use crate::style::Style;

    fn style() -> Style {
        Style { currency: Currency { code: "NOK".to_owned(), decimals: 2 }, calendar: None }
    }

    #[test]
    fn figures_are_written_in_their_units() {
        let text = |value: Value| value.text(&style());
        assert_eq!(text(Value::Money(Total::from_minor(-123_456))), "NOK -1,234.56");
        assert_eq!(text(Value::Count(409_444)), "409,444");
        assert_eq!(text(Value::Number(12_345.678, 2)), "12,345.68");
        assert_eq!(text(Value::Ticks(-0.5)), "-0.50 ticks");
        assert_eq!(text(Value::Time(43_229.0)), "12:00");
    }

    #[test]
    fn differences_have_a_sign_and_need_one_kind() {
        let beyond = |one: Value, other: Value| one.beyond(other, &style());
        let money = |minor| Value::Money(Total::from_minor(minor));
        assert_eq!(beyond(money(100), money(250)).unwrap(), "-NOK 1.50");
        assert_eq!(beyond(money(250), money(100)).unwrap(), "+NOK 1.50");
        assert_eq!(beyond(Value::Count(3), Value::Count(3)).unwrap(), "same");
        assert_eq!(beyond(Value::Share(0.5), Value::Share(0.25)).unwrap(), "+25.00 pp");
        assert_eq!(beyond(Value::Time(600.0), Value::Time(690.0)).unwrap(), "-1.5 minutes");
        assert_eq!(beyond(Value::Count(3), Value::Share(0.5)), None);
    }
}
