//! Every key of a scenario file, declared once.

mod agents;
mod costs;
mod events;
mod instructions;
mod payments;
mod policies;
mod system;

pub(crate) use agents::{AGENT, RESERVATIONS};
pub(crate) use costs::COSTS;
pub(crate) use payments::PAYMENT_FILE;
pub(crate) use policies::{POLICIES, POLICY};
pub(crate) use system::{COLLATERAL, ROOT, SIMULATION};
