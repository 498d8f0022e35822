//! Generated payments: how many, how large, to whom, how urgent.

use psim_model::{
    AgentNo, AmountDistribution, ArrivalStream, Counterparties, MAX_RATE_PER_TICK, Money, Priority,
    PriorityDistribution,
};

use super::agents::Roster;
use crate::check::Checker;
use crate::diagnostic::{counted, quoted};
use crate::scalar::plain;
use crate::source::Span;
use crate::typed::{Fields, FromTyped, Typed};

/// No mean amount lies above this: 64 bits of minor units.
const LARGEST_AMOUNT: f64 = 9.2e18;
/// A standard deviation of more means than this has a variance that floats do not hold.
const WIDEST_SPREAD: f64 = 1e150;
/// Below this mean a log-normal was probably meant in logarithms.
const SUSPICIOUS_MEAN: f64 = 100.0;

/// The bands in the order they are drawn, with their priorities.
const BANDS: [(&str, Priority, Priority); 3] = [
    ("urgent", Priority::clamped(8), Priority::MAX),
    ("normal", Priority::clamped(4), Priority::clamped(7)),
    ("low", Priority::MIN, Priority::clamped(3)),
];

const RATE: &str = "rate_per_tick";

/// What streams are read against.
pub(super) struct Setting<'a> {
    pub(super) roster: &'a Roster,
    /// Highest factor of the rate profile, at least 1.
    pub(super) highest_factor: f64,
}

/// Reads an agent's arrival streams.
pub(super) fn read(
    checker: &mut Checker<'_>,
    agent: &Fields,
    sender: &str,
    setting: &Setting<'_>,
) -> Option<Vec<ArrivalStream>> {
    let (config, bands) = (agent.given("arrival_config"), agent.given("arrival_bands"));
    if let (Some(config), Some(bands)) = (config, bands) {
        let message = "`arrival_bands` and `arrival_config` exclude each other";
        checker.fault_between(bands.key_span, message, config.key_span, "given here");
    }
    let mut streams = Vec::new();
    if config.is_some() {
        let single = agent.fields("arrival_config");
        streams.push(single.and_then(|fields| {
            let shape = StreamShape {
                window: fields.read("deadline_range"),
                window_key: "deadline_range",
                priority: priority(checker, fields),
            };
            stream(checker, fields, sender, setting, shape)
        }));
    }
    if bands.is_some() {
        match agent.fields("arrival_bands") {
            Some(fields) => self::bands(checker, fields, sender, setting, &mut streams),
            None => streams.push(None),
        }
    }
    streams.into_iter().collect()
}

fn bands(
    checker: &mut Checker<'_>,
    fields: &Fields,
    sender: &str,
    setting: &Setting<'_>,
    streams: &mut Vec<Option<ArrivalStream>>,
) {
    for (name, min, max) in BANDS {
        if fields.given(name).is_none() {
            continue;
        }
        let band = fields.fields(name);
        streams.push(band.and_then(|band| {
            let shape = StreamShape {
                window: band.read("deadline_offset_min").zip(band.read("deadline_offset_max")),
                window_key: "deadline_offset_max",
                priority: Some(PriorityDistribution::Uniform { min, max }),
            };
            stream(checker, band, sender, setting, shape)
        }));
    }
}

/// Returns where the highest rate of all agents stands, the first of several; `None` without any.
pub(super) fn place_of_highest_rate<'f>(agents: impl Iterator<Item = &'f Fields>) -> Option<Span> {
    let streams = agents.flat_map(|agent| {
        let bands = agent.fields("arrival_bands");
        let bands = bands.into_iter().flat_map(|bands| BANDS.map(|(name, ..)| bands.fields(name)));
        bands.chain([agent.fields("arrival_config")]).flatten()
    });
    let rates = streams.filter_map(|stream| {
        let rate: f64 = stream.read(RATE)?;
        Some((rate, stream.span_of(RATE)))
    });
    let highest = rates.reduce(|highest, next| if next.0 > highest.0 { next } else { highest });
    highest.map(|(_, span)| span)
}

/// What is written differently for single streams and for bands.
struct StreamShape {
    window: Option<(u32, u32)>,
    /// The key to point at if the window is inverted.
    window_key: &'static str,
    priority: Option<PriorityDistribution>,
}

fn stream(
    checker: &mut Checker<'_>,
    fields: &Fields,
    sender: &str,
    setting: &Setting<'_>,
    shape: StreamShape,
) -> Option<ArrivalStream> {
    let rate_per_tick = rate(checker, fields, setting.highest_factor);
    let amount = amount(checker, fields);
    let counterparties = counterparties(checker, fields, sender, setting.roster);
    let window = shape.window.filter(|(min, max)| {
        if min > max {
            let message = format!("the latest deadline, {max}, comes before the earliest, {min}");
            checker.fault(fields.span_of(shape.window_key), message, None);
        }
        min <= max
    });
    let divisible = fields.optional("divisible")?;
    let (deadline_min, deadline_max) = window?;
    Some(ArrivalStream {
        rate_per_tick: rate_per_tick?,
        amount: amount?,
        counterparties: counterparties?,
        deadline_min,
        deadline_max,
        priority: shape.priority?,
        divisible,
    })
}

fn rate(checker: &mut Checker<'_>, fields: &Fields, highest_factor: f64) -> Option<f64> {
    let rate: f64 = fields.read(RATE)?;
    let highest = rate * highest_factor;
    if highest > MAX_RATE_PER_TICK {
        let most = plain(MAX_RATE_PER_TICK);
        let message = format!(
            "`{RATE}` is above {most} where the rate profile multiplies it by {highest_factor}"
        );
        checker.fault(fields.span_of(RATE), message, None);
        return None;
    }
    Some(rate)
}

