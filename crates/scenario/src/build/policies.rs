//! Who follows which policy, and what policies are told.

use std::path::Path;

use psim_model::{AgentNo, Fraction, Policy, PolicySettings, Scenario};
use rustc_hash::FxHashMap;

use super::agents::Roster;
use super::time::{Edge, Time};
use crate::caller::Caller;
use crate::check::Checker;
use crate::diagnostic::{clipped, counted, quoted};
use crate::overrides::Overrides;
use crate::policies::{self, Asked, Features};
use crate::source::{Source, Span};
use crate::typed::{Fields, Given, Typed};

/// The policies of agents that have none of their own, or not the one that counts.
pub(super) struct Followed {
    /// That of the top level; `None` if it is faulty.
    usual: Option<Asked>,
    /// Those of the command line, by agent; a faulty one is `None`.
    commanded: FxHashMap<String, Option<Asked>>,
    /// The agents that the command line names, and where; and what they are to follow.
    named: Vec<(String, Span, String)>,
}

/// What stands for all agents.
const ALL: &str = "*";
/// Most characters of a hint that repeats what was given.
const LONGEST_HINT: usize = 300;

impl Followed {
    /// Reads the top level's policy and those of the command line.
    pub(super) fn read(checker: &mut Checker<'_>, root: &Fields, overrides: &Overrides) -> Self {
        checker.policies.features = Features::read(checker, root);
        let usual = match root.given("policy") {
            Some(given) => given.item.as_ref().and_then(|item| policies::asked(checker, item)),
            None => Asked::fifo(checker, root.span),
        };
        let mut followed = Self { usual, commanded: FxHashMap::default(), named: Vec::new() };
        for command in &overrides.policies {
            followed.command(checker, overrides.caller, command);
        }
        if let Some(given) = root.given("policy")
            && followed.commanded.contains_key(ALL)
        {
            warn_if_replaced(checker, given, "all agents", ALL);
        }
        followed
    }

    fn command(&mut self, checker: &mut Checker<'_>, caller: Caller, command: &str) {
        let source = checker.sources.add(Source::new(caller.policy(), command));
        let span = |start, end| Span::new(source, start, end);
        let Some((agent, name)) = command.split_once('=') else {
            let hint = "such as `BANK_A=policy.json`, `BANK_A=deadline` or `*=deadline`";
            let message = "expected `AGENT=FILE` or `AGENT=NAME`";
            checker.fault(span(0, command.len()), message, Some(hint.to_owned()));
            return;
        };
        if name.is_empty() {
            checker.fault(span(0, command.len()), "no policy after `=`", None);
            return;
        }
        if let Some(each) = one_by_one(command, name) {
            let (message, hint) = caller.each_policy(&each);
            let hint = clipped(&hint, LONGEST_HINT);
            checker.fault(span(0, command.len()), message, Some(hint));
            return;
        }
        let at = span(agent.len().saturating_add(1), command.len());
        let asked = policies::asked_by_command(checker, name, at);
        self.commanded.insert(agent.to_owned(), asked);
        if agent != ALL {
            self.named.push((agent.to_owned(), span(0, agent.len()), name.to_owned()));
        }
    }

    /// Reports agents of the command line that do not exist.
    pub(super) fn check_names(&self, checker: &mut Checker<'_>, roster: &Roster) {
        for (id, span, policy) in &self.named {
            if roster.find(id.as_bytes()).is_none() {
                let several = each_agent(id, roster).map(|agents| {
                    let each = agents.into_iter().map(|agent| format!("{agent}={policy}"));
                    let (_, hint) = checker.caller.each_policy(&each.collect::<Vec<_>>());
                    clipped(&hint, LONGEST_HINT)
                });
                let hint = several.or_else(|| checker.suggest_agent(id, roster));
                checker.fault(*span, format!("unknown agent {}", quoted(id)), hint);
            }
        }
    }

    /// Returns the policy that an agent follows from the start.
    pub(super) fn by(&self, checker: &mut Checker<'_>, id: &str, agent: &Fields) -> Option<Policy> {
        let commanded = self.commanded.get(id).or_else(|| self.commanded.get(ALL));
        if let (Some(_), Some(given)) = (commanded, agent.given("policy")) {
            warn_if_replaced(checker, given, &quoted(id), id);
        }
        let own = agent.given("policy").map(|given| {
            // It is looked at even where another counts.
            given.item.as_ref().and_then(|item| policies::asked(checker, item))
        });
        let asked = match (commanded, &own) {
            (Some(commanded), _) => commanded.as_ref()?,
            (None, Some(own)) => own.as_ref()?,
            (None, None) => self.usual.as_ref()?,
        };
        let parameters = policies::under_params(agent);
        let policy = policies::make(checker, asked, &parameters, commanded.is_some());
        // A faulty parameter has been told, and leaves no policy.
        policy.filter(|_| agent.given("params").is_none_or(|given| given.item.is_some()))
    }
}

/// Warns of a policy that the caller sets for an agent and replaces by another.
fn warn_if_replaced(checker: &mut Checker<'_>, given: &Given, whose: &str, id: &str) {
    if !checker.is_set(given.key_span) {
        return;
    }
    let by = checker.caller.policy();
    let message = format!("this has no effect: `{by}` gives {whose} another policy");
    let hint = (id != ALL)
        .then(|| format!("parameters of that one are set as {}", quoted(&parameter_path(id))));
    checker.warn(given.key_span, message, hint);
}

