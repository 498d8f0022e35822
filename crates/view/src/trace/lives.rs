//! The lives of many payments, told in one pass.

use std::collections::BTreeMap;

use psim_model::event::{Event, EventBatch};
use psim_model::{PaymentNo, Tick};

use super::story::Story;
use super::words;
use crate::Projection;
use crate::mentions::{Mention, mentions};
use crate::wording::Wording;

/// The lives of some payments of a run, beside a [`Projection`] that takes in the events one by
/// one. Memory grows with the events that name one of them.
#[derive(Clone, Debug, Default)]
pub struct Lives {
    /// `None` until the payment is there.
    lives: BTreeMap<PaymentNo, Option<StoryLines>>,
    /// Named by the event at hand.
    named: Vec<PaymentNo>,
}

#[derive(Clone, Debug)]
struct StoryLines {
    story: Story,
    lines: Vec<LifeLine>,
}

/// Something that happened to a payment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LifeLine {
    /// When.
    pub tick: Tick,
    /// What, in plain words, as [`Trace`](super::Trace) tells it.
    pub meaning: String,
    /// The way through its sender's policy that led to it, where decisions are traced.
    pub path: Option<String>,
}

impl Lives {
    /// Returns the lives of these payments before anything happened.
    pub fn of(payments: impl IntoIterator<Item = PaymentNo>) -> Self {
        let lives = payments.into_iter().map(|no| (no, None)).collect();
        Self { lives, named: Vec::new() }
    }

    /// Takes note of the `index`-th event of a batch, which `projection` has just taken in.
    pub fn after(&mut self, batch: &EventBatch, index: usize, projection: &Projection) {
        let Some(event) = batch.events().get(index) else { return };
        let (lives, named) = (&self.lives, &mut self.named);
        named.clear();
        mentions(batch, event, |mention| match mention {
            Mention::Payment(no) if lives.contains_key(&no) && !named.contains(&no) => {
                named.push(no);
            }
            Mention::Payment(_) | Mention::Agent(_) => {}
        });
        for no in std::mem::take(&mut self.named) {
            self.tell(no, batch, index, event, projection);
        }
    }

    fn tell(
        &mut self,
        no: PaymentNo,
        batch: &EventBatch,
        index: usize,
        event: &Event,
        projection: &Projection,
    ) {
        let Some(payment) = projection.payment(no) else { return };
        let Some(life) = self.lives.get_mut(&no) else { return };
        let told = life.get_or_insert_with(|| StoryLines {
            story: Story::begin(no, *payment),
            lines: Vec::new(),
        });
        let sender = projection.agent(payment.sender);
        told.story.reservations = sender.map_or_else(Default::default, |it| it.reservations);
        let path = told.story.follow(batch, index, None);
        let wording = Wording::new(&projection.state.setting, projection.names());
        told.lines.push(LifeLine {
            tick: batch.tick(),
            meaning: words::meaning(batch, event, &told.story, &wording),
            path: path.map(str::to_owned),
        });
    }

    /// Returns what happened to a payment so far, in order; nothing for one that is not followed.
    pub fn lines(&self, payment: PaymentNo) -> &[LifeLine] {
        self.told(payment).map_or(&[], |told| &told.lines)
    }

    /// Returns when a payment was in which queue (1 or 2): from which tick on, and in which it
    /// left, if it has.
    pub fn stays(&self, payment: PaymentNo) -> impl Iterator<Item = (u8, Tick, Option<Tick>)> {
        let stays = self.told(payment).map_or(&[][..], |told| told.story.stays.all());
        stays.iter().map(|stay| (stay.queue.number(), stay.from, stay.to))
    }

    fn told(&self, payment: PaymentNo) -> Option<&StoryLines> {
        self.lives.get(&payment)?.as_ref()
    }
}
