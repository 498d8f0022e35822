"""A simulator of large-value payment systems.

>>> from payment_simulator import run_scenario
>>> run = run_scenario({
...     "ticks_per_day": 10,
...     "num_days": 1,
...     "rng_seed": 1,
...     "agents": [
...         {"id": "A", "opening_balance": 100_00},
...         {"id": "B", "opening_balance": 50_00},
...     ],
... })
>>> run.agent_ids
['A', 'B']

* :func:`run_scenario` runs a scenario from beginning to end and gives a :class:`Run`.
* :func:`run_many` runs it under many seeds, policies and settings and gives a table.
* :func:`open_run` gives a :class:`Run` that was kept in a database.
* :class:`Orchestrator` runs it tick by tick, with commands and questions in between.

Amounts are ``int`` in minor units, everywhere. The same scenario, policies and seed give the same
result on every path.
"""

from payment_simulator._core import (
    VERSION as __version__,
)
from payment_simulator._core import (
    Frame,
    Orchestrator,
    Scenario,
    get_cost_schema,
    get_policy_schema,
    library_policies,
    stored_runs,
    validate_policy,
)
from payment_simulator.errors import (
    AgentNotFoundError,
    BranchError,
    CheckpointError,
    Diagnostic,
    JournalError,
    PolicyError,
    ScenarioError,
    SimulationError,
)
from payment_simulator.priority import RtgsPriority
from payment_simulator.run import Run, open_run, run_scenario
from payment_simulator.study import run_many

__all__ = [
    "AgentNotFoundError",
    "BranchError",
    "CheckpointError",
    "Diagnostic",
    "Frame",
    "JournalError",
    "Orchestrator",
    "PolicyError",
    "RtgsPriority",
    "Run",
    "Scenario",
    "ScenarioError",
    "SimulationError",
    "__version__",
    "get_cost_schema",
    "get_policy_schema",
    "library_policies",
    "open_run",
    "run_many",
    "run_scenario",
    "stored_runs",
    "validate_policy",
]
