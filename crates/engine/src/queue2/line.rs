//! One sender's queued payments, and the order in which they may be tested.

use std::cmp::Ordering;
use std::collections::VecDeque;

use psim_model::{
    LimitsApplyTo, Money, PaymentNo, PriorityBand, QueueDiscipline, RtgsPriority, Rules, Tick,
};
use serde::{Deserialize, Serialize};

use crate::fit_index::{FitIndex, Waiting};
use crate::payments::Payment;

/// Lanes of a ranked line: a class and a band each.
const LANES: usize = 9;
/// Lanes of one class.
const BANDS: usize = 3;
/// The classes in the order of their lanes.
const CLASSES: [RtgsPriority; 3] =
    [RtgsPriority::HighlyUrgent, RtgsPriority::Urgent, RtgsPriority::Normal];

/// A payment's place in queue 2: those of a lower key come before it.
///
/// Its rank (class and band, if the queue goes by them) stands above its entry, which counts up
/// with each payment that joins.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) struct Key(u64);

impl Key {
    /// A rank is one of nine lanes, and no run has 2^60 payments join.
    const ENTRY_BITS: u32 = 60;

    /// Returns whether an entry leaves room for the rank.
    pub(super) const fn can_have(entry: u64) -> bool {
        entry >> Self::ENTRY_BITS == 0
    }

    const fn new(rank: u64, entry: u64) -> Self {
        Self(rank << Self::ENTRY_BITS | entry)
    }

    const fn rank(self) -> u64 {
        self.0 >> Self::ENTRY_BITS
    }

    pub(crate) const fn entry(self) -> u64 {
        self.0 & ((1 << Self::ENTRY_BITS) - 1)
    }

    /// Returns the place just before this one; `None` if this is the first there can be.
    pub(crate) const fn before(self) -> Option<Self> {
        match self.0 {
            0 => None,
            place => Some(Self(place - 1)),
        }
    }
}

/// The rules by which payments of a line are ordered and tested.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Discipline {
    /// Whether only a sender's first payment is tested.
    pub(super) is_fifo: bool,
    /// Whether a payment holds back those of lower classes.
    pub(super) is_blocking: bool,
    /// Whether the order goes by class and band before entry.
    by_rank: bool,
    /// Whether lines tell classes apart at all.
    pub(super) is_ranked: bool,
}

/// One sender's payments.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) enum Line {
    /// Each is tested by itself.
    Bypass(FitIndex),
    /// Only the first is tested.
    Fifo(VecDeque<Waiting>),
    /// In lanes by class and band.
    Ranked(Box<[FitIndex; LANES]>),
}

impl Discipline {
    pub(super) fn new(rules: &Rules, keeps_back: bool) -> Self {
        let is_normal_bound = rules.limits_apply_to == LimitsApplyTo::Normal;
        Self {
            is_fifo: rules.queue_discipline == QueueDiscipline::Fifo,
            is_blocking: rules.priority_blocking,
            by_rank: rules.priority_mode,
            is_ranked: rules.priority_mode || keeps_back || is_normal_bound,
        }
    }

    /// Returns the lane of a payment.
    pub(super) fn lane(self, payment: &Payment) -> usize {
        let class = CLASSES.len() - 1 - payment.class as usize;
        let band =
            if self.by_rank { PriorityBand::ALL.len() - 1 - payment.band().index() } else { 0 };
        class * BANDS + band
    }

    /// Returns the place of a payment with this entry.
    pub(super) fn key(self, payment: &Payment, entry: u64) -> Key {
        let lane = if self.by_rank { self.lane(payment) } else { 0 };
        Key::new(self.rank(lane), entry)
    }

    const fn rank(self, lane: usize) -> u64 {
        if self.by_rank { lane as u64 } else { 0 }
    }

    /// Returns the stretch of a lane that lies after a place.
    fn stretch_after(self, lane: usize, after: Option<Key>) -> Stretch {
        let Some(after) = after else { return Stretch::All };
        match self.rank(lane).cmp(&after.rank()) {
            Ordering::Less => Stretch::Nothing,
            Ordering::Equal => Stretch::After(after.entry()),
            Ordering::Greater => Stretch::All,
        }
    }
}

/// The stretch of a lane that lies after a place.
enum Stretch {
    All,
    /// What entered after this.
    After(u64),
    Nothing,
}

impl Line {
    pub(super) fn new(discipline: Discipline) -> Self {
        if discipline.is_ranked {
            Self::Ranked(Box::default())
        } else if discipline.is_fifo {
            Self::Fifo(VecDeque::new())
        } else {
            Self::Bypass(FitIndex::default())
        }
    }

    /// Returns whether it is kept as the rules ask.
    pub(super) fn fits(&self, discipline: Discipline) -> bool {
        std::mem::discriminant(self) == std::mem::discriminant(&Self::new(discipline))
    }

