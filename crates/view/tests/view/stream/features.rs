//! Classes, limits, splits, offsets, deferred credits, collateral and what is asked for.

use psim_model::event::{
    BilateralLimitExceeded, CollateralPost, DeferredCreditApplied, DropReason,
    EntryDispositionOffset, FundsTransferred, InstructionGiven, InstructionType, LimitsSet,
    MultilateralLimitExceeded, Origin, PolicyDrop, PolicySplit, PriorityEscalated, Refusal,
    ReservationsSet, RtgsPriority, RtgsResubmission, RtgsWithdrawal, RulesSet,
    ScenarioEventExecuted, ScenarioEventType, SplitCompleted, SplitOutcome,
    TransactionReprioritized, TransferKind,
};
use psim_model::{LimitsApplyTo, LimitsBasis, PaymentNo, Priority, Queue1Ordering, Tick};

use super::{Paid, Stream, money, no};

/// The rules that hold where nothing is said.
pub(crate) const PLAIN: RulesSet = RulesSet {
    queue1_ordering: Queue1Ordering::Arrival,
    priority_mode: false,
    deferred_crediting: false,
    limits_basis: LimitsBasis::Gross,
    limits_apply_to: LimitsApplyTo::All,
};

impl Stream {
    pub(crate) fn rules(&mut self, rules: RulesSet) -> &mut Self {
        self.is_deferred = rules.deferred_crediting;
        self.push(rules);
        self
    }

    pub(crate) fn limits(
        &mut self,
        agent: char,
        multilateral: Option<i64>,
        bilateral: &[(char, i64)],
    ) -> &mut Self {
        let counterparties = self.batch().agents(bilateral.iter().map(|(other, _)| no(*other)));
        let bilateral_limits = self.batch().amounts(bilateral.iter().map(|(_, cap)| money(*cap)));
        self.push(LimitsSet {
            agent_id: no(agent),
            multilateral_limit: multilateral.map(money),
            counterparties,
            bilateral_limits,
        });
        self
    }

    pub(crate) fn reserve(&mut self, agent: char, highly_urgent: i64, urgent: i64) -> &mut Self {
        let (highly_urgent, urgent) = (money(highly_urgent), money(urgent));
        self.push(ReservationsSet { agent_id: no(agent), highly_urgent, urgent });
        self
    }

    pub(crate) fn escalate(&mut self, tx: u32, to: u8) -> &mut Self {
        let to = Priority::clamped(to);
        let now = self.now();
        let paid = &mut self.payments[tx as usize];
        let original_priority = paid.priority;
        paid.priority = to;
        let (sender_id, left) = (paid.sender, paid.deadline.since(now));
        self.push(PriorityEscalated {
            tx_id: PaymentNo(tx),
            sender_id,
            original_priority,
            escalated_priority: to,
            ticks_until_deadline: left,
            boost_applied: to.get() - original_priority.get(),
        });
        self
    }

    pub(crate) fn reprioritize(&mut self, tx: u32, to: u8) -> &mut Self {
        let to = Priority::clamped(to);
        let paid = &mut self.payments[tx as usize];
        let (agent_id, old_priority) = (paid.sender, std::mem::replace(&mut paid.priority, to));
        let decision_path = self.path();
        self.push(TransactionReprioritized {
            tx_id: PaymentNo(tx),
            agent_id,
            old_priority,
            new_priority: to,
            decision_path,
        });
        self
    }

