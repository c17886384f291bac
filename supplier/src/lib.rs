//! The agent with which a supplier of computing work takes part in a chain with a capacity oracle:
//! it does audits, serves relays, and claims and proves both.

#![forbid(unsafe_code)]

mod agent;
mod bid;
mod claim;
mod decide;
pub mod gateway;
mod lie;
pub mod store;
mod views;
mod watch;
mod work;

pub use agent::{Agent, Serving, Settings};
pub use bid::Wish;
pub use lie::Lie;
pub use views::{report, status};
pub use watch::watch;
