//! `--set` and `--seed`.

use psim_model::{Instruction, Money, Penalty, Policy, Schedule, Tick};

use super::{BASE, Folder, load_at};
use crate::{Overrides, load};

#[test]
fn settings_reach_every_part() {
    let folder = Folder::new().with("s.yaml", BASE);
    let scenario = load_at(
        &folder.path("s.yaml"),
        &[
            "cost_rates.eod_penalty=100",
            "agents.B.opening_balance=-5",
            "agents[0].policy.type=Hold",
            "agents[\"A\"].unsecured_cap=1_000",
            "num_days=3",
            "simulation.ticks_per_day=20",
            "currency=EUR",
            "rate_profile=[{from: 0, to: 5, factor: 2}]",
            "currency=USD",
        ],
    )
    .unwrap()
    .scenario;
    assert_eq!(scenario.costs.eod_penalty, Penalty::Fixed(Money::from_minor(100)));
    assert_eq!(scenario.agents[1].opening_balance, Money::from_minor(-5));
    assert_eq!(scenario.agents[0].policy, Policy::hold());
    assert_eq!(scenario.agents[0].unsecured_cap, Money::from_minor(1_000));
    assert_eq!((scenario.calendar.ticks_per_day(), scenario.calendar.num_days()), (20, 3));
    assert_eq!(scenario.currency.code, "USD");
    assert_eq!(scenario.rate_profile.len(), 1);
}

#[test]
fn settings_reach_sections_under_other_names() {
    let folder = Folder::new().with("s.yaml", BASE.replace("agents:", "agent_configs:"));
    let loaded = load_at(&folder.path("s.yaml"), &["agents.A.unsecured_cap=7"]).unwrap();
    assert_eq!(loaded.scenario.agents[0].unsecured_cap, Money::from_minor(7));
}

#[test]
fn settings_win_over_other_names_of_a_key() {
    let text = format!("{BASE}cost_rates: {{eod_penalty_per_transaction: 7}}\n");
    let folder = Folder::new().with("s.yaml", text);
    let loaded = load_at(&folder.path("s.yaml"), &["cost_rates.eod_penalty=8"]).unwrap();
    assert_eq!(loaded.scenario.costs.eod_penalty, Penalty::Fixed(Money::from_minor(8)));
}

#[test]
fn settings_reach_events_and_instructions() {
    let text = format!(
        "{BASE}scenario_events: [{{type: ParticipantOutage, agent: A, schedule: OneTime, tick: 1}}]\n\
         instructions:\n  - {{type: SubmitTransaction, tick: 1, id: x, sender: A, receiver: B, amount: 1}}\n"
    );
    let folder = Folder::new().with("s.yaml", text);
    let set = ["scenario_events[0].tick=2", "instructions.x.amount=7", "instructions[0].tick=3"];
    let scenario = load_at(&folder.path("s.yaml"), &set).unwrap().scenario;
    assert_eq!(scenario.events[0].schedule, Schedule::OneTime { tick: Tick(2) });
    let Instruction::SubmitTransaction(submission) = &scenario.instructions[0].instruction else {
        panic!("a submission");
    };
    assert_eq!((scenario.instructions[0].tick, submission.amount.minor()), (Tick(3), 7));
    let faults = load_at(&folder.path("s.yaml"), &["scenario_events.0.tick=2"]).unwrap_err();
    let hint = faults.iter().next().unwrap().hint.clone();
    assert_eq!(hint.as_deref(), Some("element 0 is written `[0]`"));
}

