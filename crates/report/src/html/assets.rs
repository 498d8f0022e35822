//! The parts of the page that are the same for every run.

/// The page, with a place for each part.
pub(super) const PAGE: &str = include_str!("../../assets/page.html");

/// Styles, each built upon those before.
const STYLES: &[&str] = &[
    include_str!("../../assets/vendor/uPlot.min.css"),
    include_str!("../../assets/style/colours.css"),
    include_str!("../../assets/style/base.css"),
    include_str!("../../assets/style/front.css"),
    include_str!("../../assets/style/slider.css"),
    include_str!("../../assets/style/charts.css"),
    include_str!("../../assets/style/tables.css"),
    include_str!("../../assets/style/network.css"),
    include_str!("../../assets/style/payments.css"),
    include_str!("../../assets/style/print.css"),
];

/// Scripts, each built upon those before: one module.
const SCRIPTS: &[&str] = &[
    include_str!("../../assets/vendor/uPlot.iife.min.js"),
    include_str!("../../assets/script/theme.js"),
    include_str!("../../assets/script/dom.js"),
    include_str!("../../assets/script/data.js"),
    include_str!("../../assets/script/numbers.js"),
    include_str!("../../assets/script/clock.js"),
    include_str!("../../assets/script/moment.js"),
    include_str!("../../assets/script/lazy.js"),
    include_str!("../../assets/script/table.js"),
    include_str!("../../assets/script/chart_data.js"),
    include_str!("../../assets/script/chart_axes.js"),
    include_str!("../../assets/script/chart_paint.js"),
    include_str!("../../assets/script/legend.js"),
    include_str!("../../assets/script/chart.js"),
    include_str!("../../assets/script/front.js"),
    include_str!("../../assets/script/slider.js"),
    include_str!("../../assets/script/charts.js"),
    include_str!("../../assets/script/balances.js"),
    include_str!("../../assets/script/network_layout.js"),
    include_str!("../../assets/script/network.js"),
    include_str!("../../assets/script/payment_life.js"),
    include_str!("../../assets/script/payments.js"),
    include_str!("../../assets/script/measures.js"),
    include_str!("../../assets/script/print.js"),
    include_str!("../../assets/script/main.js"),
];

pub(super) fn style() -> String {
    STYLES.join("\n")
}

pub(super) fn script() -> String {
    SCRIPTS.join("\n")
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use super::{SCRIPTS, STYLES};

    /// A file that is not in the list would be missing in the page without a word.
    #[test]
    fn every_file_is_part_of_the_page() {
        let assets = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets");
        for (folder, parts) in [("script", SCRIPTS), ("style", STYLES)] {
            let mut files = 0;
            for file in fs::read_dir(assets.join(folder)).unwrap() {
                let path = file.unwrap().path();
                let text = fs::read_to_string(&path).unwrap();
                assert!(parts.contains(&text.as_str()), "{}", path.display());
                files += 1;
            }
            assert_eq!(files + 1, parts.len(), "and one of the vendor's, in {folder}");
        }
    }
}
