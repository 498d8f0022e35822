//! A run from one point in time to the next: the second pass over its events.

use std::collections::BTreeMap;

use psim_model::event::{Event, EventBatch};
use psim_model::{AgentNo, Money, PaymentNo, Tick, Total};
use psim_view::{Costs, Fold, Lives, Projection, Settlement};

use crate::selection::Selection;

/// Follows what was selected.
#[derive(Clone, Debug)]
pub struct PictureFold {
    projection: Projection,
    lives: Lives,
    flows: Flows,
    picture: Picture,
}

/// What a page draws: columns with one entry for each point in time, which is the end of a tick.
#[derive(Clone, Debug)]
pub struct Picture {
    pub(crate) selection: Selection,
    pub(crate) moments: Vec<Tick>,
    /// Followed agents in their order: their balances.
    pub(crate) balances: Vec<Vec<Money>>,
    /// By path: value settled since the point before.
    pub(crate) paths: BTreeMap<Settlement, Vec<Total>>,
    /// Costs booked so far.
    pub(crate) costs: Vec<Costs>,
    /// By link: where in time what value was added, and how many payments.
    pub(crate) links: BTreeMap<(AgentNo, AgentNo), Vec<Step>>,
    pub(crate) payments: Vec<PaymentLife>,
}

/// What a link added at one point in time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Step {
    pub(crate) moment: usize,
    pub(crate) count: u64,
    pub(crate) value: Total,
}

/// A payment with what happened to it.
#[derive(Clone, Debug)]
pub(crate) struct PaymentLife {
    pub(crate) id: String,
    pub(crate) payment: psim_view::Payment,
    pub(crate) wait_ticks: u32,
    pub(crate) cost: Total,
    pub(crate) stays: Vec<(u8, Tick, Option<Tick>)>,
    pub(crate) lines: Vec<(Tick, String)>,
}

/// What has settled since the last point in time.
#[derive(Clone, Debug, Default)]
struct Flows {
    paths: BTreeMap<Settlement, Total>,
    links: BTreeMap<(AgentNo, AgentNo), (u64, Total)>,
}

impl PictureFold {
    /// Returns the fold before anything happened.
    pub fn new(selection: Selection) -> Self {
        let lives = Lives::of(selection.payments.keys().copied());
        let balances = vec![Vec::new(); selection.followed];
        let links = selection.links.iter().map(|link| (*link, Vec::new())).collect();
        let picture = Picture {
            selection,
            moments: Vec::new(),
            balances,
            paths: BTreeMap::new(),
            costs: Vec::new(),
            links,
            payments: Vec::new(),
        };
        Self { projection: Projection::new(), lives, flows: Flows::default(), picture }
    }

    /// Returns the picture of the run so far.
    pub fn finish(mut self) -> Picture {
        if self.projection.tick() != self.picture.moments.last().copied()
            && let Some(tick) = self.projection.tick()
        {
            self.note(tick);
        }
        let (projection, lives) = (&self.projection, &self.lives);
        let payments = self.picture.selection.payments.iter().filter_map(|(no, found)| {
            let lines = lives.lines(*no).iter().map(|line| {
                let path = line.path.as_ref().map(|path| format!(" (path: {path})"));
                (line.tick, format!("{}{}", line.meaning, path.unwrap_or_default()))
            });
            Some(PaymentLife {
                id: projection.names().payment(*no).into_owned(),
                payment: *projection.payment(*no)?,
                wait_ticks: found.wait_ticks,
                cost: found.cost,
                stays: lives.stays(*no).collect(),
                lines: lines.collect(),
            })
        });
        let payments = payments.collect();
        Picture { payments, ..self.picture }
    }

    /// Ends a point in time.
    fn note(&mut self, tick: Tick) {
        let Self { projection, flows, picture, .. } = self;
        let moment = picture.moments.len();
        picture.moments.push(tick);
        for (agent, balances) in picture.selection.agents.iter().zip(&mut picture.balances) {
            balances.push(projection.balance(*agent).unwrap_or_default());
        }
        let mut costs = Costs::default();
        for agent in projection.agents() {
            costs.add(&agent.costs);
        }
        picture.costs.push(costs);
        for (path, value) in std::mem::take(&mut flows.paths) {
            let column = picture.paths.entry(path).or_default();
            column.resize(moment, Total::ZERO);
            column.push(value);
        }
        for column in picture.paths.values_mut() {
            column.resize(moment + 1, Total::ZERO);
        }
        for (link, (count, value)) in std::mem::take(&mut flows.links) {
            if let Some(steps) = picture.links.get_mut(&link) {
                steps.push(Step { moment, count, value });
            }
        }
    }
}

impl Fold for PictureFold {
    fn observe(&mut self, batch: &EventBatch) {
        let Self { projection, lives, flows, picture } = self;
        let mut index = 0;
        projection.observe_from(batch, 0, |projection, event| {
            lives.after(batch, index, projection);
            flows.after(batch, event, projection, &picture.selection);
            index += 1;
        });
        projection.end_tick();
        let tick = batch.tick();
        if (tick.0 + 1).is_multiple_of(picture.selection.stride) {
            self.note(tick);
        }
    }
}

impl Flows {
    /// Takes note of what an event settles.
    fn after(
        &mut self,
        batch: &EventBatch,
        event: &Event,
        projection: &Projection,
        selection: &Selection,
    ) {
        psim_view::settled_payments(batch, event, |no: PaymentNo| {
            let Some(payment) = projection.payment(no) else { return };
            if let Some(how) = payment.place.settlement() {
                *self.paths.entry(how).or_default() += payment.amount;
            }
            let link = (payment.sender, payment.receiver);
            if selection.links.contains(&link) {
                let (count, value) = self.links.entry(link).or_default();
                *count += 1;
                *value += payment.amount;
            }
        });
    }
}
