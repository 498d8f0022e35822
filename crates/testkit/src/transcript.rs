//! Events as lines of text, for expectations written by hand and for reports of failed tests.

use std::fmt;

use psim_model::Money;
use psim_model::event::{EventBatch, Names, Value};

/// An event as a line: its tick, its name and its values in order of declaration; with `{:#}`
/// also its `seq` and the names of the fields.
///
/// What is absent is shown as `-`, an empty text as `""`, a list as `[a,b]`.
#[derive(Clone, Copy, Debug)]
pub struct EventLine<'a> {
    /// The batch the event is in.
    pub batch: &'a EventBatch,
    /// Its index in the batch; must be in range.
    pub index: usize,
    /// Who is who; must have observed the batch.
    pub names: &'a Names,
}

impl fmt::Display for EventLine<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let event = &self.batch.events()[self.index];
        write!(f, "{} ", self.batch.tick())?;
        if f.alternate() {
            write!(f, "#{} ", self.batch.first_seq() + self.index as u64)?;
        }
        f.write_str(event.kind().spec().name)?;
        let mut outcome = Ok(());
        event.visit(self.batch.columns(), |field, value| {
            let label = if f.alternate() { format!("{}=", field.name) } else { String::new() };
            let word = word(value, self.names);
            outcome = outcome.and_then(|()| write!(f, " {label}{word}"));
        });
        outcome
    }
}

/// Returns a field's value as a word; an absent one is `-`, an empty text `""`, a list `[a,b]`.
pub fn word(value: Value<'_>, names: &Names) -> String {
    match value {
        Value::Null => "-".to_owned(),
        Value::Agent(agent) => names.agent(agent).to_owned(),
        Value::Payment(payment) => names.payment(payment).into_owned(),
        Value::Money(money) => money.to_string(),
        Value::Tick(tick) => tick.to_string(),
        Value::Count(count) => count.to_string(),
        Value::Flag(flag) => flag.to_string(),
        Value::Fraction(fraction) => fraction.to_string(),
        Value::Number(number) => number.to_string(),
        Value::Decimal { scaled, places } => format!("{scaled}e-{places}"),
        Value::Text("") => "\"\"".to_owned(),
        Value::Text(text) => text.to_owned(),
        Value::Payments(payments) => list(payments, |payment| names.payment(*payment).into_owned()),
        Value::Agents(agents) => list(agents, |agent| names.agent(*agent).to_owned()),
        Value::Amounts(amounts) => list(amounts, Money::to_string),
    }
}

fn list<T>(items: &[T], word: impl Fn(&T) -> String) -> String {
    let words: Vec<String> = items.iter().map(word).collect();
    format!("[{}]", words.join(","))
}

/// Returns each event of a stream, from its first tick on, as a line of values.
pub fn lines(batches: &[EventBatch]) -> Vec<String> {
    let mut names = Names::default();
    let mut lines = Vec::new();
    for batch in batches {
        names.observe(batch);
        for index in 0..batch.events().len() {
            lines.push(EventLine { batch, index, names: &names }.to_string());
        }
    }
    lines
}
