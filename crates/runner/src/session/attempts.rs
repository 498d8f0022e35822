//! What may be refused as a matter of course, and how it went.

use psim_engine::InstructionError;
use psim_model::{Instruction, Money};

use super::Session;

impl Session {
    /// Carries out an instruction before the coming tick. Where as much is done as can be, says how
    /// much that was.
    ///
    /// # Errors
    ///
    /// [`InstructionError`]; then nothing has changed.
    pub fn attempt(
        &mut self,
        instruction: &Instruction,
    ) -> Result<Option<String>, InstructionError> {
        let posted = |session: &Self| {
            let agent = instruction.agent()?;
            session.engine().posted_collateral(agent).map(Money::minor)
        };
        let before = posted(self);
        self.instruct(instruction)?;
        let moved = before.zip(posted(self)).map(|(before, after)| before.abs_diff(after));
        Ok(match (instruction, moved) {
            (Instruction::PostCollateral { amount, .. }, Some(moved)) => {
                Some(format!("posted {moved} of {amount}"))
            }
            (Instruction::WithdrawCollateral { amount, .. }, Some(moved)) => {
                Some(format!("withdrawn {moved} of {amount}"))
            }
            _ => None,
        })
    }
}
