//! Scenario events: scheduled shocks and changes.

use psim_model::{CollateralChange, CostRatesChange, LsmAlgorithm, ScenarioEvent, ScheduledEvent};

use super::costs;
use super::interventions::{Reader, class};
use super::time::Edge;
use super::when;
use crate::diagnostic::quoted;

/// Reads one event of a given type.
pub(super) fn read(reader: &mut Reader<'_, '_>, kind: &str) -> Option<ScheduledEvent> {
    let schedule = when::schedule(reader.checker, reader.fields, reader.known.time);
    let event = event(reader, kind)?;
    warn_without_effect(reader, &event);
    Some(ScheduledEvent { schedule: schedule?, event })
}

fn event(reader: &mut Reader<'_, '_>, kind: &str) -> Option<ScenarioEvent> {
    let fields = reader.fields;
    Some(match kind {
        "DirectTransfer" => {
            let (from_agent, to_agent) = reader.agents("from_agent", "to_agent")?;
            ScenarioEvent::DirectTransfer { from_agent, to_agent, amount: reader.amount()? }
        }
        "ScheduledSettlement" => {
            let (from_agent, to_agent) = reader.agents("from_agent", "to_agent")?;
            ScenarioEvent::ScheduledSettlement { from_agent, to_agent, amount: reader.amount()? }
        }
        "CustomTransactionArrival" => arrival(reader)?,
        "CreditLimitChange" => {
            let agent = reader.agent("agent")?;
            ScenarioEvent::CreditLimitChange { agent, delta: fields.read("delta")? }
        }
        "GlobalArrivalRateChange" => {
            ScenarioEvent::GlobalArrivalRateChange { multiplier: fields.read("multiplier")? }
        }
        "AgentArrivalRateChange" => {
            let agent = reader.agent("agent")?;
            ScenarioEvent::AgentArrivalRateChange { agent, multiplier: fields.read("multiplier")? }
        }
        "CounterpartyWeightChange" => {
            let (agent, counterparty) = reader.agents("agent", "counterparty")?;
            ScenarioEvent::CounterpartyWeightChange {
                agent,
                counterparty,
                new_weight: fields.read("new_weight")?,
                auto_balance_others: fields.read("auto_balance_others")?,
            }
        }
        "DeadlineWindowChange" => ScenarioEvent::DeadlineWindowChange {
            min_ticks_multiplier: fields.optional("min_ticks_multiplier")?,
            max_ticks_multiplier: fields.optional("max_ticks_multiplier")?,
        },
        "CollateralValueChange" => collateral_value(reader)?,
        "ParticipantOutage" => ScenarioEvent::ParticipantOutage { agent: reader.agent("agent")? },
        "ParticipantRecovery" => {
            ScenarioEvent::ParticipantRecovery { agent: reader.agent("agent")? }
        }
        _ => change_of_rules(reader, kind)?,
    })
}

/// Reads an event that changes what a scenario says elsewhere.
fn change_of_rules(reader: &mut Reader<'_, '_>, kind: &str) -> Option<ScenarioEvent> {
    let fields = reader.fields;
    Some(match kind {
        "CutOffChange" => {
            let item = fields.item("tick_in_day")?;
            let time = reader.known.time?;
            let tick_in_day = time.moment(reader.checker, item, Edge::At, "tick_in_day")?;
            ScenarioEvent::CutOffChange { tick_in_day }
        }
        "CostRateChange" => ScenarioEvent::CostRateChange { rates: rates(reader)? },
        "LsmConfigChange" => {
            let changes = fields.fields("lsm_config")?;
            ScenarioEvent::LsmConfigChange {
                enable_bilateral: changes.optional("enable_bilateral")?,
                enable_cycles: changes.optional("enable_cycles")?,
            }
        }
        "LimitChange" => {
            let (agent, limits) = reader.limits()?;
            ScenarioEvent::LimitChange { agent, limits }
        }
        "PolicyChange" => {
            let (agent, policy) = reader.policy()?;
            ScenarioEvent::PolicyChange { agent, policy }
        }
        _ => return None,
    })
}

/// Deadlines that are not given lie a tenth of a day ahead, and at least this many ticks.
const LEAST_USUAL_DEADLINE: u32 = 5;

fn arrival(reader: &mut Reader<'_, '_>) -> Option<ScenarioEvent> {
    let fields = reader.fields;
    let (from_agent, to_agent) = reader.agents("from_agent", "to_agent")?;
    let deadline = match fields.optional("deadline")? {
        Some(deadline) => deadline,
        None => (reader.known.time?.calendar.ticks_per_day() / 10).max(LEAST_USUAL_DEADLINE),
    };
    Some(ScenarioEvent::CustomTransactionArrival {
        from_agent,
        to_agent,
        amount: reader.amount()?,
        priority: fields.read("priority")?,
        rtgs_priority: class(fields, "rtgs_priority")?,
        deadline,
        is_divisible: fields.optional("is_divisible")?,
    })
}

fn collateral_value(reader: &mut Reader<'_, '_>) -> Option<ScenarioEvent> {
    let fields = reader.fields;
    let agent = reader.agent("agent");
    let change = match (fields.given("posted_delta"), fields.given("haircut")) {
        (Some(delta), Some(haircut)) => {
            let message = "`haircut` and `posted_delta` exclude each other";
            reader.checker.fault_between(haircut.key_span, message, delta.key_span, "given here");
            None
        }
        (Some(_), None) => fields.read_given("posted_delta").map(CollateralChange::PostedDelta),
        _ => fields.read_given("haircut").map(CollateralChange::Haircut),
    };
    Some(ScenarioEvent::CollateralValueChange { agent: agent?, change: change? })
}

fn rates(reader: &mut Reader<'_, '_>) -> Option<CostRatesChange> {
    let fields = reader.fields.fields("rates")?;
    let rates = costs::changes(reader.checker, fields, reader.known.time)?;
    if rates == CostRatesChange::default() {
        reader.checker.fault(fields.span, "`rates` is empty", None);
        return None;
    }
    Some(rates)
}

/// Warns of an event that will be recorded as not applied, whatever happens before it.
fn warn_without_effect(reader: &mut Reader<'_, '_>, event: &ScenarioEvent) {
    let Some(drafts) = reader.known.drafts else { return };
    let reason = match event {
        ScenarioEvent::GlobalArrivalRateChange { .. }
        | ScenarioEvent::DeadlineWindowChange { .. }
            if !drafts.any_generates() =>
        {
            "nobody generates payments".to_owned()
        }
        ScenarioEvent::AgentArrivalRateChange { agent, .. }
        | ScenarioEvent::CounterpartyWeightChange { agent, .. }
            if !drafts.generates(*agent) =>
        {
            let id = reader.fields.read::<String>("agent").unwrap_or_default();
            format!("{} generates no payments", quoted(&id))
        }
        ScenarioEvent::LsmConfigChange { enable_bilateral, enable_cycles } => {
            let Some(saving) = reader.known.saving else { return };
            let lacks = |name| saving.algorithms.iter().all(|it| it.algorithm.name() != name);
            if enable_bilateral.is_some() && lacks(LsmAlgorithm::Bilateral) {
                "`bilateral` is not listed".to_owned()
            } else if enable_cycles.is_some() && lacks(LsmAlgorithm::Cycles) {
                "`cycles` is not listed".to_owned()
            } else {
                return;
            }
        }
        _ => return,
    };
    let kind = event.kind().as_str();
    let message = format!("`{kind}` will be recorded as not applied: {reason}");
    reader.checker.warn(reader.fields.span, message, None);
}
