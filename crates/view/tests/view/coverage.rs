//! Ways through policies, counted from events.

use psim_model::event::{
    AgentOpened, EventBatch, HoldReason, NewAgent, Origin, PolicyDecision, PolicyFault,
    PolicyFollowed, PolicyHold, PolicyReplaced, PolicySplit, PolicyTree, Real, RtgsPriority,
    RtgsSubmission, StateRegisterSet, TransactionReprioritized,
};
use psim_model::{AgentNo, Day, Fraction, Money, PaymentNo, Priority, Tick};
use psim_policy::Policy;
use psim_view::{CoverageFold, Fold, PolicyCoverage};

const URGENT: &str = r#"{"version": "1", "policy_id": "urgent", "payment_tree": {
    "type": "condition", "node_id": "is_urgent", "condition": {"op": "<=",
        "left": {"field": "ticks_to_deadline"}, "right": {"value": 5}},
    "on_true": {"type": "action", "node_id": "pay", "action": "Release"},
    "on_false": {"type": "action", "node_id": "wait", "action": "Hold"}},
  "bank_tree": {"type": "action", "node_id": "note", "action": "AddState",
    "parameters": {"key": {"value": "bank_state_ticks"}, "value": {"value": 1}}}}"#;

/// Batches of events, written by hand.
struct Stream(Vec<EventBatch>);

fn no(letter: char) -> AgentNo {
    AgentNo(u32::from(letter) - u32::from('A'))
}

impl Stream {
    /// Opens three agents, `A` to `C`.
    fn new() -> Self {
        let mut batch = EventBatch::default();
        for letter in ['A', 'B', 'C'] {
            let id = batch.text(&letter.to_string());
            batch.push(AgentOpened {
                agent_id: NewAgent { no: no(letter), id },
                opening_balance: Money::ZERO,
                unsecured_cap: Money::ZERO,
                posted_collateral: Money::ZERO,
                collateral_haircut: Fraction::ZERO,
                max_collateral_capacity: Money::ZERO,
                liquidity_pool: Money::ZERO,
            });
        }
        Self(vec![batch])
    }

    /// Opens them, some of whom follow the policy from the start.
    fn followed(agents: &str) -> Self {
        let mut stream = Self::new();
        let batch = stream.last();
        let (policy, document) = (batch.text("urgent"), batch.text(&text()));
        let agents = batch.agents(agents.chars().map(no));
        batch.push(PolicyFollowed { policy, document, agents });
        stream
    }

    fn last(&mut self) -> &mut EventBatch {
        self.0.last_mut().expect("a stream has a first batch")
    }

    fn next_tick(&mut self) {
        let (tick, seq) = (self.last().tick().next(), self.last().next_seq());
        let mut batch = EventBatch::default();
        batch.begin(Tick(tick.0), Day(0), seq);
        self.0.push(batch);
    }
}

fn text() -> String {
    Policy::read(URGENT).expect("sound").text().to_owned()
}

/// Says what a decision caused.
fn hold(stream: &mut Stream, agent: char, tx: u32, path: &str) {
    let batch = stream.last();
    let decision_path = Some(batch.text(path));
    batch.push(PolicyHold {
        tx_id: PaymentNo(tx),
        agent_id: no(agent),
        reason: HoldReason::PolicyDecision,
        detail: None,
        decision_path,
    });
}

fn release(stream: &mut Stream, agent: char, tx: u32, path: &str) {
    let batch = stream.last();
    let decision_path = Some(batch.text(path));
    batch.push(RtgsSubmission {
        tx_id: PaymentNo(tx),
        sender_id: no(agent),
        receiver_id: no('C'),
        amount: Money::from_minor(5),
        priority: Priority::DEFAULT,
        rtgs_priority: RtgsPriority::Normal,
        decision_path,
    });
}

fn reprioritize(stream: &mut Stream, agent: char, tx: u32, path: &str) {
    let batch = stream.last();
    let decision_path = Some(batch.text(path));
    batch.push(TransactionReprioritized {
        tx_id: PaymentNo(tx),
        agent_id: no(agent),
        old_priority: Priority::DEFAULT,
        new_priority: Priority::clamped(7),
        decision_path,
    });
}

fn decide(stream: &mut Stream, agent: char, tx: Option<u32>, path: &str) {
    let batch = stream.last();
    let decision_path = batch.text(path);
    let tree = if tx.is_some() { PolicyTree::Payment } else { PolicyTree::Bank };
    batch.push(PolicyDecision {
        agent_id: no(agent),
        tx_id: tx.map(PaymentNo),
        tree,
        decision_path,
    });
}

fn fail(stream: &mut Stream, agent: char, tx: u32, node: &str, path: &str) {
    let batch = stream.last();
    let (node, message) = (batch.text(node), batch.text("division by zero"));
    let decision_path = Some(batch.text(path));
    batch.push(PolicyFault {
        agent_id: no(agent),
        tx_id: Some(PaymentNo(tx)),
        tree: PolicyTree::Payment,
        node,
        message,
        decision_path,
    });
}

fn counted(stream: &Stream, agent: Option<&str>) -> Vec<PolicyCoverage> {
    let mut fold = CoverageFold::new();
    stream.0.iter().for_each(|batch| fold.observe(batch));
    fold.finish(agent).expect("documents can be read")
}

fn times(counted: &PolicyCoverage, node: &str) -> u64 {
    counted.coverage.taken(node).times
}

const PAY: &str = "is_urgent(true) → pay";
const WAIT: &str = "is_urgent(false) → wait";

