//! Fields about queue 2 and the system.

use psim_policy::Field;

use super::super::facts::{Facts, count, total, value_of};

impl Facts<'_> {
    pub(in super::super) fn system(&self, field: Field) -> Option<f64> {
        let waiting = self.in_queue2();
        let agents = count(self.start.accounts.len());
        let own = || waiting.iter().filter(|payment| payment.sender == self.agent);
        let nearest = own().map(|payment| payment.deadline).min();
        Some(match field {
            Field::CurrentTick => self.start.now.0.into(),
            Field::TotalAgents => agents,
            Field::RtgsQueueSize => count(waiting.len()),
            Field::RtgsQueueValue => total(value_of(&waiting)),
            Field::Queue2CountForAgent => count(own().count()),
            Field::Queue2NearestDeadline => {
                nearest.map_or(f64::INFINITY, |deadline| deadline.0.into())
            }
            Field::TicksToNearestQueue2Deadline => {
                nearest.map_or(f64::INFINITY, |deadline| deadline.since(self.start.now).into())
            }
            Field::SystemQueue2PressureIndex => {
                if waiting.is_empty() {
                    0.0
                } else {
                    1.0 / (1.0 + libm::exp(-2.0 * count(waiting.len()) / (10.0 * agents)))
                }
            }
            _ => return None,
        })
    }
}
