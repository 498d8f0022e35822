"""Runs from beginning to end, and what happened in them."""

from __future__ import annotations

import html
import os
from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any

from payment_simulator import _core
from payment_simulator._core import Frame, Scenario
from payment_simulator.plot import Plots
from payment_simulator.progress import progress_bar

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

__all__ = ["Config", "Run", "open_run", "run_scenario"]

Config = str | os.PathLike[str] | Mapping[str, Any] | Scenario
"""What a scenario can be given as."""

Policies = str | os.PathLike[str] | Mapping[str, Any]
"""One policy for all agents, or policies by agent id (``"*"`` for all others)."""


def run_scenario(
    config: Config,
    *,
    seed: int | None = None,
    overrides: Mapping[str, Any] | None = None,
    policies: Policies | None = None,
    trace_decisions: bool = False,
    allow_outside: bool = False,
    ticks: int | None = None,
    persist: str | os.PathLike[str] | None = None,
    simulation_id: str | None = None,
    progress: bool | None = None,
) -> Run:
    """Runs a scenario from beginning to end.

    Other threads go on meanwhile. Ctrl-C stops it within a moment; what was to be persisted is
    kept as far as it went.

    Args:
        config: The path of a scenario file, a dict of its keys, or a :class:`Scenario`.
        seed: Seed of the arrival generator in place of the scenario's own.
        overrides: Values by their path: ``{"agents.A.opening_balance": 5_000}``.
        policies: The name of a policy of the library, the path of a file, or what a scenario has
            under ``policy`` (``{"type": "Library", "name": "deadline"}``), for all agents; or a
            dict of these or of documents by agent id, ``"*"`` for all others.
        trace_decisions: Whether each decision is recorded with the way that led to it.
        allow_outside: Whether the scenario may name files outside of its folder (of a dict: of the
            working directory).
        ticks: Only the first so many ticks.
        persist: A database file in which the run is stored; made if there is none.
        simulation_id: The id under which it is stored.
        progress: Whether to show a progress bar; if not given, in terminals and notebooks.

    Raises:
        ScenarioError: The scenario is not sound.
        ValueError: There is a ``simulation_id`` but nothing to ``persist``.
        SimulationError: A tick cannot happen, or more ticks were asked for than there are.
        JournalError: The database cannot be written.
    """
    bar = progress_bar("ticks", progress)
    core = _core.run_scenario(
        config,
        seed=seed,
        overrides=overrides,
        policies=policies,
        trace_decisions=trace_decisions,
        allow_outside=allow_outside,
        ticks=ticks,
        persist=persist,
        simulation_id=simulation_id,
        progress=bar,
    )
    run = Run(core)
    if bar is not None:
        bar(run.ticks_done, run.ticks_done)
    return run


def open_run(db: str | os.PathLike[str], simulation_id: str | None = None) -> Run:
    """Reads a run out of a database; it gives what the run gave when it was made.

    Args:
        db: The database file.
        simulation_id: Which run; not needed if there is only one.

    Raises:
        JournalError: The database cannot be read, or has no such run.
    """
    return Run(_core.open_run(db, simulation_id))


