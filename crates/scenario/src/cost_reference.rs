//! What things cost, and how it is worked out: the keys of `cost_rates` with their formulas.

use std::fmt::Write;

use serde_json::{Value, json};

use crate::keys;
use crate::reference::type_name;
use crate::shape::{Default, Key};

/// What is said of a key of `cost_rates` besides what its declaration says.
struct Cost {
    key: &'static str,
    /// What people call it.
    name: &'static str,
    /// When it is charged.
    charged: Charged,
    /// The field of `CostAccrual` that books it.
    booked_as: &'static str,
    when: &'static str,
    formula: &'static str,
    example: &'static str,
}

#[derive(Clone, Copy)]
enum Charged {
    EachTick,
    Once,
    EachDay,
    /// Not by itself: it changes another.
    Never,
}

impl Charged {
    const fn word(self) -> &'static str {
        match self {
            Self::EachTick => "each tick",
            Self::Once => "once",
            Self::EachDay => "each day",
            Self::Never => "changes another",
        }
    }
}

const COSTS: &[Cost] = &[
    Cost {
        key: "overdraft_bps_per_tick",
        name: "overdraft",
        charged: Charged::EachTick,
        booked_as: "liquidity_cost",
        when: "At the end of each tick, on a balance below zero, after deferred credits.",
        formula: "rate / 10,000 × what the balance is below zero",
        example: "0.001 on 100,000,000 below zero: 10",
    },
    Cost {
        key: "delay_cost_per_tick_per_cent",
        name: "delay",
        charged: Charged::EachTick,
        booked_as: "delay_cost",
        when: "At the end of each tick, for the payments in queue 1 and queue 2, parts included.",
        formula: "rate × sum of (amount × multiplier of overdue payments × multiplier of the band)",
        example: "0.0001 on 5,000,000 that wait: 500",
    },
    Cost {
        key: "collateral_cost_per_tick_bps",
        name: "collateral",
        charged: Charged::EachTick,
        booked_as: "collateral_cost",
        when: "At the end of each tick, on posted collateral before the haircut.",
        formula: "rate / 10,000 × posted collateral",
        example: "0.0002 on 500,000,000 posted: 10",
    },
    Cost {
        key: "liquidity_cost_per_tick_bps",
        name: "liquidity pool",
        charged: Charged::EachTick,
        booked_as: "liquidity_opportunity_cost",
        when: "At the end of each tick, on what is brought in from the liquidity pool.",
        formula: "rate / 10,000 × what is brought in",
        example: "0.15 on 10,000,000 brought in: 150",
    },
    Cost {
        key: "eod_penalty",
        name: "end-of-day penalty",
        charged: Charged::EachDay,
        booked_as: "penalty_cost",
        when: "When a day closes, for each payment in either queue whose deadline has come, and \
               for each that its sender gave up on this day.",
        formula: "the amount given, or bps_per_event / 10,000 × the amount that is unsettled",
        example: "10,000 for each of 3 payments: 30,000",
    },
    Cost {
        key: "deadline_penalty",
        name: "deadline penalty",
        charged: Charged::Once,
        booked_as: "penalty_cost",
        when: "On the tick after the deadline of an unsettled payment, or as its sender drops it.",
        formula: "the amount given, or bps_per_event / 10,000 × the original amount",
        example: "`{mode: rate, bps_per_event: 5}` on 20,000,000: 10,000",
    },
    Cost {
        key: "split_friction_cost",
        name: "splitting",
        charged: Charged::Once,
        booked_as: "split_friction_cost",
        when: "In the tick in which a payment is split.",
        formula: "rate × (parts − 1)",
        example: "1,000 and 4 parts: 3,000",
    },
    Cost {
        key: "overdue_delay_multiplier",
        name: "delay of overdue payments",
        charged: Charged::Never,
        booked_as: "delay_cost",
        when: "From the tick in which a payment becomes overdue.",
        formula: "delay cost × multiplier",
        example: "5 and delay cost of 500: 2,500",
    },
    Cost {
        key: "priority_delay_multipliers",
        name: "delay by priority",
        charged: Charged::Never,
        booked_as: "delay_cost",
        when: "By the band of the current priority: urgent 8 to 10, normal 4 to 7, low 0 to 3.",
        formula: "delay cost × multiplier of the band",
        example: "`{urgent_multiplier: 1.5}` and delay cost of 500 at priority 9: 750",
    },
    Cost {
        key: "delay_cost_queues",
        name: "where delay costs",
        charged: Charged::Never,
        booked_as: "delay_cost",
        when: "In all ticks.",
        formula: "payments in queue 1 and queue 2, or in queue 1 only",
        example: "`queue1`: what is released costs no delay",
    },
];

