//! The hash of a stream.

use psim_view::{Fold, StreamHash};

use crate::stream::{Stream, ring_at_upper_bound};

fn hashed(stream: &Stream) -> StreamHash {
    let mut hash = StreamHash::new();
    stream.batches.iter().for_each(|batch| hash.observe(batch));
    hash
}

/// Three days with an arrival each.
fn three_days(amounts: [i64; 3]) -> Stream {
    let mut stream = Stream::new(2, 3);
    stream.agents(&[100, 100]);
    for (day, amount) in (0..).zip(amounts) {
        stream.tick(day * 2).arrive('A', 'B', amount, 5).tick(day * 2 + 1).end_of_day(1, 0);
    }
    stream
}

#[test]
fn a_day_is_hashed_after_the_hash_of_the_day_before() {
    let stream = three_days([1, 2, 3]);
    let mut expected: Vec<blake3::Hash> = Vec::new();
    for day in stream.batches.chunks(2) {
        let mut rows: Vec<u8> = expected.last().map_or(Vec::new(), |hash| hash.as_bytes().to_vec());
        for batch in day {
            batch.encode(&mut rows);
        }
        expected.push(blake3::hash(&rows));
    }
    let hash = hashed(&stream);
    let days: Vec<[u8; 32]> = hash.days().iter().map(|day| *day.as_bytes()).collect();
    assert_eq!(days, expected.iter().map(|hash| *hash.as_bytes()).collect::<Vec<_>>());
    assert_eq!(hash.total(), expected[2].to_string());
    assert_eq!(hash.total(), hash.days()[2].to_string());
}

#[test]
fn streams_part_from_the_day_on_which_they_differ() {
    let (one, other) = (hashed(&three_days([1, 2, 3])), hashed(&three_days([1, 9, 3])));
    let same: Vec<bool> =
        one.days().iter().zip(other.days()).map(|(one, other)| *one == other).collect();
    assert_eq!(same, [true, false, false]);
}

#[test]
fn ticks_without_events_leave_no_trace() {
    let whole = ring_at_upper_bound();
    let mut sparse = ring_at_upper_bound();
    sparse.batches.retain(|batch| !batch.events().is_empty());
    assert!(sparse.batches.len() < whole.batches.len());
    assert_eq!(hashed(&sparse).total(), hashed(&whole).total());
}

#[test]
fn a_stream_without_events_has_the_hash_of_nothing() {
    assert_eq!(StreamHash::new().total(), blake3::hash(b"").to_string());
    assert_eq!(StreamHash::new().days(), []);
}
