//! How sums stand in JSON.

use psim_model::Total;
use serde::{Serialize, Serializer};

/// Writes minor units as an integer, or as a text of digits where 64 bits do not hold them: JSON
/// readers would round such a number without a word.
pub fn minor_units<S: Serializer>(total: &Total, serializer: S) -> Result<S::Ok, S::Error> {
    match total.to_money() {
        Some(money) => money.serialize(serializer),
        None => serializer.collect_str(total),
    }
}
