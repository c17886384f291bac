//! What the chain and its suppliers do as real processes. One network at a time: they share the
//! machine's cores, and suppliers have deadlines.

mod common;
mod killed;
mod leaving;
mod liars;
mod orphans;
mod paid;
mod rpc;
mod sealing;
