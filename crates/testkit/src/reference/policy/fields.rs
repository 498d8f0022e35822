//! The fields, by topic.

mod bank;
mod collateral;
mod costs;
mod counterparties;
mod limits;
mod queue1;
mod system;
mod throughput;
mod time;
mod transaction;
