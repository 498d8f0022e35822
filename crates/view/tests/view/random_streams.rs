//! Random streams, sound and damaged.

use std::collections::BTreeMap;
use std::io;

use proptest::collection::vec;
use proptest::prelude::*;
use psim_model::event::{
    BlockKind, Cell, Event, EventBatch, HoldReason, Loading, Names, Origin, PolicyTree,
    QueueReason, RtgsPriority, RulesSet, SplitOutcome, TransferKind,
};
use psim_model::{AgentNo, Day, Fraction, LsmAlgorithm, PaymentNo, Queue1Ordering, Tick, Total};
use psim_view::{
    EventFilter, EventLines, Fold, MeasuresFold, Place, Projection, SummaryFold, Tally, TickLines,
    Trace, VerboseReport,
};

use LsmAlgorithm::{AllOrNothing, GridlockResolution, Partial};

use crate::stream::{PLAIN, Stream};

const AGENTS: [char; 4] = ['A', 'B', 'C', 'D'];
const TICKS: u32 = 12;

/// Writes sound streams of two days: each number moves the payments a step on.
struct Writer {
    stream: Stream,
    is_deferred: bool,
    tick: u32,
    /// Number of payments.
    made: u32,
    queue1: Vec<u32>,
    queue2: Vec<u32>,
    /// The last part of each split payment; the others settle as they are made.
    last_parts: BTreeMap<u32, u32>,
    /// Payments that have settled since the tick began.
    settled: Vec<u32>,
}

fn written(steps: &[u16]) -> Stream {
    let bits = steps.first().copied().unwrap_or_default();
    let rules = RulesSet {
        deferred_crediting: bits & 1 == 1,
        priority_mode: bits & 2 == 2,
        queue1_ordering: match bits & 4 {
            4 => Queue1Ordering::PriorityDeadline,
            _ => Queue1Ordering::Arrival,
        },
        ..PLAIN
    };
    let mut stream = Stream::timed(TICKS / 2, 2);
    stream.rules(rules).agents(&[500; AGENTS.len()]).follow("some", (0..3).map(AgentNo));
    let mut writer = Writer {
        stream,
        is_deferred: rules.deferred_crediting,
        tick: 0,
        made: 0,
        queue1: vec![],
        queue2: vec![],
        last_parts: BTreeMap::new(),
        settled: vec![],
    };
    for step in steps {
        writer.step(usize::from(*step));
    }
    writer.apply_credits();
    writer.stream
}

impl Writer {
    fn step(&mut self, step: usize) {
        let rest = step / 16;
        match step % 16 {
            0..4 => self.arrive(rest),
            4..6 => {
                if let Some(payment) = pick(&mut self.queue1, rest) {
                    self.stream.settle(payment);
                    self.done(payment, SplitOutcome::Settled);
                }
            }
            6..8 => {
                if let Some(payment) = pick(&mut self.queue1, rest) {
                    self.stream.queue(payment, QueueReason::InsufficientLiquidity);
                    self.queue2.push(payment);
                }
            }
            8 => {
                if let Some(payment) = pick(&mut self.queue2, rest) {
                    self.stream.release(payment);
                    self.done(payment, SplitOutcome::Settled);
                }
            }
            9 => {
                if let Some(payment) = self.queue1.first() {
                    self.decide(*payment, rest);
                }
                if let Some(payment) = pick(&mut self.queue2, rest) {
                    self.stream.drop_closed(payment);
                    self.done(payment, SplitOutcome::Dropped);
                }
            }
            10 => self.split(rest),
            11 => self.offset(rest),
            12 => self.change(rest),
            13 => {
                let [from, to] = parties(rest);
                self.stream.transfer(from, to, 3, TransferKind::DirectTransfer);
            }
            14 => self.settle_set(rest),
            _ => self.go_on(),
        }
    }

    /// Holds a payment, by a policy that is traced, has registers and fails at times.
    fn decide(&mut self, payment: u32, rest: usize) {
        let agent = AGENTS[self.stream.parties_of(payment)[0].index()];
        let value = rest as f64 / 7.0;
        self.stream.register(agent, "bank_state_x", [0.0, value], "");
        self.stream.by("N1 → A2").fail(agent, PolicyTree::Payment, Some(payment));
        self.stream.by("N1 → A2").decide(agent, PolicyTree::Bank, None).by("A3");
        self.stream.hold_with(payment, HoldReason::Custom, Some("its own words"));
        self.stream.replace(agent, "another");
    }

    fn arrive(&mut self, rest: usize) {
        let [from, to] = parties(rest);
        let amount = i64::try_from(rest / 16 + 2).unwrap();
        self.stream.arrive(from, to, amount, self.tick + 1);
        self.queue1.push(self.made);
        self.made += 1;
    }