    /// Splits a payment into parts of these amounts, the first `now` of which a test releases; a
    /// part beyond the first costs 7.
    pub(crate) fn split(&mut self, tx: u32, amounts: &[i64], now: u32, gap: u32) -> &mut Self {
        let parent = self.payments[tx as usize];
        let first = u32::try_from(self.payments.len()).unwrap();
        let number = u32::try_from(amounts.len()).unwrap();
        for amount in amounts {
            self.payments.push(Paid { amount: *amount, ..parent });
        }
        let child_ids = self.batch().payments((first..first + number).map(PaymentNo));
        let child_amounts = self.batch().amounts(amounts.iter().map(|amount| money(*amount)));
        let decision_path = self.path();
        self.push(PolicySplit {
            tx_id: PaymentNo(tx),
            agent_id: parent.sender,
            num_splits: number,
            child_ids,
            child_amounts,
            released_now: now,
            gap_ticks: gap,
            child_priority: parent.priority,
            child_original_priority: parent.priority,
            split_friction_cost: money(7 * (i64::from(number) - 1)),
            decision_path,
        });
        self
    }

    pub(crate) fn completed(&mut self, tx: u32, outcome: SplitOutcome) -> &mut Self {
        let agent_id = self.payments[tx as usize].sender;
        self.push(SplitCompleted { tx_id: PaymentNo(tx), agent_id, outcome });
        self
    }

    /// Lets a sender give a payment up.
    pub(crate) fn give_up(&mut self, tx: u32, penalty: i64) -> &mut Self {
        let agent_id = self.payments[tx as usize].sender;
        let decision_path = self.path();
        self.push(PolicyDrop {
            tx_id: PaymentNo(tx),
            agent_id,
            reason: DropReason::PolicyDecision,
            deadline_penalty_cost: money(penalty),
            decision_path,
        });
        self
    }

    pub(crate) fn withdraw(&mut self, tx: u32, origin: Origin) -> &mut Self {
        let Paid { sender, class, .. } = self.payments[tx as usize];
        let decision_path = self.path();
        self.push(RtgsWithdrawal {
            tx_id: PaymentNo(tx),
            sender_id: sender,
            original_rtgs_priority: class,
            origin,
            decision_path,
        });
        self
    }

    pub(crate) fn resubmit(&mut self, tx: u32, class: RtgsPriority, origin: Origin) -> &mut Self {
        let paid = &mut self.payments[tx as usize];
        let old_rtgs_priority = std::mem::replace(&mut paid.class, class);
        let sender_id = paid.sender;
        let decision_path = self.path();
        self.push(RtgsResubmission {
            tx_id: PaymentNo(tx),
            sender_id,
            old_rtgs_priority,
            new_rtgs_priority: class,
            origin,
            decision_path,
        });
        self
    }

    /// Releases a payment and settles it together with one from queue 2 the other way.
    pub(crate) fn offset(&mut self, entering: u32, queued: u32) -> &mut Self {
        self.submit(entering);
        let [entered, waiting] = [entering, queued].map(|tx| self.payments[tx as usize]);
        let nets = [waiting.amount - entered.amount, entered.amount - waiting.amount];
        for (agent, net) in [entered.sender, entered.receiver].into_iter().zip(nets) {
            if net > 0 {
                self.credit_later(agent, net);
            } else {
                self.agents[agent.index()] += net;
            }
        }
        let payer = match nets {
            [0, _] => None,
            [net, _] if net < 0 => Some(entered.sender),
            _ => Some(entered.receiver),
        };
        let batch = self.batch();
        let tx_ids = batch.payments([PaymentNo(entering), PaymentNo(queued)]);
        let tx_amounts = batch.amounts([entered.amount, waiting.amount].map(money));
        let agents = batch.agents([entered.sender, entered.receiver]);
        let net_positions = batch.amounts(nets.map(money));
        self.push(EntryDispositionOffset {
            tx_ids,
            tx_amounts,
            agents,
            net_positions,
            total_value: money(entered.amount + waiting.amount),
            max_net_outflow: money(nets[0].abs()),
            max_net_outflow_agent: payer,
        });
        self
    }

    /// Applies all that an agent has pending.
    pub(crate) fn credit(&mut self, agent: char, sources: &[u32]) -> &mut Self {
        let index = no(agent).index();
        let amount = std::mem::take(&mut self.pending[index]);
        self.agents[index] += amount;
        let balance_after = money(self.agents[index]);
        let source_transactions = self.batch().payments(sources.iter().copied().map(PaymentNo));
        self.push(DeferredCreditApplied {
            agent_id: no(agent),
            amount: money(amount),
            balance_after,
            source_transactions,
        });
        self
    }

