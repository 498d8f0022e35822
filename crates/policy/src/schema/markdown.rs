//! The language as Markdown, for people.

use std::fmt::Write;

use super::examples;
use super::listing::{actions, fields};
use super::words::{self, Form, aliases};
use crate::actions::{Action, MAX_SPLITS, ParameterSpec};
use crate::document::{Comparison, MAX_BYTES, MAX_CONDITIONS, MAX_DEPTH, MAX_REGISTERS, Operator};
use crate::prose::count;
use crate::tree::Tree;

/// Returns sections on the language as far as some trees use it, headings from the second level.
pub fn language_markdown(trees: &[Tree]) -> String {
    let mut page = Page(String::new());
    page.document(trees);
    page.trees(trees);
    page.forms("Nodes", "node", &words::nodes(trees));
    page.forms("Conditions", "condition", words::CONDITIONS);
    page.comparisons();
    page.forms("Numbers", "number", words::VALUES);
    page.computations();
    page.line(&format!("## Registers\n\n{}\n", words::REGISTERS));
    page.line("## Rules of evaluation\n");
    for rule in words::RULES {
        page.line(&format!("* {rule}"));
    }
    page.line("\n## Actions\n");
    for action in actions(trees) {
        page.action(action);
    }
    page.line("## Fields\n\nThe tree is `payment` where a field is about one payment.\n");
    page.fields(trees);
    page.limits();
    page.0
}

struct Page(String);

impl Page {
    fn line(&mut self, line: &str) {
        let _ = writeln!(self.0, "{line}");
    }

    fn row<const N: usize>(&mut self, cells: [&str; N]) {
        let cells = cells.map(|cell| cell.replace('|', "\\|"));
        let _ = writeln!(self.0, "| {} |", cells.join(" | "));
    }

    fn head<const N: usize>(&mut self, cells: [&str; N]) {
        self.row(cells);
        let _ = writeln!(self.0, "|{}", " --- |".repeat(N));
    }

    fn document(&mut self, trees: &[Tree]) {
        self.line("## The document\n");
        self.head(["key", "required", "meaning"]);
        for (key, required, meaning) in words::document(trees) {
            self.row([&format!("`{key}`"), if *required { "yes" } else { "" }, meaning]);
        }
        self.line("");
    }

    fn trees(&mut self, trees: &[Tree]) {
        self.line("## Trees\n");
        self.head(["tree", "when it is asked", "`actions` in sequence"]);
        for tree in trees {
            self.row([&format!("`{}`", tree.key()), tree.meaning(), words::sequence(*tree)]);
        }
        self.line("");
    }

    fn forms(&mut self, title: &str, what: &str, forms: &[Form]) {
        self.line(&format!("## {title}\n"));
        self.head([what, "keys", "meaning"]);
        for form in forms {
            let keys: Vec<String> = form.keys.iter().map(|key| format!("`{key}`")).collect();
            self.row([&format!("`{}`", form.name), &keys.join(", "), form.meaning]);
        }
        for form in forms {
            self.line(&format!("\n```json\n{}\n```", form.example));
        }
        self.line("");
    }

    fn comparisons(&mut self) {
        self.head(["comparison", "meaning"]);
        for comparison in Comparison::ALL {
            self.row([&format!("`{}`", comparison.sign()), comparison.meaning()]);
        }
        self.line("");
    }

    fn computations(&mut self) {
        self.head(["computation", "operands", "meaning"]);
        for operator in Operator::ALL {
            let keys = operator.keys().unwrap_or(&["values"]).iter();
            let keys: Vec<String> = keys.map(|key| format!("`{key}`")).collect();
            let word = format!("`{}`", operator.word());
            self.row([&word, &keys.join(", "), operator.meaning()]);
        }
        self.line("");
    }

    fn action(&mut self, action: Action) {
        let spec = action.spec();
        let queue2 = if spec.in_queue2 {
            " For payments in queue 2; one in queue 1 is held, reason `NotInQueue2`."
        } else {
            ""
        };
        let trees: Vec<String> =
            spec.trees.iter().map(|tree| format!("`{}`", tree.key())).collect();
        let trees = trees.join(", ");
        self.line(&format!("### {}\n\n{}{queue2} In {trees}.\n", spec.name, spec.meaning));
        if !spec.parameters.is_empty() {
            self.head(["parameter", "kind", "required", "meaning"]);
            for ParameterSpec { name, kind, required, meaning } in spec.parameters {
                let required = if *required { "yes" } else { "" };
                self.row([&format!("`{name}`"), &words::kind(*kind), required, meaning]);
            }
            self.line("");
        }
        self.line(&format!("```json\n{}\n```\n", examples::leaf(action, true)));
    }

    fn fields(&mut self, trees: &[Tree]) {
        for topic in words::TOPICS {
            let mut own = fields(trees).filter(|field| field.spec().topic == topic).peekable();
            if own.peek().is_none() {
                continue;
            }
            self.line(&format!("### Fields: {}\n", words::topic(topic)));
            self.head(["field", "unit", "tree", "meaning", "example"]);
            for field in own {
                let spec = field.spec();
                let mut name = format!("`{}`", spec.name);
                for alias in aliases(field) {
                    let _ = write!(name, " (also `{alias}`)");
                }
                let example = format!("`{}`", examples::formula(field));
                let (unit, trees) = (words::unit(spec.unit), words::trees(spec.trees));
                self.row([&name, unit, trees, spec.meaning, &example]);
            }
            self.line("");
        }
    }

    fn limits(&mut self) {
        self.line("## Limits\n");
        self.head(["limit", "most"]);
        let rows = [
            ("bytes of a document", MAX_BYTES),
            ("levels of JSON", MAX_DEPTH),
            ("conditions from a root to a leaf", MAX_CONDITIONS),
            ("registers of a document", MAX_REGISTERS),
            ("parts of a split (a scenario's `max_splits` may be lower)", MAX_SPLITS as usize),
        ];
        for (limit, most) in rows {
            self.row([limit, &count(most as u64)]);
        }
    }
}
