//! The draws of step 3: amounts, receivers, deadlines and priorities.

use psim_model::{
    AgentNo, AmountDistribution, Counterparties, Money, Priority, PriorityDistribution,
};
use psim_random::Generator;

use super::Overflow;

pub(super) fn draw_amount(
    generator: &mut Generator,
    distribution: AmountDistribution,
) -> Result<Money, Overflow> {
    match distribution {
        AmountDistribution::Uniform { min, max } => {
            Ok(Money::from_minor(generator.integer(min.minor(), max.minor())))
        }
        AmountDistribution::Normal { mean, std_dev } => {
            let drawn = mean + std_dev * generator.normal();
            whole_amount(drawn, 1.0)
        }
        AmountDistribution::LogNormal { mean, std_dev } => {
            let s2 = libm::log(1.0 + (std_dev * std_dev) / (mean * mean));
            let mu = libm::log(mean) - s2 / 2.0;
            let z = generator.normal();
            whole_amount(libm::exp(mu + libm::sqrt(s2) * z), mean)
        }
        AmountDistribution::Exponential { lambda } => {
            let u = generator.float().max(f64::MIN_POSITIVE);
            whole_amount(-libm::log(u) / lambda, 1.0)
        }
    }
}

/// Rounds a drawn amount, half away from zero, to at least 1; `otherwise` stands in for what is
/// no positive number.
fn whole_amount(drawn: f64, otherwise: f64) -> Result<Money, Overflow> {
    let usable = if drawn.is_finite() && drawn > 0.0 { drawn } else { otherwise };
    let rounded = usable.round();
    if rounded >= i64::MAX as f64 {
        return Err(Overflow::Amount);
    }
    #[expect(clippy::cast_possible_truncation, reason = "it has just been compared")]
    let minor = rounded as i64;
    Ok(Money::from_minor(minor.max(1)))
}

pub(super) fn draw_receiver(
    generator: &mut Generator,
    counterparties: &Counterparties,
    draw_order: &[AgentNo],
    sender: AgentNo,
) -> AgentNo {
    match counterparties {
        Counterparties::Uniform => {
            let mut others = draw_order.to_vec();
            others.retain(|agent| *agent != sender);
            others[generator.index(others.len())]
        }
        Counterparties::Weighted(entries) => {
            // A weight of 0 means never, even where the draw falls on an edge.
            let paid: Vec<&(AgentNo, f64)> = entries.iter().filter(|entry| entry.1 > 0.0).collect();
            paid[generator.weighted(paid.iter().map(|(_, weight)| *weight))].0
        }
    }
}

/// Draws the ticks from arrival to deadline, each in the window alike.
pub(super) fn draw_patience(generator: &mut Generator, (least, most): (u32, u32)) -> u64 {
    generator.integer(i64::from(least), i64::from(most)).unsigned_abs()
}

pub(super) fn draw_priority(
    generator: &mut Generator,
    distribution: &PriorityDistribution,
) -> Priority {
    match distribution {
        PriorityDistribution::Fixed(priority) => *priority,
        PriorityDistribution::Categorical(entries) => {
            entries[generator.weighted(entries.iter().map(|(_, weight)| *weight))].0
        }
        PriorityDistribution::Uniform { min, max } => {
            let drawn = generator.integer(i64::from(min.get()), i64::from(max.get()));
            let drawn = u8::try_from(drawn).expect("Invariant: drawn between two priorities");
            Priority::clamped(drawn)
        }
    }
}