    pub(crate) fn transfer(
        &mut self,
        from: char,
        to: char,
        amount: i64,
        kind: TransferKind,
    ) -> &mut Self {
        let before = self.agents[no(from).index()];
        self.agents[no(from).index()] -= amount;
        match kind {
            TransferKind::DirectTransfer => self.agents[no(to).index()] += amount,
            TransferKind::ScheduledSettlement => self.credit_later(no(to), amount),
        }
        self.push(FundsTransferred {
            sender_id: no(from),
            receiver_id: no(to),
            amount: money(amount),
            kind,
            sender_balance_before: money(before),
            sender_balance_after: money(before - amount),
        });
        self
    }

    /// Posts collateral.
    pub(crate) fn post(&mut self, agent: char, amount: i64, total: i64, why: &str) -> &mut Self {
        let reason = self.batch().text(why);
        let decision_path = self.path();
        let origin = if decision_path.is_some() { Origin::Policy } else { Origin::Scenario };
        self.push(CollateralPost {
            agent_id: no(agent),
            amount: money(amount),
            requested_amount: money(amount),
            reason,
            new_total: money(total),
            origin,
            decision_path,
        });
        self
    }

    pub(crate) fn instruct(
        &mut self,
        kind: InstructionType,
        (agent, payment): (Option<char>, Option<u32>),
        arguments: &str,
        refusal: Option<Refusal>,
    ) -> &mut Self {
        let arguments = self.batch().text(arguments);
        self.push(InstructionGiven {
            origin: Origin::Scenario,
            instruction_type: kind,
            agent_id: agent.map(no),
            tx_id: payment.map(PaymentNo),
            arguments,
            refusal,
        });
        self
    }

    pub(crate) fn happen(
        &mut self,
        kind: ScenarioEventType,
        (agent, counterparty): (Option<char>, Option<char>),
        details: &str,
        reason: Option<Refusal>,
    ) -> &mut Self {
        let details_json = self.batch().text(details);
        self.push(ScenarioEventExecuted {
            scenario_event_type: kind,
            agent_id: agent.map(no),
            counterparty_id: counterparty.map(no),
            details_json,
            applied: reason.is_none(),
            reason,
        });
        self
    }

    /// Says that a payment is beyond the limit for its receiver.
    pub(crate) fn beyond_bilateral(&mut self, tx: u32, limit: i64, used: i64) -> &mut Self {
        let Paid { sender, receiver, amount, .. } = self.payments[tx as usize];
        self.push(BilateralLimitExceeded {
            tx_id: PaymentNo(tx),
            sender_id: sender,
            receiver_id: receiver,
            amount: money(amount),
            bilateral_limit: money(limit),
            current_bilateral_outflow: money(used),
            room: money(limit - used),
        });
        self
    }

    /// Says that a payment is beyond the limit for all receivers.
    pub(crate) fn beyond_multilateral(&mut self, tx: u32, limit: i64, used: i64) -> &mut Self {
        let Paid { sender, receiver, amount, .. } = self.payments[tx as usize];
        self.push(MultilateralLimitExceeded {
            tx_id: PaymentNo(tx),
            sender_id: sender,
            receiver_id: receiver,
            amount: money(amount),
            multilateral_limit: money(limit),
            current_total_outflow: money(used),
            room: money(limit - used),
        });
        self
    }

    /// Lets a payment of a class and a priority arrive.
    pub(crate) fn arrive_as(
        &mut self,
        (from, to, amount): (char, char, i64),
        deadline: Tick,
        class: RtgsPriority,
        priority: u8,
    ) -> &mut Self {
        let priority = Priority::clamped(priority);
        let terms = super::Terms { priority, class, ..super::Terms::default() };
        self.arrive_with(no(from), no(to), amount, deadline.0, &terms)
    }
}
