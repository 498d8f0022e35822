//! Questions about a live run.

use psim_model::event::{EventBatch, Names};
use psim_model::{Day, Tick};
use psim_runner::Session;
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::PyList;

use super::Orchestrator;
use crate::convert::{event_dict, to_python};
use crate::numbers::{int, maybe_int};

#[pymethods]
impl Orchestrator {
    /// Returns the ids of all agents, ascending.
    fn get_agent_ids(&self, py: Python<'_>) -> PyResult<Vec<String>> {
        self.session.with(py, |session| session.agent_ids())
    }

    /// Returns an agent's balance in minor units; `None` for an unknown agent.
    fn get_agent_balance(&self, py: Python<'_>, agent_id: &str) -> PyResult<Option<i64>> {
        let balance = self.session.with(py, |session| session.balance(agent_id))?;
        Ok(balance.map(psim_model::Money::minor))
    }

    /// Returns how far an agent's balance may go below zero without collateral, in minor units;
    /// `None` for an unknown agent.
    fn get_agent_unsecured_cap(&self, py: Python<'_>, agent_id: &str) -> PyResult<Option<i64>> {
        let cap = self.session.with(py, |session| session.unsecured_cap(agent_id))?;
        Ok(cap.map(psim_model::Money::minor))
    }

    /// Returns an agent's posted collateral at nominal value, in minor units; `None` for an unknown
    /// agent.
    fn get_agent_collateral_posted(&self, py: Python<'_>, agent_id: &str) -> PyResult<Option<i64>> {
        let posted = self.session.with(py, |session| session.posted_collateral(agent_id))?;
        Ok(posted.map(psim_model::Money::minor))
    }

    /// Returns how far an agent's balance may go below zero, collateral included, in minor units;
    /// `None` for an unknown agent.
    fn get_agent_allowed_overdraft_limit(
        &self,
        py: Python<'_>,
        agent_id: &str,
    ) -> PyResult<Option<i64>> {
        let limit = self.session.with(py, |session| session.allowed_overdraft_limit(agent_id))?;
        Ok(limit.map(psim_model::Money::minor))
    }

