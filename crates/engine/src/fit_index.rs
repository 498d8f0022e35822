//! A queue that answers "which is the next payment that fits?" without a scan.

use psim_model::{Money, PaymentNo};
use serde::{Deserialize, Serialize};

/// Leaf of a payment that cannot be paid from any balance: taken out, or not yet due.
const NEVER: Money = Money::MAX;

/// One sender's payments in order of entry, under a tree of minimal amounts.
///
/// Adding, removing and finding take logarithmic time; places of removed payments are given up
/// when the tree grows.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(from = "Vec<Waiting>", into = "Vec<Waiting>")]
pub(crate) struct FitIndex {
    slots: Vec<Slot>,
    /// Implicit binary tree: root at 1, leaves at `leaves..2 * leaves`.
    tree: Vec<Money>,
    leaves: usize,
    live: usize,
    /// No slot before this one holds a payment.
    head: usize,
}

/// A payment as it waits in a line. This is also how a checkpoint has a line: what was taken out
/// leaves no trace, as no answer depends on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Waiting {
    /// Counts up with each payment that joins queue 2.
    pub(crate) entry: u64,
    pub(crate) no: PaymentNo,
    /// `None` while it may not be tested.
    pub(crate) amount: Option<Money>,
}

#[derive(Clone, Copy, Debug)]
struct Slot {
    entry: u64,
    /// `None` once removed.
    payment: Option<PaymentNo>,
}

impl Slot {
    /// Returns a payment that stands here, with its leaf.
    fn waiting(self, no: PaymentNo, leaf: Money) -> Waiting {
        Waiting { entry: self.entry, no, amount: (leaf < NEVER).then_some(leaf) }
    }
}

impl From<FitIndex> for Vec<Waiting> {
    fn from(index: FitIndex) -> Self {
        index.kept().collect()
    }
}

impl From<Vec<Waiting>> for FitIndex {
    fn from(kept: Vec<Waiting>) -> Self {
        let mut index = Self::default();
        if !kept.is_empty() {
            index.insert(&kept);
        }
        index
    }
}

impl FitIndex {
    pub(crate) fn len(&self) -> usize {
        self.live
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.live == 0
    }

    /// Appends a payment.
    pub(crate) fn push(&mut self, waiting: Waiting) {
        let Waiting { entry, no, amount } = waiting;
        if self.slots.len() == self.leaves {
            self.grow();
        }
        self.slots.push(Slot { entry, payment: Some(no) });
        self.live += 1;
        self.set_leaf(self.slots.len() - 1, amount.unwrap_or(NEVER));
    }

    /// Puts payments, ascending by entry, where their entries belong.
    pub(crate) fn insert(&mut self, newcomers: &[Waiting]) {
        let mut newcomers = newcomers.iter().copied().peekable();
        let mut merged = Vec::with_capacity(self.live);
        for kept in self.kept() {
            while let Some(earlier) = newcomers.next_if(|newcomer| newcomer.entry < kept.entry) {
                merged.push(earlier);
            }
            merged.push(kept);
        }
        merged.extend(newcomers);
        self.slots.clear();
        self.slots.extend(merged.iter().map(|it| Slot { entry: it.entry, payment: Some(it.no) }));
        let amounts: Vec<Money> = merged.iter().map(|it| it.amount.unwrap_or(NEVER)).collect();
        self.build(&amounts);
    }

    /// Returns the first payment, whether it may be tested or not, and its amount if it may.
    pub(crate) fn first(&self) -> Option<Waiting> {
        let slot = self.slots.get(self.head)?;
        let amount = self.tree[self.leaves + self.head];
        Some(slot.waiting(slot.payment?, amount))
    }

    /// Returns the least amount that may be tested.
    pub(crate) fn least(&self) -> Option<Money> {
        self.tree.get(1).copied().filter(|least| *least < NEVER)
    }

    /// Lets a payment be tested no more, until it is [admitted](FitIndex::admit).
    pub(crate) fn park(&mut self, entry: u64) {
        if let Some(slot) = self.slot_of(entry) {
            self.set_leaf(slot, NEVER);
        }
    }

