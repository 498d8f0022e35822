//! Payment and participant files: CSV, gzip and Parquet.

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
use psim_model::{AgentNo, Money, PreparedPayment, RtgsPriority, Tick};

use super::{BASE, Folder};
use crate::read_payment_list;

fn with_payments(csv: impl AsRef<[u8]>) -> Folder {
    Folder::new().with("s.yaml", format!("{BASE}payments: p.csv\n")).with("p.csv", csv)
}

fn rows(folder: &Folder) -> Vec<PreparedPayment> {
    match folder.load("s.yaml") {
        Ok(loaded) => loaded.scenario.payments.rows.clone(),
        Err(faults) => panic!("{}", folder.shown(&faults)),
    }
}

fn row(tick: u32, sender: u32, amount: i64, deadline: u32) -> PreparedPayment {
    PreparedPayment {
        tick: Tick(tick),
        sender: AgentNo(sender),
        receiver: AgentNo(1 - sender),
        amount: Money::from_minor(amount),
        deadline: Tick(deadline),
        earliest: Tick(tick),
        priority: 5,
        rtgs_priority: RtgsPriority::Normal,
        divisible: None,
    }
}

/// Checks what is said about a payment file: line and message of each fault.
fn check(csv: impl AsRef<[u8]>, expected: &[(Option<u64>, &str)]) {
    let folder = with_payments(csv);
    let faults = folder.load("s.yaml").expect_err("the file is faulty");
    let directory = folder.path("").display().to_string();
    let said: Vec<(Option<u64>, String)> = faults
        .iter()
        .map(|d| {
            let line = d.place.as_ref().and_then(|place| place.line);
            (line, d.message.replace(&directory, ""))
        })
        .collect();
    let said: Vec<(Option<u64>, &str)> = said.iter().map(|(line, m)| (*line, m.as_str())).collect();
    assert_eq!(said, expected);
}

#[test]
fn rows_are_put_in_order_of_arrival() {
    let folder = with_payments(
        "id,day,tick,sender,receiver,amount,priority,deadline_tick,earliest_tick,divisible\n\
         late,1,0,A,B,7,0,12,11,false\n\
         first,,3,A,B,5,,,,\n\
         second,0,3,B,A,6,10,,1,TRUE\n",
    );
    let first = row(3, 0, 5, 9);
    let second = PreparedPayment { priority: 10, divisible: Some(true), ..row(3, 1, 6, 9) };
    let late = PreparedPayment {
        priority: 0,
        earliest: Tick(11),
        divisible: Some(false),
        ..row(10, 0, 7, 12)
    };
    assert_eq!(rows(&folder), [first, second, late]);
    let scenario = folder.load("s.yaml").unwrap().scenario;
    let ids: Vec<_> = (0..3).map(|index| scenario.payments.given_id(index)).collect();
    assert_eq!(ids, [Some("first"), Some("second"), Some("late")]);
}

#[test]
fn classes_are_declared() {
    let folder = with_payments(
        "tick,sender,receiver,amount,rtgs_priority\n\
         0,A,B,1,\n1,A,B,1,Normal\n2,A,B,1,Urgent\n3,A,B,1,HighlyUrgent\n4,A,B,1,urgent\n",
    );
    let classes: Vec<RtgsPriority> = rows(&folder).iter().map(|row| row.rtgs_priority).collect();
    let [normal, urgent] = [RtgsPriority::Normal, RtgsPriority::Urgent];
    assert_eq!(classes, [normal, normal, urgent, RtgsPriority::HighlyUrgent, urgent]);
}

#[test]
fn quotes_byte_order_marks_and_line_ends_do_not_matter() {
    let plain = "tick,sender,receiver,amount\n1,A,B,5\n2,B,A,6\n";
    let expected = [row(1, 0, 5, 9), row(2, 1, 6, 9)];
    for csv in [
        plain.to_owned(),
        format!("\u{feff}{plain}"),
        plain.replace('\n', "\r\n"),
        "\"tick\",\"sender\",\"receiver\",\"amount\"\n\"1\",\"A\",\"B\",\"5\"\n2,B,A,6".to_owned(),
        " tick , sender , receiver , amount \n 1 , A , B , 5 \n\n\n 2 , B , A , 6 \n".to_owned(),
    ] {
        assert_eq!(rows(&with_payments(&csv)), expected, "{csv:?}");
    }
}

