//! Cost rates, yearly ones turned into rates a tick.

use psim_model::{
    CostRates, CostRatesChange, DelayCostQueues, Multiplier, Penalty, PriorityMultipliers, Rate,
};

use super::time::{SECONDS_PER_DAY, Time};
use crate::check::Checker;
use crate::keys;
use crate::typed::{Fields, Typed, YearlyRate};

const TRILLION: i128 = 1_000_000_000_000;
const BPS_PER_ONE: i128 = 10_000;

/// The unit of a key's plain number.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Unit {
    Bps,
    One,
}

/// Reads the cost rates; without `cost_rates` they are the defaults.
pub(super) fn read(
    checker: &mut Checker<'_>,
    root: &Fields,
    time: Option<&Time>,
) -> Option<CostRates> {
    let fields = section(root, "cost_rates", &keys::COSTS)?;
    let mut rate = |name: &str, unit: Unit| read_rate(checker, &fields, name, unit, time);
    let overdraft = rate("overdraft_bps_per_tick", Unit::Bps);
    let delay = rate("delay_cost_per_tick_per_cent", Unit::One);
    let collateral = rate("collateral_cost_per_tick_bps", Unit::Bps);
    let liquidity = rate("liquidity_cost_per_tick_bps", Unit::Bps);
    Some(CostRates {
        overdraft_bps_per_tick: overdraft?,
        delay_cost_per_tick_per_cent: delay?,
        collateral_cost_per_tick_bps: collateral?,
        liquidity_cost_per_tick_bps: liquidity?,
        eod_penalty: penalty(&fields, "eod_penalty")?,
        deadline_penalty: penalty(&fields, "deadline_penalty")?,
        split_friction_cost: fields.read("split_friction_cost")?,
        overdue_delay_multiplier: fields.read("overdue_delay_multiplier")?,
        priority_delay_multipliers: multipliers(&fields)?,
    })
}

/// Reads new values for some of the cost rates; what is not given stays.
pub(super) fn changes(
    checker: &mut Checker<'_>,
    fields: &Fields,
    time: Option<&Time>,
) -> Option<CostRatesChange> {
    let mut rate = |name: &'static str, unit: Unit| {
        given(fields, name, || read_rate(checker, fields, name, unit, time))
    };
    let overdraft = rate("overdraft_bps_per_tick", Unit::Bps);
    let delay = rate("delay_cost_per_tick_per_cent", Unit::One);
    let collateral = rate("collateral_cost_per_tick_bps", Unit::Bps);
    let liquidity = rate("liquidity_cost_per_tick_bps", Unit::Bps);
    let penalty = |name: &'static str| given(fields, name, || penalty(fields, name));
    Some(CostRatesChange {
        overdraft_bps_per_tick: overdraft?,
        delay_cost_per_tick_per_cent: delay?,
        collateral_cost_per_tick_bps: collateral?,
        liquidity_cost_per_tick_bps: liquidity?,
        eod_penalty: penalty("eod_penalty")?,
        deadline_penalty: penalty("deadline_penalty")?,
        split_friction_cost: fields.optional("split_friction_cost")?,
        overdue_delay_multiplier: fields.optional("overdue_delay_multiplier")?,
        priority_delay_multipliers: multiplier_changes(fields)?,
    })
}

fn multiplier_changes(fields: &Fields) -> Option<[Option<Multiplier>; 3]> {
    if fields.given("priority_delay_multipliers").is_none() {
        return Some([None; 3]);
    }
    let bands = fields.fields("priority_delay_multipliers")?;
    let (low, normal, urgent) = (
        bands.optional("low_multiplier")?,
        bands.optional("normal_multiplier")?,
        bands.optional("urgent_multiplier")?,
    );
    Some([low, normal, urgent])
}

/// Reads a key if it is given; `None` if it is faulty.
#[expect(clippy::option_option, reason = "not given is not the same as faulty")]
fn given<T>(fields: &Fields, name: &str, read: impl FnOnce() -> Option<T>) -> Option<Option<T>> {
    match fields.given(name) {
        Some(_) => read().map(Some),
        None => Some(None),
    }
}

/// Reads which queues delay cost is charged in.
pub(super) fn delay_cost_queues(root: &Fields) -> Option<DelayCostQueues> {
    section(root, "cost_rates", &keys::COSTS)?.word(
        "delay_cost_queues",
        &[("queue1", DelayCostQueues::Queue1), ("both", DelayCostQueues::Both)],
    )
}

/// Returns a section's fields: those given, or none; `None` if the section is faulty.
pub(super) fn section(
    owner: &Fields,
    name: &str,
    shape: &'static crate::shape::Shape,
) -> Option<Fields> {
    match owner.given(name) {
        Some(_) => owner.fields(name).cloned(),
        None => Some(Fields::empty(shape, owner.span)),
    }
}

fn read_rate(
    checker: &mut Checker<'_>,
    fields: &Fields,
    name: &str,
    unit: Unit,
    time: Option<&Time>,
) -> Option<Rate> {
    let Some(yearly) = fields.fields(name) else { return fields.read(name) };
    let Typed::Yearly(per_year) = &yearly.item("per_year")?.typed else { return None };
    let Some(tick_seconds) = time?.tick_seconds else {
        let hint = "give `tick_seconds` under `simulation`".to_owned();
        let message = format!("`{name}` is a yearly rate, but ticks have no length");
        checker.fault(yearly.span, message, Some(hint));
        return None;
    };
    let (rate, parts_of_one) = match (per_year, unit) {
        (YearlyRate::Bps(rate), Unit::One) => (rate, BPS_PER_ONE),
        (YearlyRate::Plain(rate) | YearlyRate::Bps(rate), _) => (rate, 1),
    };
    let day_count = i128::from(yearly.read::<u32>("day_count")?);
    // At most 2^63 x 2^32 and 10^12 x 10^4 x 2^32 x 86,400.
    let numerator = i128::from(rate.trillionths()).saturating_mul(tick_seconds.into());
    let denominator = TRILLION
        .saturating_mul(parts_of_one)
        .saturating_mul(day_count)
        .saturating_mul(SECONDS_PER_DAY.into());
    match Rate::from_ratio(numerator, denominator) {
        Ok(rate) => Some(rate),
        Err(error) => {
            checker.fault(yearly.span, format!("`{name}` a tick is {error}"), None);
            None
        }
    }
}

fn penalty(fields: &Fields, name: &str) -> Option<Penalty> {
    match fields.given(name) {
        None => fields.read(name).map(Penalty::Fixed),
        Some(given) => match &given.item.as_ref()?.typed {
            Typed::Variant("rate", rate) => rate.read("bps_per_event").map(Penalty::Bps),
            Typed::Variant(_, fixed) => fixed.read("amount").map(Penalty::Fixed),
            _ => fields.read(name).map(Penalty::Fixed),
        },
    }
}

fn multipliers(fields: &Fields) -> Option<PriorityMultipliers> {
    let key = fields.shape.key("priority_delay_multipliers")?;
    let crate::shape::Kind::Map(shape) = key.kind else { return None };
    let bands = section(fields, key.name, shape)?;
    let (low, normal, urgent) = (
        bands.read("low_multiplier")?,
        bands.read("normal_multiplier")?,
        bands.read("urgent_multiplier")?,
    );
    Some(PriorityMultipliers([low, normal, urgent]))
}
