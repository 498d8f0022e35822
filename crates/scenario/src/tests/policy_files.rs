//! Policy files: what is no policy, and that each file is read once.

use std::fmt::Write;

use super::policies::{DOCUMENT, with_policy};
use super::{BASE, Folder, messages};
use crate::{Caller, Overrides, load, read_policy, read_policy_text};

#[test]
fn what_is_no_policy_file_is_refused_in_words() {
    let scenario = with_policy("type: FromJson, json_path: p.json");
    for (content, expected) in [
        (&b""[..], "this is not JSON: EOF while parsing a value"),
        (b"{\"version\": \xff}", "`p.json`: not a text file: byte 12 (line 1) is not UTF-8"),
        (b"version: 1\n", "this is not JSON: expected value"),
        (b"[]", "a policy is an object, not a list"),
        (b"5", "a policy is an object, not a number"),
    ] {
        let folder = Folder::new().with("s.yaml", &scenario).with("p.json", content);
        let faults = folder.load("s.yaml").unwrap_err();
        let directory = folder.path("").display().to_string();
        let said: Vec<String> =
            faults.iter().map(|fault| fault.message.replace(&directory, "")).collect();
        assert_eq!(said, [expected], "{}", String::from_utf8_lossy(content));
    }
    assert_eq!(messages(&scenario), ["`p.json`: no such file"]);
    let directory = with_policy("type: FromJson, json_path: .");
    assert_eq!(messages(&directory), ["`.`: is a directory, not a file"]);
}

