# %% [markdown]
# # Liquidity against delay
#
# Liquidity costs money, and so does delay; a bank trades one for the other. How much delay does
# a little less liquidity cause? We run one day under many seeds and many opening balances and draw
# the curve, once with single payments only and once with liquidity saving.
#
# Pictures go to the folder that `PAYMENT_SIM_PICTURES` names, or to the working directory.

# %%
import os
from pathlib import Path

import matplotlib.pyplot as plt
import polars as pl

from payment_simulator import run_many

PICTURES = Path(os.environ.get("PAYMENT_SIM_PICTURES", "."))

# %% [markdown]
# ## A day of six equal banks
#
# Each sends about 60 payments of EUR 10,000 in the mean to the others.

# %%
BANKS = ["A", "B", "C", "D", "E", "F"]
ARRIVALS = {
    "rate_per_tick": 1.0,
    "amount_distribution": {"type": "LogNormal", "mean": 1_000_000, "std_dev": 1_500_000},
    "deadline_range": [10, 30],
}
DAY = {
    "ticks_per_day": 60,
    "num_days": 1,
    "rng_seed": 1,
    "currency": "EUR",
    "agents": [{"id": bank, "opening_balance": 0, "arrival_config": ARRIVALS} for bank in BANKS],
    "cost_rates": {"deadline_penalty": 0, "eod_penalty": 0},
}

# %% [markdown]
# ## Fifteen balances, two ways to settle, fifty seeds
#
# An override sets values by their path. Each has a name, which is its row's entry in the table.

# %%
BALANCES = [500_000 * step for step in range(1, 16)]
SAVING = {"alone": None, "together": {"enable_bilateral": True, "enable_cycles": True}}

settings = {}
for balance in BALANCES:
    for way, lsm in SAVING.items():
        setting = {f"agents.{bank}.opening_balance": balance for bank in BANKS}
        settings[f"{way} {balance}"] = setting | ({"lsm_config": lsm} if lsm else {})

table = run_many(DAY, seeds=50, overrides=settings, progress=False)
print(table.shape)

# %% [markdown]
# ## The curve
#
# The delay indicator is the share of the possible delay that payments had, by value: 0 if all
# settle on arrival, 1 if nothing settles before the day closes.

# %%
name = pl.col("overrides").cast(pl.String).str.split(" ")
curve = (
    pl.DataFrame(table)
    .with_columns(way=name.list.get(0), balance=name.list.get(1).cast(pl.Int64))
    .group_by("way", "balance")
    .agg(
        middle=pl.col("delay_indicator").median(),
        low=pl.col("delay_indicator").quantile(0.1),
        high=pl.col("delay_indicator").quantile(0.9),
    )
    .sort("way", "balance")
)
print(curve.filter(pl.col("balance").is_in([500_000, 2_000_000, 7_500_000])))

# %%
figure, axes = plt.subplots(figsize=(7, 4.5), layout="constrained")
LABELS = {"alone": "each payment alone", "together": "with bilateral offsetting and cycles"}
for (way, label), colour in zip(LABELS.items(), ("#D55E00", "#0072B2"), strict=True):
    points = curve.filter(pl.col("way") == way)
    liquidity = (points["balance"] * len(BANKS) / 100 / 1000).to_list()
    axes.fill_between(liquidity, points["low"], points["high"], color=colour, alpha=0.15)
    axes.plot(liquidity, points["middle"], color=colour, marker="o", markersize=3, label=label)
axes.set_xlabel("opening liquidity of all banks, EUR thousand")
axes.set_ylabel("delay indicator (median, 10 % to 90 %)")
axes.set_ylim(bottom=0)
axes.set_title("Liquidity and delay, 50 days each", loc="left")
axes.legend(frameon=False)
figure.savefig(PICTURES / "liquidity_and_delay.png")

# %% [markdown]
# The curve falls steeply at first: the first euros save most of the delay. Liquidity saving
# helps most where money is scarce; where there is plenty, nothing waits for it to find.
