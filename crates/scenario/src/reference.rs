//! The reference page of scenario files, from the table of keys.

use std::fmt::Write;

use crate::keys;
use crate::scalar;
use crate::shape::{Case, Default, Key, Kind, Shape};

const OPENING: &str = "\
# Scenario files

Generated from the table of keys in the source; `payment-sim schema scenario` prints the same as a
JSON Schema.

A scenario is YAML 1.2 or JSON. Amounts are whole minor units (1234 for 12.34); numbers may have
`_` between digits; ticks and days count from 0. File names are relative to the scenario file and
must lie in its folder or below, links and `..` followed; `--allow-outside` lets a scenario read
others. The keys of `simulation` may also stand at the top level. Aliases (`*name`) and merge keys
(`<<: *name`) are understood, tags are refused; a file that ends in `.json` must be JSON.

## A complete scenario

";

/// A small scenario with a bit of everything; a test checks it.
pub(crate) const EXAMPLE: &str = include_str!("example.yaml");

const AFTER_EXAMPLE: &str = "\
The files in [`scenarios/`](../scenarios) show one thing each; `payment-sim check FILE` lists every
fault of a scenario.

";

const CLOSING: &str = "\
## Changing keys from outside

`--set PATH=VALUE` on the command line and `overrides={\"PATH\": value}` in Python change a scenario
before it is checked. A path is keys joined by dots; agents, and other elements that have an `id`,
are named by it, elements of any list by their place from 0, and the place behind the last adds one;
`*` stands for each element, and an id with a dot is written `[\"B.C\"]`:

```console
payment-sim run day.yaml --set cost_rates.eod_penalty=90_000 --set agents.BETA.unsecured_cap=0
payment-sim run day.yaml --set 'agents.*.opening_balance=500_000'
payment-sim run day.yaml --set 'lsm_config.algorithms=[bilateral, cycles]'
payment-sim run day.yaml --set 'scenario_events[2]={type: GlobalArrivalRateChange,
  multiplier: 2, schedule: {type: OneTime, tick: 24}}'
```

A value is YAML, so that lists and maps need quotes in most shells. Of several changes of one key
the last holds.

## Times of day

A time of day stands for the tick in which it lies: with ticks of ten minutes from 07:00, `11:05` is
the tick that begins at 11:00. Generated arrivals have one shape over the day for all agents
(`rate_profile`); a bank gets one of its own by `AgentArrivalRateChange` events.

## Ids and order

Agents act in the byte order of their ids; the order of the list matters only for drawing
receivers and, with `payments: {synth: …}`, for which bank is which participant. A payment without
an `id` is called `tx-{n}` by its number; a given id of that form is refused where the run also
numbers payments of its own.

## Data files

CSV is UTF-8 with commas between cells. A cell in quotes may hold commas and line breaks, and a
quote written twice; blanks around cells do not count, and an empty cell is not given. Whole numbers
may have `_` between digits. Parquet may be uncompressed or compressed with Snappy, gzip or
Zstandard; its columns are integers, texts, booleans, or DECIMAL, which is read exactly.

The columns of a participant file are keys of an agent: `id`, `opening_balance`, `unsecured_cap`,
`posted_collateral`, `collateral_haircut`, `max_collateral_capacity`, `liquidity_pool`,
`liquidity_allocation_fraction`, `liquidity_buffer`, `policy` (the word of its `type`, or the name
of a policy of the library), `multilateral_limit` (of `limits`), `reserved_highly_urgent` and
`reserved_urgent` (of `reservations`).

Rows of a payment file need not be sorted: they are put in order of arrival, within a tick in order
of the file. On the command line `payment-sim bounds` reads such a file without a scenario: rows are
then ordered by day and by tick or second, and `amount_decimal` has two places.

## Policies

A policy decides for an agent when its payments are released. An agent follows its own `policy`,
else that of the top level, else `Fifo`; on the command line `--policy AGENT=NAME` (of the library),
`--policy AGENT=FILE` and, for all other agents, `--policy '*'=...` come before both. There, too, a
policy may be written as here, `--policy 'A={type: Library, name: deadline}'`; files that it names
are relative to the scenario. A document is read once, however many agents follow it.

A parameter has the value that the document declares, unless another stands beside the `type` of the
policy (as a key or under `params`), or last under `params` of the agent. A name that the document
does not declare is a fault; so is a number with which the document is no longer sound. Under
`--policy` parameters of an agent that its new policy does not have are left out, with a warning;
where they are typed beside it, with `--set`, they are a fault.

## Synthetic days

With `payments: {synth: ...}` and no `agents` the generator names the participants, and
`opening_balances` must give their balances. With a list of `agents` these are the participants, in
order of the list. Day 0 uses the seed as it is, each later day SplitMix64(seed xor day).
";

/// Returns the reference page of scenario files as Markdown.
pub fn reference_markdown() -> String {
    let mut page = Page::default();
    page.text.push_str(OPENING);
    let _ = write!(page.text, "```yaml\n{EXAMPLE}```\n\n{AFTER_EXAMPLE}");
    page.waiting.push(("The top level".to_owned(), &keys::ROOT));
    while !page.waiting.is_empty() {
        let (title, shape) = page.waiting.remove(0);
        page.section(&title, shape);
    }
    page.section("The columns of a payment file", keys::PAYMENT_FILE);
    page.text.push_str(CLOSING);
    page.text
}

