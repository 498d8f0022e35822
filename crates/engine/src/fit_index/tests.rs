//! The index against a plain list.

use psim_random::Generator;

use super::*;

#[derive(Default)]
struct Plain(Vec<(u64, PaymentNo, Option<Money>)>);

impl Plain {
    fn next_fit(&self, after: Option<u64>, available: Money) -> Option<(u64, PaymentNo)> {
        self.0
            .iter()
            .filter(|(entry, ..)| after.is_none_or(|after| *entry > after))
            .find(|(_, _, amount)| amount.is_some_and(|amount| amount <= available))
            .map(|(entry, payment, _)| (*entry, *payment))
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
                    let payment = PaymentNo::from_index(step);
                    index.push(entry, payment, amount);
                    plain.0.push((entry, payment, amount));
                }
                3 if !plain.0.is_empty() => {
                    let (gone, ..) = plain.0.remove(generator.index(plain.0.len()));
                    index.remove(gone);
                }
                4 if !plain.0.is_empty() => {
                    let place = generator.index(plain.0.len());
                    let amount = Money::from_minor(generator.integer(1, 20));
                    plain.0[place].2 = Some(amount);
                    index.admit(plain.0[place].0, amount);
                }
                5 if !plain.0.is_empty() => {
                    let place = generator.index(plain.0.len());
                    plain.0[place].2 = None;
                    index.park(plain.0[place].0);
                }
                6 => {
                    let free: Vec<u64> = (1..entry + 2)
                        .filter(|new| plain.0.iter().all(|(entry, ..)| entry != new))
                        .filter(|_| generator.index(40) == 0)
                        .collect();
                    let amount =
                        |entry: u64| (!entry.is_multiple_of(3)).then_some(Money::from_minor(7));
                    let payment = PaymentNo::from_index(step);
                    let newcomers: Vec<_> =
                        free.into_iter().map(|new| (new, payment, amount(new))).collect();
                    entry = newcomers.last().map_or(entry, |last| entry.max(last.0));
                    index.insert(&newcomers);
                    plain.0.extend(newcomers);
                    plain.0.sort_unstable();
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
        let expected: Vec<u64> = plain.0.iter().map(|(entry, ..)| *entry).collect();
        assert_eq!(listed, expected, "seed {seed}");
    }
}
