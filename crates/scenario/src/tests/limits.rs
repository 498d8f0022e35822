//! The bounds of files, each from both sides; `docs/limits.md` lists them.

use std::fmt::Write as _;

use psim_model::{MAX_AGENTS, MAX_ID_CHARS};

use super::{BASE, Folder, messages, refused, sound};
use crate::{Given, Overrides, Severity};
use crate::{MAX_NESTING, load_document, read_payment_list};

const HEADER: &str = "id,tick,sender,receiver,amount\n";

/// Returns the faults of a scenario, without warnings.
fn faults_of(text: &str) -> Vec<String> {
    let folder = Folder::new().with("s.yaml", text);
    let told = folder.load("s.yaml").err().unwrap_or_default();
    let faults = told.iter().filter(|it| it.severity == Severity::Error);
    faults.map(|fault| fault.message.clone()).collect()
}

/// Returns what is said of a scenario beside a payment file.
fn with_payments(rows: &str) -> Vec<String> {
    let folder = Folder::new().with("p.csv", format!("{HEADER}{rows}"));
    let folder = folder.with("s.yaml", format!("{BASE}payments: p.csv\n"));
    let faults = match folder.load("s.yaml") {
        Ok(loaded) => loaded.warnings,
        Err(faults) => faults,
    };
    faults.iter().map(|fault| fault.message.clone()).collect()
}

#[test]
fn a_scenario_file_has_32_mib() {
    const LARGEST: usize = 32 * 1024 * 1024;
    let padded = |size: usize| format!("{BASE}#{}\n", "x".repeat(size - BASE.len() - 2));
    let folder =
        Folder::new().with("in.yaml", padded(LARGEST)).with("out.yaml", padded(LARGEST + 1));
    folder.load("in.yaml").unwrap();
    let faults = folder.load("out.yaml").unwrap_err();
    assert_eq!(faults.iter().next().unwrap().message, "larger than 32 MiB");
}

#[test]
fn a_scenario_nests_128_deep() {
    // The map of the scenario is the first level.
    let nested = |levels: usize| {
        let (open, close) = ("[".repeat(levels - 1), "]".repeat(levels - 1));
        messages(&format!("{BASE}extra: {open}{close}\n"))
    };
    assert_eq!(nested(MAX_NESTING), ["unknown key `extra` in a scenario"]);
    assert_eq!(nested(MAX_NESTING + 1), ["nested more than 128 deep"]);
    let given = |levels: usize| {
        let inner = (1..levels).fold(Given::List(Vec::new()), |it, _| Given::List(vec![it]));
        let document = Given::Map(vec![("extra".to_owned(), inner)]);
        let loaded = load_document("s", &document, &Overrides::default(), ".".as_ref());
        loaded.unwrap_err().to_string().contains("nested more than 128 deep")
    };
    assert!(!given(MAX_NESTING - 1));
    assert!(given(MAX_NESTING));
}

#[test]
fn a_scenario_has_4_000_000_values() {
    // The list is a value, too.
    let list = |items: usize| messages(&format!("[{}]\n", "1,".repeat(items)));
    assert_eq!(list(3_999_999), ["a scenario must be a map, found a list"]);
    assert_eq!(list(4_000_000), ["more than 4000000 values"]);
}

#[test]
fn an_agent_id_has_256_characters() {
    for letter in ["x", "\u{e9}"] {
        let with = |count: usize| BASE.replace("id: B", &format!("id: {}", letter.repeat(count)));
        assert_eq!(sound(&with(MAX_ID_CHARS)).agents.len(), 2);
        let text = refused(&with(MAX_ID_CHARS + 1));
        assert!(text.contains("an agent id has at most 256 characters"), "{text}");
    }
}

