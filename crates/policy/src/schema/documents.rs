//! A JSON Schema of documents.

use crate::actions::{Action, ParameterKind, ParameterSpec};
use crate::document::{Comparison, Operator};
use crate::fields::{ALIASES, Field};
use crate::json::Json;
use crate::tree::{Tree, Trees};

/// Returns a JSON Schema (draft 2020-12) of documents, for editors.
///
/// It is as strict as a schema can be: that ids of nodes differ, that parameters are declared and
/// how actions follow each other is checked on reading only.
pub fn json_schema() -> Json {
    let mut properties = vec![
        ("version", described(plain("string"), "Not interpreted.")),
        ("policy_id", reference("name")),
        ("parameters", parameters()),
    ];
    properties.extend(Tree::ALL.map(|tree| {
        let node = reference(&format!("{}_node", family(tree)));
        let schema = Json::object([("anyOf", Json::List(vec![node, plain("null")]))]);
        (tree.key(), described(schema, tree.meaning()))
    }));
    let mut schema = vec![
        ("$schema".to_owned(), Json::text("https://json-schema.org/draft/2020-12/schema")),
        ("title".to_owned(), Json::text("payment-sim policy")),
    ];
    if let Json::Object(entries) = object(properties, &["version", "policy_id"]) {
        schema.extend(entries);
    }
    let mut definitions = vec![("name".to_owned(), name())];
    for trees in FAMILIES {
        definitions.extend(define(trees));
    }
    schema.push(("$defs".to_owned(), Json::Object(definitions)));
    Json::Object(schema)
}

/// Trees that have the same words, each by its first.
const FAMILIES: [Tree; 3] = [Tree::Payment, Tree::Bank, Tree::StrategicCollateral];

const fn family(tree: Tree) -> &'static str {
    match tree {
        Tree::Payment => "payment",
        Tree::Bank => "bank",
        Tree::StrategicCollateral | Tree::EndOfTickCollateral => "collateral",
    }
}

fn plain(kind: &str) -> Json {
    Json::object([("type", Json::text(kind))])
}

fn constant(text: &str) -> Json {
    Json::object([("const", Json::text(text))])
}

fn words<'w>(words: impl IntoIterator<Item = &'w str>) -> Json {
    Json::object([("enum", Json::List(words.into_iter().map(Json::text).collect()))])
}

fn reference(name: &str) -> Json {
    Json::object([("$ref", Json::text(format!("#/$defs/{name}")))])
}

fn list_of(items: Json, least: u32) -> Json {
    let mut entries = vec![("type", Json::text("array")), ("items", items)];
    if least > 0 {
        entries.push(("minItems", Json::Number(least.into())));
    }
    Json::object(entries)
}

fn described(schema: Json, text: &str) -> Json {
    let mut entries = match schema {
        Json::Object(entries) => entries,
        other => return other,
    };
    entries.push(("description".to_owned(), Json::text(text)));
    Json::Object(entries)
}

fn required(names: &[&str]) -> Json {
    Json::List(names.iter().copied().map(Json::text).collect())
}

/// Adds what people may say in any object.
fn with_remarks(mut properties: Vec<(&str, Json)>) -> Json {
    properties.extend([
        ("description", plain("string")),
        ("comment", Json::Bool(true)),
        ("metadata", Json::Bool(true)),
    ]);
    Json::object(properties)
}

fn object(properties: Vec<(&str, Json)>, needs: &[&str]) -> Json {
    Json::object([
        ("type", Json::text("object")),
        ("properties", with_remarks(properties)),
        ("required", required(needs)),
        ("additionalProperties", Json::Bool(false)),
    ])
}

/// One line that is not empty.
fn name() -> Json {
    const CONTROL: &str = r"\u0000-\u001f\u007f-\u009f";
    let pattern = format!("^[^{CONTROL}]*[^\\s{CONTROL}][^{CONTROL}]*$");
    Json::object([("type", Json::text("string")), ("pattern", Json::text(pattern))])
}

fn parameters() -> Json {
    let share = Json::object([
        ("type", Json::text("number")),
        ("minimum", Json::Number(0.0)),
        ("maximum", Json::Number(1.0)),
    ]);
    Json::object([
        ("type", Json::text("object")),
        ("properties", Json::object([("initial_liquidity_fraction", share)])),
        ("additionalProperties", plain("number")),
    ])
}