#[test]
fn bad_rows_are_listed_with_their_lines() {
    check(
        "tick,sender,receiver,amount\n\
         1,A,B,5\n\
         1,A,A,5\n\
         1,A,BB,5\n\
         \n\
         1,A,B,-5\n\
         1,A,B,12.34\n\
         1,A,B,9223372036854775808\n\
         10,A,B,5\n\
         x,A,B,5\n\
         1,,B,5\n\
         1,A,B\n",
        &[
            (Some(3), "`receiver`: sender and receiver are the same"),
            (Some(4), "`receiver`: unknown agent `BB`"),
            (Some(6), "`amount`: must be above 0"),
            (Some(7), "`amount`: not a whole number of minor units"),
            (Some(8), "`amount`: too large (at most 2^63 - 1 minor units)"),
            (Some(9), "`tick`: 10 is not between 0 and 9"),
            (Some(10), "`tick`: not a whole number"),
            (Some(11), "`sender`: empty"),
            (Some(12), "3 cells, but the header has 4"),
        ],
    );
}

#[test]
fn line_numbers_hold_with_crlf_and_quoted_line_breaks() {
    check(
        "note,tick,sender,receiver,amount\r\n\"a\r\nb\",1,A,B,5\r\n\r\nc,1,A,C,5\r\n",
        &[(None, "columns that are not read: `note`"), (Some(5), "`receiver`: unknown agent `C`")],
    );
}

#[test]
fn stray_quotes_swallow_nothing() {
    const OPEN: &str = "a quote opens a cell and is never closed";
    const AFTER: &str = "text after the closing quote of a cell";
    for (rows, expected) in [
        ("0,A,B,5,\"x\n0,A,B,6,y\n0,A,B,7,z\n", &[(Some(2), OPEN)][..]),
        ("0,A,B,5,x\n0,A,B,6,\"y", &[(Some(3), OPEN)]),
        (
            "0,A,B,5,\"ab\"c\n0,A,B,-6,y\n",
            &[(Some(2), AFTER), (Some(3), "`amount`: must be above 0")],
        ),
        ("0,A,B,5,\"y\"z\"w\"\n", &[(Some(2), AFTER)]),
        (
            "0,A,B,5,\"x\n0,A,B,6,\"y\n",
            &[(Some(3), "text after the closing quote of a cell that begins in line 2")],
        ),
        (
            "0,A,B,5,\"x\n0,A,B,6,\"\n",
            &[(Some(2), "`id`: `x\\n0,A,B,6,` contains a control character")],
        ),
        ("\"0,A,B,5,x\n", &[(Some(2), OPEN)]),
        ("0\n", &[(Some(2), "1 cell, but the header has 5")]),
    ] {
        check(format!("tick,sender,receiver,amount,id\n{rows}"), expected);
    }
    for (rows, line, message) in [
        ("6,\"B\"x\n5,A\n", 2, AFTER),
        ("6,A\n5,\"B\n", 3, OPEN),
        ("6\n", 2, "1 cell, but the header has 2"),
    ] {
        let faults = with_participants(&format!("opening_balance,id\n{rows}"));
        let faults = faults.load("s.yaml").unwrap_err();
        let first = faults.iter().next().unwrap();
        let at = first.place.as_ref().and_then(|place| place.line);
        assert_eq!((at, first.message.as_str()), (Some(line), message), "{rows}");
    }
}

#[test]
fn all_faults_of_a_row_are_listed() {
    check(
        "id,day,tick,sender,receiver,amount,priority,deadline_tick,earliest_tick,divisible\n\
         a\tb,2,x,C,,1.5,11,x,20,maybe\n\
         c,0,5,A,A,0,5,5,19,\n",
        &[
            (Some(2), "`id`: `a\\tb` contains a control character"),
            (Some(2), "`day`: 2 is not between 0 and 1"),
            (Some(2), "`tick`: not a whole number"),
            (Some(2), "`sender`: unknown agent `C`"),
            (Some(2), "`receiver`: empty"),
            (Some(2), "`amount`: not a whole number of minor units"),
            (Some(2), "`priority`: 11 is not between 0 and 10"),
            (Some(2), "`deadline_tick`: not a whole number"),
            (Some(2), "`earliest_tick`: 20 is after the last tick of the run, 19"),
            (Some(2), "`divisible`: must be `true` or `false`"),
            (Some(3), "`receiver`: sender and receiver are the same"),
            (Some(3), "`amount`: must be above 0"),
            (Some(3), "`deadline_tick`: 5 is not after the arrival at tick 5"),
        ],
    );
}

