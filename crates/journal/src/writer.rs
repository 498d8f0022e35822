//! A run into the file, on a thread of its own, so that running and writing overlap.
//!
//! Ticks are handed over through a bounded channel and their memory comes back through another.
//! The thread gathers them into transactions of whole ticks; a reader sees a tick at most a tenth
//! of a second after it was handed over. Between transactions the file is left alone for a moment,
//! so that several processes can write runs into one file at a time.

use std::panic;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender, SyncSender};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use psim_model::Tick;
use psim_model::event::EventBatch;
use rusqlite::{Connection, Transaction, TransactionBehavior};

use crate::error::At;
use crate::open::{PATIENCE_BEFORE, now};
use crate::resume::Standing;
use crate::rows::Rows;
use crate::{CheckpointRecord, Journal, JournalError, checkpoints};

/// Ticks that may wait to be written.
const TICKS_WAITING: usize = 16;
/// Longest time that a transaction stays open.
const TRANSACTION_TIME: Duration = Duration::from_millis(100);
/// Events after which a transaction ends even if it was quick.
const TRANSACTION_EVENTS: u64 = 1 << 18;
/// Time between transactions; those who wait for the file try more often than that.
const GAP: Duration = Duration::from_micros(500);

/// Writes a run, tick by tick.
///
/// Dropped without [`RunWriter::finish`], it leaves what was handed over and the run marked as
/// incomplete.
#[derive(Debug)]
pub struct RunWriter {
    simulation_id: String,
    path: PathBuf,
    ticks_asked: u32,
    next_tick: Tick,
    next_seq: u64,
    /// Gone once the run is closed or has failed.
    thread: Option<WriterThread>,
}

#[derive(Debug)]
struct WriterThread {
    jobs: SyncSender<Job>,
    spent: Receiver<EventBatch>,
    outcome: JoinHandle<Result<Journal, JournalError>>,
}

#[derive(Debug)]
enum Job {
    Tick(EventBatch),
    Checkpoint(CheckpointRecord),
    Seal(Seal),
}

/// What closes a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seal {
    /// Hash of the stream at the end of each day that has run, from day 0.
    pub day_hashes: Vec<String>,
    /// Hash of the whole stream.
    pub stream_hash: String,
}

impl RunWriter {
    /// Starts the thread that writes a run on from where it stands.
    pub(crate) fn start(
        journal: Journal,
        (run, simulation_id): (i64, String),
        ticks_asked: u32,
        standing: Standing,
    ) -> Result<Self, JournalError> {
        let (jobs, work) = mpsc::sync_channel(TICKS_WAITING);
        let (give_back, spent) = mpsc::channel();
        let path = journal.path().to_owned();
        let session = Session { journal, run, id: simulation_id.clone(), standing };
        let thread = thread::Builder::new().name("journal".to_owned());
        let outcome = thread.spawn(move || session.write_all(&work, &give_back)).at(&path)?;
        Ok(Self {
            simulation_id,
            path,
            ticks_asked,
            next_tick: Tick(standing.ticks),
            next_seq: standing.events,
            thread: Some(WriterThread { jobs, spent, outcome }),
        })
    }

    /// Returns the id that the run has got.
    pub fn simulation_id(&self) -> &str {
        &self.simulation_id
    }

    /// Hands over a tick; `batch` is left with other memory and arbitrary content.
    ///
    /// # Errors
    ///
    /// What went wrong with this or an earlier tick; nothing more is written then, and what was
    /// committed stays.
    pub fn write(&mut self, batch: &mut EventBatch) -> Result<(), JournalError> {
        let (expected, found) = (self.next_tick.0, batch.tick().0);
        if expected != found || batch.first_seq() != self.next_seq {
            return Err(JournalError::OutOfOrder { expected, found });
        }
        if found >= self.ticks_asked {
            return Err(JournalError::TooManyTicks { most: self.ticks_asked });
        }
        let Some(thread) = &self.thread else {
            return Err(stopped(&self.path));
        };
        self.next_tick = batch.tick().next();
        self.next_seq = batch.next_seq();
        let other = thread.spent.try_recv().unwrap_or_default();
        let full = std::mem::replace(batch, other);
        match thread.jobs.send(Job::Tick(full)) {
            Ok(()) => Ok(()),
            Err(_) => self.end().and_then(|journal| Err(stopped(&journal.path))),
        }
    }

