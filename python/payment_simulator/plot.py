"""Pictures of a run, made with matplotlib (``pip install matplotlib``)."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate
from typing import TYPE_CHECKING

from payment_simulator.drawing import (
    COLOURS,
    Money,
    dress,
    legend_beside,
    new_axes,
    say,
    time_axis,
)
from payment_simulator.ring import draw_ring

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from payment_simulator.run import Run

__all__ = ["Plots"]

COSTS = (
    ("liquidity_cost", "overdraft"),
    ("delay_cost", "delay"),
    ("collateral_cost", "collateral"),
    ("penalty_cost", "penalties"),
    ("split_friction_cost", "splitting"),
    ("liquidity_opportunity_cost", "pool liquidity"),
)
LINES = ("-", "--", ":", "-.")


class Plots:
    """The pictures of one run: ``run.plot.balances()`` and so on.

    Each method draws into ``ax``, or into a new figure, and returns the axes, so that titles,
    limits and annotations can be changed afterwards. Amounts are shown in major units of the
    run's currency, or thousands, millions or billions of them. What holds after a tick is drawn
    from the beginning of that tick to its end.
    """

    def __init__(self, run: Run) -> None:
        """Draws a run; made by :attr:`Run.plot`."""
        self._run = run

    def balances(
        self, agents: Sequence[str] | str | None = None, *, most: int = 8, ax: Axes | None = None
    ) -> Axes:
        """Draws the balance of each agent after every tick.

        Args:
            agents: Which agents, or which one; the ``most`` whose balances move most if not given.
            most: How many agents to draw if they are not named.
            ax: Where to draw; a new figure if not given.

        Raises:
            AgentNotFoundError: One of the agents does not take part.
        """
        run = self._run
        balances, ids = run.balances, run.agent_ids
        if isinstance(agents, str):
            agents = [agents]
        if agents is not None:
            chosen = [run.agent_index(agent) for agent in agents]
            chosen = chosen if len(balances) else []
        elif len(balances):
            spread = (balances.max(axis=0) - balances.min(axis=0)).tolist()
            order = sorted(range(len(ids)), key=lambda index: (-spread[index], index))
            chosen = sorted(order[: max(most, 0)])
        else:
            chosen = []
        ax = new_axes(ax)
        shown = balances[:, chosen]
        money = Money.of(run, max(int(shown.max()), -int(shown.min())) if shown.size else 0)
        last: dict[str, int] = {}
        for place, index in enumerate(chosen):
            series = [money.shown(balance) for balance in balances[:, index].tolist()]
            ax.step(
                range(len(series) + 1),
                series + series[-1:],
                where="post",
                label=ids[index],
                color=COLOURS[place % len(COLOURS)],
                linestyle=LINES[place // len(COLOURS) % len(LINES)],
                linewidth=1.4,
            )
            last[ids[index]] = int(balances[-1, index])
        ax.axhline(0, color="#999999", linewidth=0.8, zorder=0)
        title = "Balances"
        if agents is None and 0 < len(chosen) < len(ids):
            title += f" of the {len(chosen):,} of {len(ids):,} agents that move most"
        self._finish(ax, title, money.label)
        handles, labels = ax.get_legend_handles_labels()
        by_end = sorted(zip(labels, handles, strict=True), key=lambda pair: -last[pair[0]])
        legend_beside(ax, [handle for _, handle in by_end], [label for label, _ in by_end])
        return ax

    def queues(self, *, ax: Axes | None = None) -> Axes:
        """Draws the value that waits in queue 1 (held by agents) and queue 2 (by the system).

        Args:
            ax: Where to draw; a new figure if not given.
        """
        run = self._run
        ticks = run.ticks.to_dict()
        held, queued = ticks["queue1_value"], ticks["queue2_value"]
        both = [one + other for one, other in zip(held, queued, strict=True)]
        money = Money.of(run, max(both, default=0))
        ax = new_axes(ax)
        edges = range(len(both) + 1)
        for lower, upper, label, colour in (
            ([0] * len(held), held, "queue 1: held by agents", COLOURS[5]),
            (held, both, "queue 2: released, waiting", COLOURS[1]),
        ):
            ax.fill_between(
                edges,
                [money.shown(value) for value in lower + lower[-1:]] or [0.0],
                [money.shown(value) for value in upper + upper[-1:]] or [0.0],
                step="post",
                label=label,
                color=colour,
                linewidth=0,
            )
        ax.set_ylim(0, 1.05 * money.shown(max(both, default=0)) or 1.0)
        self._finish(ax, "Value that waits after each tick", money.label)
        legend_beside(ax)
        return ax

    def throughput(self, *, ax: Axes | None = None) -> Axes:
        """Draws which share of the value that arrives over the run has arrived and settled.

        Args:
            ax: Where to draw; a new figure if not given.
        """
        ticks = self._run.ticks.to_dict()
        total = sum(ticks["arrived_value"]) or 1
        ax = new_axes(ax)
        shares = {}
        for key, word, colour in (
            ("arrived_value", "arrived", COLOURS[6]),
            ("settled_value", "settled", COLOURS[0]),
        ):
            share = [100 * value / total for value in accumulate(ticks[key])] or [0.0]
            share.append(share[-1])
            label = f"{word}: {share[-1]:.1f} % in the end"
            ax.step(range(len(share)), share, where="post", label=label, color=colour)
            shares[key] = share
        ax.fill_between(
            range(len(shares["arrived_value"])),
            shares["settled_value"],
            shares["arrived_value"],
            step="post",
            color=COLOURS[6],
            alpha=0.15,
            linewidth=0,
            label="waiting or lost",
        )
        ax.set_ylim(0, 102)
        self._finish(ax, "Throughput", "% of the value that arrives")
        legend_beside(ax)
        return ax

    def costs(self, *, most: int = 20, ax: Axes | None = None) -> Axes:
        """Draws what each agent paid over the run, by kind of cost.

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
        totals = {agent: sum(sums) for agent, sums in by_agent.items()}
        order = sorted(totals, key=lambda agent: (-totals[agent], agent))
        shown = order[: max(most, 0)]
        paid = any(totals[agent] for agent in shown)
        ax = new_axes(ax, size=(8.0, 1.4 + 0.32 * max(len(shown) if paid else 0, 3)))
        title = "Costs"
        if len(shown) < len(order):
            title += f" of the {len(shown):,} of {len(order):,} agents that paid most"
        if not paid:
            dress(ax, "Costs")
            say(ax, "no costs")
            return ax
        money = Money.of(run, totals[shown[0]])
        left = [0] * len(shown)
        for kind, (_, label) in enumerate(COSTS):
            amounts = [by_agent[agent][kind] for agent in shown]
            if any(amounts):
                widths = [money.shown(amount) for amount in amounts]
                starts = [money.shown(start) for start in left]
                ax.barh(shown, widths, 0.7, left=starts, label=label, color=COLOURS[kind])
                left = [start + amount for start, amount in zip(left, amounts, strict=True)]
        for row, agent in enumerate(shown):
            total = money.shown(totals[agent])
            ax.text(total, row, f" {_short(total)}", va="center", fontsize=8, color="#444444")
        ax.set_ylim(len(shown) - 0.4, -0.6)
        ax.set_xlim(0, 1.12 * money.shown(totals[shown[0]]))
        dress(ax, title)
        ax.set_xlabel(money.label)
        legend_beside(ax)
        return ax

    def network(self, *, most: int = 30, arrows: int = 120, ax: Axes | None = None) -> Axes:
        """Draws who pays whom: circles are agents, arrows the value settled between them.

        Args:
            most: How many agents to draw: those with the highest turnover.
            arrows: How many arrows to draw: the largest flows between these agents.
            ax: Where to draw; a new figure if not given.
        """
        return draw_ring(self._run, most, arrows, ax)

    def _finish(self, ax: Axes, title: str, label: str) -> None:
        dress(ax, title)
        ax.set_ylabel(label)
        time_axis(ax, self._run)


def _short(number: float) -> str:
    if number and number < 0.01:
        return "< 0.01"
    return f"{number:,.2f}" if 0 < number < 1000 else f"{number:,.0f}"
