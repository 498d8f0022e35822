//! Split payments: their parts, when these are released, and when the whole is done.

use std::collections::BTreeMap;

use psim_model::event::{HoldReason, PolicySplit, SplitCompleted, SplitOutcome};
use psim_model::{AgentNo, MAX_PARTS_MADE, Money, PaymentNo, Priority, Tick};
use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

use crate::backlog::Queue;
use crate::payments::{Payment, Place, Terms};
use crate::world::{Step, World};

/// What is known of split payments and their parts.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Splits {
    /// The payment that a part is of.
    #[serde(with = "crate::stored::map")]
    parents: FxHashMap<PaymentNo, PaymentNo>,
    /// Split payments that are not done.
    #[serde(with = "crate::stored::map")]
    open: FxHashMap<PaymentNo, Open>,
    /// When parts that wait for their time are released.
    #[serde(with = "crate::stored::map")]
    times: FxHashMap<PaymentNo, Tick>,
    /// How many of an agent's parts wait for their time.
    #[serde(with = "crate::stored::map")]
    awaiting: FxHashMap<AgentNo, u32>,
    /// The agents whose parts' times come, by tick.
    due: BTreeMap<Tick, Vec<AgentNo>>,
}

/// A split payment that is not done.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
struct Open {
    /// Parts that have neither settled nor been dropped.
    parts: u32,
    any_dropped: bool,
}

/// How a payment is split.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Shape {
    /// Number of parts.
    pub(crate) parts: u32,
    /// How many are released now.
    pub(crate) now: u32,
    /// Ticks between the releases of the others.
    pub(crate) gap: u32,
    /// What is added to the parts' priority.
    pub(crate) boost: u8,
}

/// How a part that is released at a tick of its own stands to that tick.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Time {
    /// The tick is still to come.
    Waits,
    /// The tick has come; `is_open` is whether payments still enter the system on this day.
    HasCome { is_open: bool },
}

impl Shape {
    /// Returns the amount of a part: equal for all, with the remainder on the last.
    fn amount_of(&self, part: u32, whole: Money) -> Money {
        let parts = i64::from(self.parts);
        let equal = whole.minor() / parts;
        let rest = if part + 1 == self.parts { whole.minor() % parts } else { 0 };
        Money::from_minor(equal + rest)
    }

    /// Returns what of a payment is released now.
    pub(crate) fn value_now(&self, whole: Money) -> Money {
        if self.now == self.parts {
            return whole;
        }
        let equal = whole.minor() / i64::from(self.parts);
        Money::from_minor(equal * i64::from(self.now))
    }
}

impl Splits {
    /// Returns whether parts come after what they are parts of, and those that wait are counted.
    pub(crate) fn are_sound(&self, sender: impl Fn(PaymentNo) -> AgentNo) -> bool {
        let mut awaiting: FxHashMap<AgentNo, u32> = FxHashMap::default();
        for agent in self.times.keys().map(|no| sender(*no)) {
            *awaiting.entry(agent).or_default() += 1;
        }
        self.parents.iter().all(|(part, parent)| parent < part) && awaiting == self.awaiting
    }

    /// Returns whether a part waits for its time.
    pub(crate) fn awaits_time(&self, no: PaymentNo) -> bool {
        self.times.contains_key(&no)
    }

    /// Returns whether parts of an agent wait for their time.
    pub(crate) fn await_time_of(&self, agent: AgentNo) -> bool {
        !self.awaiting.is_empty() && self.awaiting.contains_key(&agent)
    }

    /// Forgets when a part is released: it has been.
    pub(crate) fn forget_time(&mut self, agent: AgentNo, no: PaymentNo) {
        if self.times.remove(&no).is_none() {
            return;
        }
        if let Some(count) = self.awaiting.get_mut(&agent) {
            *count -= 1;
            if *count == 0 {
                self.awaiting.remove(&agent);
            }
        }
    }

    fn schedule(&mut self, agent: AgentNo, no: PaymentNo, tick: Tick) {
        self.times.insert(no, tick);
        *self.awaiting.entry(agent).or_default() += 1;
        self.due.entry(tick).or_default().push(agent);
    }

    /// Returns how many parts have been made, parts of parts included.
    pub(crate) fn parts_made(&self) -> usize {
        self.parents.len()
    }

    /// Returns whether a payment is a part of another.
    pub(crate) fn is_part(&self, no: PaymentNo) -> bool {
        self.any() && self.parents.contains_key(&no)
    }

