//! The limits of one agent.

use psim_model::{AgentNo, Limits, LimitsBasis, Money, Total};
use serde::{Deserialize, Serialize};

/// A limit and what of it is used today.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Use {
    pub(crate) limit: Money,
    pub(crate) used: Total,
}

impl Use {
    /// Returns what is left, below zero if the limit was lowered.
    pub(crate) fn room(&self) -> Total {
        Total::from(self.limit) - self.used
    }
}

/// The limits of one agent.
///
/// Every payment asks: what answers it lies close together, in one line of the cache and a short
/// list, and what is rarely asked for lies elsewhere.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[repr(align(64))]
pub(super) struct AgentLimits {
    /// What is left towards all receivers together; [`UNLIMITED`] if nothing was said.
    room: Total,
    /// The slots of the receivers that have a limit of their own, a bit each.
    slots: u64,
    /// These receivers, by slot and number.
    receivers: Box<[AgentNo]>,
    /// What is left towards each of these.
    rooms: Box<[Total]>,
    limits: Option<Box<Limits>>,
}

/// Where the limit for one receiver stands among an agent's, if there is one.
pub(super) type Place = Option<usize>;

/// More than any room there can be.
const UNLIMITED: Total = Total::from_minor(i128::MAX);

impl AgentLimits {
    /// Opens limits of which nothing is used.
    pub(super) fn new(limits: &Limits) -> Self {
        let mut bilateral = limits.bilateral.clone();
        bilateral.sort_unstable_by_key(|(receiver, _)| rank(*receiver));
        Self {
            room: limits.multilateral.map_or(UNLIMITED, Total::from),
            slots: bilateral.iter().fold(0, |slots, (receiver, _)| slots | 1 << slot(*receiver)),
            receivers: bilateral.iter().map(|(receiver, _)| *receiver).collect(),
            rooms: bilateral.iter().map(|(_, limit)| Total::from(*limit)).collect(),
            limits: (!limits.is_empty()).then(|| Box::new(limits.clone())),
        }
    }

    /// Returns whether everything is kept where the limits ask for it.
    pub(super) fn is_sound(&self) -> bool {
        let fresh = Self::new(self.limits.as_deref().unwrap_or(&Limits::default()));
        let is_near = |(room, limit): (&Total, &Total)| {
            let used = limit.minor().checked_sub(room.minor());
            // 2^32 payments of at most 2^63 sum to less than 2^96
            used.is_some_and(|used| used.unsigned_abs() < 1 << 96)
        };
        self.slots == fresh.slots
            && self.receivers == fresh.receivers
            && self.rooms.len() == fresh.rooms.len()
            && self.rooms.iter().zip(&fresh.rooms).all(is_near)
            && match fresh.room {
                UNLIMITED => self.room == UNLIMITED,
                limit => is_near((&self.room, &limit)),
            }
    }

    pub(super) const fn is_some(&self) -> bool {
        self.limits.is_some()
    }

    /// Returns whether these are the limits, whatever is used of them.
    pub(super) fn are(&self, limits: &Limits) -> bool {
        self.limits.as_deref().map_or_else(|| limits.is_empty(), |own| own == limits)
    }

    pub(super) fn multilateral(&self) -> Option<Use> {
        let limit = self.limits.as_ref()?.multilateral?;
        Some(Use { limit, used: Total::from(limit) - self.room })
    }

    pub(super) fn bilateral(&self, receiver: AgentNo) -> Option<Use> {
        let room = self.rooms[self.place_of(receiver)?];
        let limits = &self.limits.as_ref()?.bilateral;
        let (_, limit) = *limits.iter().find(|(limited, _)| *limited == receiver)?;
        Some(Use { limit, used: Total::from(limit) - room })
    }

    pub(super) fn receivers(&self) -> &[AgentNo] {
        &self.receivers
    }

    /// Returns what is left towards all receivers together.
    #[inline]
    pub(super) const fn room(&self) -> Total {
        self.room
    }

    /// Returns what is left towards one receiver by a limit of its own.
    #[inline]
    pub(super) fn room_at(&self, place: Place) -> Total {
        place.map_or(UNLIMITED, |place| self.rooms[place])
    }

    pub(super) fn begin_day(&mut self) {
        if let Some(limits) = self.limits.take() {
            *self = Self::new(&limits);
        }
    }

    /// Takes from what is left towards another agent; returns whether there is a limit.
    #[inline]
    pub(super) fn take(&mut self, place: Place, amount: Total) -> bool {
        if let Some(place) = place {
            self.rooms[place] = self.rooms[place] - amount;
        }
        let has_limit = self.room != UNLIMITED;
        if has_limit {
            self.room = self.room - amount;
        }
        has_limit || place.is_some()
    }

    #[inline]
    pub(super) fn place_of(&self, receiver: AgentNo) -> Place {
        let slot = slot(receiver);
        if self.slots >> slot & 1 == 0 {
            return None;
        }
        if self.receivers.len() > FEW {
            return self.receivers.binary_search_by_key(&rank(receiver), |it| rank(*it)).ok();
        }
        // It stands where the slots before it have one receiver each, or not far behind.
        let first = (self.slots & ((1 << slot) - 1)).count_ones() as usize;
        let rank = rank(receiver);
        let found = self.receivers[first..].iter().position(|it| self::rank(*it) >= rank)?;
        (self.receivers[first + found] == receiver).then_some(first + found)
    }
}

/// Returns whether what is left admits a part of a set: who pays nothing on the basis always may.
#[inline]
pub(super) fn admits(room: Total, basis: LimitsBasis, paid: Total, received: Total) -> bool {
    let out = match basis {
        LimitsBasis::Gross => paid,
        LimitsBasis::Net => paid - received,
    };
    out <= room.max(Total::ZERO)
}

/// Up to so many receivers are searched one by one.
const FEW: usize = 32;

const fn slot(receiver: AgentNo) -> u32 {
    receiver.0 % u64::BITS
}

const fn rank(receiver: AgentNo) -> (u32, u32) {
    (slot(receiver), receiver.0)
}
