//! Every payment of the run, by number.

use psim_model::{AgentNo, Money, PaymentNo, PriorityBand, Tick};

/// A payment: what it is and where it stands.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Payment {
    pub(crate) amount: Money,
    pub(crate) sender: AgentNo,
    pub(crate) receiver: AgentNo,
    /// Last tick on which it is on time.
    pub(crate) deadline: Tick,
    /// First tick on which it may settle.
    pub(crate) earliest: Tick,
    /// When it joined queue 2, once it has.
    pub(crate) queued_at: Tick,
    pub(crate) priority: u8,
    pub(crate) place: Place,
}

/// Where a payment stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// With its sender, arrived in this tick.
    Arrived,
    /// With its sender, held.
    Queue1,
    /// Released, on its way into the system.
    Released,
    /// In the system, waiting.
    Queue2,
    /// Final.
    Settled,
    /// Left unsettled.
    Dropped,
}

impl Payment {
    pub(crate) const fn band(&self) -> PriorityBand {
        PriorityBand::of(self.priority)
    }

    pub(crate) fn is_overdue(&self, now: Tick) -> bool {
        now > self.deadline
    }
}

/// All payments, dense by number.
#[derive(Clone, Debug, Default)]
pub(crate) struct Payments {
    all: Vec<Payment>,
}

impl Payments {
    pub(crate) fn len(&self) -> usize {
        self.all.len()
    }

    pub(crate) fn push(&mut self, payment: Payment) -> PaymentNo {
        let no = PaymentNo::from_index(self.all.len());
        self.all.push(payment);
        no
    }

    pub(crate) fn get(&self, no: PaymentNo) -> &Payment {
        &self.all[no.index()]
    }

    pub(crate) fn get_mut(&mut self, no: PaymentNo) -> &mut Payment {
        &mut self.all[no.index()]
    }
}
