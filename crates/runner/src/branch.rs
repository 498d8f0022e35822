//! What a branch follows from its first tick on: the scenario of its parent with what may change.
//!
//! Costs change by a scheduled event, limits and policies by instructions, all for the first tick
//! of the branch, so that its events tell them as they would tell any change; liquidity saving and
//! what was scheduled for that tick and later are replaced.

use psim_engine::BranchError;
use psim_model::{
    AgentNo, CheckedScenario, CostRates, CostRatesChange, Instruction, PriorityMultipliers,
    Scenario, ScenarioEvent, ScenarioFault, Schedule, ScheduledEvent, ScheduledInstruction, Tick,
};

/// Why there can be no such branch.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum BranchRefusal {
    /// More is to change than may, or there is nothing left to change.
    #[error(transparent)]
    Refused(#[from] BranchError),
    /// The scenario that would be followed is not sound.
    #[error("the branch would follow a scenario that cannot be: {0}")]
    Unsound(ScenarioFault),
    /// What the scenario's files say now is not what the run follows.
    #[error(
        "the run does not follow what the files of its scenario say now ({}); put them back as \
         they were",
        .paths.join(", ")
    )]
    OtherFiles {
        /// Where that is so.
        paths: Vec<String>,
    },
}

/// Returns the scenario that a branch of a run follows from a tick on, given what the run follows
/// and how a scenario as it was written (`base`) is to become another (`wanted`).
///
/// `base` is the same as what the run follows, unless that is a branch already.
///
/// # Errors
///
/// [`BranchRefusal`]: it differs in what a branch cannot change, or its files say something else
/// now.
pub fn branch_scenario(
    parent: &CheckedScenario,
    (base, wanted): (&Scenario, &Scenario),
    at: Tick,
) -> Result<CheckedScenario, BranchRefusal> {
    if at > parent.calendar.last_tick() {
        return Err(BranchError::RunOver.into());
    }
    refuse_other_changes(base, wanted, at)?;
    let mut branch = Scenario::clone(parent);
    if base.liquidity_saving != wanted.liquidity_saving {
        branch.liquidity_saving = wanted.liquidity_saving.clone();
    }
    let offsetting = wanted.rules.entry_disposition_offsetting;
    if base.rules.entry_disposition_offsetting != offsetting {
        branch.rules.entry_disposition_offsetting = offsetting;
    }
    if base.events != wanted.events {
        let own = parent.events.strip_prefix(base.events.as_slice());
        let own = own.ok_or_else(|| other_files("scenario_events"))?;
        branch.events = wanted.events.iter().chain(own).cloned().collect();
    }
    if base.instructions != wanted.instructions {
        let own = without(&parent.instructions, &base.instructions)?;
        branch.instructions = wanted.instructions.iter().chain(own).cloned().collect();
        branch.instructions.sort_by_key(|given| given.tick);
    }
    if let Some(rates) = change_of_rates(&base.costs, &wanted.costs) {
        let event = ScenarioEvent::CostRateChange { rates };
        branch.events.push(ScheduledEvent { schedule: Schedule::OneTime { tick: at }, event });
    }
    let place = branch.instructions.partition_point(|given| given.tick <= at);
    let changes = changes_of_agents(base, wanted);
    let changes = changes.map(|instruction| ScheduledInstruction { tick: at, instruction });
    branch.instructions.splice(place..place, changes.collect::<Vec<_>>());
    branch.check().map_err(BranchRefusal::Unsound)
}

/// Checks that a run follows what its scenario says as it is read today, so that its branch changes
/// nothing but what is asked for. Of the run and the runs that it was a branch of, the first one
/// first: what each `followed`, with the tick at which it was branched off, and the scenario as it
/// was written and is `read` again.
///
/// # Errors
///
/// [`BranchRefusal`]: files that the scenario names have been changed.
pub fn check_as_read(
    followed: &[(CheckedScenario, Tick)],
    read: &[CheckedScenario],
) -> Result<(), BranchRefusal> {
    let mut before: Option<(&(CheckedScenario, Tick), &CheckedScenario)> = None;
    for (run, now) in followed.iter().zip(read) {
        let expected = match before {
            None => now.clone(),
            Some(((parent, at), base)) => branch_scenario(parent, (base, now), *at)?,
        };
        if expected.fingerprint() != run.0.fingerprint() {
            return Err(BranchRefusal::OtherFiles { paths: run.0.differences(&expected) });
        }
        before = Some((run, now));
    }
    Ok(())
}

