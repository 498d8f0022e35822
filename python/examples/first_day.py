# %% [markdown]
# # A first day
#
# Four banks pay each other from 07:00 to 18:00. One of them opens with little and can pay only out
# of what it receives. What waits, for how long, and what does it cost?
#
# Pictures go to the folder that `PAYMENT_SIM_PICTURES` names, or to the working directory.

# %%
import os
from pathlib import Path

import polars as pl

from payment_simulator import run_scenario

SCENARIOS = Path(__file__).parents[2] / "scenarios"
PICTURES = Path(os.environ.get("PAYMENT_SIM_PICTURES", "."))

run = run_scenario(SCENARIOS / "first_day.yaml")
print(run)

# %% [markdown]
# `summary` holds the measures of the run. Amounts are counted in cents.

# %%
payments, delay = run.summary["payments"], run.summary["delay"]
print(f"{payments['settled']['count']} of {payments['arrived']['count']} payments settled")
print(f"delay indicator {delay['indicator']:.3f} (0: all at once, 1: nothing before the close)")

# %% [markdown]
# ## Balances
#
# NORD has plenty all day. OST and WEST live from hand to mouth; WEST uses its credit line from the
# morning on. Near the end one large payment moves what NORD has left to SUD.

# %%
run.plot.balances().figure.savefig(PICTURES / "first_day_balances.png")

# %% [markdown]
# ## Queues
#
# Nothing waits in queue 1: all four banks release at once. What waits, waits for liquidity.

# %%
run.plot.queues().figure.savefig(PICTURES / "first_day_queues.png")
run.plot.throughput().figure.savefig(PICTURES / "first_day_throughput.png")

# %% [markdown]
# ## Who waits?
#
# The table of transactions has a row for each payment. What has not settled has no `delay_ticks`.

# %%
transactions = pl.DataFrame(run.transactions)
waits = (
    transactions.group_by("sender_id")
    .agg(
        payments=pl.len(),
        waited=(pl.col("delay_ticks") > 0).sum(),
        unsettled=pl.col("settled_tick").is_null().sum(),
        longest=pl.col("delay_ticks").max(),
    )
    .sort("sender_id")
)
print(waits)

# %% [markdown]
# ## What does it cost?
#
# Most of the cost is penalties for what is late or left over in the evening.

# %%
run.plot.costs().figure.savefig(PICTURES / "first_day_costs.png")

# %% [markdown]
# ## And with more money?
#
# The same payments, but OST opens with EUR 600,000.

# %%
richer = run_scenario(
    SCENARIOS / "first_day.yaml", overrides={"agents.OST.opening_balance": 60_000_000}
)
for name, day in (("as it is", run), ("OST richer", richer)):
    total = day.summary["costs"]["total"] / day.major
    print(f"{name:>10}: delay {day.summary['delay']['indicator']:.3f}, costs EUR {total:,.2f}")

# %% [markdown]
# ## Who pays whom

# %%
run.plot.network().figure.savefig(PICTURES / "first_day_network.png")
