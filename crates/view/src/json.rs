//! How sums stand in JSON.

use psim_model::Total;
use serde::{Serialize, Serializer};

/// Writes minor units as an integer, or as a text of digits where 64 bits do not hold them: JSON
/// readers would round such a number without a word.
///
/// # Errors
///
/// What the serializer says.
pub fn minor_units<S: Serializer>(total: &Total, serializer: S) -> Result<S::Ok, S::Error> {
    match total.to_money() {
        Some(money) => money.serialize(serializer),
        None => serializer.collect_str(total),
    }
}

/// Writes each of a list as [`minor_units`] does.
pub(crate) fn minor_units_each<S: Serializer>(
    totals: &[Total],
    serializer: S,
) -> Result<S::Ok, S::Error> {
    struct One<'a>(&'a Total);

    impl Serialize for One<'_> {
        fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            minor_units(self.0, serializer)
        }
    }

    serializer.collect_seq(totals.iter().map(One))
}
