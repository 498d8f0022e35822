//! Objects that several threads may use and that no panic gets out of.

use std::any::Any;
use std::cell::Cell;
use std::panic::{self, AssertUnwindSafe};
use std::sync::{Mutex, MutexGuard, PoisonError, TryLockError};
use std::thread::{self, ThreadId};
use std::time::{Duration, Instant};

use pyo3::prelude::*;
use pyo3::sync::MutexExt as _;

use crate::errors::simulation_error;

/// How long work goes on before Python may have a say.
pub(crate) const SLICE: Duration = Duration::from_millis(50);

/// Tells when a slice of work is over.
pub(crate) struct Slices(Instant);

#[expect(clippy::disallowed_methods, reason = "says when to look for signals, no more")]
impl Slices {
    /// Begins the first slice.
    pub(crate) fn begin() -> Self {
        Self(Instant::now())
    }

    /// Returns whether the slice is over; then the next one begins.
    pub(crate) fn is_over(&mut self) -> bool {
        let is_over = self.0.elapsed() >= SLICE;
        if is_over {
            self.0 = Instant::now();
        }
        is_over
    }
}

/// Lets Python have a say: signals, and whoever shows progress.
pub(crate) fn have_a_say(
    py: Python<'_>,
    (done, total): (u64, u64),
    progress: Option<&Py<PyAny>>,
) -> PyResult<()> {
    py.check_signals()?;
    match progress {
        Some(progress) => progress.call1(py, (done, total)).map(|_| ()),
        None => Ok(()),
    }
}

/// A value behind a lock. Once a call has failed in the middle of a change, it is out of use.
pub(crate) struct Guarded<T> {
    state: Mutex<State<T>>,
    /// Who holds the lock now.
    holder: Mutex<Option<ThreadId>>,
}

struct State<T> {
    value: T,
    /// What went wrong, if something did.
    broken: Option<String>,
}

impl<T: Send> Guarded<T> {
    pub(crate) const fn new(value: T) -> Self {
        let state = Mutex::new(State { value, broken: None });
        Self { state, holder: Mutex::new(None) }
    }

    /// Lets `work` use the value. Where `work` makes Python objects, a finalizer may come in
    /// between and finds the value in use; exceptions are made when the lock is free again.
    pub(crate) fn with<R>(&self, py: Python<'_>, work: impl FnOnce(&mut T) -> R) -> PyResult<R> {
        let mut state = self.lock(py)?;
        if let Some(broken) = state.broken.clone() {
            drop(state);
            let message = format!("this object is out of use since a call failed: {broken}");
            return Err(simulation_error(py, message));
        }
        self.note_holder(Some(thread::current().id()));
        let outcome = contained(|| work(&mut state.value));
        if let Err(defect) = &outcome {
            state.broken = Some(defect.clone());
        }
        self.note_holder(None);
        drop(state);
        outcome.map_err(|defect| simulation_error(py, defect))
    }

    /// Lets `work` use the value while other Python threads go on.
    pub(crate) fn with_detached<R: Send>(
        &self,
        py: Python<'_>,
        work: impl FnOnce(&mut T) -> R + Send,
    ) -> PyResult<R> {
        self.with(py, |value| py.detach(|| work(value)))
    }

    /// Waits for the lock without keeping the interpreter from others.
    fn lock(&self, py: Python<'_>) -> PyResult<MutexGuard<'_, State<T>>> {
        match self.state.try_lock() {
            Ok(state) => return Ok(state),
            Err(TryLockError::Poisoned(poisoned)) => return Ok(poisoned.into_inner()),
            Err(TryLockError::WouldBlock) => {}
        }
        // A finalizer or a signal handler may come in between on the same thread.
        if self.holder() == Some(thread::current().id()) {
            let message = "this object is in use by the very call that was interrupted";
            return Err(simulation_error(py, message));
        }
        Ok(self.state.lock_py_attached(py).unwrap_or_else(PoisonError::into_inner))
    }

    fn holder(&self) -> Option<ThreadId> {
        self.holder.lock().ok().and_then(|holder| *holder)
    }

    fn note_holder(&self, thread: Option<ThreadId>) {
        if let Ok(mut holder) = self.holder.lock() {
            *holder = thread;
        }
    }
}

thread_local! {
    /// Where this thread's last panic began and what it said.
    static LAST: Cell<Option<String>> = const { Cell::new(None) };
}

/// Lets panics of this module be told by exceptions alone.
pub(crate) fn keep_quiet() {
    panic::set_hook(Box::new(|panic| LAST.set(Some(panic.to_string()))));
}

/// Runs `work`; a panic becomes a text that says what is broken.
pub(crate) fn contained<R>(work: impl FnOnce() -> R) -> Result<R, String> {
    panic::catch_unwind(AssertUnwindSafe(work)).map_err(|payload| defect(&*payload))
}

/// Runs `work` without an object; a panic becomes a `SimulationError`.
pub(crate) fn contain<R>(py: Python<'_>, work: impl FnOnce() -> R) -> PyResult<R> {
    contained(work).map_err(|defect| simulation_error(py, defect))
}

fn defect(payload: &(dyn Any + Send)) -> String {
    let said = payload.downcast_ref::<String>().map(String::as_str);
    let said = said.or_else(|| payload.downcast_ref::<&str>().copied()).unwrap_or("a panic");
    let what = LAST.take().unwrap_or_else(|| said.to_owned()).replace('\n', " ");
    format!("internal error: {what}; this is a defect of payment_simulator, please report it")
}
