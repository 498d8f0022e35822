//! What is said of the language is what is read.

use super::*;
use crate::actions::Action;
use crate::document::read;
use crate::fields::Field;
use crate::json::Json;
use crate::policy::Policy;
use crate::tree::Tree;

#[test]
fn each_action_has_an_example_that_is_read() {
    for action in Action::ALL {
        let smallest = examples::document(*action);
        let policy = Policy::read(&smallest.to_string()).expect("the smallest is sound");
        assert!(policy.document().nodes().any(|(_, node)| match node {
            crate::Node::Action(leaf) => leaf.actions[0].action == *action,
            crate::Node::Condition(_) => false,
        }));
        for tree in action.spec().trees.iter() {
            let whole = Json::object([
                ("version", Json::text("1")),
                ("policy_id", Json::text("p")),
                (tree.key(), examples::leaf(*action, true)),
            ]);
            let faults = read(&whole.to_string()).err();
            assert_eq!(faults, None, "{action:?}");
        }
    }
}

/// Puts JSON of a condition into a document.
fn asking(tree: Tree, condition: &str) -> String {
    let action = Action::ALL.iter().find(|it| it.spec().trees.contain(tree)).expect("one");
    let leaf = |id: &str| {
        let leaf = examples::leaf(*action, true).to_string();
        leaf.replace("\"example\"", &format!("{id:?}"))
    };
    format!(
        r#"{{"version": "1", "policy_id": "p", "parameters": {{"urgency_threshold": 5}}, "{}":
        {{"type": "condition", "node_id": "c", "condition": {condition}, "on_true": {},
        "on_false": {}}}}}"#,
        tree.key(),
        leaf("t"),
        leaf("f")
    )
}

#[test]
fn each_field_has_an_example_that_is_read_where_it_may_stand() {
    for field in Field::ALL {
        for tree in Tree::ALL {
            let condition = examples::use_of(*field).to_json().to_string();
            // A field about payments is compared with one of its kind only in the payment tree.
            let is_read = read(&asking(tree, &condition)).is_ok();
            assert_eq!(is_read, field.spec().trees.contain(tree), "{field:?} {tree:?}");
        }
    }
}

