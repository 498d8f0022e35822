//! Where two scenarios differ, in paths that a person finds again in a file.

use serde::Serialize;
use serde_json::Value;

use crate::{Agent, Calendar, PreparedPayments, Scenario, ScheduledEvent, agent_called};

/// Paths that are told; what comes after them is counted.
const MOST_PATHS: usize = 12;

impl Scenario {
    /// Returns the paths at which another scenario differs; empty if it is the same. Of many paths
    /// the first are named and the others counted.
    pub fn differences(&self, other: &Self) -> Vec<String> {
        // Taken apart, so that a new part cannot be forgotten.
        let Self {
            calendar,
            currency,
            rng_seed,
            rng_streams,
            rate_profile,
            agents,
            draw_order,
            payments,
            rules,
            policies,
            liquidity_saving,
            costs,
            events,
            instructions,
        } = self;
        let mut paths = Paths::default();
        let (ticks, days) = (Calendar::ticks_per_day, Calendar::num_days);
        paths.compare("simulation.ticks_per_day", &ticks(calendar), &ticks(&other.calendar));
        paths.compare("simulation.num_days", &days(calendar), &days(&other.calendar));
        paths.compare("simulation: its clock", &calendar.clock(), &other.calendar.clock());
        paths.compare("currency", currency, &other.currency);
        paths.compare("simulation.rng_seed", rng_seed, &other.rng_seed);
        paths.compare("simulation.rng_streams", rng_streams, &other.rng_streams);
        paths.compare("rate_profile", rate_profile, &other.rate_profile);
        paths.compare_agents(agents, &other.agents);
        if agents.len() == other.agents.len() {
            paths.compare("agents: their order", draw_order, &other.draw_order);
        }
        paths.compare_payments(payments, &other.payments);
        paths.compare("rules", rules, &other.rules);
        paths.compare("policies", policies, &other.policies);
        paths.compare("lsm_config", liquidity_saving, &other.liquidity_saving);
        paths.compare("cost_rates", costs, &other.costs);
        paths.compare_scheduled(events, &other.events, |at, ScheduledEvent { schedule, event }| {
            let (kind, tick) = (event.kind().as_str(), schedule.first());
            format!("scenario_events[{at}] ({kind} on tick {tick})")
        });
        paths.compare_scheduled(instructions, &other.instructions, |_, given| {
            format!("instructions ({} on tick {})", given.instruction.kind().as_str(), given.tick)
        });
        paths.told()
    }
}

#[derive(Default)]
struct Paths(Vec<String>);

impl Paths {
    /// Compares two values that are not large.
    fn compare<T: PartialEq + Serialize>(&mut self, path: &str, one: &T, other: &T) {
        if one == other {
            return;
        }
        let value = |it: &T| serde_json::to_value(it).unwrap_or_default();
        let before = self.0.len();
        self.descend(path, &value(one), &value(other));
        if self.0.len() == before {
            self.0.push(path.to_owned()); // what is told of it does not show how it differs
        }
    }

    fn descend(&mut self, path: &str, one: &Value, other: &Value) {
        match (one, other) {
            (Value::Object(one), Value::Object(other)) => {
                let keys = one.keys().chain(other.keys().filter(|key| !one.contains_key(*key)));
                for key in keys {
                    let (one, other) = (one.get(key), other.get(key));
                    let (one, other) = (one.unwrap_or(&Value::Null), other.unwrap_or(&Value::Null));
                    self.descend(&format!("{path}.{key}"), one, other);
                }
            }
            (Value::Array(one), Value::Array(other)) if one.len() == other.len() => {
                for (index, (one, other)) in one.iter().zip(other).enumerate() {
                    self.descend(&format!("{path}[{index}]"), one, other);
                }
            }
            _ if one == other => {}
            _ => self.0.push(path.to_owned()),
        }
    }

