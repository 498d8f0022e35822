//! Commands that read the database or change it, disturbed beside the run.

use std::fs;
use std::path::Path;
use std::time::Duration;

use super::disturb::Disturbance;
use super::means::Means;
use super::outcomes::Outcomes;
use crate::dice::Dice;

/// How each is told of, and what is typed.
const COMMANDS: [(&str, &[&str]); 6] = [
    ("export", &["export", "runs.db", "--csv", "tables", "--parquet", "parquet"]),
    ("report", &["report", "runs.db", "-o", "report.html"]),
    ("db vacuum", &["db", "vacuum", "runs.db"]),
    ("checkpoint list", &["checkpoint", "list", "runs.db"]),
    ("checkpoint delete", &["checkpoint", "delete", "runs.db", "--all"]),
    ("db delete", &["db", "delete", "runs.db", "kept"]),
];

/// Disturbs one of them, most often by a kill. What it leaves of the run is for others to see.
pub(super) fn disturb(folder: &Path, dice: &mut Dice, means: &Means, outcomes: &mut Outcomes) {
    let (name, arguments) = COMMANDS[dice.below(COMMANDS.len())];
    let arguments: Vec<String> = arguments.iter().map(|it| (*it).to_owned()).collect();
    // Some take a few milliseconds, some a few hundred.
    let takes = Duration::from_millis(4 << dice.below(8));
    let disturbance = if dice.once_in(3) {
        Disturbance::any(dice, takes, means)
    } else {
        Disturbance::kill(dice, takes)
    };
    let ended = disturbance.during(folder, &arguments, means);
    outcomes.count(&disturbance, &ended);
    outcomes.beside(name);
    ended.was_refused_well();
    let page = folder.join("report.html");
    if page.exists() {
        let text = fs::read_to_string(page).expect("a page");
        assert!(text.ends_with("</html>\n"), "a page that is not whole");
    }
}