#[test]
fn near_columns_are_suggested() {
    for (header, hint) in [
        (
            "tick,sender,receiver,amonut",
            "rename `amonut` to `amount`, or map: `columns: {amount: amonut}`",
        ),
        (
            "ID,Tick,sender,receiver,amount",
            "rename `ID` to `id`, `Tick` to `tick`, or map: `columns: {id: ID, tick: Tick}`",
        ),
        ("a,b", "`payments: {file: ..., columns: {amount: NAME}}` maps names"),
    ] {
        let faults = with_payments(format!("{header}\n")).load("s.yaml").unwrap_err();
        let first = faults.iter().next().unwrap();
        assert_eq!(first.hint.as_deref(), Some(hint), "{header}");
    }
}

#[test]
fn utf_16_is_told_from_utf_8() {
    let utf_16: Vec<u8> =
        "\u{feff}tick,sender,receiver,amount\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
    for text in [&utf_16[..], &utf_16[2..]] {
        let folder = with_payments(text).with("banks.csv", text);
        let faults = folder.load("s.yaml").unwrap_err();
        let first = faults.iter().next().unwrap();
        assert_eq!(first.message, "not UTF-8, but UTF-16");
        assert!(first.hint.as_ref().is_some_and(|hint| hint.contains("save it as UTF-8")));
        let folder = with_participants("").with("banks.csv", text);
        let shown = folder.shown(&folder.load("s.yaml").unwrap_err());
        assert!(shown.contains("not UTF-8, but UTF-16"), "{shown}");
    }
}

#[test]
fn the_rarer_columns_are_checked_too() {
    for (columns, cells, message) in [
        ("day", "2", "`day`: 2 is not between 0 and 1"),
        ("priority", "11", "`priority`: 11 is not between 0 and 10"),
        ("priority", "high", "`priority`: not a whole number"),
        ("rtgs_priority", "Low", "`rtgs_priority`: must be `Normal`, `Urgent` or `HighlyUrgent`"),
        ("rtgs_priority", "5", "`rtgs_priority`: must be `Normal`, `Urgent` or `HighlyUrgent`"),
        ("deadline_tick", "1", "`deadline_tick`: 1 is not after the arrival at tick 1"),
        ("deadline_tick", "-1", "`deadline_tick`: -1 is not between 0 and 4294967294"),
        ("divisible", "maybe", "`divisible`: must be `true` or `false`"),
    ] {
        let csv = format!("tick,sender,receiver,amount,{columns}\n1,A,B,5,{cells}\n");
        check(csv, &[(Some(2), message)]);
    }
    check(
        "time,sender,receiver,amount\n09:30,A,B,5\n",
        &[(Some(2), "`time`: is a clock time, but the scenario sets none (`opens_at`)")],
    );
}

#[test]
fn columns_are_found_or_asked_for() {
    check("", &[(None, "the file is empty")]);
    check(
        "tick;sender;receiver;amount\n1;A;B;5\n",
        &[(
            None,
            "lacks the columns `tick` or `time`, `sender`, `receiver`, `amount` or \
                  `amount_decimal`; it has `tick;sender;receiver;amount`",
        )],
    );
    check(
        "tick,time,sender,receiver,amount\n",
        &[(None, "columns `tick` and `time` exclude each other")],
    );
    check("tick,tick,sender,receiver,amount\n", &[(None, "more than one column `tick`")]);
    let folder = with_payments("tick,sender,receiver,amount,colour\n");
    let said: Vec<String> =
        folder.load("s.yaml").unwrap().warnings.iter().map(|w| w.message.clone()).collect();
    assert_eq!(said[0], "columns that are not read: `colour`");
    assert!(said[1].ends_with("p.csv` has no payments"), "{said:?}");
}

/// The names that stand in exported tables are taken for what they say.
#[test]
fn a_column_is_known_by_one_of_its_words() {
    let folder = with_payments("tx_id,arrival_tick,sender_id,receiver_id,amount\n");
    let text = folder.shown(&folder.load("s.yaml").unwrap_err());
    let renamed = "rename `tx_id` to `id`, `arrival_tick` to `tick`, `sender_id` to `sender`, \
                   `receiver_id` to `receiver`, or map";
    assert!(text.contains(renamed), "{text}");
    let folder = with_payments("tx_id,tick,sender,receiver,amount\n");
    let warnings = folder.load("s.yaml").unwrap().warnings;
    let hints: Vec<&str> = warnings.iter().filter_map(|w| w.hint.as_deref()).collect();
    assert_eq!(hints, ["`tx_id`: did you mean `id`?"]);
}

