//! Files of payments and participants.

use std::path::Path;
use std::sync::Arc;

use parquet::basic::{Compression, ZstdLevel};
use parquet::data_type::{ByteArray, ByteArrayType, Int64Type};
use parquet::file::properties::WriterProperties;
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::parser::parse_message_type;
use psim_scenario::{Overrides, load, read_payment_list};

use super::{scenario, write};
use crate::dice::Dice;
use crate::mutate;

const PAYMENTS: &str = "\
id,day,tick,sender,receiver,amount,priority,rtgs_priority,deadline_tick,earliest_tick,divisible
x,0,1,A,B,5,3,Urgent,9,2,true\n\"y, \"\"z\"\"\",1,2,B,C,6,,,,,\n,0,0,C,A,1_000,10,Normal,,,false
w,1,9,A,C,9223372036854775807,0,HighlyUrgent,19,,\n";
const DECIMAL: &str = "time,sender,receiver,amount_decimal\n07:00,A,B,5.00\n07:09:59,B,C,0.01\n";
const BANKS: &str = "\
id,opening_balance,unsecured_cap,policy,multilateral_limit,reserved_urgent,liquidity_pool
A,100,5,Fifo,9,1,3\nB,100,,deadline,,,\n\"C\",1_000,0,Hold,,,\n";
const SCENARIO: &str = "\
simulation: {ticks_per_day: 10, num_days: 2, rng_seed: 1, opens_at: '07:00', tick_seconds: 60}
agents: {file: b.csv}
payments: p.csv
priority_mode: true
";

/// Spoils a payment file or a file of participants and loads a scenario with them.
pub(super) fn enter_csv(dice: &mut Dice, folder: &Path) -> bool {
    let spoil = |text: &str, dice: &mut Dice| {
        let mut bytes = mutate::cells(text, dice).into_bytes();
        if dice.once_in(3) {
            mutate::bytes(&mut bytes, dice);
        }
        bytes
    };
    let payments = if dice.once_in(3) { DECIMAL } else { PAYMENTS };
    let (mut rows, mut banks) = (payments.as_bytes().to_vec(), BANKS.as_bytes().to_vec());
    if dice.once_in(3) {
        banks = spoil(BANKS, dice);
    } else {
        rows = spoil(payments, dice);
    }
    enter(&rows, &banks, folder)
}

/// Spoils a Parquet file of payments and loads a scenario with it.
pub(super) fn enter_parquet(dice: &mut Dice, folder: &Path) -> bool {
    let compression =
        [Compression::UNCOMPRESSED, Compression::SNAPPY, Compression::ZSTD(ZstdLevel::default())];
    let compression = compression[dice.below(compression.len())];
    let mut bytes = parquet(1 + dice.below(40), compression);
    mutate::bytes(&mut bytes, dice);
    if dice.once_in(2) {
        // Most files that are cut or moved are refused at once; these keep both ends.
        bytes = parquet(1 + dice.below(40), compression);
        for _ in 0..=dice.below(3) {
            let at = dice.below(bytes.len());
            bytes[at] = dice.byte();
        }
    }
    enter(&bytes, BANKS.as_bytes(), folder)
}

fn enter(rows: &[u8], banks: &[u8], folder: &Path) -> bool {
    write(folder, "p.csv", rows);
    write(folder, "b.csv", banks);
    write(folder, "s.yaml", SCENARIO);
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

/// Returns a sound file of so many payments.
fn parquet(count: usize, compression: Compression) -> Vec<u8> {
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
