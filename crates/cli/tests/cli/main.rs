//! The real command, as a person uses it.

mod bad_input;
mod checkpoints;
mod commands;
mod export;
mod formats;
mod harness;
mod interrupt;
mod policy;
mod report;
mod shipped;
mod stored;
mod tutorial;
