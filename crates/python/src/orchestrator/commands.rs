//! What is asked for between ticks: it is carried out before the first step of the coming one.

use psim_engine::InstructionError;
use psim_model::{
    AgentNo, Instruction, Limits, Money, PaymentRef, Policy, Priority, RtgsPriority, Submission,
    Tick,
};
use psim_runner::Session;
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyString};

use super::Orchestrator;
use crate::convert::rtgs_priority;
use crate::errors::simulation_error;
use crate::given;
use crate::numbers::{int, maybe_int, whole_of};
use crate::policies;
use crate::wrong::{expected, of_type};

#[pymethods]
impl Orchestrator {
    /// Submits a payment to its sender's queue 1 before the coming tick.
    ///
    /// Args:
    ///     sender: Who pays.
    ///     receiver: Who is paid.
    ///     amount: How much, in minor units, positive.
    ///     deadline_tick: Last tick on which it is on time, after the coming one.
    ///     priority: 0 to 10.
    ///     divisible: Whether it may be split: `False` forbids, `None` leaves it to the rules.
    ///
    /// Returns:
    ///     The payment's id.
    ///
    /// Raises:
    ///     AgentNotFoundError: Sender or receiver do not take part.
    ///     SimulationError: It cannot be submitted; then nothing has changed.
    #[pyo3(signature = (sender, receiver, amount, deadline_tick, priority=5, divisible=None))]
    #[expect(clippy::too_many_arguments, reason = "as Python callers know them")]
    fn submit_transaction(
        &self,
        py: Python<'_>,
        sender: &str,
        receiver: &str,
        #[pyo3(from_py_with = int::amount)] amount: i64,
        #[pyo3(from_py_with = int::deadline_tick)] deadline_tick: u32,
        #[pyo3(from_py_with = int::priority)] priority: u8,
        divisible: Option<bool>,
    ) -> PyResult<String> {
        let ranks = (priority, RtgsPriority::Normal);
        self.submit_of(py, (sender, receiver), (amount, deadline_tick), ranks, divisible)
    }

