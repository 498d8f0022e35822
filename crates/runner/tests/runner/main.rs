//! Runs that are kept, gone on with, steered, checked and run by the thousand.

mod formats;
mod live;
mod many;
mod retrace;
mod session;
mod session_by_day;
mod session_days;
mod session_worlds;
mod verify;