    /// Hands over a checkpoint before the next tick.
    ///
    /// # Errors
    ///
    /// As of [`RunWriter::write`].
    pub fn checkpoint(&mut self, record: CheckpointRecord) -> Result<(), JournalError> {
        let (expected, found) = (self.next_tick.0, record.tick.0);
        if expected != found || record.events != self.next_seq {
            return Err(JournalError::OutOfOrder { expected, found });
        }
        let Some(thread) = &self.thread else {
            return Err(stopped(&self.path));
        };
        match thread.jobs.send(Job::Checkpoint(record)) {
            Ok(()) => Ok(()),
            Err(_) => self.end().and_then(|journal| Err(stopped(&journal.path))),
        }
    }

    /// Waits until all is written, closes the run and returns the file.
    ///
    /// The run is complete if all ticks that were asked for have been written.
    ///
    /// # Errors
    ///
    /// [`JournalError`]: what was handed over cannot all be written.
    pub fn finish(mut self, seal: Seal) -> Result<Journal, JournalError> {
        if let Some(thread) = &self.thread {
            // Should the thread have failed, its outcome says so.
            let _ = thread.jobs.send(Job::Seal(seal));
        }
        self.end()
    }

    /// Lets the thread run out of work and returns its outcome.
    fn end(&mut self) -> Result<Journal, JournalError> {
        match self.thread.take() {
            Some(WriterThread { jobs, spent: _, outcome }) => {
                drop(jobs);
                outcome.join().unwrap_or_else(|panic| panic::resume_unwind(panic))
            }
            None => Err(stopped(&self.path)),
        }
    }
}

impl Drop for RunWriter {
    fn drop(&mut self) {
        if let Some(WriterThread { jobs, spent: _, outcome }) = self.thread.take() {
            drop(jobs);
            // Nobody is left to hear of a failure.
            drop(outcome.join());
        }
    }
}

/// The thread's side.
struct Session {
    journal: Journal,
    run: i64,
    id: String,
    standing: Standing,
}

impl Session {
    fn write_all(
        mut self,
        work: &Receiver<Job>,
        give_back: &Sender<EventBatch>,
    ) -> Result<Journal, JournalError> {
        let (connection, path) = (&self.journal.connection, &self.journal.path);
        let mut rows =
            Rows::prepare(connection, path, self.run, &self.id, self.standing).at(path)?;
        // The first job of a transaction is waited for outside of it.
        while let Ok(first) = work.recv() {
            let transaction = begin(connection).at(path)?;
            rows.check_alone(connection)?;
            let keep = |record: &CheckpointRecord| {
                checkpoints::write(connection, self.run, record).at(path)
            };
            let seal = gather(first, &mut rows, &keep, (work, give_back))?;
            rows.note_progress()?;
            if let Some(seal) = &seal {
                rows.seal(seal, connection).at(path)?;
            }
            transaction.commit().at(path)?;
            if seal.is_some() {
                break;
            }
            thread::sleep(GAP);
        }
        drop(rows);
        self.journal.wait_for_others(PATIENCE_BEFORE)?;
        Ok(self.journal)
    }
}

fn stopped(path: &Path) -> JournalError {
    JournalError::Stopped { path: path.to_owned() }
}

fn begin(connection: &Connection) -> rusqlite::Result<Transaction<'_>> {
    Transaction::new_unchecked(connection, TransactionBehavior::Immediate)
}

/// Does jobs until the transaction has lasted long enough, or there are no more; returns the seal
/// if that came.
fn gather(
    first: Job,
    rows: &mut Rows<'_>,
    keep: &dyn Fn(&CheckpointRecord) -> Result<(), JournalError>,
    (work, give_back): (&Receiver<Job>, &Sender<EventBatch>),
) -> Result<Option<Seal>, JournalError> {
    #[expect(clippy::arithmetic_side_effects, reason = "a moment from now")]
    let deadline = now() + TRANSACTION_TIME;
    let full = rows.events_done().saturating_add(TRANSACTION_EVENTS);
    let mut job = first;
    loop {
        match job {
            Job::Tick(batch) => {
                rows.write(&batch)?;
                // A caller that has gone needs no memory.
                let _ = give_back.send(batch);
            }
            Job::Checkpoint(record) => keep(&record)?,
            Job::Seal(seal) => return Ok(Some(seal)),
        }
        let left = deadline.saturating_duration_since(now());
        if left.is_zero() || rows.events_done() >= full {
            return Ok(None);
        }
        match work.recv_timeout(left) {
            Ok(next) => job = next,
            Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => return Ok(None),
        }
    }
}
