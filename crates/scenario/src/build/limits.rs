//! Limits and reservations: what agents may pay, and what they keep back.

use psim_model::{Agent, AgentNo, Limits, MONEY_LIMIT, Money, Reservations, Total};

use rustc_hash::FxHashMap;

use super::agents::Roster;
use crate::check::Checker;
use crate::diagnostic::{counted, quoted};
use crate::keys;
use crate::scalar::grouped;
use crate::source::Span;
use crate::typed::{Fields, FromTyped, Typed};

/// Reads the limits of an agent under the key `limits`; without it there are none.
pub(super) fn read(
    checker: &mut Checker<'_>,
    owner: &Fields,
    agent: Option<AgentNo>,
    roster: &Roster,
) -> Option<Limits> {
    if owner.given("limits").is_none() {
        return Some(Limits::default());
    }
    let fields = owner.fields("limits")?;
    let multilateral = fields.optional("multilateral_limit")?;
    let bilateral = match fields.given("bilateral_limits") {
        Some(given) => match &given.item.as_ref()?.typed {
            Typed::ByName(limits) => {
                // All of them are looked at before the first faulty one leaves none.
                let limits: Vec<Option<(AgentNo, Money)>> = limits
                    .iter()
                    .map(|(id, span, limit)| {
                        let receiver = receiver(checker, id, *span, agent, roster)?;
                        Some((receiver, Money::from_typed(&limit.as_ref()?.typed)?))
                    })
                    .collect();
                let mut limits = limits.into_iter().collect::<Option<Vec<_>>>()?;
                limits.sort_by_key(|(receiver, _)| *receiver);
                limits
            }
            _ => return None,
        },
        None => Vec::new(),
    };
    Some(Limits { multilateral, bilateral })
}

fn receiver(
    checker: &mut Checker<'_>,
    id: &str,
    span: Span,
    agent: Option<AgentNo>,
    roster: &Roster,
) -> Option<AgentNo> {
    let Some(receiver) = roster.find(id.as_bytes()) else {
        let hint = checker.suggest_agent(id, roster);
        let message = format!("unknown agent {} in `bilateral_limits`", quoted(id));
        checker.fault(span, message, hint);
        return None;
    };
    if Some(receiver) == agent {
        let message = format!("{} has a limit for payments to itself", quoted(id));
        checker.fault(span, message, None);
        return None;
    }
    Some(receiver)
}

/// What is kept back, and where that was written.
#[derive(Clone, Copy)]
pub(super) struct Kept {
    pub(super) reservations: Reservations,
    pub(super) span: Span,
}

impl Kept {
    fn total(self) -> Total {
        Total::from(self.reservations.highly_urgent) + self.reservations.urgent.into()
    }
}

/// Reads `reservations`, which agents and the top level have.
pub(super) fn reservations(owner: &Fields) -> Option<Kept> {
    let fields = super::costs::section(owner, "reservations", &keys::RESERVATIONS)?;
    let reservations = Reservations {
        highly_urgent: fields.read("highly_urgent")?,
        urgent: fields.read("urgent")?,
    };
    Some(Kept { reservations, span: owner.span_of("reservations") })
}

/// Reports reservations that no balance can reach, and warns of those above what their agents
/// have at the start. With `may_grow` events or instructions may bring in more than there is.
pub(super) fn weigh(checker: &mut Checker<'_>, kept: &[Kept], agents: &[Agent], may_grow: bool) {
    let all: Total = agents.iter().map(reachable).sum();
    let all = if may_grow { MONEY_LIMIT } else { all };
    // Those of the top level are spoken of once, whatever the number of agents.
    let mut spoken: Vec<(Kept, Vec<&Agent>)> = Vec::new();
    let mut places: FxHashMap<(u32, u32), usize> = FxHashMap::default();
    for (kept, agent) in kept.iter().zip(agents) {
        if kept.total() <= start_liquidity(agent) {
            continue;
        }
        let place = *places.entry((kept.span.source, kept.span.start)).or_insert(spoken.len());
        match spoken.get_mut(place) {
            Some((_, beyond)) => beyond.push(agent),
            None => spoken.push((*kept, vec![agent])),
        }
    }
    for (kept, beyond) in spoken {
        let total = kept.total();
        if total > all {
            let message = format!(
                "`reservations` of {} are more than all liquidity in reach, {}: no balance can \
                 reach them",
                grouped(total.minor()),
                grouped(all.minor())
            );
            checker.fault(kept.span, message, None);
            continue;
        }
        let hint = "until it has more, its payments of lower classes cannot settle".to_owned();
        checker.warn(kept.span, beyond_start(total, &beyond), Some(hint));
    }
}

/// Says whose reservations are above what they have at the start.
fn beyond_start(total: Total, beyond: &[&Agent]) -> String {
    let total = grouped(total.minor());
    match beyond {
        [] => String::new(),
        [only] => format!(
            "`reservations` of {total} are above the liquidity that {} has at the start, {}",
            quoted(&only.id),
            grouped(start_liquidity(only).minor())
        ),
        [first, others @ ..] => format!(
            "`reservations` of {total} are above the liquidity that {} and {} have at the start",
            quoted(&first.id),
            counted(others.len(), "other agent")
        ),
    }
}

/// Returns the most that an agent's means can add to the balance of anyone.
fn reachable(agent: &Agent) -> Total {
    let pool = agent.liquidity_pool.map_or(Money::ZERO, |pool| pool.amount);
    Total::from(agent.opening_balance.or_zero()) + permission(agent) + pool.into()
}

/// Returns what an agent can pay when the first day has started.
fn start_liquidity(agent: &Agent) -> Total {
    let pool = agent
        .liquidity_pool
        .map_or(Money::ZERO, |pool| pool.fraction_under(&agent.policy).floor_of(pool.amount));
    let balance = Total::from(agent.opening_balance) + pool.into();
    (balance + permission(agent)).max(Total::ZERO)
}

fn permission(agent: &Agent) -> Total {
    let value = agent.collateral_haircut.complement().floor_of(agent.posted_collateral);
    Total::from(agent.unsecured_cap) + value.into()
}