    fn compare_agents(&mut self, one: &[Agent], other: &[Agent]) {
        for agent in one {
            match agent_called(other, &agent.id).map(|no| &other[no.index()]) {
                None => self.0.push(format!("agents.{}: is missing", agent.id)),
                Some(theirs) if agent == theirs => {}
                Some(theirs) => {
                    let path = format!("agents.{}", agent.id);
                    let before = self.0.len();
                    if agent.policy != theirs.policy {
                        self.0.push(format!("{path}.policy"));
                    }
                    let value = |it| serde_json::to_value(it).unwrap_or_default();
                    self.descend(&path, &value(agent), &value(theirs));
                    if self.0.len() == before {
                        self.0.push(path);
                    }
                }
            }
        }
        let new = other.iter().filter(|agent| agent_called(one, &agent.id).is_none());
        self.0.extend(new.map(|agent| format!("agents.{}: is new", agent.id)));
    }

    /// Compares what is scheduled, and names the first that is not the same.
    fn compare_scheduled<T: PartialEq>(
        &mut self,
        one: &[T],
        other: &[T],
        name: impl Fn(usize, &T) -> String,
    ) {
        let longer = one.len().max(other.len());
        let Some(at) = (0..longer).find(|at| one.get(*at) != other.get(*at)) else { return };
        let (own, theirs) = (one.get(at), other.get(at));
        let is_missing = theirs.is_none() || one.get(at + 1) == theirs;
        let is_new = own.is_none() || other.get(at + 1) == own;
        self.0.extend(match (own, theirs) {
            (Some(own), _) if is_missing => Some(format!("{}: is missing", name(at, own))),
            (_, Some(theirs)) if is_new => Some(format!("{}: is new", name(at, theirs))),
            (_, theirs) => theirs.map(|theirs| name(at, theirs)),
        });
    }

    fn compare_payments(&mut self, one: &PreparedPayments, other: &PreparedPayments) {
        if one == other {
            return;
        }
        if one.rows.len() != other.rows.len() {
            let (one, other) = (one.rows.len(), other.rows.len());
            self.0.push(format!("payments: {one} and {other}"));
            return;
        }
        let is_other = |row: &usize| {
            one.rows[*row] != other.rows[*row] || one.given_id(*row) != other.given_id(*row)
        };
        let row = (0..one.rows.len()).find(is_other);
        self.0.push(match row {
            Some(row) => format!("payments: first row {row} in order of arrival"),
            None => "payments".to_owned(),
        });
    }

    fn told(mut self) -> Vec<String> {
        let more = self.0.len().saturating_sub(MOST_PATHS);
        if more > 1 {
            self.0.truncate(MOST_PATHS);
            self.0.push(format!("{more} more"));
        }
        self.0
    }
}

#[cfg(test)]
mod tests {
    use crate::{Agent, Calendar, Money, Scenario};

    fn plain() -> Scenario {
        let agents = [("A", 100), ("B", 0)];
        let agents = agents.map(|(id, balance)| Agent::plain(id, Money::from_minor(balance)));
        Scenario::plain(Calendar::try_new(10, 1, None).unwrap(), agents.to_vec())
    }

    #[test]
    fn what_differs_is_named_by_its_path() {
        assert!(plain().differences(&plain()).is_empty());
        let mut other = plain();
        other.rng_seed = 2;
        other.calendar = Calendar::try_new(10, 2, None).unwrap();
        other.agents[0].opening_balance = Money::from_minor(7);
        other.agents[1].id = "C".to_owned();
        other.rules.priority_mode = true;
        other.costs.split_friction_cost = Money::from_minor(1);
        assert_eq!(
            plain().differences(&other),
            [
                "simulation.num_days",
                "simulation.rng_seed",
                "agents.A.opening_balance",
                "agents.B: is missing",
                "agents.C: is new",
                "rules.priority_mode",
                "cost_rates.split_friction_cost",
            ]
        );
    }
}
