//! Files that a scenario names: those in its folder, and those outside of it.

use std::fs;
use std::path::Path;

use tempfile::TempDir;

use super::BASE;
use crate::{Caller, Diagnostics, Given, Overrides, load, load_document};

const PAYMENTS: &str = "tick,sender,receiver,amount\n0,A,B,5\n";
const BANKS: &str = "id,opening_balance\nA,100\nB,100\n";

/// A folder with the scenario's own folder `own` in it, and files inside and outside of that.
fn house() -> TempDir {
    let house = tempfile::tempdir().unwrap();
    let at = |name: &str| house.path().join(name);
    fs::create_dir_all(at("own/data")).unwrap();
    fs::create_dir(at("own-not")).unwrap();
    let policy = psim_policy::library::named("fifo").unwrap().document().to_json().to_string();
    for folder in ["", "own", "own/data", "own-not"] {
        fs::write(at(folder).join("payments.csv"), PAYMENTS).unwrap();
        fs::write(at(folder).join("banks.csv"), BANKS).unwrap();
        fs::write(at(folder).join("policy.json"), &policy).unwrap();
    }
    house
}

/// Each key that names a file, and a scenario in which it names `name`.
fn naming(name: &str) -> [(&'static str, String); 4] {
    let name = name.replace('\'', "''");
    let time = "simulation: {ticks_per_day: 10, num_days: 1}\n";
    let policy = format!("{{type: FromJson, json_path: '{name}'}}");
    [
        ("payments", format!("{BASE}payments: '{name}'\n")),
        ("payments.file", format!("{BASE}payments: {{file: '{name}'}}\n")),
        ("agents.file", format!("{time}agents: {{file: '{name}'}}\n")),
        ("json_path", format!("{time}agents: [{{id: A, opening_balance: 1, policy: {policy}}}]\n")),
    ]
}

fn loaded(house: &Path, text: &str, allow_outside: bool) -> Result<(), Diagnostics> {
    let path = house.join("own/s.yaml");
    fs::write(&path, text).unwrap();
    load(&path, &Overrides { allow_outside, ..Overrides::default() }).map(|_| ())
}

/// Returns the file that fits a key, in a folder.
fn file_for(key: &str, folder: &str) -> String {
    let file = match key {
        "agents.file" => "banks.csv",
        "json_path" => "policy.json",
        _ => "payments.csv",
    };
    format!("{folder}{file}")
}

fn scenario_naming(key: &str, name: &str) -> String {
    naming(name).into_iter().find(|(other, _)| *other == key).unwrap().1
}

#[test]
fn every_key_reads_inside_the_folder_and_outside_only_where_that_is_allowed() {
    let house = house();
    let absolute = format!("{}/own/", house.path().display());
    for (key, _) in naming("") {
        for folder in ["", "./", "data/", "data/../", "../own/data/", "none/../", &absolute] {
            let text = scenario_naming(key, &file_for(key, folder));
            let outcome = loaded(house.path(), &text, false);
            // A folder that is not there is found nowhere, but it does not lead outside.
            let faults = outcome.err().map(|faults| faults.to_string()).unwrap_or_default();
            let expected = if folder == "none/../" { "no such file" } else { "" };
            assert!(
                faults.contains(expected) && faults.is_empty() == expected.is_empty(),
                "{faults}"
            );
        }
        let outside = house.path().display().to_string();
        for folder in ["../", "data/../../", "../own-not/", &format!("{outside}/")] {
            let name = file_for(key, folder);
            let text = scenario_naming(key, &name);
            let faults = loaded(house.path(), &text, false).unwrap_err();
            let fault = faults.iter().next().unwrap();
            assert_eq!(faults.errors(), 1, "{faults}");
            assert!(fault.message.starts_with(&format!("`{key}`: ")), "{}", fault.message);
            assert!(fault.message.ends_with("lies outside the scenario's folder"));
            let hint = "`--allow-outside` lets a scenario read such files";
            assert_eq!(fault.hint.as_deref(), Some(hint));
            loaded(house.path(), &text, true).unwrap();
        }
    }
}

#[test]
fn whether_a_file_outside_is_there_is_not_told() {
    let house = house();
    for (key, text) in naming("../../../no/such/file") {
        let faults = loaded(house.path(), &text, false).unwrap_err().to_string();
        assert!(faults.contains("lies outside the scenario's folder"), "{key}: {faults}");
        assert!(!faults.contains("no such file"), "{key}: {faults}");
    }
}

#[cfg(unix)]
#[test]
fn links_are_followed_before_the_place_is_judged() {
    use std::os::unix::fs::symlink;
    let house = house();
    let at = |name: &str| house.path().join(name);
    symlink(at("payments.csv"), at("own/file_out")).unwrap();
    symlink(house.path(), at("own/folder_out")).unwrap();
    symlink(at("own/data"), at("own/folder_in")).unwrap();
    for (name, is_inside) in [
        ("file_out", false),
        ("folder_out/payments.csv", false),
        ("folder_out/own/payments.csv", true),
        ("folder_in/payments.csv", true),
        ("folder_in/../payments.csv", true),
        ("folder_out/../none.csv", false),
    ] {
        let outcome = loaded(house.path(), &scenario_naming("payments", name), false);
        let told = outcome.as_ref().err().map(ToString::to_string).unwrap_or_default();
        assert_eq!(outcome.is_ok(), is_inside, "{name}: {told}");
    }
    // The folder is the one that the scenario's name leads to.
    symlink(at("own"), at("linked")).unwrap();
    let text = scenario_naming("payments", "data/payments.csv");
    fs::write(at("own/s.yaml"), text).unwrap();
    load(&at("linked/s.yaml"), &Overrides::default()).unwrap();
}

#[test]
fn what_set_names_is_held_too_and_what_a_policy_flag_names_is_not() {
    let house = house();
    let path = house.path().join("own/s.yaml");
    fs::write(&path, BASE).unwrap();
    let set =
        Overrides { set: vec!["payments=../payments.csv".to_owned()], ..Overrides::default() };
    let faults = load(&path, &set).unwrap_err().to_string();
    assert!(faults.contains("lies outside the scenario's folder"), "{faults}");
    let policies = vec![format!("A={}/policy.json", house.path().display())];
    load(&path, &Overrides { policies, ..Overrides::default() }).unwrap();
}

#[test]
fn a_program_is_told_its_own_word_for_it() {
    let house = house();
    let number = |n: u32| Given::Number(n.to_string());
    let map = |entries: Vec<(&str, Given)>| {
        Given::Map(entries.into_iter().map(|(key, value)| (key.to_owned(), value)).collect())
    };
    let bank =
        |id: &str| map(vec![("id", Given::Text(id.to_owned())), ("opening_balance", number(100))]);
    let document = map(vec![
        ("simulation", map(vec![("ticks_per_day", number(10)), ("num_days", number(1))])),
        ("agents", Given::List(vec![bank("A"), bank("B")])),
        ("payments", Given::Text("../payments.csv".to_owned())),
    ]);
    let own = house.path().join("own");
    let caller = Caller::Program;
    let strict = Overrides { caller, ..Overrides::default() };
    let faults = load_document("scenario", &document, &strict, &own).unwrap_err();
    let hint = "`allow_outside=True` lets a scenario read such files";
    assert_eq!(faults.iter().next().unwrap().hint.as_deref(), Some(hint));
    let lenient = Overrides { caller, allow_outside: true, ..Overrides::default() };
    load_document("scenario", &document, &lenient, &own).unwrap();
}
