//! The payments that agents generate.

use super::{ScenarioFault, fault, is_weight};
use crate::{
    AgentNo, AmountDistribution, ArrivalStream, Counterparties, Money, PriorityDistribution,
    Scenario,
};

/// Most payments a tick that one stream may generate in the mean, profile included.
pub const MAX_RATE_PER_TICK: f64 = 1e6;

/// Most payments that a run may generate in the mean.
pub const MAX_GENERATED_PAYMENTS: f64 = 1e8;

impl Scenario {
    /// Returns how many payments the run generates in the mean, at most: as if scheduled changes
    /// of rates held from the start where they raise them.
    pub fn generated_payments(&self) -> f64 {
        let scheduled = self.highest_scheduled_factors();
        let streams = (0..).zip(&self.agents).flat_map(|(no, agent)| {
            let raise = scheduled.of(AgentNo(no));
            agent.arrivals.iter().map(move |stream| stream.rate_per_tick * raise)
        });
        streams.sum::<f64>() * self.shaped_ticks()
    }

    /// Refuses a scenario that would generate more than [`MAX_GENERATED_PAYMENTS`].
    ///
    /// # Errors
    ///
    /// [`ScenarioFault`]: it would be more.
    pub fn check_generated(&self) -> Result<(), ScenarioFault> {
        let generated = self.generated_payments();
        if generated <= MAX_GENERATED_PAYMENTS {
            return Ok(());
        }
        fault(format!(
            "the run would generate about {generated:.0} payments; at most \
             {MAX_GENERATED_PAYMENTS:.0} fit, so lower the rates or run fewer days"
        ))
    }

    pub(super) fn check_stream(
        &self,
        sender: AgentNo,
        stream: &ArrivalStream,
        raise: f64,
    ) -> Result<(), &'static str> {
        let highest = stream.rate_per_tick * raise;
        if !is_weight(stream.rate_per_tick) || highest > MAX_RATE_PER_TICK {
            return Err("an arrival rate lies between 0 and 1,000,000 a tick, profile included");
        }
        if stream.deadline_min == 0 || stream.deadline_max < stream.deadline_min {
            return Err("a deadline range begins at 1 or later and does not end before it begins");
        }
        if self.agents.len() < 2 {
            return Err("arrivals need a second agent to pay to");
        }
        match &stream.counterparties {
            Counterparties::Uniform => {}
            Counterparties::Weighted(weights) => {
                let known = |agent: AgentNo| agent != sender && agent.index() < self.agents.len();
                if weights.is_empty()
                    || !weights.iter().all(|(agent, weight)| known(*agent) && *weight > 0.0)
                    || !weights.iter().map(|(_, weight)| weight).sum::<f64>().is_finite()
                {
                    return Err("weights are positive, finite and for other agents");
                }
            }
        }
        check_amounts(&stream.amount)?;
        check_priorities(&stream.priority)
    }
}

fn check_amounts(amounts: &AmountDistribution) -> Result<(), &'static str> {
    let sound = match *amounts {
        AmountDistribution::Uniform { min, max } => {
            min.is_positive() && min <= max && max < Money::MAX
        }
        AmountDistribution::Normal { mean, std_dev } => mean.is_finite() && is_weight(std_dev),
        AmountDistribution::LogNormal { mean, std_dev } => {
            mean.is_finite() && mean > 0.0 && is_weight(std_dev)
        }
        AmountDistribution::Exponential { lambda } => lambda.is_finite() && lambda > 0.0,
    };
    if sound { Ok(()) } else { Err("an amount distribution could give a non-positive amount") }
}

fn check_priorities(priorities: &PriorityDistribution) -> Result<(), &'static str> {
    let sound = match priorities {
        PriorityDistribution::Fixed(_) => true,
        PriorityDistribution::Uniform { min, max } => min <= max,
        PriorityDistribution::Categorical(entries) => {
            let sum: f64 = entries.iter().map(|(_, weight)| weight).sum();
            entries.iter().all(|(_, weight)| is_weight(*weight)) && sum.is_finite() && sum > 0.0
        }
    };
    if sound { Ok(()) } else { Err("a priority range ascends, and weights have a positive sum") }
}
