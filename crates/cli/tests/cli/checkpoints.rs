//! Runs that go on where they were cut off, in another process, and runs that are branched off.

use std::process::Stdio;
use std::thread::sleep;
use std::time::Duration;

use psim_journal::Journal;

use crate::harness::{command, run, run_well, without_duration};

const SCENARIO: &str = "scenarios/several_days.yaml";

/// A folder for a database, and the path of one in it.
fn database() -> (tempfile::TempDir, String) {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("runs.db").to_string_lossy().into_owned();
    (folder, path)
}

/// Keeps a run as if its process had been killed before a tick: its events up to there, not closed.
fn cut_off(db: &str, ticks: u32, flags: &[&str]) {
    run_well(&[&["run", SCENARIO, "--persist", db, "--simulation-id", "run"][..], flags].concat());
    cut(db, ticks);
}

/// Takes from the only run of a database what a process that was killed before a tick would not
/// have written.
fn cut(db: &str, ticks: u32) {
    let database = rusqlite::Connection::open(db).unwrap();
    let per_day: u32 =
        database.query_row("SELECT ticks_per_day FROM runs", [], |row| row.get(0)).unwrap();
    let day = (ticks - 1) / per_day;
    database
        .execute_batch(&format!(
            "DELETE FROM payment_ids WHERE tx IN
                 (SELECT tx FROM events WHERE kind = 5 AND tick >= {ticks});
             DELETE FROM event_payments WHERE id IN (SELECT id FROM events WHERE tick >= {ticks});
             DELETE FROM events WHERE tick >= {ticks};
             DELETE FROM checkpoints WHERE tick > {ticks};
             DELETE FROM days WHERE day > {day};
             UPDATE days SET hash = NULL, events =
                 (SELECT count(*) FROM events WHERE tick / {per_day} = day);
             UPDATE runs SET ticks_done = {ticks}, complete = 0, stream_hash = NULL,
                 events = (SELECT count(*) FROM events);"
        ))
        .unwrap();
}

/// Returns the hash that the run had when it was closed.
fn hash_of(db: &str, id: &str) -> Option<String> {
    Journal::open(db).unwrap().run(id).unwrap().stream_hash
}

#[test]
fn of_many_checkpoints_the_first_and_the_last_are_named() {
    let (_folder, db) = database();
    for (id, every, told) in [
        ("few", "day", "checkpoints    before 24, 48\n"),
        ("many", "1", "checkpoints    71, from before 1 to before 71\n"),
    ] {
        let kept = ["--persist", &db, "--simulation-id", id, "--checkpoint-every", every];
        run_well(&[&["run", SCENARIO][..], &kept].concat());
        let info = run_well(&["db", "info", &db, id]).stdout;
        assert!(info.contains(told), "{info}");
    }
}

#[test]
fn a_run_goes_on_in_a_new_process_and_says_what_the_whole_run_says() {
    let whole =
        |flags: &[&str]| without_duration(&run_well(&[&["run", SCENARIO], flags].concat()).stdout);
    let horizon: u32 = 72;
    for (cut, flags) in [
        (7, &["--checkpoint-every", "3"][..]),
        (6, &["--checkpoint-at", "2,6"]),
        (50, &["--checkpoint-every", "day"]),
        (5, &[]),
        (horizon, &["--checkpoint-every", "10"]),
    ] {
        for show in [&[][..], &["--verbose"], &["--event-stream", "--output", "json"]] {
            let (_folder, db) = database();
            cut_off(&db, cut, flags);
            assert_eq!(hash_of(&db, "run"), None);
            let resumed = run_well(&[&["run", "--resume", &db, "run"], show].concat());
            assert!(without_duration(&resumed.stdout) == whole(show), "{cut} {flags:?} {show:?}");
            let told = run_well(&["verify", &db]).stdout;
            let hash = hash_of(&db, "run").expect("it is closed");
            assert!(told.contains(&hash), "{told}");
            // Once more: there is nothing to go on with, and the same is said.
            let again = run_well(&[&["run", "--resume", &db], show].concat());
            assert!(without_duration(&again.stdout) == whole(show));
            let info = run_well(&["db", "info", &db]).stdout;
            assert!(info.contains("state          complete\n"), "{info}");
        }
    }
}

