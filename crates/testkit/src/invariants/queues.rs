//! Queue 2: who is in it, in which order, and who holds back whom.

use std::cmp::Reverse;

use psim_model::event::{
    Queue2LiquidityRelease, QueueReason, QueuedRtgs, RtgsResubmission, RtgsWithdrawal,
};
use psim_model::{AgentNo, PaymentNo, PriorityBand, QueueDiscipline, RtgsPriority, Tick};

use super::lives::{Lives, Place};
use super::{Verdict, ensure};

impl Lives {
    /// Returns what keeps a payment that enters from being tested at all.
    pub(super) fn obstacle(
        &mut self,
        no: PaymentNo,
        now: Tick,
    ) -> Result<Option<QueueReason>, &'static str> {
        let life = self.life(no)?;
        let (sender, class, is_early) = (life.sender, life.class, life.earliest > now);
        Ok(if is_early {
            Some(QueueReason::NotBefore)
        } else if self.is_behind(sender, None) {
            Some(QueueReason::EarlierPayment)
        } else if self.is_blocked(sender, class) {
            Some(QueueReason::HigherPriority)
        } else {
            None
        })
    }

    pub(super) fn settle_on_entry(&mut self, no: PaymentNo) -> Verdict {
        let life = self.life(no)?;
        ensure(life.place == Place::Released, "only what is released settles on entry")?;
        life.place = Place::Settled;
        Ok(())
    }

    pub(super) fn join_queue2(&mut self, event: &QueuedRtgs, now: Tick) -> Verdict {
        let life = self.life(event.tx_id)?;
        ensure(life.place == Place::Released, "only what is released joins queue 2")?;
        life.place = Place::Queue2 { since: now };
        self.queue2.push(event.tx_id);
        Ok(())
    }

    pub(super) fn settle_from_queue2(
        &mut self,
        event: &Queue2LiquidityRelease,
        now: Tick,
    ) -> Verdict {
        let life = self.life(event.tx_id)?;
        let Place::Queue2 { since } = life.place else {
            return Err("only what is in queue 2 settles from it");
        };
        ensure(life.earliest <= now, "nothing settles before its earliest tick")?;
        ensure(event.queue_wait_ticks == now.since(since), "waiting counts from joining queue 2")?;
        life.place = Place::Settled;
        let (sender, class) = (life.sender, life.class);
        let is_behind = self.is_behind(sender, Some(event.tx_id));
        ensure(!is_behind, "under fifo nothing overtakes a payment of its sender")?;
        let is_blocked = self.is_blocked(sender, class);
        ensure(!is_blocked, "a higher class of the sender goes before")?;
        self.queue2.retain(|waiting| *waiting != event.tx_id);
        Ok(())
    }

    /// Expects a payment's earliest tick to have come.
    pub(super) fn is_in_time(&mut self, no: PaymentNo, now: Tick) -> Verdict {
        let is_time = self.life(no)?.earliest <= now;
        ensure(is_time, "nothing settles before its earliest tick")
    }

    /// Takes a payment out of queue 2 that settles together with others.
    pub(super) fn settle_in_set(&mut self, no: PaymentNo) -> Verdict {
        let life = self.life(no)?;
        let is_queued = matches!(life.place, Place::Queue2 { .. });
        ensure(is_queued, "only what is in queue 2 settles from it")?;
        life.place = Place::Settled;
        self.queue2.retain(|waiting| *waiting != no);
        Ok(())
    }

    pub(super) fn settle_by_offset(
        &mut self,
        entering: PaymentNo,
        queued: PaymentNo,
        now: Tick,
    ) -> Verdict {
        for no in [entering, queued] {
            let is_time = self.life(no)?.earliest <= now;
            ensure(is_time, "nothing settles before its earliest tick")?;
        }
        let is_queued = matches!(self.life(queued)?.place, Place::Queue2 { .. });
        ensure(is_queued, "what enters is offset against what is in queue 2")?;
        self.settle_on_entry(entering)?;
        self.life(queued)?.place = Place::Settled;
        self.queue2.retain(|waiting| *waiting != queued);
        Ok(())
    }

    pub(super) fn withdraw(&mut self, event: &RtgsWithdrawal) -> Verdict {
        let life = self.life(event.tx_id)?;
        ensure(event.sender_id == life.sender, "a sender stays")?;
        let is_queued = matches!(life.place, Place::Queue2 { .. });
        ensure(is_queued, "only what is in queue 2 is withdrawn from it")?;
        ensure(event.original_rtgs_priority == life.class, "a class changes by events only")?;
        life.place = Place::Queue1;
        self.queue2.retain(|waiting| *waiting != event.tx_id);
        Ok(())
    }

    pub(super) fn resubmit(&mut self, event: &RtgsResubmission) -> Verdict {
        let life = self.life(event.tx_id)?;
        ensure(event.sender_id == life.sender, "a sender stays")?;
        ensure(life.is_queued(), "only what waits gets another class")?;
        ensure(event.old_rtgs_priority == life.class, "a class changes by events only")?;
        life.class = event.new_rtgs_priority;
        if life.place == Place::Queue1 {
            let changes = event.new_rtgs_priority != event.old_rtgs_priority;
            return ensure(changes, "no change, no event");
        }
        self.queue2.retain(|waiting| *waiting != event.tx_id);
        self.queue2.push(event.tx_id);
        Ok(())
    }

    /// Returns whether the discipline makes a payment wait behind another: `waiting` if it is in
    /// queue 2, else a newcomer.
    fn is_behind(&self, sender: AgentNo, waiting: Option<PaymentNo>) -> bool {
        if self.rules.queue_discipline != QueueDiscipline::Fifo {
            return false;
        }
        let mut queue = self.queue2.clone();
        if self.rules.priority_mode {
            queue.sort_by_key(|no| {
                let life = &self.payments[no.index()];
                Reverse((life.class, PriorityBand::of(life.priority)))
            });
        }
        let mut before = queue.iter().take_while(|no| Some(**no) != waiting);
        before.any(|no| self.payments[no.index()].sender == sender)
    }

    /// Returns whether a payment in queue 2 holds back its sender's payments of a class.
    fn is_blocked(&self, sender: AgentNo, class: RtgsPriority) -> bool {
        let mut lives = self.queue2.iter().map(|no| &self.payments[no.index()]);
        self.rules.priority_blocking
            && lives.any(|life| life.sender == sender && life.class > class)
    }
}