/// Takes over all that may change; what then still differs is refused.
fn refuse_other_changes(base: &Scenario, wanted: &Scenario, at: Tick) -> Result<(), BranchError> {
    let mut allowed = base.clone();
    allowed.take_later(wanted, at);
    allowed.costs = wanted.costs;
    for (agent, wanted) in allowed.agents.iter_mut().zip(&wanted.agents) {
        if agent.id == wanted.id {
            agent.limits.clone_from(&wanted.limits);
            agent.policy.clone_from(&wanted.policy);
        }
    }
    let paths = allowed.differences(wanted);
    if paths.is_empty() { Ok(()) } else { Err(BranchError::Differs { tick: at, paths }) }
}

/// Returns what of all instructions is not among those of the files, which are some of them in the
/// same order.
fn without<'i>(
    all: &'i [ScheduledInstruction],
    of_files: &[ScheduledInstruction],
) -> Result<Vec<&'i ScheduledInstruction>, BranchRefusal> {
    let mut of_files = of_files.iter().peekable();
    let own = all.iter().filter(|given| of_files.next_if(|next| next == given).is_none()).collect();
    if of_files.peek().is_some() { Err(other_files("instructions")) } else { Ok(own) }
}

fn other_files(path: &str) -> BranchRefusal {
    BranchRefusal::OtherFiles { paths: vec![path.to_owned()] }
}

/// Returns the rates that are not the same, as they are to be.
fn change_of_rates(base: &CostRates, wanted: &CostRates) -> Option<CostRatesChange> {
    fn changed<T: PartialEq + Copy>(base: T, wanted: T) -> Option<T> {
        (base != wanted).then_some(wanted)
    }
    // Taken apart, so that a new rate cannot be forgotten.
    let CostRates {
        overdraft_bps_per_tick,
        delay_cost_per_tick_per_cent,
        collateral_cost_per_tick_bps,
        liquidity_cost_per_tick_bps,
        eod_penalty,
        deadline_penalty,
        split_friction_cost,
        overdue_delay_multiplier,
        priority_delay_multipliers: PriorityMultipliers(bands),
    } = *wanted;
    let base_bands = base.priority_delay_multipliers.0;
    let change = CostRatesChange {
        overdraft_bps_per_tick: changed(base.overdraft_bps_per_tick, overdraft_bps_per_tick),
        delay_cost_per_tick_per_cent: changed(
            base.delay_cost_per_tick_per_cent,
            delay_cost_per_tick_per_cent,
        ),
        collateral_cost_per_tick_bps: changed(
            base.collateral_cost_per_tick_bps,
            collateral_cost_per_tick_bps,
        ),
        liquidity_cost_per_tick_bps: changed(
            base.liquidity_cost_per_tick_bps,
            liquidity_cost_per_tick_bps,
        ),
        eod_penalty: changed(base.eod_penalty, eod_penalty),
        deadline_penalty: changed(base.deadline_penalty, deadline_penalty),
        split_friction_cost: changed(base.split_friction_cost, split_friction_cost),
        overdue_delay_multiplier: changed(base.overdue_delay_multiplier, overdue_delay_multiplier),
        priority_delay_multipliers: [0, 1, 2].map(|band| changed(base_bands[band], bands[band])),
    };
    (change != CostRatesChange::default()).then_some(change)
}

/// Returns what gives agents other limits and policies.
fn changes_of_agents<'s>(
    base: &'s Scenario,
    wanted: &'s Scenario,
) -> impl Iterator<Item = Instruction> + 's {
    let agents = base.agents.iter().zip(&wanted.agents).enumerate();
    agents.flat_map(|(index, (base, wanted))| {
        let agent = AgentNo::from_index(index);
        let limits = (base.limits != wanted.limits)
            .then(|| Instruction::SetLimits { agent, limits: wanted.limits.clone() });
        let policy = (base.policy != wanted.policy)
            .then(|| Instruction::UpdateAgentPolicy { agent, policy: wanted.policy.clone() });
        limits.into_iter().chain(policy)
    })
}
