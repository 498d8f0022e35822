//! Exported tables, as others read them.

mod cells;
mod folders;
mod kept;
mod worlds;
