"""Exceptions: what they are, what they say, and what becomes of a defect of the engine."""

from __future__ import annotations

import copy
import pickle
from collections.abc import Callable
from typing import Any

import pytest

import payment_simulator
from payment_simulator import (
    AgentNotFoundError,
    Diagnostic,
    JournalError,
    Orchestrator,
    PolicyError,
    Run,
    Scenario,
    ScenarioError,
    SimulationError,
    _core,
    open_run,
    validate_policy,
)

from . import worlds


@pytest.mark.parametrize(
    ("error", "bases"),
    [
        (ScenarioError, (ValueError,)),
        (PolicyError, (ValueError,)),
        (SimulationError, (RuntimeError,)),
        (AgentNotFoundError, (SimulationError, RuntimeError, KeyError)),
        (JournalError, (OSError,)),
    ],
)
def test_hierarchy(error: type[Exception], bases: tuple[type[Exception], ...]) -> None:
    assert issubclass(error, Exception)
    for base in bases:
        assert issubclass(error, base)
    assert error.__name__ in payment_simulator.__all__
    assert not issubclass(ScenarioError, PolicyError)
    assert not issubclass(PolicyError, ScenarioError)


def caught(call: Callable[[], Any]) -> BaseException:
    with pytest.raises(Exception) as raised:  # noqa: PT011
        call()
    return raised.value


def fault() -> BaseException:
    return caught(lambda: Scenario(worlds.idle() | {"queue_discipline": "x", "end_of_day": "y"}))


ERRORS: dict[str, Callable[[], BaseException]] = {
    "ScenarioError": fault,
    "PolicyError": lambda: caught(
        lambda: Orchestrator(worlds.idle()).update_agent_policy("A", "{")
    ),
    "SimulationError": lambda: caught(
        lambda: Orchestrator(worlds.idle()).submit_transaction("A", "A", 1, 1)
    ),
    "AgentNotFoundError": lambda: caught(lambda: Orchestrator(worlds.idle()).get_agent_state("Z")),
    "JournalError": lambda: caught(lambda: open_run("/missing/runs.db")),
}


@pytest.mark.parametrize("name", ERRORS)
def test_errors_are_of_their_class_and_readable(name: str) -> None:
    error = ERRORS[name]()
    assert type(error) is getattr(payment_simulator, name)
    text = str(error)
    assert text
    assert text == text.strip()
    assert not text.startswith(("'", '"', "("))
    assert "internal" not in text
    assert "panick" not in text


@pytest.mark.parametrize("name", ERRORS)
@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_errors_are_pickled(name: str, protocol: int) -> None:
    error = ERRORS[name]()
    for again in (pickle.loads(pickle.dumps(error, protocol)), copy.deepcopy(error)):
        assert type(again) is type(error)
        assert str(again) == str(error)
        assert again.args == error.args
        assert getattr(again, "diagnostics", None) == getattr(error, "diagnostics", None)


def test_unknown_agents_are_key_errors_that_can_be_read() -> None:
    error = ERRORS["AgentNotFoundError"]()
    assert str(error) == "the run has no agent `Z`"
    assert str(AgentNotFoundError()) == ""


def test_names_that_nobody_has_come_with_the_nearest() -> None:
    config = worlds.idle()
    config["agents"][1]["id"] = "BANK_EAST"
    live = Orchestrator(config)
    run = Run.of(live)
    for ask in (live.get_agent_state, run.agent_index):
        with pytest.raises(AgentNotFoundError) as raised:
            ask("BANK_EST")
        assert str(raised.value) == "the run has no agent `BANK_EST`; did you mean `BANK_EAST`?"
        with pytest.raises(AgentNotFoundError, match=r"^the run has no agent `NORD`$"):
            ask("NORD")
    with pytest.raises(ValueError, match=r"no event type `arival`; did you mean `Arrival`\?"):
        run.events_of("arival")


ANY: Any = Scenario
LIVE: Any = Orchestrator(worlds.idle())


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: ANY(5), "`config`: expected a path, a dict or a `Scenario`, got int"),
        (lambda: ANY(worlds.idle(), overrides=[5]), "`overrides`: expected a dict, got list"),
        (lambda: ANY(worlds.idle(), overrides={5: 5}), "`overrides`: expected keys that are"),
        (lambda: ANY(worlds.idle(), policies=5), "`policies`: expected a name, a path or a dict"),
        (lambda: ANY(worlds.idle(), seed="5"), "`seed`: expected an int, got str"),
        (lambda: ANY(worlds.idle(), seed=True), "`seed`: expected an int, got bool"),
        (lambda: LIVE.get_transactions_for_day("5"), "`day`: expected an int, got str"),
        (lambda: LIVE.post_collateral("A", 1.5), "`amount`: expected an int, got float"),
        (lambda: LIVE.update_agent_policy("A", 5), "`policy`: expected JSON text or a dict, got"),
        (lambda: batch(5), "`transactions`: expected something to iterate over, got int"),
        (lambda: batch([5]), "`transactions[0]`: expected a dict, got int"),
        (lambda: batch([payment(sender=5)]), "`transactions[0].sender`: expected a text, got int"),
        (lambda: batch([payment(amount=1.5)]), "`transactions[0].amount`: expected an int, got"),
        (lambda: batch([payment(priority="5")]), "`transactions[0].priority`: expected an int"),
        (lambda: batch([payment(divisible=5)]), "`transactions[0].divisible`: expected a bool"),
        (lambda: LIVE.set_limits("A", {"B": "5"}), "`bilateral_limits[B]`: expected an int, got"),
        (lambda: LIVE.set_limits("A", {5: 5}), "`bilateral_limits`: expected ids of agents, got"),
        (lambda: command(5), "`arguments`: expected something to iterate over, got int"),
        (lambda: command(["payment-sim", 5]), "`arguments[1]`: expected a text, got int"),
    ],
)
def test_a_wrong_type_is_told_with_the_name_of_the_argument(
    call: Callable[[], Any], message: str
) -> None:
    with pytest.raises(TypeError) as raised:
        call()
    assert message in str(raised.value)


