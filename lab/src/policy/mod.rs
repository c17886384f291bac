//! The search for a policy: the cheapest one under which lying does not pay.
//!
//! A candidate is a [`capacity_protocol::Policy`], and whether it deters is said by the functions
//! that the chain itself asks (sections 4, 5.2 and 6 of the design). Only what a policy costs a
//! network is computed here, in floating point: it decides which candidate is preferred, never
//! whether one is safe.

mod audits;
mod candidate;
mod cost;
mod figure;
mod found;
mod lie;
mod networks;
mod opening;
mod refusal;
mod relays;
mod text;
mod wish;

pub use candidate::Candidate;
pub use cost::Cost;
pub use figure::figure;
pub use found::{search, Best, Found, Verdict};
pub use lie::Lie;
pub use networks::Network;
pub use opening::Opening;
pub use text::text;
pub use wish::{Wish, MONEY};

#[cfg(test)]
mod tests;
