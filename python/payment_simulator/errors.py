"""What can go wrong, and what is known of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

__all__ = [
    "AgentNotFoundError",
    "BranchError",
    "CheckpointError",
    "Diagnostic",
    "JournalError",
    "PolicyError",
    "ScenarioError",
    "SimulationError",
]


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One fault or warning of an input, and where it is."""

    severity: Literal["error", "warning"]
    """How bad it is: an input with an error is refused."""
    message: str
    """What is wrong: a short phrase."""
    file: str | None = None
    """The file as it was named, or what stands for it."""
    line: int | None = None
    """Line, from 1. What was given as a dict has the lines of its indented JSON text."""
    column: int | None = None
    """Column in characters, from 1."""
    hint: str | None = None
    """What to do about it."""
    related: str | None = None
    """Another place that has to do with it, and how: ``scenario.yaml:3:7: first given here``."""

    @property
    def place(self) -> str:
        """File, line and column, as far as they are known: ``scenario.yaml:3:7``."""
        parts = (self.file, self.line, self.column)
        return ":".join(str(part) for part in parts if part is not None)

    def __str__(self) -> str:
        place = f"{self.place}: " if self.place else ""
        hint = f" ({self.hint})" if self.hint else ""
        related = f" [{self.related}]" if self.related else ""
        return f"{place}{self.message}{hint}{related}"


class _Refused(ValueError):
    """An input with faults."""

    diagnostics: tuple[Diagnostic, ...]
    """Every fault and warning of the input, in order of place."""

    def __init__(self, message: str = "", diagnostics: Iterable[Diagnostic] = ()) -> None:
        diagnostics = tuple(diagnostics)
        super().__init__(message, diagnostics)
        self.diagnostics = diagnostics

    def __str__(self) -> str:
        return str(self.args[0])


class ScenarioError(_Refused):
    """A scenario is refused; :attr:`diagnostics` holds every fault with its place."""


class PolicyError(_Refused):
    """A policy is refused; :attr:`diagnostics` holds every fault with its place."""


class SimulationError(RuntimeError):
    """A run cannot do what was asked of it; nothing has changed.

    Should the program itself be wrong, the message begins with ``internal error`` and the
    object that was asked refuses further use.
    """


class _Differing(ValueError):
    """A scenario is not the one it would have to be."""

    differences: tuple[str, ...]
    """Where it differs, as paths of keys; empty if something else is wrong."""

    def __init__(self, message: str = "", differences: Iterable[str] = ()) -> None:
        differences = tuple(differences)
        super().__init__(message, differences)
        self.differences = differences

    def __str__(self) -> str:
        return str(self.args[0])


class CheckpointError(_Differing):
    """Bytes are no checkpoint that this version can go on from, or of another scenario."""


class BranchError(_Differing):
    """A run cannot go on under another scenario: more differs than may, or it is over."""


class AgentNotFoundError(SimulationError, KeyError):
    """No agent of that name takes part in the run."""

    def __str__(self) -> str:
        return str(self.args[0]) if self.args else ""


class JournalError(OSError):
    """A run database cannot be read or written."""
