"""Answers agree with one another, in every sample scenario and at every moment."""

from __future__ import annotations

from typing import Any

import pytest

from payment_simulator import Orchestrator, Run, Scenario

from . import worlds

SAMPLES = sorted(
    path.stem
    for path in (worlds.REPOSITORY / "scenarios").glob("*.yaml")
    if path.stem != "t2_day"  # large
)

COSTS = (
    "liquidity_cost",
    "delay_cost",
    "collateral_cost",
    "penalty_cost",
    "split_friction_cost",
    "liquidity_opportunity_cost",
)


def load(name: str) -> Scenario:
    return Scenario(worlds.REPOSITORY / "scenarios" / f"{name}.yaml")


def moments(live: Orchestrator, scenario: Scenario) -> Any:
    """Runs the scenario, and stops before some ticks and after the last."""
    last = scenario.ticks_per_day * scenario.num_days
    per_day = scenario.ticks_per_day
    stops = {0, 1, 2, last - 1, last} | {last * part // 7 for part in range(7)}
    stops |= {day * per_day for day in range(scenario.num_days)}
    for stop in sorted(stops):
        live.run(until=stop)
        yield stop


@pytest.mark.parametrize("name", SAMPLES)
def test_queues_payments_and_metrics(name: str) -> None:
    scenario = load(name)
    live = Orchestrator(scenario)
    ids = live.get_agent_ids()
    assert ids == scenario.agent_ids
    for now in moments(live, scenario):
        queues, metrics = live.queues(), live.get_system_metrics()
        assert live.current_tick() == now
        for agent in ids:
            held = queues["queue1"][agent]
            state = live.get_agent_state(agent)
            assert held["transactions"] == live.get_agent_queue1_contents(agent)
            assert held["size"] == live.get_queue1_size(agent) == len(held["transactions"])
            assert held["size"] == state["queue1_size"]
            assert state["balance"] == live.get_agent_balance(agent) == live.balances()[agent]
            assert state["posted_collateral"] == live.get_agent_collateral_posted(agent)
            assert state["unsecured_cap"] == live.get_agent_unsecured_cap(agent)
            assert state["credit_used"] == max(0, -state["balance"])
            allowed = live.get_agent_allowed_overdraft_limit(agent)
            assert state["allowed_overdraft_limit"] == allowed
            assert state["overdraft_headroom"] == allowed - state["credit_used"]
            assert state["remaining_collateral_capacity"] >= 0
            assert 0 <= state["max_withdrawable_collateral"] <= state["posted_collateral"]
            paid = live.get_agent_current_outflows(agent)
            assert sum(paid["bilateral_outflows"].values()) == paid["total_outflow"]
        waiting = queues["queue2"]
        assert waiting["transactions"] == live.get_queue2_contents()
        assert waiting["size"] == live.get_queue2_size() == len(waiting["transactions"])
        everywhere = [waiting, *queues["queue1"].values()]
        for queue in everywhere:
            amounts = [details(live, tx)["amount"] for tx in queue["transactions"]]
            assert queue["value"] == sum(amounts)
        assert metrics["queue2_total_size"] == waiting["size"]
        assert metrics["queue1_total_size"] == sum(it["size"] for it in everywhere[1:])
        counts = live.get_transaction_counts_debug()
        assert counts["arrivals"] == metrics["total_arrivals"]
        assert counts["settled_arrivals"] == metrics["total_settlements"]
        assert counts["total_transactions"] == counts["arrivals"] + counts["children"]
        below = sum(balance < 0 for balance in live.balances().values())
        assert metrics["agents_in_overdraft"] == below
        top = live.get_top_agents_by_balance(len(ids))
        assert dict(top) == live.balances()
        assert top == sorted(top, key=lambda pair: (-pair[1], pair[0]))


def details(live: Orchestrator, tx: str) -> dict[str, Any]:
    found = live.get_transaction_details(tx)
    assert found is not None
    return found


@pytest.mark.parametrize("name", SAMPLES)
def test_payments_of_the_days_are_all_payments(name: str) -> None:
    scenario = load(name)
    live = Orchestrator(scenario)
    for now in moments(live, scenario):
        rows = [
            row for day in range(scenario.num_days) for row in live.get_transactions_for_day(day)
        ]
        counts = live.get_transaction_counts_debug()
        assert len(rows) == len({row["tx_id"] for row in rows}) == counts["total_transactions"]
        parts = [row for row in rows if row["parent_tx_id"] is not None]
        assert len(parts) == counts["children"]
        assert all((row["split_index"] is None) is (row["parent_tx_id"] is None) for row in rows)
        by_parent: dict[str, int] = {}
        for part in parts:
            by_parent[part["parent_tx_id"]] = (
                by_parent.get(part["parent_tx_id"], 0) + part["amount"]
            )
        amounts = {row["tx_id"]: row["amount"] for row in rows}
        assert all(amounts[parent] == total for parent, total in by_parent.items())
        late = {row["tx_id"]: row for row in live.get_overdue_transactions()}
        waiting = set(live.get_queue2_contents())
        for agent in live.get_agent_ids():
            waiting |= set(live.get_agent_queue1_contents(agent))
        assert late.keys() <= waiting
        for row in rows:
            told = details(live, row["tx_id"])
            assert told["status"].lower() == row["status"].replace("_", "")
            assert told["remaining_amount"] == row["amount"] - row["amount_settled"]
            assert (row["settlement_tick"] is not None) is (row["status"] == "settled")
            if row["status"] == "settled":
                assert row["total_delay_ticks"] == row["settlement_tick"] - row["arrival_tick"]
                assert row["settlement_day"] == row["settlement_tick"] // scenario.ticks_per_day
                assert row["amount_settled"] == row["amount"]
            if row["tx_id"] in waiting:
                assert (row["status"] == "overdue") is (row["tx_id"] in late)
                assert row["queue1_ticks"] + row["queue2_ticks"] <= now - row["arrival_tick"]
            if row["tx_id"] in late:
                assert late[row["tx_id"]]["overdue_since_tick"] == row["overdue_since_tick"]
                assert late[row["tx_id"]]["ticks_overdue"] == now - row["overdue_since_tick"]
                assert late[row["tx_id"]]["delay_cost"] == row["delay_cost"]
        near = live.get_transactions_near_deadline(2**32 - 1)
        assert {row["tx_id"] for row in near} == {
            row["tx_id"]
            for row in rows
            if row["tx_id"] in waiting - late.keys() and row["deadline_tick"] >= now
        }


@pytest.mark.parametrize("name", SAMPLES)
def test_costs_and_days(name: str) -> None:
    scenario = load(name)
    live = Orchestrator(scenario)
    ticked = 0
    for now in range(scenario.ticks_per_day * scenario.num_days):
        ticked += live.tick()["total_cost"]
        if now % 17 and not live.is_finished():
            continue
        whole = live.costs()
        assert sum(costs["total_cost"] for costs in whole.values()) == ticked
        days = [live.costs(day) for day in range(scenario.num_days)]
        for agent, costs in whole.items():
            assert costs == live.get_agent_accumulated_costs(agent)
            assert costs["total_cost"] == sum(costs[kind] for kind in COSTS)
            assert costs["deadline_penalty"] == costs["penalty_cost"]
            for kind in (*COSTS, "total_cost"):
                assert costs[kind] == sum(day[agent][kind] for day in days)
    run = Run.of(live)
    returned = {
        (event["day"], event["agent_id"]): event["amount"]
        for event in live.events()
        if event["event_type"] == "LiquidityReturn"
    }
    for day in range(scenario.num_days):
        rows = live.get_daily_agent_metrics(day)
        assert [row["agent_id"] for row in rows] == live.get_agent_ids()
        payments = live.get_transactions_for_day(day)
        arrived = [row for row in payments if row["parent_tx_id"] is None]
        balances = run.balances[day * scenario.ticks_per_day :][: scenario.ticks_per_day]
        for index, row in enumerate(rows):
            agent = row["agent_id"]
            assert row["day"] == day
            assert row["num_arrivals"] == sum(it["sender_id"] == agent for it in arrived)
            assert row["total_cost"] == days[day][agent]["total_cost"]
            assert all(row[kind] == days[day][agent][kind] for kind in COSTS)
            back = returned.get((day, agent), 0)  # a day closes before its pool goes back
            assert row["closing_balance"] == balances[-1][index] + back
            assert row["min_balance"] <= balances[:-1, index].min()
            assert row["max_balance"] >= balances[:-1, index].max()
            assert row["min_balance"] <= row["opening_balance"] <= row["max_balance"]
            assert row["peak_overdraft"] == max(0, -row["min_balance"])
            assert row["peak_posted_collateral"] >= row["closing_posted_collateral"]
            if day:
                before = live.get_daily_agent_metrics(day - 1)[index]
                assert row["opening_posted_collateral"] == before["closing_posted_collateral"]
        moved = live.get_collateral_events_for_day(day)
        for action, counter in (
            ("post", "num_collateral_posts"),
            ("withdraw", "num_collateral_withdrawals"),
        ):
            count = sum(it["action"] == action for it in moved)
            assert count == sum(row[counter] for row in rows)


@pytest.mark.parametrize("name", SAMPLES)
def test_cycles_settle_payments(name: str) -> None:
    scenario = load(name)
    live = Orchestrator(scenario)
    released = 0
    for _ in range(scenario.ticks_per_day * scenario.num_days):
        released += live.tick()["num_lsm_releases"]
    cycles = [it for day in range(scenario.num_days) for it in live.get_lsm_cycles_for_day(day)]
    assert sum(len(cycle["transactions"]) for cycle in cycles) == released
    for cycle in cycles:
        assert cycle["settled_value"] == cycle["total_value"] == sum(cycle["tx_amounts"])
        assert sum(cycle["net_positions"].values()) == 0
        assert set(cycle["net_positions"]) == set(cycle["agents"])
        for tx, amount in zip(cycle["transactions"], cycle["tx_amounts"], strict=True):
            told = details(live, tx)
            assert (told["status"], told["amount"]) == ("Settled", amount)


@pytest.mark.parametrize("name", SAMPLES)
def test_the_run_agrees_with_the_orchestrator(name: str) -> None:
    scenario = load(name)
    live = Orchestrator(scenario)
    live.run()
    run = Run.of(live)
    table = run.transactions.to_dict()
    rows = [row for day in range(scenario.num_days) for row in live.get_transactions_for_day(day)]
    by_id = {row["tx_id"]: row for row in rows}
    assert set(table["tx_id"]) == set(by_id)
    for index, tx in enumerate(table["tx_id"]):
        row = by_id[tx]
        assert table["settled_tick"][index] == row["settlement_tick"]
        assert table["amount"][index] == row["amount"]
        assert table["overdue_since_tick"][index] == row["overdue_since_tick"]
        assert table["drop_reason"][index] == row["drop_reason"]
        assert table["parent_tx_id"][index] == row["parent_tx_id"]
    assert (
        run.summary["payments"]["arrived"]["count"] == live.get_system_metrics()["total_arrivals"]
    )
    costs = sum(it["total_cost"] for it in live.costs().values())
    assert run.summary["costs"]["total"] == costs
    assert dict(zip(run.agent_ids, run.balances[-1].tolist(), strict=True)) == live.balances()
