"""Axes, scales and legends that all pictures share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from payment_simulator.run import Run

__all__ = [
    "COLOURS",
    "Money",
    "dress",
    "legend_below",
    "legend_beside",
    "new_axes",
    "say",
    "time_axis",
]

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
"""Eight colours that most people can tell apart (after Okabe and Ito)."""

_SCALES = ((2 * 10**9, 10**9, "billion"), (2 * 10**6, 10**6, "million"), (20_000, 1000, "thousand"))
_CLOCK_STEPS = (300, 600, 900, 1800, 3600, 7200, 10800, 14400, 21600)
_MOST_LABELS = 12


@dataclass(frozen=True, slots=True)
class Money:
    """How amounts of a size are written: in major units, thousands, millions or billions."""

    minor: int
    """Minor units in what is shown as 1."""
    label: str
    """What stands at an axis of such amounts: ``EUR million``."""
    currency: str
    scale: str

    @classmethod
    def of(cls, run: Run, largest: int) -> Money:
        """Chooses the unit in which ``largest`` (minor units) has no more than five digits."""
        for least, size, word in _SCALES:
            if abs(largest) >= least * run.major:
                label = f"{run.currency} {word}" if run.currency else f"{word}s"
                return cls(size * run.major, label, run.currency, word)
        return cls(run.major, run.money_label, run.currency, "")

    def shown(self, amount: int) -> float:
        """Gives an amount in the unit."""
        return amount / self.minor

    def text(self, amount: int) -> str:
        """Writes an amount with its unit: ``EUR 1.25 million``."""
        shown = self.shown(amount)
        number = f"{shown:,.0f}" if abs(shown) >= 100 else f"{shown:.3g}"
        parts = (self.currency, number, self.scale)
        return " ".join(part for part in parts if part)


def new_axes(ax: Axes | None, size: tuple[float, float] = (8.0, 4.0)) -> Axes:
    """Gives the axes to draw into: those given, or those of a new figure."""
    if ax is not None:
        return ax
    try:
        import matplotlib.pyplot as plt
    except ImportError as error:
        message = "pictures need matplotlib: pip install matplotlib"
        raise ImportError(message) from error
    _, made = plt.subplots(figsize=size, layout="constrained")
    return made


def dress(ax: Axes, title: str) -> None:
    """Gives axes a title and numbers that are read easily."""
    import matplotlib.ticker as ticker

    ax.set_title(title, loc="left", fontsize=11)
    for side in ("top", "right"):
        ax.spines[side].set_visible(False)
    for axis in (ax.xaxis, ax.yaxis):
        if isinstance(axis.get_major_formatter(), ticker.ScalarFormatter):
            axis.set_major_formatter(ticker.FuncFormatter(_number))


def _number(value: float, _: Any) -> str:
    text = f"{value:,.6f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def time_axis(ax: Axes, run: Run) -> None:
    """Makes the horizontal axis that of time: by the clock on a single day, else in ticks.

    What holds after a tick is drawn from the beginning of that tick to its end.
    """
    import matplotlib.ticker as ticker

    done = max(run.ticks_done, 1)
    ax.set_xlim(0, done)
    clock = _clock(run)
    if clock is not None and done <= run.ticks_per_day:
        opens, seconds = clock
        step = next(
            (step for step in _CLOCK_STEPS if done * seconds / step <= _MOST_LABELS),
            _CLOCK_STEPS[-1],
        )
        first = (-opens % step) / seconds
        ax.xaxis.set_major_locator(ticker.MultipleLocator(step / seconds, offset=first))

        def time_of_day(tick: float, _: Any) -> str:
            minutes = round((opens + tick * seconds) / 60)
            return f"{minutes // 60 % 24:02}:{minutes % 60:02}"

        ax.xaxis.set_major_formatter(ticker.FuncFormatter(time_of_day))
        ax.set_xlabel("time of day")
        return
    ax.xaxis.set_major_locator(ticker.MaxNLocator(10, integer=True))
    ax.set_xlabel("tick")
    _days(ax, run, done)


def _clock(run: Run) -> tuple[int, int] | None:
    """When tick 0 begins and how long a tick is, in seconds, if ticks have clock times."""
    started = run.events_of("RunStarted").to_dict()
    for opens, seconds in zip(started["opens_at_seconds"], started["tick_seconds"], strict=True):
        if opens is not None and seconds is not None:
            return opens, seconds
    return None


def _days(ax: Axes, run: Run, done: int) -> None:
    days = -(-done // run.ticks_per_day)
    if days < 2:
        return
    for day in range(0, days, -(-days // _MOST_LABELS)):
        if day:
            ax.axvline(day * run.ticks_per_day, color="#cccccc", linewidth=0.8, zorder=0)
        ax.annotate(
            f"day {day}",
            (day * run.ticks_per_day, 1.0),
            xycoords=("data", "axes fraction"),
            xytext=(3, -2),
            textcoords="offset points",
            va="top",
            fontsize=7,
            color="#888888",
        )


def legend_below(ax: Axes, handles: Any, labels: Any) -> None:
    """Puts the legend below the axes, in two columns."""
    ax.legend(
        handles,
        labels,
        frameon=False,
        fontsize=8,
        loc="upper center",
        bbox_to_anchor=(0.5, 0.0),
        ncols=2,
        borderaxespad=0.0,
    )


def legend_beside(ax: Axes, handles: Any = None, labels: Any = None) -> None:
    """Puts the legend to the right of the axes, where no data is."""
    if handles is None:
        handles, labels = ax.get_legend_handles_labels()
    if handles:
        ax.legend(
            handles,
            labels,
            frameon=False,
            fontsize=8,
            loc="upper left",
            bbox_to_anchor=(1.01, 1.0),
            borderaxespad=0.0,
        )


def say(ax: Axes, text: str) -> None:
    """Writes a sentence where there is nothing to draw."""
    ax.text(0.5, 0.5, text, transform=ax.transAxes, ha="center", va="center", color="#666666")
    ax.set_xticks([])
    ax.set_yticks([])
    for spine in ax.spines.values():
        spine.set_visible(False)