/// Returns how a parameter of an agent's policy is set.
fn parameter_path(id: &str) -> String {
    let is_word = id.chars().all(|it| it.is_alphanumeric() || matches!(it, '_' | '-'));
    let agent = if is_word { format!(".{id}") } else { format!("[\"{id}\"]") };
    format!("agents{agent}.params.NAME=NUMBER")
}

/// Takes apart the ids of several agents, `A,B`.
fn each_agent<'i>(ids: &'i str, roster: &Roster) -> Option<Vec<&'i str>> {
    let each: Vec<&str> = ids.split(',').map(str::trim).collect();
    let are_agents = each.iter().all(|id| roster.find(id.as_bytes()).is_some());
    (each.len() > 1 && are_agents).then_some(each)
}

/// Takes apart what was given for several agents in one, `A=fifo,B=hold`, unless a file is called
/// so or a document is written out.
fn one_by_one<'c>(command: &'c str, name: &str) -> Option<Vec<&'c str>> {
    if !name.contains(',') || name.starts_with('{') || Path::new(name).exists() {
        return None;
    }
    let each: Vec<&str> = command.split(',').map(str::trim).collect();
    let is_one = |one: &&str| {
        one.split_once('=').is_some_and(|(id, name)| !(id.is_empty() || name.is_empty()))
    };
    each.iter().all(is_one).then_some(each)
}

/// Reads a policy that an agent is given later, under the key `policy`.
pub(super) fn later(checker: &mut Checker<'_>, fields: &Fields) -> Option<Policy> {
    policies::asked(checker, fields.item("policy")?)?.policy(checker)
}

/// Reads what policies are told, and what they tell.
pub(super) fn settings(
    checker: &mut Checker<'_>,
    root: &Fields,
    time: Option<&Time>,
) -> Option<PolicySettings> {
    let throughput_guideline = guideline(checker, root, time);
    Some(PolicySettings {
        eod_rush_threshold: root.read("eod_rush_threshold")?,
        throughput_guideline: throughput_guideline?,
        trace_decisions: root.read("trace_decisions")?,
    })
}

fn guideline(
    checker: &mut Checker<'_>,
    root: &Fields,
    time: Option<&Time>,
) -> Option<Vec<(u32, Fraction)>> {
    let Some(given) = root.given("throughput_guideline") else { return Some(Vec::new()) };
    let Typed::List(items) = &given.item.as_ref()?.typed else { return None };
    let mut points: Vec<(u32, Fraction, &Fields)> = Vec::new();
    let mut sound = true;
    for item in items {
        let fields = item.as_ref().and_then(|item| match &item.typed {
            Typed::Fields(fields) => Some(fields),
            _ => None,
        });
        match fields.and_then(|fields| point(checker, fields, time).map(|it| (it.0, it.1, fields)))
        {
            Some(point) => points.push(point),
            None => sound = false,
        }
    }
    for (before, after) in points.iter().zip(points.iter().skip(1)) {
        let message = if after.0 <= before.0 {
            format!("tick {} is not after the point before it, tick {}", after.0, before.0)
        } else if after.1 < before.1 {
            format!("`fraction` {} is below that of the point before it, {}", after.1, before.1)
        } else {
            continue;
        };
        checker.fault_between(after.2.span, message, before.2.span, "the point before");
        sound = false;
    }
    sound.then(|| points.into_iter().map(|(tick, fraction, _)| (tick, fraction)).collect())
}

fn point(
    checker: &mut Checker<'_>,
    fields: &Fields,
    time: Option<&Time>,
) -> Option<(u32, Fraction)> {
    if let (Some(clock), Some(tick)) = (fields.given("time"), fields.given("tick_in_day")) {
        let message = "`time` and `tick_in_day` exclude each other";
        checker.fault_between(clock.key_span, message, tick.key_span, "given here");
        return None;
    }
    let name = if fields.given("time").is_some() { "time" } else { "tick_in_day" };
    let tick = time?.moment(checker, fields.item(name)?, Edge::At, name);
    Some((tick?, fields.read("fraction")?))
}

/// An agent that says what share of its pool is brought in, and where.
pub(super) struct SaidShare {
    pub(super) agent: AgentNo,
    pub(super) span: Span,
}

/// Warns of shares of pools that are given by an agent and by its policy too.
pub(super) fn warn_of_two_shares(
    checker: &mut Checker<'_>,
    scenario: &Scenario,
    said: &[SaidShare],
) {
    let mut spoken: Vec<(&str, &SaidShare, usize)> = Vec::new();
    let mut places: FxHashMap<&str, usize> = FxHashMap::default();
    for share in said {
        let Some(agent) = scenario.agents.get(share.agent.index()) else { continue };
        if agent.policy.initial_liquidity_fraction().is_none() {
            continue;
        }
        let policy = agent.policy.id();
        let place = *places.entry(policy).or_insert(spoken.len());
        match spoken.get_mut(place) {
            Some((_, _, others)) => *others = others.saturating_add(1),
            None => spoken.push((policy, share, 0)),
        }
    }
    for (policy, share, others) in spoken {
        let id = scenario.agents.get(share.agent.index()).map_or("", |agent| agent.id.as_str());
        let whose = match others {
            0 => quoted(id),
            others => format!("{} and {}", quoted(id), counted(others, "other agent")),
        };
        let message = format!(
            "`liquidity_allocation_fraction` of {whose} wins over `initial_liquidity_fraction` of \
             {}",
            quoted(policy)
        );
        checker.warn(share.span, message, None);
    }
}
