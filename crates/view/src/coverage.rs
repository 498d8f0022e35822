//! How often each node of the policies of a run was come to, where decisions were traced.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use psim_model::event::{Event, EventBatch, EventKind, Names, Value};
use psim_model::{AgentNo, PaymentNo};
use psim_policy::{Coverage, Json, Policy};

use crate::Fold;
use crate::text::plural;

/// Counts the ways that decisions took through the trees of the agents' policies. Agents that
/// follow the same document are added up.
///
/// Each evaluation counts once, however many events it caused: what carries the same way in the
/// same tick for the same agent and payment (or the payment that a part was split from) is one
/// evaluation, but for a `PolicyDecision`, which is always one of its own. A `PolicyFault` is the
/// first that carries the way of the decision that failed.
#[derive(Clone, Debug, Default)]
pub struct CoverageFold {
    names: Names,
    followed: Vec<Followed>,
    /// By agent: which of `followed`; none for those that release at once.
    of_agent: Vec<Option<usize>>,
    /// What was told in this tick.
    seen: BTreeSet<(AgentNo, Option<PaymentNo>, String)>,
}

/// A document that agents follow.
#[derive(Clone, Debug)]
struct Followed {
    document: String,
    /// Who followed it, also for a part of the run only.
    agents: BTreeMap<AgentNo, Ways>,
}

/// Ways that were taken, whether they ended in a fault, and how often.
type Ways = BTreeMap<(String, bool), u64>;

/// How often the nodes of one document were come to, and whose decisions that were.
#[derive(Clone, Debug, PartialEq)]
pub struct PolicyCoverage {
    /// The agents that followed it, at least for a part of the run, in order.
    pub agents: Vec<String>,
    /// The counts.
    pub coverage: Coverage,
}

/// The payments that parts were split from in this tick, and by which way that was decided.
type Wholes<'b> = BTreeMap<PaymentNo, (PaymentNo, Option<&'b str>)>;

/// Who decided what by which way.
struct Decided<'b> {
    agent: AgentNo,
    payment: Option<PaymentNo>,
    path: &'b str,
    is_fault: bool,
}

impl CoverageFold {
    /// Begins before the first tick.
    pub fn new() -> Self {
        Self::default()
    }

    /// Returns the counts, one for each document in the order in which the run named them; of one
    /// agent alone if that is given. The policy that releases at once is there only if ways through
    /// it were told.
    ///
    /// # Errors
    ///
    /// What is wrong with a document that cannot be read.
    pub fn finish(&self, agent: Option<&str>) -> Result<Vec<PolicyCoverage>, String> {
        let mut found = Vec::new();
        for followed in &self.followed {
            let is_wanted = |no: &AgentNo| agent.is_none_or(|agent| self.names.agent(*no) == agent);
            let agents: Vec<(&AgentNo, &Ways)> =
                followed.agents.iter().filter(|(no, _)| is_wanted(no)).collect();
            let is_silent = agents.iter().all(|(_, ways)| ways.is_empty());
            if agents.is_empty() || is_silent && followed.document == Policy::fifo().text() {
                continue;
            }
            let document = psim_policy::read(&followed.document)
                .map_err(|faults| format!("a policy of the run cannot be read: {faults}"))?;
            let mut coverage = Coverage::new(&document);
            for ((path, is_fault), times) in agents.iter().flat_map(|(_, ways)| ways.iter()) {
                coverage.record(path, *times, *is_fault);
            }
            let agents = agents.iter().map(|(no, _)| self.names.agent(**no).to_owned()).collect();
            found.push(PolicyCoverage { agents, coverage });
        }
        Ok(found)
    }

    /// Notes that an agent follows a document from now on.
    fn follow(&mut self, agent: AgentNo, document: &str) {
        let known = self.followed.iter().position(|followed| followed.document == document);
        let index = known.unwrap_or_else(|| {
            let agents = BTreeMap::new();
            self.followed.push(Followed { document: document.to_owned(), agents });
            self.followed.len() - 1
        });
        self.followed[index].agents.entry(agent).or_default();
        if agent.index() >= self.of_agent.len() {
            self.of_agent.resize(agent.index() + 1, None);
        }
        self.of_agent[agent.index()] = Some(index);
    }

