//! What algorithms settled out of queue 2 in a tick, where they stopped, and why nothing moves.

use std::fmt::Write as _;

use psim_model::event::{
    AlgorithmExecution, BlockKind, LsmAlgorithm, LsmBound, LsmBoundReached, LsmResult,
    QueueBlocked, SettledSet,
};
use psim_model::{AgentNo, Money, PaymentNo};

use super::agents::signed;
use super::distance;
use super::listing::{largest, write_largest, write_left_out};
use super::section::{Section, Subject};
use crate::phrases::algorithm_phrase;
use crate::state::{Settlement, Tally};
use crate::table::Grid;
use crate::text::{count, plural};

/// Most sets of a tick that are told one by one.
const SETS_MAX: usize = 10;
/// Most payments of a set, and most agents, that are told one by one.
const MEMBERS_MAX: usize = 10;

impl Section<'_> {
    /// Writes what settled in sets that algorithms found, the largest sets where there are many.
    pub(super) fn sets(&self, text: &mut String, sets: &[SettledSet]) {
        let shown = largest(sets, SETS_MAX, |set| distance(set.total_value));
        let mut rest = Tally::default();
        for (index, set) in sets.iter().enumerate() {
            if shown.contains(&index) {
                self.set(text, set);
            } else {
                let amounts = set.tx_amounts.of(self.batch.columns());
                for amount in amounts {
                    rest.add(*amount);
                }
            }
        }
        let left_out = sets.len().saturating_sub(SETS_MAX);
        if left_out > 0 {
            let more = plural(left_out as u64, "more set");
            let _ = writeln!(text, "… and {more}: {}", self.wording.payments(rest));
        }
    }

    /// Writes a set: its payments, what each agent gets on balance and who pays most.
    fn set(&self, text: &mut String, set: &SettledSet) {
        let columns = self.batch.columns();
        let (payments, amounts) = (set.tx_ids.of(columns), set.tx_amounts.of(columns));
        let members: Vec<(PaymentNo, Money)> =
            payments.iter().copied().zip(amounts.iter().copied()).collect();
        let mut all = Tally::default();
        for (_, amount) in &members {
            all.add(*amount);
        }
        let how = Settlement::of_set(set.algorithm).phrase();
        let parties = self.parties(set, set.agents.of(columns));
        let _ = writeln!(text, "Settled {how}, {parties}: {}", self.wording.payments(all));
        let mut grid = Grid::new("llr");
        for index in largest(&members, MEMBERS_MAX, |(_, amount)| distance(*amount)) {
            let (payment, amount) = members[index];
            let Subject { sender, receiver, .. } = self.recall(payment);
            grid.row([
                self.wording.payment(payment).into_owned(),
                self.wording.way(sender, receiver),
                self.wording.amount(amount),
            ]);
        }
        grid.write_to(text);
        write_left_out(text, members.len(), MEMBERS_MAX);
        let nets = set.agents.of(columns).iter().copied();
        let nets: Vec<(AgentNo, Money)> =
            nets.zip(set.net_positions.of(columns).iter().copied()).collect();
        let _ = writeln!(text, "  on balance: {}; {}", self.nets(&nets), self.outflow(set));
    }

    fn parties(&self, set: &SettledSet, agents: &[AgentNo]) -> String {
        match set.algorithm {
            Some(LsmAlgorithm::Cycles) if agents.len() <= MEMBERS_MAX => self.wording.ring(agents),
            _ => self.wording.agents(agents),
        }
    }

    /// Returns `A -0.10, B +0.10`; of many agents those with the largest amounts.
    fn nets(&self, nets: &[(AgentNo, Money)]) -> String {
        let shown = largest(nets, MEMBERS_MAX, |(_, net)| distance(*net)).into_iter();
        let mut texts: Vec<String> = shown
            .map(|index| {
                let (agent, net) = nets[index];
                format!("{} {}", self.wording.agent(agent), signed(net, self.wording))
            })
            .collect();
        let left_out = nets.len().saturating_sub(MEMBERS_MAX);
        if left_out > 0 {
            texts.push(format!("… and {} more", count(left_out as u64)));
        }
        texts.join(", ")
    }

    fn outflow(&self, set: &SettledSet) -> String {
        match set.max_net_outflow_agent {
            Some(payer) => {
                let amount = self.wording.amount(set.max_net_outflow);
                format!("largest outflow {amount}, by {}", self.wording.agent(payer))
            }
            None => "nobody pays".to_owned(),
        }
    }

    /// Writes the runs of algorithms that are told.
    pub(super) fn executions(&self, text: &mut String, executions: &[&AlgorithmExecution]) {
        let size = |event: &&AlgorithmExecution| distance(event.settled_value);
        let title = format!("Algorithms run: {}", count(executions.len() as u64));
        write_largest(text, &title, Grid::new("rll"), executions, size, |event| {
            let outcome = match event.result {
                LsmResult::NoSuccess => "settled nothing".to_owned(),
                LsmResult::Success => {
                    let number = plural(event.settlements.into(), "payment");
                    format!("settled {number}, {}", self.wording.amount(event.settled_value))
                }
            };
            let name = algorithm_phrase(event.name).to_owned();
            vec![count(event.algorithm.into()), name, outcome]
        });
    }

    /// Writes why queue 2 cannot move.
    pub(super) fn blocks(&self, text: &mut String, blocks: &[&QueueBlocked]) {
        for block in blocks {
            let number = plural(block.payments.into(), "payment");
            let value = self.wording.amount(block.value);
            let _ = match block.kind {
                BlockKind::Gridlock => writeln!(
                    text,
                    "Gridlock: {number} worth {value} cannot move one by one, {} of them could \
                     settle together",
                    count(block.could_settle.into())
                ),
                BlockKind::Deadlock => writeln!(
                    text,
                    "Deadlock: {number} worth {value} cannot move, neither one by one nor together"
                ),
            };
        }
    }
}

/// Writes which bounds were reached, and what was left undone.
pub(super) fn write_bounds(text: &mut String, bounds: &[&LsmBoundReached]) {
    let title = format!("Bounds reached: {}", count(bounds.len() as u64));
    write_largest(
        text,
        &title,
        Grid::new("lll"),
        bounds,
        |_| 0,
        |reached| {
            let (bound, undone) = match reached.bound {
                LsmBound::MaxSteps => ("max_steps", undone_after_steps(reached.name)),
                LsmBound::MaxRounds => ("max_rounds", "the list of algorithms was not begun again"),
                LsmBound::MaxCyclesPerTick => {
                    ("max_cycles_per_tick", "the rings that were left were not tested")
                }
            };
            let name = algorithm_phrase(reached.name).to_owned();
            vec![name, format!("{bound} {}", count(reached.limit)), undone.to_owned()]
        },
    );
}

const fn undone_after_steps(algorithm: LsmAlgorithm) -> &'static str {
    match algorithm {
        LsmAlgorithm::Bilateral => "the pair in hand and those after it were left",
        LsmAlgorithm::Cycles => "the ring in hand and those after it were left",
        LsmAlgorithm::GridlockResolution | LsmAlgorithm::Partial => {
            "more payments would have had to be left out, so none settled"
        }
        LsmAlgorithm::Retry | LsmAlgorithm::AllOrNothing => "what was left was not tested",
    }
}
