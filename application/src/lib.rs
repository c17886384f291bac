//! The side of an application that pays for relays: it signs requests, chooses who serves them, and
//! checks the answers.
//!
//! Everything begins with [`Sessions`], which follow the chain, and a [`Relayer`], which asks. The
//! [`gateway`] puts a JSON-RPC endpoint in front of it, [`load`] puts it under load.

#![forbid(unsafe_code)]

mod check;
mod choice;
mod failure;
pub mod gateway;
pub mod load;
pub mod money;
mod notice;
mod post;
mod relayer;
pub mod rpc;
pub mod session;
mod sign;
mod spending;
mod supplier;
mod unanswered;
mod views;

pub use check::Wrong;
pub use failure::{Code, Failure, Refusal};
pub use notice::{Notice, Tell};
pub use relayer::{Answer, Counters, Manner, Relayer};
pub use session::{ChainOracle, Session, Sessions, Why};
pub use sign::Signer;
pub use spending::Payable;
pub use supplier::Record;
pub use unanswered::{Failed, Reason, Unanswered};
pub use views::{keys, status, suppliers};

use std::sync::{Mutex, MutexGuard, PoisonError};

/// What a lock holds. Nothing here can be left half done by a panic.
fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
	mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