#[test]
fn an_element_that_is_not_there_is_answered_with_those_that_are() {
    let folder = Folder::new().with("s.yaml", BASE);
    for (set, hint) in [
        ("agents.ZZZ.opening_balance=1", "it has `A`, `B`"),
        ("agents[A].opening_balance=1", "the element with this id is written `.A`; `[0]` is"),
    ] {
        let faults = load_at(&folder.path("s.yaml"), &[set]).unwrap_err();
        let told = faults.iter().next().unwrap().hint.clone().unwrap();
        assert!(told.starts_with(hint), "{told}");
    }
    let agents = (0..20).map(|no| format!("  - {{id: B{no}, opening_balance: 1}}\n"));
    let agents = agents.collect::<Vec<_>>().concat();
    let folder = Folder::new().with("s.yaml", format!("{BASE}{agents}"));
    let faults = load_at(&folder.path("s.yaml"), &["agents.ZZZ.opening_balance=1"]).unwrap_err();
    assert!(faults.to_string().contains("`B8`, `B9` and 10 more"), "{faults}");
}

#[test]
fn a_star_is_each_element_of_a_list() {
    let folder = Folder::new().with("s.yaml", BASE);
    let settings = ["agents.*.opening_balance=7", "agents.B.opening_balance=8"];
    let loaded = load_at(&folder.path("s.yaml"), &settings).unwrap();
    let balances = loaded.scenario.agents.iter().map(|agent| agent.opening_balance.minor());
    assert_eq!(balances.collect::<Vec<_>>(), [7, 8]);
    let settings = ["agents.B.opening_balance=8", "agents[*].opening_balance=7"];
    assert!(load_at(&folder.path("s.yaml"), &settings).is_err());
    // What is wrong for each is said once.
    let faults = load_at(&folder.path("s.yaml"), &["agents.*.opening_balance=x"]).unwrap_err();
    assert!(faults.to_string().ends_with("\n1 error\n"), "{faults}");
    let faults = load_at(&folder.path("s.yaml"), &["simulation.*.x=1"]).unwrap_err();
    assert!(faults.to_string().contains("unknown key `*` in `simulation`"), "{faults}");
}

#[test]
fn an_id_with_a_dot_stands_in_brackets() {
    let text = format!("{BASE}  - {{id: C.D, opening_balance: 1}}\n");
    let folder = Folder::new().with("s.yaml", text);
    let faults = load_at(&folder.path("s.yaml"), &["agents.C.D.opening_balance=5"]).unwrap_err();
    let hint = faults.iter().next().unwrap().hint.clone();
    assert_eq!(hint.as_deref(), Some("an id with a dot is written `[\"C.D\"]`"));
    let loaded = load_at(&folder.path("s.yaml"), &["agents[\"C.D\"].opening_balance=5"]).unwrap();
    assert_eq!(loaded.scenario.agents[2].opening_balance.minor(), 5);
}

#[test]
fn the_place_behind_the_last_adds_an_element() {
    let folder = Folder::new().with("s.yaml", BASE);
    let shock = "{type: DirectTransfer, from_agent: A, to_agent: B, amount: 5, schedule: \
                 {type: OneTime, tick: 1}}";
    let settings = [format!("scenario_events[0]={shock}"), format!("scenario_events[1]={shock}")];
    let settings = settings.each_ref().map(String::as_str);
    let loaded = load_at(&folder.path("s.yaml"), &settings).unwrap();
    assert_eq!(loaded.scenario.events.len(), 2);
    let piecewise = ["agents[2].id=C", "agents[2].opening_balance=7", "agents.C.unsecured_cap=3"];
    let loaded = load_at(&folder.path("s.yaml"), &piecewise).unwrap();
    assert_eq!(loaded.scenario.agents[2].unsecured_cap.minor(), 3);
    let faults = load_at(&folder.path("s.yaml"), &["scenario_events[1]={}"]).unwrap_err();
    let hint = faults.iter().next().unwrap().hint.clone();
    assert_eq!(hint.as_deref(), Some("elements count from 0; `[0]` adds one"));
}

#[test]
fn the_seed_wins_over_the_file() {
    let folder = Folder::new().with("s.yaml", BASE);
    let set = vec!["rng_seed=5".to_owned()];
    let overrides = Overrides { set, seed: Some(9), ..Overrides::default() };
    let loaded = load(&folder.path("s.yaml"), &overrides).unwrap();
    assert_eq!(loaded.scenario.rng_seed, 9);
}

