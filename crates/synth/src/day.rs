//! A day and how it is made.

use psim_model::{AgentNo, BoundsError, LiquidityBounds, Money, Priority};
use psim_random::Generator;

use crate::network::Network;
use crate::{Profile, SynthError, SynthSpec, amounts, spread};

/// The priority of an ordinary payment.
const NORMAL: Priority = Priority::DEFAULT;

/// The priority of an urgent payment.
pub(crate) const URGENT: Priority = Priority::clamped(8);

/// A generated day.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct SynthDay {
    /// Participant ids in byte order, which is also their order of size, largest first, by design
    /// (what they happen to send may differ from it).
    pub participants: Vec<String>,
    /// Payments in order of submission.
    pub payments: Vec<SynthPayment>,
}

/// One payment of a generated day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SynthPayment {
    /// Tick of the day at which it is submitted, below the specified ticks per day.
    pub tick: u32,
    /// Index of the paying participant.
    pub sender: u32,
    /// Index of the paid participant, never the sender.
    pub receiver: u32,
    /// Amount in minor units, positive.
    pub amount: Money,
    /// Priority: 5 for an ordinary payment, 8 for an urgent one.
    pub priority: Priority,
}

impl SynthDay {
    /// Computes the liquidity bounds of each participant.
    ///
    /// # Errors
    ///
    /// [`BoundsError`]: a sum is more than 64 bits hold.
    pub fn bounds(&self) -> Result<LiquidityBounds, BoundsError> {
        let flows = self
            .payments
            .iter()
            .map(|payment| (AgentNo(payment.sender), AgentNo(payment.receiver), payment.amount));
        LiquidityBounds::of_flows(self.participants.len(), flows)
    }

    /// Returns the id of the payment at an index, such as `T2-0000001` for the first; ids of one
    /// day have the same length.
    pub fn payment_id(&self, profile: Profile, index: usize) -> String {
        numbered_id(profile, index, self.payments.len(), 7)
    }
}

/// Writes `prefix-number` with as many digits as the last of `count` needs, at least `digits`.
fn numbered_id(profile: Profile, index: usize, count: usize, digits: usize) -> String {
    let width = count.to_string().len().max(digits);
    format!("{}-{:0width$}", profile.prefix(), index + 1)
}

/// Makes the day that `spec` describes.
///
/// # Errors
///
/// [`SynthError`]: there are too few or too many participants or payments, or no ticks.
pub fn generate(spec: &SynthSpec) -> Result<SynthDay, SynthError> {
    spec.check()?;
    let calibration = spec.profile.calibration();
    let (count, banks) = (spec.payment_count() as usize, spec.participant_count() as usize);
    let stream = |name| Generator::named(spec.seed, name);

    let sorted = amounts::stratified(&calibration.amounts, count, &mut stream("synth amounts"));
    let amounts = spread::over_the_day(&sorted, &mut stream("synth order"));
    let ticks = calibration.shape.ticks(count, spec.ticks_per_day, &mut stream("synth times"));
    let mut network = Network::build(&calibration.network, banks, &mut stream("synth links"));
    let mut pairs = stream("synth pairs");
    let mut urgency = stream("synth priorities");

    let payments = ticks
        .into_iter()
        .zip(amounts)
        .map(|(tick, amount)| {
            let (sender, receiver) = network.draw(amount, &mut pairs);
            let urgent = urgency.float() < calibration.urgent_share;
            let priority = if urgent { URGENT } else { NORMAL };
            SynthPayment { tick, sender, receiver, amount, priority }
        })
        .collect();
    let participants = (0..banks).map(|bank| numbered_id(spec.profile, bank, banks, 4)).collect();
    Ok(SynthDay { participants, payments })
}
