//! One payment's events.

use std::marker::PhantomData;

use psim_model::event::EventBatch;

use crate::JournalError;

/// Reads the events that name one payment.
#[derive(Debug)]
pub struct PaymentReader<'j>(PhantomData<&'j ()>);

impl PaymentReader<'_> {
    /// Fills `batch` with the next event (one, with its own tick and `seq`); returns false after
    /// the last.
    pub fn next(&mut self, batch: &mut EventBatch) -> Result<bool, JournalError> {
        todo!()
    }
}