    /// Splits a payment in two, of which the first settles at once.
    fn split(&mut self, rest: usize) {
        let Some(payment) = pick(&mut self.queue1, rest) else { return };
        let amount = self.stream.amount_of(payment);
        if amount < 2 {
            self.queue1.push(payment);
            return;
        }
        let half = amount / 2;
        self.stream.split(payment, &[half, amount - half], 1, 2).settle(self.made);
        self.settled.push(self.made);
        self.last_parts.insert(self.made + 1, payment);
        self.queue1.push(self.made + 1);
        self.made += 2;
    }

    fn offset(&mut self, rest: usize) {
        let Some(entering) = pick(&mut self.queue1, rest) else { return };
        let [sender, receiver] = self.stream.parties_of(entering);
        let stream = &self.stream;
        let is_mutual = |other: &u32| stream.parties_of(*other) == [receiver, sender];
        let Some(place) = self.queue2.iter().position(is_mutual) else {
            self.queue1.push(entering);
            return;
        };
        let queued = self.queue2.remove(place);
        self.stream.offset(entering, queued);
        self.done(entering, SplitOutcome::Settled);
        self.done(queued, SplitOutcome::Settled);
    }

    /// Settles some queued payments together, or says that they cannot move.
    fn settle_set(&mut self, rest: usize) {
        let algorithms = [GridlockResolution, Partial, AllOrNothing];
        let mut set = Vec::new();
        for _ in 0..rest % 4 {
            set.extend(pick(&mut self.queue2, rest));
        }
        if set.is_empty() {
            let kinds = [BlockKind::Gridlock, BlockKind::Deadlock];
            self.stream.blocked(kinds[rest / 4 % 2], 1, 5, 1);
        } else {
            self.stream.settle_set(algorithms[rest / 4 % 3], &set);
            for payment in set {
                self.done(payment, SplitOutcome::Settled);
            }
        }
    }

    /// Changes priorities and classes, or takes a payment back.
    fn change(&mut self, rest: usize) {
        if let Some(payment) = self.queue1.last() {
            self.stream.reprioritize(*payment, u8::try_from(rest % 11).unwrap());
        }
        if let Some(payment) = self.queue2.first() {
            self.stream.resubmit(*payment, RtgsPriority::Urgent, Origin::Policy);
        }
        if rest.is_multiple_of(2)
            && let Some(payment) = pick(&mut self.queue2, rest)
        {
            self.stream.withdraw(payment, Origin::Policy);
            self.queue1.push(payment);
        }
    }

    fn go_on(&mut self) {
        self.apply_credits();
        self.tick = (self.tick + 1).min(TICKS - 1);
        self.stream.tick(self.tick);
    }

    fn apply_credits(&mut self) {
        let settled = std::mem::take(&mut self.settled);
        if self.is_deferred {
            for agent in AGENTS {
                self.stream.credit(agent, &settled);
            }
        }
    }

    /// Completes what a payment was the last part of.
    fn done(&mut self, payment: u32, outcome: SplitOutcome) {
        self.settled.push(payment);
        if let Some(parent) = self.last_parts.remove(&payment) {
            self.stream.completed(parent, outcome);
            self.done(parent, outcome);
        }
    }
}

fn pick(queue: &mut Vec<u32>, rest: usize) -> Option<u32> {
    let index = rest.checked_rem(queue.len())?;
    Some(queue.remove(index))
}

fn parties(rest: usize) -> [char; 2] {
    let from = rest % AGENTS.len();
    let to = (from + 1 + rest / 4 % (AGENTS.len() - 1)) % AGENTS.len();
    [AGENTS[from], AGENTS[to]]
}

/// Counts the payments that an agent has in a place.
fn recount(projection: &Projection, agent: AgentNo, place: Place) -> Tally {
    let own = projection.payments().iter();
    let there = own.filter(|payment| payment.sender == agent && payment.place == place);
    let mut tally = Tally::default();
    for payment in there {
        tally.count += 1;
        tally.value += payment.amount;
    }
    tally
}

fn check_against_recount(projection: &Projection) {
    let money = projection.agents().iter().flat_map(|agent| [agent.balance, agent.pending]);
    assert_eq!(money.sum::<Total>(), Total::from_minor(4 * 500));
    for (index, agent) in projection.agents().iter().enumerate() {
        let no = AgentNo::from_index(index);
        assert_eq!(agent.queue1, recount(projection, no, Place::Queue1));
        assert_eq!(agent.queue2, recount(projection, no, Place::Queue2));
        assert_eq!(agent.queue1.count, projection.queue1(no).len() as u64);
    }
    let in_queue2 = |no: &PaymentNo| projection.payment(*no).unwrap().place == Place::Queue2;
    assert!(projection.queue2().iter().all(in_queue2));
    let queue2: u64 = projection.agents().iter().map(|agent| agent.queue2.count).sum();
    assert_eq!(queue2, projection.queue2().len() as u64);
}

