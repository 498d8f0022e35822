"""Declared classes of payments."""

from enum import StrEnum

__all__ = ["RtgsPriority"]


class RtgsPriority(StrEnum):
    """The class that a payment is declared with; each is the text that stands for it."""

    HighlyUrgent = "HighlyUrgent"
    """Before all others; may use what is reserved."""
    Urgent = "Urgent"
    """Before normal ones."""
    Normal = "Normal"
    """All others."""