/// Defines nodes, conditions, numbers and actions of a family of trees.
fn define(tree: Tree) -> Vec<(String, Json)> {
    let of = |what: &str| named(tree, what);
    let mut definitions = vec![
        (of("node"), node(tree)),
        (of("branch"), branch(tree)),
        (of("leaf"), leaf(tree)),
        (of("call"), call(tree)),
        (of("condition"), condition(&of("condition"), &of("value"))),
        (of("value"), value(tree, &of("compute"))),
        (of("compute"), compute(&of("value"))),
    ];
    definitions.extend(actions_of(tree).map(|action| (action.name().to_owned(), form(action))));
    definitions
}

/// Names a definition of a family of trees.
fn named(tree: Tree, what: &str) -> String {
    format!("{}_{what}", family(tree))
}

fn actions_of(tree: Tree) -> impl Iterator<Item = Action> {
    Action::ALL.iter().copied().filter(move |action| action.spec().trees.contain(tree))
}

/// One of the actions of a family of trees.
fn any_action(tree: Tree) -> Json {
    Json::List(actions_of(tree).map(|action| reference(action.name())).collect())
}

fn node(tree: Tree) -> Json {
    let is_branch = Json::object([("properties", Json::object([("type", constant("condition"))]))]);
    Json::object([
        ("if", is_branch),
        ("then", reference(&named(tree, "branch"))),
        ("else", reference(&named(tree, "leaf"))),
    ])
}

fn branch(tree: Tree) -> Json {
    let properties = vec![
        ("type", constant("condition")),
        ("node_id", reference("name")),
        ("condition", reference(&named(tree, "condition"))),
        ("on_true", reference(&named(tree, "node"))),
        ("on_false", reference(&named(tree, "node"))),
    ];
    object(properties, &["type", "node_id", "condition", "on_true", "on_false"])
}

/// One action, or several in a sequence.
fn leaf(tree: Tree) -> Json {
    let properties = vec![("type", constant("action")), ("node_id", reference("name"))];
    let calls = list_of(reference(&named(tree, "call")), 1);
    let sequence = Json::object([
        ("properties", Json::object([("actions", calls)])),
        ("required", required(&["actions"])),
    ]);
    let one = Json::object([("anyOf", any_action(tree))]);
    Json::object([
        ("type", Json::text("object")),
        ("properties", with_remarks(properties)),
        ("required", required(&["type", "node_id"])),
        ("oneOf", Json::List(vec![one, sequence])),
        ("unevaluatedProperties", Json::Bool(false)),
    ])
}

/// An action of a sequence.
fn call(tree: Tree) -> Json {
    Json::object([
        ("type", Json::text("object")),
        ("properties", with_remarks(Vec::new())),
        ("anyOf", any_action(tree)),
        ("unevaluatedProperties", Json::Bool(false)),
    ])
}

/// An action with its parameters, in a node or in a sequence.
fn form(action: Action) -> Json {
    let spec = action.spec();
    let value = if spec.trees == Trees::PAYMENT {
        "payment_value"
    } else if spec.trees == Trees::BANK {
        "bank_value"
    } else {
        "collateral_value"
    };
    let parameters = spec.parameters.iter();
    let properties = parameters
        .map(|parameter| (parameter.name, argument(parameter, value)))
        .collect::<Vec<_>>();
    let needs: Vec<&str> =
        spec.parameters.iter().filter(|it| it.required).map(|it| it.name).collect();
    let parameters = Json::object([
        ("type", Json::text("object")),
        ("properties", Json::object(properties)),
        ("required", required(&needs)),
        ("additionalProperties", Json::Bool(false)),
    ]);
    let needs: &[&str] = if needs.is_empty() { &["action"] } else { &["action", "parameters"] };
    Json::object([
        (
            "properties",
            Json::object([
                ("action", described(constant(action.name()), spec.meaning)),
                ("parameters", parameters),
            ]),
        ),
        ("required", required(needs)),
    ])
}

