//! Agents as a scenario writes them: each policy once, however many agents follow it.

use psim_policy::Policy;
use rustc_hash::FxHashMap;
use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::Agent;

pub(crate) fn serialize<S: Serializer>(agents: &[Agent], out: S) -> Result<S::Ok, S::Error> {
    let (mut policies, mut numbers) = (Vec::new(), FxHashMap::default());
    let followed: Vec<usize> = agents
        .iter()
        .map(|agent| {
            *numbers.entry(agent.policy.text()).or_insert_with(|| {
                policies.push(&agent.policy);
                policies.len() - 1
            })
        })
        .collect();
    (policies, followed, agents).serialize(out)
}

pub(crate) fn deserialize<'de, D: Deserializer<'de>>(input: D) -> Result<Vec<Agent>, D::Error> {
    type Roster = (Vec<Policy>, Vec<usize>, Vec<Agent>);
    let (policies, followed, mut agents) = Roster::deserialize(input)?;
    if followed.len() != agents.len() {
        return Err(D::Error::custom("each agent follows one policy"));
    }
    for (agent, policy) in agents.iter_mut().zip(followed) {
        let policy = policies.get(policy);
        agent.policy = policy.ok_or_else(|| D::Error::custom("unknown policy"))?.clone();
    }
    Ok(agents)
}
