//! The index against a plain list.

use psim_random::Generator;

use super::*;

#[derive(Default)]
struct Plain(Vec<Waiting>);

impl Plain {
    fn next_fit(&self, after: Option<u64>, available: Money) -> Option<(u64, PaymentNo)> {
        self.0
            .iter()
            .filter(|it| after.is_none_or(|after| it.entry > after))
            .find(|it| it.amount.is_some_and(|amount| amount <= available))
            .map(|it| (it.entry, it.no))
    }
}

/// Random operations on both; every answer agrees.
#[test]
fn finds_what_a_walk_from_the_front_finds() {
    for seed in 1..=60 {
        let mut generator = Generator::new(seed);
        let (mut index, mut plain) = (FitIndex::default(), Plain::default());
        let mut entry = 0;
        for step in 0..400 {
            match generator.index(9) {
                0..=2 => {
                    let amount = Money::from_minor(generator.integer(1, 20));
                    let amount = (generator.index(5) > 0).then_some(amount);
                    entry += 1 + generator.index(3) as u64;
                    let waiting = Waiting { entry, no: PaymentNo::from_index(step), amount };
                    index.push(waiting);
                    plain.0.push(waiting);
                }
                3 if !plain.0.is_empty() => {
                    let gone = plain.0.remove(generator.index(plain.0.len()));
                    index.remove(gone.entry);
                }
                4 if !plain.0.is_empty() => {
                    let place = generator.index(plain.0.len());
                    let amount = Money::from_minor(generator.integer(1, 20));
                    plain.0[place].amount = Some(amount);
                    index.admit(plain.0[place].entry, amount);
                }
                5 if !plain.0.is_empty() => {
                    let place = generator.index(plain.0.len());
                    plain.0[place].amount = None;
                    index.park(plain.0[place].entry);
                }
                6 => {
                    let free: Vec<u64> = (1..entry + 2)
                        .filter(|new| plain.0.iter().all(|it| it.entry != *new))
                        .filter(|_| generator.index(40) == 0)
                        .collect();
                    let amount =
                        |entry: u64| (!entry.is_multiple_of(3)).then_some(Money::from_minor(7));
                    let no = PaymentNo::from_index(step);
                    let newcomer = |entry| Waiting { entry, no, amount: amount(entry) };
                    let newcomers: Vec<_> = free.into_iter().map(newcomer).collect();
                    entry = newcomers.last().map_or(entry, |last| entry.max(last.entry));
                    index.insert(&newcomers);
                    plain.0.extend(newcomers);
                    plain.0.sort_unstable_by_key(|it| it.entry);
                }
                _ => {}
            }
            assert_eq!(index.first(), plain.0.first().copied(), "seed {seed}, step {step}");
            let available = Money::from_minor(generator.integer(0, 21));
            let after = (generator.index(3) > 0).then(|| generator.index(200) as u64);
            let found = index.next_fit(after, available);
            assert_eq!(found, plain.next_fit(after, available), "seed {seed}, step {step}");
            assert_eq!(index.is_empty(), plain.0.is_empty());
        }
        let listed: Vec<u64> = index.iter().map(|(entry, _)| entry).collect();
        let expected: Vec<u64> = plain.0.iter().map(|it| it.entry).collect();
        assert_eq!(listed, expected, "seed {seed}");
    }
}
