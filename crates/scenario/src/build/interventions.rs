//! Scenario events and instructions: what they have in common, and how they fit the rest.

use psim_model::{
    AgentNo, CollateralChange, Instruction, Limits, LiquiditySaving, MAX_RATE_PER_TICK, Money,
    Policy, RtgsPriority, Scenario, ScenarioEvent, ScheduledEvent, ScheduledInstruction,
};

use super::agents::Drafts;
use super::presets;
use super::time::Time;
use super::{events, instructions, limits, policies};
use crate::check::Checker;
use crate::diagnostic::quoted;
use crate::scalar::plain;
use crate::source::Span;
use crate::typed::{Fields, Item, Typed};

/// What events and instructions are read against, as far as it is known.
pub(super) struct Known<'a> {
    pub(super) time: Option<&'a Time>,
    pub(super) drafts: Option<&'a Drafts>,
    pub(super) saving: Option<&'a LiquiditySaving>,
}

/// Something that was read, and the keys it was read from.
pub(super) struct Placed<'a, T> {
    pub(super) subject: T,
    pub(super) fields: &'a Fields,
}

/// All that is scheduled; a list with a faulty element is `None`.
pub(super) struct Interventions<'a> {
    events: Option<Vec<Placed<'a, ScheduledEvent>>>,
    instructions: Option<Vec<Placed<'a, ScheduledInstruction>>>,
}

impl<'a> Interventions<'a> {
    /// Reads the events and the instructions of a scenario.
    pub(super) fn read(checker: &mut Checker<'_>, root: &'a Fields, known: &Known<'_>) -> Self {
        let events = list(checker, root, "scenario_events", known, events::read);
        let mut instructions = list(checker, root, "instructions", known, instructions::read);
        if let Some(instructions) = &mut instructions {
            instructions.sort_by_key(|placed| placed.subject.tick);
        }
        let interventions = Self { events, instructions };
        interventions.warn_of_unused_limit_rules(checker, root, known);
        interventions
    }

    fn events(&self) -> impl Iterator<Item = &Placed<'a, ScheduledEvent>> {
        self.events.iter().flatten()
    }

    fn instructions(&self) -> impl Iterator<Item = &Placed<'a, ScheduledInstruction>> {
        self.instructions.iter().flatten()
    }

    /// Returns whether they may create payments that are given no id.
    pub(super) fn create_payments(&self) -> bool {
        self.events().any(|placed| placed.subject.event.creates_payments())
            || self.instructions().any(|placed| placed.subject.instruction.creates_payments())
    }

    /// Returns whether they may give agents more than they have at the start, all together; of
    /// faulty ones that is assumed.
    pub(super) fn bring_in_liquidity(&self) -> bool {
        let adds = |event: &ScenarioEvent| match event {
            ScenarioEvent::DirectTransfer { .. } => true,
            ScenarioEvent::CreditLimitChange { delta, .. } => delta.is_positive(),
            ScenarioEvent::CollateralValueChange { change, .. } => match change {
                CollateralChange::PostedDelta(delta) => delta.is_positive(),
                CollateralChange::Haircut(_) => true,
            },
            _ => false,
        };
        self.events.is_none()
            || self.instructions.is_none()
            || self.events().any(|placed| adds(&placed.subject.event))
            || self.instructions().any(|placed| {
                matches!(placed.subject.instruction, Instruction::PostCollateral { .. })
            })
    }

    /// Checks the ids of payments that instructions give and mean.
    pub(super) fn check_ids(
        &self,
        checker: &mut Checker<'_>,
        payments: &psim_model::PreparedPayments,
        numbered: bool,
    ) {
        let instructions: Vec<_> = self.instructions().collect();
        super::ids::check(checker, &instructions, payments, numbered);
    }

    /// Reports changes of arrival rates that raise one above what can be drawn; returns whether
    /// there is none.
    pub(super) fn check_rates(&self, checker: &mut Checker<'_>, scenario: &Scenario) -> bool {
        let profile = scenario.rate_profile.iter().map(|window| window.factor).fold(1.0, f64::max);
        let scheduled = scenario.highest_scheduled_factors();
        let raised: Vec<bool> = (0..)
            .zip(&scenario.agents)
            .map(|(no, agent)| {
                let rates = agent.arrivals.iter().map(|stream| stream.rate_per_tick);
                let highest = rates.fold(0.0, f64::max) * profile;
                highest * scheduled.of(AgentNo(no)) > MAX_RATE_PER_TICK
            })
            .collect();
        let first = raised.iter().position(|raised| *raised);
        let mut sound = true;
        for placed in self.events() {
            let (factor, whose) = match placed.subject.event {
                ScenarioEvent::GlobalArrivalRateChange { multiplier } => (multiplier, first),
                ScenarioEvent::AgentArrivalRateChange { agent, multiplier } => {
                    (multiplier, Some(agent.index()).filter(|at| raised.get(*at) == Some(&true)))
                }
                _ => continue,
            };
            let agent = whose.filter(|_| factor > 1.0).and_then(|at| scenario.agents.get(at));
            if let Some(agent) = agent {
                let id = quoted(&agent.id);
                let most = plain(MAX_RATE_PER_TICK);
                let message = format!("`multiplier` raises an arrival rate of {id} above {most}");
                checker.fault(placed.fields.span_of("multiplier"), message, None);
                sound = false;
            }
        }
        sound
    }

    fn warn_of_unused_limit_rules(
        &self,
        checker: &mut Checker<'_>,
        root: &Fields,
        known: &Known<'_>,
    ) {
        let sets = |event: &ScenarioEvent| matches!(event, ScenarioEvent::LimitChange { .. });
        let exist = known.drafts.is_none_or(Drafts::have_limits)
            || self.events.is_none()
            || self.instructions.is_none()
            || self.events().any(|placed| sets(&placed.subject.event))
            || self
                .instructions()
                .any(|placed| matches!(placed.subject.instruction, Instruction::SetLimits { .. }));
        if exist || presets::of(root).is_some() {
            return;
        }
        for name in ["limits_basis", "limits_apply_to"] {
            if root.item(name).is_some() {
                let message = format!("`{name}` has no effect: no agent has limits");
                checker.warn(root.span_of(name), message, None);
            }
        }
    }

    /// Returns the events in file order and the instructions in order of their ticks.
    pub(super) fn lists(&self) -> Option<(Vec<ScheduledEvent>, Vec<ScheduledInstruction>)> {
        let (events, instructions) = (self.events.as_ref()?, self.instructions.as_ref()?);
        let events = events.iter().map(|placed| placed.subject.clone()).collect();
        let instructions = instructions.iter().map(|placed| placed.subject.clone()).collect();
        Some((events, instructions))
    }
}

