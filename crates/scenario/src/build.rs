//! From typed keys to the model's scenario, part by part.
//!
//! Each part reads what it needs, reports what does not fit together and gives `None` where
//! something is missing that has already been reported.

pub(crate) mod agents;
mod arrivals;
mod costs;
mod events;
mod free_drops;
mod idle_reservations;
mod ids;
mod instructions;
mod interventions;
#[expect(clippy::arithmetic_side_effects, reason = "128-bit sums of 64-bit amounts")]
mod limits;
mod liquidity_saving;
mod payments;
mod policies;
mod presets;
mod rules;
pub(crate) mod time;
mod when;

use psim_model::{
    CostRates, Currency, LiquidityBounds, LiquiditySaving, Money, PolicySettings, PreparedPayments,
    ProfileWindow, RngStreams, Rules, Scenario,
};

use crate::check::Checker;
use crate::overrides::Overrides;
use crate::policies::check_focus;
use crate::synth;
use crate::typed::Fields;
use interventions::{Interventions, Known};

/// Builds the scenario of a file; `None` if a fault was reported that leaves none.
///
/// Of `overrides` only the policies are left to be given to agents.
pub(crate) fn scenario(
    checker: &mut Checker<'_>,
    mut root: Fields,
    overrides: &Overrides,
) -> Option<Scenario> {
    presets::apply(checker, &mut root);
    let root = &root;
    warn_of_toggles(checker, root);
    let system = System::read(checker, root);
    let banks = Banks::read(checker, root, &system, overrides);
    let planned = Planned::read(checker, root, &system, &banks);
    together(checker, root, system, banks, planned)
}

/// How the system works; `None` is what is faulty.
struct System {
    time: Option<time::Time>,
    costs: Option<CostRates>,
    rules: Option<Rules>,
    rate_profile: Option<Vec<ProfileWindow>>,
    currency: Option<Currency>,
    liquidity_saving: Option<LiquiditySaving>,
    policies: Option<PolicySettings>,
}

impl System {
    fn read(checker: &mut Checker<'_>, root: &Fields) -> Self {
        let time = time::read(checker, root);
        Self {
            costs: costs::read(checker, root, time.as_ref()),
            rules: rules::read(checker, root, time.as_ref()),
            rate_profile: time.as_ref().and_then(|time| rules::rate_profile(checker, root, time)),
            currency: currency(checker, root),
            liquidity_saving: liquidity_saving::read(checker, root, time.as_ref()),
            policies: policies::settings(checker, root, time.as_ref()),
            time,
        }
    }
}

/// The agents so far, and where payments come from; `None` is what is faulty.
struct Banks {
    members: Option<agents::Members>,
    rng_seed: Option<u64>,
    origin: Option<payments::Origin>,
    for_all: agents::ForAll,
    drafts: Option<agents::Drafts>,
}

impl Banks {
    fn read(
        checker: &mut Checker<'_>,
        root: &Fields,
        system: &System,
        overrides: &Overrides,
    ) -> Self {
        let members = agents::members(checker, root);
        let draws = members.as_ref().is_some_and(agents::draw_payments) || synth::needs_seed(root);
        let rng_seed = time::seed(checker, root, draws);
        let time = system.time.as_ref();
        let origin = payments::origin(checker, root, time, members.as_ref(), rng_seed);
        let profile = system.rate_profile.iter().flatten();
        let for_all = agents::ForAll {
            highest_factor: profile.fold(1.0, |most, window| window.factor.max(most)),
            kept: limits::reservations(root),
            policies: policies::Followed::read(checker, root, overrides),
        };
        let drafts = members
            .as_ref()
            .and_then(|members| drafts(checker, root, members, origin.as_ref(), &for_all));
        Self { members, rng_seed, origin, for_all, drafts }
    }
}

/// What is known of the run before it begins.
struct Planned<'a> {
    interventions: Interventions<'a>,
    /// Those from data; `None` if they are faulty.
    payments: Option<PreparedPayments>,
}

impl<'a> Planned<'a> {
    fn read(checker: &mut Checker<'_>, root: &'a Fields, system: &System, banks: &Banks) -> Self {
        let (time, drafts) = (system.time.as_ref(), banks.drafts.as_ref());
        let known = Known { time, drafts, saving: system.liquidity_saving.as_ref() };
        let interventions = Interventions::read(checker, root, &known);
        let numbered = banks.members.as_ref().is_some_and(agents::draw_payments)
            || interventions.create_payments()
            || drafts.is_some_and(agents::Drafts::split_payments);
        let payments = banks
            .origin
            .as_ref()
            .and_then(|origin| payments::read(checker, root, origin, time, drafts, numbered));
        if let Some(payments) = &payments {
            interventions.check_ids(checker, payments, numbered);
        }
        Self { interventions, payments }
    }
}

