//! Networks of real processes on one machine: a node of the chain, suppliers and applications, what
//! they earn, pay and lose, and whether every unit of money is accounted for. For a look at the chain,
//! for the demonstration and for the end-to-end tests.

mod application;
mod binary;
mod books;
mod ledger;
mod load;
mod network;
mod node;
mod port;
mod process;
mod sealing;
mod supplier;

pub mod commands;
pub mod text;

pub use application::Application;
pub use books::{Books, Deposits, Entry};
pub use ledger::{Ledger, Seen, Standing};
pub use load::{Load, Loaded, Loading, Served};
pub use network::{Builder, Network};
pub use node::Node;
pub use process::Process;
pub use sealing::Sealing;
pub use supplier::{dev_key, Plan};

/// The service that the development chain starts with.
pub const SERVICE: capacity_protocol::ServiceId = 0;
/// To whom it belongs, by the name of the key.
pub const OWNER: &str = "Eve";
