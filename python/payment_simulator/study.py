"""Many runs at a time."""

from __future__ import annotations

import operator
import os
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, SupportsIndex

from payment_simulator import _core
from payment_simulator._core import Frame
from payment_simulator.progress import progress_bar
from payment_simulator.run import Config, Policies

__all__ = ["run_many"]


def run_many(
    config: Config,
    *,
    seeds: Iterable[int] | SupportsIndex | None = None,
    policies: Sequence[Policies | None]
    | Mapping[str, Policies | None]
    | os.PathLike[str]
    | None = None,
    overrides: Sequence[Mapping[str, Any] | None]
    | Mapping[str, Mapping[str, Any] | None]
    | None = None,
    threads: int | None = None,
    by_agent: bool = False,
    progress: bool | None = None,
) -> Frame:
    """Runs a scenario under every combination of seeds, policies and overrides.

    The runs go in parallel, with the interpreter lock released; the table is the same whatever the
    number of threads. Ctrl-C stops all of them.

    Args:
        config: The path of a scenario file, a dict of its keys, or a :class:`Scenario`.
        seeds: Seeds, or how many from 0 on; the scenario's own if not given.
        policies: Ways to set the policies, each as in :func:`run_scenario` (``None`` for the
            scenario's own): a dict by name, or a list whose names are made from its entries.
        overrides: Ways to change the scenario, likewise. What is set to a number is a column, too.
        threads: How many threads; as many as the machine has if not given.
        by_agent: Whether there is a row for each agent of each run, with its liquidity and costs.
        progress: Whether to show a progress bar; if not given, in terminals and notebooks.

    Returns:
        One row for each run: ``run``, ``seed``, ``policies`` and ``overrides`` (names), then
        ``arrived_count``, ``arrived_value``, ``settled_count``, ``settled_value``,
        ``unsettled_count``, ``unsettled_value``, ``mean_delay_ticks``, ``delay_indicator``,
        ``liquidity_used``, ``turnover_ratio``, ``num_events``, ``total_cost`` and the costs by
        kind; then a column for each key that ``overrides`` set to a number (the first 64), of its
        name, null where it was not set. Values, liquidity and costs are minor units.

    Raises:
        TypeError: A setting or a seed is not of its type.
        ValueError: There are too many runs, or a name is not that of a setting.
        ScenarioError: The scenario is not sound under one of the settings.
        SimulationError: A tick of one of the runs cannot happen.
    """
    return _core.run_many(
        config,
        seeds=_seeds(seeds),
        policies=_named("policies", policies, "own"),
        overrides=_named("overrides", overrides, "none"),
        threads=threads,
        by_agent=by_agent,
        progress=progress_bar("runs", progress),
    )


def _seeds(seeds: Iterable[int] | SupportsIndex | None) -> Iterable[int] | None:
    if seeds is None or isinstance(seeds, Iterable):  # an array has an `__index__`, too
        return seeds
    if isinstance(seeds, bool) or not isinstance(seeds, SupportsIndex):
        kind = type(seeds).__name__
        raise TypeError(f"`seeds`: expected a number of seeds or several seeds, got {kind}")
    count = operator.index(seeds)
    if count < 0:
        raise ValueError(f"`seeds` must not be negative: {count}")
    return range(count)


def _named(argument: str, settings: Any, of_none: str) -> list[tuple[Any, Any]]:
    """Gives each setting a name."""
    if settings is None:
        return [(of_none, None)]
    if isinstance(settings, Mapping):
        return list(settings.items())
    if isinstance(settings, str | os.PathLike):
        return [(str(settings), settings)]
    if not isinstance(settings, Iterable):
        kind = type(settings).__name__
        raise TypeError(f"`{argument}`: expected a list or a dict of settings, got {kind}")
    return [(_name(setting, of_none), setting) for setting in settings]


def _name(setting: Any, of_none: str) -> str:
    if setting is None:
        return of_none
    if isinstance(setting, Mapping):
        return ", ".join(f"{key}={_short(value)}" for key, value in setting.items())
    return str(setting)


def _short(value: Any, depth: int = 0) -> str:
    if not isinstance(value, Mapping):
        return str(value)
    if "policy_id" in value or depth == 2:
        return str(value.get("policy_id", "…"))
    return "{" + ", ".join(f"{key}={_short(it, depth + 1)}" for key, it in value.items()) + "}"
