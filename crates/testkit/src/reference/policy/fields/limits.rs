//! Fields about limits.

use psim_model::{AgentNo, Money, Total};
use psim_policy::Field;

use super::super::facts::{Facts, money, total};

impl Facts<'_> {
    pub(in super::super) fn limit(&self, field: Field) -> Option<f64> {
        Some(match field {
            Field::BilateralLimit => limit(self.bilateral()),
            Field::BilateralLimitUsed => total(self.used(self.bilateral(), Some(self.receiver()))),
            Field::BilateralLimitRoom => self.room(self.bilateral(), Some(self.receiver())),
            Field::MultilateralLimit => limit(self.multilateral()),
            Field::MultilateralLimitUsed => total(self.used(self.multilateral(), None)),
            Field::MultilateralLimitRoom => self.room(self.multilateral(), None),
            _ => return None,
        })
    }

    fn receiver(&self) -> AgentNo {
        self.own().receiver
    }

    fn bilateral(&self) -> Option<Money> {
        let limits = &self.account().limits.bilateral;
        limits.iter().find(|(agent, _)| *agent == self.receiver()).map(|(_, limit)| *limit)
    }

    fn multilateral(&self) -> Option<Money> {
        self.account().limits.multilateral
    }

    fn used(&self, limit: Option<Money>, other: Option<AgentNo>) -> Total {
        match limit {
            Some(_) => self.start.paid(self.agent, other, &self.start.settled_today),
            None => Total::ZERO,
        }
    }

    fn room(&self, limit: Option<Money>, other: Option<AgentNo>) -> f64 {
        match limit {
            Some(limit) => total(Total::from(limit) - self.used(Some(limit), other)),
            None => f64::INFINITY,
        }
    }
}

fn limit(limit: Option<Money>) -> f64 {
    limit.map_or(f64::INFINITY, money)
}