const OPENING: &str = "\
# Costs

From the keys of `cost_rates`. Amounts are minor units. Costs by the tick are rounded once for each
agent, kind and tick, penalties once for each payment, half away from zero. `CostAccrual` books all
that an agent is charged in a tick.

";

/// Returns the keys of `cost_rates` in their order, each with what is said of it.
fn costs() -> impl Iterator<Item = (&'static Key, &'static Cost)> {
    let cost = |key: &Key| COSTS.iter().find(|cost| cost.key == key.name);
    keys::COSTS.keys.iter().filter_map(move |key| Some((key, cost(key)?)))
}

fn default(key: &Key) -> &'static str {
    match key.default {
        Default::Required => "required",
        Default::Is(text) | Default::Follows(text) => text,
    }
}

/// Returns what things cost as JSON: of each cost its name, key, unit, default, when it is charged,
/// the formula, an example, and under which name it is booked.
pub fn costs_json() -> Value {
    let costs = costs().map(|(key, cost)| {
        json!({
            "name": cost.name,
            "key": format!("cost_rates.{}", key.name),
            "aliases": key.aliases,
            "type": type_name(&key.kind),
            "unit": key.unit,
            "default": default(key),
            "meaning": key.doc,
            "charged": cost.charged.word(),
            "when": cost.when,
            "formula": cost.formula,
            "example": cost.example,
            "booked_as": cost.booked_as,
        })
    });
    json!({"costs": costs.collect::<Vec<_>>()})
}

/// Returns the same as a page of Markdown.
pub fn costs_markdown() -> String {
    let mut page = OPENING.to_owned();
    for (key, cost) in costs() {
        let _ = write!(page, "## {}\n\n{}\n\n", cost.name, cost.when);
        let unit = if key.unit.is_empty() { "" } else { ", in " };
        let _ = writeln!(page, "* key: `cost_rates.{}`{unit}{}", key.name, key.unit);
        let _ = writeln!(page, "* default: `{}`", default(key));
        let _ =
            writeln!(page, "* charged: {}, booked as `{}`", cost.charged.word(), cost.booked_as);
        let _ = writeln!(page, "* formula: {}", cost.formula);
        let _ = writeln!(page, "* example: {}\n", cost.example);
    }
    page.truncate(page.trim_end().len());
    page + "\n"
}

#[cfg(test)]
mod tests {
    use psim_model::{Money, Rate};

    use super::*;

    #[test]
    fn each_key_of_cost_rates_has_its_formula() {
        let keys: Vec<&str> = keys::COSTS.keys.iter().map(|key| key.name).collect();
        let told: Vec<&str> = costs().map(|(key, _)| key.name).collect();
        assert_eq!(told, keys);
        assert_eq!(COSTS.len(), keys.len());
        let page = costs_markdown();
        assert!(keys.iter().all(|key| page.contains(&format!("`cost_rates.{key}`"))), "{page}");
        assert_eq!(costs_json()["costs"].as_array().map(Vec::len), Some(keys.len()));
    }

    /// The examples that are more than a product of two numbers.
    #[test]
    fn examples_are_what_the_rates_give() {
        let bps = |rate: &str, amount| {
            let rate: Rate = rate.parse().expect("a rate");
            rate.of_bps(Money::from_minor(amount)).expect("it fits").minor()
        };
        assert_eq!(bps("0.001", 100_000_000), 10);
        assert_eq!(bps("0.0002", 500_000_000), 10);
        assert_eq!(bps("0.15", 10_000_000), 150);
        assert_eq!(bps("5", 20_000_000), 10_000);
    }
}
