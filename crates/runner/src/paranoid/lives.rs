//! Each payment settles at most once.

use psim_model::event::{
    Event, EventBatch, Names, Queue2LiquidityRelease, RtgsImmediateSettlement,
};
use psim_model::{PaymentNo, Tick};

use super::Broken;

/// What has become of every payment.
#[derive(Clone, Debug, Default)]
pub(super) struct Lives(Vec<Life>);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Life {
    Open,
    Settled(Tick),
    Dropped(Tick),
    /// Its parts settle in its place.
    Split(Tick),
}

impl Lives {
    /// Takes in what a tick says of payments.
    pub(super) fn observe(&mut self, batch: &EventBatch, names: &Names) -> Result<(), Broken> {
        let now = batch.tick();
        for event in batch.events() {
            match event {
                Event::Arrival(_) => self.0.push(Life::Open),
                Event::PolicySplit(split) => {
                    self.end(split.tx_id, Life::Split(now));
                    let parts = split.child_ids.of(batch.columns());
                    self.0.extend(parts.iter().map(|_| Life::Open));
                }
                Event::PolicyDrop(dropped) => self.end(dropped.tx_id, Life::Dropped(now)),
                Event::RtgsImmediateSettlement(RtgsImmediateSettlement { tx_id, .. })
                | Event::Queue2LiquidityRelease(Queue2LiquidityRelease { tx_id, .. }) => {
                    self.settle(*tx_id, now, names)?;
                }
                event => {
                    let together = event.settled_set().map(|set| set.tx_ids.of(batch.columns()));
                    for payment in together.unwrap_or_default() {
                        self.settle(*payment, now, names)?;
                    }
                }
            }
        }
        Ok(())
    }

    fn settle(&mut self, payment: PaymentNo, now: Tick, names: &Names) -> Result<(), Broken> {
        let before = match self.0.get(payment.index()) {
            Some(Life::Open) => {
                self.end(payment, Life::Settled(now));
                return Ok(());
            }
            Some(Life::Settled(tick)) => format!("settled at tick {tick}"),
            Some(Life::Dropped(tick)) => format!("dropped at tick {tick}"),
            Some(Life::Split(tick)) => format!("split at tick {tick}"),
            None => "never announced".to_owned(),
        };
        let payment = names.payment(payment).into_owned();
        Err(Broken::Settlement { tick: now, payment, before })
    }

    fn end(&mut self, payment: PaymentNo, end: Life) {
        if let Some(life) = self.0.get_mut(payment.index()) {
            *life = end;
        }
    }
}

#[cfg(test)]
mod tests;
