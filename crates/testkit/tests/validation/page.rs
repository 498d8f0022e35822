//! The page, written from the cases and the curve.

use std::fmt::Write as _;

use crate::case::{Case, Row};
use crate::curve::{Curve, Line, Point, SEEDS, TENTHS, day};

const COLUMNS: usize = 100;

pub(crate) fn write(cases: &[Case], curve: &Curve) -> String {
    let mut page = String::from("# Validation\n\n");
    page += &paragraph(
        "What others have published or what can be proven, beside what the simulator gives. Every \
         *expected* figure comes from a paper, a closed formula, a calculation by hand or a search by \
         brute force, none from the simulator itself; every *obtained* one is computed anew by a \
         test, which fails if the two differ or if this page is not what was computed:",
    );
    page += "```console\ncargo test -p psim-testkit --test validation\n```\n\n";
    page += &paragraph(
        "Whoever changes what the page says writes it anew with `PSIM_UPDATE_VALIDATION=1`; that \
         cannot make a difference disappear. The runs of the cases are checked after each tick (as \
         by `--paranoid`): no money is made or lost, and nobody pays beyond its permission. The \
         rules are in [semantics.md](semantics.md), words in [glossary.md](glossary.md). Inputs are \
         complete but for random ones: put into files they can be run with `payment-sim run scenario.yaml`.",
    );
    page += "| case | comparisons |\n| --- | --- |\n";
    for case in cases {
        let _ = writeln!(page, "| {} | {} as expected |", case.title, case.rows.len());
    }
    let _ = writeln!(page, "| Liquidity and delay | {} as expected |\n", curve.rows().len());
    for case in cases {
        page += &section(case);
    }
    page += &delays(curve);
    page
}

fn section(case: &Case) -> String {
    let mut text = format!("## {}\n\n", case.title);
    text += &paragraph(&format!("*Source.* {}.", case.source));
    let input = if case.input.starts_with("```") { "*Input.*\n\n" } else { "*Input.* " };
    for block in (input.to_owned() + &case.input).split("\n\n") {
        let is_code = block.starts_with("```");
        if is_code {
            text.extend([block.trim_end(), "\n\n"]);
        } else {
            text += &paragraph(block);
        }
    }
    text += &table(&case.rows);
    if !case.remark.is_empty() {
        text += &paragraph(case.remark);
    }
    text
}

fn table(rows: &[Row]) -> String {
    let mut text = "| compared | expected | obtained |\n| --- | --- | --- |\n".to_owned();
    text.extend(rows.iter().map(Row::markdown));
    text + "\n"
}

fn delays(curve: &Curve) -> String {
    let mut text = "## Liquidity and delay\n\n".to_owned();
    text += "![Liquidity and delay](images/liquidity_delay.svg)\n\n";
    text += &paragraph(&format!(
        "No published figure can be compared with these: the payments are synthetic (10,000 among \
         100 banks, made from aggregates that are published about T2), so only shapes mean \
         something. Each of {} days is run with opening balances at the lower bound of each bank (0), \
         at its upper bound (1) and at nine levels between, in six ways. Figures are means over the \
         days. A preset comes as near to a real system as the rules allow and says what it leaves \
         out, so that nothing here measures the real ones. The first day (`rng_seed` 1 to {} make \
         all of them):",
        SEEDS.len(),
        SEEDS.len()
    ));
    let _ = write!(text, "```yaml\n{}```\n\n", day(SEEDS[0]));
    text += "| way | keys |\n| --- | --- |\n";
    for line in &curve.lines {
        let _ = writeln!(text, "| `{}` | `{}` |", line.name, line.keys);
    }
    text += "\nDelay indicator: 0 if all value settles on arrival, 1 if none before the close.\n\n";
    text += &levels(curve, |point| format!("{:.3}", point.delay));
    text += "Value settled by the close, in percent of what arrived.\n\n";
    text += &levels(curve, |point| format!("{:.1}", 100.0 * point.settled));
    text += "What one sees (the test checks the comparisons, not the reasons):\n\n";
    for (sentence, _) in curve.seen() {
        text += &item(sentence);
    }
    text += "\nWhat must hold whatever the payments are:\n\n";
    text += &table(&curve.rows());
    text
}

/// Writes an item of a list.
fn item(sentence: &str) -> String {
    let lines = paragraph(&format!("* {sentence}"));
    lines.trim_end().replace('\n', "\n  ") + "\n"
}

fn levels(curve: &Curve, show: fn(&Point) -> String) -> String {
    let names: Vec<String> = curve.lines.iter().map(|line| format!("`{}`", line.name)).collect();
    let mut text = format!("| liquidity | {} |\n", names.join(" | "));
    let _ = writeln!(text, "|{}", " --- |".repeat(names.len() + 1));
    for level in 0..=TENTHS {
        let of = |line: &Line| show(&line.means[level as usize]);
        let cells: Vec<String> = curve.lines.iter().map(of).collect();
        let _ = writeln!(text, "| {} | {} |", f64::from(level) / 10.0, cells.join(" | "));
    }
    text + "\n"
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
