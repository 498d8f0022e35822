//! Participant files, and cells in general.

use psim_model::AgentNo;

use super::{row, rows, with_participants, with_payments};
use crate::read_payment_list;
use crate::tests::Folder;

#[test]
fn participant_cells_are_read_like_payment_cells() {
    let folder = with_participants("id,opening_balance,unsecured_cap\n~,1_000,\n\"null\",5,7\n");
    let scenario = folder.load("s.yaml").unwrap().scenario;
    let read: Vec<(&str, i64)> =
        scenario.agents.iter().map(|a| (a.id.as_str(), a.opening_balance.minor())).collect();
    assert_eq!(read, [("null", 5), ("~", 1_000)]);
    let folder = with_participants("id,opening_balance,unsecured_cap\nA,1,~\nB,null,1\n");
    let faults = folder.load("s.yaml").unwrap_err();
    let said: Vec<&str> = faults.iter().map(|fault| fault.message.as_str()).collect();
    assert_eq!(
        said,
        [
            "`unsecured_cap` must be an amount in whole minor units, found `~`",
            "`opening_balance` must be an amount in whole minor units, found `null`",
        ]
    );
    assert_eq!(
        rows(&with_payments("tick,sender,receiver,amount\n1,A,B,1_000\n")),
        [row(1, 0, 1_000, 9)]
    );
}

#[test]
fn a_list_by_itself_names_its_agents() {
    let folder = Folder::new()
        .with("p.csv", "day,tick,sender,receiver,amount\n1,0,C,A,5\n0,9,B,C,7\n0,9,C,B,8\n");
    let list = read_payment_list(&folder.path("p.csv")).unwrap();
    assert_eq!(list.agents, ["A", "B", "C"]);
    let payments: Vec<(u32, u32, i64)> =
        list.payments.iter().map(|p| (p.sender.0, p.receiver.0, p.amount.minor())).collect();
    assert_eq!(payments, [(1, 2, 7), (2, 1, 8), (2, 0, 5)]);
    let faults = read_payment_list(&folder.path("q.csv")).unwrap_err();
    assert!(folder.shown(&faults).contains("no such file"));
}

#[test]
fn participants_come_from_a_file() {
    let folder = with_participants(
        "id,opening_balance,unsecured_cap,collateral_haircut,liquidity_pool,policy\n\
         2,100,,,,Hold\n1,-5,7,0.5,9,\n",
    );
    let scenario = folder.load("s.yaml").unwrap().scenario;
    let inline = crate::tests::sound(
        "simulation: {ticks_per_day: 10, num_days: 2}\nagents:\n\
         - {id: '2', opening_balance: 100, policy: {type: Hold}}\n\
         - {id: '1', opening_balance: -5, unsecured_cap: 7, collateral_haircut: 0.5, liquidity_pool: 9}\n",
    );
    assert_eq!(scenario.fingerprint(), inline.fingerprint());
    assert_eq!(scenario.draw_order, [AgentNo(1), AgentNo(0)]);
}

#[test]
fn participants_have_limits_and_reservations() {
    let folder = with_participants(
        "id,opening_balance,reserved_urgent,multilateral_limit,reserved_highly_urgent\n\
         A,100,5,7,6\nB,100,,,1\nC,100,,,\n",
    );
    let scenario = folder.load("s.yaml").unwrap().scenario;
    let inline = crate::tests::sound(
        "simulation: {ticks_per_day: 10, num_days: 2}\nagents:\n\
         - {id: A, opening_balance: 100, limits: {multilateral_limit: 7}, \
            reservations: {highly_urgent: 6, urgent: 5}}\n\
         - {id: B, opening_balance: 100, reservations: {highly_urgent: 1}}\n\
         - {id: C, opening_balance: 100}\n",
    );
    assert_eq!(scenario.fingerprint(), inline.fingerprint());
    let folder = with_participants("id,opening_balance,reserved_urgent\nA,1,-1\nB,1,2\n");
    insta::assert_snapshot!(folder.shown(&folder.load("s.yaml").unwrap_err()), @r"
    error: `urgent` is below 0: `-1`
     --> banks.csv:2:5
      |
    2 | A,1,-1
      |     ^^

    1 error
    ");
}

#[test]
fn participant_rows_are_checked_like_agents() {
    let folder = with_participants(
        "id,opening_balance,unsecured_cap,policy,colour\r\nA,5,-1,Fifo,\r\nA,x,0,Hodl,\r\n\r\nB,\r\n",
    );
    let faults = folder.load("s.yaml").unwrap_err();
    let said: Vec<(Option<u64>, Option<u64>, &str)> = faults
        .iter()
        .map(|d| {
            let place = d.place.as_ref().unwrap();
            (place.line, place.column, d.message.as_str())
        })
        .collect();
    assert_eq!(
        said,
        [
            (None, None, "column `colour` is not read"),
            (Some(2), Some(5), "`unsecured_cap` is below 0: `-1`"),
            (Some(3), Some(1), "duplicate agent id `A`"),
            (
                Some(3),
                Some(3),
                "`opening_balance` must be an amount in whole minor units, found `x`"
            ),
            (
                Some(3),
                Some(7),
                "`type` must be `Fifo`, `Hold`, `Deadline`, `LiquidityAware`, `LiquiditySplitting`, `MockSplitting`, `MockStaggerSplit`, `FromJson`, `Inline`, `InlineJson` or `Library`, found `Hodl`"
            ),
            (Some(5), Some(1), "2 cells, but the header has 5"),
        ]
    );
}
