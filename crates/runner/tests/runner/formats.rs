//! What was written once is read for ever, or refused in words that say what it is.
//!
//! In `fixtures`, all of it frozen: scenario files that use every key there is, in `kept.txt` the
//! hash of what each says and of what it makes happen; and checkpoints, of the engine
//! (`checkpoint-FORM-VERSION.bin`) and of live runs (`run-FORM-VERSION.bin`), in the middle of
//! `keys.yaml`. What changes leaves a fixture more beside the old ones:
//! `PSIM_NEW_FORMATS=1 cargo test -p psim-runner --test formats` writes those that are missing and
//! never another one.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use psim_journal::{pack, unpack};
use psim_model::CheckedScenario;
use psim_model::event::{EventBatch, EventKind};
use psim_runner::session::RestoreError;
use psim_runner::{Checkpoint, CheckpointError, Engine, Session, VERSION};
use psim_scenario::{Overrides, json_schema, load};

const HOW: &str = "PSIM_NEW_FORMATS=1 cargo test -p psim-runner --test formats";
/// Ticks of `keys.yaml` before its checkpoints, which a call follows.
const TICKS: u32 = 9;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures")
}

/// The names of the fixtures that end so, in order.
fn names(end: &str) -> Vec<String> {
    let entries = fs::read_dir(folder()).expect("the folder").flatten();
    let names = entries.map(|entry| entry.file_name().to_string_lossy().into_owned());
    let mut names: Vec<String> = names.filter(|name| name.ends_with(end)).collect();
    names.sort();
    names
}

fn scenario(name: &str) -> CheckedScenario {
    match load(&folder().join(name), &Overrides::default()) {
        Ok(loaded) => loaded.scenario,
        Err(faults) => panic!("{name} was read once:\n{faults}"),
    }
}

/// Whether fixtures that are missing are to be written.
fn writes() -> bool {
    std::env::var_os("PSIM_NEW_FORMATS").is_some()
}

/// The hash of all events but the first, which names the version.
fn behaviour(scenario: CheckedScenario) -> String {
    let (mut engine, mut batch) = (Engine::new(scenario), EventBatch::default());
    let (mut hasher, mut rows) = (blake3::Hasher::new(), Vec::new());
    while !engine.is_finished() {
        engine.tick(&mut batch).expect("it ran once");
        rows.clear();
        for event in batch.events().iter().filter(|event| event.kind() != EventKind::RunStarted) {
            rows.extend_from_slice(&batch.tick().0.to_le_bytes());
            event.encode(batch.columns(), &mut rows);
        }
        hasher.update(&rows);
    }
    hasher.finalize().to_string()
}

#[test]
fn scenario_files_say_what_they_said() {
    let path = folder().join("kept.txt");
    let kept = fs::read_to_string(&path).unwrap_or_default();
    let mut all = String::new();
    for name in names(".yaml") {
        let scenario = scenario(&name);
        let line = format!("{name} {} {}", scenario.fingerprint(), behaviour(scenario));
        let begin = format!("{name} ");
        let known = kept.lines().find(|line| line.starts_with(&begin));
        if let Some(known) = known {
            assert_eq!(line, known, "a file that was written once says something else now");
        }
        assert!(known.is_some() || writes(), "{name} is not in kept.txt: {HOW}");
        let _ = writeln!(all, "{line}");
    }
    if writes() {
        fs::write(path, &all).unwrap();
    }
    assert!(all.lines().count() >= 3, "{all}");
}

/// The names of keys in a JSON schema, and the words by which kinds of things are told apart.
fn words(schema: &serde_json::Value, found: &mut BTreeSet<String>) {
    match schema {
        serde_json::Value::Object(entries) => {
            for (name, entry) in entries {
                match (name.as_str(), entry) {
                    ("properties", serde_json::Value::Object(keys)) => {
                        found.extend(keys.keys().cloned());
                    }
                    ("const", serde_json::Value::String(word)) => drop(found.insert(word.clone())),
                    _ => {}
                }
                words(entry, found);
            }
        }
        serde_json::Value::Array(items) => items.iter().for_each(|item| words(item, found)),
        _ => {}
    }
}

/// Keys that came later are frozen in a file of their own; those that are here stay as they are.
#[test]
fn every_key_is_in_a_frozen_file() {
    let mut known = BTreeSet::new();
    words(&json_schema(), &mut known);
    assert!(known.len() > 100, "{known:?}");
    let read = |name: &String| fs::read_to_string(folder().join(name)).expect("a file");
    let text: String = names(".yaml").iter().chain(&names(".csv")).map(read).collect();
    let used: BTreeSet<&str> = text.split(|c: char| !c.is_alphanumeric() && c != '_').collect();
    // Refused so far, wherever it stands.
    known.remove("cost_feature_toggles");
    let missing: Vec<&String> = known.iter().filter(|key| !used.contains(key.as_str())).collect();
    assert!(missing.is_empty(), "no frozen scenario has these keys: {missing:?}");
}

