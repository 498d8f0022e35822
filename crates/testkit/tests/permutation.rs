//! Names are no advantage: under `entry_order: submission` other ids permute the results of a day
//! and change nothing else.
//!
//! Random worlds are run twice, the second time with the ids of the agents dealt out anew. What
//! each event says of an agent must then be what it said of the one that had its place. Arrivals
//! are prepared, since draws follow the order of ids; and nothing is resubmitted by a decision, the
//! one step in which agents come in turn.
//!
//! Of liquidity saving the law holds where an algorithm has one result whatever the order:
//! `gridlock_resolution` finds the largest prefixes in any order of removal and in as many steps,
//! `all_or_nothing` looks at everything at once, and `retry` follows the queue. `bilateral` and
//! `cycles` break ties between pairs and rings by id, and `partial` leaves out the payments of the
//! lower id first; by rule their results may change with the names, so they are taken out here.
//! Policies that name banks, see them as numbers, rank them (ties go by id) or resubmit are replaced
//! by `fifo`.
//!
//! The lists in the event of a batch go by id, and of agents that pay equally much it names the
//! first: these are compared without their order, and without that name.

use std::fmt::Write as _;

use psim_engine::Engine;
use psim_model::event::{Event, EventBatch, Value};
use psim_model::{
    AgentNo, Algorithm, CheckedScenario, EntryOrder, Instruction, PaymentAction, PaymentNo,
    PaymentRef, Policy, Scenario, ScenarioEvent, ScheduledEvent, ScheduledInstruction, Submission,
};
use psim_policy::{Field, Unit};
use psim_random::Generator;
use psim_testkit::worlds::{WorldSize, requested_seeds, world};

#[test]
fn ids_permute_results() {
    for seed in requested_seeds(300) {
        let scenario = nameless(world(seed, &WorldSize::default()));
        let (dealt, places) = deal_anew(&scenario, seed);
        let as_it_was = outcome(scenario.check().expect("worlds are sound"), &|agent| agent);
        let as_dealt = outcome(dealt.check().expect("so they stay"), &|agent| {
            AgentNo::from_index(places[agent.index()])
        });
        assert_eq!(as_it_was.len(), as_dealt.len(), "PSIM_SEED={seed}: ticks");
        for (tick, (was, is)) in as_it_was.iter().zip(&as_dealt).enumerate() {
            assert_eq!(was, is, "PSIM_SEED={seed}, tick {tick}");
        }
    }
}

/// Takes out of a world what follows the order of ids by rule.
fn nameless(mut scenario: Scenario) -> Scenario {
    scenario.rules.entry_order = EntryOrder::Submission;
    scenario.liquidity_saving.algorithms.retain(|scheduled| {
        use Algorithm::{AllOrNothing, GridlockResolution, Retry};
        matches!(scheduled.algorithm, GridlockResolution | AllOrNothing | Retry)
    });
    for agent in &mut scenario.agents {
        agent.arrivals.clear();
        forget_names(&mut agent.policy);
    }
    for scheduled in &mut scenario.events {
        if let ScenarioEvent::PolicyChange { policy, .. } = &mut scheduled.event {
            forget_names(policy);
        }
    }
    for scheduled in &mut scenario.instructions {
        if let Instruction::UpdateAgentPolicy { policy, .. } = &mut scheduled.instruction {
            forget_names(policy);
        }
    }
    let resubmits = |action: &PaymentAction| matches!(action, PaymentAction::ResubmitToRtgs { .. });
    scenario.instructions.retain(|scheduled| match &scheduled.instruction {
        Instruction::Decide { actions, .. } => !actions.iter().any(resubmits),
        _ => true,
    });
    // Numbers of parts follow the order in which agents split; so nothing may mean a part.
    loop {
        let parts = parts_of(scenario.clone());
        let means_part = |payment: &PaymentRef| match payment {
            PaymentRef::Number(no) => parts.contains(no),
            PaymentRef::Id(id) => parts.iter().any(|no| *id == format!("tx-{}", no.0)),
        };
        let before = scenario.instructions.len();
        scenario.instructions.retain(|it| !it.instruction.payment().is_some_and(means_part));
        if scenario.instructions.len() == before {
            return scenario;
        }
    }
}

