//! The node's command line and the chains that it knows: what can be tested without a node.

pub mod chain_spec;
pub mod cli;
