//! Documents of policies: random ones are sound, read as they are written and leave nothing out;
//! and whatever text is read, nothing breaks.
//!
//! `PSIM_WORLDS=100000 cargo test -p psim-testkit --test documents` looks at more of them.

use std::collections::BTreeSet;

use psim_model::Policy;
use psim_policy::{
    Action, Argument, Branch, Call, Comparison, Document, Expression, Field, Leaf, MAX_BYTES,
    MAX_CONDITIONS, Node, Operator, Tree, Value, read,
};
use psim_random::Generator;
use psim_testkit::worlds::{document, requested_seeds};

fn agents() -> Vec<String> {
    ["A", "B", "BANK_10", "Ö"].map(str::to_owned).to_vec()
}

fn documents(usual: u64) -> impl Iterator<Item = (u64, Document)> {
    requested_seeds(usual).map(|seed| (seed, document(seed, &agents(), 1_000)))
}

fn check_round_trip(document: &Document, name: &str) {
    let text = document.to_json().to_string();
    let again = read(&text).unwrap_or_else(|faults| panic!("{name}\n{text}\n{faults}"));
    assert_eq!(again, *document, "{name}\n{text}");
    let policy = Policy::read(&text).unwrap();
    assert_eq!(policy.document(), document, "{name}");
    assert_eq!(policy.text(), text, "{name}");
    assert_eq!(policy, Policy::read(policy.text()).unwrap(), "{name}");
}

#[test]
fn documents_are_read_as_they_are_written() {
    for (seed, document) in documents(2_000) {
        check_round_trip(&document, &format!("PSIM_SEED={seed}"));
    }
}

/// Returns a document that holds, unless some of so many conditions is true.
fn chain(conditions: usize) -> Document {
    let hold = |node_id: String| {
        let actions = vec![Call { action: Action::Hold, arguments: Vec::new() }];
        Node::Action(Leaf { node_id, description: None, actions })
    };
    let mut node = hold("last".to_owned());
    for index in 0..conditions {
        let condition = Expression::Compare(
            Comparison::Less,
            Value::Field(Field::Balance),
            Value::Number(index as f64),
        );
        node = Node::Condition(Box::new(Branch {
            node_id: format!("N{index}"),
            description: None,
            condition,
            on_true: hold(format!("A{index}")),
            on_false: node,
        }));
    }
    Document {
        version: "1".to_owned(),
        policy_id: "chain".to_owned(),
        description: None,
        parameters: Vec::new(),
        trees: [Some(node), None, None, None],
    }
}

#[test]
fn the_deepest_tree_is_read_and_a_deeper_one_is_a_fault() {
    check_round_trip(&chain(MAX_CONDITIONS), "the deepest");
    let deeper = chain(MAX_CONDITIONS + 1).to_json().to_string();
    let faults = read(&deeper).unwrap_err().to_string();
    assert!(faults.contains("more than 100 conditions"), "{faults}");
}

/// Any finite number comes back as it was, to the last bit.
#[test]
fn numbers_are_read_as_they_are_written() {
    let mut generator = Generator::named(0, "numbers");
    let mut numbers =
        vec![0.1 + 0.2, 5e-324, f64::MAX, f64::MIN_POSITIVE, 1e23, 9_007_199_254_740_993.0];
    while numbers.len() < 20_000 {
        let any = f64::from_bits(generator.next_u64());
        let usual = generator.float() * 1e6 - 5e5;
        numbers.extend([any, usual].into_iter().filter(|number| number.is_finite()));
    }
    for numbers in numbers.chunks(500) {
        let mut document = chain(1);
        document.parameters =
            (0..).map(|index| format!("p{index}")).zip(numbers.iter().copied()).collect();
        let text = document.to_json().to_string();
        let again = read(&text).unwrap();
        for ((_, found), number) in again.parameters.iter().zip(numbers) {
            assert_eq!(found.to_bits(), number.to_bits(), "{number:e} is read as {found:e}");
        }
    }
}

/// What of the language a document uses.
#[derive(Debug, Default)]
struct Used(BTreeSet<String>);

impl Used {
    fn note(&mut self, what: impl Into<String>) {
        self.0.insert(what.into());
    }