#[test]
fn a_missing_file_of_the_library_is_pointed_out() {
    let scenario = with_policy("type: FromJson, json_path: simulator/policies/deadline.json");
    let folder = Folder::new().with("s.yaml", scenario);
    insta::assert_snapshot!(folder.shown(&folder.load("s.yaml").unwrap_err()), @r"
    error: `simulator/policies/deadline.json`: no such file
     --> s.yaml:3:71
      |
    3 |   - {id: A, opening_balance: 100, policy: {type: FromJson, json_path: simulator/policies/deadline.json}}
      |                                                                       ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
      |
      = hint: the library has `deadline`

    1 error
    ");
}

#[test]
fn faults_of_json_have_a_place() {
    let folder = Folder::new().with("p.json", DOCUMENT.replace("3, \"share\"", "3 \"share\""));
    insta::assert_snapshot!(folder.shown(&read_policy(&folder.path("p.json"), false).unwrap_err()), @r#"
    error: this is not JSON: expected `,` or `}`
     --> p.json:4:28
      |
    4 |   "parameters": {"wait": 3 "share": 0.5},
      |                            ^

    1 error
    "#);
}

#[test]
fn a_file_is_read_by_itself() {
    let folder = Folder::new().with("p.json", format!("\u{feff}{DOCUMENT}").replace('\n', "\r\n"));
    let (policy, warnings) = read_policy(&folder.path("p.json"), false).unwrap();
    assert_eq!((policy.id(), warnings.len()), ("patient", 0));
    let document = DOCUMENT.replace("\"version\"", "\"author\": \"me\", \"version\"");
    let folder = folder.with("p.json", document);
    let faults = read_policy(&folder.path("p.json"), false).unwrap_err();
    insta::assert_snapshot!(folder.shown(&faults), @r#"
    error: unknown key "author"
     --> p.json:2:3
      |
    2 |   "author": "me", "version": "1",
      |   ^^^^^^^^^^^^^^
      |
      = hint: known here: `version`, `policy_id`, `parameters`, `payment_tree`, `bank_tree`, `strategic_collateral_tree`, `end_of_tick_collateral_tree`, `description`

    note: with `--predecessor`, what the predecessor took no notice of, such as unknown keys, is a warning only

    1 error
    "#);
    let (_, warnings) = read_policy(&folder.path("p.json"), true).unwrap();
    assert_eq!((warnings.warnings(), warnings.errors()), (1, 0));
    let faults = read_policy(&folder.path("q.json"), false).unwrap_err();
    assert_eq!(folder.shown(&faults), "error: no such file\n--> q.json\n\n1 error\n");
}

#[test]
fn large_files_are_refused_at_once() {
    let file = |byte: u8| vec![byte; 100_000_000];
    let folder = Folder::new().with("a.json", file(b'[')).with("b.json", file(0xff));
    for name in ["a.json", "b.json"] {
        let faults = read_policy(&folder.path(name), false).unwrap_err();
        assert_eq!(faults.len(), 1);
        let message = &faults.iter().next().unwrap().message;
        assert!(message == "larger than 4 MiB" || message.starts_with("not a text"), "{message}");
    }
}

#[test]
fn depth_is_bounded_everywhere() {
    let open = r#"{"type": "condition", "node_id": "x", "on_true": "#.repeat(10_000);
    let deep = format!("{{\"payment_tree\": {open}0{}", "}".repeat(10_001));
    let text = format!("type: InlineJson, json_string: '{deep}'");
    let inline = format!("type: Inline, decision_trees: {deep}");
    let folder = Folder::new().with("p.json", &deep);
    let faults = read_policy(&folder.path("p.json"), false).unwrap_err();
    assert!(faults.iter().next().unwrap().message.contains("128"), "{faults}");
    assert!(messages(&with_policy(&text))[0].contains("128"));
    assert_eq!(messages(&with_policy(&inline)), ["not valid YAML: recursion limit exceeded"]);
    let rest = "on_true: {".repeat(200) + &"}".repeat(200);
    let inline = with_policy(&format!("type: Inline, decision_trees: {{{rest}}}"));
    assert_eq!(messages(&inline), ["nested more than 128 deep"]);
}

#[test]
fn many_faults_are_counted_and_do_not_take_long() {
    let mut document = String::from("{\"version\": \"\", \"policy_id\": \"x\"");
    for number in 0..100_000 {
        let _ = write!(document, ", \"key{number}\": 1");
    }
    document.push('}');
    let folder = Folder::new().with("p.json", document);
    let faults = read_policy(&folder.path("p.json"), false).unwrap_err();
    assert_eq!(faults.len(), 1_001);
    let last = faults.iter().last().unwrap();
    assert_eq!(last.message, "99000 more like these");
    // All are counted, also where they are only warned of.
    assert_eq!(faults.errors(), 100_000);
    let told = faults.render(false);
    assert!(told.contains("\n\n... and 99900 more\n\nnote: with `--predecessor`, what"), "{told}");
    assert!(told.ends_with(" is a warning only\n\n100000 errors\n"), "{told}");
    let (_, warnings) = read_policy(&folder.path("p.json"), true).unwrap();
    assert_eq!((warnings.errors(), warnings.warnings()), (0, 100_000));
}

/// Keys that stand again are found in one go, each at its place.
#[test]
fn keys_that_stand_many_times_do_not_take_long() {
    let again = "\n\"key\": 1,".repeat(300_000);
    let folder = Folder::new().with("p.json", format!("{{{again}\n\"policy_id\": \"x\"}}"));
    let faults = read_policy(&folder.path("p.json"), false).unwrap_err();
    let lines: Vec<Option<u64>> = faults
        .iter()
        .filter(|fault| fault.message == "this key stands here twice")
        .map(|fault| fault.place.as_ref().and_then(|place| place.line))
        .collect();
    assert_eq!(lines.len(), 999);
    assert_eq!((lines[0], lines[998]), (Some(3), Some(1_001)));
    assert!(faults.errors() > 300_000);
}

#[test]
fn a_file_without_its_ending_is_answered_with_the_one_that_is_there() {
    let text = super::policies::with_policy("type: FromJson, json_path: p");
    let folder = Folder::new().with("s.yaml", text).with("p.json", DOCUMENT);
    let told = folder.shown(&folder.load("s.yaml").unwrap_err());
    assert!(told.contains("`p`: no such file") && told.contains("there is `p.json`"), "{told}");
    let read = read_policy(&folder.path("p"), false).unwrap_err();
    assert!(folder.shown(&read).contains("there is `p.json`"), "{read}");
}

#[test]
fn json_has_places_however_it_is_written() {
    let key = "k".repeat(3_000);
    for (written, line) in [
        (format!("\"{key}\": 1, "), 2),
        ("\"x\"\n\n:\n1, ".to_owned(), 2),
        ("\"x\\ud83d\\ude00\":1,".to_owned(), 2),
        ("\n\t\t\"x\":{\"a\":[]},".to_owned(), 3),
        ("\"<<\":{},".to_owned(), 2),
    ] {
        let document = DOCUMENT.replace("\"version\"", &format!("{written}\"version\""));
        let folder = Folder::new().with("p.json", document);
        let faults = read_policy(&folder.path("p.json"), false).unwrap_err();
        let fault = faults.iter().next().unwrap();
        let place = fault.place.as_ref().unwrap();
        assert_eq!(place.line, Some(line), "{written}");
        assert!(fault.message.starts_with("unknown key"), "{}", fault.message);
    }
}

#[test]
fn many_agents_share_one_document() {
    let mut text = String::from("simulation: {ticks_per_day: 10, num_days: 2}\nagents:\n");
    for number in 0..1_000 {
        let params = if number % 2 == 0 { ", params: {wait: 2}" } else { "" };
        let policy = format!("{{type: FromJson, json_path: p.json{params}}}");
        let _ = writeln!(text, "  - {{id: B{number}, opening_balance: 1, policy: {policy}}}");
    }
    let folder = Folder::new().with("s.yaml", text).with("p.json", DOCUMENT);
    let agents = folder.load("s.yaml").unwrap().scenario.agents.clone();
    let texts = |name: &str| {
        let agent = agents.iter().find(|agent| agent.id == name).unwrap();
        agent.policy.text().as_ptr()
    };
    assert_eq!((texts("B0"), texts("B1")), (texts("B998"), texts("B999")));
    assert_ne!(texts("B0"), texts("B1"));
}

#[test]
fn hints_name_what_a_program_can_ask_for() {
    let document = DOCUMENT.replacen('{', "{\"x\": 1,", 1);
    let read = |predecessor| read_policy_text("p", &document, predecessor);
    let faults = read(false).unwrap_err();
    assert!(faults.to_string().contains("note: with `predecessor=True`, what"), "{faults}");
    assert!(read(true).is_ok());

    let folder = Folder::new().with("p.json", document).with("s.yaml", BASE);
    let given = format!("A={}", folder.path("p.json").display());
    for (caller, told) in [
        (Caller::CommandLine, "`payment-sim policy check --predecessor` makes"),
        (Caller::Program, "with `predecessor: true`"),
    ] {
        let policies = vec![given.clone()];
        let overrides = Overrides { policies, caller, ..Overrides::default() };
        let faults = load(&folder.path("s.yaml"), &overrides).unwrap_err().to_string();
        assert!(faults.contains(told), "{faults}");
    }
}
