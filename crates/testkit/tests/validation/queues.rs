//! V13: on random small queues gridlock resolution settles the most that can settle.

use psim_engine::Engine;
use psim_model::event::{Event, EventBatch};
use psim_model::{Algorithm, LiquiditySaving, QueueDiscipline, Scenario, ScheduledAlgorithm};
use psim_random::Generator;
use psim_testkit::sketch;

use crate::case::{Case, Row};
use crate::oracle::{Most, Queues, most};

const CASES: u64 = 4_000;
const NAMES: [&str; 6] = ["A", "B", "C", "D", "E", "F"];

/// Banks with balances, and payments (sender, receiver, amount) in order of submission.
#[derive(Clone, Debug)]
struct Start {
    balances: Vec<i64>,
    payments: Vec<(usize, usize, i64)>,
}

/// What happened in the only tick.
#[derive(Debug, Default)]
struct Happened {
    /// Payments that settled by themselves before the algorithm ran, by number.
    singles: Vec<usize>,
    /// Payments that the algorithm settled, by number.
    batch: Vec<usize>,
}

impl Start {
    /// Two to four banks, some without money, with up to four payments each.
    fn random(seed: u64) -> Self {
        let mut random = Generator::new(seed);
        let banks = 2 + random.index(3);
        let mut balance = || if random.index(2) == 0 { 0 } else { random.integer(0, 60) };
        let balances: Vec<i64> = (0..banks).map(|_| balance()).collect();
        let mut left: Vec<usize> = (0..banks).map(|_| random.index(5)).collect();
        let mut payments = Vec::new();
        while left.iter().any(|count| *count > 0) {
            let sender = random.index(banks);
            if left[sender] > 0 {
                left[sender] -= 1;
                let receiver = (sender + 1 + random.index(banks - 1)) % banks;
                payments.push((sender, receiver, random.integer(1, 50)));
            }
        }
        Self { balances, payments }
    }

    /// Banks without money of which each owes the same to the next (or the one before).
    fn ring(banks: usize, steps: &[usize]) -> Self {
        let owed = |step: usize| (0..banks).map(move |bank| (bank, (bank + step) % banks, 7));
        let payments = steps.iter().flat_map(|step| owed(*step)).collect();
        Self { balances: vec![0; banks], payments }
    }

    /// The same with the names of the banks dealt out anew: bank i becomes bank `places[i]`.
    fn dealt(&self, places: &[usize]) -> Self {
        let mut balances = vec![0; places.len()];
        for (bank, place) in places.iter().enumerate() {
            balances[*place] = self.balances[bank];
        }
        let payments =
            self.payments.iter().map(|(from, to, sum)| (places[*from], places[*to], *sum));
        Self { balances, payments: payments.collect() }
    }

    fn queues(&self) -> Queues {
        let mut queues = vec![Vec::new(); self.balances.len()];
        for (sender, receiver, amount) in &self.payments {
            queues[*sender].push((*receiver, *amount));
        }
        queues
    }

    /// Takes out payments that have settled.
    fn without(&self, settled: &[usize]) -> Self {
        let mut rest = Self { balances: self.balances.clone(), payments: Vec::new() };
        for (number, (sender, receiver, amount)) in self.payments.iter().enumerate() {
            if settled.contains(&number) {
                rest.balances[*sender] -= amount;
                rest.balances[*receiver] += amount;
            } else {
                rest.payments.push((*sender, *receiver, *amount));
            }
        }
        rest
    }

    /// Adds up payments, given by number.
    fn sum(&self, numbers: &[usize]) -> Most {
        let mut sum = Most { taken: vec![0; self.balances.len()], ..Most::default() };
        for number in numbers {
            let (sender, _, amount) = self.payments[*number];
            sum.count += 1;
            sum.value += amount;
            sum.taken[sender] += 1;
        }
        sum
    }

    fn scenario(&self) -> Scenario {
        let agents: Vec<(&str, i64)> =
            NAMES.iter().copied().zip(self.balances.iter().copied()).collect();
        let mut scenario = sketch::scenario(1, 1, &agents);
        let number = |bank: usize| u32::try_from(bank).expect("there are few banks");
        scenario.payments.rows = self
            .payments
            .iter()
            .map(|(from, to, sum)| sketch::payment(0, number(*from), number(*to), *sum))
            .collect();
        scenario.rules.queue_discipline = QueueDiscipline::Fifo;
        scenario.liquidity_saving = LiquiditySaving {
            algorithms: vec![ScheduledAlgorithm {
                algorithm: Algorithm::GridlockResolution,
                every: 1,
                enabled: true,
            }],
            ..LiquiditySaving::NONE
        };
        scenario
    }

