//! Each module plays the rules of one part of the pallet; `money` plays all of them at random.

/// As the macro of `frame_support`, for calls that also say what their refusal weighs.
macro_rules! assert_noop {
	($call:expr, $error:expr $(,)?) => {
		frame_support::assert_noop!(Bare::bare($call), $error)
	};
}

mod applications;
mod attacks;
mod audited_relays;
mod audits;
mod bids;
mod claims;
mod clean_up;
mod clock;
mod draw;
mod forgeries;
mod funds;
mod leaps;
mod money;
mod overlap;
mod proofs;
mod ranks;
mod refusals;
mod relays;
mod report;
mod seeds;
mod services;
mod settlement;
mod slots;
mod stake;
mod steering;
mod variants;

pub(crate) use crate::{mock::*, relay_mock::*, *};
pub(crate) use capacity_economics::{FixedU128, Perquintill};
pub(crate) use capacity_protocol::*;
pub(crate) use frame_support::{assert_ok, traits::fungible::Inspect};
pub(crate) type Fault = Error<Test>;

/// The result of a call, without what it weighs.
pub(crate) trait Bare {
	fn bare(self) -> sp_runtime::DispatchResult;
}

impl Bare for sp_runtime::DispatchResult {
	fn bare(self) -> Self {
		self
	}
}

impl Bare for frame_support::dispatch::DispatchResultWithPostInfo {
	fn bare(self) -> sp_runtime::DispatchResult {
		self.map(drop).map_err(|refused| refused.error)
	}
}