    pub(super) fn is_empty(&self) -> bool {
        match self {
            Self::Bypass(line) => line.is_empty(),
            Self::Fifo(line) => line.is_empty(),
            Self::Ranked(lanes) => lanes.iter().all(FitIndex::is_empty),
        }
    }

    pub(super) fn len(&self) -> usize {
        match self {
            Self::Bypass(line) => line.len(),
            Self::Fifo(line) => line.len(),
            Self::Ranked(lanes) => lanes.iter().map(FitIndex::len).sum(),
        }
    }

    /// Returns whether a payment of a higher class waits.
    pub(super) fn has_above(&self, class: RtgsPriority) -> bool {
        let Self::Ranked(lanes) = self else { return false };
        let above = CLASSES.len() - 1 - class as usize;
        lanes[..above * BANDS].iter().any(|lane| !lane.is_empty())
    }

    pub(super) fn push(&mut self, discipline: Discipline, payment: &Payment, waiting: Waiting) {
        match self {
            Self::Bypass(line) => line.push(waiting),
            Self::Fifo(line) => line.push_back(waiting),
            Self::Ranked(lanes) => lanes[discipline.lane(payment)].push(waiting),
        }
    }

    /// Puts payments, ascending by entry, where they belong among earlier and later ones.
    pub(super) fn insert(
        &mut self,
        discipline: Discipline,
        newcomers: &[(u64, PaymentNo, Payment)],
        now: Tick,
    ) {
        let Self::Ranked(lanes) = self else { return };
        for (lane, index) in lanes.iter_mut().enumerate() {
            let here: Vec<Waiting> = newcomers
                .iter()
                .filter(|(.., payment)| discipline.lane(payment) == lane)
                .map(|(entry, no, payment)| Waiting {
                    entry: *entry,
                    no: *no,
                    amount: (payment.earliest <= now).then_some(payment.amount),
                })
                .collect();
            if !here.is_empty() {
                index.insert(&here);
            }
        }
    }

    pub(super) fn remove(&mut self, discipline: Discipline, payment: &Payment, key: Key) {
        match self {
            Self::Bypass(line) => line.remove(key.entry()),
            Self::Fifo(line) => {
                if line.front().is_some_and(|first| first.entry == key.entry()) {
                    line.pop_front();
                } else if let Some(place) = place_in(line, key) {
                    line.remove(place);
                }
            }
            Self::Ranked(lanes) => lanes[discipline.lane(payment)].remove(key.entry()),
        }
    }

    /// Lets the payment at a place be tested; returns whether it is there.
    pub(super) fn admit(&mut self, discipline: Discipline, key: Key, amount: Money) -> bool {
        match self {
            Self::Bypass(line) => line.admit(key.entry(), amount),
            Self::Fifo(line) => {
                let place = place_in(line, key);
                if let Some(place) = place {
                    line[place].amount = Some(amount);
                }
                place.is_some()
            }
            Self::Ranked(lanes) => {
                let mut lanes = lanes_of(lanes, discipline, key);
                lanes.any(|lane| lane.admit(key.entry(), amount))
            }
        }
    }

    /// Lets the payment at a place be tested no more; returns false where nothing is passed over,
    /// because only the first is tested.
    pub(super) fn park(&mut self, discipline: Discipline, key: Key) -> bool {
        if discipline.is_fifo {
            return false;
        }
        match self {
            Self::Bypass(line) => line.park(key.entry()),
            Self::Fifo(_) => return false,
            Self::Ranked(lanes) => {
                for lane in lanes_of(lanes, discipline, key) {
                    lane.park(key.entry());
                }
            }
        }
        true
    }

    /// Returns the first payment after a place that may be tested by itself and is at most what
    /// its class can afford.
    pub(super) fn next_fit(
        &self,
        discipline: Discipline,
        after: Option<Key>,
        affordable: impl Fn(RtgsPriority) -> Money,
    ) -> Option<(Key, PaymentNo)> {
        match self {
            Self::Bypass(line) => {
                let (entry, no) =
                    line.next_fit(after.map(Key::entry), affordable(RtgsPriority::Normal))?;
                Some((Key::new(0, entry), no))
            }
            Self::Fifo(line) => {
                let Waiting { entry, no, amount } = *line.front()?;
                let is_ahead = after.is_none_or(|after| entry > after.entry());
                let fits = amount.is_some_and(|it| it <= affordable(RtgsPriority::Normal));
                (is_ahead && fits).then_some((Key::new(0, entry), no))
            }
            Self::Ranked(lanes) if discipline.is_fifo => {
                let (key, no, amount, class) = first(lanes, discipline)?;
                let is_ahead = after.is_none_or(|after| key > after);
                let fits = amount.is_some_and(|amount| amount <= affordable(class));
                (is_ahead && fits).then_some((key, no))
            }
            Self::Ranked(lanes) => next_in_lanes(lanes, discipline, after, affordable),
        }
    }

