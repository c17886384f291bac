//! The formulas of the capacity oracle: what an audit pays, what a bid and a claim put at stake,
//! and when telling the truth is the best a supplier can do.
//!
//! Everything is computed in integers and fixed point, so that a runtime, the supplier's agent
//! and a simulator get the same answer to the last digit. Balances are `u128`, work is counted in
//! compute units of `u64`, probabilities are [`Perquintill`] and ratios [`FixedU128`].
//!
//! Each module states its rounding. Throughout, what the protocol pays is rounded down, and what
//! it asks for (stake, penalties, proof probabilities) is rounded up. No function panics, and every
//! loop has a constant bound.

#![cfg_attr(not(feature = "std"), no_std)]
#![forbid(unsafe_code)]
#![deny(missing_docs)]
#![cfg_attr(
	not(test),
	deny(
		clippy::arithmetic_side_effects,
		clippy::expect_used,
		clippy::float_arithmetic,
		clippy::indexing_slicing,
		clippy::panic,
		clippy::unwrap_used
	)
)]

mod binomial;
pub mod confidence;
mod delivery;
pub mod funding;
pub mod game;
pub mod incentives;
pub mod number;
pub mod proof;
pub mod relays;
pub mod reward;
mod search;
pub mod stake;
mod stakes;
pub mod sybil;
pub mod truth;

pub use confidence::wilson_lower_bound;
pub use funding::{cost_bound, expected_cost_within, PAYMENTS_IN_FUND, TAIL_EXPONENT};
pub use game::{Game, Limits};
pub use incentives::Incentives;
pub use proof::{
	detection, escape_penalty, expected_escapes, lowest_safe_probability, minimum_stake, quantile,
	Confidence,
};
pub use relays::Relays;
pub use reward::{Curve, MAX_CURVATURE};
pub use sp_arithmetic::{FixedI128, FixedU128, Perquintill};
pub use stake::StakeSchedule;
pub use sybil::{
	audit_rate, best_attack, utility, Attack, MAX_IDENTITIES, MAX_SPLIT, MAX_STAKE_RATIO,
};

/// Why a formula has no value.
#[derive(
	Clone,
	Copy,
	Debug,
	Eq,
	PartialEq,
	codec::Decode,
	codec::DecodeWithMemTracking,
	codec::Encode,
	codec::MaxEncodedLen,
	scale_info::TypeInfo,
)]
pub enum Error {
	/// The reference capacity is zero, so bids have nothing to be compared with.
	ZeroReference,
	/// The curvature is not between 1 and [`MAX_CURVATURE`].
	CurvatureOutOfRange,
	/// The probability is zero: who is never checked can never be deterred.
	ZeroProbability,
	/// Complete certainty was asked for, and no finite number of claims gives it.
	Certainty,
	/// More identities or splits than [`MAX_IDENTITIES`] and [`MAX_SPLIT`] allow.
	OutOfRange,
}