#[test]
fn each_form_has_an_example_that_is_read() {
    for tree in Tree::ALL {
        for form in words::nodes(&[tree]) {
            let (key, example) = (tree.key(), form.example);
            let text = format!(r#"{{"version": "1", "policy_id": "p", "{key}": {example}}}"#);
            assert_eq!(read(&text).err(), None, "{}", form.name);
        }
        for form in words::CONDITIONS {
            assert_eq!(read(&asking(tree, form.example)).err(), None, "{}", form.name);
        }
        let trees = [tree];
        let keys = words::document(&trees).filter(|(key, ..)| key.ends_with("_tree"));
        assert_eq!(keys.map(|(key, ..)| *key).collect::<Vec<_>>(), [tree.key()]);
    }
    for form in words::VALUES {
        let condition =
            format!(r#"{{"op": "<", "left": {}, "right": {{"value": 1}}}}"#, form.example);
        assert_eq!(read(&asking(Tree::Payment, &condition)).err(), None, "{}", form.name);
    }
    for (key, required, _) in words::document(&Tree::ALL) {
        let all = [("version", "\"1\""), ("policy_id", "\"p\"")];
        let kept: Vec<String> = all
            .iter()
            .filter(|(own, _)| own != key)
            .map(|(own, value)| format!("{own:?}: {value}"))
            .collect();
        assert_eq!(read(&format!("{{{}}}", kept.join(", "))).is_err(), *required, "{key}");
    }
}

#[test]
fn the_listing_has_every_word() {
    let listing = language_json(&Tree::ALL).to_string();
    let listing: serde_json::Value = serde_json::from_str(&listing).expect("JSON");
    assert_eq!(listing["fields"].as_array().map(Vec::len), Some(Field::ALL.len()));
    assert_eq!(listing["actions"].as_array().map(Vec::len), Some(Action::ALL.len()));
    assert_eq!(listing["computations"].as_array().map(Vec::len), Some(12));
    assert_eq!(listing["json_schema"]["required"][0], "version");
    let bank: serde_json::Value =
        serde_json::from_str(&language_json(&[Tree::Bank]).to_string()).expect("JSON");
    let of_payment =
        Field::ALL.iter().filter(|field| field.spec().trees == crate::Trees::PAYMENT).count();
    assert_eq!(bank["fields"].as_array().map(Vec::len), Some(Field::ALL.len() - of_payment));
    assert_eq!(bank["trees"].as_array().map(Vec::len), Some(1));
}

/// Every reference of the schema has its definition, and every definition is used.
#[test]
fn the_schema_is_closed() {
    fn references(json: &Json, found: &mut Vec<String>) {
        match json {
            Json::List(items) => items.iter().for_each(|item| references(item, found)),
            Json::Object(entries) => {
                for (key, value) in entries {
                    match (key.as_str(), value) {
                        ("$ref", Json::Text(target)) => found.push(target.clone()),
                        _ => references(value, found),
                    }
                }
            }
            _ => {}
        }
    }
    let schema = json_schema();
    let mut found = Vec::new();
    references(&schema, &mut found);
    let Json::Object(entries) = &schema else { panic!("an object") };
    let definitions = entries.iter().find(|(key, _)| key == "$defs");
    let Some((_, Json::Object(definitions))) = definitions else { panic!("definitions") };
    for (name, _) in definitions {
        let target = format!("#/$defs/{name}");
        assert!(found.contains(&target), "{name} is not used");
        found.retain(|other| *other != target);
    }
    assert_eq!(found, Vec::<String>::new());
    for action in Action::ALL {
        assert!(definitions.iter().any(|(name, _)| name == action.name()), "{action:?}");
    }
}

#[test]
fn the_page_reads_well_where_it_is_short() {
    let page = language_markdown(&[Tree::Bank]);
    let actions = page.find("## Actions").expect("a section");
    let fields = page.find("## Fields").expect("a section");
    insta::assert_snapshot!(&page[actions..fields], @r#"
    ## Actions

    ### SetReleaseBudget

    Caps what is released in this tick. In `bank_tree`.

    | parameter | kind | required | meaning |
    | --- | --- | --- | --- |
    | `max_value_to_release` | amount | yes | For all receivers together; below zero counts as 0. |
    | `focus_counterparties` | literal list of agent ids |  | The only receivers that may be paid. |
    | `max_per_counterparty` | amount |  | For each receiver; below zero counts as 0. |

    ```json
    {
      "type": "action",
      "node_id": "example",
      "action": "SetReleaseBudget",
      "parameters": {
        "max_value_to_release": {"value": 1000000},
        "focus_counterparties": {
          "value": ["BANK_B"]
        },
        "max_per_counterparty": {"value": 1000000}
      }
    }
    ```

    ### SetState

    Sets a register. In `bank_tree`.

    | parameter | kind | required | meaning |
    | --- | --- | --- | --- |
    | `key` | literal name of a register | yes | Which. |
    | `value` | number | yes | Its new value. |
    | `reason` | literal text |  | Why. |

    ```json
    {
      "type": "action",
      "node_id": "example",
      "action": "SetState",
      "parameters": {"key": {"value": "bank_state_cooldown"}, "value": {"value": 1}, "reason": {"value": "NearDeadline"}}
    }
    ```

    ### AddState

    Adds to a register. In `bank_tree`.

    | parameter | kind | required | meaning |
    | --- | --- | --- | --- |
    | `key` | literal name of a register | yes | Which. |
    | `value` | number | yes | What is added. |
    | `reason` | literal text |  | Why. |

    ```json
    {
      "type": "action",
      "node_id": "example",
      "action": "AddState",
      "parameters": {"key": {"value": "bank_state_cooldown"}, "value": {"value": 1}, "reason": {"value": "NearDeadline"}}
    }
    ```

    ### NoAction

    Does nothing. In `bank_tree`.

    ```json
    {"type": "action", "node_id": "example", "action": "NoAction"}
    ```
    "#);
    assert!(page.contains("| `unsecured_cap` (also `credit_limit`) |"), "{page}");
}