    /// Lets a payment be tested from now on; returns whether it is there.
    pub(crate) fn admit(&mut self, entry: u64, amount: Money) -> bool {
        let slot = self.slot_of(entry);
        if let Some(slot) = slot {
            self.set_leaf(slot, amount);
        }
        slot.is_some()
    }

    /// Takes a payment out.
    pub(crate) fn remove(&mut self, entry: u64) {
        let Some(slot) = self.slot_of(entry) else { return };
        self.slots[slot].payment = None;
        self.live -= 1;
        self.set_leaf(slot, NEVER);
        if self.live == 0 {
            self.slots.clear();
            self.head = 0;
        }
        while self.slots.get(self.head).is_some_and(|slot| slot.payment.is_none()) {
            self.head += 1;
        }
    }

    /// Returns the first payment that entered after `after` and is at most `available`.
    pub(crate) fn next_fit(
        &self,
        after: Option<u64>,
        available: Money,
    ) -> Option<(u64, PaymentNo)> {
        let first = match after {
            Some(after) => self.slots.partition_point(|slot| slot.entry <= after),
            None => 0,
        };
        let slot = self.slots[self.first_leaf_at_most(first, available)?];
        Some((slot.entry, slot.payment?))
    }

    /// Visits the payments in order of entry.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (u64, PaymentNo)> {
        self.slots.iter().filter_map(|slot| Some((slot.entry, slot.payment?)))
    }

    /// Visits the payments in order of entry, each with its amount if it may be tested.
    fn kept(&self) -> impl Iterator<Item = Waiting> {
        self.slots.iter().enumerate().filter_map(|(index, slot)| {
            let amount = self.tree[self.leaves + index];
            Some(slot.waiting(slot.payment?, amount))
        })
    }

    /// Returns the slot of a payment that is still there.
    fn slot_of(&self, entry: u64) -> Option<usize> {
        let slot = self.slots.binary_search_by_key(&entry, |slot| slot.entry).ok()?;
        self.slots[slot].payment.is_some().then_some(slot)
    }

    fn set_leaf(&mut self, slot: usize, amount: Money) {
        let mut node = self.leaves + slot;
        self.tree[node] = amount;
        while node > 1 {
            node /= 2;
            let least = self.tree[2 * node].min(self.tree[2 * node + 1]);
            if self.tree[node] == least {
                break;
            }
            self.tree[node] = least;
        }
    }

    /// Finds the first leaf at or after `first` that is at most `limit`.
    fn first_leaf_at_most(&self, first: usize, limit: Money) -> Option<usize> {
        if first >= self.slots.len() || self.tree[1] > limit {
            return None;
        }
        let mut node = self.leaves + first;
        // Climb until a subtree to the right (or this leaf) holds one that fits …
        while self.tree[node] > limit {
            while node % 2 == 1 {
                node /= 2;
                if node == 0 {
                    return None;
                }
            }
            node += 1;
        }
        // … and descend to its first such leaf.
        while node < self.leaves {
            node *= 2;
            if self.tree[node] > limit {
                node += 1;
            }
        }
        Some(node - self.leaves)
    }

    /// Rebuilds the tree over the payments that are left, with room for as many again.
    fn grow(&mut self) {
        let amounts: Vec<Money> = (0..self.slots.len())
            .filter(|slot| self.slots[*slot].payment.is_some())
            .map(|slot| self.tree[self.leaves + slot])
            .collect();
        self.slots.retain(|slot| slot.payment.is_some());
        self.build(&amounts);
    }

    /// Builds the tree over all slots, which hold payments of these amounts, with room for as many
    /// again.
    fn build(&mut self, amounts: &[Money]) {
        self.live = amounts.len();
        self.head = 0;
        self.leaves = (2 * self.live).next_power_of_two().max(4);
        self.tree.clear();
        self.tree.resize(2 * self.leaves, NEVER);
        self.tree[self.leaves..self.leaves + amounts.len()].copy_from_slice(amounts);
        for node in (1..self.leaves).rev() {
            self.tree[node] = self.tree[2 * node].min(self.tree[2 * node + 1]);
        }
    }
}

#[cfg(test)]
mod tests;