#[test]
fn columns_may_have_other_names() {
    let mapped = "payments: {file: p.csv, columns: {amount_decimal: SttlmAmt, time: At}}\n";
    let base = BASE.replace("num_days", "opens_at: '07:00', num_days");
    let folder = Folder::new()
        .with("s.yaml", format!("{base}{mapped}"))
        .with("p.csv", "At,sender,receiver,SttlmAmt\n07:02:59,A,B,12.3\n");
    assert_eq!(rows(&folder), [row(2, 0, 1_230, 9)]);
    let folder = folder.with("p.csv", "At,sender,receiver,SettlementAmt\n07:02:59,A,B,12.3\n");
    let text = folder.shown(&folder.load("s.yaml").unwrap_err());
    assert!(
        text.contains("s.yaml:5:51") && text.contains("did you mean `SettlementAmt`?"),
        "{text}"
    );
    let folder = folder.with("p.csv", "At,sender,receiver,SttlmAmt\n06:59,A,B,12.3\n");
    let text = folder.shown(&folder.load("s.yaml").unwrap_err());
    assert!(text.contains("`time`: lies outside the day, 07:00 to 07:10"), "{text}");
}

#[test]
fn ids_are_unique_and_not_the_simulators() {
    check(
        "id,tick,sender,receiver,amount\nx,1,A,B,5\ny,1,A,B,5\nx,0,A,B,5\nx,1,A,B,5\n",
        &[
            (Some(4), "`id`: `x` was already used in line 2"),
            (Some(5), "`id`: `x` was already used in line 2"),
        ],
    );
    check(
        "id,tick,sender,receiver,amount\ntx-7,1,A,B,5\n,1,A,B,5\n",
        &[(Some(2), "`id`: `tx-7` is what the simulator calls its own payments")],
    );
    assert_eq!(rows(&with_payments("id,tick,sender,receiver,amount\ntx-7,1,A,B,5\n")).len(), 1);
    let alike = "id,tick,sender,receiver,amount\ntx-007,1,A,B,5\ntx-,1,A,B,5\n\
                 tx-4294967296,1,A,B,5\n,1,A,B,5\n";
    assert_eq!(rows(&with_payments(alike)).len(), 4);
}

#[test]
fn fifty_bad_rows_are_listed_and_the_rest_counted() {
    let mut csv = String::from("tick,sender,receiver,amount\n");
    for _ in 0..300 {
        csv.push_str("1,A,B,0\n");
    }
    let folder = with_payments(csv);
    let faults = folder.load("s.yaml").unwrap_err();
    let last = faults.iter().last().unwrap();
    assert_eq!((faults.len(), last.message.as_str()), (51, "and 250 more bad rows"));
}

