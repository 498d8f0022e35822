"""Garbage made at random, at the entry points that read much of it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from payment_simulator import (
    Orchestrator,
    Scenario,
    validate_policy,
)

from . import worlds
from .hostile import (
    ENTRY,
    FACTOR,
    Named,
    agent,
    attempt,
    config,
    everything,
    revive,
)

HOSTILE = everything()

# What an object raises when it is asked for its class is told to nobody.
pytestmark = [
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
    pytest.mark.usefixtures("quiet", "away"),
]

ORDINARY = settings(
    max_examples=100 * FACTOR,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    database=None,
)


CARRIED = Scenario(config()).__reduce__()[1][0]
SCENARIO = Scenario(config())

LEAVES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(st.characters(), max_size=20),
    st.binary(max_size=8),
    st.decimals(),
    st.fractions(),
    st.dates(),
    st.complex_numbers(),
    st.sampled_from([Named(what, make) for what, make in HOSTILE]),
)
KEYS = st.one_of(
    st.text(st.characters(), max_size=10),
    st.sampled_from(
        ["agents", "id", "policy", "type", "simulation", "ticks_per_day", "num_days", "limits"]
    ),
    st.integers(),
    st.none(),
)
GARBAGE = st.recursive(
    LEAVES,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(KEYS, inner, max_size=4)
        | st.tuples(inner, inner)
    ),
    max_leaves=12,
)


@ORDINARY
@given(GARBAGE)
def test_nested_garbage_is_no_scenario(garbage: Any) -> None:
    attempt("garbage: Scenario", lambda: Scenario(revive(garbage)))
    attempt("garbage: overrides", lambda: Scenario(config(), overrides=revive(garbage)))
    attempt("garbage: policies", lambda: Scenario(config(), policies=revive(garbage)))


@ORDINARY
@given(st.dictionaries(KEYS, GARBAGE, max_size=6))
def test_garbage_beside_what_is_sound(garbage: dict[Any, Any]) -> None:
    attempt("garbage: keys of a scenario", lambda: Scenario(config() | revive(garbage)))
    attempt("garbage: keys of an agent", lambda: Scenario(agent(**texts(revive(garbage)))))


def texts(garbage: dict[Any, Any]) -> dict[str, Any]:
    return {key: value for key, value in garbage.items() if isinstance(key, str)}


def places(value: Any, way: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The ways to everything in a scenario."""
    found = [way] if way else []
    entries: Any = []
    if isinstance(value, dict):
        entries = value.items()
    elif isinstance(value, list):
        entries = enumerate(value)
    for key, entry in entries:
        found += places(entry, (*way, key))
    return found


WHOLE: dict[str, Any] = worlds.busy(ticks=4, days=1) | {
    "scenario_events": [
        {
            "type": "DirectTransfer",
            "from_agent": "A",
            "to_agent": "B",
            "amount": 5,
            "schedule": {"type": "OneTime", "tick": 1},
        }
    ],
    "instructions": [
        {
            "type": "SubmitTransaction",
            "tick": 1,
            "sender": "A",
            "receiver": "B",
            "amount": 5,
            "deadline_tick": 3,
        },
        {"type": "PostCollateral", "tick": 1, "agent": "A", "amount": 5},
    ],
    "policy": {"type": "Inline", "document": worlds.HOLD},
}


def whole() -> dict[str, Any]:
    copied: dict[str, Any] = json.loads(json.dumps(WHOLE))
    return copied


@ORDINARY
@given(st.sampled_from(places(WHOLE)), LEAVES)
def test_one_hostile_value_in_a_sound_scenario(way: tuple[Any, ...], value: Any) -> None:
    changed = whole()
    place: Any = changed
    for step in way[:-1]:
        place = place[step]
    place[way[-1]] = revive(value)
    attempt("one value: Scenario", lambda: Scenario(changed))
    attempt("one value: Orchestrator", lambda: Orchestrator(changed).run())


@ORDINARY
@given(st.lists(st.dictionaries(st.sampled_from([*ENTRY, "id", "x"]), LEAVES), max_size=4))
def test_garbage_in_batches(entries: list[dict[str, Any]]) -> None:
    live = Orchestrator(SCENARIO)
    before = live.events()
    full = [ENTRY | revive(entry) for entry in entries]
    raised = attempt("garbage: batches", lambda: live.submit_transactions_batch(full))
    if raised is not None:
        assert live.events() == before


@ORDINARY
@given(st.recursive(LEAVES, lambda inner: st.dictionaries(KEYS, inner, max_size=4)))
def test_garbage_is_no_policy(garbage: Any) -> None:
    live = Orchestrator(SCENARIO)
    attempt("garbage: update_agent_policy", lambda: live.update_agent_policy("A", revive(garbage)))
    assert live.run() == 4


NODES = st.fixed_dictionaries(
    {"type": st.sampled_from(["action", "condition", "x"])},
    optional={
        "node_id": st.text(max_size=4),
        "action": st.sampled_from(["Release", "Hold", "Split", "SetState", "PostCollateral", ""]),
        "parameters": GARBAGE,
        "condition": GARBAGE,
        "on_true": GARBAGE,
        "on_false": GARBAGE,
    },
)


@ORDINARY
@given(NODES)
def test_garbage_in_policy_trees(node: dict[str, Any]) -> None:
    document = worlds.HOLD | {"payment_tree": revive(node)}
    live = Orchestrator(SCENARIO)
    attempt("garbage: trees", lambda: live.update_agent_policy("A", document))
    assert live.run() == 4


@ORDINARY
@given(st.text(st.characters(), max_size=200) | st.binary(max_size=50).map(repr))
def test_any_text_can_be_validated(text: str) -> None:
    attempt("validate_policy: text", lambda: json.loads(validate_policy(text)))


@ORDINARY
@given(st.data())
def test_damaged_pickles_are_refused(data: st.DataObject) -> None:
    damaged = bytearray(CARRIED)
    kind = data.draw(st.sampled_from(["flip", "cut", "insert"]))
    place = data.draw(st.integers(0, len(damaged) - 1))
    if kind == "flip":
        damaged[place] ^= 1 << data.draw(st.integers(0, 7))
    elif kind == "cut":
        del damaged[place:]
    else:
        damaged[place:place] = data.draw(st.binary(min_size=1, max_size=9))

    def restore() -> None:
        scenario = Scenario._restore(bytes(damaged), "", "", "[]")
        repr(scenario)
        Orchestrator(scenario).run()

    attempt("Scenario._restore: damaged", restore)
