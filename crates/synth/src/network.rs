//! Who pays whom: few hubs, many small banks, sparse links, positions that tend to be flat.
//!
//! Banks are ordered by size, largest first, with sizes after the Zipf-Mandelbrot law. Each bank
//! chooses its correspondents among the larger ones, in proportion to their size, so that hubs
//! collect links (a scale-free tail) and small banks know few others, mostly hubs. A payment first
//! draws one bank by its weight for the amount's class, then one of that bank's links. Large
//! amounts have steeper weights than small ones: a hub's payments are not only more, they are
//! larger.
//!
//! Some links carry payments one way only. On the others a payment goes, more often than not,
//! from the bank that is ahead to the bank that is behind (received less paid so far today,
//! relative to size), as if treasurers steered towards a flat position. The positions assume that
//! every payment settles on submission; no queue or balance has a say.

use psim_model::Money;
use psim_random::Generator;

use crate::alias::AliasTable;
use crate::amounts::MINOR_UNITS;

/// Amounts, in major units, at which a steeper weighting of banks begins.
const CLASS_BOUNDARIES: [f64; 3] = [50e3, 1e6, 100e6];
const CLASSES: usize = CLASS_BOUNDARIES.len() + 1;

/// Pairs of banks drawn for a payment of each class, of which the one that flattens positions most
/// is taken. The largest amounts exceed what a small bank turns over in a day; banks place them
/// where they find the counterpart.
const CANDIDATES: [u32; CLASSES] = [1, 1, 1, 4];

/// The parameters of a network.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Topology {
    /// Number of ranks over which bank sizes are of one order, before they fall as a power.
    pub(crate) head: f64,
    /// Exponent of bank sizes for the smallest amounts.
    pub(crate) exponent_small: f64,
    /// Exponent of bank sizes for the largest amounts; classes between are interpolated.
    pub(crate) exponent_large: f64,
    /// Correspondents that every bank chooses (a bank may be chosen twice).
    pub(crate) links_min: u32,
    /// Further choices of the largest bank; the bank of rank r makes 1/r of them.
    pub(crate) links_of_hubs: u32,
    /// Share of links, beyond each bank's first, that carry payments one way only.
    pub(crate) one_way: f64,
    /// Probability that a payment goes the way that flattens positions; else a coin decides.
    pub(crate) lean: f64,
}

/// A network in use: its links, and the positions that have built up.
#[derive(Clone, Debug)]
pub(crate) struct Network {
    /// First link in `links` of each bank but the largest, and the number of all links.
    first_link: Vec<u32>,
    links: Vec<Link>,
    /// Weights, by class of amount, of the banks that have chosen links: all but the largest.
    choosers: [AliasTable; CLASSES],
    /// Receipts less payments of each bank so far, in minor units.
    positions: Vec<i64>,
    /// What makes positions comparable: 1 / size.
    scales: Vec<f64>,
    lean: f64,
}

#[derive(Clone, Copy, Debug)]
struct Link {
    /// The larger of the two banks; the other is the one that owns the link.
    larger: u32,
    direction: Direction,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Direction {
    Both,
    ToLarger,
    FromLarger,
}

impl Direction {
    /// Draws how a bank's link of this number works. The first works both ways, so that every
    /// bank can pay and be paid; one-way links alternate, so that neither way prevails.
    fn draw(choice: u64, one_way: f64, generator: &mut Generator) -> Self {
        if generator.float() >= one_way || choice == 0 {
            Self::Both
        } else if choice.is_multiple_of(2) {
            Self::FromLarger
        } else {
            Self::ToLarger
        }
    }
}

impl Network {
    /// Lays out the links between `banks` banks, at least 2.
    pub(crate) fn build(topology: &Topology, banks: usize, generator: &mut Generator) -> Self {
        let sizes = size_law(topology.head, topology.exponent_small, banks);
        let mut first_link = vec![0];
        let mut links = Vec::new();
        let mut larger_ones = vec![sizes[0]];
        for bank in 1..banks {
            let rank = bank as u64 + 1;
            let choices = u64::from(topology.links_min) + u64::from(topology.links_of_hubs) / rank;
            for choice in 0..choices {
                let larger = choose(&larger_ones, generator);
                let direction = Direction::draw(choice, topology.one_way, generator);
                links.push(Link { larger, direction });
            }
            first_link.push(narrow(links.len()));
            larger_ones.push(larger_ones[bank - 1] + sizes[bank]);
        }
        let choosers = std::array::from_fn(|class| {
            let steps = class as f64 / (CLASSES - 1) as f64;
            let rise = topology.exponent_large - topology.exponent_small;
            let exponent = topology.exponent_small + steps * rise;
            AliasTable::new(&size_law(topology.head, exponent, banks)[1..])
        });
        Self {
            first_link,
            links,
            choosers,
            positions: vec![0; banks],
            scales: sizes.iter().map(|size| 1.0 / size).collect(),
            lean: topology.lean,
        }
    }

