//! The banks: ids in their order, funds, policies.

use psim_model::{
    Agent, AgentNo, ArrivalStream, Fraction, Limits, MAX_AGENTS, MAX_ID_CHARS, Money, Policy, Pool,
    id_fits,
};
use rustc_hash::FxHashMap;

use super::arrivals::{self, Setting};
use super::limits::{self, Kept};
use super::policies::{Followed, SaidShare};
use crate::check::Checker;
use crate::data;
use crate::diagnostic::quoted;
use crate::keys;
use crate::source::Span;
use crate::typed::{Fields, Typed};

/// All agent ids, by name and in both orders.
#[derive(Debug, Default)]
pub(crate) struct Roster {
    /// In byte order.
    ids: Vec<String>,
    by_id: FxHashMap<Vec<u8>, AgentNo>,
    /// In file order.
    draw_order: Vec<AgentNo>,
    draw_positions: Vec<usize>,
}

impl Roster {
    /// Makes the roster of distinct ids in file order.
    pub(crate) fn new(file_order: &[String]) -> Self {
        let mut ids = file_order.to_vec();
        ids.sort_unstable();
        let numbered = ids.iter().enumerate();
        let by_id: FxHashMap<Vec<u8>, AgentNo> = numbered
            .map(|(index, id)| (id.clone().into_bytes(), AgentNo::from_index(index)))
            .collect();
        let draw_order: Vec<AgentNo> =
            file_order.iter().filter_map(|id| by_id.get(id.as_bytes()).copied()).collect();
        let mut draw_positions = vec![0; draw_order.len()];
        for (position, agent) in draw_order.iter().enumerate() {
            if let Some(slot) = draw_positions.get_mut(agent.index()) {
                *slot = position;
            }
        }
        Self { ids, by_id, draw_order, draw_positions }
    }

    pub(crate) fn find(&self, id: &[u8]) -> Option<AgentNo> {
        self.by_id.get(id).copied()
    }

    /// Returns the ids in byte order.
    pub(crate) fn ids(&self) -> impl Iterator<Item = &str> + Clone {
        self.ids.iter().map(String::as_str)
    }

    /// Returns the agents in file order.
    pub(crate) fn draw_order(&self) -> &[AgentNo] {
        &self.draw_order
    }

    pub(crate) fn draw_position(&self, agent: AgentNo) -> usize {
        self.draw_positions.get(agent.index()).copied().unwrap_or_default()
    }
}

/// The agents as given, in file order; faulty ones are `None`.
pub(super) type Members = Vec<Option<Fields>>;

/// Reads the agents of a list or of a participant file; an empty list if none are given.
pub(super) fn members(checker: &mut Checker<'_>, root: &Fields) -> Option<Members> {
    let Some(given) = root.given("agents") else { return Some(Vec::new()) };
    let item = given.item.as_ref()?;
    let members: Members = match &item.typed {
        Typed::List(items) => {
            let fields = |item: &Option<crate::typed::Item>| match item.as_ref().map(|i| &i.typed) {
                Some(Typed::Fields(fields)) => Some(fields.clone()),
                _ => None,
            };
            items.iter().map(fields).collect()
        }
        Typed::Fields(fields) => {
            data::participants::read(checker, &fields.read::<String>("file")?, item.span)?
        }
        _ => return None,
    };
    if members.is_empty() {
        checker.fault(item.span, "a scenario needs at least one agent", None);
        return None;
    }
    if members.len() > MAX_AGENTS {
        let message = format!("{} agents, more than {MAX_AGENTS}", members.len());
        checker.fault(item.span, message, None);
        return None;
    }
    Some(members)
}

/// Returns whether any agent draws payments at random.
pub(super) fn draw_payments(members: &Members) -> bool {
    let draws = |fields: &Fields| {
        fields.given("arrival_config").is_some() || fields.given("arrival_bands").is_some()
    };
    members.iter().flatten().any(draws)
}

/// The agents in their order, complete but for balances that follow from payments.
pub(crate) struct Drafts {
    pub(crate) roster: Roster,
    members: Vec<Draft>,
    complete: bool,
}

struct Draft {
    id: String,
    span: Span,
    balance: Balance,
    funds: Option<Funds>,
    limits: Option<Limits>,
    kept: Option<Kept>,
    arrivals: Option<Vec<ArrivalStream>>,
}

enum Balance {
    Given(Money),
    Missing,
    Faulty,
}

struct Funds {
    unsecured_cap: Money,
    posted_collateral: Money,
    collateral_haircut: Fraction,
    max_collateral_capacity: Option<Money>,
    liquidity_pool: Option<Pool>,
    /// Where the share of the pool was given.
    share_span: Option<Span>,
    policy: Policy,
    liquidity_buffer: Money,
}

/// What the top level and the command line say for every agent.
pub(super) struct ForAll {
    /// Highest factor of the rate profile, at least 1.
    pub(super) highest_factor: f64,
    pub(super) kept: Option<Kept>,
    pub(super) policies: Followed,
}

