"""Pictures: each draws for small, large and empty runs, where it was told to."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from payment_simulator import AgentNotFoundError, Run, run_scenario

matplotlib = pytest.importorskip("matplotlib")
matplotlib.use("Agg")
plt = pytest.importorskip("matplotlib.pyplot")

SCENARIOS = Path(__file__).parents[2] / "scenarios"
KINDS = ("balances", "queues", "throughput", "costs", "network")


def banks(number: int, **keys: Any) -> dict[str, Any]:
    arrivals = {
        "rate_per_tick": 2,
        "amount_distribution": {"type": "Uniform", "min": 10_00, "max": 90_00},
        "deadline_range": [2, 6],
    }
    agents = [
        {"id": f"BANK{index:03}", "opening_balance": 100_00, "arrival_config": arrivals}
        for index in range(number)
    ]
    return {"ticks_per_day": 12, "num_days": 1, "rng_seed": 3, "agents": agents} | keys


RUNS: dict[str, Any] = {
    "first day": lambda: run_scenario(SCENARIOS / "first_day.yaml"),
    "shock day": lambda: run_scenario(SCENARIOS / "shock_day.yaml"),
    "several days": lambda: run_scenario(SCENARIOS / "several_days.yaml"),
    "two banks": lambda: run_scenario(banks(2)),
    "fifty banks": lambda: run_scenario(banks(50, currency="EUR")),
    "one bank": lambda: run_scenario(
        {"ticks_per_day": 3, "num_days": 1, "agents": [{"id": "A", "opening_balance": -5}]}
    ),
    "no tick": lambda: run_scenario(SCENARIOS / "first_day.yaml", ticks=0),
    "a part": lambda: run_scenario(SCENARIOS / "several_days.yaml", ticks=30),
}


@pytest.fixture(autouse=True)
def _figures_are_closed() -> Iterator[None]:
    yield
    plt.close("all")


@pytest.fixture(scope="module", params=RUNS)
def run(request: pytest.FixtureRequest) -> Run:
    made = RUNS[request.param]()
    assert isinstance(made, Run)
    return made


def saved(axes: Any, folder: Path) -> bytes:
    path = folder / "picture.png"
    axes.figure.savefig(path)
    return path.read_bytes()


@pytest.mark.parametrize("kind", KINDS)
def test_each_picture_draws(run: Run, kind: str, tmp_path: Path) -> None:
    axes = getattr(run.plot, kind)()
    assert axes.get_title(loc="left")
    assert len(saved(axes, tmp_path)) > 2_000


@pytest.mark.parametrize("kind", KINDS)
def test_draws_into_the_axes_that_are_given(kind: str) -> None:
    run = run_scenario(banks(2))
    _, (left, right) = plt.subplots(1, 2)
    assert getattr(run.plot, kind)(ax=right) is right
    assert len(plt.get_fignums()) == 1
    assert right.get_title(loc="left")
    assert not left.get_title(loc="left")


def test_balances_show_who_is_asked_for() -> None:
    run = run_scenario(banks(3))
    axes = run.plot.balances(["BANK002", "BANK000"])
    legend = axes.get_legend()
    assert legend is not None
    assert {text.get_text() for text in legend.get_texts()} == {"BANK000", "BANK002"}
    assert axes.get_title(loc="left") == "Balances"


def test_balances_draw_the_last_tick_too() -> None:
    run = run_scenario(banks(2))
    axes = run.plot.balances("BANK000")
    heights: Any = axes.lines[0].get_ydata()
    assert len(heights) == run.ticks_done + 1
    assert heights[-1] == run.balances[-1, 0] / 100
    assert axes.get_xlim() == (0, run.ticks_done)


def test_an_unknown_agent_is_named() -> None:
    run = run_scenario(banks(2))
    with pytest.raises(AgentNotFoundError, match="NOBODY"):
        run.plot.balances(["NOBODY"])
    assert plt.get_fignums() == []


def test_many_agents_are_cut_to_the_most_important() -> None:
    run = run_scenario(banks(50))
    assert run.plot.balances(most=3).get_title(loc="left").startswith("Balances of the 3 of 50")
    assert run.plot.network(most=20, arrows=5).get_title(loc="left") == (
        "Value settled between 20 of 50 agents, the 5 largest flows"
    )
    assert len(run.plot.costs(most=7).get_yticklabels()) == 7


@pytest.mark.parametrize(
    ("balance", "label"),
    [
        (100_00, "EUR"),
        (100_000_00, "EUR thousand"),
        (5_000_000_00, "EUR million"),
        (9_000_000_000_00, "EUR billion"),
    ],
)
def test_units_follow_the_amounts(balance: int, label: str) -> None:
    agents = [{"id": "A", "opening_balance": balance}]
    run = run_scenario({"ticks_per_day": 2, "num_days": 1, "currency": "EUR", "agents": agents})
    assert run.plot.balances().get_ylabel() == label


def test_a_day_with_a_clock_has_times() -> None:
    axes = RUNS["first day"]().plot.queues()
    axes.figure.canvas.draw()
    assert axes.get_xlabel() == "time of day"
    labels = [label.get_text() for label in axes.get_xticklabels()]
    assert {"07:00", "12:00", "18:00"} <= set(labels)


def test_days_are_marked_where_there_are_several() -> None:
    axes = RUNS["several days"]().plot.throughput()
    assert axes.get_xlabel() == "tick"
    assert [text.get_text() for text in axes.texts] == ["day 0", "day 1", "day 2"]


def test_a_run_without_costs_says_so() -> None:
    axes = RUNS["one bank"]().plot.network()
    assert axes.texts[0].get_text() == "nothing settled"
    free = run_scenario(banks(2, cost_rates={"delay_cost_per_tick_per_cent": 0}), ticks=1)
    assert free.plot.costs().texts[0].get_text() == "no costs"


def test_html_holds_the_figures_of_the_run() -> None:
    page = RUNS["first day"]()._repr_html_()
    assert page.startswith("<table>")
    assert "EUR 8,427.21" in page
    assert "1,161" in page
