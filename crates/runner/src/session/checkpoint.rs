//! A live run as bytes: the state of its engine, and all that it has told.
//!
//! The scenario is in them too, so that it can be said how another one differs. Branches remember
//! the scenario that was asked for beside the one that they follow.

use psim_engine::{Checkpoint, CheckpointError, Engine};
use psim_journal::{pack, unpack};
use psim_model::event::{Cell, EventBatch, FieldType};
use psim_model::{CheckedScenario, Tick};
use serde::{Deserialize, Serialize};

use super::Session;
use crate::{BranchRefusal, branch_scenario};

/// What the bytes begin with.
const MARK: &[u8; 8] = b"psim-run";
/// The form of what follows.
const FORM: u32 = 1;

/// Why bytes are no live run that can go on.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RestoreError {
    /// They are no sound checkpoint.
    #[error(transparent)]
    Checkpoint(#[from] CheckpointError),
    /// They are of a run of another scenario.
    #[error("the checkpoint is of another scenario, which differs in: {}", paths.join(", "))]
    OtherScenario {
        /// What differs, each by its path.
        paths: Vec<String>,
    },
}

#[derive(Serialize)]
struct Written<'s> {
    asked_for: Vec<u8>,
    follows: Vec<u8>,
    engine: Vec<u8>,
    log: &'s [EventBatch],
}

#[derive(Deserialize)]
struct Kept {
    asked_for: Vec<u8>,
    follows: Vec<u8>,
    engine: Vec<u8>,
    log: Vec<EventBatch>,
}

impl Session {
    /// Returns the run as it stands, what was asked for since the last tick included.
    pub fn checkpoint(&self) -> Vec<u8> {
        let content = postcard::to_allocvec(&Written {
            asked_for: self.asked_for.to_bytes(),
            follows: self.engine.scenario().to_bytes(),
            engine: self.engine.checkpoint().to_bytes(),
            log: &self.log,
        });
        let content = content.expect("Invariant: a run can be written to memory");
        let packed = pack(&content);
        let mut bytes = MARK.to_vec();
        bytes.extend_from_slice(&FORM.to_le_bytes());
        bytes.extend_from_slice(blake3::hash(&packed).as_bytes());
        bytes.extend_from_slice(&packed);
        bytes
    }

    /// Goes on with a run of a scenario from its bytes, as it would have gone on.
    ///
    /// # Errors
    ///
    /// [`RestoreError`]: they are no such run, or of another scenario.
    pub fn restore(scenario: &CheckedScenario, bytes: &[u8]) -> Result<Self, RestoreError> {
        let Kept { asked_for, follows, engine, log } = open(bytes)?;
        let asked_for = read_scenario(&asked_for)?;
        if asked_for.fingerprint() != scenario.fingerprint() {
            let paths = asked_for.differences(scenario);
            return Err(RestoreError::OtherScenario { paths });
        }
        let engine = Engine::restore(read_scenario(&follows)?, &Checkpoint::from_bytes(&engine)?)?;
        if !is_log_of(&engine, &log) {
            return Err(unsound("what it has told is not of the run").into());
        }
        Ok(Self { asked_for, log, ..Self::of(engine) })
    }

    /// Returns a run that has come to where this one is and goes on under another scenario; see
    /// [`branch_scenario`] for what may differ.
    ///
    /// # Errors
    ///
    /// [`BranchRefusal`] names what differs and may not.
    pub fn branch(&self, wanted: &CheckedScenario) -> Result<Self, BranchRefusal> {
        let now = self.engine.now();
        let follows = branch_scenario(self.engine.scenario(), (&self.asked_for, wanted), now)?;
        let engine = self.engine.branch(follows)?;
        let asked_for = wanted.clone();
        Ok(Self { engine, asked_for, last_tick: None, ..self.clone() })
    }
}

fn open(bytes: &[u8]) -> Result<Kept, CheckpointError> {
    let rest = bytes.strip_prefix(MARK).ok_or(CheckpointError::Foreign)?;
    let (form, rest) = rest.split_first_chunk().ok_or(CheckpointError::Damaged)?;
    let found = u32::from_le_bytes(*form);
    if found != FORM {
        return Err(CheckpointError::OtherForm { found, known: FORM });
    }
    let (hash, packed) = rest.split_first_chunk::<32>().ok_or(CheckpointError::Damaged)?;
    if blake3::hash(packed) != *hash {
        return Err(CheckpointError::Damaged);
    }
    let content = unpack(packed).map_err(|error| unsound(&error.to_string()))?;
    let read = postcard::take_from_bytes(&content);
    let (kept, rest) = read.map_err(|error| unsound(&error.to_string()))?;
    if rest.is_empty() { Ok(kept) } else { Err(unsound("something follows it")) }
}

fn read_scenario(bytes: &[u8]) -> Result<CheckedScenario, CheckpointError> {
    CheckedScenario::from_bytes(bytes).map_err(|fault| unsound(&fault.to_string()))
}

fn unsound(what: &str) -> CheckpointError {
    CheckpointError::Unsound { what: what.to_owned() }
}

/// Returns whether batches follow each other up to where an engine stands, and name nobody who
/// does not exist.
fn is_log_of(engine: &Engine, log: &[EventBatch]) -> bool {
    let calendar = &engine.scenario().calendar;
    let mut next_seq = 0;
    for (tick, batch) in (0..).map(Tick).zip(log) {
        let is_next = batch.tick() == tick
            && batch.day() == calendar.day_of(tick)
            && batch.first_seq() == next_seq;
        if !is_next || !names_known(engine, batch) {
            return false;
        }
        next_seq = batch.next_seq();
    }
    log.len() == engine.now().index() && next_seq == engine.coming_events().first_seq()
}

fn names_known(engine: &Engine, batch: &EventBatch) -> bool {
    let agents = engine.scenario().agents.len() as u64;
    let payments = engine.payment_count() as u64;
    let is_below = |number: i64, count: u64| u64::try_from(number).is_ok_and(|it| it < count);
    let mut known = true;
    for event in batch.events() {
        event.store(batch.columns(), |field, cell| {
            known &= match (field.ty, cell) {
                (FieldType::Agent, Cell::Int(number)) => is_below(number, agents),
                (FieldType::Payment, Cell::Int(number)) => is_below(number, payments),
                (_, Cell::Agents(all)) => all.iter().all(|no| u64::from(no.0) < agents),
                (_, Cell::Payments(all)) => all.iter().all(|no| u64::from(no.0) < payments),
                _ => true,
            };
        });
    }
    known
}