    fn run(&self) -> Happened {
        let mut happened = Happened::default();
        let mut engine = Engine::new(self.scenario().check().expect("it is sound"));
        let mut batch = EventBatch::default();
        engine.tick(&mut batch).expect("the amounts are small");
        for event in batch.events() {
            match event {
                Event::RtgsImmediateSettlement(it) => happened.singles.push(it.tx_id.0 as usize),
                Event::Queue2LiquidityRelease(it) => happened.singles.push(it.tx_id.0 as usize),
                Event::LsmBatchSettlement(it) => {
                    let numbers = it.tx_ids.of(batch.columns()).iter();
                    happened.batch.extend(numbers.map(|payment| payment.0 as usize));
                }
                _ => {}
            }
        }
        happened
    }
}

/// Counts over all random cases.
#[derive(Default)]
struct Counts {
    payments: usize,
    value: i64,
    resolved: usize,
}

impl Counts {
    fn add(&mut self, most: &Most) {
        self.payments += most.count;
        self.value += most.value;
        self.resolved += usize::from(most.count > 0);
    }
}

fn random_cases() -> Vec<Row> {
    let (mut expected, mut obtained) = (Counts::default(), Counts::default());
    let (mut other_vectors, mut other_totals, mut other_names) = (0, 0, 0);
    for seed in 1..=CASES {
        let start = Start::random(seed);
        let happened = start.run();
        // What the algorithm found when it ran.
        let found = start.without(&happened.singles);
        let (best, batch) = (most(&found.balances, &found.queues()), start.sum(&happened.batch));
        expected.add(&best);
        obtained.add(&batch);
        other_vectors += usize::from(best != batch);
        // In strict queues what settles singly is a prefix too, so all together is the most that
        // could settle from the start.
        let all = [happened.singles.clone(), happened.batch.clone()].concat();
        let total = start.sum(&all);
        other_totals += usize::from(most(&start.balances, &start.queues()) != total);
        other_names += usize::from(!is_nameless(&start, seed, &total));
    }
    vec![
        Row::new("random cases with another set than the largest", 0, other_vectors),
        Row::new(
            "cases in which the algorithm settles something",
            expected.resolved,
            obtained.resolved,
        ),
        Row::new("payments in all these sets", expected.payments, obtained.payments),
        Row::new("value of all these sets", expected.value, obtained.value),
        Row::new("cases with another total in the tick, single payments included", 0, other_totals),
        Row::new("cases with another total when banks change names", 0, other_names),
    ]
}

/// Whether other names, and so another order of removal, lead to the same.
fn is_nameless(start: &Start, seed: u64, total: &Most) -> bool {
    let banks = start.balances.len();
    let mut random = Generator::named(seed, "names");
    let mut places: Vec<usize> = (0..banks).collect();
    for place in (1..banks).rev() {
        places.swap(place, random.index(place + 1));
    }
    let dealt = start.dealt(&places);
    let happened = dealt.run();
    let dealt_total = dealt.sum(&[happened.singles, happened.batch].concat());
    let taken = places.iter().map(|place| dealt_total.taken[*place]).collect();
    Most { taken, ..dealt_total } == *total
}

fn rings() -> Vec<Row> {
    let mut rows = Vec::new();
    for banks in 3..=6 {
        let settled = |steps: &[usize]| Start::ring(banks, steps).run().batch.len();
        let way = |name: &str| format!("ring of {banks} without money, {name}: payments settled");
        rows.push(Row::new(way("one way"), banks, settled(&[1])));
        rows.push(Row::new(way("the other way"), banks, settled(&[banks - 1])));
        rows.push(Row::new(way("both ways"), 2 * banks, settled(&[1, banks - 1])));
    }
    rows
}

pub(crate) fn v13() -> Case {
    let mut rows = random_cases();
    rows.extend(rings());
    Case {
        title: "V13: gridlock resolution takes the largest set",
        source: "Brute force: every vector of prefixes of the queues is tried, and the largest one \
            with which no bank ends below zero is taken. One vector has both the most payments and \
            the most value, since of two such vectors the larger prefix of each bank can be taken \
            together; the search checks that too",
        input: format!(
            "{CASES} random cases: 2 to 4 banks, about half of them without money, the others with \
             up to 60, up to 4 payments of 1 to 50 each, all in one tick, `queue_discipline: fifo`, \
             `algorithms: [gridlock_resolution]`; and rings of banks without money that owe each \
             other 7."
        ),
        rows,
        remark: "Queue discipline `fifo`. Where a bank can pay its first payment it does so before the \
            algorithm runs; the sets are compared on the queues and balances that are left then, \
            totals on those at the start.",
    }
}
