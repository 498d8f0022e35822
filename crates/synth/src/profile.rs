//! The systems whose days can be made.

use std::fmt;
use std::str::FromStr;

use crate::calibration::{self, Calibration};

/// A large-value payment system with published aggregates.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Profile {
    /// The Eurosystem's T2 (euro area).
    T2,
    /// Fedwire Funds Service (United States).
    Fedwire,
    /// CHAPS (United Kingdom).
    Chaps,
    /// RITS (Australia).
    Rits,
}

impl Profile {
    /// All profiles.
    pub const ALL: [Self; 4] = [Self::T2, Self::Fedwire, Self::Chaps, Self::Rits];

    /// Returns the name by which it is asked for.
    pub const fn name(self) -> &'static str {
        match self {
            Self::T2 => "t2",
            Self::Fedwire => "fedwire",
            Self::Chaps => "chaps",
            Self::Rits => "rits",
        }
    }

    /// Returns the currency's ISO 4217 code; its minor unit is a hundredth.
    pub const fn currency(self) -> &'static str {
        self.calibration().currency
    }

    /// Returns the number of payments of its usual day.
    pub const fn payments(self) -> u32 {
        self.calibration().payments.0
    }

    /// Returns its number of participants.
    pub const fn participants(self) -> u32 {
        self.calibration().participants.0
    }

    /// Returns the opening time in seconds after midnight.
    pub const fn opens_at_seconds(self) -> u32 {
        self.calibration().shape.opens_at * 60
    }

    /// Returns the length of the day in ticks of one minute.
    pub const fn ticks_per_day(self) -> u32 {
        self.calibration().shape.minutes()
    }

    /// Returns what ids of participants and payments begin with.
    pub(crate) const fn prefix(self) -> &'static str {
        match self {
            Self::T2 => "T2",
            Self::Fedwire => "FEDWIRE",
            Self::Chaps => "CHAPS",
            Self::Rits => "RITS",
        }
    }

    pub(crate) const fn calibration(self) -> &'static Calibration {
        match self {
            Self::T2 => &calibration::T2,
            Self::Fedwire => &calibration::FEDWIRE,
            Self::Chaps => &calibration::CHAPS,
            Self::Rits => &calibration::RITS,
        }
    }
}

impl fmt::Display for Profile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// A profile name that is not known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownProfile(
    /// The name as given.
    pub String,
);

impl fmt::Display for UnknownProfile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = Profile::ALL.map(|profile| format!("`{profile}`"));
        write!(f, "unknown profile `{}`, expected one of {}", self.0, names.join(", "))
    }
}

impl std::error::Error for UnknownProfile {}

impl FromStr for Profile {
    type Err = UnknownProfile;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        let found = Self::ALL.into_iter().find(|profile| profile.name() == name);
        found.ok_or_else(|| UnknownProfile(name.to_owned()))
    }
}
