//! Each module plays the rules of one part of the pallet; `money` plays all of them at random.

mod applications;
mod attacks;
mod audits;
mod bids;
mod claims;
mod clock;
mod forgeries;
mod money;
mod proofs;
mod relays;
mod report;
mod seeds;
mod services;
mod settlement;
mod steering;
mod variants;

pub(crate) use crate::{mock::*, relay_mock::*, *};
pub(crate) use capacity_economics::{FixedU128, Perquintill};
pub(crate) use capacity_protocol::*;
pub(crate) use frame_support::{assert_noop, assert_ok, traits::fungible::Inspect};
pub(crate) type Fault = Error<Test>;
