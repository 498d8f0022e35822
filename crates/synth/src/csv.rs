//! A day as files that a scenario can name.
//!
//! Ids hold letters, digits and hyphens only, so nothing needs quoting.

use std::io::{self, Write};

use crate::{SynthDay, SynthSpec};

/// Writes the payments, one a row: `id,tick,sender,receiver,amount,priority`, amounts in minor
/// units, in order of submission.
///
/// # Errors
///
/// What `out` says of a write that fails.
pub fn write_payments_csv(
    day: &SynthDay,
    spec: &SynthSpec,
    out: &mut impl Write,
) -> io::Result<()> {
    writeln!(out, "id,tick,sender,receiver,amount,priority")?;
    let name = |index: u32| day.participants.get(index as usize).map_or("", String::as_str);
    for (index, payment) in day.payments.iter().enumerate() {
        writeln!(
            out,
            "{},{},{},{},{},{}",
            day.payment_id(spec.profile, index),
            payment.tick,
            name(payment.sender),
            name(payment.receiver),
            payment.amount,
            payment.priority,
        )?;
    }
    Ok(())
}

/// Writes the participants, one a row: `id,opening_balance`. The opening balance, in minor units,
/// is the participant's upper liquidity bound: the least with which every payment of this day
/// settles the moment it is submitted, and scarcer by any share that a user takes off.
///
/// # Errors
///
/// What `out` says of a write that fails.
pub fn write_participants_csv(day: &SynthDay, out: &mut impl Write) -> io::Result<()> {
    let bounds = day.bounds().map_err(io::Error::other)?;
    writeln!(out, "id,opening_balance")?;
    for (id, balance) in day.participants.iter().zip(&bounds.upper) {
        writeln!(out, "{id},{balance}")?;
    }
    Ok(())
}
