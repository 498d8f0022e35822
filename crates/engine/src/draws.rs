//! Amounts, receivers, deadlines and priorities of generated payments.

use psim_model::{
    AgentNo, AmountDistribution, Counterparties, Money, Priority, PriorityDistribution, Scenario,
};
use psim_random::Generator;

/// Draws an amount, at least 1; `None` if it does not fit 64 bits.
pub(crate) fn amount(
    generator: &mut Generator,
    distribution: &AmountDistribution,
) -> Option<Money> {
    match *distribution {
        AmountDistribution::Uniform { min, max } => {
            Some(Money::from_minor(generator.integer(min.minor(), max.minor())))
        }
        AmountDistribution::Normal { mean, std_dev } => {
            whole(mean + std_dev * generator.normal(), 1.0)
        }
        AmountDistribution::LogNormal { mean, std_dev } => {
            let variance = libm::log(1.0 + (std_dev * std_dev) / (mean * mean));
            let location = libm::log(mean) - variance / 2.0;
            let drawn = libm::exp(location + libm::sqrt(variance) * generator.normal());
            whole(drawn, mean)
        }
        AmountDistribution::Exponential { lambda } => {
            let uniform = generator.float().max(f64::MIN_POSITIVE);
            whole(-libm::log(uniform) / lambda, 1.0)
        }
    }
}

/// Rounds a sampled amount half away from zero, once; `fallback` stands in for one that is not a
/// positive number. The result is at least 1; `None` if it does not fit 64 bits.
#[expect(clippy::cast_possible_truncation, reason = "the range has been checked")]
fn whole(sampled: f64, fallback: f64) -> Option<Money> {
    const TWO_TO_63: f64 = 9_223_372_036_854_775_808.0;
    let sound = if sampled.is_finite() && sampled > 0.0 { sampled } else { fallback };
    let rounded = sound.round();
    (rounded < TWO_TO_63).then(|| Money::from_minor((rounded as i64).max(1)))
}

/// Draws who is paid by the agent at a place of the draw order.
pub(crate) fn receiver(
    generator: &mut Generator,
    scenario: &Scenario,
    place: usize,
    counterparties: &Counterparties,
) -> AgentNo {
    match counterparties {
        Counterparties::Uniform => {
            let drawn = generator.index(scenario.draw_order.len() - 1);
            // The sender is no candidate: those behind it move up by one.
            scenario.draw_order[drawn + usize::from(drawn >= place)]
        }
        Counterparties::Weighted(weights) => {
            weights[generator.weighted(weights.iter().map(|(_, weight)| *weight))].0
        }
    }
}

/// Draws the ticks from arrival to deadline.
pub(crate) fn deadline_offset(generator: &mut Generator, min: u32, max: u32) -> u32 {
    let drawn = generator.integer(i64::from(min), i64::from(max));
    u32::try_from(drawn).expect("Invariant: a draw lies in its range")
}

/// Draws a priority.
pub(crate) fn priority(generator: &mut Generator, distribution: &PriorityDistribution) -> Priority {
    match distribution {
        PriorityDistribution::Fixed(value) => *value,
        PriorityDistribution::Categorical(entries) => {
            entries[generator.weighted(entries.iter().map(|(_, weight)| *weight))].0
        }
        PriorityDistribution::Uniform { min, max } => {
            let drawn = generator.integer(i64::from(min.get()), i64::from(max.get()));
            let drawn = u8::try_from(drawn).expect("Invariant: a draw lies in its range");
            Priority::clamped(drawn)
        }
    }
}
