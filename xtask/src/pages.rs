//! The HTML pages, made by the command and looked at in a browser.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::beside::Beside;
use crate::report;
use crate::suite::{call, stage};
use crate::venv::{Venv, run};

/// Names of the browser, the first that is found is taken.
const BROWSERS: [&str; 4] =
    ["chromium", "google-chrome", "chromium-browser", "google-chrome-stable"];

/// The run that is only compared.
const DEARER: &str = "dearer";

/// The runs that pages are made of: id, scenario and settings.
const RUNS: [(&str, &str, &[&str]); 5] = [
    ("report", "scenarios/first_day.yaml", &[]),
    (DEARER, "scenarios/first_day.yaml", &["--set", "cost_rates.eod_penalty=90000"]),
    ("gridlock", "scenarios/gridlock_resolution.yaml", &[]),
    ("nothing", "scenarios/first_day.yaml", &["--ticks", "0"]),
    ("t2", "scenarios/t2_day.yaml", &["--set", "opening_balances.bounds=0.2"]),
];

/// Makes the pages and runs their tests; says so where there is no browser.
pub(crate) fn check(root: &Path) -> Result<(), String> {
    begin(root)?.map_or(Ok(()), Beside::end)
}

/// Makes the pages and starts their tests; says so where there is no browser.
pub(crate) fn begin(root: &Path) -> Result<Option<Beside>, String> {
    let folder = make(root)?;
    let Some(browser) = browser() else {
        report(
            "── pages: SKIPPED: there is no Chromium and it could not be installed; name one in \
             the variable CHROMIUM",
        );
        return Ok(None);
    };
    stage(&format!("pages: {browser} looks at them"));
    let venv = Venv::make(root)?;
    let install = ["-m", "pip", "install", "--quiet", "-r", "tests/pages/requirements.txt"];
    venv.run(root, install)?;
    let mut command = venv.command(root);
    command.env("PSIM_PAGES", &folder).env("CHROMIUM", browser);
    command.args(["-m", "pytest", "--quiet", "tests/pages"]);
    Beside::begin("tests of the pages", command, &folder).map(Some)
}

/// Runs scenarios and writes their pages to `target/pages`; returns that folder.
fn make(root: &Path) -> Result<PathBuf, String> {
    stage("pages: made by the command");
    call(root, &["build", "--quiet", "--package", "payment-sim"])?;
    let folder = root.join("target").join("pages");
    let fault = |error: std::io::Error| format!("{}: {error}", folder.display());
    if folder.exists() {
        fs::remove_dir_all(&folder).map_err(fault)?;
    }
    fs::create_dir_all(&folder).map_err(fault)?;
    let db = folder.join("runs.db");
    let payment_sim = |arguments: &[&str]| {
        let mut command = Command::new(root.join("target/debug/payment-sim"));
        command.current_dir(root).args(arguments).stdout(Stdio::null()).stderr(Stdio::null());
        run(command, &format!("payment-sim {}", arguments.join(" ")))
    };
    let page = |id: &str| folder.join(format!("{id}.html")).to_string_lossy().into_owned();
    let db = db.to_string_lossy();
    for (id, scenario, settings) in RUNS {
        let kept = ["run", scenario, "--persist", &db, "--simulation-id", id];
        payment_sim(&[&kept[..], settings].concat())?;
        if id != DEARER {
            payment_sim(&["report", &db, id, "-o", &page(id)])?;
        }
    }
    let two = [format!("{db}:report"), format!("{db}:{DEARER}")];
    payment_sim(&["compare", &two[0], &two[1], "-o", &page("comparison")])?;
    Ok(folder)
}

/// Finds a browser, or installs one where that is possible.
fn browser() -> Option<String> {
    if let Ok(named) = std::env::var("CHROMIUM") {
        return Some(named);
    }
    let find = || BROWSERS.into_iter().find(|name| answers(name)).map(str::to_owned);
    find().or_else(|| {
        stage("pages: installing Chromium");
        let install = "apt-get update -qq && apt-get install -y -qq chromium";
        let done = Command::new("sh").args(["-c", install]).stdout(Stdio::null()).status();
        done.is_ok_and(|status| status.success()).then(find).flatten()
    })
}

fn answers(browser: &str) -> bool {
    let mut command = Command::new(browser);
    command.arg("--version").stdout(Stdio::null()).stderr(Stdio::null());
    command.status().is_ok_and(|status| status.success())
}
