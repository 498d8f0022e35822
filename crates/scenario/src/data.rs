//! Data files: payments and participants, from CSV (plain or gzip) and Parquet.

mod columns;
#[expect(clippy::arithmetic_side_effects, reason = "offsets in a record that is in memory")]
mod csv;
mod csv_rows;
mod number;
mod open;
mod parquet_rows;
pub(crate) mod participants;
pub(crate) mod payments;
mod row;
mod table;
