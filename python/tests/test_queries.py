"""Questions: their keys, types, units and values, and that they change nothing."""

from __future__ import annotations

from typing import Any

import pytest

from payment_simulator import AgentNotFoundError, Orchestrator

from . import worlds
from .answers import COMMANDS, COSTS, DAILY, DETAILS, OF_DAY, QUESTIONS, STATE


def public_methods() -> set[str]:
    return {name for name in dir(Orchestrator) if not name.startswith("_")}


def is_called_in(test_file: str, method: str) -> bool:
    text = (worlds.REPOSITORY / "python" / "tests" / f"{test_file}.py").read_text(encoding="utf-8")
    return f".{method}(" in text


def test_every_method_is_tested() -> None:
    assert public_methods() == QUESTIONS.keys() | COMMANDS.keys()
    for method, test_file in COMMANDS.items():
        assert is_called_in(test_file, method), f"{test_file} does not call {method}"
    files = ("test_queries", "test_answers", "test_life")
    untested = [name for name in QUESTIONS if not any(is_called_in(file, name) for file in files)]
    assert not untested


def ask_everything(live: Orchestrator) -> dict[str, Any]:
    return {name: getattr(live, name)(*given) for name, given in QUESTIONS.items()}


def test_questions_never_change_a_run() -> None:
    asked, left_alone = Orchestrator(worlds.busy()), Orchestrator(worlds.busy())
    for tick in range(100):
        ask_everything(asked)
        if tick % 7 == 0:
            for live in (asked, left_alone):
                live.submit_transaction("C", "A", 500 + tick, tick + 5)
        ask_everything(asked)
        assert asked.tick() == left_alone.tick()
    ask_everything(asked)
    assert worlds.hash_of(asked) == worlds.hash_of(left_alone)


def test_equal_questions_have_equal_answers() -> None:
    live = Orchestrator(worlds.busy())
    live.run(until=70)
    live.submit_transaction("C", "A", 5, 80)
    assert ask_everything(live) == ask_everything(live)


def test_answers_are_those_of_the_moment() -> None:
    live = worlds.three_payments()
    before = live.balances()
    queued = live.queues()
    live.run()
    assert before == {"A": 1_000, "B": 200, "C": 0}
    assert queued["queue1"]["A"]["size"] == 1


@pytest.mark.parametrize(
    "method",
    [
        "get_agent_accumulated_costs",
        "get_agent_state",
        "get_agent_limits",
        "get_agent_current_outflows",
        "get_agent_registers",
    ],
)
@pytest.mark.parametrize("agent", ["Z", "", "a", "A ", "A\0", "Ä" * 1_000])
def test_some_questions_about_nobody_are_errors(method: str, agent: str) -> None:
    live = worlds.three_payments()
    with pytest.raises(AgentNotFoundError) as caught:
        getattr(live, method)(agent)
    assert str(caught.value).startswith(f"the run has no agent `{agent}`")


@pytest.mark.parametrize(
    "method",
    [
        "get_agent_balance",
        "get_agent_unsecured_cap",
        "get_agent_collateral_posted",
        "get_agent_allowed_overdraft_limit",
        "get_arrival_rate",
        "get_queue1_size",
        "get_transaction_details",
    ],
)
def test_other_questions_about_nobody_have_no_answer(method: str) -> None:
    live = worlds.three_payments()
    for nobody in ("Z", "", "tx-3", "tx-", "TX-0", "tx-99999999999999999999"):
        assert getattr(live, method)(nobody) is None


def test_nobody_holds_nothing() -> None:
    assert worlds.three_payments().get_agent_queue1_contents("Z") == []


def test_agents_before_the_first_tick() -> None:
    live = Orchestrator(worlds.three())
    assert live.get_agent_ids() == ["A", "B", "C"]
    assert [live.get_agent_balance(agent) for agent in "ABC"] == [1_000, 200, 0]
    assert [live.get_agent_unsecured_cap(agent) for agent in "ABC"] == [500, 0, 0]
    assert [live.get_agent_collateral_posted(agent) for agent in "ABC"] == [0, 0, 0]
    assert [live.get_agent_allowed_overdraft_limit(agent) for agent in "ABC"] == [500, 0, 0]
    assert live.balances() == {"A": 1_000, "B": 200, "C": 0}
    assert live.get_agent_registers("A") == {}
    assert live.get_system_metrics() == {
        "total_arrivals": 0,
        "total_settlements": 0,
        "settlement_rate": None,
        "avg_delay_ticks": None,
        "max_delay_ticks": None,
        "queue1_total_size": 0,
        "queue2_total_size": 0,
        "peak_overdraft": 0,
        "agents_in_overdraft": 0,
    }