    /// Submits a payment with a declared class, `HighlyUrgent`, `Urgent` or `Normal`; otherwise as
    /// `submit_transaction`.
    ///
    /// Raises:
    ///     AgentNotFoundError: Sender or receiver do not take part.
    ///     ValueError: There is no such class.
    ///     SimulationError: It cannot be submitted; then nothing has changed.
    #[pyo3(signature = (
        sender, receiver, amount, deadline_tick, priority=5, divisible=None,
        rtgs_priority="Normal"
    ))]
    #[expect(clippy::too_many_arguments, reason = "as Python callers know them")]
    fn submit_transaction_with_rtgs_priority(
        &self,
        py: Python<'_>,
        sender: &str,
        receiver: &str,
        #[pyo3(from_py_with = int::amount)] amount: i64,
        #[pyo3(from_py_with = int::deadline_tick)] deadline_tick: u32,
        #[pyo3(from_py_with = int::priority)] priority: u8,
        divisible: Option<bool>,
        rtgs_priority: &str,
    ) -> PyResult<String> {
        let ranks = (priority, crate::convert::rtgs_priority(rtgs_priority)?);
        self.submit_of(py, (sender, receiver), (amount, deadline_tick), ranks, divisible)
    }

    /// Submits many payments, all or none.
    ///
    /// Args:
    ///     transactions: Dicts with `sender`, `receiver`, `amount`, `deadline_tick` and, if wished,
    ///         `priority`, `divisible`, `rtgs_priority`, `earliest_tick` and `id`.
    ///
    /// Returns:
    ///     The payments' ids, in order.
    ///
    /// Raises:
    ///     AgentNotFoundError: A sender or receiver does not take part.
    ///     TypeError: An entry is no dict, or lacks a key.
    ///     ValueError: An entry has an unknown key or class.
    ///     SimulationError: One cannot be submitted; then none is.
    fn submit_transactions_batch(
        &self,
        py: Python<'_>,
        transactions: &Bound<'_, PyAny>,
    ) -> PyResult<Vec<String>> {
        let entries: Vec<Bound<'_, PyAny>> = given::items(transactions, "transactions", "a dict")?;
        let submissions = entries.iter().enumerate();
        let submissions = submissions.map(|(index, entry)| self.entry(py, index, entry));
        let submissions: Vec<Submission> = submissions.collect::<PyResult<_>>()?;
        let outcome = self.session.with(py, |session| {
            let payments = session.submit_batch(&submissions)?;
            let names = session.names();
            Ok(payments.into_iter().map(|no| names.payment(no).into_owned()).collect())
        })?;
        outcome.map_err(|fault: psim_engine::BatchFault| simulation_error(py, fault))
    }

    /// Takes a payment out of queue 2, back to its sender's queue 1.
    ///
    /// Returns:
    ///     `{"success": True}`, or `{"success": False, "error": why}`.
    fn withdraw_from_rtgs<'py>(
        &self,
        py: Python<'py>,
        tx_id: &str,
    ) -> PyResult<Bound<'py, PyDict>> {
        let payment = PaymentRef::Id(tx_id.to_owned());
        self.try_to(py, &Instruction::WithdrawFromRtgs { payment }, "error")
    }

    /// Gives a payment another declared class: in queue 2 at once, behind others of that class; in
    /// queue 1 for its release.
    ///
    /// Returns:
    ///     `{"success": True}`, or `{"success": False, "error": why}`.
    ///
    /// Raises:
    ///     ValueError: There is no such class.
    #[pyo3(signature = (tx_id, rtgs_priority))]
    fn resubmit_to_rtgs<'py>(
        &self,
        py: Python<'py>,
        tx_id: &str,
        rtgs_priority: &str,
    ) -> PyResult<Bound<'py, PyDict>> {
        let rtgs_priority = crate::convert::rtgs_priority(rtgs_priority)?;
        let payment = PaymentRef::Id(tx_id.to_owned());
        self.try_to(py, &Instruction::ResubmitToRtgs { payment, rtgs_priority }, "error")
    }

    /// Posts collateral, as much as fits the agent's capacity.
    ///
    /// Returns:
    ///     `success` and a `message` that says how much was posted.
    ///
    /// Raises:
    ///     AgentNotFoundError: The agent does not take part.
    fn post_collateral<'py>(
        &self,
        py: Python<'py>,
        agent_id: &str,
        #[pyo3(from_py_with = int::amount)] amount: i64,
    ) -> PyResult<Bound<'py, PyDict>> {
        let agent = self.agent(py, agent_id)?;
        let (amount, reason) = (Money::from_minor(amount), None);
        let auto_withdraw_after_ticks = None;
        let post = Instruction::PostCollateral { agent, amount, reason, auto_withdraw_after_ticks };
        self.try_to(py, &post, "message")
    }

    /// Withdraws collateral, as much as the agent does not need.
    ///
    /// Returns:
    ///     `success` and a `message` that says how much was withdrawn.
    ///
    /// Raises:
    ///     AgentNotFoundError: The agent does not take part.
    fn withdraw_collateral<'py>(
        &self,
        py: Python<'py>,
        agent_id: &str,
        #[pyo3(from_py_with = int::amount)] amount: i64,
    ) -> PyResult<Bound<'py, PyDict>> {
        let agent = self.agent(py, agent_id)?;
        let (amount, reason) = (Money::from_minor(amount), None);
        self.try_to(py, &Instruction::WithdrawCollateral { agent, amount, reason }, "message")
    }

    /// Replaces an agent's policy from the coming tick on.
    ///
    /// Args:
    ///     agent_id: Whose.
    ///     policy: The document, as JSON text or as a dict.
    ///
    /// Raises:
    ///     AgentNotFoundError: The agent does not take part.
    ///     PolicyError: The document is not sound; `diagnostics` holds every fault.
    ///     SimulationError: The run is over, or the policy names agents that do not take part.
    fn update_agent_policy(
        &self,
        py: Python<'_>,
        agent_id: &str,
        policy: &Bound<'_, PyAny>,
    ) -> PyResult<()> {
        let agent = self.agent(py, agent_id)?;
        let policy: Policy = policies::document(policy)?;
        self.instruct(py, &Instruction::UpdateAgentPolicy { agent, policy })
    }

    /// Replaces an agent's caps on what it pays in a day.
    ///
    /// Args:
    ///     agent_id: Whose.
    ///     bilateral_limits: Caps by receiver, in minor units; none if not given.
    ///     multilateral_limit: Cap on all together, in minor units; none if not given.
    ///
    /// Raises:
    ///     AgentNotFoundError: The agent or a receiver does not take part.
    ///     SimulationError: The run is over, or a cap is negative.
    #[pyo3(signature = (agent_id, bilateral_limits=None, multilateral_limit=None))]
    fn set_limits(
        &self,
        py: Python<'_>,
        agent_id: &str,
        bilateral_limits: Option<&Bound<'_, PyDict>>,
        #[pyo3(from_py_with = maybe_int::multilateral_limit)] multilateral_limit: Option<i64>,
    ) -> PyResult<()> {
        let agent = self.agent(py, agent_id)?;
        let mut bilateral: Vec<(AgentNo, Money)> = Vec::new();
        if let Some(limits) = bilateral_limits {
            for item in limits.items().iter() {
                let (receiver, cap): (Bound<'_, PyAny>, Bound<'_, PyAny>) = item.extract()?;
                let receiver: String = of_type(&receiver, "bilateral_limits", "ids of agents")?;
                let cap = whole_of(&cap, format_args!("bilateral_limits[{receiver}]"))?;
                bilateral.push((self.agent(py, &receiver)?, Money::from_minor(cap)));
            }
        }
        bilateral.sort_unstable();
        let multilateral = multilateral_limit.map(Money::from_minor);
        let limits = Limits { multilateral, bilateral };
        self.instruct(py, &Instruction::SetLimits { agent, limits })
    }
}

