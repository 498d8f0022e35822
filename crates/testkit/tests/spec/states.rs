//! Tables of banks: what each has, holds back and has paid after a tick.

use psim_model::event::{EventBatch, RtgsPriority};
use psim_model::{AgentNo, PaymentNo};
use psim_view::{Fold, Projection};

use crate::events::list;
use crate::fault::{Fault, fault};
use crate::table::{Table, plain};

/// Cost kinds as events call them, in the order of `Costs::by_kind`.
const COST_KINDS: [&str; 6] = [
    "liquidity_cost",
    "delay_cost",
    "collateral_cost",
    "penalty_cost",
    "split_friction_cost",
    "liquidity_opportunity_cost",
];

/// Expected states of banks at one moment.
#[derive(Debug)]
pub(crate) struct StateTable {
    line: usize,
    /// The last tick that counts; `None` for the last of the run.
    after: Option<usize>,
    cells: Vec<Expected>,
}

/// One expected value.
#[derive(Debug)]
struct Expected {
    line: usize,
    bank: String,
    column: Column,
    title: String,
    value: String,
}

#[derive(Clone, Copy, Debug)]
enum Column {
    Balance,
    /// What it has available for payments of a class.
    Available(RtgsPriority),
    Permission,
    /// Posted collateral, at nominal value.
    Collateral,
    /// What of its limit for all receivers is used today, whether it has one or not.
    Used,
    Queue1,
    Queue2,
    /// All kinds since the run began.
    Costs,
    /// One kind since the run began.
    CostKind(usize),
}

impl Column {
    fn named(title: &str) -> Option<Self> {
        Some(match title {
            "balance" => Self::Balance,
            "available" => Self::Available(RtgsPriority::HighlyUrgent),
            "for urgent" => Self::Available(RtgsPriority::Urgent),
            "for normal" => Self::Available(RtgsPriority::Normal),
            "permission" => Self::Permission,
            "collateral" => Self::Collateral,
            "used" => Self::Used,
            "queue 1" => Self::Queue1,
            "queue 2" => Self::Queue2,
            "costs" => Self::Costs,
            kind => Self::CostKind(COST_KINDS.iter().position(|known| *known == kind)?),
        })
    }
}

impl StateTable {
    /// Reads a table whose header begins `bank`.
    pub(crate) fn read(table: &Table) -> Result<Self, Fault> {
        let mut cells = Vec::new();
        for (index, title) in table.header.iter().enumerate().skip(1) {
            let Some(column) = Column::named(title) else {
                return fault(table.line, format!("banks have no column `{title}`"));
            };
            for row in &table.rows {
                let Some(bank) = row.get(0) else { return fault(row.line, "no bank is named") };
                let Some(value) = row.get(index) else { continue };
                let (bank, value, title) = (bank.to_owned(), plain(value), title.clone());
                cells.push(Expected { line: row.line, bank, column, title, value });
            }
        }
        if cells.is_empty() {
            return fault(table.line, "a table of banks without values says nothing");
        }
        Ok(Self { line: table.line, after: moment(table)?, cells })
    }

    /// Compares the states that a stream leads to with the table.
    pub(crate) fn check(&self, stream: &[EventBatch]) -> Vec<Fault> {
        let ticks = self.after.map_or(stream.len(), |tick| tick + 1);
        let Some(stream) = stream.get(..ticks) else {
            let text = format!("the run has {} ticks", stream.len());
            return vec![Fault::new(self.line, text)];
        };
        let mut projection = Projection::new();
        for batch in stream {
            projection.observe(batch);
        }
        self.cells.iter().filter_map(|cell| cell.check(&projection).err()).collect()
    }
}

impl Expected {
    fn check(&self, projection: &Projection) -> Result<(), Fault> {
        let Some(index) = projection.names().agents().position(|id| id == self.bank) else {
            return fault(self.line, format!("no bank is called `{}`", self.bank));
        };
        let found = self.column.value(projection, AgentNo::from_index(index));
        if found == self.value {
            return Ok(());
        }
        let Self { bank, title, value, .. } = self;
        fault(self.line, format!("{title} of {bank}\nexpected: {value}\n   found: {found}"))
    }
}

impl Column {
    fn value(self, projection: &Projection, bank: AgentNo) -> String {
        let state = &projection.agents()[bank.index()];
        let id = |no: &PaymentNo| projection.names().payment(*no).into_owned();
        let is_own = |no: &PaymentNo| projection.payments()[no.index()].sender == bank;
        match self {
            Self::Balance => state.balance.to_string(),
            Self::Available(class) => state.available_for(class).to_string(),
            Self::Permission => state.credit_permission().to_string(),
            Self::Collateral => state.posted_collateral.to_string(),
            Self::Used => projection.limit_used(bank, None).to_string(),
            Self::Queue1 => list(&projection.queue1(bank), id),
            Self::Queue2 => {
                let own: Vec<PaymentNo> = projection.queue2().into_iter().filter(is_own).collect();
                list(&own, id)
            }
            Self::Costs => state.costs.total().to_string(),
            Self::CostKind(kind) => state.costs.by_kind()[kind].to_string(),
        }
    }
}

/// Reads the caption: `After tick 3:`, or `At the end:` as where there is none.
fn moment(table: &Table) -> Result<Option<usize>, Fault> {
    let Some(caption) = table.caption.strip_suffix(':') else { return Ok(None) };
    let tick = caption.strip_prefix("After tick ").and_then(|tick| tick.parse().ok());
    if tick.is_none() && caption != "At the end" {
        return fault(table.line, "a table of banks is `After tick 3:` or `At the end:`");
    }
    Ok(tick)
}