/// Replaces a policy that follows the order of ids by rule.
fn forget_names(policy: &mut Policy) {
    let is_by_name = |field: Field| {
        let is_ranked = field.name().starts_with("my_bilateral_net_q2_top");
        field.spec().unit == Unit::IdHash || field == Field::TxIsTopCounterparty || is_ranked
    };
    let goes_by_names = !policy.focus_lists().is_empty()
        || policy.acts_in_queue2()
        || policy.fields().any(is_by_name);
    if goes_by_names {
        *policy = Policy::fifo();
    }
}

fn parts_of(scenario: Scenario) -> Vec<PaymentNo> {
    let mut engine = Engine::new(scenario.check().expect("worlds are sound"));
    let mut batch = EventBatch::default();
    let mut parts = Vec::new();
    while !engine.is_finished() && engine.tick(&mut batch).is_ok() {
        for event in batch.events() {
            if let Event::PolicySplit(split) = event {
                parts.extend_from_slice(split.child_ids.of(batch.columns()));
            }
        }
    }
    parts
}

/// Gives each agent the id of another; returns the scenario and the place that each agent, by its
/// new number, had before.
fn deal_anew(scenario: &Scenario, seed: u64) -> (Scenario, Vec<usize>) {
    let mut generator = Generator::named(seed, "ids");
    let mut places: Vec<usize> = (0..scenario.agents.len()).collect();
    for last in (1..places.len()).rev() {
        places.swap(last, generator.index(last + 1));
    }
    let mut numbers = vec![0; places.len()];
    for (number, place) in places.iter().enumerate() {
        numbers[*place] = number;
    }
    let renumber = |agent: &mut AgentNo| *agent = AgentNo::from_index(numbers[agent.index()]);
    let mut dealt = scenario.clone();
    dealt.agents = places.iter().map(|place| scenario.agents[*place].clone()).collect();
    for (agent, before) in dealt.agents.iter_mut().zip(&scenario.agents) {
        agent.id.clone_from(&before.id);
        renumber_limits(&mut agent.limits, &renumber);
    }
    dealt.draw_order.iter_mut().for_each(renumber);
    for row in &mut dealt.payments.rows {
        renumber(&mut row.sender);
        renumber(&mut row.receiver);
    }
    for ScheduledEvent { event, .. } in &mut dealt.events {
        renumber_event(event, &renumber);
    }
    for ScheduledInstruction { instruction, .. } in &mut dealt.instructions {
        renumber_instruction(instruction, &renumber);
    }
    (dealt, places)
}

fn renumber_limits(limits: &mut psim_model::Limits, renumber: &impl Fn(&mut AgentNo)) {
    for (receiver, _) in &mut limits.bilateral {
        renumber(receiver);
    }
    limits.bilateral.sort_unstable();
}

fn renumber_event(event: &mut ScenarioEvent, renumber: &impl Fn(&mut AgentNo)) {
    match event {
        ScenarioEvent::DirectTransfer { from_agent, to_agent, .. }
        | ScenarioEvent::CustomTransactionArrival { from_agent, to_agent, .. }
        | ScenarioEvent::ScheduledSettlement { from_agent, to_agent, .. } => {
            renumber(from_agent);
            renumber(to_agent);
        }
        ScenarioEvent::CounterpartyWeightChange { agent, counterparty, .. } => {
            renumber(agent);
            renumber(counterparty);
        }
        ScenarioEvent::LimitChange { agent, limits } => {
            renumber(agent);
            renumber_limits(limits, renumber);
        }
        ScenarioEvent::CreditLimitChange { agent, .. }
        | ScenarioEvent::AgentArrivalRateChange { agent, .. }
        | ScenarioEvent::CollateralValueChange { agent, .. }
        | ScenarioEvent::ParticipantOutage { agent }
        | ScenarioEvent::ParticipantRecovery { agent }
        | ScenarioEvent::PolicyChange { agent, .. } => renumber(agent),
        ScenarioEvent::GlobalArrivalRateChange { .. }
        | ScenarioEvent::DeadlineWindowChange { .. }
        | ScenarioEvent::CutOffChange { .. }
        | ScenarioEvent::CostRateChange { .. }
        | ScenarioEvent::LsmConfigChange { .. } => {}
    }
}

