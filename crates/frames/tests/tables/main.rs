//! Tables of runs: by hand, against a naive twin, and as others see them.

mod builder;
mod by_hand;
mod damaged;
mod random_worlds;
mod schema;
mod settings;
mod share;
mod sums;
