//! The input changes a checkpoint of the engine or of a live run, in the middle of a scenario that
//! uses every key; the hash is made right again.

#![no_main]

use std::path::Path;
use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use psim_fuzz::given::checkpoint::{HEAD, forge, pack, take, take_run, unpack};
use psim_fuzz::given::edits;
use psim_runner::Session;
use psim_scenario::{Overrides, load};

static HALFWAY: LazyLock<Session> = LazyLock::new(|| {
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("../crates/runner/tests/fixtures");
    let loaded = load(&fixtures.join("keys.yaml"), &Overrides::default()).unwrap();
    let mut session = Session::new(loaded.scenario);
    for _ in 0..9 {
        session.tick().unwrap();
    }
    session
});
static ENGINE: LazyLock<Vec<u8>> = LazyLock::new(|| HALFWAY.engine().checkpoint().to_bytes());
static RUN: LazyLock<(Vec<u8>, Vec<u8>)> = LazyLock::new(|| {
    let bytes = HALFWAY.checkpoint();
    let content = unpack(&bytes);
    (bytes, content)
});

fuzz_target!(|input: &[u8]| {
    let scenario = HALFWAY.engine().scenario();
    match input {
        [kind, changes @ ..] if kind % 4 == 0 => {
            let content = edits::apply(&RUN.1, changes);
            take_run(scenario, &forge(&RUN.0, &pack(&content)));
        }
        [_, changes @ ..] => {
            let content = edits::apply(&ENGINE[HEAD..], changes);
            take(scenario, &forge(&ENGINE, &content));
        }
        [] => {}
    }
});
