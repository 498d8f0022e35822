//! What is shown of a run. Live and stored runs pass through here alike, batch by batch, so they
//! cannot look different.

use std::io::{self, Write};
use std::time::Instant;

use psim_model::event::{Event, EventBatch, Names};
use psim_model::{PaymentNo, Scenario, Tick};
use psim_view::{
    EventFilter, EventLines, Fold, SummaryFold, TickLines, TickRange, VerboseReport, event_kinds,
    unknown_payment,
};

use crate::arguments::{OutputForm, ShowArguments};
use crate::failure::Failure;
use crate::output;

/// The listing and the summary of a run.
pub(crate) struct Presentation {
    listing: Listing,
    summary: SummaryFold,
    output: OutputForm,
    quiet: bool,
    started: Instant,
    sought: Option<Sought>,
}

/// The payment that a filter names. Whether there is one shows only in the end.
struct Sought {
    id: String,
    names: Names,
    payments: u32,
}

impl Sought {
    fn observe(&mut self, batch: &EventBatch) {
        self.names.observe(batch);
        for event in batch.events() {
            self.payments += match event {
                Event::Arrival(_) => 1,
                Event::PolicySplit(split) => split.num_splits,
                _ => 0,
            };
        }
    }

    /// Says so if there was none: then nothing was listed.
    fn conclude(&self) {
        let is_there = (0..self.payments).any(|no| self.names.payment(PaymentNo(no)) == self.id);
        if !is_there {
            let none = unknown_payment(&self.id, &self.names, self.payments);
            output::problem(
                "warning",
                &format!("`--filter-tx`: the run, as far as it went, {none}"),
            );
        }
    }
}

enum Listing {
    Nothing,
    Verbose(Box<VerboseReport>),
    Ticks(Box<TickLines>),
    Events(Box<EventLines>),
}

impl Presentation {
    /// Prepares what was asked for, of a run of `ticks` ticks.
    pub(crate) fn new(show: &ShowArguments, from: Tick, ticks: u32) -> Result<Self, Failure> {
        let filter = filter(show, from, ticks)?;
        let listing = if show.verbose {
            Listing::Verbose(Box::new(VerboseReport::with_filter(filter)))
        } else if show.stream {
            Listing::Ticks(Box::new(TickLines::new(filter)))
        } else if show.event_stream {
            Listing::Events(Box::new(EventLines::new(filter)))
        } else {
            Listing::Nothing
        };
        #[expect(clippy::disallowed_methods, reason = "tells the user how long it took")]
        let started = Instant::now();
        let (output, quiet) = (show.output, show.quiet);
        let sought = show.filter_tx.clone();
        let sought = sought.map(|id| Sought { id, names: Names::default(), payments: 0 });
        Ok(Self { listing, summary: SummaryFold::new(), output, quiet, started, sought })
    }

    /// Takes in a tick and lists what of it is wanted.
    pub(crate) fn observe(&mut self, batch: &EventBatch, out: &mut impl Write) -> io::Result<()> {
        self.summary.observe(batch);
        if let Some(sought) = &mut self.sought {
            sought.observe(batch);
        }
        match &mut self.listing {
            Listing::Nothing => Ok(()),
            Listing::Verbose(report) => out.write_all(report.tick_text(batch).as_bytes()),
            Listing::Ticks(lines) => lines.write(batch, out),
            Listing::Events(lines) => lines.write(batch, out),
        }
    }

    /// Goes on without a listing: nobody reads it any more, but the run is still to be kept.
    pub(crate) fn stop_listing(&mut self) {
        self.listing = Listing::Nothing;
    }

    /// Returns what has been summed up so far.
    pub(crate) fn summary(&self) -> &SummaryFold {
        &self.summary
    }

    /// Prints the summary, and how long it all took.
    pub(crate) fn conclude(&self, out: &mut impl Write) -> io::Result<()> {
        let summary = self.summary.finish();
        let duration = format!("Duration: {:.2} s", self.started.elapsed().as_secs_f64());
        match self.output {
            OutputForm::Text => write!(out, "{}", summary.to_text())?,
            OutputForm::Json => writeln!(out, "{:#}", summary.to_json())?,
        }
        match self.output {
            _ if self.quiet => {}
            OutputForm::Text => writeln!(out, "{duration}")?,
            OutputForm::Json => output::line(&duration),
        }
        out.flush()?;
        if let Some(sought) = &self.sought {
            sought.conclude();
        }
        Ok(())
    }
}

fn filter(show: &ShowArguments, from: Tick, ticks: u32) -> Result<EventFilter, Failure> {
    let kinds = show.filter_event_type.as_deref().map(event_kinds).transpose();
    let mut range = show.filter_tick_range.unwrap_or(TickRange::ALL);
    if range.from.0 > 0 && range.from.0 >= ticks {
        return Err(beyond("--filter-tick-range", range.from, ticks));
    }
    if from.0 > 0 && from.0 >= ticks {
        return Err(beyond("--from-tick", from, ticks));
    }
    range.from = range.from.max(from);
    Ok(EventFilter {
        agent: show.filter_agent.clone(),
        payment: show.filter_tx.clone(),
        kinds: kinds.map_err(Failure::mistake)?,
        ticks: range,
    })
}

/// A range that begins after the last tick there is.
pub(crate) fn beyond(flag: &str, tick: Tick, ticks: u32) -> Failure {
    let last = match ticks.checked_sub(1) {
        Some(last) => format!("the last tick is {last}"),
        None => "there is no tick".to_owned(),
    };
    Failure::Mistake(format!("`{flag}` names tick {tick}, but {last}"))
}

/// Most agents that are listed where one is not known.
const LISTED: usize = 12;

/// Refuses an agent that the run does not have: a filter for it would silently list nothing.
pub(crate) fn known_agent(flag: &str, agent: &str, scenario: &Scenario) -> Result<(), Failure> {
    let known: Vec<&str> = scenario.agents.iter().map(|agent| agent.id.as_str()).collect();
    if known.contains(&agent) {
        return Ok(());
    }
    let agents = match known.as_slice() {
        few if few.len() <= LISTED => format!("; its agents are `{}`", few.join("`, `")),
        _ => String::new(),
    };
    Err(Failure::Mistake(format!("`{flag}`: the run has no agent `{agent}`{agents}")))
}
