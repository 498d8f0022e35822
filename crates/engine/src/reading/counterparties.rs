//! Fields about counterparties: what waits in queue 2 between the two, and who matters most.

use psim_model::{AgentNo, PaymentNo, Scenario, Total};
use psim_policy::Field;
use psim_random::fnv1a64;

use super::{Reader, flag, total};

impl Reader<'_> {
    /// Computes a field about the receiver of a payment.
    pub(super) fn of_receiver(&mut self, field: Field, no: PaymentNo) -> Option<f64> {
        let world = self.world;
        let payment = world.payments.get(no);
        let sides = || world.backlog.between(payment.sender, payment.receiver);
        let number = match field {
            Field::TxCounterpartyId => self.id_hash(payment.receiver),
            Field::TxIsTopCounterparty => flag(self.largest().contains(&Some(payment.receiver))),
            Field::MyQ2OutValueToCounterparty => total(sides().out),
            Field::MyQ2InValueFromCounterparty => total(sides().into),
            Field::MyBilateralNetQ2 => total(sides().out - sides().into),
            _ => return None,
        };
        Some(number)
    }

    /// Computes a field about a place among counterparties.
    pub(super) fn of_ranking(&mut self, field: Field) -> Option<f64> {
        let (ranking, place) = ranked(field)?;
        // Whoever asks for one place asks for others.
        for (field, number) in ranking.fields().into_iter().zip(self.rank(ranking)) {
            self.cache.set(field, number);
        }
        self.cache.get(ranking.fields()[place])
    }

    /// Computes a field about payments to the agent in queue 2.
    pub(super) fn of_incoming(&self, field: Field) -> Option<f64> {
        let queued = self.world.backlog.counterparties(self.agent);
        let number = match field {
            Field::IncomingExpectedCount => {
                queued.map(|(_, sides)| f64::from(sides.count_into)).sum()
            }
            Field::IncomingExpectedValue => total(queued.map(|(_, sides)| sides.into).sum()),
            _ => return None,
        };
        Some(number)
    }

    fn rank(&mut self, ranking: Ranking) -> [f64; 5] {
        if ranking == Ranking::Settled {
            return self.largest().map(|agent| agent.map_or(0.0, |agent| self.id_hash(agent)));
        }
        let queued = self.world.backlog.counterparties(self.agent);
        let mut values: Vec<Total> = queued
            .map(|(_, sides)| match ranking {
                Ranking::Out => sides.out,
                Ranking::Into => sides.into,
                _ => sides.out - sides.into,
            })
            .collect();
        // Ascending by agent before, so that a stable sort leaves ties by id.
        values.sort_by_key(|value| std::cmp::Reverse(value.minor().abs()));
        let mut top = [0.0; 5];
        for (place, value) in top.iter_mut().zip(values) {
            *place = total(value);
        }
        top
    }

    fn largest(&mut self) -> [Option<AgentNo>; 5] {
        let traffic = self.world.history.traffic.as_ref();
        let rank = || traffic.map_or([None; 5], |traffic| traffic.largest(self.agent));
        *self.cache.largest.get_or_insert_with(rank)
    }

    fn id_hash(&self, agent: AgentNo) -> f64 {
        self.world.id_hashes[agent.index()]
    }
}

/// What counterparties are ranked by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Ranking {
    Out,
    Into,
    Net,
    Settled,
}

impl Ranking {
    const ALL: [Self; 4] = [Self::Out, Self::Into, Self::Net, Self::Settled];

    const fn fields(self) -> [Field; 5] {
        use Field as F;
        match self {
            Self::Out => [
                F::MyQ2OutValueTop1,
                F::MyQ2OutValueTop2,
                F::MyQ2OutValueTop3,
                F::MyQ2OutValueTop4,
                F::MyQ2OutValueTop5,
            ],
            Self::Into => [
                F::MyQ2InValueTop1,
                F::MyQ2InValueTop2,
                F::MyQ2InValueTop3,
                F::MyQ2InValueTop4,
                F::MyQ2InValueTop5,
            ],
            Self::Net => [
                F::MyBilateralNetQ2Top1,
                F::MyBilateralNetQ2Top2,
                F::MyBilateralNetQ2Top3,
                F::MyBilateralNetQ2Top4,
                F::MyBilateralNetQ2Top5,
            ],
            Self::Settled => [
                F::TopCpty1IdHash,
                F::TopCpty2IdHash,
                F::TopCpty3IdHash,
                F::TopCpty4IdHash,
                F::TopCpty5IdHash,
            ],
        }
    }
}

/// Returns the ranking that a field is about, and the place in it.
fn ranked(field: Field) -> Option<(Ranking, usize)> {
    Ranking::ALL.into_iter().find_map(|ranking| {
        let place = ranking.fields().iter().position(|it| *it == field)?;
        Some((ranking, place))
    })
}

/// Returns a number that stands for an id: 53 bits of its hash, so that a float holds it.
fn id_hash(id: &str) -> f64 {
    (fnv1a64(id.as_bytes()) >> 11) as f64
}

/// Returns a number for the id of each agent.
pub(crate) fn id_hashes(scenario: &Scenario) -> Vec<f64> {
    scenario.agents.iter().map(|agent| id_hash(&agent.id)).collect()
}
