//! What the chain and its suppliers do as real processes. One network at a time: they share the
//! machine's cores, and suppliers have deadlines.

mod clients;
mod collateral;
mod common;
mod dilution;
mod killed;
mod killed_gateway;
mod leaving;
mod liars;
mod orphans;
mod padding;
mod paid;
mod relays;
mod rpc;
mod sealing;
