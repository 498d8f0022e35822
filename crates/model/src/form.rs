//! The canonical form of a scenario: the bytes that are stored of it and that its hash is of.

use std::fmt;
use std::io::{BufWriter, Write};

use serde::{Deserialize, Serialize};

use crate::{CheckedScenario, Scenario, ScenarioFault};

/// First byte of a scenario's canonical form; another one means another form.
const FORM: u8 = 2;

/// BLAKE3 of a scenario's canonical form: equal for equal scenarios from any source.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Fingerprint([u8; 32]);

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

/// What scenarios have come to say since the form was fixed.
///
/// Said only where it is not what holds when nothing is said, so that a scenario of before keeps
/// its form and its hash. A variant stays as it is; new ones come last.
#[derive(Serialize, Deserialize)]
enum Addition {}

impl Addition {
    /// Returns what a scenario says beyond the form, in the order of the variants.
    const fn all_of(_scenario: &Scenario) -> Vec<Self> {
        Vec::new()
    }

    /// Has a scenario say it.
    const fn add_to(self, _scenario: &mut Scenario) {
        match self {}
    }
}

impl CheckedScenario {
    /// Returns the scenario's canonical form, from which [`CheckedScenario::from_bytes`] makes an
    /// equal one.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = vec![FORM];
        write(self, &mut bytes);
        bytes
    }

    /// Makes a scenario from its canonical form and proves it anew.
    ///
    /// # Errors
    ///
    /// The bytes are of another form, cut short, of a later version that says more, or of a
    /// scenario that is not sound.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, ScenarioFault> {
        let fault = |words: &str| ScenarioFault(words.to_owned());
        let Some((&FORM, content)) = bytes.split_first() else {
            return Err(fault("this program does not know the form of the stored scenario"));
        };
        let (mut scenario, mut rest): (Scenario, _) = postcard::take_from_bytes(content)
            .map_err(|error| ScenarioFault(format!("not a stored scenario: {error}")))?;
        while !rest.is_empty() {
            let (addition, behind): (Addition, _) = postcard::take_from_bytes(rest)
                .map_err(|_| fault("the stored scenario says more than this program can read"))?;
            addition.add_to(&mut scenario);
            rest = behind;
        }
        scenario.check()
    }
}

/// Returns the hash of a scenario's canonical form, without its first byte.
pub(crate) fn fingerprint(scenario: &Scenario) -> Fingerprint {
    let mut writer = BufWriter::new(blake3::Hasher::new());
    write(scenario, &mut writer);
    let hasher = writer.into_inner().expect("Invariant: a hash takes any bytes");
    Fingerprint(*hasher.finalize().as_bytes())
}

fn write(scenario: &Scenario, writer: &mut impl Write) {
    const SURE: &str = "Invariant: a scenario can be written to memory";
    postcard::to_io(scenario, &mut *writer).expect(SURE);
    for addition in Addition::all_of(scenario) {
        postcard::to_io(&addition, &mut *writer).expect(SURE);
    }
}
