//! The gateway as applications see it: over real connections, in front of a backend, without a chain.

#[path = "../common/mod.rs"]
mod common;

mod answers;
mod closing;
mod load;
mod power;
mod refusals;
mod socket;

/// What a test needs of everything.
use common::{key, session, standing, Asked, Refused, World, DEAR, DEAR_UNITS, SEED, SESSION};