fn list<'a, T>(
    checker: &mut Checker<'_>,
    root: &'a Fields,
    name: &str,
    known: &Known<'_>,
    read: impl Fn(&mut Reader<'_, '_>, &str) -> Option<T>,
) -> Option<Vec<Placed<'a, T>>> {
    let Some(given) = root.given(name) else { return Some(Vec::new()) };
    let Typed::List(items) = &given.item.as_ref()?.typed else { return None };
    let mut one = |item: &'a Option<Item>| {
        let Typed::Variant(kind, fields) = &item.as_ref()?.typed else { return None };
        let subject = read(&mut Reader { checker, fields, known }, kind)?;
        Some(Placed { subject, fields })
    };
    // Every element is looked at before a faulty one leaves no list.
    let elements: Vec<Option<Placed<'a, T>>> = items.iter().map(&mut one).collect();
    elements.into_iter().collect()
}

/// Reads the keys of one event or instruction.
pub(super) struct Reader<'a, 'c> {
    pub(super) checker: &'a mut Checker<'c>,
    pub(super) fields: &'a Fields,
    pub(super) known: &'a Known<'a>,
}

impl Reader<'_, '_> {
    /// Reads an agent.
    pub(super) fn agent(&mut self, name: &str) -> Option<AgentNo> {
        let id: String = self.fields.read(name)?;
        self.find(&id, self.fields.span_of(name))
    }

    /// Finds an agent by its id.
    pub(super) fn find(&mut self, id: &str, span: Span) -> Option<AgentNo> {
        // Where agents are missing, one that is not found may be one of those.
        let drafts = self.known.drafts?;
        let found = drafts.roster.find(id.as_bytes());
        if found.is_none() && drafts.is_complete() {
            let hint = self.checker.suggest_agent(id, &drafts.roster);
            self.checker.fault(span, format!("unknown agent {}", quoted(id)), hint);
        }
        found
    }

    /// Reads who pays and who is paid.
    pub(super) fn agents(&mut self, payer: &str, payee: &str) -> Option<(AgentNo, AgentNo)> {
        let (from, to) = (self.agent(payer), self.agent(payee));
        let (from, to) = (from?, to?);
        if from == to {
            let id: String = self.fields.read(payee)?;
            let message = format!("{} cannot pay itself", quoted(&id));
            self.checker.fault(self.fields.span_of(payee), message, None);
            return None;
        }
        Some((from, to))
    }

    /// Reads an agent and its new limits.
    pub(super) fn limits(&mut self) -> Option<(AgentNo, Limits)> {
        let agent = self.agent("agent");
        let roster = &self.known.drafts.filter(|drafts| drafts.is_complete())?.roster;
        let limits = limits::read(self.checker, self.fields, agent, roster);
        Some((agent?, limits?))
    }

    /// Reads an agent and its new policy.
    pub(super) fn policy(&mut self) -> Option<(AgentNo, Policy)> {
        let agent = self.agent("agent");
        let policy = policies::later(self.checker, self.fields);
        Some((agent?, policy?))
    }

    /// Reads an amount, which has been checked already.
    pub(super) fn amount(&self) -> Option<Money> {
        self.fields.read("amount")
    }
}

/// Reads a declared class.
pub(super) fn class(fields: &Fields, name: &str) -> Option<RtgsPriority> {
    RtgsPriority::named(fields.read(name)?)
}
