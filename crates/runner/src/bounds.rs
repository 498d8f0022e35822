//! How much liquidity a list of payments needs.

use psim_model::{BoundsError, LiquidityBounds, Money, PreparedPayment, Total};
use psim_view::minor_units;
use serde::Serialize;

/// Bounds of each agent and of all together.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct BoundsReport {
    /// The agents, in order.
    #[serde(rename = "agents")]
    pub rows: Vec<BoundsRow>,
    /// Sum of the lower bounds.
    #[serde(serialize_with = "minor_units")]
    pub lower: Total,
    /// Sum of the upper bounds.
    #[serde(serialize_with = "minor_units")]
    pub upper: Total,
    /// Value of all payments.
    #[serde(serialize_with = "minor_units")]
    pub turnover: Total,
    /// Number of payments.
    pub payments: usize,
}

/// Bounds of one agent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct BoundsRow {
    /// The agent.
    pub agent_id: String,
    /// Least liquidity for settling everything by netting at the end.
    pub lower: Money,
    /// Least liquidity for settling everything at once.
    pub upper: Money,
    /// Value of what it pays.
    #[serde(serialize_with = "minor_units")]
    pub paid: Total,
    /// Value of what it receives.
    #[serde(serialize_with = "minor_units")]
    pub received: Total,
}

/// Computes the bounds of `payments`, in order of submission, among `agents`.
///
/// # Errors
///
/// [`BoundsError`]: a sum is more than 64 bits hold.
pub fn bounds(
    agents: &[String],
    payments: &[PreparedPayment],
) -> Result<BoundsReport, BoundsError> {
    let bounds = LiquidityBounds::of(agents.len(), payments)?;
    let mut rows: Vec<BoundsRow> = agents
        .iter()
        .zip(bounds.lower.iter().zip(&bounds.upper))
        .map(|(agent, (lower, upper))| BoundsRow {
            agent_id: agent.clone(),
            lower: *lower,
            upper: *upper,
            paid: Total::ZERO,
            received: Total::ZERO,
        })
        .collect();
    for payment in payments {
        rows[payment.sender.index()].paid += payment.amount;
        rows[payment.receiver.index()].received += payment.amount;
    }
    Ok(BoundsReport {
        lower: bounds.lower.iter().copied().sum(),
        upper: bounds.upper.iter().copied().sum(),
        turnover: payments.iter().map(|payment| payment.amount).sum(),
        payments: payments.len(),
        rows,
    })
}
