//! How much liquidity a list of payments needs, at most and at least.

use std::fmt;

use crate::{AgentNo, Fraction, Money, PreparedPayment, Total};

/// Liquidity bounds of each agent, in agent order.
///
/// If every payment settled on submission, in list order, agent i's net position would move by
/// receipts minus payments. The upper bound max(0, -min over time) is the least liquidity with
/// which nothing ever waits; the lower bound max(0, -net at the end) is the least with which all
/// can be settled at all, by netting at the end of the day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LiquidityBounds {
    /// Least liquidity for settling everything at the end.
    pub lower: Vec<Money>,
    /// Least liquidity for settling everything at once.
    pub upper: Vec<Money>,
}

/// Bounds that do not fit 64-bit money.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BoundsError;

impl fmt::Display for BoundsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a bank's net position does not fit 64-bit minor units")
    }
}

impl std::error::Error for BoundsError {}

/// Net positions of agents if every payment settled on submission: receipts less payments.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NetPositions {
    net: Vec<Total>,
    lowest: Vec<Total>,
}

impl NetPositions {
    /// Returns the positions of so many agents before any payment.
    pub fn new(agents: usize) -> Self {
        Self { net: vec![Total::ZERO; agents], lowest: vec![Total::ZERO; agents] }
    }

    /// Adds an agent that has neither paid nor received.
    pub fn add_agent(&mut self) {
        self.net.push(Total::ZERO);
        self.lowest.push(Total::ZERO);
    }

    /// Takes in a payment; payments come in order of submission.
    ///
    /// # Panics
    ///
    /// If an agent is not among those there are.
    pub fn pay(&mut self, sender: AgentNo, receiver: AgentNo, amount: Money) {
        self.net[receiver.index()] += amount;
        let sender = sender.index();
        self.net[sender] -= amount;
        self.lowest[sender] = self.lowest[sender].min(self.net[sender]);
    }

    /// Returns the least liquidity of each agent for settling everything at the end.
    pub fn lower(&self) -> impl Iterator<Item = Total> {
        self.net.iter().map(|net| depth(*net))
    }

    /// Returns the least liquidity of each agent for settling everything at once.
    pub fn upper(&self) -> impl Iterator<Item = Total> {
        self.lowest.iter().map(|net| depth(*net))
    }
}

/// Returns how far a position is below zero.
fn depth(net: Total) -> Total {
    Total::from_minor(-net.minor().min(0))
}

impl LiquidityBounds {
    /// Computes the bounds of `payments` (in order of submission) for `agents` agents.
    ///
    /// # Errors
    ///
    /// [`BoundsError`]: a sum is more than 64 bits hold.
    pub fn of(agents: usize, payments: &[PreparedPayment]) -> Result<Self, BoundsError> {
        let flow = |payment: &PreparedPayment| (payment.sender, payment.receiver, payment.amount);
        Self::of_flows(agents, payments.iter().map(flow))
    }

    /// Computes the bounds of flows (sender, receiver, amount), in order of submission.
    ///
    /// # Errors
    ///
    /// [`BoundsError`]: a sum is more than 64 bits hold.
    pub fn of_flows(
        agents: usize,
        flows: impl IntoIterator<Item = (AgentNo, AgentNo, Money)>,
    ) -> Result<Self, BoundsError> {
        let mut positions = NetPositions::new(agents);
        for (sender, receiver, amount) in flows {
            positions.pay(sender, receiver, amount);
        }
        let money = |total: Total| total.to_money().ok_or(BoundsError);
        Ok(Self {
            lower: positions.lower().map(money).collect::<Result<_, _>>()?,
            upper: positions.upper().map(money).collect::<Result<_, _>>()?,
        })
    }

    /// Returns LB + floor(alpha x (UB - LB)) for each agent.
    pub fn at(&self, alpha: Fraction) -> Vec<Money> {
        let pairs = self.lower.iter().zip(&self.upper);
        pairs.map(|(lower, upper)| *lower + alpha.floor_of(*upper - *lower)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Priority, Tick};

    /// Case V6: the six payments among A, B and C with bounds 80 and 110.
    #[test]
    fn bounds_of_the_reference_ring() {
        let payments: Vec<PreparedPayment> =
            [(0, 1, 50), (1, 2, 70), (2, 0, 30), (1, 0, 40), (0, 2, 60), (2, 1, 20)]
                .into_iter()
                .enumerate()
                .map(|(tick, (sender, receiver, amount))| {
                    let tick = Tick(u32::try_from(tick).unwrap());
                    PreparedPayment {
                        tick,
                        sender: AgentNo(sender),
                        receiver: AgentNo(receiver),
                        amount: Money::from_minor(amount),
                        deadline: Tick(9),
                        earliest: tick,
                        priority: Priority::DEFAULT,
                        rtgs_priority: crate::RtgsPriority::Normal,
                        divisible: None,
                    }
                })
                .collect();
        let money = |minor: [i64; 3]| minor.map(Money::from_minor).to_vec();
        let bounds = LiquidityBounds::of(3, &payments).unwrap();
        assert_eq!(bounds.lower, money([40, 40, 0]));
        assert_eq!(bounds.upper, money([50, 60, 0]));
        assert_eq!(bounds.at("0.5".parse().unwrap()), money([45, 50, 0]));
    }
}
