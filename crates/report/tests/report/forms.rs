//! The forms of a report: complete, the same each time, and of every run.

use psim_report::{FIGURES, TABLES};
use psim_testkit::worlds::{WorldSize, requested_seeds, world};

use super::{checked, data_of, run, seen};

#[test]
fn every_run_has_every_form_and_always_the_same() {
    for seed in requested_seeds(60) {
        let scenario = checked(world(seed, &WorldSize::default()));
        // Some runs are interrupted, some before their first tick.
        let ticks = if seed.is_multiple_of(4) { (seed % 11) as u32 } else { u32::MAX };
        let batches = run(&scenario, ticks);
        let make = || {
            let (report, picture) = seen("world", &scenario, &batches);
            let page = report.to_html(&picture);
            let figures = report.figures(&picture);
            (report.to_text(), report.to_json(), report.to_csv(), page, figures)
        };
        let (text, json, csv, page, figures) = make();
        let again = (text.clone(), json, csv.clone(), page.clone(), figures.clone());
        assert_eq!(make(), again, "seed {seed}");
        assert!(!page.contains("{{"), "seed {seed}: a placeholder is left");
        let is_whole = batches.len() == scenario.calendar.horizon() as usize;
        assert_eq!(text.contains("This run is incomplete"), !is_whole, "seed {seed}");
        assert_eq!(data_of(&page)["notice"].is_null(), is_whole, "seed {seed}");
        for table in csv {
            assert!(TABLES.contains(&table.name.as_str()), "seed {seed}: {}", table.name);
        }
        for figure in figures {
            assert!(FIGURES.contains(&figure.name), "seed {seed}: {}", figure.name);
            let svg = figure.svg;
            assert!(svg.starts_with("<svg") && svg.ends_with("</svg>\n"), "{}", figure.name);
            assert!(!svg.contains("NaN") && !svg.contains("inf"), "seed {seed}: {}", figure.name);
        }
    }
}

/// Each line of each CSV table has as many fields as its head, and every figure is in some table.
#[test]
fn csv_tables_hold_all_figures() {
    let scenario = checked(world(3, &WorldSize::default()));
    let batches = run(&scenario, u32::MAX);
    let (report, _) = seen("world", &scenario, &batches);
    let tables = report.to_csv();
    let names: Vec<&str> = tables.iter().map(|table| table.name.as_str()).collect();
    for name in ["measures", "queues_series", "liquidity_by_agent", "intraday_agents_days"] {
        assert!(names.contains(&name), "{name} is not in {names:?}");
    }
    for table in &tables {
        let mut lines = table.text.lines();
        let columns = lines.next().unwrap().split(',').count();
        let mut rows = 0;
        for line in lines {
            assert_eq!(line.split(',').count(), columns, "{}: {line}", table.name);
            rows += 1;
        }
        assert!(rows > 0, "{}", table.name);
    }
    let measures = &tables.iter().find(|table| table.name == "measures").unwrap().text;
    let used = &report.to_json()["liquidity"]["all"]["used"];
    assert!(measures.contains(&format!("\nliquidity.all.used,{used}\n")), "{measures}");
    let series = &tables.iter().find(|table| table.name == "queues_series").unwrap().text;
    assert_eq!(series.lines().count(), batches.len() + 1);
    assert!(series.starts_with("tick,"), "{series}");
}
