//! A live run and the naive engine, side by side.

use psim_engine::{BatchFault, InstructionError, TickError};
use psim_fuzz::given::questions::{About, ask};
use psim_model::{CheckedScenario, Day, Instruction, Submission, Tick};
use psim_runner::{Paranoid, Session, VERSION};
use psim_testkit::compare::Comparison;
use psim_testkit::invariants::Laws;
use psim_testkit::reference::Reference;

use crate::dice::Dice;

const RESTORED: &str = "Invariant: a run is restored from its own bytes";

/// Both runs, and what checks them.
pub(super) struct Twins<'s> {
    scenario: &'s CheckedScenario,
    session: Session,
    reference: Reference,
    comparison: Comparison,
    laws: Laws<'s>,
    paranoid: Paranoid,
    carried_out: usize,
    /// Whether sums were asked for near what money holds, where bounds on costs are coarse.
    has_huge_sums: bool,
}

impl<'s> Twins<'s> {
    pub(super) fn new(scenario: &'s CheckedScenario) -> Self {
        Self {
            scenario,
            session: Session::new(scenario.clone()),
            reference: Reference::new(scenario, VERSION),
            comparison: Comparison::default(),
            laws: Laws::new(scenario),
            paranoid: Paranoid::new(scenario),
            carried_out: 0,
            has_huge_sums: scenario.events.iter().any(names_huge_sum),
        }
    }

    /// Calls that were carried out.
    pub(super) const fn carried_out(&self) -> usize {
        self.carried_out
    }

    /// Events so far.
    pub(super) fn events(&self) -> u64 {
        self.session.engine().coming_events().first_seq()
    }

    /// Gives an instruction to both; they must answer alike.
    pub(super) fn call(&mut self, call: &Instruction, dice: &mut Dice) {
        let expected = answer(self.scenario, &mut self.reference, call);
        let found = if dice.once_in(2) {
            self.session.instruct(call).map(|_| ())
        } else {
            self.session.attempt(call).map(|_| ())
        };
        assert_eq!(found, expected, "tick {}: {call:?}", self.session.now());
        self.count(usize::from(found.is_ok()), names_huge_sum(call));
    }

    /// Submits payments together, which the naive engine does one by one.
    pub(super) fn submit(&mut self, batch: &[Submission]) {
        let mut trial = self.reference.clone();
        let mut submit = |(index, submission): (usize, &Submission)| {
            let call = Instruction::SubmitTransaction(submission.clone());
            answer(self.scenario, &mut trial, &call).map_err(|error| BatchFault { index, error })
        };
        let expected = batch.iter().enumerate().try_for_each(&mut submit);
        let found = self.session.submit_batch(batch);
        let count = found.as_ref().map_or(0, Vec::len);
        assert_eq!(found.map(|_| ()), expected, "tick {}: {batch:?}", self.session.now());
        if expected.is_ok() {
            assert_eq!(count, batch.len(), "each has a number");
            self.reference = trial;
        }
        self.count(count, names_huge_sum(&batch));
    }

    fn count(&mut self, carried_out: usize, is_huge: bool) {
        self.carried_out += carried_out;
        self.has_huge_sums |= is_huge && carried_out > 0;
        let told = self.paranoid.observe_told(self.session.engine());
        told.unwrap_or_else(|broken| panic!("a law is broken: {broken}"));
    }

    /// Runs a tick of both; returns whether it could happen.
    pub(super) fn tick(&mut self) -> bool {
        let now = self.session.now();
        let expected = self.reference.next().expect("Invariant: a tick is to come");
        match (expected, self.session.tick()) {
            (Ok(expected), Ok(_)) => {
                let batch = self.session.log().last().expect("Invariant: a tick is over");
                let engine = self.session.engine();
                let same = self.comparison.next(&expected, batch);
                same.unwrap_or_else(|difference| panic!("tick {now}: {difference}"));
                let lawful = self.laws.observe(batch);
                lawful.unwrap_or_else(|law| panic!("tick {now}: {law}"));
                let sound = self.paranoid.observe(engine, batch);
                sound.unwrap_or_else(|broken| panic!("tick {now}: a law is broken: {broken}"));
                true
            }
            (Err(_), Err(_)) => false,
            // Its bound is coarse: near 2^63 it may refuse what would just have fitted.
            (Ok(_), Err(TickError::CostOverflow { .. })) if self.has_huge_sums => false,
            (expected, found) => {
                panic!("tick {now}: {:?} expected, {found:?} found", expected.map(|_| ()))
            }
        }
    }

