//! The files themselves: formats, and what is no scenario at all.

use super::{BASE, Folder, sound};

#[test]
fn json_and_yaml_mean_the_same() {
    let json = "{\n\t\"simulation\": {\"ticks_per_day\": 10, \"num_days\": 2, \"rng_seed\": 1},\n\t\
                \"agents\": [\n\t\t{\"id\": \"\\u0041\", \"opening_balance\": 100},\n\t\t\
                {\"id\": \"B\", \"opening_balance\": 100}\n\t]\n}\n";
    let expected = sound(BASE).fingerprint();
    for text in [json.to_owned(), format!("\u{feff}{json}"), json.replace('\n', "\r\n")] {
        assert_eq!(sound(&text).fingerprint(), expected, "{text}");
    }
    for text in [format!("\u{feff}{BASE}"), BASE.replace('\n', "\r\n"), format!("---\n{BASE}...\n")]
    {
        assert_eq!(sound(&text).fingerprint(), expected, "{text}");
    }
}

#[test]
fn json_escapes_are_understood() {
    let id = |json: &str| {
        let agent = format!("{{\"id\": \"{json}\", \"opening_balance\": 1}}");
        let text = format!(
            "{{\"simulation\": {{\"ticks_per_day\": 1, \"num_days\": 1}}, \"agents\": [{agent}]}}"
        );
        sound(&text).agents[0].id.clone()
    };
    assert_eq!(id(r"a\/b"), "a/b");
    assert_eq!(id(r"\u00e9"), "\u{e9}");
    assert_eq!(id(r"x\ud83d\ude00y"), "x\u{1f600}y");
    assert_eq!(id(r"\\ud83d\\ude00"), r"\ud83d\ude00");
}

#[test]
fn files_that_call_themselves_json_are_json() {
    let json = "{\"simulation\": {\"ticks_per_day\": 10, \"num_days\": 2},\n \"agents\": [{\"id\": \"A\", \
                \"opening_balance\": 100}],\n \"currency\": \"\\ud83d\\ude00\"}\n";
    for text in [json.to_owned(), format!("\u{feff}{json}")] {
        let loaded = Folder::new().with("s.json", text).load("s.json").unwrap();
        assert_eq!(loaded.scenario.currency.code, "\u{1f600}");
    }
    for (from, to, place, message) in [
        ("100}],", "100,}],", "2:48", "not valid JSON: trailing comma"),
        ("\"A\"", "'A'", "2:20", "not valid JSON: expected value"),
        (": 100", ": 1_0", "2:45", "not valid JSON: expected `,` or `}`"),
        (": 100", ": True", "2:44", "not valid JSON: expected value"),
        ("\"A\"", "A", "2:20", "not valid JSON: expected value"),
        ("100}],", "100}], # all", "2:51", "not valid JSON: key must be a string"),
        ("\"\\ud83d\\ude00\"}\n", "5", "3:14", "not valid JSON: EOF while parsing an object"),
    ] {
        let folder = Folder::new().with("s.json", json.replacen(from, to, 1));
        let faults = folder.load("s.json").unwrap_err();
        let fault = faults.iter().next().unwrap();
        let at = fault.place.as_ref().unwrap().to_string();
        let at = at.rsplit_once("s.json:").map_or("", |(_, at)| at);
        assert_eq!((at, fault.message.as_str()), (place, message), "{to}");
        assert_eq!(faults.len(), 1);
    }
    let faults = Folder::new().with("s.json", " \n").load("s.json").unwrap_err();
    assert_eq!(faults.iter().next().unwrap().message, "the file is empty");
}

#[test]
fn what_is_no_scenario_is_refused_in_words() {
    for (content, expected) in [
        (&b""[..], "the file is empty"),
        (b"# nothing\n", "the file is empty"),
        (b"~\n", "the file is empty"),
        (b"- a\n", "a scenario must be a map, found a list"),
        (b"hello\n", "a scenario must be a map, found `hello`"),
        (b"a: 1\n\xff\xfe", "not a text file: byte 5 (line 2) is not UTF-8"),
        (b"a: 1\n---\nb: 2\n", "more than one YAML document"),
        (b"a: [1\n", "not valid YAML: while parsing a flow sequence, expected ',' or ']'"),
        (b"a:\n\t- 1\n", "not valid YAML: tabs disallowed within this context (block indentation)"),
        (b"[a]: 5\n", "a key must be a text"),
        (b"a: &a [*a]\n", "this alias stands for something that contains it"),
    ] {
        let folder = Folder::new().with("s.yaml", content);
        let faults = folder.load("s.yaml").unwrap_err();
        let first = faults.iter().next().unwrap();
        assert_eq!(first.message, expected, "{}", String::from_utf8_lossy(content));
    }
}

#[test]
fn missing_files_and_directories_are_refused_in_words() {
    let folder = Folder::new();
    let text = folder.shown(&folder.load("s.yaml").unwrap_err());
    assert_eq!(text, "error: no such file\n--> s.yaml\n\n1 error\n");
    let faults = folder.load("").unwrap_err();
    assert_eq!(faults.iter().next().unwrap().message, "is a directory, not a file");
}

#[test]
fn large_noise_is_refused_at_once() {
    let noise: Vec<u8> =
        (0..40_000_000_u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
    let folder = Folder::new().with("s.yaml", &noise).with("t.yaml", vec![b'a'; 40_000_000]);
    let message =
        |name: &str| folder.load(name).unwrap_err().iter().next().unwrap().message.clone();
    assert!(message("s.yaml").starts_with("not a text file"));
    assert_eq!(message("t.yaml"), "larger than 32 MiB");
    let folder = folder.with("u.yaml", format!("{BASE}payments: s.yaml\n"));
    let faults = folder.load("u.yaml").unwrap_err();
    assert!(faults.iter().next().unwrap().message.starts_with("lacks the columns"), "{faults}");
}

#[test]
fn a_file_full_of_escapes_is_read_in_a_moment() {
    // Joining them once took time that grew with the square of their number.
    let escapes = "\\ud83d\\ude00".repeat(1_000_000);
    let text = format!("{BASE}currency: \"{escapes}\"\n");
    let folder = Folder::new().with("s.yaml", text);
    let faults = folder.load("s.yaml").unwrap_err();
    assert_eq!(faults.errors(), 1, "{faults}");
}
