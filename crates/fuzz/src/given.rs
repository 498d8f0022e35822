//! Inputs put to use.
//!
//! Every function takes an input that may be anything, refuses it or uses it, and returns whether
//! it was taken for a sound one. It panics where something is wrong with the program.

pub mod checkpoint;
pub mod edits;
pub mod payments;
pub mod policy;
pub mod questions;
pub mod scenario;