/// Puts a scenario together, and checks what only shows in the whole.
fn together(
    checker: &mut Checker<'_>,
    root: &Fields,
    system: System,
    banks: Banks,
    planned: Planned<'_>,
) -> Option<Scenario> {
    let Planned { interventions, payments } = planned;
    let mut drafts = banks.drafts?;
    if drafts.is_complete() {
        banks.for_all.policies.check_names(checker, &drafts.roster);
        check_focus(checker, &drafts.roster);
    }
    balances(checker, root, &mut drafts, payments.as_ref());
    let (kept, shares) = (drafts.kept(), drafts.said_shares());
    let (draw_order, agents) = drafts.finish()?;
    let kept = kept?;
    limits::weigh(checker, &kept, &agents, interventions.bring_in_liquidity());
    let (events, instructions) = interventions.lists()?;
    let scenario = Scenario {
        calendar: system.time.filter(|time| time.is_whole)?.calendar,
        currency: system.currency?,
        rng_seed: banks.rng_seed?,
        rng_streams: rng_streams(root)?,
        rate_profile: system.rate_profile?,
        agents,
        draw_order,
        payments: payments?,
        rules: system.rules?,
        policies: system.policies?,
        liquidity_saving: system.liquidity_saving?,
        costs: system.costs?,
        events,
        instructions,
    };
    let rates_fit = interventions.check_rates(checker, &scenario)
        && rates_fit(checker, root, banks.members.as_ref(), &scenario);
    free_drops::warn(checker, root, &scenario);
    idle_reservations::warn(checker, &kept, &scenario);
    policies::warn_of_two_shares(checker, &scenario, &shares);
    (money_fits(checker, root, &scenario) && rates_fit).then_some(scenario)
}

fn money_fits(checker: &mut Checker<'_>, root: &Fields, scenario: &Scenario) -> bool {
    let fits = scenario.money_fits();
    if !fits {
        let reach = crate::scalar::grouped(scenario.money_in_reach().minor());
        let message = format!(
            "opening balances, credit, collateral and pools together are {reach} minor units; \
             the ledger holds less than 2^61 (2,305,843,009,213,693,952)"
        );
        checker.fault(root.given("agents").map_or(root.span, |g| g.key_span), message, None);
    }
    fits
}

/// Refuses rates by which too many payments would be generated, at the highest of them.
fn rates_fit(
    checker: &mut Checker<'_>,
    root: &Fields,
    members: Option<&agents::Members>,
    scenario: &Scenario,
) -> bool {
    let Err(fault) = scenario.check_generated() else { return true };
    let agents = members.into_iter().flatten().flatten();
    let span = arrivals::place_of_highest_rate(agents).unwrap_or(root.span_of("agents"));
    checker.fault(span, fault.to_string(), None);
    false
}

/// Drafts the agents as given, or as a synthetic day names them.
fn drafts(
    checker: &mut Checker<'_>,
    root: &Fields,
    members: &agents::Members,
    origin: Option<&payments::Origin>,
    for_all: &agents::ForAll,
) -> Option<agents::Drafts> {
    if !members.is_empty() {
        return Some(agents::drafts(checker, members, for_all));
    }
    let payments::Origin::Synth(days) = origin? else {
        checker.fault(root.span, "a scenario lacks `agents`", None);
        return None;
    };
    let span = root.span_of("payments");
    if root.given("opening_balances").is_none() {
        let hint = "give `opening_balances: {bounds: 0.5}`, or a list of `agents`";
        let message = "the participants of `synth` have no opening balances";
        checker.fault(span, message, Some(hint.to_owned()));
        return None;
    }
    Some(agents::drafts_of_ids(checker, days.participants(), span, for_all))
}

/// Longest currency code.
const CURRENCY_CHARS: usize = 16;

fn currency(checker: &mut Checker<'_>, root: &Fields) -> Option<Currency> {
    let code: String = root.read("currency")?;
    if code.chars().count() > CURRENCY_CHARS || code.chars().any(char::is_control) {
        let message =
            format!("`currency` is longer than {CURRENCY_CHARS} characters or not printable");
        checker.fault(root.span_of("currency"), message, None);
        return None;
    }
    Some(Currency { code, decimals: root.read("currency_decimals")? })
}

/// Says that a section of the predecessor does nothing.
fn warn_of_toggles(checker: &mut Checker<'_>, root: &Fields) {
    if let Some(given) = root.given("cost_feature_toggles") {
        let message = "`cost_feature_toggles` has no effect";
        let hint = "it filtered a list that the predecessor printed; delete it".to_owned();
        checker.warn(given.key_span, message, Some(hint));
    }
}

fn rng_streams(root: &Fields) -> Option<RngStreams> {
    let streams = [("shared", RngStreams::Shared), ("per_agent", RngStreams::PerAgent)];
    root.word("rng_streams", &streams)
}

/// Fills in opening balances that follow from the payments, and demands those that do not.
fn balances(
    checker: &mut Checker<'_>,
    root: &Fields,
    drafts: &mut agents::Drafts,
    payments: Option<&PreparedPayments>,
) {
    let Some(given) = root.given("opening_balances") else {
        drafts.demand_balances(checker);
        return;
    };
    let Some(fields) = root.fields("opening_balances") else { return };
    drafts.refuse_balances(checker, given.key_span);
    let (Some(alpha), Some(payments)) = (fields.read("bounds"), payments) else { return };
    if root.given("payments").is_none() {
        let message = "`opening_balances` by bounds needs `payments` from data";
        checker.fault(given.key_span, message, None);
        return;
    }
    match LiquidityBounds::of(drafts.len(), &payments.rows) {
        Ok(bounds) => drafts.set_balances(&bounds.at(alpha)),
        Err(error) => {
            drafts.set_balances(&vec![Money::ZERO; drafts.len()]);
            checker.fault(given.key_span, error.to_string(), None);
        }
    }
}