#[test]
fn a_run_that_was_killed_goes_on() {
    let (_folder, db) = database();
    let keep = ["run", "scenarios/t2_day.yaml", "--persist", &db, "--checkpoint-every", "10"];
    let mut child = command(&[&keep[..], &["--quiet"]].concat())
        .stdout(Stdio::null())
        .spawn()
        .expect("the command starts");
    let has_checkpoint = || {
        let Ok(journal) = Journal::open(&db) else { return false };
        let run = journal.resolve(None).ok();
        run.is_some_and(|run| journal.checkpoints(&run).is_ok_and(|found| !found.is_empty()))
    };
    while !has_checkpoint() && child.try_wait().unwrap().is_none() {
        sleep(Duration::from_millis(2));
    }
    child.kill().unwrap();
    child.wait().unwrap();
    let resumed = run_well(&["run", "--resume", &db, "--quiet"]).stdout;
    assert_eq!(resumed, run_well(&["run", "scenarios/t2_day.yaml", "--quiet"]).stdout);
}

#[test]
fn a_branch_changes_what_may_change_and_begins_as_its_parent() {
    let (_folder, db) = database();
    let keep = ["run", SCENARIO, "--persist", &db, "--simulation-id", "run"];
    run_well(&[&keep[..], &["--checkpoint-every", "5"]].concat());
    let branch = |parent: &str, id: &str, at: &str, set: &str| {
        run_well(&[
            "run",
            "--branch",
            &db,
            parent,
            "--at",
            at,
            "--set",
            set,
            "--persist",
            &db,
            "--simulation-id",
            id,
        ])
        .stdout
    };
    let printed = branch("run", "dear", "7", "cost_rates.eod_penalty=123_456");
    let again = run_well(&["replay", &db, "--simulation-id", "dear"]).stdout;
    assert_eq!(without_duration(&printed), without_duration(&again));
    branch("dear", "dearer", "7", "cost_rates.eod_penalty=999_999");
    branch("dearer", "slow", "12", "cost_rates.delay_cost_per_tick_per_cent=0.01");
    let lines = |id: &str, flags: &[&str]| {
        let list = ["replay", &db, "--simulation-id", id, "--event-stream", "--quiet"];
        let list: Vec<&str> = list.into_iter().filter(|flag| *flag != "--quiet").collect();
        run_well(&[&list[..], flags].concat()).stdout
    };
    let events = |id: &str, range: &str| -> Vec<String> {
        let all = lines(id, &["--filter-tick-range", range]);
        all.lines().filter(|line| line.starts_with('{')).map(str::to_owned).collect()
    };
    for id in ["dear", "dearer", "slow"] {
        run_well(&["verify", &db, id]);
        assert_eq!(events(id, "-6"), events("run", "-6"), "{id}");
        assert_ne!(events(id, "7-"), events("run", "7-"), "{id}");
    }
    let info = run_well(&["db", "info", &db, "slow"]).stdout;
    let lineage = "branch of      run, from tick 7\n  with         cost_rates.eod_penalty=123_456\n\
                   branch of      dear, from tick 7\n  with         cost_rates.eod_penalty=999_999\n\
                   branch of      dearer, from tick 12\n";
    assert!(info.contains(lineage), "{info}");
}

#[test]
fn a_branch_that_changes_nothing_is_the_run() {
    let (_folder, db) = database();
    run_well(&["run", SCENARIO, "--persist", &db, "--simulation-id", "run"]);
    let branch = ["run", "--branch", &db, "--at", "9", "--persist", &db, "--simulation-id", "same"];
    run_well(&branch);
    assert_eq!(hash_of(&db, "same"), hash_of(&db, "run"));
}

/// Branches off the only run of a database, into another one.
fn branch_off(db: &str, (at, set): (&str, &str), into: &str) {
    let branch = ["run", "--branch", db, "--at", at, "--set", set, "--persist", into];
    run_well(&[&branch[..], &["--simulation-id", "what-if"]].concat());
}

