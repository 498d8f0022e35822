//! Documents that are wrong on purpose: the runner must find each fault, at its line.

use crate::run;

/// A sound document; its lines are counted below.
const SOUND: &str = "\
# Canary

## One payment waits

```yaml
ticks_per_day: 3
num_days: 1
payments: payments.csv
agents:
  - {id: A, opening_balance: 5}
  - {id: B, opening_balance: 9}
```

| payment | tick | from | to | amount |
| --- | --- | --- | --- | --- |
| rent | 0 | A | B | 8 |
| wage | 1 | B | A | 4 |

| tick | event | tx_id | sender_balance_after |
| --- | --- | --- | --- |
| 1 | RtgsImmediateSettlement | wage | 5 |
| 1 | Queue2LiquidityRelease | rent | 1 |
| never | LiquidityReturn, AgentOverExtended | | |

After tick 0:

| bank | balance | queue 2 |
| --- | --- | --- |
| A | 5 | rent |
| B | 9 | - |
";

/// Expects one fault at a line when a part of the sound document is replaced.
#[track_caller]
fn check(part: &str, wrong: &str, line: usize, fault: &str) {
    assert!(SOUND.contains(part), "nothing to replace: {part}");
    let faults = run("canary.md", &SOUND.replacen(part, wrong, 1));
    let found = faults.first().map_or("", String::as_str);
    assert!(found.starts_with(&format!("canary.md:{line} ")), "line {line} expected: {faults:?}");
    assert!(found.contains(fault), "expected: {fault}\n   found: {found}");
}

#[test]
fn the_sound_document_holds() {
    assert_eq!(run("canary.md", SOUND), [] as [&str; 0]);
}

#[test]
fn a_wrong_value_is_found() {
    check("| wage | 5 |", "| wage | 6 |", 21, "expected: 1 RtgsImmediateSettlement tx_id=wage");
    check("| A | 5 | rent |", "| A | 6 | rent |", 29, "balance of A\nexpected: 6\n   found: 5");
    check("| 9 | - |", "| 9 | rent |", 30, "queue 2 of B\nexpected: rent\n   found: -");
    check("After tick 0:", "After tick 1:", 29, "balance of A\nexpected: 5\n   found: 1");
    check("After tick 0:", "After tick 3:", 27, "the run has 3 ticks");
}

#[test]
fn a_wrong_event_is_found() {
    check("| 1 | Queue2", "| 2 | Queue2", 22, "found: 1 #");
    let settled = "| 1 | Queue2LiquidityRelease | rent | 1 |\n";
    check(settled, &settled.repeat(2), 23, "found: nothing further");
    check("never | LiquidityReturn", "never | RunStarted", 21, "found: 0 #0 RunStarted");
    check("never | LiquidityReturn", "never | RunEnded", 23, "expected: nothing further");
}

#[test]
fn a_malformed_document_is_found() {
    check("| queue 2 |", "| queue 3 |", 27, "banks have no column `queue 3`");
    check("| sender_balance_after |", "| after |", 19, "no event has a field `after`");
    check("| to | amount |", "| to | value |", 14, "payments have no column `value`");
    check("| 1 | Queue2LiquidityRelease", "| 1 | Release", 22, "no event is called `Release`");
    check("| 1 | RtgsImmediateSettlement", "| 1 | EndOfDay", 21, "`EndOfDay` has no field `tx_id`");
    check("AgentOverExtended | |", "AgentOverExtended | x |", 23, "has no fields");
    check("| B | 9 | - |", "| C | 9 | - |", 30, "no bank is called `C`");
    check("| B | 9 | - |", "|  | 9 | - |", 30, "no bank is named");
    check("After tick 0:", "After tick zero:", 27, "`After tick 3:` or `At the end:`");
    check("After tick 0:", "By tick 0:", 27, "`After tick 3:` or `At the end:`");
    check("After tick 0:", "At the end:", 29, "balance of A\nexpected: 5\n   found: 1");
    check("| bank |", "| agent |", 27, "a table begins");
    check("payments: payments.csv\n", "", 13, "the scenario lacks `payments: payments.csv`");
    check("num_days: 1", "num_day: 1", 6, "num_day");
}

#[test]
fn a_scenario_needs_tables_and_tables_a_scenario() {
    check("\nAfter tick 0:", "\n## Later\n\nAfter tick 0:", 29, "a table without a scenario");
    check("| tick | event", "## T\n\n```yaml\n```\n\n| tick | event", 3, "without a table");
    check("| tick | event", "```yaml\na: 1\n```\n\n| tick | event", 20, "a second scenario");
    check("| payment |", "| payment | tick |\n| --- | --- |\n\n| payment |", 17, "a second table");
}

#[test]
fn what_cannot_be_read_is_found() {
    let faults = |text: &str| run("canary.md", text);
    assert_eq!(faults("# Prose\n"), ["canary.md: a document without an example"]);
    assert_eq!(faults("```yaml\na: 1\n"), ["canary.md:1: the block is never closed"]);
    assert_eq!(
        faults("| a | b |\n| --- | --- |\n| 1 |\n"),
        ["canary.md:3: 1 cells under a header of 2"]
    );
    assert_eq!(
        faults("| a |\n| 1 |\n"),
        ["canary.md:1: the header of a table is followed by `| --- |`"]
    );
}