fn argument(parameter: &ParameterSpec, value: &str) -> Json {
    const BEYOND: f64 = 9_223_372_036_854_775_808.0; // 2^63
    let literal = |schema: Json| object(vec![("value", schema)], &["value"]);
    let number = |bounds: Vec<(&str, Json)>| {
        let limits = Json::object([("value", Json::object(bounds))]);
        let mut entries = vec![("$ref", Json::text(format!("#/$defs/{value}")))];
        if let Json::Object(inner) = &limits
            && inner.iter().any(|(_, bounds)| *bounds != Json::Object(Vec::new()))
        {
            entries.push(("properties", limits));
        }
        Json::object(entries)
    };
    let schema = match parameter.kind {
        ParameterKind::Money => number(vec![
            ("minimum", Json::Number(-BEYOND)),
            ("exclusiveMaximum", Json::Number(BEYOND)),
        ]),
        // What lies between whole numbers is cut off toward zero first.
        ParameterKind::Whole { min, max } => {
            let least = match min {
                0 => ("exclusiveMinimum", Json::Number(-1.0)),
                min => ("minimum", Json::Number(min.into())),
            };
            number(vec![least, ("exclusiveMaximum", Json::Number(f64::from(max) + 1.0))])
        }
        ParameterKind::Clamped { .. } | ParameterKind::Number => number(Vec::new()),
        ParameterKind::Text => literal(plain("string")),
        ParameterKind::Word(known) => literal(words(known.iter().copied())),
        ParameterKind::Register => literal(register()),
        ParameterKind::Agents => literal(list_of(plain("string"), 1)),
    };
    described(schema, parameter.meaning)
}

fn register() -> Json {
    Json::object([("type", Json::text("string")), ("pattern", Json::text("^bank_state_"))])
}

fn condition(own: &str, value: &str) -> Json {
    let sides = |key| (key, reference(value));
    let compare = object(
        vec![("op", words(Comparison::ALL.map(Comparison::sign))), sides("left"), sides("right")],
        &["op", "left", "right"],
    );
    let chain = object(
        vec![("op", words(["and", "or"])), ("conditions", list_of(reference(own), 0))],
        &["op", "conditions"],
    );
    let not =
        object(vec![("op", constant("not")), ("condition", reference(own))], &["op", "condition"]);
    Json::object([("oneOf", Json::List(vec![compare, chain, not]))])
}

fn value(tree: Tree, compute: &str) -> Json {
    let fields = Field::ALL.iter().filter(|field| field.spec().trees.contain(tree));
    let names: Vec<&str> = fields.map(|field| field.name()).collect();
    let known = |(_, name): &&(&str, &str)| names.contains(name);
    let aliases = ALIASES.iter().filter(known).map(|(alias, _)| *alias);
    let field = Json::List(vec![words(names.iter().copied().chain(aliases)), register()]);
    let literal = Json::List(vec![Json::text("number"), Json::text("boolean")]);
    let properties = vec![
        ("field", Json::object([("anyOf", field)])),
        ("param", plain("string")),
        ("value", Json::object([("type", literal)])),
        ("compute", reference(compute)),
    ];
    let kinds = ["field", "param", "value", "compute"];
    let one = kinds.map(|kind| Json::object([("required", required(&[kind]))]));
    let mut schema = object(properties, &[]);
    if let Json::Object(entries) = &mut schema {
        entries.retain(|(key, _)| key != "required");
        entries.push(("oneOf".to_owned(), Json::List(one.into())));
    }
    schema
}

/// Computations that have the same keys are one form.
fn compute(value: &str) -> Json {
    let mut forms = Vec::new();
    let mut done: Vec<Option<&[&str]>> = Vec::new();
    for operator in Operator::ALL {
        let keys = operator.keys();
        if done.contains(&keys) {
            continue;
        }
        done.push(keys);
        let alike = Operator::ALL.into_iter().filter(|other| other.keys() == keys);
        let mut properties = vec![("op", words(alike.map(Operator::word)))];
        let mut needs = vec!["op"];
        if let Some(keys) = keys {
            properties.extend(keys.iter().map(|key| (*key, reference(value))));
            needs.extend(keys);
        } else {
            properties.push(("values", list_of(reference(value), 1)));
            needs.push("values");
        }
        forms.push(object(properties, &needs));
    }
    Json::object([("oneOf", Json::List(forms))])
}