#[test]
fn a_branch_that_was_cut_off_goes_on() {
    let ((_folder, db), (_one, branch), (_other, second)) = (database(), database(), database());
    run_well(&["run", SCENARIO, "--persist", &db, "--simulation-id", "run"]);
    branch_off(&db, ("8", "cost_rates.eod_penalty=77"), &branch);
    branch_off(&branch, ("12", "cost_rates.delay_cost_per_tick_per_cent=0.01"), &second);
    // Among the ticks of a parent, where it becomes itself, and later.
    for (kept, cuts) in [(&branch, &[1, 7, 8, 9, 65][..]), (&second, &[3, 8, 10, 12, 13])] {
        let whole = hash_of(kept, "what-if");
        for ticks in cuts {
            let (_copy, db) = database();
            std::fs::copy(kept, &db).unwrap();
            // The second time from a checkpoint, which may be of an ancestor.
            for (ticks, flags) in [(*ticks, "--quiet"), (ticks + 3, "--paranoid")] {
                cut(&db, ticks);
                run_well(&["run", "--resume", &db, "--checkpoint-every", "2", flags]);
                assert_eq!(hash_of(&db, "what-if"), whole, "{kept} cut off before {ticks}");
                run_well(&["verify", &db]);
                let last = if ticks % 2 == 0 { ticks } else { ticks + 1 };
                run_well(&["checkpoint", "info", &db, "--at", &last.to_string()]);
            }
        }
    }
}

#[test]
fn a_run_that_is_complete_keeps_no_more_checkpoints() {
    let (_folder, db) = database();
    run_well(&["run", SCENARIO, "--persist", &db]);
    for asked in [["--checkpoint-at", "4"], ["--checkpoint-every", "day"]] {
        let outcome = run(&[&["run", "--resume", &db][..], &asked].concat());
        assert_eq!(outcome.code, Some(0), "{}", outcome.stderr);
        let warning = format!("warning: `{}`: run", asked[0]);
        assert!(outcome.stderr.contains(&warning), "{}", outcome.stderr);
        assert!(outcome.stderr.contains("no checkpoint is stored"), "{}", outcome.stderr);
    }
}

#[test]
fn runs_that_go_on_are_checked_as_whole_ones_are() {
    for (cut, flags) in [(7, &["--checkpoint-every", "3"][..]), (6, &["--checkpoint-at", "6"])] {
        let (_folder, db) = database();
        cut_off(&db, cut, flags);
        let branch = ["run", "--branch", &db, "--at", "5", "--set", "cost_rates.eod_penalty=77"];
        let plain = run_well(&[&branch[..], &["--quiet"]].concat()).stdout;
        assert_eq!(run_well(&[&branch[..], &["--quiet", "--paranoid"]].concat()).stdout, plain);
        let resumed = run_well(&["run", "--resume", &db, "--paranoid", "--quiet"]).stdout;
        assert_eq!(resumed, run_well(&["run", SCENARIO, "--quiet"]).stdout);
        run_well(&["verify", &db]);
    }
}

#[test]
fn events_that_were_tampered_with_are_no_defect_of_ours() {
    let (_folder, db) = database();
    cut_off(&db, 10, &["--checkpoint-at", "8"]);
    let database = rusqlite::Connection::open(&db).unwrap();
    // So that banks settle far beyond their permission.
    let sql = "UPDATE events SET amount = amount * 1000 WHERE tick < 8 AND amount > 0";
    assert!(database.execute(sql, []).unwrap() > 0);
    let outcome = run(&["run", "--resume", &db, "--paranoid"]);
    assert_eq!(outcome.code, Some(1), "{}", outcome.stderr);
    assert!(outcome.stderr.contains("cannot go on"), "{}", outcome.stderr);
}

