//! A stream with every type of event, made from the declarations: each word of each choice, lists
//! of several lengths, absent fields. No run would have it, and a store must not care.

use psim_model::event::{
    Cell, Event, EventBatch, EventKind, FieldSpec, FieldType, Loading, Names, Real,
};
use psim_model::{
    Agent, AgentNo, Calendar, CheckedScenario, CostRates, Currency, LiquiditySaving, Money,
    PaymentNo, PolicySettings, PreparedPayments, RngStreams, Rules, Scenario,
};

/// More variants than any choice has words.
const VARIANTS: u32 = 24;
const TICKS_PER_DAY: u32 = 8;

/// Returns a scenario for the stream and the stream, a tick for each variant.
pub(crate) fn sample() -> (CheckedScenario, Vec<EventBatch>) {
    let mut maker = Maker::default();
    let mut batches: Vec<EventBatch> = Vec::new();
    for variant in 0..VARIANTS {
        let mut batch = EventBatch::default();
        let calendar = calendar();
        let tick = psim_model::Tick(variant);
        let first_seq = batches.last().map_or(0, EventBatch::next_seq);
        batch.begin(tick, calendar.day_of(tick), first_seq);
        for kind in EventKind::ALL {
            maker.make(*kind, variant, &mut batch);
        }
        batches.push(batch);
    }
    (scenario(), batches)
}

fn calendar() -> Calendar {
    Calendar::try_new(TICKS_PER_DAY, VARIANTS.div_ceil(TICKS_PER_DAY), None).unwrap()
}

fn scenario() -> CheckedScenario {
    let scenario = Scenario {
        calendar: calendar(),
        currency: Currency { code: String::new(), decimals: 2 },
        rng_seed: 1,
        rng_streams: RngStreams::default(),
        rate_profile: Vec::new(),
        agents: vec![Agent::plain("A", Money::ZERO)],
        draw_order: vec![AgentNo(0)],
        payments: PreparedPayments::default(),
        rules: Rules::plain(TICKS_PER_DAY),
        costs: CostRates::FREE,
        liquidity_saving: LiquiditySaving::NONE,
        policies: PolicySettings::default(),
        events: Vec::new(),
        instructions: Vec::new(),
    };
    scenario.check().unwrap()
}

/// Makes events, and knows whom they have introduced.
#[derive(Default)]
struct Maker {
    names: Names,
    agents: u32,
    payments: u32,
}

impl Maker {
    fn make(&mut self, kind: EventKind, variant: u32, batch: &mut EventBatch) {
        let length = variant % 4;
        let mut numbers = |field: &FieldSpec| match field.ty {
            FieldType::Agent | FieldType::Agents => {
                numbers(field, variant, length, &mut self.agents)
            }
            _ => numbers(field, variant, length, &mut self.payments),
        };
        let fields = kind.spec().fields;
        let people: Vec<Vec<u32>> = fields.iter().map(&mut numbers).collect();
        let agents: Vec<Vec<AgentNo>> =
            people.iter().map(|list| list.iter().copied().map(AgentNo).collect()).collect();
        let payments: Vec<Vec<PaymentNo>> =
            people.iter().map(|list| list.iter().copied().map(PaymentNo).collect()).collect();
        let amounts = amounts(variant, length);
        self.name_the_new(kind, variant, &people);
        let mut places = 0..;
        let cells = |field: &'static FieldSpec| {
            let place = places.next().unwrap();
            match field.ty {
                _ if field.nullable && variant == 0 => Cell::Null,
                FieldType::Agent | FieldType::Payment => Cell::Int(people[place][0].into()),
                FieldType::Agents => Cell::Agents(&agents[place]),
                FieldType::Payments => Cell::Payments(&payments[place]),
                FieldType::Amounts => Cell::Amounts(&amounts),
                FieldType::Text => Cell::Text(text(variant)),
                FieldType::Number => Cell::Real(Real::new(real(variant))),
                _ => Cell::Int(number(field, variant)),
            }
        };
        let loading = &mut Loading { batch, names: &self.names };
        let event = Event::load(kind, cells, loading).unwrap();
        batch.push(event);
    }

    /// Gives every new agent an id, and every other payment that arrives.
    fn name_the_new(&mut self, kind: EventKind, variant: u32, people: &[Vec<u32>]) {
        if kind == EventKind::AgentOpened {
            self.names.introduce_agent(&format!("agent {}", people[0][0]));
        }
        if kind == EventKind::Arrival && variant % 2 == 1 {
            let no = PaymentNo(people[0][0]);
            self.names.introduce_payment(no, &format!("payment '{variant}'"));
        }
    }
}

/// Returns whom a field names: those that come next if it introduces them, else some who are there.
fn numbers(field: &FieldSpec, variant: u32, length: u32, count: &mut u32) -> Vec<u32> {
    let is_list = matches!(field.ty, FieldType::Agents | FieldType::Payments);
    let is_one = matches!(field.ty, FieldType::Agent | FieldType::Payment);
    let length = if is_list { length } else { u32::from(is_one) };
    if field.introduces {
        let first = *count;
        *count += length;
        return (first..*count).collect();
    }
    // Neither ascending nor descending.
    (0..length).map(|place| (variant * 7 + place * 5) % *count).collect()
}

fn amounts(variant: u32, length: u32) -> Vec<Money> {
    let most = [i64::MAX, i64::MIN, 0, -1];
    (0..length).map(|place| Money::from_minor(most[((variant + place) % 4) as usize])).collect()
}

/// Returns a text: a number, a short one, or one that is kept apart when it comes again.
const fn text(variant: u32) -> &'static str {
    match variant % 3 {
        0 => "12",
        1 => "it's \"1 2\"\n",
        _ => "is_near(false) → it's \"urgent\"(true) → release",
    }
}

/// Returns a number that need not be whole.
fn real(variant: u32) -> f64 {
    let numbers = [0.0, 0.1, 3.0, -2.5, 1e300, 1e-300, f64::MAX, 1.0 / 3.0, 12_345_678_901.25];
    numbers[variant as usize % numbers.len()]
}

/// Returns a number that the field can be; the seed has all bits.
fn number(field: &FieldSpec, variant: u32) -> i64 {
    let variant = i64::from(variant);
    match field.ty {
        FieldType::Choice(words) => variant % i64::try_from(words.len()).unwrap(),
        FieldType::Flag => variant % 2,
        FieldType::Count { bits: 4 } => variant % 11, // a priority
        FieldType::Money => (variant - 5) * 1_000_000_000_007,
        FieldType::Fraction => variant * 12_345_678_901,
        FieldType::Count { bits: 64 } if field.name == "rng_seed" => -1 - variant,
        _ => variant * 10,
    }
}