#[test]
fn an_evaluation_counts_once_however_much_it_causes() {
    let mut stream = Stream::followed("AB");
    hold(&mut stream, 'A', 0, WAIT);
    hold(&mut stream, 'A', 1, WAIT);
    hold(&mut stream, 'B', 2, WAIT);
    stream.next_tick();
    reprioritize(&mut stream, 'A', 0, PAY);
    release(&mut stream, 'A', 0, PAY);
    // In queue 2 it is asked again, by the same way.
    decide(&mut stream, 'A', Some(0), PAY);
    hold(&mut stream, 'A', 1, WAIT);
    decide(&mut stream, 'A', None, "note");
    let all = counted(&stream, None);
    assert_eq!(all.len(), 1);
    assert_eq!(all[0].agents, ["A", "B"]);
    assert_eq!(["pay", "wait", "note"].map(|node| times(&all[0], node)), [2, 4, 1]);
    insta::assert_snapshot!(all[0].to_text(), @r"
    urgent (version 1), 2 agents: A, B

    times     share  payment_tree
        6  100.00 %  └─ is_urgent: ticks_to_deadline <= 5
        2   33.33 %     ├─ true: pay: Release
        4   66.67 %     └─ false: wait: Hold

    times     share  bank_tree
        1  100.00 %  └─ note: AddState key=bank_state_ticks, value=1

    all 4 nodes were taken
    ");
    let one = counted(&stream, Some("B"));
    assert_eq!(one[0].agents, ["B"]);
    assert_eq!(["pay", "wait"].map(|node| times(&one[0], node)), [0, 1]);
    assert_eq!(counted(&stream, Some("C")), []);
}

/// A decision that failed at its action is no decision, though the payment is held by that way.
#[test]
fn faults_are_counted_at_actions_too() {
    let mut stream = Stream::followed("A");
    for tx in 0..2 {
        fail(&mut stream, 'A', tx, "pay", PAY);
        hold(&mut stream, 'A', tx, PAY);
    }
    hold(&mut stream, 'A', 2, WAIT);
    let counted = &counted(&stream, None)[0];
    let of = |node: &str| (counted.coverage.taken(node).times, counted.coverage.taken(node).faults);
    assert_eq!(["is_urgent", "pay", "wait"].map(of), [(3, 0), (2, 2), (1, 0)]);
    assert_eq!(counted.coverage.only_faulted().collect::<Vec<_>>(), ["pay"]);
    let text = counted.to_text();
    assert!(text.contains("pay: Release  (2 ended here in a fault)\n"), "{text}");
    assert!(text.ends_with("ended in a fault each time, 1 of 4 nodes: `pay`\n"), "{text}");
}

#[test]
fn parts_that_are_released_at_once_are_one_decision() {
    let mut stream = Stream::followed("A");
    let batch = stream.last();
    let decision_path = Some(batch.text(PAY));
    let child_ids = batch.payments([PaymentNo(1), PaymentNo(2)]);
    let child_amounts = batch.amounts([5, 5].map(Money::from_minor));
    batch.push(PolicySplit {
        tx_id: PaymentNo(0),
        agent_id: no('A'),
        num_splits: 2,
        child_ids,
        child_amounts,
        released_now: 2,
        gap_ticks: 0,
        child_priority: Priority::DEFAULT,
        child_original_priority: Priority::DEFAULT,
        split_friction_cost: Money::ZERO,
        decision_path,
    });
    release(&mut stream, 'A', 1, PAY);
    release(&mut stream, 'A', 2, PAY);
    assert_eq!(times(&counted(&stream, None)[0], "pay"), 1);
    // What each part comes to later in the tick is its own.
    hold(&mut stream, 'A', 1, WAIT);
    hold(&mut stream, 'A', 2, WAIT);
    assert_eq!(times(&counted(&stream, None)[0], "wait"), 2);
}

#[test]
fn who_changes_the_policy_counts_for_each_while_it_lasts() {
    let mut stream = Stream::followed("A");
    hold(&mut stream, 'A', 0, WAIT);
    // B releases at once until the second tick; nobody asks its tree.
    stream.next_tick();
    let batch = stream.last();
    let (policy, document) = (batch.text("urgent"), batch.text(&text()));
    batch.push(PolicyReplaced { agent_id: no('B'), policy, document, origin: Origin::Scenario });
    let (policy, document) = (batch.text("fifo"), batch.text(Policy::fifo().text()));
    batch.push(PolicyReplaced { agent_id: no('A'), policy, document, origin: Origin::Scenario });
    hold(&mut stream, 'B', 1, WAIT);
    assert_eq!(counted(&stream, None).len(), 1, "nobody asks the tree of those who release");
    let all = Policy::fifo().node_ids()[0].clone();
    release(&mut stream, 'A', 0, &all);
    let counted = counted(&stream, None);
    let agents: Vec<&[String]> = counted.iter().map(|it| &*it.agents).collect();
    assert_eq!(agents, [&["A".to_owned(), "B".to_owned()][..], &["A".to_owned()]]);
    assert_eq!(times(&counted[0], "wait"), 2);
    assert_eq!(times(&counted[1], &all), 1);
}

#[test]
fn what_no_decision_caused_counts_for_nothing() {
    let mut stream = Stream::followed("A");
    let batch = stream.last();
    let (register_key, reason) = (batch.text("bank_state_ticks"), batch.text("end_of_day"));
    batch.push(StateRegisterSet {
        agent_id: no('A'),
        register_key,
        old_value: Real::new(3.0),
        new_value: Real::new(0.0),
        reason,
        decision_path: None,
    });
    assert_eq!(times(&counted(&stream, None)[0], "note"), 0);
    let plain = Stream::new();
    assert_eq!(counted(&plain, None), []);
}