    fn document(&mut self, document: &Document) {
        for (tree, node) in document.nodes() {
            self.note(tree.key());
            node.visit_values(&mut |value| self.value(tree, value));
            match node {
                Node::Condition(branch) => self.expression(&branch.condition),
                Node::Action(leaf) => self.actions(&leaf.actions),
            }
        }
    }

    fn value(&mut self, tree: Tree, value: &Value) {
        match value {
            Value::Field(field) => self.note(format!("{}: {}", tree.key(), field.name())),
            Value::Register(_) => self.note(format!("{}: a register", tree.key())),
            Value::Parameter(_) => self.note("a parameter"),
            Value::Number(_) => self.note("a number"),
            Value::Flag(_) => self.note("a flag"),
            Value::Compute(computation) => self.note(computation.operator.word()),
        }
    }

    fn expression(&mut self, expression: &Expression) {
        match expression {
            Expression::Compare(comparison, ..) => self.note(comparison.sign()),
            Expression::And(list) | Expression::Or(list) => {
                let word = if matches!(expression, Expression::And(_)) { "and" } else { "or" };
                self.note(if list.is_empty() { format!("empty {word}") } else { word.to_owned() });
                for inner in list {
                    self.expression(inner);
                }
            }
            Expression::Not(inner) => {
                self.note("not");
                self.expression(inner);
            }
        }
    }

    fn actions(&mut self, calls: &[Call]) {
        if calls.len() > 1 {
            self.note("a sequence");
        }
        for call in calls {
            for (name, argument) in &call.arguments {
                let name = format!("{} {name}", call.action.name());
                match argument {
                    Argument::Text(text) if call.action.spec().parameter("reason").is_none() => {
                        self.note(format!("{name} {text}"));
                    }
                    _ => self.note(name),
                }
            }
            self.note(call.action.name());
        }
    }
}

#[test]
fn random_documents_leave_nothing_out() {
    let mut used = Used::default();
    (0..2_000).for_each(|seed| used.document(&document(seed, &agents(), 1_000)));
    let mut missing: Vec<String> = Vec::new();
    let mut expect = |what: String| {
        if !used.0.contains(&what) {
            missing.push(what);
        }
    };
    for tree in Tree::ALL {
        let fields = Field::ALL.iter().filter(|field| field.spec().trees.contain(tree));
        fields.for_each(|field| expect(format!("{}: {}", tree.key(), field.name())));
        expect(format!("{}: a register", tree.key()));
    }
    for operator in Operator::ALL {
        expect(operator.word().to_owned());
    }
    for comparison in Comparison::ALL {
        expect(comparison.sign().to_owned());
    }
    for action in Action::ALL {
        expect(action.name().to_owned());
        for parameter in action.spec().parameters {
            let name = format!("{} {}", action.name(), parameter.name);
            match parameter.kind {
                psim_policy::ParameterKind::Word(words) => {
                    for word in words {
                        expect(format!("{name} {word}"));
                    }
                }
                psim_policy::ParameterKind::Register => {}
                _ => expect(name),
            }
        }
    }
    for word in [
        "and",
        "or",
        "empty and",
        "empty or",
        "not",
        "a parameter",
        "a number",
        "a flag",
        "a sequence",
    ] {
        expect(word.to_owned());
    }
    assert!(missing.is_empty(), "{missing:?}");
}

/// Reads what may be anything: it is read, or there are faults that can be shown.
fn read_anything(text: &str) -> bool {
    let (ours, policy) = (read(text), Policy::read(text));
    assert_eq!(ours.is_ok(), policy.is_ok());
    match ours {
        Ok(document) => {
            check_round_trip(&document, "what was mutated");
            true
        }
        Err(faults) => {
            assert!(!faults.0.is_empty());
            assert!(!faults.to_string().is_empty());
            false
        }
    }
}

/// Returns the parts of a text that stand in quotes, as ranges of bytes without the quotes.
fn quoted(text: &str) -> Vec<std::ops::Range<usize>> {
    let quotes: Vec<usize> = text.match_indices('"').map(|(at, _)| at).collect();
    quotes.chunks_exact(2).map(|pair| pair[0] + 1..pair[1]).collect()
}