class Run:
    """What happened in a run that is over, or was stored.

    Everything here is made from the events of the run, when it is first asked for. The tables are
    :class:`Frame` objects: ``polars.DataFrame(run.events)``, ``run.events.to_pandas()``.
    """

    def __init__(self, core: _core.Run) -> None:
        """Shows a run of the compiled part; made by :func:`run_scenario` and :func:`open_run`."""
        self._core = core

    @classmethod
    def of(cls, orchestrator: _core.Orchestrator) -> Run:
        """Shows what has happened in a live run so far."""
        return cls(orchestrator._result())

    @cached_property
    def events(self) -> Frame:
        """All events: ``seq``, ``tick``, ``day``, ``event_type``, and every field that occurs."""
        return self._core.events()

    def events_of(self, event_type: str) -> Frame:
        """Gives the events of one type, with the columns of that type alone.

        Raises:
            ValueError: There is no such type.
        """
        return self._core.events_of(event_type)

    @cached_property
    def transactions(self) -> Frame:
        """One row for each payment: who, how much, when, and what became of it."""
        return self._core.transactions()

    @cached_property
    def agents_by_tick(self) -> Frame:
        """One row for each agent and tick: balance, credit, queues and costs after the tick."""
        return self._core.agents_by_tick()

    @cached_property
    def ticks(self) -> Frame:
        """One row for each tick: what arrived and settled in it, what waits after it."""
        return self._core.ticks()

    @cached_property
    def pairs(self) -> Frame:
        """One row for each sender and receiver: how much arrived and settled between them."""
        return self._core.pairs()

    @cached_property
    def costs(self) -> Frame:
        """One row for each agent and day: costs by kind, in minor units."""
        return self._core.costs()

    @cached_property
    def summary(self) -> dict[str, Any]:
        """The main measures of the run, as ``payment-sim run --output json`` gives them.

        An amount that 64 bits do not hold is a text of digits.
        """
        return self._core.summary()

    def report(self) -> str:
        """Gives the page that ``payment-sim run`` prints: the summary in words and tables."""
        return self._core.report()

    @cached_property
    def measures(self) -> dict[str, Any]:
        """All measures of the run, as ``payment-sim report --json`` gives them.

        ``docs/measures.md`` has the formula, unit and source of each. An amount that 64 bits do
        not hold is a text of digits.
        """
        return self._core.measures()

    def html(self) -> str:
        """Gives the page that ``payment-sim report -o`` writes: the run in one HTML file."""
        return self._core.html()

    def trace(self, tx_id: str) -> str:
        """Gives the life of a payment, as ``payment-sim trace`` prints it.

        Where it waited and why, when and how it settled, and what it cost.

        Raises:
            ValueError: There is no such payment.
        """
        return self._core.trace(tx_id)

    def trace_as_dict(self, tx_id: str) -> dict[str, Any]:
        """Gives the life of a payment, as ``payment-sim trace --output json`` prints it.

        Raises:
            ValueError: There is no such payment.
        """
        return self._core.trace_as_dict(tx_id)

    @cached_property
    def balances(self) -> npt.NDArray[np.int64]:
        """Balances after each tick in minor units: an array of ticks by agents.

        Columns are in the order of :attr:`agent_ids`. Needs NumPy.
        """
        try:
            import numpy as np
        except ImportError as error:
            message = "balances are a NumPy array: pip install numpy"
            raise ImportError(message) from error

        flat = np.frombuffer(self._core.balances(), dtype=np.int64)
        return flat.reshape(self.ticks_done, len(self.agent_ids))

    @property
    def agent_ids(self) -> list[str]:
        """Ids of the agents, ascending."""
        return self._core.agent_ids()

    def agent_index(self, agent_id: str) -> int:
        """Gives the place of an agent in :attr:`agent_ids`, and its column in :attr:`balances`.

        Raises:
            AgentNotFoundError: The agent does not take part.
        """
        return self._core.agent_index(agent_id)

    @property
    def scenario(self) -> Scenario | None:
        """The scenario; ``None`` for a run out of a database."""
        return self._core.scenario()

    @property
    def simulation_id(self) -> str | None:
        """The id under which the run is stored; ``None`` if it is not."""
        return self._core.simulation_id()

    @property
    def source(self) -> str:
        """Where the scenario came from."""
        return self._core.source()

    @property
    def stream_hash(self) -> str:
        """BLAKE3 over all events: equal for equal runs on every path."""
        return self._core.stream_hash()

    @property
    def num_events(self) -> int:
        """Number of events."""
        return self._core.num_events()

    @property
    def ticks_per_day(self) -> int:
        """Ticks in a day."""
        return self._core.calendar()[0]

    @property
    def num_days(self) -> int:
        """Days of the scenario."""
        return self._core.calendar()[1]

    @property
    def ticks_done(self) -> int:
        """Ticks that have run."""
        return self._core.ticks_done()

    @property
    def is_complete(self) -> bool:
        """Whether the run came to the last tick of its scenario."""
        return self.ticks_done == self._core.calendar()[2]

    @property
    def currency(self) -> str:
        """Currency code; empty if none was given."""
        return self._core.currency()[0]

    @property
    def major(self) -> int:
        """Minor units in a major unit: 100 for euros."""
        return int(10 ** self._core.currency()[1])

    @property
    def money_label(self) -> str:
        """What stands at an axis of amounts."""
        return self.currency or "major units"

    @cached_property
    def plot(self) -> Plots:
        """Pictures of the run; they need matplotlib."""
        return Plots(self)

    def __repr__(self) -> str:
        """Says which run this is and how far it came."""
        of = "" if self.is_complete else f" of {self._core.calendar()[2]:,}"
        return (
            f"<Run {self.source}: {len(self.agent_ids):,} agents, {self.ticks_done:,}{of} ticks, "
            f"{self.num_events:,} events>"
        )

    def _repr_html_(self) -> str:
        payments, costs = self.summary["payments"], self.summary["costs"]
        delay = self.summary["delay"]["indicator"]
        rate = payments["settlement_rate_value"]
        rows = [
            ("scenario", self.source),
            ("agents", f"{len(self.agent_ids):,}"),
            ("ticks", f"{self.ticks_done:,} of {self._core.calendar()[2]:,}"),
            ("payments", f"{payments['arrived']['count']:,}"),
            ("settled, by value", "none" if rate is None else f"{100 * rate:.2f} %"),
            ("delay indicator", "none" if delay is None else f"{delay:.4f}"),
            ("costs", self._core.amount(int(costs["total"]))),
            ("events", f"{self.num_events:,}"),
        ]
        cells = "".join(
            f"<tr><th style='text-align:left'>{name}</th>"
            f"<td style='text-align:right'>{html.escape(value)}</td></tr>"
            for name, value in rows
        )
        return f"<table><caption>Run</caption>{cells}</table>"