def test_what_is_submitted_is_seen_before_the_tick() -> None:
    live = worlds.three_payments()
    assert live.get_queue1_size("A") == 1
    assert live.get_agent_queue1_contents("B") == ["tx-1"]
    assert live.queues() == {
        "queue1": {
            "A": {"transactions": ["tx-0"], "size": 1, "value": 700},
            "B": {"transactions": ["tx-1"], "size": 1, "value": 1_000},
            "C": {"transactions": ["tx-2"], "size": 1, "value": 50},
        },
        "queue2": {"transactions": [], "size": 0, "value": 0},
    }
    details = live.get_transaction_details("tx-1")
    assert details is not None
    assert details["rtgs_priority"] is None
    assert details["rtgs_submission_tick"] is None
    assert live.get_system_metrics()["total_arrivals"] == 3
    kinds = [event["event_type"] for event in live.get_tick_events(0)]
    assert kinds.count("Arrival") == 3


def test_state_after_three_ticks() -> None:
    live = worlds.three_payments()
    assert live.tick() == {
        "tick": 0,
        "num_arrivals": 3,
        "num_settlements": 1,
        "num_lsm_releases": 0,
        "total_cost": 105,
    }
    live.run(until=3)
    state = live.get_agent_state("A")
    assert tuple(state) == STATE
    assert state == {
        "balance": 300,
        "available_liquidity": 800,
        "queue1_size": 0,
        "posted_collateral": 0,
        "collateral_haircut": 0.02,
        "unsecured_cap": 500,
        "credit_used": 0,
        "allowed_overdraft_limit": 500,
        "overdraft_headroom": 500,
        "max_withdrawable_collateral": 0,
        "max_collateral_capacity": 5_000,
        "remaining_collateral_capacity": 5_000,
    }
    assert live.get_agent_balance("B") == 900
    assert live.get_agent_limits("A") == {
        "bilateral_limits": {"B": 5_000},
        "multilateral_limit": 9_000,
    }
    assert live.get_agent_limits("C") == {"bilateral_limits": {}, "multilateral_limit": None}
    assert live.get_agent_current_outflows("A") == {
        "bilateral_outflows": {"B": 700},
        "total_outflow": 700,
    }
    assert live.get_agent_current_outflows("B") == {"bilateral_outflows": {}, "total_outflow": 0}
    assert live.get_top_agents_by_balance(2) == [("B", 900), ("A", 300)]
    assert live.get_queue1_size("A") == 0
    assert live.get_queue2_size() == live.queue_size() == 2
    assert live.get_queue2_contents() == live.get_rtgs_queue_contents() == ["tx-1", "tx-2"]
    assert live.queues()["queue2"] == {
        "transactions": ["tx-1", "tx-2"],
        "size": 2,
        "value": 1_050,
    }


def test_payments_after_three_ticks() -> None:
    live = worlds.three_payments()
    live.run(until=3)
    details = live.get_transaction_details("tx-1")
    assert details is not None
    assert tuple(details) == DETAILS
    assert details == {
        "id": "tx-1",
        "sender_id": "B",
        "receiver_id": "C",
        "amount": 1_000,
        "remaining_amount": 1_000,
        "arrival_tick": 0,
        "deadline_tick": 3,
        "priority": 7,
        "rtgs_priority": "Normal",
        "declared_rtgs_priority": "Normal",
        "rtgs_submission_tick": 0,
        "status": "Pending",
    }
    settled = live.get_transaction_details("tx-0")
    assert settled is not None
    assert (settled["status"], settled["remaining_amount"]) == ("Settled", 0)
    near = {
        "tx_id": "tx-1",
        "sender_id": "B",
        "receiver_id": "C",
        "amount": 1_000,
        "remaining_amount": 1_000,
        "deadline_tick": 3,
        "ticks_until_deadline": 0,
    }
    assert live.get_transactions_near_deadline(0) == [near]
    assert live.get_transactions_near_deadline(2**32 - 1) == [near]
    assert live.get_transaction_counts_debug() == {
        "total_transactions": 3,
        "arrivals": 3,
        "children": 0,
        "settled_arrivals": 1,
        "settled_children": 0,
    }


def test_near_deadline_reaches_as_far_as_asked() -> None:
    live = worlds.three_payments()
    live.tick()
    reach = [[row["tx_id"] for row in live.get_transactions_near_deadline(n)] for n in range(4)]
    assert reach == [[], ["tx-2"], ["tx-1", "tx-2"], ["tx-1", "tx-2"]]


