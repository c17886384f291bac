//! What a bid puts at stake (section 4 of the design).

use crate::number::{mul_div, DECIMAL};
use crate::Curve;
use sp_arithmetic::{FixedU128, Rounding};

/// The stake schedule `S(b) = σ · max(r(b), r(C))`, `r` being the reward of an audit.
///
/// Flat for small bids, because a stake for each identity is what makes splitting expensive, and in
/// proportion to the reward above the reference capacity, so that it grows with what there is to gain.
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
pub struct StakeSchedule {
	/// `σ`: the stake of a bid of the reference capacity, as a multiple of its reward.
	pub factor: FixedU128,
}

impl StakeSchedule {
	/// `⌈σ · max(r(bid), r(C))⌉`: the stake of a bid in compute units, in balance (section 4).
	///
	/// Exact for the rewards as [`Curve::reward`] rounds them, rounded up, and saturated.
	pub fn stake(&self, curve: &Curve, bid: u64) -> u128 {
		let reward = curve.reward(bid.max(curve.reference));
		mul_div(reward, self.factor.into_inner(), DECIMAL, Rounding::Up).unwrap_or(u128::MAX)
	}
}

#[cfg(test)]
mod tests {
	use super::*;
	use proptest::prelude::*;

	fn curve(cost: u128, reference: u64, curvature: u128) -> Curve {
		let curvature = FixedU128::from_inner(curvature);
		Curve { cost, margin: FixedU128::from_rational(1, 2), reference, curvature }
	}

	#[test]
	fn flat_then_in_proportion_to_the_reward() {
		let schedule = StakeSchedule { factor: FixedU128::from_rational(3, 2) };
		let square = curve(70, 100, 2 * DECIMAL);
		// A reward of 3,500 at the reference.
		assert_eq!(schedule.stake(&square, 1), 5_250);
		assert_eq!(schedule.stake(&square, 100), 5_250);
		// Of 3,570.35, paid as 3,570.
		assert_eq!(schedule.stake(&square, 101), 5_355);
		assert_eq!(schedule.stake(&square, 200), 21_000);
		assert_eq!(schedule.stake(&square, 1_000), 525_000);
	}

	#[test]
	fn rounded_up_and_saturated() {
		let third = StakeSchedule { factor: FixedU128::from_rational(1, 3) };
		assert_eq!(third.stake(&curve(4, 1, DECIMAL), 1), 1);
		let four = StakeSchedule { factor: FixedU128::from_u32(4) };
		assert_eq!(four.stake(&curve(u128::MAX, 1, DECIMAL), 1), u128::MAX);
		assert_eq!(
			StakeSchedule { factor: FixedU128::from_u32(0) }.stake(&curve(9, 9, DECIMAL), 99),
			0
		);
	}

	proptest! {
		#[test]
		fn a_stake_grows_with_the_bid_and_is_never_less_than_its_share_of_the_reward(
			cost in 0u128..1 << 40,
			reference in 1u64..1 << 30,
			curvature in DECIMAL..=3 * DECIMAL,
			factor in 0u128..1 << 70,
			a in 0u64..1 << 31,
			more in 0u64..1 << 31,
		) {
			let factor = FixedU128::from_inner(factor);
			let (curve, schedule) = (curve(cost, reference, curvature), StakeSchedule { factor });
			let stake = |bid| schedule.stake(&curve, bid);
			prop_assert!(stake(a) <= stake(a + more));
			let exact = |bid| factor.into_inner() as f64 / 1e18 * curve.reward(bid) as f64;
			let least = exact(a.max(reference));
			let found = stake(a) as f64;
			prop_assert!(found >= least * (1.0 - 1e-12) && found <= least * (1.0 + 1e-12) + 1.0);
		}
	}
}
