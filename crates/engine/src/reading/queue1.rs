//! Fields about the agent's queue 1 as a whole.

use psim_model::{AgentNo, Total};
use psim_policy::Field;

use super::{Cache, total};
use crate::backlog::Queue;
use crate::world::World;

/// What fields say about an agent's queue 1.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Queue1Figures {
    pub(super) count: usize,
    pub(super) value: Total,
    liquidity: Total,
}

impl Queue1Figures {
    /// The fields that say it.
    pub(crate) const FIELDS: [Field; 4] = [
        Field::OutgoingQueueSize,
        Field::Queue1TotalValue,
        Field::Queue1LiquidityGap,
        Field::Headroom,
    ];

    /// Looks at an agent's queue 1; what has arrived in this tick need not be weighed yet if it
    /// stands at the end of the line.
    pub(crate) fn of(world: &World, agent: AgentNo) -> Self {
        let line = world.queue1.line(agent);
        let arrived = world.arrived_of(line.iter().rev());
        Self {
            count: line.len(),
            value: world.backlog.value_in(agent, Queue::One) + arrived,
            liquidity: Total::from(world.ledger.available(agent)),
        }
    }

    /// Returns what one of the fields says; `None` for any other.
    pub(super) fn says(self, field: Field) -> Option<f64> {
        let number = match field {
            Field::OutgoingQueueSize => self.count as f64,
            Field::Queue1TotalValue => total(self.value),
            Field::Queue1LiquidityGap => total((self.value - self.liquidity).max(Total::ZERO)),
            Field::Headroom => total(self.liquidity - self.value),
            _ => return None,
        };
        Some(number)
    }

    /// Keeps what the fields say, as long as the cache lives.
    pub(crate) fn keep(self, cache: &mut Cache) {
        for field in Self::FIELDS {
            if let Some(number) = self.says(field) {
                cache.set(field, number);
            }
        }
    }
}