    /// Returns the payment that a part, or a part of a part, is of; any other payment is its own.
    pub(crate) fn root_of(&self, no: PaymentNo) -> PaymentNo {
        if !self.any() {
            return no;
        }
        let parent = |no: &PaymentNo| self.parents.get(no).copied();
        std::iter::successors(Some(no), parent).last().unwrap_or(no)
    }

    /// Returns whether any payment was ever split.
    pub(crate) fn any(&self) -> bool {
        !self.parents.is_empty()
    }

    /// Returns whether parts are among payments.
    pub(crate) fn concern(&self, payments: &[PaymentNo]) -> bool {
        !self.parents.is_empty() && payments.iter().any(|no| self.parents.contains_key(no))
    }

    /// Sorts payments by number, where parts stand in the place of their parent.
    pub(crate) fn sort(&self, payments: &mut [PaymentNo]) {
        payments.sort_by_cached_key(|no| self.lineage(*no));
    }

    /// Returns a payment's number after those of what it is a part of, the whole first.
    fn lineage(&self, no: PaymentNo) -> Vec<PaymentNo> {
        let parent = |no: &PaymentNo| self.parents.get(no).copied();
        let mut lineage: Vec<PaymentNo> = std::iter::successors(Some(no), parent).collect();
        lineage.reverse();
        lineage
    }

    /// Forgets all that wait: they have been dropped.
    pub(crate) fn clear_times(&mut self) {
        self.times.clear();
        self.awaiting.clear();
        self.due.clear();
    }

    /// Counts the parts of split payments that are not done, given which payments are not.
    pub(crate) fn agree(&self, is_open: impl Fn(PaymentNo) -> bool) -> bool {
        let mut counts: FxHashMap<PaymentNo, u32> = FxHashMap::default();
        let parts = self.parents.iter().filter(|(part, _)| is_open(**part));
        for parent in parts.map(|(_, parent)| *parent) {
            *counts.entry(parent).or_default() += 1;
        }
        let same = |(parent, open): (&PaymentNo, &Open)| counts.get(parent) == Some(&open.parts);
        counts.len() == self.open.len() && self.open.iter().all(same)
    }
}

/// Marks the agents to be asked whose parts' times have come.
pub(crate) fn ask_for_due(world: &mut World, step: &Step<'_>) {
    while let Some(due) = world.splits.due.first_entry()
        && *due.key() <= step.now
    {
        for agent in due.remove() {
            world.queue1.ask_again(agent);
        }
    }
}

/// Returns how a part stands to its time, if it is released at a time of its own.
pub(crate) fn release_of(world: &World, step: &Step<'_>, no: PaymentNo) -> Option<Time> {
    if world.splits.times.is_empty() {
        return None;
    }
    let time = *world.splits.times.get(&no)?;
    if time > step.now {
        return Some(Time::Waits);
    }
    Some(Time::HasCome { is_open: !step.is_closed(world) })
}

/// Returns why a payment cannot be split so.
pub(crate) fn refusal(
    world: &World,
    step: &Step<'_>,
    no: PaymentNo,
    shape: Shape,
) -> Option<HoldReason> {
    let amount = world.payments.get(no).amount;
    if world.payments.terms(no).is_indivisible {
        Some(HoldReason::NotDivisible)
    } else if shape.parts > step.scenario.rules.max_splits
        || i64::from(shape.parts) > amount.minor()
        || are_exhausted(world.splits.parts_made())
    {
        Some(HoldReason::TooManyParts)
    } else {
        None
    }
}

/// Returns whether a run has made so many parts that it makes no more: the rest of the tick holds
/// what it would split, and the coming tick is refused (see `headroom`).
const fn are_exhausted(parts_made: usize) -> bool {
    parts_made > MAX_PARTS_MADE
}

