//! Checkpoints of small worlds, of the engine and of live runs: flipped, cut, put together from
//! two, and forged under the right hash.

use psim_fuzz::given::checkpoint::{self, HEAD, forge, pack, unpack};
use psim_model::{CheckedScenario, Fingerprint, Tick};
use psim_runner::Session;
use psim_testkit::worlds::{WorldSize, calls, world};

use crate::dice::Dice;
use crate::mutate;

/// What a checkpoint of the engine holds: version, scenario, coming tick, events so far, state.
type Content = (String, Fingerprint, Tick, u64, Vec<u8>);
/// What the one of a live run begins with: the scenario asked for, the one that is followed, the
/// checkpoint of the engine. The events of all ticks follow.
type Parts = (Vec<u8>, Vec<u8>, Vec<u8>);

const SIZE: WorldSize =
    WorldSize { agents_max: 4, payments_max: 20, ticks_per_day_max: 8, days_max: 2 };
const SOUND: &str = "Invariant: a checkpoint of ours can be read";

/// Spoils a checkpoint and goes on from it.
pub(super) fn enter(dice: &mut Dice) -> bool {
    let seed = dice.number() >> 1;
    let (scenario, session) = halfway(seed, dice);
    // Another tick of the same run, or another run.
    let other = halfway(if dice.once_in(2) { seed } else { seed + 1 }, dice).1;
    if dice.once_in(3) {
        let (bytes, other) = (session.checkpoint(), other.checkpoint());
        checkpoint::take_run(&scenario, &spoil(&bytes, &other, forge_run, dice))
    } else {
        let bytes = |session: Session| session.engine().checkpoint().to_bytes();
        let (bytes, other) = (bytes(session), bytes(other));
        checkpoint::take(&scenario, &spoil(&bytes, &other, forge_engine, dice))
    }
}

/// Runs a part of the world of a seed, calls included.
fn halfway(seed: u64, dice: &mut Dice) -> (CheckedScenario, Session) {
    let scenario = world(seed, &SIZE).check().expect("Invariant: worlds are sound");
    let (calls, mut session) = (calls(seed, &SIZE), Session::new(scenario.clone()));
    for left in (0..=dice.below(scenario.calendar.horizon() as usize + 1)).rev() {
        let now = session.now();
        for call in calls.iter().filter(|call| call.tick == now) {
            let _ = session.instruct(&call.instruction);
        }
        if left == 0 || session.tick().is_err() {
            break;
        }
    }
    (scenario, session)
}

/// Returns bytes that are not what they were, but for a few.
fn spoil(
    bytes: &[u8],
    other: &[u8],
    forged: fn(&[u8], &[u8], &mut Dice) -> Vec<u8>,
    dice: &mut Dice,
) -> Vec<u8> {
    let mut spoiled = bytes.to_vec();
    match dice.below(16) {
        0 => {}
        1 => mutate::bytes(&mut spoiled, dice),
        2 => spoiled.truncate(dice.below(bytes.len())),
        3 => {
            let place = dice.below(bytes.len());
            spoiled[place] ^= 1 << dice.below(8);
        }
        // The beginning of one and the end of the other.
        4 => {
            spoiled.truncate(dice.below(bytes.len()));
            spoiled.extend_from_slice(&other[spoiled.len().min(other.len())..]);
        }
        _ => spoiled = forged(bytes, other, dice),
    }
    spoiled
}

/// Forges the checkpoint of an engine.
fn forge_engine(bytes: &[u8], other: &[u8], dice: &mut Dice) -> Vec<u8> {
    let mut content: Content = postcard::from_bytes(&bytes[HEAD..]).expect(SOUND);
    let donor: Content = postcard::from_bytes(&other[HEAD..]).expect(SOUND);
    match dice.below(12) {
        0 => content.2 = Tick(dice.below_32(20)),
        1 => content.3 = content.3.wrapping_add(u64::from(dice.byte())),
        2 => content.4 = donor.4,
        3 => (content.2, content.3, content.4) = (donor.2, donor.3, donor.4),
        4 => mutate::bytes(&mut content.4, dice),
        _ => mix(&mut content.4, &donor.4, dice),
    }
    forge(bytes, &postcard::to_stdvec(&content).expect(SOUND))
}

/// Forges a live run.
fn forge_run(bytes: &[u8], other: &[u8], dice: &mut Dice) -> Vec<u8> {
    let (content, donor) = (unpack(bytes), unpack(other));
    let (mut parts, log): (Parts, &[u8]) = postcard::take_from_bytes(&content).expect(SOUND);
    let (others, other_log): (Parts, &[u8]) = postcard::take_from_bytes(&donor).expect(SOUND);
    let mut log = log.to_vec();
    match dice.below(10) {
        0 => mix(&mut parts.0, &others.0, dice),
        1 => mix(&mut parts.1, &others.1, dice),
        2 => parts.2 = others.2,
        3 => log = other_log.to_vec(),
        4 => parts.2 = forge_engine(&parts.2, &others.2, dice),
        5 => mutate::bytes(&mut log, dice),
        _ => mix(&mut log, other_log, dice),
    }
    let mut content = postcard::to_stdvec(&parts).expect(SOUND);
    content.extend(log);
    forge(bytes, &pack(&content))
}

/// Changes a few bytes, or some in a row, for others or for those of a donor.
fn mix(bytes: &mut [u8], donor: &[u8], dice: &mut Dice) {
    for _ in 0..=dice.below(3) {
        let at = dice.below(bytes.len());
        match dice.below(6) {
            0 => bytes[at] = 0xff,
            1 => bytes[at] = 0,
            2 => bytes[at] = bytes[at].wrapping_add(1),
            3 => bytes[at] = bytes[at].wrapping_sub(1),
            4 => bytes[at] = dice.byte(),
            _ => {
                let end = (at + 1 + dice.below(32)).min(bytes.len()).min(donor.len());
                if at < end {
                    bytes[at..end].copy_from_slice(&donor[at..end]);
                }
            }
        }
    }
}
