//! How well a day meets what it aimed at.

mod times;

use psim_model::{Money, Total};

use crate::amounts::MINOR_UNITS;
use crate::calibration::{ASSUMED, Sourced};
use crate::day::URGENT;
use crate::{SynthDay, SynthSpec};

/// The source of a target that the caller set.
const REQUESTED: &str = "requested";

/// One measure of a day: what it aimed at and what it came to.
#[derive(Clone, Debug, PartialEq)]
pub struct Aggregate {
    /// What is measured.
    pub name: String,
    /// The unit of both figures.
    pub unit: Unit,
    /// What was aimed at, if anything was.
    pub target: Option<Target>,
    /// What the day came to.
    pub obtained: f64,
    /// Who published the target, `assumed`, or `requested`; empty without a target.
    pub source: &'static str,
}

/// What figures count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// Things.
    Count,
    /// Major units of the currency with this code.
    Currency(&'static str),
    /// A part of 1, shown in percent.
    Share,
}

/// What a day aims at.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Target {
    /// Near this.
    About(f64),
    /// This or more.
    AtLeast(f64),
    /// This or less.
    AtMost(f64),
}

/// Measures a day that was generated from `spec`: size, amounts, network, liquidity, and the share
/// of count and value by the hour.
pub fn describe(spec: &SynthSpec, day: &SynthDay) -> Vec<Aggregate> {
    let mut rows = sizes(spec, day);
    rows.extend(amounts(spec, day));
    rows.extend(network(spec, day));
    rows.extend(liquidity(day));
    rows.extend(times::measure(spec, day));
    rows
}

fn sizes(spec: &SynthSpec, day: &SynthDay) -> Vec<Aggregate> {
    let calibration = spec.profile.calibration();
    let row = |name, asked: Option<u32>, usual: Sourced<u32>, obtained: usize| {
        let (target, source) = asked.map_or(usual, |asked| (asked, REQUESTED));
        about(name, Unit::Count, (f64::from(target), source), obtained as f64)
    };
    let (payments, participants) = (calibration.payments, calibration.participants);
    vec![
        row("payments", spec.payments, payments, day.payments.len()),
        row("participants", spec.participants, participants, day.participants.len()),
    ]
}

fn amounts(spec: &SynthSpec, day: &SynthDay) -> Vec<Aggregate> {
    let calibration = spec.profile.calibration();
    let currency = Unit::Currency(calibration.currency);
    let count = day.payments.len() as f64;
    let share = |counted: &dyn Fn(f64) -> bool| {
        day.payments.iter().filter(|payment| counted(major(payment.amount))).count() as f64 / count
    };
    let urgent = day.payments.iter().filter(|payment| payment.priority == URGENT).count() as f64;
    let largest = day.payments.iter().map(|payment| payment.amount).max().unwrap_or_default();
    vec![
        about("mean amount", currency, calibration.mean, turnover(day) / count),
        Aggregate {
            name: "largest amount".to_owned(),
            unit: currency,
            target: Some(Target::AtMost(calibration.amounts.largest)),
            obtained: major(largest),
            source: ASSUMED,
        },
        about(
            "payments below 50,000",
            Unit::Share,
            calibration.share_below_50k,
            share(&|amount| amount < 50e3),
        ),
        about(
            "payments above 1,000,000",
            Unit::Share,
            calibration.share_above_1m,
            share(&|amount| amount > 1e6),
        ),
        about("urgent payments", Unit::Share, (calibration.urgent_share, ASSUMED), urgent / count),
    ]
}

fn network(spec: &SynthSpec, day: &SynthDay) -> Vec<Aggregate> {
    let calibration = spec.profile.calibration();
    let banks = day.participants.len();
    // The published networks are those of the profile's own participants.
    let is_usual = banks == calibration.participants.0 as usize;
    let row = |name: String, unit, target: Option<Sourced<f64>>, obtained| match target {
        Some(target) if is_usual => about(&name, unit, target, obtained),
        _ => untargeted(&name, unit, obtained),
    };

    let mut sent = vec![Total::ZERO; banks];
    let mut links: Vec<(u32, u32)> = Vec::with_capacity(day.payments.len());
    for payment in &day.payments {
        sent[payment.sender as usize] += payment.amount;
        links.push((payment.sender, payment.receiver));
    }
    sent.sort_unstable_by(|left, right| right.cmp(left));
    links.sort_unstable();
    links.dedup();
    let largest = calibration.concentration.largest;
    let largest_sent: f64 = sent.iter().take(largest as usize).map(|sum| sum.minor() as f64).sum();
    let mutual = links.iter().filter(|(from, to)| links.binary_search(&(*to, *from)).is_ok());
    let (used, mutual) = (links.len() as f64, mutual.count() as f64);
    let pairs = banks as f64 * (banks as f64 - 1.0);
    vec![
        row(
            format!("value sent by the {largest} largest senders"),
            Unit::Share,
            Some(calibration.concentration.share),
            largest_sent / (turnover(day) * MINOR_UNITS),
        ),
        row("links in use".to_owned(), Unit::Count, calibration.links, used),
        row("links in use of all pairs".to_owned(), Unit::Share, None, used / pairs),
        row("reciprocity".to_owned(), Unit::Share, calibration.reciprocity, mutual / used),
    ]
}

fn liquidity(day: &SynthDay) -> Vec<Aggregate> {
    // A generated day is small enough for 64 bits; a day that someone else made may not be.
    let Ok(bounds) = day.bounds() else { return Vec::new() };
    let part = |money: &[Money]| major_of(money.iter().copied().sum()) / turnover(day);
    vec![
        untargeted("upper liquidity bound in turnover", Unit::Share, part(&bounds.upper)),
        untargeted("lower liquidity bound in turnover", Unit::Share, part(&bounds.lower)),
    ]
}

fn about(name: &str, unit: Unit, (target, source): Sourced<f64>, obtained: f64) -> Aggregate {
    let target = Some(Target::About(target));
    Aggregate { name: name.to_owned(), unit, target, obtained, source }
}

fn untargeted(name: &str, unit: Unit, obtained: f64) -> Aggregate {
    Aggregate { name: name.to_owned(), unit, target: None, obtained, source: "" }
}

/// Returns the value of all payments in major units.
fn turnover(day: &SynthDay) -> f64 {
    major_of(day.payments.iter().map(|payment| payment.amount).sum())
}

fn major(amount: Money) -> f64 {
    amount.minor() as f64 / MINOR_UNITS
}

fn major_of(total: Total) -> f64 {
    total.minor() as f64 / MINOR_UNITS
}
