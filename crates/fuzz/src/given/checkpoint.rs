//! Checkpoints: what is taken for one goes on for some ticks, checked after each.
//!
//! A stream that goes on from a forged state need not fit what was told before it, so laws over the
//! whole stream are held only against states that nobody has changed. What holds for any state that
//! is taken: the sums are right, the state can be written and is taken again, and both runs go on
//! with the same events.

use std::io::{Read, Write};

use flate2::Compression;
use flate2::read::ZlibDecoder;
use flate2::write::ZlibEncoder;
use psim_engine::{Checkpoint, Engine};
use psim_model::event::EventBatch;
use psim_model::{CheckedScenario, Day, Tick};
use psim_runner::Session;

use super::questions::{About, ask};

/// Bytes before the content of a checkpoint: a mark, its form, and the hash of the content.
pub const HEAD: usize = 8 + 4 + 32;
/// Ticks that a run goes on for.
const TICKS: u32 = 12;
/// Events after which it does not: some policies split parts of parts without end.
const EVENTS_AT_MOST: usize = 20_000;

/// Takes bytes for the checkpoint of an engine.
pub fn take(scenario: &CheckedScenario, bytes: &[u8]) -> bool {
    let checkpoint = match Checkpoint::from_bytes(bytes) {
        Ok(checkpoint) => checkpoint,
        Err(error) => {
            assert!(!error.to_string().is_empty());
            return false;
        }
    };
    match Engine::restore(scenario.clone(), &checkpoint) {
        Ok(engine) => go_on(engine),
        Err(error) => {
            assert!(!error.to_string().is_empty());
            return false;
        }
    }
    true
}

fn go_on(mut engine: Engine) {
    let (mut batch, mut again) = (EventBatch::default(), EventBatch::default());
    let mut events = 0;
    for _ in 0..TICKS {
        let mut other = reopened(&engine);
        let outcome = engine.tick(&mut batch);
        assert_eq!(other.tick(&mut again), outcome, "it goes on in another way");
        if outcome.is_err() {
            return;
        }
        assert!(again == batch, "it goes on with other events:\n{batch:?}\n{again:?}");
        if let Err(what) = engine.audit() {
            panic!("after tick {}: {what}", batch.tick());
        }
        events += batch.events().len();
        if engine.is_finished() || events > EVENTS_AT_MOST {
            return;
        }
    }
}

/// Writes the state of a run and reads it again.
fn reopened(engine: &Engine) -> Engine {
    let bytes = engine.checkpoint().to_bytes();
    let checkpoint = Checkpoint::from_bytes(&bytes).expect("Invariant: it was just written");
    let again = Engine::restore(engine.scenario().clone(), &checkpoint);
    again.unwrap_or_else(|error| panic!("a state that was taken is not taken again: {error}"))
}

/// Takes bytes for a live run, which is asked everything and goes on.
pub fn take_run(scenario: &CheckedScenario, bytes: &[u8]) -> bool {
    let mut session = match Session::restore(scenario, bytes) {
        Ok(session) => session,
        Err(error) => {
            assert!(!error.to_string().is_empty());
            return false;
        }
    };
    ask_about_now(&mut session);
    let bytes = session.checkpoint();
    if let Err(error) = Session::restore(scenario, &bytes) {
        panic!("a run that was taken is not taken again: {error}");
    }
    let mut events = 0;
    for _ in 0..TICKS {
        if session.tick().is_err() {
            break;
        }
        events += session.log().last().map_or(0, |batch| batch.events().len());
        if events > EVENTS_AT_MOST {
            break;
        }
    }
    ask_about_now(&mut session);
    true
}

fn ask_about_now(session: &mut Session) {
    let calendar = session.engine().scenario().calendar;
    let now = session.now();
    let agent = session.agent_ids().into_iter().next().unwrap_or_default();
    for tick in [Tick(0), Tick(now.0.saturating_sub(1)), now] {
        let (day, payment) = (calendar.day_of(tick), format!("tx-{}", tick.0));
        ask(session, About { agent: &agent, payment: &payment, tick, day, seq: 0 });
    }
    let nobody = About { agent: "", payment: "", tick: Tick(9), day: Day(9), seq: u64::MAX };
    ask(session, nobody);
}

/// Puts the right hash before the content of a checkpoint, or of a live run, whose `original` it
/// was made from.
pub fn forge(original: &[u8], content: &[u8]) -> Vec<u8> {
    let mut forged = original[..HEAD - 32].to_vec();
    forged.extend_from_slice(blake3::hash(content).as_bytes());
    forged.extend_from_slice(content);
    forged
}

/// Returns the content of a live run's checkpoint.
pub fn unpack(bytes: &[u8]) -> Vec<u8> {
    let mut content = Vec::new();
    let unpacked = ZlibDecoder::new(&bytes[HEAD..]).read_to_end(&mut content);
    unpacked.expect("Condition failed: these are bytes of ours");
    content
}

/// Packs the content of a live run's checkpoint.
pub fn pack(content: &[u8]) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::fast());
    let packed = encoder.write_all(content).and_then(|()| encoder.finish());
    packed.expect("Invariant: memory takes any bytes")
}
