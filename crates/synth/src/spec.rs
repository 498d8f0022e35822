//! Which day to make, and why it may be impossible.

use std::fmt;

use crate::Profile;

/// Most payments a day may have: then no bank's position can leave 64 bits.
pub const PAYMENTS_MAX: u32 = 5_000_000;

/// Most participants a day may have.
pub const PARTICIPANTS_MAX: u32 = 100_000;

/// What day to make.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SynthSpec {
    /// The system whose aggregates the day follows.
    pub profile: Profile,
    /// The seed; the same specification gives the same day, byte for byte.
    pub seed: u64,
    /// Number of payments; the profile's own if not given.
    pub payments: Option<u32>,
    /// Number of participants; the profile's own if not given.
    pub participants: Option<u32>,
    /// Number of ticks over which the system's opening hours are spread evenly.
    pub ticks_per_day: u32,
}

impl SynthSpec {
    /// Specifies the profile's own day, in ticks of one minute.
    pub const fn new(profile: Profile, seed: u64) -> Self {
        let ticks_per_day = profile.ticks_per_day();
        Self { profile, seed, payments: None, participants: None, ticks_per_day }
    }

    /// Returns the number of payments asked for.
    pub fn payment_count(&self) -> u32 {
        self.payments.unwrap_or(self.profile.payments())
    }

    /// Returns the number of participants asked for.
    pub fn participant_count(&self) -> u32 {
        self.participants.unwrap_or(self.profile.participants())
    }

    pub(crate) fn check(&self) -> Result<(), SynthError> {
        let (payments, participants) = (self.payment_count(), self.participant_count());
        if participants < 2 {
            Err(SynthError::TooFewParticipants(participants))
        } else if participants > PARTICIPANTS_MAX {
            Err(SynthError::TooManyParticipants(participants))
        } else if payments == 0 {
            Err(SynthError::NoPayments)
        } else if payments > PAYMENTS_MAX {
            Err(SynthError::TooManyPayments(payments))
        } else if self.ticks_per_day == 0 {
            Err(SynthError::NoTicks)
        } else {
            Ok(())
        }
    }
}

/// Why a day cannot be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SynthError {
    /// Fewer participants than a payment has ends.
    TooFewParticipants(u32),
    /// More participants than [`PARTICIPANTS_MAX`].
    TooManyParticipants(u32),
    /// A day without payments.
    NoPayments,
    /// More payments than [`PAYMENTS_MAX`].
    TooManyPayments(u32),
    /// A day without ticks.
    NoTicks,
}

impl fmt::Display for SynthError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooFewParticipants(count) => {
                write!(f, "a synthetic day needs at least 2 participants, not {count}")
            }
            Self::TooManyParticipants(count) => {
                write!(
                    f,
                    "a synthetic day has at most {PARTICIPANTS_MAX} participants, not {count}"
                )
            }
            Self::NoPayments => f.write_str("a synthetic day needs at least 1 payment"),
            Self::TooManyPayments(count) => {
                write!(f, "a synthetic day has at most {PAYMENTS_MAX} payments, not {count}")
            }
            Self::NoTicks => f.write_str("a synthetic day needs at least 1 tick"),
        }
    }
}

impl std::error::Error for SynthError {}
