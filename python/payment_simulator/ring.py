"""The picture of who pays whom: agents in a ring, arrows for what settled between them."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from payment_simulator.drawing import COLOURS, Money, legend_below, new_axes, say

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from payment_simulator.run import Run

__all__ = ["draw_ring"]

_FEW = 12
"""Up to so many agents stand in the order of their ids, with upright names."""
_MANY_ARROWS = 20
"""More arrows than so many are drawn thinner."""


def draw_ring(run: Run, most: int, arrows: int, ax: Axes | None) -> Axes:
    """Draws ``most`` agents and the ``arrows`` largest flows between them."""
    flows, turnover = _flows(run)
    shown = sorted(turnover, key=lambda agent: (-turnover[agent], agent))[: max(most, 0)]
    places = _places(sorted(shown) if len(shown) <= _FEW else _spread(shown))
    inside = [flow for flow in flows if flow[1] in places and flow[2] in places]
    drawn = sorted(inside, reverse=True)[: max(arrows, 0)]

    ax = new_axes(ax, size=(6.4, 6.8))
    title = "Value settled between agents"
    if len(shown) < len(turnover):
        title = f"Value settled between {len(shown):,} of {len(turnover):,} agents"
    if len(drawn) < len(inside):
        title += f", the {len(drawn):,} largest flows"
    ax.set_title(title, loc="left", fontsize=11)
    if not drawn:
        say(ax, "nothing settled")
        return ax
    radii = _circles(ax, places, turnover)
    _arrows(ax, places, drawn, radii)
    _names(ax, places, radii)
    _key(ax, Money.of(run, drawn[0][0]), drawn[0][0], len(drawn))
    reach = 1.3 if len(places) <= _FEW else 1.4
    ax.set_xlim(-reach, reach)
    ax.set_ylim(-reach, reach)
    ax.set_aspect("equal")
    ax.set_axis_off()
    return ax


def _flows(run: Run) -> tuple[list[tuple[int, str, str]], dict[str, int]]:
    """What settled between each two agents, and what each paid and received."""
    pairs = run.pairs.to_dict()
    turnover: dict[str, int] = dict.fromkeys(run.agent_ids, 0)
    columns = (pairs[key] for key in ("settled_value", "sender_id", "receiver_id"))
    flows = [flow for flow in zip(*columns, strict=True) if flow[0]]
    for value, sender, receiver in flows:
        turnover[sender] += value
        turnover[receiver] += value
    return flows, turnover


def _spread(agents: list[str]) -> list[str]:
    """Sets large agents, which come first, apart from each other around the ring."""
    count = len(agents)
    stride = max(1, round(0.382 * count))
    while math.gcd(stride, count) != 1:
        stride += 1
    ring = [""] * count
    for rank, agent in enumerate(agents):
        ring[rank * stride % count] = agent
    return ring


def _places(ring: list[str]) -> dict[str, tuple[float, float]]:
    angles = (2 * math.pi * index / max(len(ring), 1) for index in range(len(ring)))
    return {
        agent: (math.sin(angle), math.cos(angle)) for agent, angle in zip(ring, angles, strict=True)
    }


def _circles(
    ax: Axes, places: dict[str, tuple[float, float]], turnover: dict[str, int]
) -> dict[str, float]:
    """Draws the agents; gives the radius of each in points."""
    largest = max(turnover[agent] for agent in places) or 1
    room = 560.0 if len(places) <= _FEW else 240.0
    areas = {agent: 30 + room * turnover[agent] / largest for agent in places}
    xs, ys = zip(*places.values(), strict=True)
    colours = COLOURS[4]
    ax.scatter(xs, ys, s=list(areas.values()), color=colours, edgecolor="white", zorder=3)
    return {agent: math.sqrt(area / math.pi) for agent, area in areas.items()}


def _arrows(
    ax: Axes,
    places: dict[str, tuple[float, float]],
    flows: list[tuple[int, str, str]],
    radii: dict[str, float],
) -> None:
    from matplotlib.patches import FancyArrowPatch

    widest, most = flows[0][0], _most(len(flows))
    for value, sender, receiver in reversed(flows):
        share = value / widest
        head = 5 + 1.6 * most * share
        ax.add_patch(
            FancyArrowPatch(
                places[sender],
                places[receiver],
                arrowstyle=f"-|>,head_length={0.1 * head:.2f},head_width={0.05 * head:.2f}",
                mutation_scale=6,
                color=COLOURS[0],
                alpha=0.2 + 0.6 * share,
                linewidth=_width(share, most),
                shrinkA=radii[sender] + 3,
                shrinkB=radii[receiver] + 3,
                connectionstyle="arc3,rad=0.14",
                zorder=2,
            )
        )


def _most(flows: int) -> float:
    """Width of the widest of so many arrows in points."""
    return 5.0 if flows <= _MANY_ARROWS else 3.0


def _width(share: float, most: float) -> float:
    """Width of the arrow for a share of the largest flow in points."""
    return 0.4 + (most - 0.4) * share


def _names(ax: Axes, places: dict[str, tuple[float, float]], radii: dict[str, float]) -> None:
    """Writes the names outside the ring; those of many agents point away from its middle."""
    many = len(places) > _FEW
    for agent, (x, y) in places.items():
        away = radii[agent] + 5
        side = "left" if x > 0.02 else "right" if x < -0.02 else "center"
        height = "bottom" if y > 0.9 else "top" if y < -0.9 else "center"
        turn = math.degrees(math.atan2(y, x))
        if many:
            side, height = "left" if x >= 0 else "right", "center"
            turn += 0 if x >= 0 else 180
        ax.annotate(
            agent,
            (x, y),
            xytext=(away * x, away * y),
            textcoords="offset points",
            rotation=turn if many else 0,
            rotation_mode="anchor",
            ha=side,
            va=height,
            fontsize=7 if many else 9,
        )


def _key(ax: Axes, money: Money, widest: int, flows: int) -> None:
    """Says what the widths of the arrows stand for."""
    from matplotlib.lines import Line2D

    handles, labels = [], []
    for share in (1.0, 0.5, 0.1):
        width, strength = _width(share, _most(flows)), 0.2 + 0.6 * share
        handles.append(Line2D([], [], color=COLOURS[0], linewidth=width, alpha=strength))
        labels.append(money.text(round(widest * share)))
    handles.append(Line2D([], [], color=COLOURS[4], marker="o", linestyle="", markersize=7))
    labels.append("agent, by turnover")
    legend_below(ax, handles, labels)
