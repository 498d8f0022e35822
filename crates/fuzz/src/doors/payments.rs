//! Files of payments and participants.

use std::path::Path;

use psim_fuzz::given::payments::{self, BANKS, parquet};

use crate::dice::Dice;
use crate::mutate;

const PAYMENTS: &str = "\
id,day,tick,sender,receiver,amount,priority,rtgs_priority,deadline_tick,earliest_tick,divisible
x,0,1,A,B,5,3,Urgent,9,2,true\n\"y, \"\"z\"\"\",1,2,B,C,6,,,,,\n,0,0,C,A,1_000,10,Normal,,,false
w,1,8,A,C,1000000000000000,0,HighlyUrgent,19,,\n";
const DECIMAL: &str = "time,sender,receiver,amount_decimal\n07:00,A,B,5.00\n07:09:59,B,C,0.01\n";

/// Spoils a payment file or a file of participants and loads a scenario with them.
pub(super) fn enter_csv(dice: &mut Dice, folder: &Path) -> bool {
    let table = if dice.once_in(3) { DECIMAL } else { PAYMENTS };
    let (mut rows, mut banks) = (table.as_bytes().to_vec(), BANKS.as_bytes().to_vec());
    if dice.once_in(3) {
        banks = spoil(BANKS, dice);
    } else {
        rows = spoil(table, dice);
    }
    payments::take(&rows, &banks, folder)
}

/// Half of the time only numbers are other ones: most of these files are sound, and run.
fn spoil(table: &str, dice: &mut Dice) -> Vec<u8> {
    let tame = dice.once_in(2);
    let mut bytes = mutate::cells(table, tame, dice).into_bytes();
    if !tame && dice.once_in(3) {
        mutate::bytes(&mut bytes, dice);
    }
    bytes
}

/// Spoils a Parquet file of payments and loads a scenario with it.
pub(super) fn enter_parquet(dice: &mut Dice, folder: &Path) -> bool {
    let compression = dice.below(3);
    let mut bytes = parquet(1 + dice.below(40), compression);
    mutate::bytes(&mut bytes, dice);
    if dice.once_in(2) {
        // Most files that are cut or moved are refused at once; these keep both ends.
        bytes = parquet(1 + dice.below(40), compression);
        for _ in 0..=dice.below(3) {
            let at = dice.below(bytes.len());
            bytes[at] = dice.byte();
        }
    }
    payments::take(&bytes, BANKS.as_bytes(), folder)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is spoiled must be sound before, or nothing but the first fault is tried.
    #[test]
    fn what_files_are_made_from_is_sound() {
        let folder = tempfile::tempdir().unwrap();
        for table in [PAYMENTS, DECIMAL] {
            assert!(payments::take(table.as_bytes(), BANKS.as_bytes(), folder.path()), "{table}");
        }
        for compression in 0..3 {
            let rows = parquet(3, compression);
            assert!(payments::take(&rows, BANKS.as_bytes(), folder.path()));
        }
    }
}