#[test]
fn a_payment_id_has_256_characters() {
    for letter in ["x", "\u{e9}"] {
        let row = |count: usize| with_payments(&format!("{},0,A,B,1\n", letter.repeat(count)));
        assert!(row(MAX_ID_CHARS).is_empty());
        assert_eq!(row(MAX_ID_CHARS + 1), ["`id`: an id has at most 256 characters"]);
        let submitted = |count: usize| {
            let id = letter.repeat(count);
            messages(&format!(
                "{BASE}instructions: [{{type: SubmitTransaction, tick: 1, id: {id}, sender: A, \
                 receiver: B, amount: 1}}]\n"
            ))
        };
        assert!(submitted(MAX_ID_CHARS).is_empty());
        assert_eq!(submitted(MAX_ID_CHARS + 1), ["`id` has more than 256 characters"]);
    }
}

#[test]
fn a_scenario_has_100_000_agents() {
    let agents = |count: usize| {
        let mut rows = "id,opening_balance\n".to_owned();
        (0..count).for_each(|no| writeln!(rows, "B{no:06},1").unwrap());
        let folder = Folder::new()
            .with("b.csv", rows)
            .with("s.yaml", "simulation: {ticks_per_day: 1, num_days: 1}\nagents: {file: b.csv}\n");
        folder.load("s.yaml").map(|loaded| loaded.scenario.agents.len())
    };
    assert_eq!(agents(MAX_AGENTS).unwrap(), MAX_AGENTS);
    let faults = agents(MAX_AGENTS + 1).unwrap_err();
    assert_eq!(faults.iter().next().unwrap().message, "100001 agents, more than 100000");
}

#[test]
fn a_run_has_4_294_967_294_ticks() {
    let ticks = |per_day: u32, days: u32| {
        let time = format!("simulation: {{ticks_per_day: {per_day}, num_days: {days}}}\n");
        messages(&format!("{time}agents: [{{id: A, opening_balance: 1}}]\n"))
    };
    assert!(ticks(u32::MAX - 1, 1).is_empty());
    assert!(ticks(2, (u32::MAX - 1) / 2).is_empty());
    for (per_day, days) in [(u32::MAX, 1), (65_536, 65_536)] {
        let expected = "the run has more ticks than can be numbered (4,294,967,294)";
        assert_eq!(ticks(per_day, days), [expected]);
    }
}

#[test]
fn all_money_together_is_below_2_to_the_61() {
    let money = |balance: i64| {
        let time = "simulation: {ticks_per_day: 1, num_days: 1}\n";
        faults_of(&format!("{time}agents: [{{id: A, opening_balance: {balance}}}]\n"))
    };
    assert!(money((1 << 61) - 1).is_empty());
    let faults = money(1 << 61);
    assert!(faults[0].contains("the ledger holds less than 2^61"), "{faults:?}");
}

#[test]
fn a_stream_has_1_000_000_payments_a_tick_and_a_run_100_000_000() {
    let streams = |rate: &str, ticks: u32| {
        faults_of(&format!(
            "simulation: {{ticks_per_day: {ticks}, num_days: 1, rng_seed: 1}}\nagents:\n  - id: A\n    \
             opening_balance: 1\n    arrival_config: {{rate_per_tick: {rate}, \
             amount_distribution: {{type: Uniform, min: 1, max: 2}}, \
             deadline_range: [1, 2]}}\n  - {{id: B, opening_balance: 1}}\n"
        ))
    };
    assert!(streams("1000000", 100).is_empty());
    assert_eq!(streams("1000001", 1), ["`rate_per_tick` is above 1,000,000: `1000001`"]);
    let faults = streams("1000000", 101);
    assert!(faults[0].contains("would generate about 101000000 payments"), "{faults:?}");
}

#[test]
fn a_split_has_10_000_parts() {
    let parts = |count: u32| messages(&format!("{BASE}max_splits: {count}\n"));
    assert!(parts(10_000).is_empty());
    assert_eq!(parts(10_001).len(), 1);
}

#[test]
fn a_currency_has_16_characters() {
    let code = |length: usize| messages(&format!("{BASE}currency: {}\n", "X".repeat(length)));
    assert!(code(16).is_empty());
    assert_eq!(code(17), ["`currency` is longer than 16 characters or not printable"]);
}