/// Copies a batch without its texts, half of the time without its lists and without some of its
/// events, to another tick.
fn damaged(batch: &EventBatch, tick: u32, without: usize) -> EventBatch {
    let mut copy = EventBatch::default();
    copy.begin(Tick(tick), Day(tick / 3), 0);
    for (index, event) in batch.events().iter().enumerate() {
        if index % 7 == without {
            continue;
        }
        let names = Names::default();
        let mut cells = Vec::new();
        event.store(batch.columns(), |_, cell| cells.push(cell));
        let mut cells = cells.into_iter();
        let mut loading = Loading { batch: &mut copy, names: &names };
        let whole = without.is_multiple_of(2).then(|| {
            Event::load(event.kind(), |_| cells.next().unwrap_or(Cell::Null), &mut loading)
        });
        copy.push(whole.flatten().unwrap_or(*event));
    }
    copy
}

proptest! {
    #[test]
    fn the_state_agrees_with_a_recount_after_every_tick(steps in vec(any::<u16>(), 0..200)) {
        let mut projection = Projection::new();
        for batch in &written(&steps).batches {
            projection.observe(batch);
            check_against_recount(&projection);
        }
    }

    #[test]
    fn the_parts_of_a_summary_make_up_the_whole(steps in vec(any::<u16>(), 0..200)) {
        let mut fold = SummaryFold::new();
        written(&steps).batches.iter().for_each(|batch| fold.observe(batch));
        let summary = fold.finish();
        let payments = &summary.payments;
        let add = |tallies: &[Tally]| tallies.iter().fold((0, Total::ZERO), |(count, value), tally| {
            (count + tally.count, value + tally.value)
        });
        let whole = |tally: Tally| (tally.count, tally.value);
        prop_assert_eq!(add(&[payments.settled, payments.unsettled]), whole(payments.arrived));
        let settled = [
            payments.settled_on_entry,
            payments.settled_from_queue2,
            payments.settled_entry_offset,
            payments.settled_by_algorithm,
            payments.settled_in_parts,
        ];
        prop_assert_eq!(add(&settled), whole(payments.settled));
        let reasons: Vec<Tally> = summary.unsettled_by_reason.iter().map(|row| row.payments).collect();
        prop_assert_eq!(add(&reasons), whole(payments.unsettled));
        let sent: Vec<Tally> = summary.agents.iter().map(|agent| agent.sent).collect();
        prop_assert_eq!(add(&sent), whole(payments.settled));
        for row in &summary.liquidity_saving.algorithms {
            prop_assert!(Total::ZERO <= row.moved && row.moved <= row.payments.value);
            prop_assert_eq!(row.moved + row.saved, row.payments.value);
        }
        if let Some(indicator) = summary.delay.indicator {
            prop_assert!((0.0..=1.0).contains(&indicator));
        }
    }

    #[test]
    fn no_damage_to_a_stream_brings_a_fold_down(
        steps in vec(any::<u16>(), 0..100),
        damage in vec((any::<prop::sample::Index>(), 0_usize..9, any::<u32>()), 0..20),
    ) {
        let sound = written(&steps).batches;
        let (mut fold, mut report) = (SummaryFold::new(), VerboseReport::new());
        let mut projection = Projection::new();
        let half = Fraction::from_trillionths(500_000_000_000).unwrap();
        let mut measures = MeasuresFold::new().with_guideline([(3, half), (9, Fraction::ONE)]);
        let mut trace = Trace::new("tx-1");
        let filter = EventFilter {
            agent: Some("B".to_owned()),
            payment: Some("tx-0".to_owned()),
            ..EventFilter::everything()
        };
        let mut filtered = VerboseReport::with_filter(filter.clone());
        let (mut ticks, mut events) = (TickLines::new(filter.clone()), EventLines::new(filter));
        for (which, without, tick) in damage {
            let batch = damaged(&sound[which.index(sound.len())], tick, without);
            projection.observe(&batch);
            fold.observe(&batch);
            measures.observe(&batch);
            report.tick_text(&batch);
            filtered.tick_text(&batch);
            trace.observe(&batch);
            ticks.write(&batch, &mut io::sink()).unwrap();
            events.write(&batch, &mut io::sink()).unwrap();
        }
        let life = trace.finish(u32::MAX);
        prop_assert!(!life.to_text().is_empty());
        prop_assert!(life.to_json().is_object());
        let summary = fold.finish();
        prop_assert!(!summary.to_text().is_empty());
        prop_assert!(summary.to_json().is_object());
        prop_assert!(measures.finish().to_json().is_object());
    }
}