/// Makes drafts of the agents as given.
pub(super) fn drafts(checker: &mut Checker<'_>, members: &Members, for_all: &ForAll) -> Drafts {
    let mut seen: FxHashMap<String, Span> = FxHashMap::default();
    let mut named: Vec<(String, &Fields)> = Vec::new();
    let mut complete = true;
    for fields in members {
        let id = fields.as_ref().and_then(|fields| sound_id(checker, fields));
        let (Some(fields), Some(id)) = (fields, id) else {
            complete = false;
            continue;
        };
        let span = fields.span_of("id");
        if let Some(first) = seen.get(&id) {
            // An alias repeats the id that stands elsewhere, so the alias is where to look.
            let span = if span == *first { fields.span } else { span };
            let message = format!("duplicate agent id {}", quoted(&id));
            checker.fault_between(span, message, *first, "first used here");
            complete = false;
            continue;
        }
        seen.insert(id.clone(), span);
        named.push((id, fields));
    }
    let ids: Vec<String> = named.iter().map(|(id, _)| id.clone()).collect();
    let roster = Roster::new(&ids);
    let mut drafts: Vec<Draft> =
        named.iter().map(|(id, fields)| draft(checker, id, fields, &roster, for_all)).collect();
    drafts.sort_by(|a, b| a.id.cmp(&b.id));
    if let [only] = drafts.as_slice()
        && complete
        && only.arrivals.as_ref().is_some_and(|arrivals| !arrivals.is_empty())
    {
        checker.fault(only.span, "arrivals need a second agent to pay to", None);
        complete = false;
    }
    Drafts { roster, members: drafts, complete }
}

/// Makes drafts of agents of which only the ids are known; all else is by default.
pub(super) fn drafts_of_ids(
    checker: &mut Checker<'_>,
    ids: &[String],
    span: Span,
    for_all: &ForAll,
) -> Drafts {
    let roster = Roster::new(ids);
    let fields = Fields::empty(&keys::AGENT, span);
    let drafts = roster.ids().map(|id| draft(checker, id, &fields, &roster, for_all)).collect();
    Drafts { roster, members: drafts, complete: true }
}

fn sound_id(checker: &mut Checker<'_>, fields: &Fields) -> Option<String> {
    let id: String = fields.read_given("id")?;
    let problem = if !id_fits(&id) {
        format!("an agent id has at most {MAX_ID_CHARS} characters")
    } else if id.trim() != id || id.chars().any(char::is_control) {
        "an agent id must not begin or end with blanks or contain control characters".to_owned()
    } else {
        return Some(id);
    };
    checker.fault(fields.span_of("id"), problem, None);
    None
}

fn draft(
    checker: &mut Checker<'_>,
    id: &str,
    fields: &Fields,
    roster: &Roster,
    for_all: &ForAll,
) -> Draft {
    let setting = Setting { roster, highest_factor: for_all.highest_factor };
    let balance = match fields.given("opening_balance") {
        None => Balance::Missing,
        Some(_) => fields.read_given("opening_balance").map_or(Balance::Faulty, Balance::Given),
    };
    Draft {
        id: id.to_owned(),
        span: fields.span,
        balance,
        funds: funds(checker, id, fields, &for_all.policies),
        limits: limits::read(checker, fields, roster.find(id.as_bytes()), roster),
        kept: match fields.given("reservations") {
            Some(_) => limits::reservations(fields),
            None => for_all.kept,
        },
        arrivals: arrivals::read(checker, fields, id, &setting),
    }
}

fn funds(
    checker: &mut Checker<'_>,
    id: &str,
    fields: &Fields,
    policies: &Followed,
) -> Option<Funds> {
    const CAPACITY: &str = "max_collateral_capacity";
    let liquidity_pool = pool(checker, id, fields);
    let policy = policies.by(checker, id, fields);
    let unsecured_cap: Money = fields.read("unsecured_cap")?;
    let posted_collateral: Money = fields.read("posted_collateral")?;
    let max_collateral_capacity: Option<Money> = fields.optional(CAPACITY)?;
    if let Some(capacity) = max_collateral_capacity.filter(|most| *most < posted_collateral) {
        let message =
            format!("`{CAPACITY}` {capacity} is below `posted_collateral` {posted_collateral}");
        checker.fault(fields.span_of(CAPACITY), message, None);
    }
    Some(Funds {
        unsecured_cap,
        posted_collateral,
        collateral_haircut: fields.read("collateral_haircut")?,
        max_collateral_capacity,
        liquidity_pool: liquidity_pool?,
        share_span: fields.item(FRACTION).map(|item| item.span),
        policy: policy?,
        liquidity_buffer: fields.read("liquidity_buffer")?,
    })
}

const FRACTION: &str = "liquidity_allocation_fraction";

