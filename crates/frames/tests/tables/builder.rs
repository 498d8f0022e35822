//! Tables made column by column.

use psim_frames::{Column, FrameBuilder, FrameError};
use serde_json::{Value, json};

use crate::share::column;

fn named(name: &str) -> Column {
    Column::new(name, "Something.")
}

#[test]
fn a_column_of_each_kind() {
    let long = "a text of more than twelve bytes";
    let frame = FrameBuilder::new()
        .i64(named("ints"), [Some(-1), None])
        .u64(named("longs"), [u64::MAX, 0])
        .f64(named("numbers").unit("ticks"), [0.5, 2.0])
        .bool(named("truths"), [Some(true), None])
        .texts(named("texts"), [Some(long), None])
        .words(named("words"), ["fifo", "fifo"])
        .totals(named("sums").money(), [1, i128::from(i64::MAX) + 1])
        .build()
        .unwrap();
    assert_eq!(column(&frame, "ints"), [json!(-1), Value::Null]);
    assert_eq!(column(&frame, "longs"), [u64::MAX, 0]);
    assert_eq!(column(&frame, "numbers"), [0.5, 2.0]);
    assert_eq!(column(&frame, "truths"), [json!(true), Value::Null]);
    assert_eq!(column(&frame, "texts"), [json!(long), Value::Null]);
    assert_eq!(column(&frame, "words"), ["fifo", "fifo"]);
    assert_eq!(column(&frame, "sums"), ["1", "9223372036854775808"]);
    let schema = frame.schema();
    let metadata = schema.field_with_name("sums").unwrap().metadata();
    assert_eq!(metadata.get("unit").map(String::as_str), Some("minor units"));
    assert_eq!(metadata.get("doc").map(String::as_str), Some("Something."));
}

#[test]
fn columns_must_fit_together() {
    let uneven = FrameBuilder::new().i64(named("a"), [1]).i64(named("b"), [1, 2]).build();
    let uneven = uneven.unwrap_err();
    assert_eq!(uneven.to_string(), "column `b` has 2 rows, the first column has 1");
    let twice = FrameBuilder::new().i64(named("a"), [1]).f64(named("a"), [1.0]).build();
    assert_eq!(twice, Err(FrameError::Twice { column: "a".to_owned() }));
    assert_eq!(FrameBuilder::new().build().unwrap().num_rows(), 0);
}
