//! Laws that every event stream obeys, whatever the scenario.
//!
//! A fold over the stream that keeps its own books: balances, where each payment is, what was
//! promised and what was booked. It knows of the scenario only what the stream does not say (the
//! settlement rules) and does not predict which payment settles when; that is the twin's part.

mod books;
mod charges;
mod lives;

use psim_model::event::{Event, EventBatch, EventKind, Names};
use psim_model::{AgentNo, EndOfDay, PaymentNo, Scenario, Tick};

use crate::transcript::EventLine;
use books::Books;
use charges::Charges;
use lives::Lives;

/// The law that was broken, in words.
type Verdict = Result<(), &'static str>;

/// Returns `law` as broken unless it holds.
fn ensure(holds: bool, law: &'static str) -> Verdict {
    if holds { Ok(()) } else { Err(law) }
}

/// Checks the stream of a whole run; the fault names the law and the event.
pub fn check(batches: &[EventBatch], scenario: &Scenario) -> Result<(), String> {
    let mut laws = Laws::new(scenario);
    for batch in batches {
        laws.observe(batch)?;
    }
    let horizon = scenario.calendar.horizon();
    if laws.tick == Tick(horizon) {
        return Ok(());
    }
    Err(format!("the stream has {} of {horizon} ticks", laws.tick))
}

/// The laws, for a stream that is observed tick by tick.
#[derive(Debug)]
pub struct Laws<'a> {
    scenario: &'a Scenario,
    names: Names,
    /// The tick that comes next.
    tick: Tick,
    next_seq: u64,
    books: Books,
    lives: Lives,
    charges: Charges,
    /// What the next event must be.
    due: Option<Due>,
    /// The step of the tick that the last event belongs to.
    step: u8,
}

/// An event that must follow the one before it directly.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Due {
    OverdueSettled(PaymentNo),
    OverExtended(AgentNo),
}

impl<'a> Laws<'a> {
    /// Begins with a stream of which nothing has been seen.
    pub fn new(scenario: &'a Scenario) -> Self {
        Self {
            scenario,
            names: Names::default(),
            tick: Tick(0),
            next_seq: 0,
            books: Books::default(),
            lives: Lives::new(scenario.rules),
            charges: Charges::default(),
            due: None,
            step: 0,
        }
    }

    /// Takes in the next tick; the fault names the law that it breaks and the event that does.
    pub fn observe(&mut self, batch: &EventBatch) -> Result<(), String> {
        self.names.observe(batch);
        self.begin(batch).map_err(|law| format!("tick {}: {law}", batch.tick()))?;
        for (index, event) in batch.events().iter().enumerate() {
            self.take(event).map_err(|law| {
                let line = EventLine { batch, index, names: &self.names };
                format!("{law}\n    {line:#}")
            })?;
        }
        self.finish().map_err(|law| format!("end of tick {}: {law}", batch.tick()))?;
        self.tick = self.tick.next();
        self.next_seq = batch.next_seq();
        Ok(())
    }

    fn begin(&mut self, batch: &EventBatch) -> Verdict {
        let calendar = self.scenario.calendar;
        ensure(batch.tick() == self.tick, "ticks follow each other without a gap")?;
        ensure(self.tick <= calendar.last_tick(), "nothing follows the horizon")?;
        ensure(batch.day() == calendar.day_of(self.tick), "a tick belongs to its day")?;
        ensure(batch.first_seq() == self.next_seq, "events are numbered without a gap")?;
        let kinds: Vec<EventKind> = batch.events().iter().map(Event::kind).collect();
        let count = |kind| kinds.iter().filter(|found| **found == kind).count();
        let expect = |kind, wanted: bool| count(kind) == usize::from(wanted);
        let opens = self.tick == Tick(0);
        let closes = calendar.is_last_of_day(self.tick);
        let ends = self.tick == calendar.last_tick();
        ensure(expect(EventKind::RunStarted, opens), "the stream opens once, on tick 0")?;
        ensure(expect(EventKind::EndOfDay, closes), "each day closes once, on its last tick")?;
        ensure(expect(EventKind::RunEnded, ends), "the run ends once, on its last tick")?;
        let agents = if opens { self.scenario.agents.len() } else { 0 };
        ensure(count(EventKind::AgentOpened) == agents, "each agent opens once, on tick 0")?;
        self.step = 0;
        self.charges.begin_tick(self.scenario.agents.len(), calendar.is_first_of_day(self.tick));
        Ok(())
    }