/// Replaces a payment, which stands in no line any more, by its parts and returns these. Those that
/// are not released now are weighed as waiting in queue 1.
pub(crate) fn split(
    world: &mut World,
    step: &mut Step<'_>,
    no: PaymentNo,
    shape: Shape,
) -> Vec<PaymentNo> {
    let parent = *world.payments.get(no);
    let overdue = parent.is_overdue(step.now);
    world.backlog.remove(&parent, Queue::One, overdue);
    world.payments.get_mut(no).place = Place::Split;
    let priority = parent.priority.raised_by(shape.boost);
    let original_priority = world.payments.terms(no).original_priority;
    let original_priority = original_priority.raised_by(shape.boost);
    let mut parts = Vec::new();
    for index in 0..shape.parts {
        let amount = shape.amount_of(index, parent.amount);
        let waits = index >= shape.now;
        let place = if waits { Place::Queue1 } else { Place::Arrived };
        let moved_at = step.now;
        let part = Payment { amount, priority, place, moved_at, last_hold: None, ..parent };
        let part = make_part(world, step, (no, original_priority), part);
        if waits {
            let nth = u64::from(index - shape.now + 1) * u64::from(shape.gap);
            let nth = u32::try_from(nth).unwrap_or(u32::MAX);
            world.splits.schedule(parent.sender, part, Tick(step.now.0.saturating_add(nth)));
            world.backlog.add(world.payments.get(part), Queue::One, overdue);
        }
        parts.push(part);
    }
    world.splits.open.insert(no, Open { parts: shape.parts, any_dropped: false });
    let friction = world.rates.split_friction_cost.minor() * i64::from(shape.parts - 1);
    let friction = Money::from_minor(friction);
    world.charge_friction(parent.sender, friction);
    let made = Made { parts: &parts, shape, priority, original_priority, friction };
    report(step, (no, &parent), &made);
    parts
}

fn make_part(
    world: &mut World,
    step: &Step<'_>,
    (parent, original_priority): (PaymentNo, Priority),
    part: Payment,
) -> PaymentNo {
    let terms = Terms { original_priority, ..world.payments.terms(parent) };
    let no = world.payments.push(part);
    world.payments.set_terms(no, terms);
    world.splits.parents.insert(no, parent);
    if part.deadline >= step.now && part.deadline < step.scenario.calendar.last_tick() {
        world.deadlines.watch(part.deadline, no);
    }
    world.escalation.watch_beyond(no, part.deadline, terms.boost, step.now.next());
    no
}

/// The parts that were made of a payment.
struct Made<'p> {
    parts: &'p [PaymentNo],
    shape: Shape,
    priority: Priority,
    original_priority: Priority,
    friction: Money,
}

fn report(step: &mut Step<'_>, (no, parent): (PaymentNo, &Payment), made: &Made<'_>) {
    let shape = made.shape;
    let amounts = (0..shape.parts).map(|part| shape.amount_of(part, parent.amount));
    let event = PolicySplit {
        tx_id: no,
        agent_id: parent.sender,
        num_splits: shape.parts,
        child_ids: step.batch.payments(made.parts.iter().copied()),
        child_amounts: step.batch.amounts(amounts),
        released_now: shape.now,
        gap_ticks: if shape.now < shape.parts { shape.gap } else { 0 },
        child_priority: made.priority,
        child_original_priority: made.original_priority,
        split_friction_cost: made.friction,
        decision_path: step.path,
    };
    step.emit(event);
}

/// Notes that a payment has settled or was dropped; if it was the last open part of a split one,
/// that one is done, and so on for its own parent.
#[inline]
pub(crate) fn part_resolved(world: &mut World, step: &mut Step<'_>, no: PaymentNo, dropped: bool) {
    if !world.splits.parents.is_empty() {
        resolve(world, step, no, dropped);
    }
}

fn resolve(world: &mut World, step: &mut Step<'_>, no: PaymentNo, dropped: bool) {
    let (mut no, mut dropped) = (no, dropped);
    while let Some(&parent) = world.splits.parents.get(&no) {
        let Some(open) = world.splits.open.get_mut(&parent) else { return };
        open.parts -= 1;
        open.any_dropped |= dropped;
        if open.parts > 0 {
            return;
        }
        dropped = open.any_dropped;
        world.splits.open.remove(&parent);
        let whole = world.payments.get_mut(parent);
        whole.place = if dropped { Place::Dropped } else { Place::Completed };
        let outcome = if dropped { SplitOutcome::Dropped } else { SplitOutcome::Settled };
        step.emit(SplitCompleted { tx_id: parent, agent_id: whole.sender, outcome });
        no = parent;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Nobody waits for as many parts as may be.
    #[test]
    fn parts_are_bounded_within_a_tick() {
        assert!(!are_exhausted(MAX_PARTS_MADE));
        assert!(are_exhausted(MAX_PARTS_MADE + 1));
    }
}