#[test]
fn a_bad_row_is_shown() {
    let folder = with_payments("tick,sender,receiver,amount\n1,A,B,5\n2,BANK,B,6\n");
    insta::assert_snapshot!(folder.shown(&folder.load("s.yaml").unwrap_err()), @r"
    error: `sender`: unknown agent `BANK`
     --> p.csv:3:3
      |
    3 | 2,BANK,B,6
      |   ^^^^

    1 error
    ");
}

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
pub(super) fn write_parquet(folder: &Folder, amounts: &[i64]) {
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

#[test]
fn participant_cells_are_read_like_payment_cells() {
    let folder = with_participants("id,opening_balance,unsecured_cap\n~,1_000,\n\"null\",5,7\n");
    let scenario = folder.load("s.yaml").unwrap().scenario;
    let read: Vec<(&str, i64)> =
        scenario.agents.iter().map(|a| (a.id.as_str(), a.opening_balance.minor())).collect();
    assert_eq!(read, [("null", 5), ("~", 1_000)]);
    let folder = with_participants("id,opening_balance,unsecured_cap\nA,1,~\nB,null,1\n");
    let faults = folder.load("s.yaml").unwrap_err();
    let said: Vec<&str> = faults.iter().map(|fault| fault.message.as_str()).collect();
    assert_eq!(
        said,
        [
            "`unsecured_cap` must be an amount in whole minor units, found `~`",
            "`opening_balance` must be an amount in whole minor units, found `null`",
        ]
    );
    assert_eq!(
        rows(&with_payments("tick,sender,receiver,amount\n1,A,B,1_000\n")),
        [row(1, 0, 1_000, 9)]
    );
}

#[test]
fn a_list_by_itself_names_its_agents() {
    let folder = Folder::new()
        .with("p.csv", "day,tick,sender,receiver,amount\n1,0,C,A,5\n0,9,B,C,7\n0,9,C,B,8\n");
    let list = read_payment_list(&folder.path("p.csv")).unwrap();
    assert_eq!(list.agents, ["A", "B", "C"]);
    let payments: Vec<(u32, u32, i64)> =
        list.payments.iter().map(|p| (p.sender.0, p.receiver.0, p.amount.minor())).collect();
    assert_eq!(payments, [(1, 2, 7), (2, 1, 8), (2, 0, 5)]);
    let faults = read_payment_list(&folder.path("q.csv")).unwrap_err();
    assert!(folder.shown(&faults).contains("no such file"));
}

fn with_participants(csv: &str) -> Folder {
    let scenario = "simulation: {ticks_per_day: 10, num_days: 2}\nagents: {file: banks.csv}\n";
    Folder::new().with("s.yaml", scenario).with("banks.csv", csv)
}

#[test]
fn participants_come_from_a_file() {
    let folder = with_participants(
        "id,opening_balance,unsecured_cap,collateral_haircut,liquidity_pool,policy\n\
         2,100,,,,Hold\n1,-5,7,0.5,9,\n",
    );
    let scenario = folder.load("s.yaml").unwrap().scenario;
    let inline = super::sound(
        "simulation: {ticks_per_day: 10, num_days: 2}\nagents:\n\
         - {id: '2', opening_balance: 100, policy: {type: Hold}}\n\
         - {id: '1', opening_balance: -5, unsecured_cap: 7, collateral_haircut: 0.5, liquidity_pool: 9}\n",
    );
    assert_eq!(scenario.fingerprint(), inline.fingerprint());
    assert_eq!(scenario.draw_order, [AgentNo(1), AgentNo(0)]);
}

#[test]
fn participants_have_limits_and_reservations() {
    let folder = with_participants(
        "id,opening_balance,reserved_urgent,multilateral_limit,reserved_highly_urgent\n\
         A,100,5,7,6\nB,100,,,1\nC,100,,,\n",
    );
    let scenario = folder.load("s.yaml").unwrap().scenario;
    let inline = super::sound(
        "simulation: {ticks_per_day: 10, num_days: 2}\nagents:\n\
         - {id: A, opening_balance: 100, limits: {multilateral_limit: 7}, \
            reservations: {highly_urgent: 6, urgent: 5}}\n\
         - {id: B, opening_balance: 100, reservations: {highly_urgent: 1}}\n\
         - {id: C, opening_balance: 100}\n",
    );
    assert_eq!(scenario.fingerprint(), inline.fingerprint());
    let folder = with_participants("id,opening_balance,reserved_urgent\nA,1,-1\nB,1,2\n");
    insta::assert_snapshot!(folder.shown(&folder.load("s.yaml").unwrap_err()), @r"
    error: `urgent` is below 0: `-1`
     --> banks.csv:2:5
      |
    2 | A,1,-1
      |     ^^

    1 error
    ");
}

#[test]
fn participant_rows_are_checked_like_agents() {
    let folder = with_participants(
        "id,opening_balance,unsecured_cap,policy,colour\r\nA,5,-1,Fifo,\r\nA,x,0,Hodl,\r\n\r\nB,\r\n",
    );
    let faults = folder.load("s.yaml").unwrap_err();
    let said: Vec<(Option<u64>, Option<u64>, &str)> = faults
        .iter()
        .map(|d| {
            let place = d.place.as_ref().unwrap();
            (place.line, place.column, d.message.as_str())
        })
        .collect();
    assert_eq!(
        said,
        [
            (None, None, "column `colour` is not read"),
            (Some(2), Some(5), "`unsecured_cap` is below 0: `-1`"),
            (Some(3), Some(1), "duplicate agent id `A`"),
            (
                Some(3),
                Some(3),
                "`opening_balance` must be an amount in whole minor units, found `x`"
            ),
            (
                Some(3),
                Some(7),
                "`type` must be `Fifo`, `Hold`, `Deadline`, `LiquidityAware`, `LiquiditySplitting`, `MockSplitting`, `MockStaggerSplit`, `FromJson`, `Inline`, `InlineJson` or `Library`, found `Hodl`"
            ),
            (Some(5), Some(1), "2 cells, but the header has 5"),
        ]
    );
}
