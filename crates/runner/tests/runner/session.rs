//! A live run that is steered and asked, worked out by hand.

use psim_engine::InstructionError;
use psim_model::event::{EventBatch, Refusal};
use psim_model::{
    AgentNo, Day, Instruction, Limits, Money, PaymentNo, PaymentRef, Policy, Submission, Tick,
    Total,
};
use psim_runner::session::{AgentCosts, AgentOutflows};
use psim_runner::{Session, TickReport};
use psim_view::{Fold, StreamHash};

use crate::live::{day, go_on_to, session, submission};

fn total(minor: i128) -> Total {
    Total::from_minor(minor)
}

#[test]
fn a_tick_reports_what_it_brought() {
    let mut session = session();
    assert_eq!((session.now(), session.last_tick_micros()), (Tick(0), None));
    let report = |tick, num_arrivals, num_settlements, cost| TickReport {
        tick: Tick(tick),
        num_arrivals,
        num_settlements,
        num_lsm_releases: 0,
        total_cost: total(cost),
    };
    session.submit_batch(&[submission(0, 1, 120, 6), submission(2, 0, 50, 1)]).unwrap();
    assert_eq!(session.tick(), Ok(report(0, 2, 1, 5)));
    assert_eq!(session.tick(), Ok(report(1, 0, 0, 5)));
    assert_eq!(session.tick(), Ok(report(2, 0, 0, 17)));
    assert!(session.last_tick_micros().is_some_and(|micros| micros >= 0.0));
    assert_eq!(session.log().len(), 3);
    while !session.is_finished() {
        session.tick().unwrap();
    }
    assert!(session.tick().is_err());
}

#[test]
fn agents_are_told_by_their_ids() {
    let mut session = day(1);
    assert_eq!(session.agent_ids(), ["A", "B", "C"]);
    assert_eq!(session.agent("C"), Some(AgentNo(2)));
    assert_eq!(session.agent("D"), None);
    assert_eq!(session.balance("A"), Some(Money::from_minor(-20)));
    assert_eq!(session.balances()["B"], Money::from_minor(120));
    assert_eq!(session.unsecured_cap("A"), Some(Money::from_minor(50)));
    assert_eq!(session.posted_collateral("A"), Some(Money::from_minor(20)));
    assert_eq!(session.allowed_overdraft_limit("A"), Some(Money::from_minor(60)));
    assert_eq!(session.balance("D"), None);
    let state = serde_json::to_value(session.agent_state("A")).unwrap();
    let expected = serde_json::json!({
        "balance": -20, "available_liquidity": 40, "queue1_size": 0, "posted_collateral": 20,
        "collateral_haircut": 0.5, "unsecured_cap": 50, "credit_used": 20,
        "allowed_overdraft_limit": 60, "overdraft_headroom": 40,
        "max_withdrawable_collateral": 20, "max_collateral_capacity": 500,
        "remaining_collateral_capacity": 480,
    });
    assert_eq!(state, expected);
    assert_eq!(session.agent_state("D"), None);
    let policies = session.agent_policies();
    assert_eq!((policies.len(), policies[0].agent_id.as_str()), (3, "A"));
    assert_eq!(policies[0].policy_config["policy_id"], "fifo");
    assert_eq!(session.arrival_rate("A"), None);
    assert_eq!(session.names().agent(AgentNo(1)), "B");
}

#[test]
fn limits_and_outflows_are_of_today() {
    let mut session = session();
    let limits = Limits {
        multilateral: Some(Money::from_minor(1_000)),
        bilateral: vec![(AgentNo(1), Money::from_minor(500))],
    };
    session.instruct(&Instruction::SetLimits { agent: AgentNo(0), limits }).unwrap();
    session.submit_batch(&[submission(0, 1, 100, 6), submission(1, 0, 10, 6)]).unwrap();
    let limits = serde_json::to_value(session.agent_limits("A")).unwrap();
    assert_eq!(
        limits,
        serde_json::json!({"bilateral_limits": {"B": 500}, "multilateral_limit": 1000})
    );
    assert_eq!(session.agent_limits("B").unwrap().multilateral_limit, None);
    session.tick().unwrap();
    let outflows = session.agent_outflows("A").unwrap();
    assert_eq!(outflows.bilateral_outflows["B"], total(100));
    assert_eq!(outflows.total_outflow, total(100));
    for _ in 1..4 {
        session.tick().unwrap();
    }
    assert_eq!(session.agent_outflows("A"), Some(AgentOutflows::default()), "a new day");
    assert_eq!((session.agent_outflows("D"), session.agent_limits("D")), (None, None));
}