#[derive(Default)]
struct Page {
    text: String,
    titles: Vec<String>,
    done: Vec<*const Shape>,
    /// Names of keys and the words that have been written out for them.
    words: Vec<(String, *const Case)>,
    waiting: Vec<(String, &'static Shape)>,
}

impl Page {
    fn section(&mut self, title: &str, shape: &'static Shape) {
        if shape.keys.is_empty() || self.done.iter().any(|done| std::ptr::eq(*done, shape)) {
            return;
        }
        self.done.push(shape);
        let taken = self.titles.iter().any(|other| other == title);
        let title = if taken { capitalized(shape.title) } else { title.to_owned() };
        let _ = write!(self.text, "## {title}\n\n");
        self.titles.push(title);
        self.text.push_str("| key | type | unit | default | meaning |\n|---|---|---|---|---|\n");
        for key in shape.keys {
            self.text.push_str(&row(key));
        }
        self.text.push('\n');
        if !shape.needs.is_empty() {
            let _ = write!(self.text, "It needs {}.\n\n", scalar::listed(shape.needs));
        }
        for key in shape.keys {
            self.follow(key.name, &key.kind);
        }
    }

    /// Writes out the words of a key, and notes the shapes that it leads to.
    fn follow(&mut self, name: &str, kind: &'static Kind) {
        match kind {
            Kind::Map(shape) => self.waiting.push((format!("`{name}`"), shape)),
            Kind::Variant { tag, cases } => {
                self.words(name, Some(tag), cases);
                for case in *cases {
                    self.waiting.push((format!("`{name}`, `{tag}: {}`", case.name), case.shape));
                }
                for case in *cases {
                    self.waiting.push((capitalized(case.also.title), case.also));
                }
            }
            Kind::Choice(cases) => self.words(name, None, cases),
            Kind::List { of: element, .. }
            | Kind::ByName { of: element, .. }
            | Kind::Pair(element) => self.follow(name, element),
            Kind::Either(forms) => forms.iter().for_each(|form| self.follow(name, form)),
            _ => {}
        }
    }

    fn words(&mut self, name: &str, tag: Option<&str>, cases: &[Case]) {
        let entry = (name.to_owned(), cases.as_ptr());
        if self.words.contains(&entry) {
            return;
        }
        if tag.is_none()
            && let Some((other, _)) = self.words.iter().find(|(_, known)| *known == entry.1)
        {
            let _ = write!(self.text, "The words of `{name}` are those of `{other}`.\n\n");
            self.words.push(entry);
            return;
        }
        self.words.push(entry);
        let of = tag.map_or(String::new(), |tag| format!(" by `{tag}`"));
        let _ = write!(self.text, "`{name}`{of}:\n\n");
        for case in cases {
            let names = format!("`{}`{}", case.name, also(case.aliases));
            let _ = writeln!(self.text, "* {names}: {}", case.doc);
        }
        if let Some(shared) = cases.iter().map(|case| case.also).find(|also| !also.keys.is_empty())
        {
            let title = capitalized(shared.title);
            let _ = write!(self.text, "\nEach has the keys under *{title}* too.\n");
        }
        self.text.push('\n');
    }
}

fn capitalized(title: &str) -> String {
    let (first, rest) = title.split_at(title.chars().next().map_or(0, char::len_utf8));
    first.to_uppercase() + rest
}

/// Names what else a key or a word is called.
fn also(aliases: &[&str]) -> String {
    if aliases.is_empty() {
        return String::new();
    }
    let aliases: Vec<String> = aliases.iter().map(|alias| format!("`{alias}`")).collect();
    format!(" (also {})", aliases.join(", "))
}

fn row(key: &Key) -> String {
    let name = format!("`{}`{}", key.name, also(key.aliases));
    let default = match key.default {
        Default::Required => "required".to_owned(),
        Default::Is("''") => "empty".to_owned(),
        Default::Is(text) => format!("`{text}`"),
        Default::Follows(text) => text.to_owned(),
    };
    let cells = [name, type_name(&key.kind), key.unit.to_owned(), default, key.doc.to_owned()];
    format!("| {} |\n", cells.map(|cell| cell.replace('|', "\\|")).join(" | "))
}

/// More words than this do not stand in a cell of a table.
const MOST_WORDS: usize = 10;

/// Names what a key takes, for the reference page.
pub(crate) fn type_name(kind: &Kind) -> String {
    match kind {
        Kind::Int { min, max } => {
            let (min, max) = (scalar::grouped(*min), scalar::grouped(*max));
            format!("whole number, {min} to {max}")
        }
        Kind::Money { min: i64::MIN } => "amount".to_owned(),
        Kind::Money { min } => format!("amount, at least {min}"),
        Kind::Number { positive, max } => {
            let least = if *positive { "number above 0" } else { "number, at least 0" };
            let most = format!(", at most {}", scalar::plain(*max));
            least.to_owned() + if *max < f64::MAX { &most } else { "" }
        }
        Kind::Real => "number".to_owned(),
        Kind::Rate => "rate, at least 0".to_owned(),
        Kind::Multiplier => "number, at least 0, up to 4 decimal places".to_owned(),
        Kind::Fraction => "number, 0 to 1".to_owned(),
        Kind::Choice(cases) if cases.len() > MOST_WORDS => "one of the words below".to_owned(),
        Kind::Map(shape) => format!("map: {}", shape.title),
        Kind::Variant { tag, .. } => format!("map with `{tag}`"),
        Kind::List { of, .. } => format!("list of: {}", type_name(of)),
        Kind::Pair(element) => format!("[low, high] of: {}", type_name(element)),
        Kind::ByName { names, of } => format!("map of {names} to: {}", type_name(of)),
        Kind::Either(forms) => forms.iter().map(type_name).collect::<Vec<_>>().join("; or "),
        Kind::Bool
        | Kind::YearlyRate
        | Kind::Text
        | Kind::Name
        | Kind::Clock
        | Kind::Moment
        | Kind::Choice(_)
        | Kind::LibraryPolicy
        | Kind::Document
        | Kind::Anything => scalar::name_of(kind),
    }
}
