//! Payment files in gzip and Parquet.

use std::fs::File;
use std::io::Write;
use std::sync::Arc;

use parquet::basic::Compression;
use parquet::data_type::{
    BoolType, ByteArray, ByteArrayType, FixedLenByteArray, FixedLenByteArrayType, Int32Type,
    Int64Type,
};
use parquet::file::properties::WriterProperties;
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::parser::parse_message_type;
use psim_model::PreparedPayment;

use super::{row, rows, with_payments};
use crate::tests::Folder;

fn gzipped(text: &str) -> Vec<u8> {
    let mut writer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    writer.write_all(text.as_bytes()).unwrap();
    writer.finish().unwrap()
}

#[test]
fn gzip_reads_like_plain_text() {
    let csv = "tick,sender,receiver,amount\n1,A,B,5\n";
    assert_eq!(rows(&with_payments(gzipped(csv))), [row(1, 0, 5, 9)]);
    let mut cut = gzipped(&csv.repeat(500));
    cut.truncate(cut.len() / 2);
    let folder = with_payments(cut);
    let text = folder.shown(&folder.load("s.yaml").unwrap_err());
    assert!(text.contains("cannot be read"), "{text}");
}

/// Writes rows of (id, tick, sender, receiver, amount, divisible), some of them without.
pub(crate) fn write_parquet(folder: &Folder, amounts: &[i64]) {
    let schema = "message payments {
        OPTIONAL BINARY id (UTF8);
        REQUIRED INT64 tick;
        REQUIRED BINARY sender (UTF8);
        REQUIRED BINARY receiver (UTF8);
        REQUIRED INT64 amount;
        OPTIONAL BOOLEAN divisible;
    }";
    let schema = Arc::new(parse_message_type(schema).unwrap());
    let file = File::create(folder.path("p.csv")).unwrap();
    let properties = Arc::new(WriterProperties::builder().build());
    let mut writer = SerializedFileWriter::new(file, schema, properties).unwrap();
    let mut group = writer.next_row_group().unwrap();
    let count = amounts.len();
    let texts = |text: &str| vec![ByteArray::from(text); count];
    let ids: Vec<ByteArray> =
        (0..count).step_by(2).map(|n| format!("p{n}").as_str().into()).collect();
    let levels: Vec<i16> = (0..count).map(|n| i16::from(n % 2 == 0)).collect();
    let mut column = 0;
    while let Some(mut writer) = group.next_column().unwrap() {
        match column {
            0 => writer.typed::<ByteArrayType>().write_batch(&ids, Some(&levels), None),
            1 => writer.typed::<Int64Type>().write_batch(&vec![1; count], None, None),
            2 => writer.typed::<ByteArrayType>().write_batch(&texts("A"), None, None),
            3 => writer.typed::<ByteArrayType>().write_batch(&texts("B"), None, None),
            4 => writer.typed::<Int64Type>().write_batch(amounts, None, None),
            _ => writer.typed::<BoolType>().write_batch(&[], Some(&vec![0; count]), None),
        }
        .unwrap();
        writer.close().unwrap();
        column += 1;
    }
    group.close().unwrap();
    writer.close().unwrap();
}

#[test]
fn parquet_reads_like_csv() {
    let folder = with_payments("");
    // More rows than are decoded at a time.
    let amounts: Vec<i64> = (1..=40_000).collect();
    write_parquet(&folder, &amounts);
    let expected: Vec<PreparedPayment> = amounts.iter().map(|a| row(1, 0, *a, 9)).collect();
    assert_eq!(rows(&folder), expected);
    let scenario = folder.load("s.yaml").unwrap().scenario;
    let ids: Vec<_> = (0..4).map(|index| scenario.payments.given_id(index)).collect();
    assert_eq!(ids, [Some("p0"), None, Some("p2"), None]);
}

#[test]
fn bad_parquet_rows_are_listed_by_number() {
    let folder = with_payments("");
    write_parquet(&folder, &[1, 0, 2]);
    let faults = folder.load("s.yaml").unwrap_err();
    let said: Vec<&str> = faults.iter().map(|d| d.message.as_str()).collect();
    assert_eq!(said, ["row 2: `amount`: must be above 0"]);
}

