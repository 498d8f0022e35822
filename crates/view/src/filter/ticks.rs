//! A stretch of ticks.

use std::fmt;
use std::str::FromStr;

use psim_model::Tick;

/// A stretch of ticks, both ends included; empty if it ends before it begins.
///
/// Written `10-20`, `10-` (from 10 on), `-20` (up to 20) or `10` (that tick alone).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TickRange {
    /// First tick.
    pub from: Tick,
    /// Last tick.
    pub to: Tick,
}

/// The last tick of the longest run there can be.
const LAST: Tick = Tick(u32::MAX - 2);

impl TickRange {
    /// All ticks there can be.
    pub const ALL: Self = Self { from: Tick(0), to: LAST };

    /// Returns whether a tick lies in the stretch.
    pub fn contains(&self, tick: Tick) -> bool {
        self.from <= tick && tick <= self.to
    }
}

impl Default for TickRange {
    fn default() -> Self {
        Self::ALL
    }
}

/// Shows the range as it is written on a command line.
impl fmt::Display for TickRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { from, to } = self;
        if from == to {
            return write!(f, "{from}");
        }
        match *to {
            LAST => write!(f, "{from}-"),
            _ => write!(f, "{from}-{to}"),
        }
    }
}

/// Why a text is not a range of ticks.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TickRangeError {
    /// Not of one of the four forms.
    #[error(
        "`{0}` is not a range of ticks; write `10-20` (both ends included), `10-`, `-20` or `10`"
    )]
    Form(String),
    /// An end is larger than any tick.
    #[error("`{0}` is too large for a tick, of which the last is {last}", last = LAST)]
    TooLarge(String),
    /// The ends are the wrong way round.
    #[error("the range ends at tick {to}, before it begins at tick {from}; write `{to}-{from}`")]
    Backwards {
        /// The first end as written.
        from: Tick,
        /// The second end as written.
        to: Tick,
    },
}

impl FromStr for TickRange {
    type Err = TickRangeError;

    fn from_str(text: &str) -> Result<Self, TickRangeError> {
        let form = || TickRangeError::Form(text.to_owned());
        let tick = |digits: &str| {
            let digits = digits.trim();
            if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
                return Err(form());
            }
            let tick = digits.parse().ok().map(Tick).filter(|tick| *tick <= LAST);
            tick.ok_or_else(|| TickRangeError::TooLarge(digits.to_owned()))
        };
        let Some((from, to)) = text.split_once('-') else {
            let only = tick(text)?;
            return Ok(Self { from: only, to: only });
        };
        let range = match (from.trim(), to.trim()) {
            ("", "") => return Err(form()),
            ("", to) => Self { to: tick(to)?, ..Self::ALL },
            (from, "") => Self { from: tick(from)?, ..Self::ALL },
            (from, to) => Self { from: tick(from)?, to: tick(to)? },
        };
        if range.to < range.from {
            return Err(TickRangeError::Backwards { from: range.from, to: range.to });
        }
        Ok(range)
    }
}