#[test]
fn what_cannot_be_is_refused_in_words() {
    let (_folder, db) = database();
    run_well(&["run", SCENARIO, "--persist", &db, "--checkpoint-at", "4", "--ticks", "12"]);
    let refused = |flags: &[&str], code: i32, words: &str| {
        let outcome = run(&[&["run"], flags].concat());
        assert_eq!(outcome.code, Some(code), "{flags:?}: {}", outcome.stderr);
        assert!(outcome.stderr.contains(words), "{flags:?}: {}", outcome.stderr);
    };
    let branch = ["--branch", db.as_str(), "--at"];
    refused(&[&branch[..], &["5", "--seed", "9"]].concat(), 1, "simulation.rng_seed");
    refused(
        &[&branch[..], &["5", "--set", "simulation.ticks_per_day=11"]].concat(),
        1,
        "simulation.ticks_per_day",
    );
    refused(&[&branch[..], &["13"]].concat(), 1, "stored up to tick 12 only");
    refused(&[&branch[..], &["12"]].concat(), 1, "no tick");
    refused(&["--branch", &db], 2, "--at");
    refused(&["--resume", &db, "nobody"], 1, "has no run `nobody`");
    refused(&["--resume", &db, "--seed", "3"], 2, "cannot be used with");
    refused(&[SCENARIO, "--checkpoint-at", "3"], 2, "--persist");
    refused(&[SCENARIO, "--persist", &db, "--checkpoint-at", "999"], 1, "before ticks 1 to");
    refused(&[SCENARIO, "--persist", &db, "--checkpoint-every", "0"], 2, "`day`, or a number");
    refused(&[], 2, "FILE");
}