#[test]
fn a_record_of_a_file_has_1_mib() {
    // A long cell in a column that nobody reads.
    let record = |length: usize| {
        let start = "0,A,B,1,";
        let cell = "x".repeat(length - start.len());
        let text = format!("tick,sender,receiver,amount,note\n{start}{cell}\n");
        let folder = Folder::new().with("p.csv", text);
        let path = folder.path("p.csv");
        read_payment_list(&path).map(|list| list.payments.len())
    };
    // The break of the line counts too.
    assert_eq!(record((1 << 20) - 1).unwrap(), 1);
    let faults = record(1 << 20).unwrap_err();
    assert!(faults.to_string().contains("a line of more than 1 MiB: not CSV"), "{faults}");
}

#[test]
fn a_file_of_participants_has_64_mib() {
    const LARGEST: usize = 64 * 1024 * 1024;
    let start = "id,opening_balance\nA,1\n";
    let file = |size: usize| {
        // Empty rows are passed over.
        let rows = ",\n".repeat((size - start.len()) / 2);
        let rest = "\n".repeat(size - start.len() - rows.len());
        let folder = Folder::new()
            .with("b.csv", format!("{start}{rows}{rest}"))
            .with("s.yaml", "simulation: {ticks_per_day: 1, num_days: 1}\nagents: {file: b.csv}\n");
        folder.load("s.yaml").err().map(|faults| folder.shown(&faults))
    };
    assert_eq!(file(LARGEST), None);
    let fault = file(LARGEST + 1).unwrap();
    assert!(fault.contains("`b.csv`: larger than 64 MiB"), "{fault}");
}

#[test]
fn bad_rows_are_listed_to_50_and_counted_beyond() {
    for (rows, more) in [(50, None), (51, Some("and 1 more bad rows"))] {
        let said = with_payments(&",0,A,B,0\n".repeat(rows));
        assert_eq!(said.len(), 50 + usize::from(more.is_some()));
        assert_eq!(said.last().filter(|_| more.is_some()).map(String::as_str), more);
    }
}

#[test]
fn faults_are_kept_to_1_000_and_counted_beyond() {
    for faults in [1_000, 1_001, 5_000] {
        let mut text = BASE.to_owned();
        (0..faults).for_each(|no| writeln!(text, "key_{no}: 1").unwrap());
        let folder = Folder::new().with("s.yaml", text);
        let told = folder.load("s.yaml").unwrap_err();
        assert_eq!(told.errors(), faults);
        assert_eq!(told.len(), faults.min(1_000) + usize::from(faults > 1_000));
    }
}

/// What a file generates at most is told where the highest rate stands.
#[test]
fn too_many_generated_payments_are_told_at_the_highest_rate() {
    let rate = |rate: &str| {
        format!("{{rate_per_tick: {rate}, amount_distribution: {{type: Uniform, min: 1, max: 5}}}}")
    };
    let band =
        |it: &str| rate(it).replace("}}", "}, deadline_offset_min: 1, deadline_offset_max: 5}");
    let text = format!(
        "simulation: {{ticks_per_day: 1000, num_days: 100, rng_seed: 1}}\nagents:\n\
         - {{id: A, opening_balance: 1, arrival_config: {}}}\n\
         - id: B\n  opening_balance: 1\n  arrival_bands:\n    low: {}\n    urgent: {}\n",
        rate("5"),
        band("1"),
        band("2000"),
    );
    let folder = Folder::new().with("s.yaml", text);
    let faults = folder.load("s.yaml").unwrap_err();
    let said: Vec<_> = faults
        .iter()
        .map(|fault| {
            let place = fault.place.as_ref().unwrap();
            (place.line, place.column, fault.message.as_str())
        })
        .collect();
    let message = "the run would generate about 200600000 payments; at most 100000000 fit, so \
                   lower the rates or run fewer days";
    assert_eq!(said, [(Some(8), Some(29), message)]);
}