fn renumber_instruction(instruction: &mut Instruction, renumber: &impl Fn(&mut AgentNo)) {
    match instruction {
        Instruction::SubmitTransaction(Submission { sender, receiver, .. }) => {
            renumber(sender);
            renumber(receiver);
        }
        Instruction::SetLimits { agent, limits } => {
            renumber(agent);
            renumber_limits(limits, renumber);
        }
        Instruction::SetReleaseBudget { agent, budget } => {
            renumber(agent);
            if let Some(focus) = &mut budget.focus_counterparties {
                focus.iter_mut().for_each(renumber);
                focus.sort_unstable();
            }
        }
        Instruction::UpdateAgentPolicy { agent, .. }
        | Instruction::PostCollateral { agent, .. }
        | Instruction::WithdrawCollateral { agent, .. } => renumber(agent),
        Instruction::WithdrawFromRtgs { .. }
        | Instruction::ResubmitToRtgs { .. }
        | Instruction::Decide { .. } => {}
    }
}

/// Runs a scenario and returns what happened in each tick, in words in which agents are places.
fn outcome(scenario: CheckedScenario, place: &dyn Fn(AgentNo) -> AgentNo) -> Vec<Vec<String>> {
    let mut engine = Engine::new(scenario);
    let mut batch = EventBatch::default();
    let mut labels = Labels::default();
    let mut ticks = Vec::new();
    while !engine.is_finished() {
        if engine.tick(&mut batch).is_err() {
            break; // refused whole: by a bound in which agents have no order
        }
        let mut lines: Vec<String> =
            batch.events().iter().filter_map(|it| labels.line(&batch, it, place)).collect();
        // Steps go agent by agent; what happens in them does not depend on the order.
        lines.sort_unstable();
        ticks.push(lines);
    }
    ticks
}

/// What payments are called: parts after their wholes, since numbers of parts follow agents.
#[derive(Default)]
struct Labels(Vec<String>);

impl Labels {
    fn line(
        &mut self,
        batch: &EventBatch,
        event: &Event,
        place: &dyn Fn(AgentNo) -> AgentNo,
    ) -> Option<String> {
        match event {
            // These say who has which id.
            Event::RunStarted(_) | Event::AgentOpened(_) => return None,
            Event::Arrival(arrival) => self.name(arrival.tx_id.no, arrival.tx_id.no.0.to_string()),
            Event::PolicySplit(split) => {
                for (index, part) in split.child_ids.of(batch.columns()).iter().enumerate() {
                    let whole = &self.0[split.tx_id.index()];
                    self.name(*part, format!("{whole}.{index}"));
                }
            }
            _ => {}
        }
        let goes_by_id = matches!(
            event,
            Event::LimitsSet(_)
                | Event::BankBudgetSet(_)
                | Event::LsmBatchSettlement(_)
                | Event::DeferredCreditApplied(_)
                | Event::PolicyFollowed(_)
        );
        let mut line = event.kind().spec().name.to_owned();
        event.visit(batch.columns(), |field, value| {
            let _ = write!(line, " {}=", field.name);
            let _ = match value {
                Value::Agent(_) if field.name == "max_net_outflow_agent" && goes_by_id => Ok(()),
                Value::Agent(agent) => write!(line, "{}", place(agent).0),
                Value::Payment(payment) => write!(line, "{}", self.0[payment.index()]),
                Value::Payments(payments) => {
                    let mut labels: Vec<&str> =
                        payments.iter().map(|no| self.0[no.index()].as_str()).collect();
                    if goes_by_id {
                        labels.sort_unstable();
                    }
                    write!(line, "{labels:?}")
                }
                Value::Agents(agents) => {
                    let mut places: Vec<u32> = agents.iter().map(|no| place(*no).0).collect();
                    if goes_by_id {
                        places.sort_unstable();
                    }
                    write!(line, "{places:?}")
                }
                Value::Amounts(amounts) => {
                    let mut amounts = amounts.to_vec();
                    if goes_by_id {
                        amounts.sort_unstable();
                    }
                    write!(line, "{amounts:?}")
                }
                // Arguments name agents by ids; the other fields of the event say the same.
                Value::Text(_) if field.name.ends_with("json") || field.name == "arguments" => {
                    Ok(())
                }
                value => write!(line, "{value:?}"),
            };
        });
        Some(line)
    }

    /// Names the next payment; a given id is its name as well as its number is.
    fn name(&mut self, no: PaymentNo, label: String) {
        if self.0.len() <= no.index() {
            self.0.resize(no.index() + 1, String::new());
        }
        self.0[no.index()] = label;
    }
}