def test_costs_of_the_first_day() -> None:
    live = worlds.three_payments()
    live.run(until=4)
    # B: 1,000 waits 4 ticks at 0.1, and is late in the evening. C: 50 waits 3 ticks on time and one
    # overdue, at 5 times as much; it is late, and late in the evening.
    nothing = dict.fromkeys(COSTS, 0)
    b = nothing | {"delay_cost": 400, "penalty_cost": 11, "deadline_penalty": 11, "total_cost": 411}
    c = nothing | {"delay_cost": 40, "penalty_cost": 18, "deadline_penalty": 18, "total_cost": 58}
    assert live.costs() == {"A": nothing, "B": b, "C": c}
    assert tuple(live.costs()["A"]) == COSTS
    assert live.costs(day=0) == live.costs()
    assert live.costs(day=1) == dict.fromkeys("ABC", nothing)
    assert live.get_agent_accumulated_costs("B") == b


def test_costs_of_the_run_and_of_its_days() -> None:
    live = worlds.three_payments()
    live.run(until=5)
    whole, first, second = live.costs(), live.costs(0), live.costs(1)
    assert second["B"]["delay_cost"] == 500  # overdue now
    assert second["B"]["penalty_cost"] == 7
    for agent in "ABC":
        assert {key: first[agent][key] + second[agent][key] for key in COSTS} == whole[agent]
    with pytest.raises(ValueError, match="day 2 of a run of 2"):
        live.costs(2)


def test_overdue_payments() -> None:
    live = worlds.three_payments()
    live.run(until=4)
    assert live.get_overdue_transactions() == [
        {
            "tx_id": "tx-2",
            "sender_id": "C",
            "receiver_id": "A",
            "amount": 50,
            "remaining_amount": 50,
            "deadline_tick": 2,
            "overdue_since_tick": 3,
            "ticks_overdue": 1,
            "deadline_penalty_cost": 7,
            "delay_cost": 40.0,
        }
    ]
    assert live.get_transactions_near_deadline(100) == [] or all(
        row["tx_id"] != "tx-2" for row in live.get_transactions_near_deadline(100)
    )


def test_payments_of_a_day() -> None:
    live = worlds.three_payments()
    live.run(until=4)
    live.submit_transaction("A", "B", 100, 6, priority=9, divisible=True)
    live.tick()  # B can pay now, and then C
    rows = {row["tx_id"]: row for row in live.get_transactions_for_day(0)}
    assert list(rows) == ["tx-0", "tx-1", "tx-2"]
    assert all(tuple(row) == OF_DAY for row in rows.values())
    assert rows["tx-1"] == {
        "tx_id": "tx-1",
        "sender_id": "B",
        "receiver_id": "C",
        "amount": 1_000,
        "priority": 7,
        "is_divisible": None,
        "arrival_tick": 0,
        "arrival_day": 0,
        "deadline_tick": 3,
        "settlement_tick": 4,
        "settlement_day": 1,
        "status": "settled",
        "overdue_since_tick": 4,
        "drop_reason": None,
        "amount_settled": 1_000,
        "queue1_ticks": 0,
        "queue2_ticks": 4,
        "total_delay_ticks": 4,
        "delay_cost": 400.0,
        "parent_tx_id": None,
        "split_index": None,
        "rtgs_priority": "Normal",
        "rtgs_submission_tick": 0,
        "declared_rtgs_priority": "Normal",
    }
    (later,) = live.get_transactions_for_day(1)
    assert (later["tx_id"], later["is_divisible"], later["priority"]) == ("tx-3", True, 9)
    assert live.get_transactions_for_day(2) == []
    assert live.get_system_metrics()["max_delay_ticks"] == 4


def test_delays_are_measured_to_settlement() -> None:
    live = Orchestrator(worlds.three())
    live.submit_transaction("A", "B", 10, 2)
    live.run()
    metrics = live.get_system_metrics()
    assert (metrics["avg_delay_ticks"], metrics["max_delay_ticks"]) == (0.0, 0)
    assert metrics["settlement_rate"] == 1.0


def test_daily_metrics_have_real_counters() -> None:
    live = worlds.three_payments()
    live.post_collateral("B", 300)
    assert live.get_daily_agent_metrics(0) == []
    live.run(until=4)
    a, b, c = live.get_daily_agent_metrics(0)
    assert tuple(sorted(b)) == tuple(sorted(DAILY))
    assert b | {"available": None} == {
        "agent_id": "B",
        "day": 0,
        "opening_balance": 200,
        "closing_balance": b["closing_balance"],
        "min_balance": b["min_balance"],
        "max_balance": b["max_balance"],
        "unsecured_cap": 0,
        "peak_overdraft": b["peak_overdraft"],
        "opening_posted_collateral": 0,
        "closing_posted_collateral": 300,
        "peak_posted_collateral": 300,
        "collateral_capacity": 10_000,
        "num_collateral_posts": 1,
        "num_collateral_withdrawals": 0,
        "num_arrivals": 1,
        "num_sent": b["num_sent"],
        "num_received": 1,
        "num_settled": b["num_settled"],
        "num_dropped": 0,
        "queue1_peak_size": b["queue1_peak_size"],
        "queue1_eod_size": 0,
        "liquidity_cost": 0,
        "delay_cost": b["delay_cost"],
        "collateral_cost": 0,
        "split_friction_cost": 0,
        "deadline_penalty_cost": b["penalty_cost"],
        "penalty_cost": b["penalty_cost"],
        "liquidity_opportunity_cost": 0,
        "total_cost": b["delay_cost"] + b["penalty_cost"],
        "available": None,
    }
    # With 300 less the haircut to draw on, B pays its 1,000 out of 900, and C its 50 out of that.
    assert [row["closing_balance"] for row in (a, b, c)] == [350, -100, 950]
    assert (b["min_balance"], b["peak_overdraft"], b["max_balance"]) == (-100, 100, 900)
    assert [row["num_settled"] for row in (a, b, c)] == [1, 1, 1]
    assert live.get_daily_agent_metrics(1) == []


