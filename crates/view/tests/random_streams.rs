//! Random streams, sound and damaged.

mod stream;

use std::io;

use proptest::collection::vec;
use proptest::prelude::*;
use psim_model::event::{EventBatch, HoldReason, QueueReason};
use psim_model::{AgentNo, Day, PaymentNo, Tick, Total};
use psim_view::{
    EventFilter, EventLines, Fold, Place, Projection, SummaryFold, Tally, TickLines, Trace,
    VerboseReport,
};
use stream::Stream;

const AGENTS: [char; 4] = ['A', 'B', 'C', 'D'];
const TICKS: u32 = 12;

/// Writes a sound stream of two days: each number moves the payments a step on.
fn written(steps: &[u16]) -> Stream {
    let mut stream = Stream::timed(TICKS / 2, 2);
    stream.agents(&[500; AGENTS.len()]);
    let (mut queue1, mut queue2): (Vec<u32>, Vec<u32>) = (vec![], vec![]);
    let (mut arrived, mut tick) = (0, 0);
    for step in steps.iter().map(|step| usize::from(*step)) {
        let pick = |queue: &mut Vec<u32>| {
            let index = (step / 8).checked_rem(queue.len())?;
            Some(queue.remove(index))
        };
        match step % 8 {
            0..3 => {
                let from = step / 8 % AGENTS.len();
                let to = (from + 1 + step / 32 % (AGENTS.len() - 1)) % AGENTS.len();
                let amount = i64::try_from(step / 64 + 1).unwrap();
                stream.arrive(AGENTS[from], AGENTS[to], amount, tick + 1);
                queue1.push(arrived);
                arrived += 1;
            }
            3 => {
                if let Some(payment) = pick(&mut queue1) {
                    stream.settle(payment);
                }
            }
            4 => {
                if let Some(payment) = pick(&mut queue1) {
                    stream.queue(payment, QueueReason::InsufficientLiquidity);
                    queue2.push(payment);
                }
            }
            5 => {
                if let Some(payment) = pick(&mut queue2) {
                    stream.release(payment);
                }
            }
            6 => {
                if let Some(payment) = queue1.first() {
                    stream.hold(*payment, HoldReason::PolicyDecision);
                }
                if let Some(payment) = pick(&mut queue2) {
                    stream.drop_closed(payment);
                }
            }
            _ => {
                tick = (tick + 1).min(TICKS - 1);
                stream.tick(tick);
            }
        }
    }
    stream
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
    let balances: Total = projection.agents().iter().map(|agent| agent.balance).sum();
    assert_eq!(balances, Total::from_minor(4 * 500));
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

/// Copies a batch without its texts and without some of its events, to another tick.
fn damaged(batch: &EventBatch, tick: u32, without: usize) -> EventBatch {
    let mut copy = EventBatch::default();
    copy.begin(Tick(tick), Day(tick / 3), 0);
    for (index, event) in batch.events().iter().enumerate() {
        if index % 7 != without {
            copy.push(*event);
        }
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
        let settled = [payments.settled_on_entry, payments.settled_from_queue2];
        prop_assert_eq!(add(&settled), whole(payments.settled));
        let reasons: Vec<Tally> = summary.unsettled_by_reason.iter().map(|row| row.payments).collect();
        prop_assert_eq!(add(&reasons), whole(payments.unsettled));
        let sent: Vec<Tally> = summary.agents.iter().map(|agent| agent.sent).collect();
        prop_assert_eq!(add(&sent), whole(payments.settled));
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
    }
}