impl Orchestrator {
    /// Submits a payment and returns its id.
    fn submit_of(
        &self,
        py: Python<'_>,
        (sender, receiver): (&str, &str),
        (amount, deadline_tick): (i64, u32),
        (priority, class): (u8, RtgsPriority),
        divisible: Option<bool>,
    ) -> PyResult<String> {
        let parties = (self.agent(py, sender)?, self.agent(py, receiver)?);
        let priority = Priority::try_from(priority).map_err(|error| simulation_error(py, error))?;
        let submission = submission(parties, amount, deadline_tick, (priority, class), divisible);
        let instruction = Instruction::SubmitTransaction(submission);
        let outcome = self.session.with(py, |session| {
            let no = session.instruct(&instruction)?;
            Ok(no.map(|no| session.names().payment(no).into_owned()).unwrap_or_default())
        })?;
        outcome.map_err(|error: InstructionError| simulation_error(py, error))
    }

    fn instruct(&self, py: Python<'_>, instruction: &Instruction) -> PyResult<()> {
        let outcome = self.session.with(py, |session| session.instruct(instruction))?;
        outcome.map(|_| ()).map_err(|error| simulation_error(py, error))
    }

    /// Carries out what may be refused; `word` is the key of the reason.
    fn try_to<'py>(
        &self,
        py: Python<'py>,
        instruction: &Instruction,
        word: &str,
    ) -> PyResult<Bound<'py, PyDict>> {
        let outcome = self.session.with(py, |session| Session::attempt(session, instruction))?;
        let dict = PyDict::new(py);
        dict.set_item("success", outcome.is_ok())?;
        match outcome {
            Ok(Some(message)) => dict.set_item(word, message)?,
            Ok(None) => {}
            Err(error) => dict.set_item(word, error.to_string())?,
        }
        Ok(dict)
    }

    /// Reads one payment of a batch.
    fn entry(
        &self,
        py: Python<'_>,
        index: usize,
        entry: &Bound<'_, PyAny>,
    ) -> PyResult<Submission> {
        let Ok(dict) = entry.cast::<PyDict>() else {
            return Err(expected(format_args!("transactions[{index}]"), "a dict", entry));
        };
        check_keys(index, dict)?;
        let given = |key: &str| -> PyResult<Option<Bound<'_, PyAny>>> {
            Ok(dict.get_item(key)?.filter(|value| !value.is_none()))
        };
        let needed = |key: &str| {
            given(key)?
                .ok_or_else(|| PyTypeError::new_err(format!("transaction {index} lacks `{key}`")))
        };
        let name = |key: &str| format!("transactions[{index}].{key}");
        let text = |key: &str, it| of_type::<String>(&it, name(key), "a text");
        let sender = self.agent(py, &text("sender", needed("sender")?)?)?;
        let receiver = self.agent(py, &text("receiver", needed("receiver")?)?)?;
        let amount: i64 = whole_of(&needed("amount")?, name("amount"))?;
        let deadline: u32 = whole_of(&needed("deadline_tick")?, name("deadline_tick"))?;
        let priority = match given("priority")? {
            Some(it) => {
                Priority::try_from(whole_of::<u8>(&it, name("priority"))?).map_err(|error| {
                    simulation_error(py, format!("payment {index} of the batch: {error}"))
                })?
            }
            None => Priority::DEFAULT,
        };
        let divisible = given("divisible")?;
        let divisible =
            divisible.map(|it| of_type(&it, name("divisible"), "a bool")).transpose()?;
        let class = match given("rtgs_priority")? {
            Some(word) => rtgs_priority(&text("rtgs_priority", word)?)?,
            None => RtgsPriority::Normal,
        };
        let id = given("id")?.map(|it| text("id", it)).transpose()?;
        let earliest_tick = given("earliest_tick")?;
        let earliest_tick =
            earliest_tick.map(|it| whole_of(&it, name("earliest_tick")).map(Tick)).transpose()?;
        let parties = (sender, receiver);
        let submission = submission(parties, amount, deadline, (priority, class), divisible);
        Ok(Submission { id, earliest_tick, ..submission })
    }
}