def test_collateral_events() -> None:
    live = Orchestrator(worlds.three())
    live.post_collateral("B", 10_500)
    live.tick()
    (posted,) = live.get_collateral_events_for_day(0)
    assert posted == {
        "agent_id": "B",
        "tick": 0,
        "day": 0,
        "action": "post",
        "amount": 10_000,
        "requested_amount": 10_500,
        "reason": "",
        "origin": "Api",
        "balance_before": 200,
        "posted_collateral_before": 0,
        "posted_collateral_after": 10_000,
        "available_capacity_after": 0,
    }
    assert live.get_collateral_events_for_day(1) == []
    assert live.get_agent_collateral_posted("B") == 10_000
    assert live.get_agent_allowed_overdraft_limit("B") == 9_800


def test_lsm_cycles() -> None:
    config = worlds.idle() | {"lsm_config": {}}
    for agent in config["agents"]:
        agent["opening_balance"] = 0
    live = Orchestrator(config)
    live.submit_transaction("A", "B", 300, 5)
    live.submit_transaction("B", "A", 300, 5)
    told = live.tick()
    assert (told["num_settlements"], told["num_lsm_releases"]) == (2, 2)
    (cycle,) = live.get_lsm_cycles_for_day(0)
    assert cycle == {
        "tick": 0,
        "day": 0,
        "cycle_type": "bilateral",
        "cycle_length": 2,
        "agents": ["A", "B"],
        "transactions": ["tx-0", "tx-1"],
        "tx_amounts": [300, 300],
        "settled_value": 600,
        "total_value": 600,
        "net_positions": {"A": 0, "B": 0},
        "max_net_outflow": 0,
        "max_net_outflow_agent": None,
    }
    assert live.get_lsm_cycles_for_day(1) == []


@pytest.mark.parametrize(
    ("n", "expected"),
    [
        (0, []),
        (1, [("A", 5)]),
        (3, [("A", 5), ("B", 5), ("C", -1)]),
        (2**62, [("A", 5), ("B", 5), ("C", -1)]),
    ],
)
def test_top_agents(n: int, expected: list[tuple[str, int]]) -> None:
    balances = (("C", -1), ("B", 5), ("A", 5))
    agents = [{"id": name, "opening_balance": balance} for name, balance in balances]
    live = Orchestrator(worlds.idle() | {"agents": agents})
    assert live.get_top_agents_by_balance(n) == expected


def test_a_negative_number_of_top_agents_is_refused() -> None:
    with pytest.raises(ValueError, match="must not be negative: -1"):
        Orchestrator(worlds.idle()).get_top_agents_by_balance(-1)


def test_arrival_rates() -> None:
    live = Orchestrator(worlds.busy(rate=0.75))
    rate = live.get_arrival_rate("A")
    assert type(rate) is float
    assert rate == 0.75
    assert Orchestrator(worlds.idle()).get_arrival_rate("A") is None


def test_policies_in_force() -> None:
    live = Orchestrator(worlds.idle())
    policies = live.get_agent_policies()
    assert [policy["agent_id"] for policy in policies] == ["A", "B"]
    assert policies[0].keys() == {"agent_id", "policy_config"}
    assert policies[0]["policy_config"]["policy_id"] == "fifo"


REGISTERS = {
    "version": "1.0",
    "policy_id": "counts",
    "bank_tree": {
        "type": "action",
        "node_id": "b",
        "action": "SetState",
        "parameters": {"key": {"value": "bank_state_seen"}, "value": {"value": 2.5}},
    },
    "payment_tree": {"type": "action", "node_id": "p", "action": "Release"},
}


def test_registers_of_a_policy() -> None:
    live = Orchestrator(worlds.idle())
    live.update_agent_policy("A", REGISTERS)
    live.tick()
    assert live.get_agent_registers("A") == {"bank_state_seen": 2.5}
    assert live.get_agent_registers("B") == {}