#[expect(clippy::option_option, reason = "no pool is not the same as a faulty one")]
fn pool(checker: &mut Checker<'_>, id: &str, fields: &Fields) -> Option<Option<Pool>> {
    if fields.given("liquidity_pool").is_none() {
        if fields.given(FRACTION).is_some() {
            let message = format!("{} has a `{FRACTION}` but no `liquidity_pool`", quoted(id));
            checker.fault(fields.span_of(FRACTION), message, None);
            return None;
        }
        return Some(None);
    }
    let fraction = match fields.given(FRACTION) {
        None => None,
        Some(_) => Some(fields.read_given::<Fraction>(FRACTION)?),
    };
    Some(Some(Pool { amount: fields.read_given("liquidity_pool")?, fraction }))
}

impl Drafts {
    /// Returns whether a policy may split payments.
    pub(super) fn split_payments(&self) -> bool {
        let policies = self.members.iter().filter_map(|member| member.funds.as_ref());
        policies.into_iter().any(|funds| funds.policy.most_parts() > 0)
    }

    pub(super) fn len(&self) -> usize {
        self.members.len()
    }

    /// Returns whether every agent is known by its id.
    pub(super) fn is_complete(&self) -> bool {
        self.complete
    }

    /// Returns whether an agent generates payments; of a faulty one that is assumed.
    pub(super) fn generates(&self, agent: AgentNo) -> bool {
        let arrivals = self.members.get(agent.index()).and_then(|draft| draft.arrivals.as_ref());
        arrivals.is_none_or(|streams| !streams.is_empty())
    }

    /// Returns whether any agent generates payments.
    pub(super) fn any_generates(&self) -> bool {
        (0..self.len()).any(|index| self.generates(AgentNo::from_index(index)))
    }

    /// Returns whether any agent has limits from the start; of a faulty one that is assumed.
    pub(super) fn have_limits(&self) -> bool {
        let has = |draft: &Draft| draft.limits.as_ref().is_none_or(|limits| !limits.is_empty());
        self.members.iter().any(has)
    }

    /// Returns what each agent keeps back, in agent order, if it is known of all.
    pub(super) fn kept(&self) -> Option<Vec<Kept>> {
        self.members.iter().map(|draft| draft.kept).collect()
    }

    /// Returns the agents that say what share of their pool is brought in.
    pub(super) fn said_shares(&self) -> Vec<SaidShare> {
        let share = |(index, draft): (usize, &Draft)| {
            let span = draft.funds.as_ref()?.share_span?;
            Some(SaidShare { agent: AgentNo::from_index(index), span })
        };
        self.members.iter().enumerate().filter_map(share).collect()
    }

    /// Reports agents without a balance.
    pub(super) fn demand_balances(&mut self, checker: &mut Checker<'_>) {
        for draft in &mut self.members {
            if matches!(draft.balance, Balance::Missing) {
                let message = format!("agent {} lacks `opening_balance`", quoted(&draft.id));
                checker.fault(draft.span, message, None);
                draft.balance = Balance::Faulty;
            }
        }
    }

    /// Reports agents with a balance of their own where balances follow from payments.
    pub(super) fn refuse_balances(&mut self, checker: &mut Checker<'_>, rule: Span) {
        for draft in &mut self.members {
            if matches!(draft.balance, Balance::Given(_)) {
                let id = quoted(&draft.id);
                let message =
                    format!("agent {id} has an `opening_balance` and `opening_balances` too");
                checker.fault_between(draft.span, message, rule, "which one is meant?");
                draft.balance = Balance::Faulty;
            }
        }
    }

    /// Sets every balance, in agent order.
    pub(super) fn set_balances(&mut self, balances: &[Money]) {
        for (draft, balance) in self.members.iter_mut().zip(balances) {
            draft.balance = Balance::Given(*balance);
        }
    }

    /// Returns the draw order and the agents, if none was faulty.
    pub(super) fn finish(self) -> Option<(Vec<AgentNo>, Vec<Agent>)> {
        let agents = self.members.into_iter().map(finish_one).collect::<Option<Vec<Agent>>>()?;
        self.complete.then(|| (self.roster.draw_order().to_vec(), agents))
    }
}

fn finish_one(draft: Draft) -> Option<Agent> {
    let Balance::Given(opening_balance) = draft.balance else { return None };
    let funds = draft.funds?;
    Some(Agent {
        id: draft.id,
        opening_balance,
        unsecured_cap: funds.unsecured_cap,
        posted_collateral: funds.posted_collateral,
        collateral_haircut: funds.collateral_haircut,
        max_collateral_capacity: funds.max_collateral_capacity,
        liquidity_pool: funds.liquidity_pool,
        policy: funds.policy,
        liquidity_buffer: funds.liquidity_buffer,
        limits: draft.limits?,
        reservations: draft.kept?.reservations,
        arrivals: draft.arrivals?,
    })
}
