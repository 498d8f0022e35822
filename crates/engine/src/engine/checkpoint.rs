//! The complete state of a run between two ticks, as bytes.
//!
//! Written is the state itself, not the way to it. Left out is what follows from the scenario alone
//! and what lives within one tick. Bytes say what they are: a mark, the form, the hash of the rest,
//! the version and the scenario; what was cut short, changed or written by another program is
//! refused in words.

mod census;

use psim_model::event::EventBatch;
use psim_model::{CheckedScenario, Fingerprint, Tick};
use serde::{Deserialize, Serialize};

use super::Engine;
use crate::VERSION;
use crate::agenda::Agenda;
use crate::arrivals::Arrivals;
use crate::error::CheckpointError;
use crate::headroom::Headroom;
use crate::reading::id_hashes;
use crate::soundness;
use crate::world::World;
use census::Census;

/// What the bytes begin with.
const MARK: &[u8; 8] = b"psim-chk";
/// The form of the state; a change of any type in it asks for another number.
const FORM: u32 = 1;
/// Events that no run has.
const EVENTS_MAX: u64 = 1 << 60;

/// The complete state of a run between two ticks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Checkpoint {
    version: String,
    scenario: Fingerprint,
    tick: Tick,
    events: u64,
    state: Vec<u8>,
}

/// What is written of an engine.
#[derive(Serialize)]
struct Written<'e> {
    arrivals: &'e Arrivals,
    world: &'e World,
    coming: &'e EventBatch,
}

/// What is read of it.
#[derive(Deserialize)]
struct Read {
    arrivals: Arrivals,
    world: World,
    coming: EventBatch,
}

impl Checkpoint {
    /// Returns the tick that comes next.
    pub const fn tick(&self) -> Tick {
        self.tick
    }

    /// Returns how many events the ticks before it have.
    pub const fn events(&self) -> u64 {
        self.events
    }

    /// Returns the hash of the scenario that is run.
    pub const fn scenario(&self) -> Fingerprint {
        self.scenario
    }

    /// Returns the version of the program that has run it so far.
    pub fn version(&self) -> &str {
        &self.version
    }

    /// Returns how many bytes the state itself has.
    pub const fn state_bytes(&self) -> usize {
        self.state.len()
    }

    /// Returns the bytes, from which [`Checkpoint::from_bytes`] makes an equal one.
    pub fn to_bytes(&self) -> Vec<u8> {
        let content = postcard::to_allocvec(self);
        let content = content.expect("Invariant: a state can be written to memory");
        let mut bytes = MARK.to_vec();
        bytes.extend_from_slice(&FORM.to_le_bytes());
        bytes.extend_from_slice(blake3::hash(&content).as_bytes());
        bytes.extend_from_slice(&content);
        bytes
    }

    /// Makes a checkpoint from its bytes.
    ///
    /// # Errors
    ///
    /// Why they are none, or none that this program can go on from.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, CheckpointError> {
        let rest = bytes.strip_prefix(MARK).ok_or(CheckpointError::Foreign)?;
        let (form, rest) = rest.split_first_chunk().ok_or(CheckpointError::Damaged)?;
        let found = u32::from_le_bytes(*form);
        if found != FORM {
            return Err(CheckpointError::OtherForm { found, known: FORM });
        }
        let (hash, content) = rest.split_first_chunk::<32>().ok_or(CheckpointError::Damaged)?;
        if blake3::hash(content) != *hash {
            return Err(CheckpointError::Damaged);
        }
        let read = postcard::take_from_bytes(content);
        let (checkpoint, rest): (Self, _) = read.map_err(|error| unsound(&error))?;
        if !rest.is_empty() {
            return Err(unsound(&"something follows it"));
        }
        if checkpoint.version != VERSION {
            return Err(CheckpointError::OtherVersion { found: checkpoint.version });
        }
        Ok(checkpoint)
    }
}

impl Engine {
    /// Returns the complete state before the coming tick, what was asked for since the last tick
    /// included.
    pub fn checkpoint(&self) -> Checkpoint {
        let Self { arrivals, world, coming, .. } = self;
        let state = postcard::to_allocvec(&Written { arrivals, world, coming });
        Checkpoint {
            version: VERSION.to_owned(),
            scenario: self.scenario.fingerprint(),
            tick: self.now,
            events: self.coming.first_seq(),
            state: state.expect("Invariant: a state can be written to memory"),
        }
    }

    /// Goes on from a checkpoint of a run of the same scenario, as that run would have.
    ///
    /// # Errors
    ///
    /// [`CheckpointError`]: the checkpoint is of another scenario, or holds what cannot be.
    pub fn restore(
        scenario: CheckedScenario,
        checkpoint: &Checkpoint,
    ) -> Result<Self, CheckpointError> {
        if checkpoint.scenario != scenario.fingerprint() {
            let (found, given) = (checkpoint.scenario, scenario.fingerprint());
            return Err(CheckpointError::OtherScenario { found, given });
        }
        let read = postcard::take_from_bytes(&checkpoint.state);
        let (Read { mut arrivals, mut world, coming }, rest): (Read, _) =
            read.map_err(|error| unsound(&error))?;
        if !rest.is_empty() {
            return Err(unsound(&"something follows it"));
        }
        arrivals.take_from(&scenario);
        world.ids.take_from(&scenario);
        world.id_hashes = id_hashes(&scenario);
        let engine = Self {
            now: checkpoint.tick,
            agenda: Agenda::new(&scenario),
            headroom: Headroom::new(&scenario),
            arrivals,
            world,
            coming,
            scenario,
        };
        engine.look_over(checkpoint)?;
        Ok(engine)
    }

    /// Refuses a state that no run can be in, before anything relies on it.
    fn look_over(&self, checkpoint: &Checkpoint) -> Result<(), CheckpointError> {
        let (world, calendar) = (&self.world, &self.scenario.calendar);
        if self.now > calendar.last_tick().next() {
            return Err(unsound(&format!("tick {} is beyond the run", self.now)));
        }
        let (coming, day) = (&self.coming, calendar.day_of(self.now));
        let is_next = coming.tick() == self.now
            && coming.day() == day
            && coming.first_seq() == checkpoint.events
            && checkpoint.events < EVENTS_MAX;
        if !is_next {
            return Err(unsound(&"what was told is not of its tick"));
        }
        let census = Census {
            agents: self.scenario.agents.len(),
            payments: world.payments.len(),
            words: world.words.len(),
            of: None,
        };
        let Self { arrivals, world, coming, .. } = self;
        census.take(&Written { arrivals, world, coming }).map_err(|error| unsound(&error))?;
        if let Some(what) = soundness::fault(&self.scenario, self.now, (arrivals, world)) {
            return Err(unsound(&what));
        }
        if !self.headroom.covers(&world.rates) {
            return Err(unsound(&"rates that the scenario never sets"));
        }
        self.audit_between_ticks().map_err(|error| unsound(&error))
    }
}

fn unsound(what: &impl ToString) -> CheckpointError {
    CheckpointError::Unsound { what: what.to_string() }
}
