"""The form of answers: their keys, their types, their order, and what is no question."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from payment_simulator import Orchestrator

from . import worlds
from .answers import COSTS, DETAILS, QUESTIONS, STATE


def assert_plain(value: Any, where: str) -> None:
    """Checks that an answer consists of exact builtin types, never of lookalikes."""
    if isinstance(value, dict):
        assert type(value) is dict, where
        for key, entry in value.items():
            assert type(key) is str, where
            assert_plain(entry, f"{where}.{key}")
            if is_money(key, entry):
                assert type(entry) is int, f"{where}.{key} is {entry!r}"
    elif isinstance(value, (list, tuple)):
        for index, entry in enumerate(value):
            assert_plain(entry, f"{where}[{index}]")
    else:
        assert type(value) in {int, float, str, bool, type(None)}, f"{where}: {type(value)}"


SHARES_OF_COST = {"get_transactions_for_day", "get_overdue_transactions"}


def is_money(key: str, value: Any) -> bool:
    words = ("balance", "amount", "cost", "penalty", "collateral", "cap", "value", "overdraft")
    money = any(key.endswith(word) or key.startswith(f"{word}_") for word in words)
    return money and isinstance(value, (int, float)) and not key.startswith("num_")


@pytest.mark.parametrize("method", sorted(QUESTIONS))
def test_answers_are_plain_and_money_is_int(method: str) -> None:
    live = Orchestrator(worlds.busy())
    live.run(until=60)
    live.submit_transaction("C", "A", 5, 80)
    answer = getattr(live, method)(*QUESTIONS[method])
    if method in SHARES_OF_COST:  # a share of what is booked is no amount
        answer = [{key: row[key] for key in row if key != "delay_cost"} for row in answer]
    if method in {"events", "get_all_events", "get_tick_events"}:  # rates and shares among them
        answer = [event for event in answer if not event["event_type"].endswith("RatesSet")]
        for event in answer:
            event.pop("collateral_haircut", None)
    if method == "get_agent_state":
        assert type(answer.pop("collateral_haircut")) is float
    if method == "get_agent_policies":
        return
    assert_plain(answer, method)


def test_events_can_be_followed() -> None:
    live = Orchestrator(worlds.busy())
    seen: list[dict[str, Any]] = []
    for _ in range(100):
        live.tick()
        seen += live.events(since=seen[-1]["seq"] + 1 if seen else 0)
    everything = live.get_all_events()
    assert seen == everything
    assert [event["seq"] for event in everything] == list(range(len(everything)))
    assert live.events() == everything
    assert live.events(since=len(everything)) == []
    assert live.events(since=2**64 - 1) == []
    assert live.events(len(everything) - 2) == everything[-2:]
    by_tick = [event for tick in range(100) for event in live.get_tick_events(tick)]
    assert by_tick == everything
    assert live.get_tick_events(100) == []
    assert live.get_tick_events(2**32 - 1) == []


def test_events_begin_with_where_they_belong() -> None:
    live = Orchestrator(worlds.busy())
    live.run(until=60)
    for event in live.get_all_events():
        assert list(event)[:4] == ["event_type", "tick", "day", "seq"]
        assert event["day"] == event["tick"] // 50


KEYED: list[tuple[str, tuple[str, ...]]] = [
    ("get_agent_state", STATE),
    ("get_agent_accumulated_costs", COSTS),
    ("get_transaction_details", DETAILS),
    ("tick", worlds.TICK_KEYS),
]


@pytest.mark.parametrize(("method", "keys"), KEYED)
def test_docstrings_name_the_keys(method: str, keys: tuple[str, ...]) -> None:
    text = getattr(Orchestrator, method).__doc__
    assert [key for key in keys if f"`{key}`" not in text] == []


@pytest.mark.parametrize(
    ("method", "wrong"),
    [
        ("get_agent_balance", 7),
        ("get_agent_balance", None),
        ("get_transactions_near_deadline", "3"),
        ("get_transactions_near_deadline", 1.0),
        ("get_tick_events", None),
        ("get_top_agents_by_balance", 1.5),
        ("costs", "0"),
        ("events", None),
    ],
)
def test_arguments_of_wrong_types_are_refused(method: str, wrong: Any) -> None:
    ask: Callable[..., Any] = getattr(worlds.three_payments(), method)
    with pytest.raises(TypeError):
        ask(wrong)


@pytest.mark.parametrize(
    "method",
    [
        "get_transactions_near_deadline",
        "get_tick_events",
        "get_transactions_for_day",
        "get_daily_agent_metrics",
        "get_collateral_events_for_day",
        "get_lsm_cycles_for_day",
        "costs",
        "events",
    ],
)
def test_negative_and_huge_numbers_are_refused(method: str) -> None:
    ask: Callable[..., Any] = getattr(worlds.three_payments(), method)
    for wrong in (-1, 2**64, -(2**200)):
        with pytest.raises(OverflowError):
            ask(wrong)
