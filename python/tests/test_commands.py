"""Commands: what they do, what they refuse, and that a refusal changes nothing."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from payment_simulator import (
    AgentNotFoundError,
    Orchestrator,
    PolicyError,
    RtgsPriority,
    SimulationError,
)

from . import worlds


def assert_unchanged(live: Orchestrator, call: Callable[[], Any]) -> None:
    """Calls what fails, and checks that no event was added by it."""
    before, balances = live.get_all_events(), live.balances()
    call()
    assert live.get_all_events() == before
    assert live.balances() == balances


def test_submitting_returns_the_id() -> None:
    live = Orchestrator(worlds.idle())
    first = live.submit_transaction("A", "B", 100, 5)
    second = live.submit_transaction(
        sender="B", receiver="A", amount=50, deadline_tick=9, priority=0, divisible=True
    )
    assert (first, second) == ("tx-0", "tx-1")
    live.tick()
    assert live.balances() == {"A": 950, "B": 550}
    details = live.get_transaction_details("tx-1")
    assert details is not None
    assert (details["priority"], details["deadline_tick"]) == (0, 9)


@pytest.mark.parametrize(
    ("change", "error", "message"),
    [
        ({"sender": "Z"}, AgentNotFoundError, "no agent `Z`"),
        ({"receiver": "Z"}, AgentNotFoundError, "no agent `Z`"),
        ({"sender": "B"}, SimulationError, "cannot pay itself"),
        ({"amount": 0}, SimulationError, "positive"),
        ({"amount": -1}, SimulationError, "positive"),
        ({"amount": 2**63}, OverflowError, None),
        ({"amount": -(2**63) - 1}, OverflowError, None),
        ({"amount": 1.0}, TypeError, None),
        ({"amount": "1"}, TypeError, "`amount`: expected an int, got str"),
        ({"amount": None}, TypeError, None),
        ({"amount": True}, TypeError, "`amount`: expected an int, got bool"),
        ({"deadline_tick": 0}, SimulationError, "deadline"),
        ({"deadline_tick": -1}, OverflowError, None),
        ({"deadline_tick": 2**32}, OverflowError, None),
        ({"deadline_tick": 3.0}, TypeError, None),
        ({"priority": 11}, SimulationError, "at most 10"),
        ({"priority": 256}, OverflowError, None),
        ({"priority": -1}, OverflowError, None),
        ({"priority": "5"}, TypeError, "`priority`: expected an int, got str"),
        ({"divisible": 1}, TypeError, None),
        ({"divisible": "no"}, TypeError, None),
        ({"sender": None}, TypeError, None),
        ({"sender": b"A"}, TypeError, None),
        ({"colour": "red"}, TypeError, "colour"),
    ],
)
def test_submissions_that_are_refused(
    change: dict[str, Any], error: type[Exception], message: str | None
) -> None:
    live = Orchestrator(worlds.idle())
    given: dict[str, Any] = {
        "sender": "A",
        "receiver": "B",
        "amount": 1,
        "deadline_tick": 5,
    } | change

    def call() -> None:
        with pytest.raises(error, match=message):
            live.submit_transaction(**given)

    assert_unchanged(live, call)


@pytest.mark.parametrize("change", [{"deadline_tick": True}, {"priority": True}])
def test_flags_are_no_numbers(change: dict[str, Any]) -> None:
    live = Orchestrator(worlds.idle())
    given: dict[str, Any] = entry(amount=1) | change
    with pytest.raises(TypeError):
        live.submit_transaction(**given)


def test_a_payment_cannot_be_submitted_to_a_run_that_is_over() -> None:
    live = Orchestrator(worlds.idle())
    live.run()
    with pytest.raises(SimulationError):
        live.submit_transaction("A", "B", 1, 20)
    with pytest.raises(SimulationError):
        live.set_limits("A")
    with pytest.raises(SimulationError):
        live.update_agent_policy("A", worlds.HOLD)
    with pytest.raises(SimulationError):
        live.submit_transactions_batch([entry()])
    assert live.post_collateral("A", 1)["success"] is False


@pytest.mark.parametrize("word", ["HighlyUrgent", "Urgent", "Normal"])
@pytest.mark.parametrize("form", [str, RtgsPriority])
def test_declared_classes(word: str, form: Callable[[str], Any]) -> None:
    live = Orchestrator(worlds.idle())
    tx = live.submit_transaction_with_rtgs_priority("A", "B", 5_000, 5, rtgs_priority=form(word))
    live.tick()
    details = live.get_transaction_details(tx)
    assert details is not None
    assert details["declared_rtgs_priority"] == word
    assert details["rtgs_priority"] == word


@pytest.mark.parametrize("word", ["", "urgent", "URGENT", "High", "Urgent ", "Urgent\0"])
def test_unknown_classes_are_refused(word: str) -> None:
    live = worlds.three_payments()
    with pytest.raises(ValueError, match="`HighlyUrgent`, `Urgent` or `Normal`"):
        live.submit_transaction_with_rtgs_priority("A", "B", 1, 5, rtgs_priority=word)
    with pytest.raises(ValueError, match="`HighlyUrgent`, `Urgent` or `Normal`"):
        live.resubmit_to_rtgs("tx-0", word)


def test_rtgs_priority_is_an_enum_of_three_texts() -> None:
    assert [str(member) for member in RtgsPriority] == ["HighlyUrgent", "Urgent", "Normal"]
    assert RtgsPriority.Urgent == "Urgent"
    assert RtgsPriority("Normal") is RtgsPriority.Normal


def entry(**change: Any) -> dict[str, Any]:
    return {"sender": "A", "receiver": "B", "amount": 10, "deadline_tick": 5} | change


def test_a_batch_equals_single_submissions() -> None:
    batch, single = Orchestrator(worlds.idle()), Orchestrator(worlds.idle())
    ids = batch.submit_transactions_batch(
        [entry(), entry(amount=20, priority=9, divisible=True), entry(rtgs_priority="Urgent")]
    )
    assert ids == ["tx-0", "tx-1", "tx-2"]
    single.submit_transaction("A", "B", 10, 5)
    single.submit_transaction("A", "B", 20, 5, 9, True)
    single.submit_transaction_with_rtgs_priority("A", "B", 10, 5, rtgs_priority="Urgent")
    batch.run()
    single.run()
    assert worlds.hash_of(batch) == worlds.hash_of(single)


@pytest.mark.parametrize("form", [list, tuple, iter, lambda them: (one for one in them)])
def test_a_batch_is_anything_that_gives_dicts(form: Callable[[Any], Any]) -> None:
    live = Orchestrator(worlds.idle())
    assert live.submit_transactions_batch(form([entry(), entry()])) == ["tx-0", "tx-1"]
    assert live.submit_transactions_batch(form([])) == []


def test_ids_and_earliest_ticks_of_a_batch() -> None:
    live = Orchestrator(worlds.idle())
    ids = live.submit_transactions_batch(
        [entry(id="mine", earliest_tick=3, priority=None, divisible=None, rtgs_priority=None)]
    )
    assert ids == ["mine"]
    live.run(until=3)
    assert live.balances()["A"] == 1_000
    live.run(until=4)
    assert live.balances()["A"] == 990
    details = live.get_transaction_details("mine")
    assert details is not None
    assert details["status"] == "Settled"


@pytest.mark.parametrize(
    ("last", "error"),
    [
        (entry(id="first"), SimulationError),
        (entry(id="tx-0"), SimulationError),
        (entry(id=""), SimulationError),
        (entry(amount=0), SimulationError),
        (entry(priority=11), SimulationError),
        (entry(amount=True), TypeError),
        (entry(amount=2**64), OverflowError),
        (entry(deadline_tick=0), SimulationError),
        (entry(sender="Z"), AgentNotFoundError),
        (entry(receiver="Z"), AgentNotFoundError),
        (entry(receiver="A"), SimulationError),
        (entry(rtgs_priority="x"), ValueError),
        (entry(colour="red"), ValueError),
        ({"sender": "A"}, TypeError),
        (dict[Any, Any](entry()) | {5: 5}, ValueError),
        (None, TypeError),
        ([], TypeError),
        ("tx", TypeError),
    ],
)
def test_a_batch_with_a_bad_last_entry_submits_nothing(last: Any, error: type[Exception]) -> None:
    live = Orchestrator(worlds.idle())
    live.submit_transaction("A", "B", 1, 5)  # tx-0
    good = [entry(id="first"), entry(id="second")]

    def call() -> None:
        with pytest.raises(error):
            live.submit_transactions_batch([*good, last])

    assert_unchanged(live, call)
    assert live.get_transaction_details("first") is None
    assert live.submit_transactions_batch(good) == ["first", "second"]


def test_a_batch_that_raises_on_the_way_submits_nothing() -> None:
    live = Orchestrator(worlds.idle())

    def entries() -> Any:
        yield entry()
        raise ZeroDivisionError("on the way")

    def call() -> None:
        with pytest.raises(ZeroDivisionError, match="on the way"):
            live.submit_transactions_batch(entries())

    assert_unchanged(live, call)


def test_a_batch_may_be_made_of_what_the_run_says_meanwhile() -> None:
    live = Orchestrator(worlds.idle())

    def entries() -> Any:
        for amount in (5, 7):
            yield entry(amount=amount + live.get_queue2_size())
            live.tick()

    assert live.submit_transactions_batch(entries()) == ["tx-0", "tx-1"]
    assert live.current_tick() == 2


SPLITTERS = ["liquidity_splitting", "mock_splitting"]


@pytest.mark.parametrize("policy", SPLITTERS)
@pytest.mark.parametrize(("divisible", "is_split"), [(False, False), (None, True), (True, True)])
def test_divisible_false_forbids_a_split(
    policy: str, divisible: bool | None, is_split: bool
) -> None:
    config = worlds.idle(ticks=20)
    config["agents"][0] |= {
        "opening_balance": 60_000,
        "policy": {"type": "Library", "name": policy},
    }
    live = Orchestrator(config)
    live.submit_transaction("A", "B", 100_000, 15, divisible=divisible)
    live.run()
    children = live.get_transaction_counts_debug()["children"]
    assert (children > 0) is is_split
    (parent,) = [row for row in live.get_transactions_for_day(0) if row["parent_tx_id"] is None]
    assert parent["is_divisible"] is divisible
    if is_split:
        parts = [row for row in live.get_transactions_for_day(0) if row["parent_tx_id"]]
        assert [part["split_index"] for part in parts] == list(range(children))
        assert sum(part["amount"] for part in parts) == 100_000
        assert parent["amount_settled"] == sum(part["amount_settled"] for part in parts)


def test_withdrawing_and_resubmitting() -> None:
    live = worlds.three_payments()
    live.tick()
    assert live.get_queue2_contents() == ["tx-1", "tx-2"]
    assert live.withdraw_from_rtgs("tx-1") == {"success": True}
    assert live.get_queue2_contents() == ["tx-2"]
    assert live.get_agent_queue1_contents("B") == ["tx-1"]
    assert live.resubmit_to_rtgs("tx-2", "HighlyUrgent") == {"success": True}
    details = live.get_transaction_details("tx-2")
    assert details is not None
    assert details["declared_rtgs_priority"] == "HighlyUrgent"


@pytest.mark.parametrize("tx", ["tx-0", "tx-1", "tx-77", "", "tx-0\0"])
def test_what_does_not_wait_in_queue_2_is_not_withdrawn(tx: str) -> None:
    live = worlds.three_payments()
    live.tick()
    live.withdraw_from_rtgs("tx-1")
    answer = live.withdraw_from_rtgs(tx)
    assert tuple(answer) == ("success", "error")
    assert answer["success"] is False
    assert type(answer["error"]) is str
    assert answer["error"]


def test_what_has_settled_is_not_resubmitted() -> None:
    live = worlds.three_payments()
    live.tick()
    for tx in ("tx-0", "tx-77"):
        answer = live.resubmit_to_rtgs(tx, RtgsPriority.Urgent)
        assert answer["success"] is False
        assert answer["error"]


def test_posting_says_how_much() -> None:
    live = Orchestrator(worlds.three())
    assert live.post_collateral("B", 500) == {"success": True, "message": "posted 500 of 500"}
    assert live.post_collateral("B", 20_000) == {
        "success": True,
        "message": "posted 9500 of 20000",
    }
    assert live.get_agent_collateral_posted("B") == 10_000
    assert live.post_collateral("B", 1)["success"] is False  # it is full


def test_withdrawing_collateral_waits_for_the_holding_period() -> None:
    config = worlds.three() | {"ticks_per_day": 20, "num_days": 1}
    live = Orchestrator(config)
    live.post_collateral("B", 500)
    for _ in range(5):
        live.tick()
        early = live.withdraw_collateral("B", 500)
        if early["success"]:
            break
        assert "holding period" in early["message"]
        assert live.get_agent_collateral_posted("B") == 500
    assert early == {"success": True, "message": "withdrawn 500 of 500"}
    assert live.get_agent_collateral_posted("B") == 0


@pytest.mark.parametrize("method", ["post_collateral", "withdraw_collateral"])
def test_collateral_commands_that_are_refused(method: str) -> None:
    live = Orchestrator(worlds.three())
    move = getattr(live, method)
    for amount in (0, -1, -(2**63)):
        answer = move("B", amount)
        assert tuple(answer) == ("success", "message")
        assert answer["success"] is False
        assert "positive" in answer["message"]
    with pytest.raises(AgentNotFoundError, match="no agent `Z`"):
        move("Z", 1)
    for wrong, error in ((1.5, TypeError), (True, TypeError), (2**63, OverflowError)):
        with pytest.raises(error):
            move("B", wrong)
    assert live.get_agent_collateral_posted("B") == 0


@pytest.mark.parametrize("form", [dict, json.dumps])
def test_a_policy_is_replaced_by_text_or_dict(form: Callable[[Any], Any]) -> None:
    live = Orchestrator(worlds.idle())
    live.submit_transaction("A", "B", 100, 5)
    live.update_agent_policy("A", form(worlds.HOLD))
    live.tick()
    assert live.balances() == {"A": 1_000, "B": 500}
    assert live.get_agent_queue1_contents("A") == ["tx-0"]
    documents = {it["agent_id"]: it["policy_config"] for it in live.get_agent_policies()}
    assert documents["A"] == worlds.HOLD
    assert documents["B"]["policy_id"] == "fifo"


@pytest.mark.parametrize(
    ("policy", "error"),
    [
        ("", PolicyError),
        ("{", PolicyError),
        ("[]", PolicyError),
        ("null", PolicyError),
        ("[" * 100_000, PolicyError),
        ({}, PolicyError),
        ({"policy_id": "x"}, PolicyError),
        (
            {**worlds.HOLD, "payment_tree": {"type": "action", "action": "Fly", "node_id": "h"}},
            PolicyError,
        ),
        ({**worlds.HOLD, "parameters": {"x": float("nan")}}, PolicyError),
        ({**worlds.HOLD, "parameters": {"x": object()}}, PolicyError),
        (dict[Any, Any](worlds.HOLD) | {1: 2}, PolicyError),
        (5, TypeError),
        (None, TypeError),
        (b"{}", TypeError),
        ([worlds.HOLD], TypeError),
    ],
)
def test_unsound_policies_are_refused(policy: Any, error: type[Exception]) -> None:
    live = Orchestrator(worlds.idle())

    def call() -> None:
        with pytest.raises(error) as caught:
            live.update_agent_policy("A", policy)
        if isinstance(caught.value, PolicyError):
            assert caught.value.diagnostics
            assert all(fault.message for fault in caught.value.diagnostics)

    assert_unchanged(live, call)


def test_the_policy_of_nobody_is_refused_before_the_policy_is_read() -> None:
    with pytest.raises(AgentNotFoundError):
        Orchestrator(worlds.idle()).update_agent_policy("Z", "{")


def test_limits_bind_and_can_be_lifted() -> None:
    live = Orchestrator(worlds.idle())
    live.set_limits("A", {"B": 150}, 180)
    assert live.get_agent_limits("A") == {"bilateral_limits": {"B": 150}, "multilateral_limit": 180}
    for _ in range(2):
        live.submit_transaction("A", "B", 100, 9)
    live.tick()
    assert live.balances() == {"A": 900, "B": 600}
    live.set_limits("A")
    assert live.get_agent_limits("A") == {"bilateral_limits": {}, "multilateral_limit": None}
    live.tick()
    assert live.balances() == {"A": 800, "B": 700}


@pytest.mark.parametrize(
    ("given", "error"),
    [
        ({"agent_id": "Z"}, AgentNotFoundError),
        ({"bilateral_limits": {"Z": 1}}, AgentNotFoundError),
        ({"bilateral_limits": {"A": 1}}, SimulationError),
        ({"bilateral_limits": {"B": -1}}, SimulationError),
        ({"multilateral_limit": -1}, SimulationError),
        ({"bilateral_limits": {"B": 1.5}}, TypeError),
        ({"bilateral_limits": {"B": True}}, TypeError),
        ({"bilateral_limits": {"B": None}}, TypeError),
        ({"bilateral_limits": {5: 5}}, TypeError),
        ({"bilateral_limits": [("B", 5)]}, TypeError),
        ({"multilateral_limit": 2**63}, OverflowError),
        ({"multilateral_limit": "5"}, TypeError),
    ],
)
def test_limits_that_are_refused(given: dict[str, Any], error: type[Exception]) -> None:
    live = Orchestrator(worlds.idle())
    live.set_limits("A", {"B": 70})

    def call() -> None:
        with pytest.raises(error):
            live.set_limits(**({"agent_id": "A"} | given))

    assert_unchanged(live, call)
    assert live.get_agent_limits("A") == {"bilateral_limits": {"B": 70}, "multilateral_limit": None}


def test_limits_of_zero_are_limits() -> None:
    live = Orchestrator(worlds.idle())
    live.set_limits("A", {"B": 0}, 0)
    live.submit_transaction("A", "B", 1, 9)
    live.run()
    assert live.balances() == {"A": 1_000, "B": 500}


@pytest.mark.parametrize(
    "limits", [{f"Z{index}": 1 for index in range(3)} | {"B": 1}, {"B": 1, "Z": 1}]
)
def test_limits_are_taken_whole_or_not_at_all(limits: dict[str, int]) -> None:
    live = Orchestrator(worlds.idle())
    with pytest.raises(AgentNotFoundError):
        live.set_limits("A", limits, 5)
    assert live.get_agent_limits("A") == {"bilateral_limits": {}, "multilateral_limit": None}
