//! The run database from outside: what goes in, what comes out, and what must not happen.

mod common;
mod round_trip;
mod view;