    fn take(&mut self, event: &Event) -> Verdict {
        let step = step_of(event.kind()).unwrap_or(self.step);
        ensure(step >= self.step, "events follow the steps of the tick")?;
        self.step = step;
        let found = match event {
            Event::OverdueTransactionSettled(e) => Some(Due::OverdueSettled(e.tx_id)),
            Event::AgentOverExtended(e) => Some(Due::OverExtended(e.agent_id)),
            _ => None,
        };
        ensure(found == self.due.take(), "what must follow directly does, and nothing else")?;
        self.dispatch(event)
    }

    fn dispatch(&mut self, event: &Event) -> Verdict {
        let now = self.tick;
        match event {
            Event::RunStarted(_) | Event::DelayRatesSet(_) => Ok(()),
            Event::AgentOpened(e) => self.books.open(e),
            Event::LiquidityAllocation(e) => self.books.bring_in(e),
            Event::Arrival(e) => self.lives.arrive(e, now),
            Event::TransactionWentOverdue(e) => {
                self.charges.owe(e.sender_id, e.deadline_penalty_cost)?;
                self.lives.go_overdue(e, now)
            }
            Event::PolicyHold(e) => self.lives.hold(e),
            Event::RtgsSubmission(e) => {
                let last = self.scenario.rules.cutoff_tick_in_day;
                let is_open = self.scenario.calendar.tick_in_day(now) <= last;
                ensure(is_open, "nothing enters after the cut-off")?;
                self.lives.release(e)
            }
            Event::RtgsImmediateSettlement(e) => {
                self.lives.settle_on_entry(e, now)?;
                self.expect_overdue_settled(e.tx_id);
                let balances = (e.sender_balance_before, e.sender_balance_after);
                self.books.settle(e.sender_id, e.receiver_id, e.amount, balances)
            }
            Event::QueuedRtgs(e) => {
                self.lives.join_queue2(e, now)?;
                self.books.note_queued(e)
            }
            Event::Queue2LiquidityRelease(e) => {
                self.lives.settle_from_queue2(e, now)?;
                self.expect_overdue_settled(e.tx_id);
                let balances = (e.sender_balance_before, e.sender_balance_after);
                self.books.settle(e.sender_id, e.receiver_id, e.amount, balances)
            }
            Event::OverdueTransactionSettled(e) => self.lives.settled_overdue(e, now),
            Event::CostAccrual(e) => self.charges.book(e),
            Event::EndOfDayPenalty(e) => {
                self.charges.owe(e.agent_id, e.amount)?;
                self.lives.pay_for_the_night(e, now)
            }
            Event::EndOfDay(e) => {
                self.charges.close_day(e)?;
                self.lives.count_unsettled(e.unsettled_count)
            }
            Event::LiquidityReturn(e) => {
                self.books.take_back(e)?;
                if self.books.is_over_extended(e.agent_id) {
                    self.due = Some(Due::OverExtended(e.agent_id));
                }
                Ok(())
            }
            Event::AgentOverExtended(e) => self.books.note_over_extended(e),
            Event::PolicyDrop(e) => {
                let cancels = self.scenario.rules.end_of_day == EndOfDay::Cancel;
                let closes = self.scenario.calendar.is_last_of_day(now);
                ensure(cancels && closes, "payments are cancelled at the end of a day only")?;
                self.lives.drop_unsettled(*e)
            }
            Event::RunEnded(e) => self.lives.count_unsettled(e.unsettled_count),
        }
    }

    fn expect_overdue_settled(&mut self, no: PaymentNo) {
        if self.lives.is_overdue(no) {
            self.due = Some(Due::OverdueSettled(no));
        }
    }

    fn finish(&mut self) -> Verdict {
        ensure(self.due.is_none(), "what must follow directly does")?;
        self.lives.finish_tick(self.tick)?;
        self.charges.finish_tick()?;
        self.books.are_balanced()
    }
}

/// Returns the place of an event's kind in the order of a tick; `None` for what follows another
/// event wherever that is.
fn step_of(kind: EventKind) -> Option<u8> {
    Some(match kind {
        EventKind::RunStarted | EventKind::DelayRatesSet => 0,
        EventKind::AgentOpened => 1,
        EventKind::LiquidityAllocation => 2,
        EventKind::Arrival => 3,
        EventKind::TransactionWentOverdue => 4,
        EventKind::PolicyHold | EventKind::RtgsSubmission => 6,
        EventKind::RtgsImmediateSettlement | EventKind::QueuedRtgs => 8,
        EventKind::Queue2LiquidityRelease => 9,
        EventKind::CostAccrual => 12,
        EventKind::EndOfDayPenalty => 13,
        EventKind::EndOfDay => 14,
        EventKind::LiquidityReturn => 15,
        EventKind::PolicyDrop => 16,
        EventKind::RunEnded => 17,
        EventKind::OverdueTransactionSettled | EventKind::AgentOverExtended => return None,
    })
}
