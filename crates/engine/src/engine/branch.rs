//! A run that goes on under another scenario: what if, from here on?

use psim_model::{CheckedScenario, Scenario};

use super::Engine;
use crate::agenda::Agenda;
use crate::error::BranchError;
use crate::headroom::Headroom;

impl Engine {
    /// Returns a run that has come to where this one is and goes on under another scenario, which
    /// differs in liquidity saving and in what is scheduled for the coming tick and later.
    ///
    /// What else a branch may change is scheduled for its first tick. Changed liquidity saving
    /// begins as the scenario has it, whatever events have switched on or off before.
    ///
    /// # Errors
    ///
    /// [`BranchError`]: the run is over, or more differs than may.
    pub fn branch(&self, scenario: CheckedScenario) -> Result<Self, BranchError> {
        if self.is_finished() {
            return Err(BranchError::RunOver);
        }
        let mut allowed = Scenario::clone(&self.scenario);
        allowed.take_later(&scenario, self.now);
        let paths = allowed.differences(&scenario);
        if !paths.is_empty() {
            return Err(BranchError::Differs { tick: self.now, paths });
        }
        let mut branch = self.clone();
        let world = &mut branch.world;
        if scenario.liquidity_saving != self.scenario.liquidity_saving {
            world.lsm.begin_anew(&scenario.liquidity_saving);
        }
        let payments = &world.payments;
        let keeps_pairs = scenario.rules.entry_disposition_offsetting;
        world.queue2.keep_pairs(keeps_pairs, |no| payments.get(no));
        world.ids.take_from(&scenario);
        branch.agenda = Agenda::new(&scenario);
        branch.headroom = Headroom::new(&scenario);
        branch.scenario = scenario;
        Ok(branch)
    }
}