#[test]
fn costs_are_those_of_the_run_or_of_a_day() {
    let mut session = day(2);
    let costs = |delay: i128, penalty: i128| AgentCosts {
        delay_cost: total(delay),
        penalty_cost: total(penalty),
        deadline_penalty: total(penalty),
        total_cost: total(delay + penalty),
        ..AgentCosts::default()
    };
    // Two ticks on time (5 each), two overdue (10 each), one penalty (7).
    assert_eq!(session.agent_costs("C"), Some(costs(30, 7)));
    assert_eq!(session.all_costs_of_day(Day(0))["C"], costs(30, 7));
    assert_eq!(session.all_costs_of_day(Day(1))["C"], costs(0, 0));
    assert_eq!(session.all_costs()["C"], costs(30, 7));
    assert_eq!(session.all_costs()["A"], costs(0, 0));
    assert_eq!(session.agent_costs("D"), None);
}

#[test]
fn what_is_today_and_who_has_most() {
    let mut session = day(2);
    assert_eq!(session.today(), Day(1));
    let most = |number: usize| -> Vec<(String, i64)> {
        let balances = session.highest_balances(number).into_iter();
        balances.map(|(id, balance)| (id, balance.minor())).collect()
    };
    let balances = session.balances();
    assert_eq!(most(9).len(), 3);
    assert!(
        most(9).is_sorted_by(|one, other| one.1 > other.1 || one.1 == other.1 && one.0 < other.0)
    );
    assert_eq!(most(1)[0].1, balances.values().map(|balance| balance.minor()).max().unwrap());
    assert_eq!(session.registers("A"), Some(std::collections::BTreeMap::new()));
    assert_eq!(session.registers("D"), None);
    go_on_to(&mut session, 8);
    assert_eq!(session.today(), Day(1), "after the last tick, the day of that");
}

#[test]
fn queues_are_told_between_ticks() {
    let mut session = day(1);
    assert_eq!(session.queue2_contents(), ["tx-1"]);
    assert_eq!((session.queue2_size(), session.queue1_size("C")), (1, Some(0)));
    session.instruct(&Instruction::SubmitTransaction(submission(1, 2, 9, 7))).unwrap();
    assert_eq!(session.queue1_contents("B"), Some(vec!["tx-2".to_owned()]));
    assert_eq!(session.queue1_size("B"), Some(1));
    assert_eq!((session.queue1_size("D"), session.queue1_contents("D")), (None, None));
    let queues = session.queues();
    assert_eq!((queues.queue1["B"].size, queues.queue1["B"].value), (1, total(9)));
    assert_eq!((queues.queue2.size, queues.queue2.value), (1, total(50)));
    assert_eq!(queues.queue2.transactions, ["tx-1"]);
    let payment = PaymentRef::Id("tx-1".to_owned());
    session.instruct(&Instruction::WithdrawFromRtgs { payment }).unwrap();
    assert_eq!((session.queue2_size(), session.queue2_contents().len()), (0, 0));
    assert_eq!(session.queue1_contents("C"), Some(vec!["tx-1".to_owned()]));
    let details = session.transaction_details("tx-1").unwrap();
    assert_eq!((details.rtgs_priority, details.rtgs_submission_tick), (None, None));
    assert_eq!(details.declared_rtgs_priority, "Normal");
}

