//! What is seen of streams that are written by hand, and of random ones.

mod coverage;
mod daily;
mod delay_shares;
mod filter;
mod hash;
mod lines;
mod policies;
mod projection;
mod projection_features;
mod random_streams;
mod saving;
mod share;
mod stream;
mod summary;
mod summary_features;
mod trace;
mod trace_features;
mod trace_share;
mod verbose;
mod verbose_features;