/// A live run in the middle of `keys.yaml`, with a call that waits.
fn halfway() -> Session {
    let mut session = Session::new(scenario("keys.yaml"));
    for _ in 0..TICKS {
        session.tick().expect("it ran once");
    }
    let payment = psim_model::PaymentRef::Id("p/12".to_owned());
    let call = psim_model::Instruction::WithdrawFromRtgs { payment };
    session.instruct(&call).expect("it is queued");
    session
}

fn end(session: &mut Session) {
    while !session.is_finished() {
        session.tick().expect("it ran once");
    }
}

/// The form number in the bytes of a checkpoint.
fn form_of(bytes: &[u8]) -> u32 {
    u32::from_le_bytes(bytes[8..12].try_into().expect("four bytes"))
}

/// Returns the bytes, form and version of each fixture of a kind, oldest first. There is one of
/// the present form and version, such as `made` has.
fn fixtures(kind: &str, made: &[u8]) -> Vec<(Vec<u8>, u32, String)> {
    let present = format!("{kind}-{}-{VERSION}.bin", form_of(made));
    let path = folder().join(&present);
    if writes() && !path.exists() {
        fs::write(&path, made).unwrap();
    }
    assert!(path.exists(), "form and version have no fixture {present}: {HOW}");
    let names = names(".bin").into_iter();
    let of_kind = names.filter(|name| name.starts_with(&format!("{kind}-")));
    of_kind
        .map(|name| {
            let said = name.trim_end_matches(".bin").splitn(3, '-').collect::<Vec<_>>();
            let bytes = fs::read(folder().join(&name)).expect("a file");
            (bytes, said[1].parse().expect("a form"), said[2].to_owned())
        })
        .collect()
}

/// What an old checkpoint must be refused with; `None` for one of now.
fn refusal(form: u32, version: &str, known: u32) -> Option<CheckpointError> {
    if form != known {
        return Some(CheckpointError::OtherForm { found: form, known });
    }
    (version != VERSION).then(|| CheckpointError::OtherVersion { found: version.to_owned() })
}

#[test]
fn checkpoints_of_the_engine_open_or_say_what_they_are() {
    let mut expected = halfway();
    let made = expected.engine().checkpoint().to_bytes();
    end(&mut expected);
    for (bytes, form, version) in fixtures("checkpoint", &made) {
        assert_eq!(form_of(&bytes), form, "as its name says");
        let opened = Checkpoint::from_bytes(&bytes);
        if let Some(refusal) = refusal(form, &version, form_of(&made)) {
            assert_eq!(opened, Err(refusal));
            continue;
        }
        let mut engine = Engine::restore(scenario("keys.yaml"), &opened.unwrap()).unwrap();
        let mut batch = EventBatch::default();
        for due in &expected.log()[TICKS as usize..] {
            engine.tick(&mut batch).unwrap();
            assert!(batch == *due, "tick {}: it goes on otherwise", due.tick());
        }
        assert!(engine.is_finished());
    }
}

#[test]
fn live_runs_open_or_say_what_they_are() {
    let mut expected = halfway();
    let made = expected.checkpoint();
    end(&mut expected);
    for (bytes, form, version) in fixtures("run", &made) {
        assert_eq!(form_of(&bytes), form, "as its name says");
        let opened = Session::restore(&scenario("keys.yaml"), &bytes);
        if let Some(refusal) = refusal(form, &version, form_of(&made)) {
            assert_eq!(opened.map(|_| ()), Err(RestoreError::Checkpoint(refusal)));
            continue;
        }
        let mut session = opened.unwrap();
        end(&mut session);
        assert!(session.log() == expected.log(), "it goes on otherwise");
    }
}

/// There is no older form yet: its number alone must do.
#[test]
fn another_form_is_named() {
    let (session, mut other) = (halfway(), halfway().checkpoint());
    let mut bytes = session.engine().checkpoint().to_bytes();
    bytes[8..12].copy_from_slice(&0_u32.to_le_bytes());
    other[8..12].copy_from_slice(&77_u32.to_le_bytes());
    let error = Checkpoint::from_bytes(&bytes).unwrap_err();
    assert!(error.to_string().contains("has form 0"), "{error}");
    let error = Session::restore(&scenario("keys.yaml"), &other).unwrap_err();
    assert!(error.to_string().contains("has form 77"), "{error}");
}

/// A later program may write more behind what this one knows; it must not be read as if there were
/// nothing.
#[test]
fn what_goes_on_behind_what_is_known_is_refused() {
    let scenario = scenario("keys.yaml");
    let mut longer = scenario.to_bytes();
    longer.extend([u8::MAX, u8::MAX, u8::MAX, u8::MAX, 0x0f]); // the number of the last variant
    let fault = CheckedScenario::from_bytes(&longer).unwrap_err();
    assert!(fault.to_string().contains("more than this program can read"), "{fault}");

    let bytes = halfway().checkpoint();
    let mut content = unpack(&bytes[44..]).unwrap();
    let rewritten = |content: &[u8]| {
        let packed = pack(content);
        [&bytes[..12], blake3::hash(&packed).as_bytes(), &packed].concat()
    };
    assert!(Session::restore(&scenario, &rewritten(&content)).is_ok());
    content.push(0);
    let error = Session::restore(&scenario, &rewritten(&content)).unwrap_err();
    assert!(error.to_string().contains("something follows it"), "{error}");
}