    /// Returns what an agent has and may use: `balance`, `available_liquidity`, `queue1_size`,
    /// `posted_collateral`, `collateral_haircut` (a share), `unsecured_cap`, `credit_used`,
    /// `allowed_overdraft_limit`, `overdraft_headroom`, `max_withdrawable_collateral`,
    /// `max_collateral_capacity`, `remaining_collateral_capacity`; amounts in minor units.
    ///
    /// Raises:
    ///     AgentNotFoundError: The agent does not take part.
    fn get_agent_state<'py>(&self, py: Python<'py>, agent_id: &str) -> PyResult<Bound<'py, PyAny>> {
        let state = self.ask_agent(py, agent_id, |session| session.agent_state(agent_id))?;
        to_python(py, &state)
    }

    /// Returns an agent's caps on what it pays in a day: `bilateral_limits` (by receiver) and
    /// `multilateral_limit` (`None` if there is none), in minor units.
    ///
    /// Raises:
    ///     AgentNotFoundError: The agent does not take part.
    fn get_agent_limits<'py>(
        &self,
        py: Python<'py>,
        agent_id: &str,
    ) -> PyResult<Bound<'py, PyAny>> {
        let limits = self.ask_agent(py, agent_id, |session| session.agent_limits(agent_id))?;
        to_python(py, &limits)
    }

    /// Returns what an agent has paid today: `bilateral_outflows` (by receiver) and
    /// `total_outflow`, in minor units, receipts not counted.
    ///
    /// Raises:
    ///     AgentNotFoundError: The agent does not take part.
    fn get_agent_current_outflows<'py>(
        &self,
        py: Python<'py>,
        agent_id: &str,
    ) -> PyResult<Bound<'py, PyAny>> {
        let paid = self.ask_agent(py, agent_id, |session| session.agent_outflows(agent_id))?;
        to_python(py, &paid)
    }

    /// Returns what an agent has been charged since the run began: `liquidity_cost` (overdraft),
    /// `collateral_cost`, `delay_cost`, `penalty_cost` (also as `deadline_penalty`),
    /// `split_friction_cost`, `liquidity_opportunity_cost` (pool) and `total_cost`, in minor units.
    ///
    /// Raises:
    ///     AgentNotFoundError: The agent does not take part.
    fn get_agent_accumulated_costs<'py>(
        &self,
        py: Python<'py>,
        agent_id: &str,
    ) -> PyResult<Bound<'py, PyAny>> {
        let costs = self.ask_agent(py, agent_id, |session| session.agent_costs(agent_id))?;
        to_python(py, &costs)
    }

    /// Returns what each agent has been charged, by id, as `get_agent_accumulated_costs` does:
    /// since the run began, or on one day of it.
    ///
    /// Raises:
    ///     ValueError: The run has no such day.
    #[pyo3(signature = (day=None))]
    fn costs<'py>(
        &self,
        py: Python<'py>,
        #[pyo3(from_py_with = maybe_int::day)] day: Option<u32>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let days = self.scenario.scenario.calendar.num_days();
        if let Some(day) = day.filter(|day| *day >= days) {
            return Err(PyValueError::new_err(format!("day {day} of a run of {days}, from 0")));
        }
        let costs = self.session.with(py, |session| match day {
            Some(day) => session.all_costs_of_day(Day(day)),
            None => session.all_costs(),
        })?;
        to_python(py, &costs)
    }

    /// Returns the balance of each agent by id, in minor units.
    fn balances<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let balances = self.session.with(py, |session| session.balances())?;
        to_python(py, &balances)
    }

    /// Returns what waits: `queue1` by agent id and `queue2`, each with `transactions` (ids in
    /// order), `size` and `value` (minor units).
    fn queues<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let queues = self.session.with(py, Session::queues)?;
        to_python(py, &queues)
    }

    /// Returns the `n` agents with the highest balances, as pairs of id and balance in minor units:
    /// highest first, equal ones by id; all agents if `n` is more than there are.
    ///
    /// Raises:
    ///     ValueError: `n` is negative.
    fn get_top_agents_by_balance(
        &self,
        py: Python<'_>,
        #[pyo3(from_py_with = int::n)] n: i64,
    ) -> PyResult<Vec<(String, i64)>> {
        let Ok(n) = usize::try_from(n) else {
            return Err(PyValueError::new_err(format!("`n` must not be negative: {n}")));
        };
        let top = self.session.with(py, |session| session.highest_balances(n))?;
        Ok(top.into_iter().map(|(id, balance)| (id, balance.minor())).collect())
    }

    /// Returns `agent_id` and `policy_config` (the document in force as a dict) of each agent.
    fn get_agent_policies<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let policies = self.session.with(py, |session| session.agent_policies())?;
        to_python(py, &policies)
    }

    /// Returns how many payments an agent generates on average in the coming tick; `None` for one
    /// that generates none, and for an unknown one.
    fn get_arrival_rate(&self, py: Python<'_>, agent_id: &str) -> PyResult<Option<f64>> {
        self.session.with(py, |session| session.arrival_rate(agent_id))
    }

    /// Returns how many payments an agent holds in queue 1; `None` for an unknown agent.
    fn get_queue1_size(&self, py: Python<'_>, agent_id: &str) -> PyResult<Option<usize>> {
        self.session.with(py, |session| session.queue1_size(agent_id))
    }

    /// Returns the ids of the payments that an agent holds in queue 1, in order; none for an
    /// unknown agent.
    fn get_agent_queue1_contents(&self, py: Python<'_>, agent_id: &str) -> PyResult<Vec<String>> {
        let held = self.session.with(py, |session| session.queue1_contents(agent_id))?;
        Ok(held.unwrap_or_default())
    }

    /// Returns how many payments wait in queue 2.
    fn get_queue2_size(&self, py: Python<'_>) -> PyResult<usize> {
        self.session.with(py, |session| session.queue2_size())
    }

    /// Returns how many payments wait in queue 2: the same as `get_queue2_size`.
    fn queue_size(&self, py: Python<'_>) -> PyResult<usize> {
        self.get_queue2_size(py)
    }

    /// Returns the ids of the payments that wait in queue 2, in order.
    fn get_queue2_contents(&self, py: Python<'_>) -> PyResult<Vec<String>> {
        self.session.with(py, Session::queue2_contents)
    }

    /// Returns the ids of the payments that wait in queue 2: the same as `get_queue2_contents`.
    fn get_rtgs_queue_contents(&self, py: Python<'_>) -> PyResult<Vec<String>> {
        self.get_queue2_contents(py)
    }

    /// Returns a payment as it is now: `id`, `sender_id`, `receiver_id`, `amount`,
    /// `remaining_amount`, `arrival_tick`, `deadline_tick`, `priority`, `rtgs_priority` (`None`
    /// before it is released), `declared_rtgs_priority`, `rtgs_submission_tick` and `status`
    /// (`Pending`, `PartiallySettled`, `Settled`, `Overdue`, `Dropped`). `None` for an unknown one.
    fn get_transaction_details<'py>(
        &self,
        py: Python<'py>,
        tx_id: &str,
    ) -> PyResult<Bound<'py, PyAny>> {
        let details = self.session.with(py, |session| session.transaction_details(tx_id))?;
        to_python(py, &details)
    }

    /// Returns the waiting payments that are on time and whose deadline comes within so many ticks:
    /// `tx_id`, `sender_id`, `receiver_id`, `amount`, `remaining_amount`, `deadline_tick`,
    /// `ticks_until_deadline`. Of a split payment the parts are listed.
    fn get_transactions_near_deadline<'py>(
        &self,
        py: Python<'py>,
        #[pyo3(from_py_with = int::within_ticks)] within_ticks: u32,
    ) -> PyResult<Bound<'py, PyAny>> {
        let near =
            self.session.with(py, |session| session.transactions_near_deadline(within_ticks))?;
        to_python(py, &near)
    }

    /// Returns the waiting payments that are overdue: `tx_id`, `sender_id`, `receiver_id`,
    /// `amount`, `remaining_amount`, `deadline_tick`, `overdue_since_tick`, `ticks_overdue`,
    /// `deadline_penalty_cost` (as booked) and `delay_cost` (so far; a share of roundings, hence a
    /// float), in minor units.
    fn get_overdue_transactions<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let overdue = self.session.with(py, Session::overdue_transactions)?;
        to_python(py, &overdue)
    }

    /// Returns the payments that arrived on a day, parts included, with what has become of each:
    /// `tx_id`, `sender_id`, `receiver_id`, `amount`, `priority`, `is_divisible` (`None` if nothing
    /// was said), `arrival_tick`, `arrival_day`, `deadline_tick`, `settlement_tick`,
    /// `settlement_day`, `status` (`pending`, `partially_settled`, `settled`, `overdue`,
    /// `dropped`), `overdue_since_tick`, `drop_reason`, `amount_settled`, `queue1_ticks`,
    /// `queue2_ticks`, `total_delay_ticks`, `delay_cost`, `parent_tx_id`, `split_index`,
    /// `rtgs_priority`, `rtgs_submission_tick` and `declared_rtgs_priority`.
    fn get_transactions_for_day<'py>(
        &self,
        py: Python<'py>,
        #[pyo3(from_py_with = int::day)] day: u32,
    ) -> PyResult<Bound<'py, PyAny>> {
        let payments = self.session.with(py, |session| session.transactions_of_day(Day(day)))?;
        to_python(py, &payments)
    }

    /// Returns the figures of each agent on a day that is over; none for other days. A day opens
    /// when the morning's share of the pool was brought in and closes before it goes back in the
    /// evening; parts of payments are counted by themselves. The keys are `agent_id`,
    /// `day`, `opening_balance`, `closing_balance`, `min_balance`, `max_balance`,
    /// `unsecured_cap`, `peak_overdraft`, `opening_posted_collateral`,
    /// `closing_posted_collateral`, `peak_posted_collateral`, `collateral_capacity`,
    /// `num_collateral_posts`, `num_collateral_withdrawals`, `num_arrivals`, `num_sent`,
    /// `num_received`, `num_settled`, `num_dropped`, `queue1_peak_size`, `queue1_eod_size`, the
    /// costs by kind and `total_cost`.
    fn get_daily_agent_metrics<'py>(
        &self,
        py: Python<'py>,
        #[pyo3(from_py_with = int::day)] day: u32,
    ) -> PyResult<Bound<'py, PyAny>> {
        let metrics = self
            .session
            .with(py, |session| session.daily_agent_metrics(Day(day)).map(<[_]>::to_vec))?;
        to_python(py, &metrics.unwrap_or_default())
    }

    /// Returns what collateral was posted and withdrawn on a day, in order: `agent_id`, `tick`,
    /// `day`, `action` (`post`, `withdraw`), `amount`, `requested_amount`, `reason`, `origin`
    /// (`Policy`, `Api`, `Scenario`, `Timer`), `balance_before`, `posted_collateral_before`,
    /// `posted_collateral_after` and `available_capacity_after`.
    fn get_collateral_events_for_day<'py>(
        &self,
        py: Python<'py>,
        #[pyo3(from_py_with = int::day)] day: u32,
    ) -> PyResult<Bound<'py, PyAny>> {
        let moves = self.session.with(py, |session| session.collateral_events_of_day(Day(day)))?;
        to_python(py, &moves)
    }

    /// Returns what settled together on a day, in order: `tick`, `day`, `cycle_type`,
    /// `cycle_length`, `agents`, `transactions`, `tx_amounts`, `settled_value`, `total_value`,
    /// `net_positions`, `max_net_outflow` and `max_net_outflow_agent`.
    fn get_lsm_cycles_for_day<'py>(
        &self,
        py: Python<'py>,
        #[pyo3(from_py_with = int::day)] day: u32,
    ) -> PyResult<Bound<'py, PyAny>> {
        let sets = self.session.with(py, |session| session.lsm_cycles_of_day(Day(day)))?;
        to_python(py, &sets)
    }

    /// Returns `total_arrivals`, `total_settlements`, `settlement_rate`, `avg_delay_ticks` and
    /// `max_delay_ticks` (of settled payments, from arrival to settlement), `queue1_total_size`,
    /// `queue2_total_size`, `peak_overdraft` (the largest of the run so far, minor units) and
    /// `agents_in_overdraft`.
    fn get_system_metrics<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let metrics = self.session.with(py, Session::system_metrics)?;
        to_python(py, &metrics)
    }

    /// Returns `total_transactions`, `arrivals`, `children`, `settled_arrivals` and
    /// `settled_children`.
    fn get_transaction_counts_debug<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let counts = self.session.with(py, Session::transaction_counts)?;
        to_python(py, &counts)
    }

    /// Returns the events of a tick as dicts, in order; of the coming tick those that commands have
    /// caused already.
    fn get_tick_events<'py>(
        &self,
        py: Python<'py>,
        #[pyo3(from_py_with = int::tick)] tick: u32,
    ) -> PyResult<Bound<'py, PyList>> {
        self.session.with(py, |session| {
            let (batch, names) = session.batch_of(Tick(tick));
            dicts(py, batch, 0, names)
        })?
    }

    /// Returns all events so far as dicts, in order.
    fn get_all_events<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyList>> {
        self.events(py, 0)
    }

    /// Returns the events from a `seq` on as dicts, in order: `events(since=last["seq"] + 1)` gives
    /// what is new.
    #[pyo3(signature = (since=0))]
    fn events<'py>(
        &self,
        py: Python<'py>,
        #[pyo3(from_py_with = int::since)] since: u64,
    ) -> PyResult<Bound<'py, PyList>> {
        self.session.with(py, |session| {
            let (batches, names) = session.batches_since(since);
            dicts(py, batches, since, names)
        })?
    }

    /// Returns what the policy of an agent keeps in its registers, by name.
    ///
    /// Raises:
    ///     AgentNotFoundError: The agent does not take part.
    fn get_agent_registers<'py>(
        &self,
        py: Python<'py>,
        agent_id: &str,
    ) -> PyResult<Bound<'py, PyAny>> {
        let registers = self.ask_agent(py, agent_id, |session| session.registers(agent_id))?;
        to_python(py, &registers)
    }
}

/// Makes dicts of events while the run is locked: Python code that comes in between, a finalizer
/// say, finds it in use.
fn dicts<'py, 'b>(
    py: Python<'py>,
    batches: impl IntoIterator<Item = &'b EventBatch>,
    since: u64,
    names: &Names,
) -> PyResult<Bound<'py, PyList>> {
    let list = PyList::empty(py);
    for batch in batches {
        let before = since.saturating_sub(batch.first_seq());
        for (index, event) in (0_u64..).zip(batch.events()) {
            if index >= before {
                list.append(event_dict(py, batch, (index, event), names)?)?;
            }
        }
    }
    Ok(list)
}
