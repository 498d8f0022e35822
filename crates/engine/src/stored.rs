//! How state is written into a checkpoint where its own form would not do.

/// Maps without an order, by key: the same state is written as the same bytes.
pub(crate) mod map {
    use std::hash::Hash;

    use rustc_hash::FxHashMap;
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    pub(crate) fn serialize<S, K, V>(map: &FxHashMap<K, V>, out: S) -> Result<S::Ok, S::Error>
    where
        S: Serializer,
        K: Serialize + Ord,
        V: Serialize,
    {
        let mut entries: Vec<(&K, &V)> = map.iter().collect();
        entries.sort_unstable_by_key(|(key, _)| *key);
        entries.serialize(out)
    }

    pub(crate) fn deserialize<'de, D, K, V>(input: D) -> Result<FxHashMap<K, V>, D::Error>
    where
        D: Deserializer<'de>,
        K: Deserialize<'de> + Eq + Hash,
        V: Deserialize<'de>,
    {
        Vec::<(K, V)>::deserialize(input).map(|entries| entries.into_iter().collect())
    }
}

/// Generators of random numbers, by their states.
pub(crate) mod generators {
    use psim_random::Generator;
    use serde::{Deserialize, Deserializer, Serializer};

    pub(crate) fn serialize<S: Serializer>(
        generators: &[Generator],
        out: S,
    ) -> Result<S::Ok, S::Error> {
        out.collect_seq(generators.iter().map(Generator::state))
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(
        input: D,
    ) -> Result<Vec<Generator>, D::Error> {
        let states = Vec::<u64>::deserialize(input)?;
        Ok(states.into_iter().map(Generator::new).collect())
    }
}

/// Followers of policies; a policy is written once, however many follow it.
pub(crate) mod followers {
    use psim_policy::Policy;
    use rustc_hash::FxHashMap;
    use serde::de::Error;
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    use crate::followers::Follower;

    pub(crate) fn serialize<S: Serializer>(
        followers: &[Follower],
        out: S,
    ) -> Result<S::Ok, S::Error> {
        let (mut policies, mut places) = (Vec::new(), FxHashMap::default());
        let followed: Vec<usize> = followers
            .iter()
            .map(|follower| {
                *places.entry(follower.policy().text()).or_insert_with(|| {
                    policies.push(follower.policy());
                    policies.len() - 1
                })
            })
            .collect();
        (policies, followed, followers).serialize(out)
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(
        input: D,
    ) -> Result<Vec<Follower>, D::Error> {
        type Roster = (Vec<Policy>, Vec<usize>, Vec<Follower>);
        let (policies, followed, followers) = Roster::deserialize(input)?;
        if followed.len() != followers.len() {
            return Err(D::Error::custom("each follower follows one policy"));
        }
        let followers = followers.into_iter().zip(followed).map(|(follower, place)| {
            let policy = policies.get(place).ok_or_else(|| D::Error::custom("unknown policy"))?;
            Ok(follower.of(policy.clone()))
        });
        followers.collect()
    }
}