/// Writes one payment whose decimal amount is stored as `physical`.
fn write_decimal(folder: &Folder, physical: &str, digits: &str, unscaled: i64, codec: Compression) {
    let schema = format!(
        "message payments {{ REQUIRED INT64 tick; REQUIRED BINARY sender (UTF8); \
         REQUIRED BINARY receiver (UTF8); REQUIRED {physical} amount_decimal (DECIMAL({digits})); }}"
    );
    let schema = Arc::new(parse_message_type(&schema).unwrap());
    let file = File::create(folder.path("p.csv")).unwrap();
    let properties = Arc::new(WriterProperties::builder().set_compression(codec).build());
    let mut writer = SerializedFileWriter::new(file, schema, properties).unwrap();
    let mut group = writer.next_row_group().unwrap();
    let bytes = unscaled.to_be_bytes();
    for column in 0..4 {
        let mut writer = group.next_column().unwrap().unwrap();
        match (column, physical.split('(').next()) {
            (0, _) => writer.typed::<Int64Type>().write_batch(&[1], None, None),
            (1, _) => writer.typed::<ByteArrayType>().write_batch(&["A".into()], None, None),
            (2, _) => writer.typed::<ByteArrayType>().write_batch(&["B".into()], None, None),
            (_, Some("INT64")) => writer.typed::<Int64Type>().write_batch(&[unscaled], None, None),
            (_, Some("INT32")) => {
                let unscaled = i32::try_from(unscaled).unwrap();
                writer.typed::<Int32Type>().write_batch(&[unscaled], None, None)
            }
            (_, Some("BINARY")) => writer.typed::<ByteArrayType>().write_batch(
                &[bytes[5..].to_vec().into()],
                None,
                None,
            ),
            _ => {
                let value = FixedLenByteArray::from(bytes.to_vec());
                writer.typed::<FixedLenByteArrayType>().write_batch(&[value], None, None)
            }
        }
        .unwrap();
        writer.close().unwrap();
    }
    group.close().unwrap();
    writer.close().unwrap();
}

#[test]
fn decimals_in_parquet_are_read_exactly() {
    for (physical, digits, unscaled, expected) in [
        ("INT64", "18,2", 1_234, Ok(1_234)),
        ("INT32", "9,1", 1_234, Ok(12_340)),
        ("INT64", "18,0", 7, Ok(700)),
        ("FIXED_LEN_BYTE_ARRAY(8)", "18,3", 1_230, Ok(123)),
        ("BINARY", "6,2", 1_234, Ok(1_234)),
        ("INT64", "18,3", 1_234, Err("has more than 2 decimal places")),
        ("BINARY", "6,2", -1_234, Err("must be above 0")),
        ("INT64", "18,0", i64::MAX, Err("too large (at most 2^63 - 1 minor units)")),
    ] {
        let folder = with_payments("");
        write_decimal(&folder, physical, digits, unscaled, Compression::UNCOMPRESSED);
        match (folder.load("s.yaml"), expected) {
            (Ok(loaded), Ok(amount)) => {
                assert_eq!(loaded.scenario.payments.rows, [row(1, 0, amount, 9)], "{physical}");
            }
            (Err(faults), Err(problem)) => {
                let said = &faults.iter().next().unwrap().message;
                assert_eq!(*said, format!("row 1: `amount_decimal`: {problem}"));
            }
            (read, _) => panic!("{physical}: {read:?}"),
        }
    }
}

#[test]
fn parquet_types_that_would_be_misread_are_refused() {
    for (column, problem) in [
        ("INT32 amount (INTEGER(32,false))", "`amount` is unsigned; store signed 64-bit numbers"),
        ("INT64 amount (INTEGER(64,false))", "`amount` is unsigned; store signed 64-bit numbers"),
        ("INT32 amount (DATE)", "`amount` is a DATE; store days as numbers from 0"),
        ("BOOLEAN amount", "`amount` holds true and false; only `divisible` does"),
        ("DOUBLE id", "`id` holds decimals; store ids as texts or whole numbers"),
        ("INT64 id (DECIMAL(5,2))", "`id` holds decimals; store ids as texts or whole numbers"),
    ] {
        let others = if column.contains("amount") { "" } else { "REQUIRED INT64 amount;" };
        let schema = format!(
            "message payments {{ REQUIRED INT64 tick; REQUIRED BINARY sender (UTF8); \
             REQUIRED BINARY receiver (UTF8); {others} REQUIRED {column}; }}"
        );
        let schema = Arc::new(parse_message_type(&schema).unwrap());
        let folder = with_payments("");
        let file = File::create(folder.path("p.csv")).unwrap();
        SerializedFileWriter::new(file, schema, Arc::default()).unwrap().close().unwrap();
        let faults = folder.load("s.yaml").unwrap_err();
        assert_eq!(faults.iter().next().unwrap().message, format!("column {problem}"));
    }
}

#[test]
fn compressions_that_are_not_read_are_named() {
    let folder = with_payments("");
    write_decimal(&folder, "INT64", "18,2", 5, Compression::UNCOMPRESSED);
    // The writer cannot compress with Brotli either; so the codec (field 4 of a column's thrift
    // metadata, zigzag 4 = 8) is changed in the footer of each column.
    let mut bytes = std::fs::read(folder.path("p.csv")).unwrap();
    let names: Vec<usize> = (0..bytes.len() - 20)
        .filter(|at| bytes[*at..].starts_with(b"\x0eamount_decimal\x15\x00"))
        .collect();
    let [name] = names.as_slice() else { panic!("one column: {names:?}") };
    bytes[name + 16] = 8;
    let folder = folder.with("p.csv", bytes);
    let faults = folder.load("s.yaml").unwrap_err();
    assert_eq!(
        faults.iter().next().unwrap().message,
        "column `amount_decimal` is compressed with BROTLI; what is read is Snappy, gzip, Zstandard or none"
    );
}