    /// Draws sender and receiver of the next payment.
    pub(crate) fn draw(&mut self, amount: Money, generator: &mut Generator) -> (u32, u32) {
        let class = class_of(amount);
        let mut best = self.candidate(class, generator);
        for _ in 1..CANDIDATES[class] {
            let other = self.candidate(class, generator);
            if self.lead(other) > self.lead(best) {
                best = other;
            }
        }
        let (sender, receiver) = best;
        self.positions[sender as usize] -= amount.minor();
        self.positions[receiver as usize] += amount.minor();
        best
    }

    /// Draws a sender and a receiver (three draws, or two where the link works one way).
    fn candidate(&self, class: usize, generator: &mut Generator) -> (u32, u32) {
        let chooser = self.choosers[class].draw(generator);
        let bounds = [chooser, chooser + 1].map(|index| self.first_link[index as usize] as usize);
        let link = self.links[bounds[0] + generator.index(bounds[1] - bounds[0])];
        let bank = chooser + 1;
        let pays_larger = match link.direction {
            Direction::Both => self.pays(bank, link.larger, generator),
            Direction::ToLarger => true,
            Direction::FromLarger => false,
        };
        if pays_larger { (bank, link.larger) } else { (link.larger, bank) }
    }

    /// Returns by how much a sender is ahead of a receiver, in minor units.
    fn lead(&self, (sender, receiver): (u32, u32)) -> i64 {
        self.positions[sender as usize].saturating_sub(self.positions[receiver as usize])
    }

    /// Decides whether `bank` pays `other` rather than the reverse.
    fn pays(&self, bank: u32, other: u32, generator: &mut Generator) -> bool {
        let relative =
            |bank: u32| self.positions[bank as usize] as f64 * self.scales[bank as usize];
        let draw = generator.float();
        if draw < self.lean {
            relative(bank) > relative(other)
        } else {
            draw - self.lean < (1.0 - self.lean) / 2.0
        }
    }
}

/// Returns (head + rank)^-exponent for the ranks 1 to `banks`: Zipf's law, with Mandelbrot's
/// flatter head.
fn size_law(head: f64, exponent: f64, banks: usize) -> Vec<f64> {
    (1..=banks).map(|rank| libm::pow(head + rank as f64, -exponent)).collect()
}

/// Draws an index in proportion to weights that are given as running sums.
fn choose(running_sums: &[f64], generator: &mut Generator) -> u32 {
    let total = running_sums.last().copied().unwrap_or(0.0);
    let target = generator.float() * total;
    let index = running_sums.partition_point(|sum| *sum <= target);
    narrow(index.min(running_sums.len().saturating_sub(1)))
}

/// Returns the class of an amount, from 0 for the smallest.
fn class_of(amount: Money) -> usize {
    let amount = amount.minor() as f64;
    CLASS_BOUNDARIES.iter().filter(|boundary| amount >= **boundary * MINOR_UNITS).count()
}

fn narrow(index: usize) -> u32 {
    u32::try_from(index).expect("Invariant: fewer than 2^32 links")
}
