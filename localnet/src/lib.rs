//! Networks of real processes on one machine: a node of the chain and suppliers, what they earn and
//! lose, and whether every unit of money is accounted for. For a look at the chain, for the
//! demonstration and for the end-to-end tests.

mod binary;
mod books;
mod ledger;
mod network;
mod node;
mod process;
mod sealing;
mod supplier;

pub mod commands;
pub mod text;

pub use books::{Books, Entry};
pub use ledger::{Ledger, Seen, Standing};
pub use network::{Builder, Network};
pub use node::Node;
pub use process::Process;
pub use sealing::Sealing;
pub use supplier::Plan;

/// The service that the development chain starts with.
pub const SERVICE: capacity_protocol::ServiceId = 0;
