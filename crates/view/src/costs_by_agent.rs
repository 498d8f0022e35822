//! What a stretch of a run has cost each agent.

use psim_model::event::{Event, EventBatch};

use crate::{Costs, Fold};

/// Booked costs by agent: those of a day, say, from the batches of that day.
#[derive(Clone, Debug)]
pub struct CostsByAgent(Vec<Costs>);

impl CostsByAgent {
    /// Returns the fold before anything was booked; what is booked beyond these agents is left out.
    pub fn new(agent_count: usize) -> Self {
        Self(vec![Costs::default(); agent_count])
    }

    /// Returns the costs of each agent, by its number.
    pub fn as_slice(&self) -> &[Costs] {
        &self.0
    }
}

impl Fold for CostsByAgent {
    fn observe(&mut self, batch: &EventBatch) {
        for event in batch.events() {
            let Event::CostAccrual(accrual) = event else { continue };
            if let Some(costs) = self.0.get_mut(accrual.agent_id.index()) {
                costs.book(accrual);
            }
        }
    }
}