#[test]
fn what_a_branch_cannot_change_is_named_with_what_can_be_done() {
    let (_folder, db) = database();
    run_well(&["run", "scenarios/shock_day.yaml", "--persist", &db, "--ticks", "30"]);
    let refused = |set: &str| {
        let branch = ["run", "--branch", &db, "--at", "25", "--set"];
        let outcome = run(&[&branch[..], &[set]].concat());
        assert_eq!((outcome.code, outcome.stdout.as_str()), (Some(1), ""), "{set}");
        outcome.stderr
    };
    insta::assert_snapshot!(refused("agents.HUB.unsecured_cap=7"), @r"
    error: a branch may change costs, liquidity saving, limits, policies and what is scheduled from tick 25 on, not: agents.HUB.unsecured_cap; in the day, scenario events change `unsecured_cap` (`CreditLimitChange`)
    ");
    insta::assert_snapshot!(refused("scenario_events[0].schedule.time='10:00'"), @r"
    error: a branch may change costs, liquidity saving, limits, policies and what is scheduled from tick 25 on, not: scenario_events[0] (ParticipantOutage on tick 12)
    ");
    let new = "scenario_events[2]={type: ParticipantOutage, agent: LINZ, \
               schedule: {type: OneTime, tick: 4}}";
    insta::assert_snapshot!(refused(new), @r"
    error: a branch may change costs, liquidity saving, limits, policies and what is scheduled from tick 25 on, not: scenario_events[2] (ParticipantOutage on tick 4): is new
    ");
}

#[test]
fn a_change_of_a_branch_that_has_no_effect_is_told() {
    let (_folder, db) = database();
    let kept = ["run", "scenarios/first_day.yaml", "--persist", &db, "--policy", "OST=deadline"];
    run_well(&kept);
    let branch = ["run", "--branch", &db, "--at", "30", "--set"];
    let told = run_well(&[&branch[..], &["agents.OST.policy={type: Hold}"]].concat()).stderr;
    assert!(told.contains("this has no effect: `--policy` gives `OST` another policy"), "{told}");
    let told = run_well(&[&branch[..], &["agents.NORD.policy={type: Hold}"]].concat()).stderr;
    assert!(!told.contains("warning"), "{told}");
}

/// A scenario whose policy is a file of its own, and a run of it.
fn run_with_a_file(folder: &std::path::Path, near: u32) -> String {
    let text = "simulation: {ticks_per_day: 20, num_days: 1}\nagents:\n  \
                - {id: A, opening_balance: 500, policy: {type: FromJson, json_path: w.json}}\n  \
                - {id: B, opening_balance: 5}\ninstructions:\n  \
                - {type: SubmitTransaction, tick: 0, sender: A, receiver: B, amount: 3, \
                deadline_tick: 15}\n";
    std::fs::write(folder.join("s.yaml"), text).unwrap();
    write_policy(&folder.join("w.json"), near);
    folder.join("s.yaml").to_string_lossy().into_owned()
}

fn write_policy(path: &std::path::Path, near: u32) {
    let text = std::fs::read_to_string("../../scenarios/data/tutorial/1_wait.json").unwrap();
    assert!(text.contains("\"near\": 3"), "{text}");
    std::fs::write(path, text.replace("\"near\": 3", &format!("\"near\": {near}"))).unwrap();
}

#[test]
fn a_branch_of_a_run_whose_files_have_changed_is_refused() {
    let (folder, db) = database();
    let (path, policy) = (run_with_a_file(folder.path(), 3), folder.path().join("w.json"));
    run_well(&["run", &path, "--persist", &db, "--simulation-id", "run"]);
    let branch = ["run", "--branch", &db, "run", "--at", "5", "--persist", &db];
    let other = ["--set", "agents.A.params.near=7", "--simulation-id", "other"];
    run_well(&[&branch[..], &other].concat());
    let of_other = ["run", "--branch", &db, "other", "--at", "6", "--persist", &db];
    write_policy(&policy, 8);
    for branch in [branch, of_other] {
        for change in ["agents.A.params.near=8", "cost_rates.eod_penalty=9"] {
            let refused = run(&[&branch[..], &["--set", change]].concat());
            assert_eq!(refused.code, Some(1), "{}", refused.stdout);
            let words = "does not follow what the files of its scenario say now (agents.A.policy)";
            assert!(refused.stderr.contains(words), "{}", refused.stderr);
        }
    }
    write_policy(&policy, 3);
    run_well(&[&of_other[..], &["--set", "agents.A.params.near=8"]].concat());
}

/// What a branch has changed stays when a branch of it, from the same tick on, changes something
/// that is carried out in the same way: policies with instructions, rates with scenario events.
#[test]
fn a_branch_at_the_same_tick_keeps_what_its_parent_changed() {
    let (folder, db) = database();
    let path = run_with_a_file(folder.path(), 3);
    run_well(&["run", &path, "--persist", &db, "--simulation-id", "run"]);
    let into = |parent: &str, id: &str, sets: &[&str]| {
        let branch = ["run", "--branch", &db, parent, "--at", "5", "--persist", &db];
        run_well(&[&branch[..], &["--simulation-id", id], sets].concat());
    };
    let changes = ["--policy", "A=hold", "--set", "cost_rates.eod_penalty=9"];
    into("run", "changed", &changes);
    let given = "instructions[1]={type: SubmitTransaction, tick: 9, sender: B, receiver: A, \
                 amount: 1}";
    let event = "scenario_events[0]={type: DirectTransfer, from_agent: A, to_agent: B, amount: 1, \
                 schedule: {type: OneTime, tick: 8}}";
    into("changed", "more", &["--set", given, "--set", event]);
    let lines = run_well(&["replay", &db, "more", "--event-stream"]).stdout;
    for (kind, number) in [
        ("event_type\":\"PolicyReplaced\"", 1),
        ("scenario_event_type\":\"CostRateChange\"", 1),
        ("scenario_event_type\":\"DirectTransfer\"", 1),
        ("event_type\":\"Arrival\"", 2),
    ] {
        let found = lines.lines().filter(|line| line.contains(kind)).count();
        assert_eq!(found, number, "{kind}: {lines}");
    }
    run_well(&["verify", &db, "more"]);
}

#[test]
fn a_change_of_a_branch_to_what_the_scenario_says_is_told() {
    let (_folder, db) = database();
    run_well(&["run", SCENARIO, "--persist", &db, "--simulation-id", "run"]);
    let branch = ["run", "--branch", &db, "--at", "9", "--set", "cost_rates.eod_penalty=123_456"];
    let other = run_well(&[&branch[..], &["--persist", &db, "--simulation-id", "a"]].concat());
    assert!(!other.stderr.contains("warning"), "{}", other.stderr);
    let branch = ["run", "--branch", &db, "a", "--at", "12", "--set"];
    let same = run_well(&[&branch[..], &["cost_rates.eod_penalty=123_456"]].concat());
    let words = "`cost_rates.eod_penalty=123_456`: the scenario of the run says so already";
    assert!(same.stderr.contains(words), "{}", same.stderr);
    let quiet = run_well(&[&branch[..], &["cost_rates.eod_penalty=123_456", "--quiet"]].concat());
    assert_eq!(quiet.stderr, "");
}

#[test]
fn of_checkpoints_to_delete_all_are_there_or_none_is_deleted() {
    let (_folder, db) = database();
    run_well(&["run", SCENARIO, "--persist", &db, "--checkpoint-at", "4,9"]);
    let list = || run_well(&["checkpoint", "list", &db]).stdout;
    let before = list();
    let refused = run(&["checkpoint", "delete", &db, "--at", "4,5"]);
    assert_eq!(refused.code, Some(1));
    assert!(refused.stderr.contains("it has those at 4, 9"), "{}", refused.stderr);
    assert_eq!(list(), before);
    let deleted = run_well(&["checkpoint", "delete", &db, "--at", "9,4,9"]).stdout;
    assert!(deleted.starts_with("deleted 2 checkpoints "), "{deleted}");
    assert_eq!(list(), "no checkpoints\n");
}

#[test]
fn checkpoints_are_listed_told_and_deleted() {
    let (_folder, db) = database();
    run_well(&[
        "run",
        SCENARIO,
        "--persist",
        &db,
        "--checkpoint-at",
        "4,9",
        "--checkpoint-at",
        "6",
    ]);
    let list = || run_well(&["checkpoint", "list", &db]).stdout;
    assert_eq!(list().lines().count(), 4);
    let told = run_well(&["checkpoint", "info", &db]).stdout;
    assert!(told.contains("before tick    9 of "), "{told}");
    run_well(&["checkpoint", "info", &db, "--at", "4", "--output", "json"]);
    let unknown = run(&["checkpoint", "info", &db, "--at", "5"]);
    assert!(unknown.stderr.contains("it has those at 4, 6, 9"), "{}", unknown.stderr);
    run_well(&["checkpoint", "delete", &db, "--at", "6"]);
    assert_eq!(list().lines().count(), 3);
    run_well(&["checkpoint", "delete", &db, "--all"]);
    assert_eq!(list(), "no checkpoints\n");
    run_well(&["verify", &db]);
}

#[test]
fn a_damaged_checkpoint_is_told_and_the_run_goes_on_without_it() {
    let (_folder, db) = database();
    cut_off(&db, 10, &["--checkpoint-at", "4,8"]);
    let database = rusqlite::Connection::open(&db).unwrap();
    let swap = "UPDATE checkpoints SET state = (SELECT state FROM checkpoints WHERE tick = 4) \
                WHERE tick = 8";
    database.execute_batch(swap).unwrap();
    let outcome = run(&["run", "--resume", &db]);
    assert_eq!(outcome.code, Some(1));
    assert!(
        outcome.stderr.contains("its checkpoint at 8 is of another tick"),
        "{}",
        outcome.stderr
    );
    run_well(&["checkpoint", "delete", &db, "--at", "8"]);
    run_well(&["run", "--resume", &db]);
    run_well(&["verify", &db]);
}

/// The leave to read other files is not kept with a run: who goes on gives it once more.
#[test]
fn a_branch_of_a_run_that_reads_elsewhere_needs_the_same_leave() {
    let (folder, db) = database();
    std::fs::create_dir(folder.path().join("in")).unwrap();
    let path = folder.path().join("in/s.yaml").to_string_lossy().into_owned();
    let text = "simulation: {ticks_per_day: 4, num_days: 1}\npayments: ../p.csv\nagents:\n  \
                - {id: A, opening_balance: 100}\n  - {id: B, opening_balance: 100}\n";
    std::fs::write(&path, text).unwrap();
    std::fs::write(folder.path().join("p.csv"), "tick,sender,receiver,amount\n1,A,B,10\n").unwrap();
    run_well(&["run", &path, "--allow-outside", "--persist", &db]);
    let branch = ["run", "--branch", &db, "--at", "2", "--set", "cost_rates.eod_penalty=5"];
    let refused = run(&branch);
    assert_eq!(refused.code, Some(1));
    assert!(refused.stderr.contains("`--allow-outside` lets"), "{}", refused.stderr);
    run_well(&[&branch[..], &["--allow-outside"]].concat());
}