fn mutated(generator: &mut Generator, text: &str) -> String {
    const WORDS: [&str; 16] = [
        "1e999",
        "-1e999",
        "NaN",
        "Infinity",
        "1e-999",
        "-0",
        "null",
        "true",
        "{}",
        "[]",
        "\"\"",
        "123456789012345678901234567890",
        "\"\\u0000\"",
        "\"\\ud800\"",
        ",",
        "}",
    ];
    let mut bytes = text.as_bytes().to_vec();
    let mut at = |length: usize| generator.index(length.max(1));
    match at(7) {
        0 => bytes.truncate(at(bytes.len())),
        1 => {
            for _ in 0..=at(4) {
                let (place, bit) = (at(bytes.len()), at(8));
                bytes[place] ^= 1 << bit;
            }
        }
        2 => {
            let places = quoted(text);
            let (from, to) = (places[at(places.len())].clone(), places[at(places.len())].clone());
            let word = bytes[from].to_vec();
            bytes.splice(to, word);
        }
        3 => {
            let (start, length) = (at(bytes.len()), at(40));
            let piece: Vec<u8> = bytes.iter().skip(start).take(length).copied().collect();
            let to = at(bytes.len());
            bytes.splice(to..to, piece);
        }
        4 => {
            let start = at(bytes.len());
            let end = (start + at(40)).min(bytes.len());
            bytes.drain(start..end);
        }
        5 => {
            let places: Vec<usize> = text.match_indices(": ").map(|(at, _)| at + 2).collect();
            let start = places[at(places.len())];
            let length = text[start..].find([',', '}', '\n']).unwrap_or(0);
            bytes.splice(start..start + length, WORDS[at(WORDS.len())].bytes());
        }
        _ => {
            let to = at(bytes.len());
            bytes.splice(to..to, WORDS[at(WORDS.len())].bytes());
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[test]
fn no_text_breaks_the_reader() {
    let mut read = 0;
    for (seed, document) in documents(500) {
        let text = document.to_json().to_string();
        let mut generator = Generator::named(seed, "mutations");
        for _ in 0..20 {
            let once = mutated(&mut generator, &text);
            read += u32::from(read_anything(&once));
            let twice = if once.contains('"') && once.contains(": ") && quoted(&once).len() > 1 {
                mutated(&mut generator, &once)
            } else {
                once
            };
            read += u32::from(read_anything(&twice));
        }
    }
    assert!(read > 100, "{read} mutations are sound");
}

#[test]
fn no_depth_and_no_length_breaks_the_reader() {
    let tree = |inner: &str| {
        format!(r#"{{"version": "1", "policy_id": "deep", "payment_tree": {inner}}}"#)
    };
    for levels in [100, 126, 127, 128, 129, 1_000, 10_000, 100_000] {
        for (open, close) in [("[", "]"), (r#"{"on_true": "#, "}"), (r#"{"condition": "#, "}")] {
            let (opened, closed) = (open.repeat(levels), close.repeat(levels));
            assert!(!read_anything(&format!("{opened}0{closed}")), "{levels}");
            assert!(!read_anything(&tree(&format!("{opened}0{closed}"))), "{levels}");
            assert!(!read_anything(&opened), "{levels}");
        }
        let not = r#"{"op": "not", "condition": "#.repeat(levels);
        let end = r#"{"op": "and", "conditions": []}"#;
        let condition = format!("{not}{end}{}", "}".repeat(levels));
        let leaf = |id| format!(r#"{{"type": "action", "node_id": "{id}", "action": "Hold"}}"#);
        let node = format!(
            r#"{{"type": "condition", "node_id": "N", "condition": {condition}, "on_true": {}, "on_false": {}}}"#,
            leaf("T"),
            leaf("F"),
        );
        assert_eq!(read_anything(&tree(&node)), levels < 126, "{levels}");
    }
    let sound = chain(3).to_json().to_string();
    let padded = |length: usize| format!("{sound}{}", " ".repeat(length - sound.len()));
    assert!(read(&padded(MAX_BYTES)).is_ok());
    assert!(!read_anything(&padded(MAX_BYTES + 1)));
    assert!(!read_anything(&padded(100_000_000)));
    assert!(!read_anything(&"\"".repeat(MAX_BYTES)));
    assert!(!read_anything(&"[".repeat(MAX_BYTES)));
    assert!(!read_anything(&format!("[{}0]", "0,".repeat(MAX_BYTES / 2 - 2))));
}
