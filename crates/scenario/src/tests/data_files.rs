//! Payment and participant files in CSV; packed files and Parquet; participants.

pub(super) mod packed;
mod participants;

use psim_model::{AgentNo, Money, PreparedPayment, Priority, RtgsPriority, Tick};

use super::{BASE, Folder};

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
        priority: Priority::DEFAULT,
        rtgs_priority: RtgsPriority::Normal,
        divisible: None,
    }
}

fn with_participants(csv: &str) -> Folder {
    let scenario = "simulation: {ticks_per_day: 10, num_days: 2}\nagents: {file: banks.csv}\n";
    Folder::new().with("s.yaml", scenario).with("banks.csv", csv)
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
    let second =
        PreparedPayment { priority: Priority::MAX, divisible: Some(true), ..row(3, 1, 6, 9) };
    let late = PreparedPayment {
        priority: Priority::MIN,
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
        (
            "a,b",
            "`payments: {file: ..., columns: {tick: NAME, sender: NAME, receiver: NAME, \
             amount: NAME}}` maps names",
        ),
        (
            "At,payer,receiver_id,value_of_payment,day",
            "rename `receiver_id` to `receiver`, or map: `columns: {receiver: receiver_id, tick: \
             NAME, sender: NAME, amount: NAME}`",
        ),
    ] {
        let faults = with_payments(format!("{header}\n")).load("s.yaml").unwrap_err();
        let first = faults.iter().next().unwrap();
        assert_eq!(first.hint.as_deref(), Some(hint), "{header}");
    }
    check(
        "tick,from,to,amount\n",
        &[(
            None,
            "lacks the columns `sender`, `receiver`; it has `tick`, `amount`, and unknown ones: \
             `from`, `to`",
        )],
    );
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
                  `amount_decimal`; it has `tick;sender;receiver;amount`, none of them known",
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
    let folder = with_payments("tx_id,tick,sender,receiver,amount,prioritty,note\n");
    let warnings = folder.load("s.yaml").unwrap().warnings;
    let hints: Vec<&str> = warnings.iter().filter_map(|w| w.hint.as_deref()).collect();
    assert_eq!(hints, ["`tx_id`: did you mean `id`? `prioritty`: did you mean `priority`?"]);
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
    // Parts of a split are numbered too, by whichever policy.
    let csv = "id,tick,sender,receiver,amount\nx,1,A,B,5\ntx-7,1,A,B,5\n";
    let policy = "policy: {type: Library, name: liquidity_splitting}";
    let at = "schedule: OneTime, tick: 2";
    for given in [
        policy.to_owned(),
        format!("scenario_events: [{{type: PolicyChange, agent: A, {at}, {policy}}}]"),
        format!("instructions: [{{type: UpdateAgentPolicy, agent: A, tick: 2, {policy}}}]"),
    ] {
        let text = format!("{BASE}payments: p.csv\n{given}\n");
        let folder = Folder::new().with("s.yaml", text).with("p.csv", csv);
        let shown = folder.shown(&folder.load("s.yaml").unwrap_err());
        assert!(shown.contains("p.csv:3"), "{given}: {shown}");
    }
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
      |
      = hint: the agents are `A`, `B`

    1 error
    ");
}
