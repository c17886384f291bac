//! The agent with which a supplier of computing work takes part in a chain with a capacity oracle.

#![forbid(unsafe_code)]

mod agent;
mod bid;
mod decide;
mod lie;
mod store;
mod views;
mod watch;
mod work;

pub use agent::{Agent, Settings};
pub use bid::Wish;
pub use lie::Lie;
pub use views::{report, status};
pub use watch::watch;