#[test]
fn batches_are_submitted_whole_or_not_at_all() {
    let mut session = session();
    let named = |id: &str| Submission { id: Some(id.to_owned()), ..submission(0, 1, 5, 6) };
    let faults = [
        (vec![named("x"), named("y"), named("x")], 2, InstructionError::Refused(Refusal::IdInUse)),
        (vec![named("x"), submission(0, 1, 0, 6)], 1, InstructionError::Unsound("")),
        (vec![submission(0, 1, 5, 0)], 0, InstructionError::Refused(Refusal::DeadlinePassed)),
        (vec![submission(0, 9, 5, 6)], 0, InstructionError::Unsound("")),
    ];
    for (batch, index, error) in faults {
        let before = format!("{:?}", session.engine().coming_events());
        let fault = session.submit_batch(&batch).unwrap_err();
        assert_eq!(fault.index, index);
        match (&fault.error, &error) {
            (InstructionError::Unsound(_), InstructionError::Unsound(_)) => {}
            (found, expected) => assert_eq!(found, expected),
        }
        assert_eq!(format!("{:?}", session.engine().coming_events()), before);
        assert_eq!(session.transaction_counts().arrivals, 0);
    }
    let numbers = session.submit_batch(&[named("x"), submission(0, 1, 5, 6), named("y")]);
    assert_eq!(numbers, Ok(vec![PaymentNo(0), PaymentNo(1), PaymentNo(2)]));
    assert_eq!(session.payment("y"), Some(PaymentNo(2)));
    assert_eq!(session.payment("tx-1"), Some(PaymentNo(1)));
    assert_eq!((session.payment("tx-2"), session.payment("z")), (None, None));
    assert!(session.submit_batch(&[named("y")]).is_err());
    assert_eq!(session.submit_batch(&[]), Ok(vec![]));
    // One by one they are the same events.
    let mut other = crate::live::session();
    for one in [named("x"), submission(0, 1, 5, 6), named("y")] {
        other.instruct(&Instruction::SubmitTransaction(one)).unwrap();
    }
    assert_eq!(other.engine().coming_events(), session.engine().coming_events());
    while !session.is_finished() {
        session.tick().unwrap();
    }
    let fault = session.submit_batch(&[named("late")]).unwrap_err();
    assert_eq!(fault.error, InstructionError::RunOver);
}

fn hash(batches: &[EventBatch]) -> String {
    let mut hash = StreamHash::new();
    for batch in batches {
        hash.observe(batch);
    }
    hash.total()
}

/// Asks everything that there is to ask.
fn ask_everything(session: &mut Session) {
    for id in ["A", "C", "D"] {
        let _ = (session.balance(id), session.agent_state(id), session.arrival_rate(id));
        let _ = (session.agent_limits(id), session.agent_outflows(id), session.agent_costs(id));
        let _ = (session.queue1_size(id), session.queue1_contents(id));
    }
    for day in (0..3).map(Day) {
        let _ = (session.all_costs_of_day(day), session.transactions_of_day(day));
        let _ = (session.collateral_events_of_day(day), session.lsm_cycles_of_day(day));
        let _ = session.daily_agent_metrics(day).map(<[_]>::len);
    }
    for id in ["one", "tx-0", "tx-1", "nobody"] {
        let _ = (session.payment(id), session.transaction_details(id));
    }
    let _ = (session.queues(), session.queue2_contents(), session.queue2_size());
    let _ = (session.transactions_near_deadline(3), session.overdue_transactions());
    let _ = (session.system_metrics(), session.transaction_counts(), session.agent_policies());
    let now = session.now();
    let _ = session.batches_since(0).0.count();
    let _ = session.batch_of(now).0.is_some();
}

#[test]
fn questions_change_nothing() {
    let run = |asks: bool| {
        let mut session = session();
        let ask = |session: &mut Session| {
            if asks {
                ask_everything(session);
            }
        };
        while !session.is_finished() {
            ask(&mut session);
            let tick = session.now().0;
            let named = Submission {
                id: Some(format!("p{tick}")),
                ..submission(tick % 3, (tick + 1) % 3, 30 + i64::from(tick), tick + 2)
            };
            session.instruct(&Instruction::SubmitTransaction(named)).unwrap();
            ask(&mut session);
            session.submit_batch(&[submission(0, 1, 3, tick + 1)]).unwrap();
            if tick == 3 {
                let policy = Policy::hold();
                let change = Instruction::UpdateAgentPolicy { agent: AgentNo(1), policy };
                session.instruct(&change).unwrap();
            }
            ask(&mut session);
            let copy = session.clone();
            session.tick().unwrap();
            assert_eq!(copy.log().len() + 1, session.log().len());
        }
        ask(&mut session);
        hash(session.log())
    };
    assert_eq!(run(false), run(true));
}

#[test]
fn a_session_can_move_to_another_thread() {
    const fn moves<T: Send + Clone>() {}
    moves::<Session>();
}
