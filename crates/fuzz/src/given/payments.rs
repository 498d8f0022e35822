//! Files of payments and participants: a scenario is loaded with them.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use parquet::basic::{Compression, ZstdLevel};
use parquet::data_type::{ByteArray, ByteArrayType, Int64Type};
use parquet::file::properties::WriterProperties;
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::parser::parse_message_type;
use psim_scenario::{Overrides, load, read_payment_list};

use super::scenario;

/// A sound file of participants.
pub const BANKS: &str = "\
id,opening_balance,unsecured_cap,policy,multilateral_limit,reserved_urgent,liquidity_pool
A,100,5,Fifo,9,1,3\nB,100,,deadline,,,\n\"C\",1_000,0,Hold,,,\n";
const SCENARIO: &str = "\
simulation: {ticks_per_day: 10, num_days: 2, rng_seed: 1, opens_at: '07:00', tick_seconds: 60}
agents: {file: b.csv}
payments: p.csv
priority_mode: true
";

/// Reads payments and participants, each the bytes of a file that is written into `folder`.
pub fn take(payments: &[u8], banks: &[u8], folder: &Path) -> bool {
    let files: [(&str, &[u8]); 3] =
        [("p.csv", payments), ("b.csv", banks), ("s.yaml", SCENARIO.as_bytes())];
    for (name, content) in files {
        let written = fs::write(folder.join(name), content);
        written.expect("Condition failed: the folder can be written to");
    }
    if let Err(faults) = read_payment_list(&folder.join("p.csv")) {
        assert!(!faults.render(true).is_empty());
    }
    match load(&folder.join("s.yaml"), &Overrides::default()) {
        Ok(loaded) => {
            scenario::run(loaded.scenario);
            true
        }
        Err(faults) => {
            assert!(!faults.render(true).is_empty());
            false
        }
    }
}

/// Returns a sound Parquet file of so many payments, compressed in one of three ways, by number.
pub fn parquet(count: usize, compression: usize) -> Vec<u8> {
    let compression = match compression {
        0 => Compression::UNCOMPRESSED,
        1 => Compression::SNAPPY,
        _ => Compression::ZSTD(ZstdLevel::default()),
    };
    let schema = "message payments {
        OPTIONAL BINARY id (UTF8);
        REQUIRED INT64 tick;
        REQUIRED BINARY sender (UTF8);
        REQUIRED BINARY receiver (UTF8);
        REQUIRED INT64 amount;
    }";
    let sound = "Invariant: a sound file can be written";
    let schema = Arc::new(parse_message_type(schema).expect(sound));
    let properties = WriterProperties::builder().set_compression(compression).build();
    let mut bytes = Vec::new();
    let mut file = SerializedFileWriter::new(&mut bytes, schema, properties.into()).expect(sound);
    let mut group = file.next_row_group().expect(sound);
    let texts = |name: &str| vec![ByteArray::from(name); count];
    let ids: Vec<ByteArray> = (0..count).map(|no| format!("p{no}").as_str().into()).collect();
    let levels = vec![1; count];
    let amounts: Vec<i64> = (1..).take(count).collect();
    let mut column = 0;
    while let Some(mut writer) = group.next_column().expect(sound) {
        match column {
            0 => writer.typed::<ByteArrayType>().write_batch(&ids, Some(&levels), None),
            1 => writer.typed::<Int64Type>().write_batch(&vec![1; count], None, None),
            2 => writer.typed::<ByteArrayType>().write_batch(&texts("A"), None, None),
            3 => writer.typed::<ByteArrayType>().write_batch(&texts("B"), None, None),
            _ => writer.typed::<Int64Type>().write_batch(&amounts, None, None),
        }
        .expect(sound);
        writer.close().expect(sound);
        column += 1;
    }
    group.close().expect(sound);
    file.close().expect(sound);
    bytes
}