/// Refuses a payment of a batch that has keys which no payment has.
fn check_keys(index: usize, entry: &Bound<'_, PyDict>) -> PyResult<()> {
    const KEYS: [&str; 9] = [
        "sender",
        "receiver",
        "amount",
        "deadline_tick",
        "priority",
        "divisible",
        "rtgs_priority",
        "earliest_tick",
        "id",
    ];
    for key in entry.keys().iter() {
        let name = key.cast::<PyString>().ok().map(PyStringMethods::to_cow).transpose()?;
        if !name.as_deref().is_some_and(|name| KEYS.contains(&name)) {
            let shown = name.unwrap_or_else(|| "a key that is no text".into());
            let known = KEYS.join("`, `");
            let message =
                format!("transaction {index}: unknown key `{shown}`; known are `{known}`");
            return Err(PyValueError::new_err(message));
        }
    }
    Ok(())
}

fn submission(
    (sender, receiver): (AgentNo, AgentNo),
    amount: i64,
    deadline_tick: u32,
    (priority, rtgs_priority): (Priority, RtgsPriority),
    divisible: Option<bool>,
) -> Submission {
    Submission {
        id: None,
        sender,
        receiver,
        amount: Money::from_minor(amount),
        deadline_tick: Tick(deadline_tick),
        earliest_tick: None,
        priority,
        rtgs_priority,
        divisible,
    }
}