    fn count(&mut self, told: &Decided<'_>) {
        let followed = self.of_agent.get(told.agent.index()).copied().flatten();
        let index = followed.unwrap_or_else(|| {
            self.follow(told.agent, Policy::fifo().text());
            self.of_agent[told.agent.index()].unwrap_or_default()
        });
        let ways = self.followed[index].agents.entry(told.agent).or_default();
        *ways.entry((told.path.to_owned(), told.is_fault)).or_default() += 1;
    }
}

impl Fold for CoverageFold {
    fn observe(&mut self, batch: &EventBatch) {
        self.names.observe(batch);
        self.seen.clear();
        let mut wholes = Wholes::new();
        for event in batch.events() {
            match event {
                Event::PolicyFollowed(event) => {
                    let document = batch.text_of(event.document);
                    for agent in event.agents.of(batch.columns()) {
                        self.follow(*agent, document);
                    }
                }
                Event::PolicyReplaced(event) => {
                    self.follow(event.agent_id, batch.text_of(event.document));
                }
                Event::PolicySplit(event) => {
                    let parts = event.child_ids.of(batch.columns()).iter();
                    let path = event.decision_path.map(|path| batch.text_of(path));
                    wholes.extend(parts.map(|part| (*part, (event.tx_id, path))));
                }
                _ => {}
            }
            let Some(told) = told(event, batch, &wholes) else { continue };
            let key = (told.agent, told.payment, told.path.to_owned());
            if event.kind() == EventKind::PolicyDecision || self.seen.insert(key) {
                self.count(&told);
            }
        }
    }
}

/// Returns by which way an event was decided, if it says so.
fn told<'b>(event: &Event, batch: &'b EventBatch, wholes: &Wholes<'b>) -> Option<Decided<'b>> {
    let fields = event.kind().spec().fields;
    if !fields.iter().any(|field| field.name == PATH) {
        return None;
    }
    let (mut agent, mut payment, mut path) = (None, None, None);
    event.visit(batch.columns(), |field, value| match (field.name, value) {
        ("agent_id" | "sender_id", Value::Agent(no)) => agent = Some(no),
        ("tx_id", Value::Payment(no)) => payment = Some(no),
        (PATH, Value::Text(text)) => path = Some(text),
        _ => {}
    });
    // What parts are released for is the decision to split; what comes later is their own.
    let whole = payment.and_then(|no| wholes.get(&no)).filter(|(_, split)| *split == path);
    let payment = whole.map_or(payment, |(whole, _)| Some(*whole));
    let is_fault = event.kind() == EventKind::PolicyFault;
    Some(Decided { agent: agent?, payment, path: path?, is_fault })
}

/// The field that says by which way an event was decided.
const PATH: &str = "decision_path";

impl PolicyCoverage {
    /// Returns the policy's name, whose it is, and the drawn trees with counts.
    pub fn to_text(&self) -> String {
        const NAMED: usize = 8;
        let document = self.coverage.document();
        let mut text = format!("{} (version {}), ", document.policy_id, document.version);
        let named = self.agents.len().min(NAMED);
        let agents = self.agents[..named].join(", ");
        let _ = write!(text, "{}: {agents}", plural(self.agents.len() as u64, "agent"));
        if self.agents.len() > NAMED {
            let _ = write!(text, " and {} more", self.agents.len() - NAMED);
        }
        let _ = write!(text, "\n\n{}", self.coverage.to_text());
        text
    }

    /// Returns the same as JSON, with all agents.
    pub fn to_json(&self) -> Json {
        let agents = ("agents", Json::List(self.agents.iter().map(Json::text).collect()));
        Json::object([agents, ("coverage", self.coverage.to_json())])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A new event that tells its way must say whose it is.
    #[test]
    fn events_that_tell_a_way_say_whose_it_is() {
        let mut found = 0;
        for kind in EventKind::ALL {
            let fields = kind.spec().fields;
            if fields.iter().any(|field| field.name == PATH) {
                let names = fields.iter().filter(|it| matches!(it.name, "agent_id" | "sender_id"));
                assert_eq!(names.count(), 1, "{}", kind.spec().name);
                found += 1;
            }
        }
        assert!(found >= 12, "{found}");
    }
}