def batch(transactions: Any) -> list[str]:
    return Orchestrator(worlds.idle()).submit_transactions_batch(transactions)


def command(arguments: Any) -> int:
    return _core.command(arguments)


def payment(**change: Any) -> dict[str, Any]:
    return {"sender": "A", "receiver": "B", "amount": 1, "deadline_tick": 5} | change


def test_diagnostics_say_where_what_and_what_to_do() -> None:
    error = fault()
    assert isinstance(error, ScenarioError)
    assert len(error.diagnostics) == 2
    assert isinstance(error.diagnostics, tuple)
    for told in error.diagnostics:
        assert type(told) is Diagnostic
        assert told.severity == "error"
        assert told.place == f"{told.file}:{told.line}:{told.column}"
        assert str(told).startswith(f"{told.place}: {told.message}")
        assert told.message in str(error)
        with pytest.raises(AttributeError):
            told.message = "else"  # type: ignore[misc]


def test_diagnostics_without_a_place() -> None:
    told = Diagnostic("warning", "something", hint="do something")
    assert told.place == ""
    assert str(told) == "something (do something)"


def test_diagnostics_tell_of_the_other_place() -> None:
    twice = worlds.idle()
    twice["agents"] = [*twice["agents"], twice["agents"][0]]
    error = caught(lambda: Scenario(twice))
    assert isinstance(error, ScenarioError)
    (told,) = error.diagnostics
    assert told.related is not None
    assert told.related.startswith("scenario:")
    assert str(told).endswith(f" [{told.related}]")
    assert "first used here" in told.related


def test_errors_can_be_made_by_hand() -> None:
    told = Diagnostic("error", "x")
    error = ScenarioError("message", [told])
    assert (str(error), error.diagnostics) == ("message", (told,))
    assert (str(PolicyError()), PolicyError().diagnostics) == ("", ())


def test_a_panic_is_a_simulation_error_and_nothing_is_printed(
    capfd: pytest.CaptureFixture[str],
) -> None:
    live = worlds.three_payments()
    live.tick()
    with pytest.raises(SimulationError, match="internal error") as raised:
        live._fail()
    assert type(raised.value) is SimulationError
    assert isinstance(raised.value, Exception)
    assert "a defect that was asked for" in str(raised.value)
    assert "please report it" in str(raised.value)
    assert capfd.readouterr() == ("", "")


def test_what_has_failed_refuses_further_use() -> None:
    from .answers import QUESTIONS

    live = worlds.three_payments()
    with pytest.raises(SimulationError):
        live._fail()
    static = {"get_agent_ids"}  # known before the run
    calls: dict[str, tuple[Any, ...]] = QUESTIONS | {
        "tick": (),
        "run": (),
        "run_and_get_total_cost": ("A", 1),
        "run_and_get_all_costs": (1,),
        "submit_transaction": ("A", "B", 1, 5),
        "submit_transaction_with_rtgs_priority": ("A", "B", 1, 5),
        "submit_transactions_batch": ([],),
        "withdraw_from_rtgs": ("tx-0",),
        "resubmit_to_rtgs": ("tx-0", "Urgent"),
        "post_collateral": ("A", 1),
        "withdraw_collateral": ("A", 1),
        "update_agent_policy": ("A", worlds.HOLD),
        "set_limits": ("A",),
        "_fail": (),
        "__repr__": (),
    }
    for name, given in calls.items():
        if name in static:
            continue
        with pytest.raises(SimulationError, match="out of use since a call failed"):
            getattr(live, name)(*given)
    with pytest.raises(SimulationError, match="out of use"):
        Run.of(live)


def test_others_go_on_after_one_has_failed() -> None:
    scenario = Scenario(worlds.busy())
    broken, whole = Orchestrator(scenario), Orchestrator(scenario)
    whole.run(until=10)
    with pytest.raises(SimulationError):
        broken._fail()
    assert whole.run() == 90
    assert Orchestrator(scenario).run() == 100


def test_unsound_policies_never_raise_in_validation() -> None:
    import json

    for text in ("", "{", "[]", "null", "1e999", "[" * 100_000, '{"a":' * 10_000, "\0", "\ufeff{}"):
        verdict = json.loads(validate_policy(text))
        assert verdict["valid"] is False
        assert tuple(sorted(verdict)) == ("errors", "valid")
        for told in verdict["errors"]:
            assert {"type", "message", "line", "column", "hint"} == told.keys()
            assert told["message"]


def test_sound_policies_are_described() -> None:
    import json

    verdict = json.loads(validate_policy(json.dumps(worlds.HOLD | {"parameters": {"x": 2.5}})))
    assert verdict["valid"] is True
    assert (verdict["policy_id"], verdict["version"]) == ("mine", "1.0")
    assert verdict["trees"] == {
        "has_payment_tree": True,
        "has_bank_tree": False,
        "has_strategic_collateral_tree": False,
        "has_end_of_tick_collateral_tree": False,
        "parameter_count": 1,
        "parameters": {"x": 2.5},
    }


def test_schemas_are_json_objects() -> None:
    import json

    for schema in (payment_simulator.get_policy_schema(), payment_simulator.get_cost_schema()):
        assert type(schema) is str
        assert json.loads(schema)
