//! What bids have at stake in a game, in units of the reward for one bid of the whole capacity
//! (section 4 of the design).

use crate::{
	number::{Real, DECIMAL},
	search::BITS,
	sybil::MAX_STAKE_RATIO,
};
use sp_arithmetic::FixedU128;

/// What one bid has at stake, by its share of the capacity.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Stakes {
	/// The same for every bid.
	Flat(FixedU128),
	/// The chain's schedule, `σ · max(α^ρ, κ^-ρ)`.
	LikeReward {
		/// `σ`.
		factor: FixedU128,
		/// `κ`; zero where the capacity has no bound.
		capacity: Real,
		/// `κ^-ρ`, rounded down; zero where the capacity has no bound.
		floor: Real,
		/// Where relays are credited, what own relays for a bid of everything cost, rounded down.
		fee: Option<Real>,
	},
	/// `σ · max(α · κ^(1−ρ), κ^-ρ)`: in proportion to the cost above the reference capacity.
	LikeCost {
		/// `σ`.
		factor: FixedU128,
		/// `κ^(1−ρ)`.
		slope: Real,
		/// `κ^-ρ`.
		floor: Real,
	},
}

impl Stakes {
	/// The stake of one of `split` bids of `1/split` of the capacity, given `α^ρ`. Rounded down, but for
	/// the error of that power.
	pub(crate) fn of(&self, split: u32, power: Real) -> Real {
		match *self {
			Self::Flat(stake) => Real::from_fixed(stake),
			Self::LikeReward { factor, floor, fee, .. } => {
				let slashed = Real::from_fixed(factor).times(power.max(floor));
				// A bid that its own relays answer is paid, and costs their fee.
				fee.map_or(slashed, |fee| slashed.min(share(fee, split).less(power)))
			}
			Self::LikeCost { factor, slope, floor } => {
				Real::from_fixed(factor).times(share(slope, split).max(floor))
			}
		}
	}

	/// The least that all bids of a split have at stake together, whatever the split:
	/// `σ · max(κ^(1−ρ), κ^-ρ)` for the chain's schedule, and nothing that is relied on for others.
	pub(crate) fn least_sum(&self) -> Real {
		match *self {
			Self::LikeReward { factor, capacity, floor, fee: None } => {
				Real::from_fixed(factor).times(floor).times(capacity.max(Real::ONE))
			}
			_ => Real::ZERO,
		}
	}

	/// `κ^-ρ`: `α^ρ` of a bid of the reference capacity.
	pub(crate) fn floor(&self) -> Real {
		match *self {
			Self::Flat(_) => Real::ONE,
			Self::LikeReward { floor, .. } | Self::LikeCost { floor, .. } => floor,
		}
	}
}

/// A stake with [`BITS`], at most [`MAX_STAKE_RATIO`].
pub(crate) fn scaled(stake: Real) -> u128 {
	stake.min(Real::from_integer(MAX_STAKE_RATIO.into())).to_fixed(BITS)
}

/// A stake as a fixed-point number, rounded down and saturated.
pub(crate) fn fixed(stake: Real) -> FixedU128 {
	FixedU128::from_inner(stake.times(Real::from_integer(DECIMAL)).floor())
}

fn share(whole: Real, split: u32) -> Real {
	whole.checked_div(Real::from_integer(split.max(1).into())).unwrap_or(whole)
}
