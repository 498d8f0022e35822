//! The page.

use std::fmt::Write as _;

use crate::effects::{AT_SCALE, Difference, Effects, SEEDS, Setting, settings};
use crate::measure::Measure;
use crate::worlds::WORLDS;

const COLUMNS: usize = 100;

pub(crate) fn write(all: &[Effects]) -> String {
    let mut page = String::from("# What the policies of the library do\n\n");
    page += &paragraph(&format!(
        "Each policy is measured against `fifo`: the same payments, on {} seeds ({} to {}) that \
         played no part in choosing any parameter. What a policy decides in which situation is \
         said [in its own page](../spec/policies/README.md), how policies are written \
         [in the language](policy.md); here is what comes of it. A test computes this page anew \
         and fails if it differs:",
        SEEDS.count(),
        SEEDS.start(),
        SEEDS.end()
    ));
    page += "```console\ncargo test -p psim-testkit --test library\n```\n\n";
    page += &paragraph(
        "After a change that is meant, write it anew with `PSIM_UPDATE_POLICY_LIBRARY=1`. The test \
         also makes sure that no decision fails, that no payment is given up, and that in no row \
         the settled share is a percentage point below that with `fifo` (`hold` excepted).",
    );
    page += &how();
    page += &overview(all);
    page += "## Policy by policy\n\n";
    page += &paragraph(
        "\"Better\" and \"worse\" name what differs from `fifo` by more than two standard errors, \
         which happens by chance in about one of twenty figures.",
    );
    for effects in &all[1..] {
        page += &section(effects);
    }
    page
}

fn how() -> String {
    let mut text = "## How it is measured\n\n".to_owned();
    text += &paragraph(
        "Ten banks (three large, four middle, three small) pay each other on two days of 100 \
         ticks; about 870 payments arrive in a run, with log-normal amounts and deadlines 5 to 60 \
         ticks ahead, but no later than the close. Large banks are paid most, so that in the mean \
         each receives what it pays. Three banks have a pool in place of an opening balance, all \
         have an unsecured cap and may post collateral at a haircut of 0.1, but none has posted \
         any; one middle bank limits what it pays the largest, one small bank what it pays in a \
         day. Algorithms: `bilateral` and `cycles`, at each tick; `priority_mode` is on; the \
         cut-off is tick 95. Costs: overdraft 0.05 bps a tick, \
         collateral 0.01, pool 0.02, deadline penalty 10 bps, end-of-day penalty 5 bps, delay of \
         overdue payments costs five times as much, and each further part of a split EUR 1.00. The \
         two worlds differ in two ways (`crates/testkit/tests/library/worlds.rs` has all \
         figures):",
    );
    for world in &WORLDS {
        let _ = writeln!(text, "* `{}`: {}.", world.name, world.about);
    }
    text.push('\n');
    text += &paragraph(
        "In each world either one bank follows the policy while the nine others follow `fifo`, and \
         what it gets itself is measured (the bank changes from seed to seed, so that each is it \
         twice); or all banks follow it, and the whole system is measured:",
    );
    text += "* *cost*: all costs of the two days, in percent of those with `fifo`;\n";
    text += "* *delay*: value-weighted mean of ticks from arrival to settlement, at most to the \
             close, in ticks;\n";
    text += "* *liquidity*: the most by which a balance fell below that at the start of its day \
             (for all banks, the\n  sum on the day on which it is largest), in percent;\n";
    text += "* *settled*: value settled by the end as a share of what arrived, in percentage \
             points.\n\n";
    let scaled =
        AT_SCALE.map(|(name, parameter, value)| format!("`{parameter}` {value} in {name}"));
    text += &paragraph(&format!(
        "All figures are mean differences with their standard errors, from the differences seed by \
         seed. Less is better, but for *settled*. Parameters that are amounts of money are at the \
         scale of these worlds: {}. `fifo` posts no collateral; of what a policy that posts some \
         gains, a part is what collateral gains whoever posts it. What `fifo` itself comes to, in \
         the mean:",
        scaled.join(", ")
    ));
    text
}