#[test]
fn faulty_settings_are_shown_as_written() {
    for (setting, place, message) in [
        (
            "cost_rates.eod_penalty=1.5",
            "--set:1:24",
            "`eod_penalty` must be an amount in whole minor units, found `1.5`",
        ),
        (
            "payments.synth={profile: t2, participants: 1}",
            "--set:1:44",
            "`participants` is below 2: `1`",
        ),
        ("cost_rates.eod_penaltie=1", "--set:1:12", "unknown key `eod_penaltie` in `cost_rates`"),
        ("agents.C.opening_balance=1", "--set:1:8", "the list has no element with id `C`"),
        ("agents.1.opening_balance=1", "--set:1:8", "the list has no element with id `1`"),
        ("agents[3].opening_balance=1", "--set:1:7", "there is no element 3; the list has 2"),
        ("agents[2].opening_balance=1", "--set:1:11", "an agent lacks `id`"),
        ("simulation.num_days.x=1", "--set:1:21", "leads into `2`, which is no map"),
        ("simulation[0]=1", "--set:1:11", "an index is for lists; this is a map"),
        ("num_days", "--set:1:1", "expected `path=value`"),
        ("num_days=", "--set:1:1", "no value after `=`"),
        ("=1", "--set:1:1", "not a path such as `agents.A.opening_balance`"),
        ("a..b=1", "--set:1:3", "not a path such as `agents.A.opening_balance`"),
        ("a.=1", "--set:1:2", "not a path such as `agents.A.opening_balance`"),
        ("agents[0=1", "--set:1:7", "not a path such as `agents.A.opening_balance`"),
        (
            "currency=[",
            "--set:1:11",
            "not valid YAML: while parsing a node, did not find expected node content",
        ),
    ] {
        let folder = Folder::new().with("s.yaml", BASE);
        let faults = load_at(&folder.path("s.yaml"), &[setting]).expect_err(setting);
        let first = faults.iter().next().unwrap();
        let said = (first.place.as_ref().unwrap().to_string(), first.message.as_str());
        assert_eq!((said.0.as_str(), said.1), (place, message), "{setting}");
    }
}

#[test]
fn changes_one_after_another_are_those_of_both() {
    let settings = |set: &[&str]| set.iter().map(|it| (*it).to_owned()).collect::<Vec<_>>();
    let first = Overrides {
        set: settings(&["a=1", "b=2"]),
        seed: Some(3),
        policies: settings(&["*=fifo"]),
        trace_decisions: true,
        ..Overrides::default()
    };
    let later = Overrides {
        set: settings(&["a=5=6"]),
        policies: settings(&["A=hold"]),
        allow_outside: true,
        ..Overrides::default()
    };
    let both = first.clone().and(later.clone());
    assert_eq!(both.settings().collect::<Vec<_>>(), [("a", "1"), ("b", "2"), ("a", "5=6")]);
    assert_eq!((both.seed, both.policies.len()), (Some(3), 2));
    assert!(both.trace_decisions && both.allow_outside);
    let seed = Overrides { seed: Some(9), ..Overrides::default() };
    assert_eq!(both.and(seed.clone()).seed, Some(9));
    assert!(seed.changes_only_seed() && Overrides::default().changes_only_seed());
    for more in [
        first,
        later,
        Overrides { allow_outside: true, ..Overrides::default() },
        Overrides { trace_decisions: true, ..Overrides::default() },
    ] {
        assert!(!more.changes_only_seed(), "{more:?}");
    }
}

#[test]
fn a_seed_among_changes_gives_way_to_another() {
    let told = |changes: &[&str]| {
        let changes: Vec<String> = changes.iter().map(|it| (*it).to_owned()).collect();
        Overrides::from_changes(&changes).with_seed_apart(7)
    };
    let carried = told(&["rng_seed=7", "a=1"]);
    assert_eq!((carried.seed, carried.set.as_slice()), (Some(7), &["a=1".to_owned()][..]));
    assert_eq!(told(&["a=1"]).seed, None);
}
