"""The ``payment-sim`` command."""

import sys

from payment_simulator import _core


def main() -> int:
    """Runs the command with the arguments of this process; returns the exit code."""
    return _core.command(["payment-sim", *sys.argv[1:]])


if __name__ == "__main__":
    sys.exit(main())