fn amount(checker: &mut Checker<'_>, fields: &Fields) -> Option<AmountDistribution> {
    let item = fields.item("amount_distribution")?;
    let Typed::Variant(name, keys) = &item.typed else { return None };
    match *name {
        "Uniform" => {
            let (min, max): (Money, Money) = (keys.read("min")?, keys.read("max")?);
            if min > max || max == Money::MAX {
                let why = if min > max { "`max` is below `min`" } else { "`max` is too large" };
                let message = format!("amounts from {min} to {max} cannot be drawn: {why}");
                checker.fault(keys.span_of("max"), message, None);
                return None;
            }
            Some(AmountDistribution::Uniform { min, max })
        }
        "Exponential" => {
            let lambda: f64 = keys.read("lambda")?;
            if lambda < 1.0 / LARGEST_AMOUNT {
                let message =
                    format!("`lambda` {lambda:e} means amounts beyond 64-bit minor units");
                checker.fault(keys.span_of("lambda"), message, None);
                return None;
            }
            Some(AmountDistribution::Exponential { lambda })
        }
        "Normal" => Some(AmountDistribution::Normal {
            mean: keys.read("mean")?,
            std_dev: keys.read("std_dev")?,
        }),
        _ => {
            let mean: f64 = keys.read("mean")?;
            if mean < SUSPICIOUS_MEAN {
                let message = format!("a log-normal mean of {mean} gives amounts of a few cents");
                let hint = "`mean` and `std_dev` are moments of the amount in minor units, not of \
                            its logarithm";
                checker.warn(keys.span_of("mean"), message, Some(hint.to_owned()));
            }
            let std_dev: f64 = keys.read("std_dev")?;
            if mean > LARGEST_AMOUNT || std_dev / mean > WIDEST_SPREAD {
                let message = format!(
                    "a log-normal amount of mean {mean:e} and standard deviation {std_dev:e} \
                     cannot be drawn"
                );
                checker.fault(item.span, message, None);
                return None;
            }
            Some(AmountDistribution::LogNormal { mean, std_dev })
        }
    }
}

fn counterparties(
    checker: &mut Checker<'_>,
    fields: &Fields,
    sender: &str,
    roster: &Roster,
) -> Option<Counterparties> {
    let Some(given) = fields.given("counterparty_weights") else {
        return Some(Counterparties::Uniform);
    };
    let item = given.item.as_ref()?;
    let Typed::ByName(weights) = &item.typed else { return None };
    if weights.is_empty() {
        return Some(Counterparties::Uniform);
    }
    let mut sound = true;
    let mut weighted: Vec<(AgentNo, f64)> = Vec::new();
    for (id, span, weight) in weights {
        let Some(agent) = roster.find(id.as_bytes()) else {
            let hint = checker.suggest_agent(id, roster);
            let message = format!("unknown agent {} in `counterparty_weights`", quoted(id));
            checker.fault(*span, message, hint);
            sound = false;
            continue;
        };
        if id == sender {
            let message = format!("{} cannot pay itself", quoted(id));
            checker.fault(*span, message, None);
            sound = false;
        }
        match weight.as_ref().and_then(|weight| f64::from_typed(&weight.typed)) {
            Some(weight) if weight > 0.0 => weighted.push((agent, weight)),
            Some(_) => {}
            None => sound = false,
        }
    }
    let sum: f64 = weighted.iter().map(|(_, weight)| weight).sum();
    if sound && (weighted.is_empty() || !sum.is_finite()) {
        let message = "`counterparty_weights` must have a positive, finite sum";
        checker.fault(item.span, message, None);
        return None;
    }
    weighted.sort_by_key(|(agent, _)| roster.draw_position(*agent));
    sound.then_some(Counterparties::Weighted(weighted))
}

fn priority(checker: &mut Checker<'_>, fields: &Fields) -> Option<PriorityDistribution> {
    let Some(given) = fields.given("priority_distribution") else {
        return fields.read("priority").map(PriorityDistribution::Fixed);
    };
    let item = given.item.as_ref()?;
    let Typed::Variant(name, keys) = &item.typed else { return None };
    match *name {
        "Fixed" => keys.read("value").map(PriorityDistribution::Fixed),
        "Uniform" => {
            let (min, max): (Priority, Priority) = (keys.read("min")?, keys.read("max")?);
            if min > max {
                let message = format!("the highest priority, {max}, is below the lowest, {min}");
                checker.fault(keys.span_of("max"), message, None);
                return None;
            }
            Some(PriorityDistribution::Uniform { min, max })
        }
        _ => categorical(checker, keys),
    }
}

fn categorical(checker: &mut Checker<'_>, keys: &Fields) -> Option<PriorityDistribution> {
    let (Typed::List(values), Typed::List(weights)) =
        (&keys.item("values")?.typed, &keys.item("weights")?.typed)
    else {
        return None;
    };
    if values.len() != weights.len() {
        let message =
            format!("{}, but {}", counted(values.len(), "value"), counted(weights.len(), "weight"));
        checker.fault(keys.span_of("weights"), message, None);
        return None;
    }
    let entries: Option<Vec<(Priority, f64)>> = values
        .iter()
        .zip(weights)
        .map(|(value, weight)| {
            let value = Priority::from_typed(&value.as_ref()?.typed)?;
            Some((value, f64::from_typed(&weight.as_ref()?.typed)?))
        })
        .collect();
    let entries = entries?;
    let sum: f64 = entries.iter().map(|(_, weight)| weight).sum();
    if sum <= 0.0 || !sum.is_finite() {
        let message = "`weights` must have a positive, finite sum";
        checker.fault(keys.span_of("weights"), message, None);
        return None;
    }
    Some(PriorityDistribution::Categorical(entries))
}
