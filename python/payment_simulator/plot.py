"""Pictures of a run, made with matplotlib (``pip install 'payment-simulator[plot]'``)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from payment_simulator.run import Run

__all__ = ["Plots"]

# Eight colours that are told apart by most people (after Okabe and Ito).
COLOURS = (
    "#0072B2",
    "#D55E00",
    "#009E73",
    "#CC79A7",
    "#E69F00",
    "#56B4E9",
    "#666666",
    "#B8A600",
)
COSTS = (
    ("liquidity_cost", "overdraft"),
    ("delay_cost", "delay"),
    ("collateral_cost", "collateral"),
    ("penalty_cost", "penalties"),
    ("split_friction_cost", "splitting"),
    ("liquidity_opportunity_cost", "pool liquidity"),
)


class Plots:
    """The pictures of one run: ``run.plot.balances()`` and so on.

    Each method draws into ``ax``, or into a new figure, and returns the axes, so that titles,
    limits and annotations can be changed afterwards. Amounts are shown in major units of the
    run's currency.
    """

    def __init__(self, run: Run) -> None:
        self._run = run

    def balances(
        self, agents: Sequence[str] | None = None, *, most: int = 8, ax: Axes | None = None
    ) -> Axes:
        """Draws the balance of each agent after every tick.

        Args:
            agents: Which agents; the ``most`` whose balances move most if not given.
            most: How many agents to draw if they are not named.
            ax: Where to draw; a new figure if not given.

        Raises:
            AgentNotFoundError: One of the agents does not take part.
        """
        run = self._run
        balances, ids = run.balances, run.agent_ids
        if agents is None:
            spread = balances.max(axis=0) - balances.min(axis=0) if len(balances) else []
            order = sorted(range(len(ids)), key=lambda index: (-int(spread[index]), index))
            chosen = sorted(order[:most]) if len(balances) else []
            others = len(ids) - len(chosen)
        else:
            chosen, others = [run.agent_index(agent) for agent in agents], 0
        ax = _axes(ax)
        for place, index in enumerate(chosen):
            series = balances[:, index] / run.major
            ax.step(
                range(len(series)),
                series,
                where="post",
                label=ids[index],
                color=COLOURS[place % len(COLOURS)],
                linewidth=1.4,
            )
        ax.axhline(0, color="#999999", linewidth=0.8, zorder=0)
        title = "Balances"
        if others:
            title += f" of the {len(chosen)} agents that move most"
        self._finish(ax, title, run.money_label)
        _legend(ax)
        return ax

    def queues(self, *, ax: Axes | None = None) -> Axes:
        """Draws the value that waits in queue 1 (held by banks) and queue 2 (by the system)."""
        run = self._run
        ticks = run.ticks.to_dict()
        ax = _axes(ax)
        held = [value / run.major for value in ticks["queue1_value"]]
        queued = [value / run.major for value in ticks["queue2_value"]]
        ax.stackplot(
            ticks["tick"],
            held,
            queued,
            labels=["queue 1: held by banks", "queue 2: waiting for liquidity"],
            colors=[COLOURS[5], COLOURS[1]],
            step="post",
        )
        ax.set_ylim(bottom=0)
        self._finish(ax, "Value waiting after each tick", run.money_label)
        _legend(ax)
        return ax

    def throughput(self, *, ax: Axes | None = None) -> Axes:
        """Draws which share of the value that arrives over the run has arrived and settled."""
        run = self._run
        ticks = run.ticks.to_dict()
        total = sum(ticks["arrived_value"]) or 1
        ax = _axes(ax)
        for key, label, colour in (
            ("arrived_value", "arrived", COLOURS[6]),
            ("settled_value", "settled", COLOURS[0]),
        ):
            share = [100 * value / total for value in _running(ticks[key])]
            ax.step(ticks["tick"], share, where="post", label=label, color=colour)
        ax.set_ylim(0, 102)
        self._finish(ax, "Throughput", "% of the value of the run")
        _legend(ax)
        return ax

    def costs(self, *, most: int = 20, ax: Axes | None = None) -> Axes:
        """Draws what each agent paid, by kind of cost.

        Args:
            most: How many agents to draw: those with the highest costs.
            ax: Where to draw; a new figure if not given.
        """
        run = self._run
        by_agent: dict[str, list[int]] = {agent: [0] * len(COSTS) for agent in run.agent_ids}
        table = run.costs.to_dict()
        for row, agent in enumerate(table["agent_id"]):
            sums = by_agent[agent]
            for kind, (key, _) in enumerate(COSTS):
                sums[kind] += table[key][row]
        order = sorted(by_agent, key=lambda agent: (-sum(by_agent[agent]), agent))
        shown = [agent for agent in order if sum(by_agent[agent])][:most] or order[:most]
        ax = _axes(ax)
        left = [0.0] * len(shown)
        for kind, (_, label) in enumerate(COSTS):
            widths = [by_agent[agent][kind] / run.major for agent in shown]
            if any(widths):
                ax.barh(shown, widths, left=left, label=label, color=COLOURS[kind])
                left = [start + width for start, width in zip(left, widths, strict=True)]
        ax.invert_yaxis()
        ax.set_xlim(left=0)
        title = "Costs"
        if len(shown) < len(order):
            title += f" of {len(shown)} of {len(order)} agents"
        _dress(ax, title)
        ax.set_xlabel(run.money_label)
        _legend(ax)
        return ax

    def network(self, *, most: int = 30, ax: Axes | None = None) -> Axes:
        """Draws who pays whom: circles are agents, lines the value settled between them.

        Args:
            most: How many agents to draw: those with the highest turnover.
            ax: Where to draw; a new figure if not given.
        """
        run = self._run
        pairs = run.pairs.to_dict()
        turnover: dict[str, int] = dict.fromkeys(run.agent_ids, 0)
        columns = (pairs[key] for key in ("sender_id", "receiver_id", "settled_value"))
        flows = list(zip(*columns, strict=True))
        for sender, receiver, value in flows:
            turnover[sender] += value
            turnover[receiver] += value
        shown = sorted(turnover, key=lambda agent: (-turnover[agent], agent))[:most]
        shown.sort()
        ax = _axes(ax, size=(6.4, 6.4))
        angles = (2 * math.pi * index / max(len(shown), 1) for index in range(len(shown)))
        places = {
            agent: (math.sin(angle), math.cos(angle))
            for agent, angle in zip(shown, angles, strict=True)
        }
        widest = max((value for _, _, value in flows), default=0) or 1
        for sender, receiver, value in flows:
            if value and sender in places and receiver in places:
                share = value / widest
                ax.annotate(
                    "",
                    xy=places[receiver],
                    xytext=places[sender],
                    arrowprops={
                        "arrowstyle": "-|>",
                        "color": COLOURS[0],
                        "alpha": 0.15 + 0.6 * share,
                        "linewidth": 0.4 + 3.6 * share,
                        "shrinkA": 12,
                        "shrinkB": 12,
                        "connectionstyle": "arc3,rad=0.12",
                    },
                )
        largest = max(turnover.values(), default=0) or 1
        sizes = [60 + 540 * turnover[agent] / largest for agent in shown]
        xs = [places[agent][0] for agent in shown]
        ys = [places[agent][1] for agent in shown]
        ax.scatter(xs, ys, s=sizes, color=COLOURS[4], edgecolor="white", zorder=3)
        for agent in shown:
            x, y = places[agent]
            ax.annotate(agent, (1.14 * x, 1.14 * y), ha="center", va="center", fontsize=8)
        ax.set_xlim(-1.35, 1.35)
        ax.set_ylim(-1.35, 1.35)
        ax.set_aspect("equal")
        ax.set_axis_off()
        title = "Value settled between agents"
        if len(shown) < len(turnover):
            title += f": {len(shown)} of {len(turnover)}"
        ax.set_title(title, loc="left", fontsize=11)
        return ax

    def _finish(self, ax: Axes, title: str, label: str) -> None:
        _dress(ax, title)
        ax.set_ylabel(label)
        ax.set_xlabel("tick")
        ax.margins(x=0)
        per_day = self._run.ticks_per_day
        for day in range(1, self._run.num_days):
            ax.axvline(day * per_day, color="#cccccc", linewidth=0.8, zorder=0)


def _axes(ax: Axes | None, size: tuple[float, float] = (8.0, 4.0)) -> Axes:
    if ax is not None:
        return ax
    try:
        import matplotlib.pyplot as plt
    except ImportError as error:
        message = "pictures need matplotlib: pip install 'payment-simulator[plot]'"
        raise ImportError(message) from error
    _, made = plt.subplots(figsize=size, layout="constrained")
    return made


def _dress(ax: Axes, title: str) -> None:
    import matplotlib.ticker as ticker

    ax.set_title(title, loc="left", fontsize=11)
    for side in ("top", "right"):
        ax.spines[side].set_visible(False)
    for axis in (ax.xaxis, ax.yaxis):
        formatter: Any = axis.get_major_formatter()
        if isinstance(formatter, ticker.ScalarFormatter):
            axis.set_major_formatter(ticker.FuncFormatter(lambda value, _: f"{value:,.10g}"))


def _legend(ax: Axes) -> None:
    handles, labels = ax.get_legend_handles_labels()
    if handles:
        ax.legend(handles, labels, frameon=False, fontsize=8, loc="best")


def _running(values: Sequence[int]) -> list[int]:
    sums, total = [], 0
    for value in values:
        total += value
        sums.append(total)
    return sums