    /// After the last tick nothing can be asked for.
    pub(super) fn end(&mut self, call: &Instruction, dice: &mut Dice) {
        assert_eq!(self.session.instruct(call), Err(InstructionError::RunOver));
        assert!(matches!(self.session.tick(), Err(TickError::BeyondHorizon { .. })));
        self.restore();
        self.branch(dice);
        self.ask("", "tx-0", dice);
    }

    /// Asks everything.
    pub(super) fn ask(&mut self, agent: &str, payment: &str, dice: &mut Dice) {
        let calendar = self.scenario.calendar;
        let (ticks, days) = (calendar.horizon() as usize, calendar.num_days() as usize);
        let tick = if dice.once_in(9) { Tick(u32::MAX) } else { Tick(dice.below_32(ticks + 2)) };
        let day = if dice.once_in(9) { Day(u32::MAX) } else { Day(dice.below_32(days + 1)) };
        let seq = if dice.once_in(9) { u64::MAX } else { dice.number() % (self.events() + 2) };
        ask(&mut self.session, About { agent, payment, tick, day, seq });
    }

    /// Goes on from bytes of the run, as if nothing had been.
    pub(super) fn restore(&mut self) {
        let bytes = self.session.checkpoint();
        let restored = Session::restore(self.scenario, &bytes).expect(RESTORED);
        assert!(restored.log() == self.session.log(), "what was told is another");
        assert!(restored.checkpoint() == bytes, "the state is another");
        self.session = restored;
    }

    /// Damaged bytes, and those of another scenario, are refused.
    pub(super) fn restore_damaged(&mut self, dice: &mut Dice) {
        let mut bytes = self.session.checkpoint();
        let other = self.scenario.with_seed(self.scenario.rng_seed.wrapping_add(1));
        assert!(Session::restore(&other, &bytes).is_err(), "of another scenario");
        let place = dice.below(bytes.len());
        if dice.once_in(2) {
            bytes.truncate(place);
        } else {
            bytes[place] ^= 1 << dice.below(8);
        }
        assert!(Session::restore(self.scenario, &bytes).is_err(), "damaged at {place}");
    }

    /// Branches go another way, or are refused, and leave the run alone.
    pub(super) fn branch(&mut self, dice: &mut Dice) {
        let wanted = match dice.below(3) {
            0 => self.scenario.clone(),
            1 => self.scenario.with_seed(self.scenario.rng_seed.wrapping_add(1)),
            _ => {
                let mut other = psim_model::Scenario::clone(self.scenario);
                other.events.clear();
                other.instructions.clear();
                let Ok(other) = other.check() else { return };
                other
            }
        };
        if let Ok(mut branch) = self.session.branch(&wanted) {
            for _ in 0..3 {
                if branch.tick().is_err() {
                    return;
                }
                let sound = branch.engine().audit();
                sound.unwrap_or_else(|what| panic!("a branch at {}: {what}", self.session.now()));
            }
        }
    }
}

/// What the naive engine answers; it does not look whether a call is sound by itself.
fn answer(
    scenario: &CheckedScenario,
    reference: &mut Reference,
    call: &Instruction,
) -> Result<(), InstructionError> {
    scenario.check_instruction(call).map_err(InstructionError::Unsound)?;
    reference.instruct(call).map_err(InstructionError::Refused)
}

/// Whether something names a sum near what money holds. That a number in it is large is enough: it
/// decides only whether a coarse bound may be met.
fn names_huge_sum(what: &impl std::fmt::Debug) -> bool {
    let text = format!("{what:?}");
    let mut numbers = text.split(|c: char| !c.is_ascii_digit()).map(str::parse::<u64>);
    numbers.any(|number| number.is_ok_and(|number| number >= 1 << 53))
}