fn overview(all: &[Effects]) -> String {
    let mut text = "| setting | cost | delay | liquidity | settled |\n".to_owned();
    text += "| --- | --- | --- | --- | --- |\n";
    for (setting, effect) in settings().iter().zip(&all[0].by_setting) {
        let mean = |measure: Measure| {
            let sum: f64 = effect.runs.iter().map(|run| run.of[measure as usize]).sum();
            sum / effect.runs.len() as f64
        };
        let _ = writeln!(
            text,
            "| {} | EUR {:.2} | {:.1} ticks | EUR {:.0} | {:.1} % |",
            title(setting),
            mean(Measure::Cost) / 100.0,
            mean(Measure::Delay),
            mean(Measure::Liquidity) / 100.0,
            100.0 * mean(Measure::Settled)
        );
    }
    text += "\n## Costs\n\nCosts against those with `fifo`, in percent.\n\n| policy |";
    for setting in &settings() {
        let _ = write!(text, " {} |", title(setting));
    }
    text += " posts |\n| --- | --- | --- | --- | --- | --- |\n";
    for effects in &all[1..] {
        let _ = write!(text, "| [{0}](#{0}) |", effects.name);
        for effect in &effects.by_setting {
            let _ = write!(text, " {} |", show(effect.differences[Measure::Cost as usize]));
        }
        let _ = writeln!(text, " {} |", if effects.posts { "yes" } else { "no" });
    }
    text + "\n"
}

fn section(effects: &Effects) -> String {
    let name = effects.name;
    let mut text = format!("### {name}\n\n");
    text += &paragraph(&format!("{} [Its decisions](../spec/policies/{name}.md).", effects.intent));
    text += "| setting | cost % | delay | liquidity % | settled |\n";
    text += "| --- | --- | --- | --- | --- |\n";
    for (setting, effect) in settings().iter().zip(&effects.by_setting) {
        let cells = effect.differences.map(show);
        let _ = writeln!(text, "| {} | {} |", title(setting), cells.join(" | "));
    }
    text.push('\n');
    let better = differing(effects, true);
    let worse = differing(effects, false);
    let said = match (better.is_empty(), worse.is_empty()) {
        (true, true) => "Neither better nor worse.".to_owned(),
        (false, true) => format!("Better: {better}. Worse: nothing."),
        (true, false) => format!("Better: nothing. Worse: {worse}."),
        (false, false) => format!("Better: {better}. Worse: {worse}."),
    };
    text + &paragraph(&said)
}

/// Says what is better, or worse, than with `fifo`.
fn differing(effects: &Effects, better: bool) -> String {
    let of = |measure: Measure| {
        let found: Vec<String> = settings()
            .iter()
            .zip(&effects.by_setting)
            .filter(|(_, effect)| {
                let Difference { mean, error } = effect.differences[measure as usize];
                mean.abs() > 2.0 * error && (mean > 0.0) == (measure.is_good() == better)
            })
            .map(|(setting, _)| title(setting))
            .collect();
        match found.len() {
            0 => None,
            4 => Some(format!("{} everywhere", measure.name())),
            _ => Some(format!("{} ({})", measure.name(), found.join("; "))),
        }
    };
    Measure::ALL.into_iter().filter_map(of).collect::<Vec<_>>().join(", ")
}

fn title(setting: &Setting) -> String {
    let who = if setting.alone { "one bank" } else { "all banks" };
    format!("{}, {who}", setting.world.name)
}

fn show(difference: Difference) -> String {
    let Difference { mean, error } = difference;
    // What rounds to nothing has no sign.
    let rounded = (mean * 10.0).round() / 10.0;
    let sign = if rounded > 0.0 {
        "+"
    } else if rounded < 0.0 {
        "−"
    } else {
        ""
    };
    format!("{sign}{:.1} ± {error:.1}", rounded.abs())
}

/// Breaks a paragraph into lines.
fn paragraph(text: &str) -> String {
    let mut lines = vec![String::new()];
    for word in text.split_whitespace() {
        let line = lines.last_mut().expect("there is always a line");
        if !line.is_empty() && line.chars().count() + 1 + word.chars().count() > COLUMNS {
            lines.push(word.to_owned());
        } else {
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(word);
        }
    }
    lines.join("\n") + "\n\n"
}
