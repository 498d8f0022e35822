//! Every key of a scenario file, declared once.

mod agents;
mod costs;
mod events;
mod payments;
mod system;

pub(crate) use agents::{AGENT, ARRIVALS, BAND, BANDS, PARTICIPANT_FILE};
pub(crate) use costs::{COSTS, YEARLY};
pub(crate) use payments::{PAYMENT_FILE, SYNTH};
pub(crate) use system::{PROFILE_WINDOW, ROOT, SIMULATION};
