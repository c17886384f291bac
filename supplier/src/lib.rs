//! The agent with which a supplier of computing work takes part in a chain with a capacity oracle,
//! and the client of the chain that it uses.

#![forbid(unsafe_code)]

mod agent;
mod bid;
pub mod chain;
mod decide;
pub mod journal;
mod key;
mod lie;
mod store;
mod table;
mod views;
mod watch;
mod work;

pub use agent::{Agent, Settings};
pub use bid::Wish;
pub use key::read_key;
pub use lie::Lie;
pub use views::{report, status};
pub use watch::watch;