    /// Returns whether every payment that may be tested is more than an amount; where lines tell
    /// classes apart, which limits may not bind, that is never said.
    pub(super) fn are_all_above(&self, most: Money) -> bool {
        match self {
            Self::Bypass(line) => line.least().is_none_or(|least| least > most),
            Self::Fifo(line) => {
                let first = line.front().and_then(|first| first.amount);
                first.is_none_or(|amount| amount > most)
            }
            Self::Ranked(_) => false,
        }
    }

    pub(super) fn clear(&mut self) {
        match self {
            Self::Bypass(line) => *line = FitIndex::default(),
            Self::Fifo(line) => line.clear(),
            Self::Ranked(lanes) => **lanes = Default::default(),
        }
    }

    /// Visits all payments in order.
    pub(super) fn visit(&self, discipline: Discipline, mut visitor: impl FnMut(Key, PaymentNo)) {
        match self {
            Self::Bypass(line) => {
                for (entry, no) in line.iter() {
                    visitor(Key::new(0, entry), no);
                }
            }
            Self::Fifo(line) => {
                for waiting in line {
                    visitor(Key::new(0, waiting.entry), waiting.no);
                }
            }
            Self::Ranked(lanes) => {
                let mut all: Vec<(Key, PaymentNo)> = Vec::new();
                for (lane, index) in lanes.iter().enumerate() {
                    let rank = discipline.rank(lane);
                    all.extend(index.iter().map(|(entry, no)| (Key::new(rank, entry), no)));
                }
                all.sort_unstable();
                for (key, no) in all {
                    visitor(key, no);
                }
            }
        }
    }

    /// Visits the entries and numbers of all payments, in no order.
    pub(super) fn iter(&self) -> Box<dyn Iterator<Item = (u64, PaymentNo)> + '_> {
        match self {
            Self::Bypass(line) => Box::new(line.iter()),
            Self::Fifo(line) => Box::new(line.iter().map(|waiting| (waiting.entry, waiting.no))),
            Self::Ranked(lanes) => Box::new(lanes.iter().flat_map(FitIndex::iter)),
        }
    }
}

/// Returns where in a line without lanes a payment stands.
fn place_in(line: &VecDeque<Waiting>, key: Key) -> Option<usize> {
    line.binary_search_by_key(&key.entry(), |waiting| waiting.entry).ok()
}

/// Returns the lanes in which a place can be.
fn lanes_of(
    lanes: &mut [FitIndex; LANES],
    discipline: Discipline,
    key: Key,
) -> impl Iterator<Item = &mut FitIndex> {
    let by_rank = discipline.by_rank;
    lanes
        .iter_mut()
        .enumerate()
        .filter(move |(lane, _)| !by_rank || *lane as u64 == key.rank())
        .map(|(_, lane)| lane)
}

/// Returns the first payment of all lanes, tested or not.
fn first(
    lanes: &[FitIndex; LANES],
    discipline: Discipline,
) -> Option<(Key, PaymentNo, Option<Money>, RtgsPriority)> {
    let firsts = lanes.iter().enumerate().filter_map(|(lane, index)| {
        let Waiting { entry, no, amount } = index.first()?;
        let key = Key::new(discipline.rank(lane), entry);
        Some((key, no, amount, CLASSES[lane / BANDS]))
    });
    firsts.min_by_key(|(key, ..)| *key)
}

fn next_in_lanes(
    lanes: &[FitIndex; LANES],
    discipline: Discipline,
    after: Option<Key>,
    affordable: impl Fn(RtgsPriority) -> Money,
) -> Option<(Key, PaymentNo)> {
    let mut best: Option<(Key, PaymentNo)> = None;
    for (class, lanes) in lanes.chunks(BANDS).enumerate() {
        if lanes.iter().all(FitIndex::is_empty) {
            continue;
        }
        let affordable = affordable(CLASSES[class]);
        for (band, index) in lanes.iter().enumerate() {
            let lane = class * BANDS + band;
            let after = match discipline.stretch_after(lane, after) {
                Stretch::All => None,
                Stretch::After(entry) => Some(entry),
                Stretch::Nothing => continue,
            };
            if let Some((entry, no)) = index.next_fit(after, affordable) {
                let found = (Key::new(discipline.rank(lane), entry), no);
                best = Some(best.map_or(found, |best| best.min(found)));
            }
        }
        // Nothing of a lower class is tested; or, by rank, nothing lower comes before.
        if discipline.is_blocking || discipline.by_rank && best.is_some() {
            break;
        }
    }
    best
}
