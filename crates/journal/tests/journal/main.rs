//! The run database from outside: what goes in, what comes out, and what must not happen.

mod checkpoints;
mod common;
mod cut_off;
mod damage;
mod foreign;
mod ids;
mod lists;
mod round_trip;
mod sample;
mod texts;
mod trace;
mod view;
mod whole;
mod writers;
