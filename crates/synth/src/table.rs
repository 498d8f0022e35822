//! Aggregates as text.

use crate::describe::{Aggregate, Target, Unit};

/// Writes aggregates as a table: one line each, names and sources to the left, figures to the
/// right of their columns. Each line ends with a line feed; nothing is coloured.
pub fn description_table(aggregates: &[Aggregate]) -> String {
    let heads = ["measure", "target", "obtained", "source of the target"].map(str::to_owned);
    let mut lines = vec![heads];
    lines.extend(aggregates.iter().map(|aggregate| {
        let unit = aggregate.unit;
        let target = match aggregate.target {
            Some(Target::About(figure)) => text(unit, figure),
            Some(Target::AtLeast(figure)) => format!("at least {}", text(unit, figure)),
            Some(Target::AtMost(figure)) => format!("at most {}", text(unit, figure)),
            None => "-".to_owned(),
        };
        let source = if aggregate.source.is_empty() { "-" } else { aggregate.source };
        [aggregate.name.clone(), target, text(unit, aggregate.obtained), source.to_owned()]
    }));
    let width = |column: usize| {
        lines.iter().map(|line| line[column].chars().count()).max().unwrap_or_default()
    };
    let (names, targets, obtained) = (width(0), width(1), width(2));
    let mut table = String::new();
    for [name, target, figure, source] in &lines {
        let figures = format!("{target:>targets$}  {figure:>obtained$}");
        table.push_str(format!("{name:<names$}  {figures}  {source}").trim_end());
        table.push('\n');
    }
    table
}

fn text(unit: Unit, figure: f64) -> String {
    match unit {
        Unit::Count => grouped(figure),
        Unit::Currency(code) => format!("{code} {}", grouped(figure)),
        Unit::Share => format!("{:.1} %", figure * 100.0),
    }
}

/// Writes a whole number with commas between groups of three digits.
fn grouped(figure: f64) -> String {
    let digits = format!("{figure:.0}");
    let mut text = String::with_capacity(digits.len() * 4 / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_line_up() {
        let row = |name: &str, unit, target, obtained, source| Aggregate {
            name: name.to_owned(),
            unit,
            target,
            obtained,
            source,
        };
        let rows = [
            row("payments", Unit::Count, Some(Target::About(1_000.0)), 999.0, "requested"),
            row("mean", Unit::Currency("EUR"), Some(Target::AtMost(5e6)), 1_234_567.4, "assumed"),
            row("late value", Unit::Share, Some(Target::AtLeast(0.3)), 0.324_9, "a paper, 2008"),
            row("links", Unit::Count, None, 12.0, ""),
        ];
        let expected = [
            "measure                    target       obtained  source of the target",
            "payments                    1,000            999  requested",
            "mean        at most EUR 5,000,000  EUR 1,234,567  assumed",
            "late value        at least 30.0 %         32.5 %  a paper, 2008",
            "links                           -             12  -",
            "",
        ];
        assert_eq!(description_table(&rows), expected.join("\n"));
    }
}
